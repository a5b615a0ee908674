"""Comparisons, summaries and cautions of a study, each computed on first use. Nothing is drawn or written."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, Literal, Self, TypeVar, cast

from accelkit.errors import StudyError, nearest
from accelkit.host.identity import Host
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe
from accelkit.study.analysis import tidy
from accelkit.study.analysis.cautions import Caution, cautions
from accelkit.study.analysis.cliffs import CliffInStudy, cliffs_in
from accelkit.study.analysis.compare import Comparison, compare, compare_builds
from accelkit.study.analysis.phases import Phase, phases_of, with_phases
from accelkit.study.model import Build, Cell, Configuration, Damage, Record
from accelkit.study.plan import Plan

MOST_SHOWN: Final = 20
"""Configurations besides the baseline that tables and charts show of one build and guest."""

T = TypeVar("T")
What = Literal["trials", "comparisons"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Analysis:
    """A plan and the records of its trials.

    ``info`` says in words where, when and how it was measured; ``host`` is the machine, if known. Differences
    below the share ``delta`` count as no difference; all intervals hold at once with the chance
    ``confidence``. ``anytime`` says that blocks were added until the intervals were narrow enough, which makes
    them wider. ``dropped`` has the cells that were dropped early, and the first block without them. ``damage`` is
    what is not as it was written in the store: trials that are damaged are not among the records.
    """

    plan: Plan
    records: tuple[Record, ...]
    info: Mapping[str, str] = field(default_factory=dict[str, str])
    host: Host | None = None
    delta: float = 0.01
    confidence: float = 0.95
    anytime: bool = False
    dropped: Mapping[Cell, int] = field(default_factory=dict[Cell, int])
    damage: tuple[Damage, ...] = ()
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
        """The configurations of each build and guest: the baseline, the winner, the others by their ratio.

        Those without a ratio come last. All planned configurations are in it; if all of them can be shown
        (:data:`MOST_SHOWN`), they are in the plan's order.
        """
        return self._once("ranking", lambda: _ranking(self.plan, self.comparisons))

    @property
    def summaries(self) -> dict[Cell, tidy.Summary]:
        """Of each cell with trials, those of phases included: how many, the best value, the median of each counter."""
        return self._once("summaries", lambda: tidy.summaries(with_phases(self.trials, self.phases.values())))

    @property
    def cliffs(self) -> tuple[CliffInStudy, ...]:
        """The cliffs along numeric properties, such as tb-size."""
        return self._once("cliffs", lambda: cliffs_in(self.plan, self.comparisons, self.summaries))

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """Reasons to doubt the numbers, each with a remedy."""
        host = self.host or Host("", "", "", "", 1)
        return self._once("cautions", lambda: cautions(self.trials, host, self.damage))

    @property
    def failures(self) -> tuple[Record, ...]:
        """Trials that gave no value to compare, in the order measured."""
        return tuple(record for record in self.trials if not record.ok)

    def best(self, guest: str, build: str | None = None) -> Recipe[Any] | Fallback:
        """The recipe that is fastest for ``guest``; the baseline if no other is faster.

        Of several that the intervals do not separate, it is the one that changes the fewest properties of the
        baseline.

        Raises StudyError for a guest or build that is not in the study, if there are several builds and none is
        named, if the baseline gave no value, and if this version cannot read the recipe in the store.
        """
        configuration = self.best_configuration(guest, build)
        if configuration.recipe is None:
            raise StudyError(
                f"best({guest!r}): {configuration.name!r} is not a recipe that this version reads;"
                " best_configuration() has its argv"
            )
        return configuration.recipe

    def best_configuration(self, guest: str, build: str | None = None) -> Configuration:
        """The configuration of :meth:`best`, with its name and argv; raises StudyError as that does."""
        guest, name = self.guest_named(guest), self.build_named(build).name
        base = self.summaries.get(Cell(name, guest, self.plan.baseline))
        if base is None or not base.done:
            raise StudyError(
                f"best({guest!r}): the baseline {self.plan.baseline!r} gave no value there, so nothing was"
                " compared; see the failures in the report"
            )
        rows = [row for row in self.comparisons if (row.build, row.guest) == (name, guest)]
        fastest = winner(self.plan, rows)
        best = fastest.configuration if fastest else self.plan.baseline
        return next(point for point in self.plan.configurations if point.name == best)

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

    def _once(self, name: str, make: Callable[[], T]) -> T:
        if name not in self._memo:
            self._memo[name] = make()
        return cast("T", self._memo[name])


def _ranking(plan: Plan, comparisons: Iterable[Comparison]) -> dict[tuple[str, str], tuple[str, ...]]:
    names = tuple(point.name for point in plan.configurations)
    groups: dict[tuple[str, str], dict[str, Comparison]] = {
        (build.name, guest.name): {} for build in plan.builds for guest in plan.guests
    }
    for comparison in comparisons:
        groups[comparison.cell[:2]][comparison.configuration] = comparison
    if len(names) <= MOST_SHOWN + 1:
        return dict.fromkeys(groups, names)

    def ranked(group: Mapping[str, Comparison]) -> tuple[str, ...]:
        first = winner(plan, group.values())

        def rank(name: str) -> tuple[bool, bool, float]:
            comparison = group.get(name)
            ratio = math.inf if comparison is None or math.isnan(comparison.ratio) else comparison.ratio
            return name != plan.baseline, first is None or comparison is not first, ratio

        return tuple(sorted(names, key=rank))

    return {where: ranked(group) for where, group in groups.items()}


def winner(plan: Plan, comparisons: Iterable[Comparison]) -> Comparison | None:
    """The fastest of one guest's ``comparisons``; None if none is faster than the baseline.

    Of several that the intervals do not separate, it is the one that changes the fewest properties of the
    baseline, so that no setting is recommended that showed no effect.
    """
    faster = [row for row in comparisons if row.verdict == "faster"]
    if not faster:
        return None
    settings = {point.name: point.settings for point in plan.configurations}
    base = settings[plan.baseline].items()
    first = min(faster, key=lambda comparison: comparison.ratio)
    equals = [comparison for comparison in faster if comparison.low <= first.high]

    def changes(comparison: Comparison) -> tuple[int, float]:
        return len(base ^ settings[comparison.configuration].items()), comparison.ratio

    return min(equals, key=changes)
