"""Cautions of a comparison of two stores: what two sessions cannot tell, and what each store's own runs look like. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from accelkit.study.across.circumstances import same_machines
from accelkit.study.across.measured import Measured
from accelkit.study.analysis.cautions import Caution
from accelkit.study.report.phrases import listed, plural

UNITS: Final = ((86_400.0, "day"), (3600.0, "hour"))
"""Seconds of a unit of time, and its name."""

MANY_SLICES: Final = 2.0
"""From this factor on, the fastest of more slices is told to be a faster one."""


def session_cautions(old: Measured, new: Measured, *, has_control: bool) -> Iterator[Caution]:
    """Why the ratio of times of two stores may not be that of what is compared; ``has_control`` says if one cancels it."""
    look = (
        "look at the ratios beside the baseline, in which that cancels"
        if has_control
        else "measure both in one study, with qemu=[…]"
    )
    if not same_machines(old.circumstances, new.circumstances):
        yield Caution(
            "other host",
            "the stores are from different hosts, and so the ratios of times are those of the hosts, too",
            look,
        )
    elif old.store != new.store:
        yield Caution(
            "two sessions",
            f"the stores were begun {_apart(abs(new.created - old.created))} apart: what else changed in between is in the ratios of times, and no number of"
            " blocks averages it away",
            look,
        )
    counts = {guest: (_slices(old, guest), _slices(new, guest)) for guest in _guests(old) & _guests(new)}
    far = {name: pair for name, pair in sorted(counts.items()) if 0 < MANY_SLICES * min(pair) <= max(pair)}
    if far:
        name, (before, after) = next(iter(far.items()))
        yield Caution(
            "other work",
            f"{listed([*far])}: a run has {after} slices now, and had {before} ({name}); the fastest of more is faster",
            "give both studies the same --run-seconds, or the guest its slices: with_work(slices=…)",
        )
    for store in (old, new) if old.store != new.store else (new,):
        for caution in store.result.cautions:
            yield Caution(caution.kind, f"{store.label}: {caution.observation}", caution.remedy)


def _apart(seconds: float) -> str:
    unit, word = next(((size, word) for size, word in UNITS if seconds >= size), (60.0, "minute"))
    return plural(round(seconds / unit), word)


def _guests(store: Measured) -> set[str]:
    return {guest.name for guest in store.result.plan.guests}


def _slices(store: Measured, guest: str) -> int:
    """How many slices a run of a bundled guest has, by its fingerprint; 0 of another guest."""
    prints = next(planned.fingerprint for planned in store.result.plan.guests if planned.name == guest)
    match = re.search(r" (?:\d+,){6}(\d+) ", prints)
    return int(match[1]) if match else 0
