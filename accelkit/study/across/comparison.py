"""What changed from one store to another, as a value: rows, verdicts, exit status, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast

from accelkit.study.across.change import Change, Ratio
from accelkit.study.across.circumstances import Difference, differences
from accelkit.study.across.measured import Measured
from accelkit.study.across.sessions import session_cautions
from accelkit.study.analysis.cautions import Caution
from accelkit.study.analysis.tidy import Row, finite

T = TypeVar("T")

FAILED: Final = 1
"""The exit status where something is shown to be slower than is allowed, or fails now."""

OPEN: Final = 3
"""The exit status where nothing is, but something undecided may be slower than is allowed."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Changes:
    """What changed from the store ``old`` to the store ``new``: a :class:`Change` for each configuration and guest.

    All intervals hold at once with the probability ``confidence``; differences below the share ``delta`` count as none. ``left_out`` says what
    is in one store only, or cannot be compared, and why. With ``relative`` the verdict of a row is that of its ratio to
    the control, which is the baseline with the same guest unless ``control`` names the guest.
    """

    old: Measured
    new: Measured
    changes: tuple[Change, ...]
    left_out: tuple[str, ...]
    delta: float
    confidence: float
    relative: bool = False
    control: str | None = None
    _memo: dict[str, Any] = field(default_factory=dict[str, Any], init=False)

    @property
    def counted(self) -> tuple[Change, ...]:
        """The changes that are judged: with ``relative`` all but the control."""
        return tuple(change for change in self.changes if not self.relative or change.beside is not None)

    def judged(self, change: Change) -> Ratio:
        """The ratio by which a change is judged: that of the times, or with ``relative`` that beside the control."""
        return change.beside if self.relative and change.beside is not None else change.time

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What differs between the stores besides what is compared: QEMU, host, kernel, accelkit."""
        return differences(self.old.circumstances, self.new.circumstances)

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """Reasons to doubt the ratios, each with a remedy; those of each store begin with its name."""
        has_control = any(change.beside is not None for change in self.changes)
        return self._once(
            "cautions", lambda: tuple(session_cautions(self.old, self.new, has_control=has_control))
        )

    def slower(self, limit: float = 0.0) -> tuple[Change, ...]:
        """The changes that are shown to be slower by more than the share ``limit``: the low end lies above it."""
        return tuple(
            change
            for change in self.counted
            for row in [self.judged(change)]
            if row.verdict == "slower" and row.low > 1 + limit
        )

    def failing(self) -> tuple[Change, ...]:
        """The changes that fail too often now, and did not before."""
        return tuple(change for change in self.changes if change.fails)

    def may_be_slower(self, limit: float) -> tuple[Change, ...]:
        """The changes that may be slower by more than the share ``limit``, but are not shown to be."""
        sure = {*map(id, self.slower(limit)), *map(id, self.failing())}
        return tuple(
            change
            for change in self.counted
            if id(change) not in sure and self.judged(change).high > 1 + limit
        )

    def status(self, limit: float | None = None) -> int:
        """The exit status of ``accelkit compare --fail-slower``: 1, 3 or 0; 0 without a ``limit``.

        1 if something is shown to be slower by more than the share ``limit``, or fails now. 3 if nothing is, but an
        interval reaches beyond the limit, so that something may be.
        """
        if limit is None:
            return 0
        if self.slower(limit) or self.failing():
            return FAILED
        return OPEN if self.may_be_slower(limit) else 0

    def rows(self) -> list[Row]:
        """A dict for each change, all with the same keys; unknown numbers are None."""
        return [_row(change) for change in self.changes]

    def _once(self, name: str, make: Callable[[], T]) -> T:
        if name not in self._memo:
            self._memo[name] = make()
        return cast("T", self._memo[name])


def _row(change: Change) -> Row:
    guest, phase = change.phase or (change.guest, None)
    row: Row = {
        "guest": guest, "phase": phase, "configuration": change.configuration, "old_build": change.old_build,
        "new_build": change.new_build, "old_runs": change.runs[0], "new_runs": change.runs[1],
        "old_failed": change.failed[0], "new_failed": change.failed[1], "old_value": finite(change.old_value),
        "new_value": finite(change.new_value), "unit": change.unit,
    }  # fmt: skip
    for name, ratio in (("", change.time), ("beside_", change.beside)):
        row |= {
            f"{name}{key}": None if ratio is None else finite(getattr(ratio, key))
            for key in ("ratio", "low", "high", "verdict", "why")
        }
    return row | {"fails": change.fails, "why_fails": change.why_fails}
