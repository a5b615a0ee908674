"""Result: what a study found, to be read, drawn, taken as a frame or written as a report."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar, cast

from accelkit.errors import StudyError, nearest
from accelkit.fallback import Fallback
from accelkit.parsing import parse, recipes_of
from accelkit.recipe import Recipe
from accelkit.study import tidy
from accelkit.study.answers import winner
from accelkit.study.cautions import Caution, cautions
from accelkit.study.edges import Edge, edges
from accelkit.study.host import Host
from accelkit.study.plan import Plan
from accelkit.study.stats import Comparison, compare, compare_builds
from accelkit.study.trial import Arm, Build, Configuration, Record
from accelkit.study.words import Keyed, plural

if TYPE_CHECKING:
    from accelkit.study.chart import Chart
    from accelkit.study.store_rows import StudyInfo
    from accelkit.study.stored import Stored

T = TypeVar("T")
Library = Literal["pandas", "polars"]
What = Literal["trials", "comparisons"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Result:
    """A plan and what came of it. Shown in a notebook it is the answer and its table.

    ``info`` says in words where, when and how it was measured; ``host`` is where, as far as known.
    ``delta`` is the share below which a difference is not worth having, ``confidence`` the chance that
    all intervals hold. ``anytime`` says that blocks were added until the intervals looked good, for
    which they must be wider. ``dropped`` are arms that were given up, and from which block on.
    """

    plan: Plan
    records: tuple[Record, ...]
    info: Mapping[str, str] = field(default_factory=dict[str, str])
    host: Host | None = None
    delta: float = 0.01
    confidence: float = 0.95
    anytime: bool = False
    dropped: Mapping[Arm, int] = field(default_factory=dict[Arm, int])
    _memo: dict[str, Any] = field(default_factory=dict[str, Any], init=False)

    @classmethod
    def from_store(cls, path: str | os.PathLike[str]) -> Self:
        """What the store at ``path`` holds by now, judged as it was asked for; StudyError if it is none."""
        from accelkit.study.stored import read_store  # SQLite only where there is a store

        with read_store(path) as stored:
            return cls.of(stored)

    @classmethod
    def of(cls, stored: Stored) -> Self:
        """What an open store holds by now, judged as it was asked for."""
        info = {**facts(stored.info), "store": stored.path}
        found = cls(stored.plan, tuple(stored.records()), info, stored.info.host, dropped=stored.dropped())
        by = stored.info.standards
        return found.judged(delta=by.delta, confidence=by.confidence, anytime=by.anytime)

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
        """Each configuration against the baseline, in each build and guest, in the plan's order."""
        return self._once("comparisons", lambda: self._in_order(self._compared(compare, self.plan.baseline)))

    @property
    def build_comparisons(self) -> tuple[Comparison, ...]:
        """Each build against the first, in each guest and configuration; none if there is one build."""
        if len(self.plan.builds) < 2:
            return ()
        first = self.plan.builds[0].name
        return self._once("builds", lambda: self._in_order(self._compared(compare_builds, first)))

    @property
    def summaries(self) -> dict[Arm, tidy.Summary]:
        """Of each arm that was tried: how many trials, the best figure, the median of each counter."""
        return self._once("summaries", lambda: tidy.summaries(self.records))

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The cliffs along properties that are numbers, as of tb-size."""
        return self._once("edges", lambda: edges(self.plan, self.comparisons, self.summaries))

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What makes the numbers doubtful, and what to do about it."""
        host = self.host or Host("", "", "", "", 1)
        return self._once("cautions", lambda: cautions(tidy.latest(self.records), host))

    @property
    def failures(self) -> tuple[Record, ...]:
        """Trials that gave no figure, in the order measured."""
        return tuple(record for record in tidy.latest(self.records) if not record.ok)

    def best(self, guest: str, build: str | None = None) -> Recipe[Any] | Fallback:
        """The recipe that was found fastest for ``guest``; the baseline where none was found faster.

        Of several that cannot be told apart it is the one that changes the least of the baseline.

        Raises StudyError for a guest or build that is not in the study, if ``build`` is left out where
        there are several, and if the baseline gave no figure to compare with.
        """
        return recipes_of(parse(list(self.best_configuration(guest, build).argv)))

    def best_configuration(self, guest: str, build: str | None = None) -> Configuration:
        """As :meth:`best`, with the name that it has in tables and its argv; raises StudyError as that does."""
        guest, name = self._guest(guest), self._build(build).name
        base = self.summaries.get(Arm(name, guest, self.plan.baseline))
        if base is None or not base.done:
            raise StudyError(
                f"best({guest!r}): the baseline {self.plan.baseline!r} gave no figure there, so nothing was"
                " compared; see the failures in the report"
            )
        here = [each for each in self.comparisons if (each.build, each.guest) == (name, guest)]
        found = winner(self.plan, here)
        chosen = found.configuration if found else self.plan.baseline
        return next(each for each in self.plan.configurations if each.name == chosen)

    def plot(
        self, *properties: str | Keyed, guest: str | None = None, build: str | None = None,
        at: Mapping[str, str] | None = None,
    ) -> Chart:  # fmt: skip
        """The intervals of all configurations; with one property the response to it, with two how they
        interact, the other properties fixed.

        ``plot("tb-size")`` or ``plot(tb_size)``; ``at={"thread": "multi"}`` says where the others are
        fixed. Raises StudyError for a property that does not vary, and without altair.
        """
        from accelkit.study import pictures  # Altair only where something is drawn

        if len(properties) > 2:
            raise StudyError(f"plot: got {len(properties)} properties; takes none, one or two")
        only = (self._guest(guest) if guest else None, self._build(build).name if build else None)
        if not properties:
            return pictures.intervals(self, only)
        return pictures.along(self, properties, only, at)

    def plot_trials(self, *, guest: str | None = None, build: str | None = None) -> Chart:
        """Every trial in the order measured, failures marked: for the eye that looks for drift and modes."""
        from accelkit.study import pictures  # as above

        return pictures.trials(
            self, (self._guest(guest) if guest else None, self._build(build).name if build else None)
        )

    def plot_builds(self, *, guest: str | None = None) -> Chart:
        """The builds against the first one; StudyError if there is only one."""
        from accelkit.study import pictures  # as above

        return pictures.builds(self, (self._guest(guest) if guest else None, None))

    def rows(self, what: What = "trials") -> list[tidy.Row]:
        """A dict a trial, or a comparison, all with the same keys; StudyError for rows of other things."""
        if what == "trials":
            return tidy.trial_rows(self.plan, self.records)
        if what == "comparisons":
            return tidy.comparison_rows(self.plan, self.comparisons)
        raise StudyError(f"{what!r}: no such rows; {nearest(str(what), ['trials', 'comparisons'])}")

    def frame(self, what: What = "trials", *, library: Library | None = None) -> Any:
        """A tidy frame of :meth:`rows`, of ``library`` or else of pandas or polars, whichever is there.

        Raises StudyError if that is not installed.
        """
        from accelkit.study.frames import frame  # pandas and polars only where they are asked for

        return frame(self.rows(what), library)

    def markdown(self) -> str:
        """The report as Markdown, for an issue tracker."""
        from accelkit.study import report  # and with it the charts

        return report.markdown(self)

    def html(self) -> str:
        """The report as one HTML page with its charts: no script, no network."""
        from accelkit.study import report  # as above

        return report.html(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the report to an .html or .md file; StudyError for another ending."""
        shown = os.fspath(path)
        writers: dict[str, Callable[[], str]] = {".html": self.html, ".md": self.markdown}
        writer = writers.get(os.path.splitext(shown)[1].lower())
        if writer is None:
            raise StudyError(f"{shown!r}: a report is written as .html or .md; give one of these endings")
        text = writer()
        with open(shown, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)

    def __str__(self) -> str:
        from accelkit.study import report  # as above

        return report.text(self)

    def __repr__(self) -> str:
        plan = self.plan
        return (
            f"<Result: {plural(len(self.records), 'trial')} of {plural(len(plan.configurations), 'configuration')}"
            f" with {plural(len(plan.guests), 'guest')} on {plural(len(plan.builds), 'build')},"
            f" baseline {plan.baseline}>"
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from accelkit.study import report  # as above

        return {"text/html": report.fragment(self), "text/plain": report.text(self)}

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))

    def _compared(
        self, judge: Callable[..., tuple[Comparison, ...]], baseline: str
    ) -> tuple[Comparison, ...]:
        ask = partial(judge, delta=self.delta, confidence=self.confidence, anytime=self.anytime)
        return ask(self.records, baseline)

    def _in_order(self, found: tuple[Comparison, ...]) -> tuple[Comparison, ...]:
        place = {arm: number for number, arm in enumerate(self.plan.arms)}
        return tuple(sorted(found, key=lambda each: place.get(each.arm, len(place))))

    def _guest(self, name: str) -> str:
        known = [each.name for each in self.plan.guests]
        if name not in known:
            raise StudyError(f"guest {name!r}: is not in this study; {nearest(name, known)}")
        return name

    def _build(self, name: str | None) -> Build:
        builds = {each.name: each for each in self.plan.builds}
        if name is None and len(builds) > 1:
            raise StudyError(f"build: there are several, one has to be named: {', '.join(builds)}")
        if name is not None and name not in builds:
            raise StudyError(f"build {name!r}: is not in this study; {nearest(name, builds)}")
        return builds[name] if name is not None else self.plan.builds[0]

    def _once(self, name: str, make: Callable[[], T]) -> T:
        if name not in self._memo:
            self._memo[name] = make()
        return cast("T", self._memo[name])


def facts(info: StudyInfo) -> dict[str, str]:
    """What a store says of its study, by the words that a report uses."""
    host = info.host
    return {
        "measured": f"{datetime.fromtimestamp(info.created, UTC):%Y-%m-%d %H:%M} UTC",
        "host": f"{host.name} ({host.machine})",
        "kernel": host.kernel,
        "CPU": f"{host.cpus} × {host.cpu}",
        "frequency governor": host.governor or "none seen",
        "accelkit": info.accelkit,
        "command": shlex.join(info.command),
    }
