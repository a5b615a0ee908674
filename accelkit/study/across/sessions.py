"""Cautions of a comparison of two stores: what two sessions cannot tell, and what each store's own runs look like. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from accelkit.study.across.circumstances import same_machines
from accelkit.study.across.measured import Measured
from accelkit.study.across.work import Amount
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
    shared = [
        guest
        for guest in new.result.plan.guests
        if guest.name in {known.name for known in old.result.plan.guests}
    ]
    amounts = {guest.name: (old.amount(guest.name), new.amount(guest.name)) for guest in shared}
    other = {name: pair for name, pair in amounts.items() if _far(*pair)}
    if other:
        name, (before, after) = next(iter(other.items()))
        yield Caution(
            "other work",
            f"{listed([*other])}: a run has {plural(after.slices, 'slice')} of {after.repetitions} repetitions now, and had"
            f" {before.slices} of {before.repetitions} ({name}); times are compared for one repetition, but a shorter slice, and"
            " the fastest of more, is disturbed less",
            "give both studies the same work, as in --guest"
            f" \"guest('{name}').with_work(n={before.repetitions}, slices={before.slices})\"",
        )
    for store in (old, new) if old.store != new.store else (new,):
        for caution in store.result.cautions:
            yield Caution(caution.kind, f"{store.label}: {caution.observation}", caution.remedy)


def _apart(seconds: float) -> str:
    unit, word = next(((size, word) for size, word in UNITS if seconds >= size), (60.0, "minute"))
    return plural(round(seconds / unit), word)


def _far(before: Amount, after: Amount) -> bool:
    few, many = sorted((before.slices, after.slices))
    return before.repetitions != after.repetitions or many >= MANY_SLICES * max(few, 1)
