"""Compare two stores: what became slower or faster from one to the other, by how much, how sure."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from accelkit.errors import StudyError, nearest
from accelkit.study.across.change import Change, change_of, too_many_failed
from accelkit.study.across.comparison import Changes
from accelkit.study.across.measured import Measured, measured_at
from accelkit.study.across.pairing import pairing
from accelkit.study.across.work import UNLIKE
from accelkit.study.analysis.phases import Phase
from accelkit.study.model import Cell
from accelkit.study.standards import Standards

if TYPE_CHECKING:
    from accelkit.study.report.chart import Chart

Pair = tuple[Cell, Cell]


class StoreComparison(Changes):
    """What changed from one store to another. A notebook shows what became slower and faster, and by how much.

    It also shows what differs besides, a picture, the table and the cautions.

    >>> from accelkit.study import compare_stores
    >>> compare_stores("old.sqlite", "new.sqlite").plot()  # doctest: +SKIP
    """

    __slots__ = ()

    def plot(self) -> Chart:
        """The ratios with their intervals, a panel for each guest. Raises StudyError if Altair is not installed."""
        from accelkit.study.across import compare_chart  # loads Altair, which only charts need

        return compare_chart.chart_of_changes(self)

    def markdown(self) -> str:
        """The comparison as Markdown, for an issue tracker and for the summary of a workflow."""
        from accelkit.study.across import compare_report  # loads what only reports need

        return compare_report.markdown(self)

    def html(self) -> str:
        """The comparison as one HTML page with its chart, without scripts, which loads nothing."""
        from accelkit.study.across import compare_report  # as above

        return compare_report.html(self)

    def junit(self, limit: float = 0.0) -> str:
        """The comparison as JUnit's XML: a test for each change, which fails if it is slower by more than ``limit``."""
        from accelkit.study.across import junit  # as above

        return junit.junit(self, limit)

    def __str__(self) -> str:
        from accelkit.study.across import compare_report  # as above

        return compare_report.text(self)

    def __repr__(self) -> str:
        return f"<StoreComparison of {self.old.store!r} and {self.new.store!r}: {len(self.changes)} changes>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from accelkit.study.across import compare_report  # as above

        return {"text/html": compare_report.fragment(self), "text/plain": compare_report.text(self)}

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))


def compare_stores(
    old: str | os.PathLike[str],
    new: str | os.PathLike[str],
    *,
    delta: float | None = None,
    confidence: float | None = None,
    relative: bool = False,
    control: str | None = None,
) -> StoreComparison:
    """What changed from one store to another, for each configuration, guest and phase that both have.

    Two stores have no blocks in common. So the medians of both are compared, each with an interval by order statistics
    in which neighbours that are alike count as fewer (:mod:`accelkit.study.across.unpaired`). ``delta`` and
    ``confidence`` are those of the new store unless they are given. Both stores are read as they are now, also while a
    study writes them, and damaged trials are left out.

    The interval says what the runs of these two sessions say. What differs from one session to the next, such as heat or
    other work on the host, is in the ratio, too. ``Change.beside`` has the ratio of the ratios to a control, in which
    that cancels: the baseline with the same guest, or the baseline with the guest ``control`` where that is a guest which
    nothing of the upgrade can change. ``relative=True`` judges by it.

    Raises StudyError, with all reasons, for stores that cannot be read and for two that have nothing to compare;
    DomainError for a ``delta`` or ``confidence`` outside its range.

    >>> compare_stores("qemu-7.2.sqlite", "qemu-11.1.sqlite").slower(0.02)  # doctest: +SKIP
    ()
    """
    stores = os.fspath(old), os.fspath(new)
    before, after = measured_at(stores)
    return compared(before, after, delta=delta, confidence=confidence, relative=relative, control=control)


