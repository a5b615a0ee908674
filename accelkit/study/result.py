"""Result: what a study found, to be read, drawn, taken as a frame or written as a report."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, Self

from accelkit.errors import StudyError
from accelkit.study.analysis.analysis import Analysis, What
from accelkit.study.analysis.settings import Keyed
from accelkit.study.report.phrases import plural

if TYPE_CHECKING:
    from accelkit.study.report.chart import Chart
    from accelkit.study.store.reader import StoreReader
    from accelkit.study.store.rows import StudyInfo

Library = Literal["pandas", "polars"]


class Result(Analysis):
    """What a study found. Shown in a notebook it is the answer and its table."""

    __slots__ = ()

    @classmethod
    def from_store(cls, path: str | os.PathLike[str]) -> Self:
        """What the store at ``path`` holds by now, judged as it was asked for; StudyError if it is none."""
        from accelkit.study.store.reader import read_store  # SQLite only where there is a store

        with read_store(path) as stored:
            return cls.of(stored)

    @classmethod
    def of(cls, stored: StoreReader) -> Self:
        """What an open store holds by now, judged as it was asked for."""
        info = {**facts(stored.info), "store": stored.path}
        found = cls(stored.plan, tuple(stored.records()), info, stored.info.host, dropped=stored.dropped())
        by = stored.info.standards
        return found.judged(delta=by.delta, confidence=by.confidence, anytime=by.anytime)

    def plot(
        self, *properties: str | Keyed, guest: str | None = None, build: str | None = None,
        at: Mapping[str, str] | None = None,
    ) -> Chart:  # fmt: skip
        """The intervals of all configurations; with one property the response to it, with two how they
        interact, the other properties fixed.

        ``plot("tb-size")`` or ``plot(tb_size)``; ``at={"thread": "multi"}`` says where the others are
        fixed. Raises StudyError for a property that does not vary, and without altair.
        """
        from accelkit.study.report import charts  # Altair only where something is drawn

        if len(properties) > 2:
            raise StudyError(f"plot: got {len(properties)} properties; takes none, one or two")
        only = (self.guest_named(guest) if guest else None, self.build_named(build).name if build else None)
        if not properties:
            return charts.intervals(self, only)
        return charts.along(self, properties, only, at)

    def plot_trials(self, *, guest: str | None = None, build: str | None = None) -> Chart:
        """Every trial in the order measured, failures marked: for the eye that looks for drift and modes."""
        from accelkit.study.report import charts  # as above

        return charts.trials(
            self,
            (self.guest_named(guest) if guest else None, self.build_named(build).name if build else None),
        )

    def plot_builds(self, *, guest: str | None = None) -> Chart:
        """The builds against the first one; StudyError if there is only one."""
        from accelkit.study.report import charts  # as above

        return charts.builds(self, (self.guest_named(guest) if guest else None, None))

    def frame(self, what: What = "trials", *, library: Library | None = None) -> Any:
        """A tidy frame of :meth:`rows`, of ``library`` or else of pandas or polars, whichever is there.

        Raises StudyError if that is not installed.
        """
        from accelkit.study.report.frames import frame  # pandas and polars only where they are asked for

        return frame(self.rows(what), library)

    def markdown(self) -> str:
        """The report as Markdown, for an issue tracker."""
        from accelkit.study.report import report  # and with it the charts

        return report.markdown(self)

    def html(self) -> str:
        """The report as one HTML page with its charts: no script, no network."""
        from accelkit.study.report import report  # as above

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
        from accelkit.study.report import report  # as above

        return report.text(self)

    def __repr__(self) -> str:
        plan = self.plan
        return (
            f"<Result: {plural(len(self.records), 'trial')} of {plural(len(plan.configurations), 'configuration')}"
            f" with {plural(len(plan.guests), 'guest')} on {plural(len(plan.builds), 'build')},"
            f" baseline {plan.baseline}>"
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from accelkit.study.report import report  # as above

        return {"text/html": report.fragment(self), "text/plain": report.text(self)}

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))


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
