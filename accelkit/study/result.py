"""Result: the outcome of a study, to read, draw, take as a frame or write as a report."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, Self

from accelkit.errors import StudyError
from accelkit.study.analysis.analysis import Analysis, What
from accelkit.study.analysis.settings import Keyed
from accelkit.study.model import Damage, Record
from accelkit.study.report.phrases import plural
from accelkit.syntax.shell_words import shell_line

if TYPE_CHECKING:
    from accelkit.study.report.chart import Chart
    from accelkit.study.report.effects import ShownEffects
    from accelkit.study.store.reader import StoreReader
    from accelkit.study.store.rows import StudyInfo

Library = Literal["pandas", "polars"]


class Result(Analysis):
    """The outcome of a study. A notebook shows the answer and its table.

    >>> result = Result.from_store("tcg.sqlite")  # doctest: +SKIP
    >>> result.best("smp").recipe  # doctest: +SKIP
    tcg() | thread(multi)
    """

    __slots__ = ()

    @classmethod
    def from_store(cls, path: str | os.PathLike[str]) -> Self:
        """The trials that the store at ``path`` has now, judged by its standards.

        The intervals hold at any time, and are wider, unless the number of blocks was fixed in advance and reached
        (:mod:`accelkit.study.budget`). Raises StudyError if it is not a store.
        """
        from accelkit.study.store.reader import (
            read_store,
        )  # loads SQLite, which a Result without a store does not need

        with read_store(path) as stored:
            return cls.of(stored)

    @classmethod
    def of(cls, stored: StoreReader) -> Self:
        """The trials that an open store has now, judged by its standards; damaged ones are left out (``damage``)."""
        info = {**facts(stored.info), "store": stored.path}
        if merged := stored.sources().studies:
            info["merged from"] = ", ".join(
                f"{source.store} ({_minute(source.created)})" for source in merged
            )
        standards = stored.info.standards
        read, look = tuple(stored.read()), stored.look()
        damage = tuple(row for row in read if isinstance(row, Damage))
        return cls(
            stored.plan, tuple(row for row in read if isinstance(row, Record)), info, stored.info.host,
            standards.delta, standards.confidence, standards.anytime or bool(look), look, stored.drops(),
            (*stored.other_damage(), *damage), stored.hosts(),
        )  # fmt: skip

    def plot(
        self, *properties: str | Keyed, guest: str | None = None, build: str | None = None,
        at: Mapping[str, str] | None = None,
    ) -> Chart:  # fmt: skip
        """The intervals of the best configurations; with one property the response to it, with two their interaction.

        ``plot("tb-size")`` or ``plot(tb_size)``; ``at={"thread": "multi"}`` fixes the other properties at these
        values. Of more than 20 configurations besides the baseline the best 20 are drawn. Raises StudyError for a
        property that does not vary, and if Altair is not installed.
        """
        from accelkit.study.report import charts  # loads Altair, which only charts need

        if len(properties) > 2:
            raise StudyError(f"plot: got {len(properties)} properties; takes none, one or two")
        only = (self.guest_named(guest) if guest else None, self.build_named(build).name if build else None)
        if not properties:
            return charts.intervals(self, only)
        return charts.along(self, properties, only, at)

    def plot_trials(self, *, guest: str | None = None, build: str | None = None) -> Chart:
        """Every trial of the configurations shown, in the order measured, failures marked: look for drift and modes."""
        from accelkit.study.report import charts  # as above

        return charts.trials(
            self,
            (self.guest_named(guest) if guest else None, self.build_named(build).name if build else None),
        )

    def plot_builds(self, *, guest: str | None = None) -> Chart:
        """Each build against the first one. Raises StudyError if there is only one."""
        from accelkit.study.report import charts  # as above

        return charts.builds(self, (self.guest_named(guest) if guest else None, None))

    def effects(self, guest: str | None = None, build: str | None = None) -> ShownEffects:
        """Which properties matter, and which of them act together, with ``guest``, by default with each and all at once.

        What differs by less than delta does not matter; all intervals of all guests hold at once with the confidence of
        the study (:mod:`accelkit.study.analysis.effects`). Raises StudyError for a guest or build that is not there.

        >>> print(Result.from_store("tcg.sqlite").effects("smp"))  # doctest: +SKIP
        """
        from accelkit.study.report.effects import effects_shown  # loads document, which only reports need

        only = (self.guest_named(guest) if guest else None, self.build_named(build).name if build else None)
        return effects_shown(self, *only)

    def frame(self, what: What = "trials", *, library: Library | None = None) -> Any:
        """A tidy frame of :meth:`rows`, made by ``library``, by default by pandas, else by polars.

        Raises StudyError if it is not installed.
        """
        from accelkit.study.report.frames import frame  # loads pandas or polars, which only frames need

        return frame(self.rows(what), library)

    def markdown(self) -> str:
        """The report as Markdown, for an issue tracker."""
        from accelkit.study.report import report  # loads document and tables, which only reports need

        return report.markdown(self)

    def html(self) -> str:
        """The report as one HTML page with its charts, without scripts, which loads nothing."""
        from accelkit.study.report import report  # as above

        return report.html(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the report to an .html or .md file. Raises StudyError for another ending."""
        save(path, {".html": self.html, ".md": self.markdown})

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


def save(path: str | os.PathLike[str], writers: Mapping[str, Callable[[], str]]) -> None:
    """Writes what a writer makes to ``path``, whose ending says which. Raises StudyError for another ending."""
    shown = os.fspath(path)
    writer = writers.get(os.path.splitext(shown)[1].lower())
    if writer is None:
        raise StudyError(f"{shown!r}: a report is written as .html or .md; give one of these endings")
    text = writer()
    with open(shown, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def facts(info: StudyInfo) -> dict[str, str]:
    """The facts of a study that its store has, under the names that a report uses."""
    host = info.host
    return {
        "measured": _minute(info.created),
        "host": f"{host.name} ({host.machine})",
        "kernel": host.kernel,
        "CPU": f"{host.cpus} × {host.cpu}",
        "frequency governor": host.governor or "none seen",
        "accelkit": info.accelkit,
        "command": shell_line(info.command),
    }


def _minute(seconds: float) -> str:
    """A time in seconds since the epoch, to the minute."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