def compared(
    old: Measured,
    new: Measured,
    *,
    delta: float | None = None,
    confidence: float | None = None,
    relative: bool = False,
    control: str | None = None,
) -> StoreComparison:
    """:func:`compare_stores` of what was read already. Raises StudyError and DomainError as that does."""
    result = new.result
    standards = Standards(
        result.delta if delta is None else delta, result.confidence if confidence is None else confidence
    )
    pairs = pairing(old.result.plan, result.plan, (old.label, new.label))
    units = [pair for pair in pairs.cells if _same_unit(old.unit(pair[0].guest), new.unit(pair[1].guest))]
    left_out = list(pairs.left_out)
    if len(units) < len(pairs.cells):
        guests = dict.fromkeys(pair[0].guest for pair in pairs.cells if pair not in units)
        left_out += [f"guest {guest!r}: its values are in other units in both stores" for guest in guests]
    if not units:
        reasons = "".join(f"\n  {reason}" for reason in left_out)
        raise StudyError(f"{old.store} and {new.store} have nothing in common to compare:{reasons}")
    if control is not None:
        known = {pair[0].guest for pair in units}
        if control not in known:
            raise StudyError(
                f"control={control!r}: no guest that both stores have; {nearest(control, known)}"
            )
    baseline = _baseline(old, new, [point for _, point in units])
    rows = [*_with_phases(units, old, new)]
    controls = [_control(pair, baseline, control) for pair, _ in rows]
    has_beside = [bool(found) and found != pair for (pair, _), found in zip(rows, controls, strict=True)]
    if relative and not any(has_beside):
        raise StudyError(
            "relative: there is no control that both stores have beside another configuration; measure the baseline in both"
        )
    error = 1 - standards.confidence
    changes = tuple(
        _change(
            old, new, pair, phase, found if beside else None, standards.delta,
            error / len(rows), error / max(1, sum(has_beside)),
        )
        for (pair, phase), found, beside in zip(rows, controls, has_beside, strict=True)
    )  # fmt: skip
    return StoreComparison(
        old, new, changes, tuple(left_out), standards.delta, standards.confidence, relative, control
    )


def _same_unit(old: str, new: str) -> bool:
    """Whether values may be compared; a guest of which each trial failed has no unit."""
    return old == new or not old or not new


def _with_phases(units: Sequence[Pair], old: Measured, new: Measured) -> Sequence[tuple[Pair, Phase | None]]:
    rows: list[tuple[Pair, Phase | None]] = [(pair, None) for pair in units]
    for name, phase in new.result.phases.items():
        if old.result.phases.get(name) == phase:
            rows += [
                ((a._replace(guest=name), b._replace(guest=name)), phase)
                for a, b in units
                if b.guest == phase.guest
            ]
    return rows


def _baseline(old: Measured, new: Measured, cells: Sequence[Cell]) -> str | None:
    """The configuration that others are compared with: the baseline of the new store, or that of the old one."""
    shared = {cell.configuration for cell in cells}
    candidates = (new.result.plan.baseline, old.result.plan.baseline)
    return next((name for name in candidates if name in shared), None)


def _control(pair: Pair, baseline: str | None, guest: str | None) -> Pair | None:
    if baseline is None:
        return None
    one, other = (cell._replace(configuration=baseline, guest=guest or cell.guest) for cell in pair)
    return one, other


def _change(
    old: Measured, new: Measured, pair: Pair, phase: Phase | None, control: Pair | None, delta: float,
    alpha: float, alpha_beside: float,
) -> Change:  # fmt: skip
    medians = (old.median(pair[0], alpha), new.median(pair[1], alpha))
    sides = (old.side(pair[0]), new.side(pair[1]))
    beside = None
    if control is not None:
        beside = change_of(
            old.median(pair[0], alpha_beside, control[0]), new.median(pair[1], alpha_beside, control[1]),
            sides, delta, alpha_beside,
        )  # fmt: skip
    repetitions = 1 if phase else new.amount(pair[1].guest).repetitions
    counts = old.repetitions(pair[0].guest) | new.repetitions(pair[1].guest)
    fails = too_many_failed(sides[1]) and not too_many_failed(sides[0])
    return Change(
        guest=pair[1].guest,
        configuration=pair[1].configuration,
        old_build=pair[0].build,
        new_build=pair[1].build,
        runs=(sides[0].runs, sides[1].runs),
        failed=(sides[0].failed, sides[1].failed),
        old_value=math.exp(medians[0].middle) * repetitions,
        new_value=math.exp(medians[1].middle) * repetitions,
        unit="s" if phase else new.unit(pair[1].guest),
        time=change_of(*medians, sides, delta, alpha, UNLIKE if len(counts) > 1 else 1.0),
        beside=beside,
        why_fails=new.why_failed(pair[1]) if fails else "",
        phase=phase,
    )
