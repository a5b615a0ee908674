"""``accelkit store check``: whether a store is as it was written, and its repair, as text."""

from __future__ import annotations

from accelkit.study.report.phrases import plural
from accelkit.study.store import repair as repairing


def check_store(store: str, *, repair: bool = False) -> int:
    """Print what is damaged in the store, a line each; 0 if nothing is, else 1. With ``repair`` 0 if it is whole now."""
    damage = repairing.damage_of(store)
    for place, why in damage:
        print(f"{place}: {why}")
    if not damage:
        print(f"{store}: whole")
        return 0
    if not repair:
        print(f"{store}: damaged")
        return 1
    return _repair(store)


def _repair(store: str) -> int:
    kept = repairing.repair(store)
    print(
        f"{store}: repaired, with {plural(kept.trials, 'trial')}; {kept.copy} is the damaged file. Run the study"
        " again: it measures what is missing"
    )
    return 0
