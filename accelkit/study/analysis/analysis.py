"""Comparisons, summaries and cautions of a study, each computed on first use. Nothing is drawn or written."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, Literal, Self, TypeVar, cast

from accelkit.errors import StudyError, nearest
from accelkit.host.identity import Host
from accelkit.study.analysis import tidy
from accelkit.study.analysis.best import Best
from accelkit.study.analysis.by_host import HostComparison, compare_by_host, contradictions
from accelkit.study.analysis.cautions import Caution, cautions
from accelkit.study.analysis.cliffs import CliffInStudy, cliffs_in
from accelkit.study.analysis.compare import Comparison, compare, compare_builds
from accelkit.study.analysis.effects import GuestEffects
from accelkit.study.analysis.panel import Panel, panel
from accelkit.study.analysis.phases import Phase, phases_of, with_phases
from accelkit.study.analysis.pick import counted_weights, pick
from accelkit.study.analysis.study_effects import table_effects
from accelkit.study.budget import PRECISION
from accelkit.study.drops import Drops
from accelkit.study.model import Build, Cell, Damage, Record
from accelkit.study.plan import Plan
from accelkit.study.standards import Standards

MOST_SHOWN: Final = 20
"""Configurations besides the baseline that tables and charts show of one build and guest."""

_ASK_FOR_FASTEST: Final = " To have it: undecided='fastest'."

T = TypeVar("T")
What = Literal["trials", "comparisons"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Analysis:
    """A plan and the records of its trials.

    ``info`` says in words where, when and how it was measured; ``host`` is the machine, if known. Differences
    below the share ``delta`` count as no difference; all intervals hold at once with the chance
    ``confidence``. ``anytime`` says that the number of blocks was not fixed in advance, so that the intervals must hold
    at any time, which makes them wider; ``look`` says why. ``drops`` has the cells that were dropped. ``damage`` is
    what is not as it was written in the store: trials that are damaged are not among the records. ``hosts`` are those
    besides ``host`` that measured, by the names that records have.
    """

    plan: Plan
    records: tuple[Record, ...]
    info: Mapping[str, str] = field(default_factory=dict[str, str])
    host: Host | None = None
    delta: float = 0.01
    confidence: float = 0.95
    anytime: bool = False
    look: str = ""
    drops: Drops = field(default_factory=Drops)
    damage: tuple[Damage, ...] = ()
    hosts: Mapping[str, Host] = field(default_factory=dict[str, Host])
    _memo: dict[str, Any] = field(default_factory=dict[str, Any], init=False)

    def judged(
        self, *, delta: float | None = None, confidence: float | None = None, anytime: bool | None = None
    ) -> Self:
        """The same trials judged by other standards."""
        return replace(
            self,
            delta=self.delta if delta is None else delta,
            confidence=self.confidence if confidence is None else confidence,
            anytime=self.anytime if anytime is None else anytime,
        )

    @property
    def dropped(self) -> Mapping[Cell, int]:
        """The cells that are measured in one of some blocks only, each with the block since which they are."""
        return self.drops.now

    @property
    def why_anytime(self) -> str:
        """Why the intervals hold at any time, and what that means, as a sentence for a caption; empty if they need not."""
        why = self.look or PRECISION
        return (
            f"{why[0].upper()}{why[1:]}: intervals hold at any time, and are wider." if self.anytime else ""
        )

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Each configuration against the baseline, for each build and guest, in the plan's order."""
        return self._with_baseline[0]

    @property
    def phase_comparisons(self) -> tuple[Comparison, ...]:
        """The same for each phase of each guest: guest by guest, phase by phase. All hold at once with ``comparisons``."""
        return self._with_baseline[1]

    @property
    def phases(self) -> Mapping[str, Phase]:
        """Each phase of each guest, by its name in ``phase_comparisons`` and ``summaries``."""
        return self._once("phases", lambda: phases_of(self.records))

    @property
    def _with_baseline(self) -> tuple[tuple[Comparison, ...], tuple[Comparison, ...]]:
        return self._once("comparisons", lambda: self._in_order(self._compared(compare, self.plan.baseline)))

    @property
    def build_comparisons(self) -> tuple[Comparison, ...]:
        """Each build against the first, for each guest and configuration; empty if there is one build."""
        return self._with_first_build[0]

    @property
    def phase_build_comparisons(self) -> tuple[Comparison, ...]:
        """The same for each phase of each guest. All hold at once with ``build_comparisons``."""
        return self._with_first_build[1]

    @property
    def _with_first_build(self) -> tuple[tuple[Comparison, ...], tuple[Comparison, ...]]:
        if len(self.plan.builds) < 2:
            return (), ()
        first = self.plan.builds[0].name
        return self._once("builds", lambda: self._in_order(self._compared(compare_builds, first)))

    @property
    def trials(self) -> tuple[Record, ...]:
        """Of each trial the last record, in the order measured."""
        return self._once("trials", lambda: tidy.latest(self.records))

    @property
    def ranking(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """The configurations of each build and guest: the baseline, the best if decided, the others by their ratio.

        Those without a ratio come last. All planned configurations are in it; if all of them can be shown
        (:data:`MOST_SHOWN`), they are in the plan's order.
        """
        return self._once("ranking", self._ranked)

    @property
    def summaries(self) -> dict[Cell, tidy.Summary]:
        """Of each cell with trials, those of phases included: how many, the best value, the median of each counter."""
        return self._once("summaries", lambda: tidy.summaries(with_phases(self.trials, self.phases.values())))

    @property
    def all_effects(self) -> tuple[GuestEffects, ...]:
        """The effects of the properties that vary: of each guest on each build, and of several guests over all of them."""
        standards = Standards(self.delta, self.confidence)
        return self._once("effects", lambda: table_effects(self.plan, panel(self.records), standards))

    @property
    def cliffs(self) -> tuple[CliffInStudy, ...]:
        """The cliffs along numeric properties, such as tb-size."""
        return self._once("cliffs", lambda: cliffs_in(self.plan, self.comparisons, self.summaries))

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """Reasons to doubt the numbers, each with a remedy."""
        host = self.host or Host("", "", "", "", 1)
        found = (self.trials, host, self.damage, self.hosts, contradictions(self.host_comparisons))
        return self._once("cautions", lambda: cautions(*found))

    @property
    def host_comparisons(self) -> tuple[HostComparison, ...]:
        """Each configuration against the baseline on each host by itself; empty where one host measured all."""
        standards = Standards(self.delta, self.confidence, self.anytime)
        return self._once(
            "hosts", lambda: compare_by_host(panel(self.records), self.plan.baseline, standards)
        )

    @property
    def failures(self) -> tuple[Record, ...]:
        """Trials that gave no value to compare, in the order measured."""
        return tuple(record for record in self.trials if not record.ok)

    def best(
        self,
        guest: str | None = None,
        build: str | None = None,
        *,
        weights: Mapping[str, float] | None = None,
        undecided: Literal["raise", "fastest"] = "raise",
    ) -> Best:
        """The best configuration for ``guest``, or over all guests: its recipe, and beside what, by how much.

        It was shown to be slower than no other by more than delta (:mod:`accelkit.study.analysis.pick` has the rule);
        of several such it is the one that changes the fewest properties of the baseline, which may be the best itself.
        ``weights={"smp": 3}`` counts that guest three times among all; a weight of 0 leaves a guest out.
        ``undecided="fastest"`` asks for the fastest so far where nothing is decided; its ``decided`` is False.

        Raises StudyError if nothing is decided, with what would decide; for a guest, build, weight or ``undecided``
        that cannot be; if there are several builds and none is named; and if no configuration gave a value.
        """
        if undecided not in ("raise", "fastest"):
            raise StudyError(f"undecided={undecided!r}: {nearest(str(undecided), ['raise', 'fastest'])}")
        best = self.pick(guest, build, weights=weights)
        if best.decided or (undecided == "fastest" and best.candidates):
            return best
        raise StudyError(f"best: {best}{_ASK_FOR_FASTEST if best.candidates else ''}")

    def pick(
        self,
        guest: str | None = None,
        build: str | None = None,
        *,
        weights: Mapping[str, float] | None = None,
    ) -> Best:
        """The best configuration as :meth:`best` gives it, or the fastest so far where nothing is decided.

        Raises StudyError for a guest, build or weight that cannot be, and if there are several builds and none is named.
        """
        name = self.build_named(build).name
        if guest is None:
            counted = counted_weights(weights or {}, [guest.name for guest in self.plan.guests])
        elif weights is None:
            counted = {self.guest_named(guest): 1.0}
        else:
            raise StudyError(f"guest={guest!r} and weights: weights are for several guests; give one of both")
        # With the phases, so that its intervals are made for as many comparisons as those of the table.
        table: Panel = self._once(
            "panel", lambda: panel(tuple(with_phases(self.records, self.phases.values())))
        )
        standards = Standards(self.delta, self.confidence, self.anytime)
        return self._once(
            f"best {name} {counted}", lambda: pick(self.plan, table, name, counted, standards, self.dropped)
        )

    def rows(self, what: What = "trials") -> list[tidy.Row]:
        """A dict for each trial, or each comparison, all with the same keys.

        Raises StudyError for rows of anything else.
        """
        if what == "trials":
            return tidy.trial_rows(self.plan, self.trials)
        if what == "comparisons":
            return tidy.comparison_rows(self.plan, (*self.comparisons, *self.phase_comparisons))
        raise StudyError(f"{what!r}: no such rows; {nearest(str(what), ['trials', 'comparisons'])}")

    def guest_named(self, name: str) -> str:
        """``name``, if it is a guest of this study. Raises StudyError, which names the nearest."""
        known = [planned.name for planned in self.plan.guests]
        if name not in known:
            raise StudyError(f"guest {name!r}: is not in this study; {nearest(name, known)}")
        return name

    def build_named(self, name: str | None) -> Build:
        """The build of that name, or the only one. Raises StudyError for an unknown name, and for None of several."""
        builds = {build.name: build for build in self.plan.builds}
        if name is None and len(builds) > 1:
            raise StudyError(f"build: the study has several; name one of {', '.join(builds)}")
        if name is not None and name not in builds:
            raise StudyError(f"build {name!r}: is not in this study; {nearest(name, builds)}")
        return builds[name] if name is not None else self.plan.builds[0]

    def _compared(
        self, judge: Callable[..., tuple[Comparison, ...]], baseline: str
    ) -> tuple[Comparison, ...]:
        ask = partial(judge, delta=self.delta, confidence=self.confidence, anytime=self.anytime)
        return ask(self.records, baseline)

    def _in_order(
        self, rows: tuple[Comparison, ...]
    ) -> tuple[tuple[Comparison, ...], tuple[Comparison, ...]]:
        """The comparisons of whole runs, and those of phases."""
        place = {cell: number for number, cell in enumerate(self.plan.cells)}
        number = {name: number for number, name in enumerate(self.phases, 1)}

        def rank(row: Comparison) -> tuple[int, int]:
            cell = row.cell if row.phase is None else row.cell._replace(guest=row.phase.guest)
            return number.get(row.guest, 0), place.get(cell, len(place))

        ordered = sorted(rows, key=rank)
        whole = sum(row.phase is None for row in rows)
        return tuple(ordered[:whole]), tuple(ordered[whole:])

    def _ranked(self) -> dict[tuple[str, str], tuple[str, ...]]:
        plan = self.plan
        names = tuple(point.name for point in plan.configurations)
        groups = {(build.name, guest.name): names for build in plan.builds for guest in plan.guests}
        if len(names) <= MOST_SHOWN + 1:
            return groups
        ratios = {row.cell: row.ratio for row in self.comparisons if not math.isnan(row.ratio)}

        def rank(where: tuple[str, str], best: Best, name: str) -> tuple[bool, bool, float]:
            first = best.decided and name == best.name
            return name != plan.baseline, not first, ratios.get(Cell(*where, name), math.inf)

        return {
            (build, guest): tuple(sorted(names, key=partial(rank, (build, guest), self.pick(guest, build))))
            for build, guest in groups
        }

    def _once(self, name: str, make: Callable[[], T]) -> T:
        if name not in self._memo:
            self._memo[name] = make()
        return cast("T", self._memo[name])
