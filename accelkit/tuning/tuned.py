"""Tuned: what a tuning recommends, as a notebook shows it, as a report, as a chart."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from accelkit.study.result import save
from accelkit.tuning.outcome import TuningOutcome

if TYPE_CHECKING:
    from accelkit.study.report.chart import Chart


class Tuned(TuningOutcome):
    """What a tuning recommends: ``recipe`` is what to run, ``decided`` whether the confirming study bore it out.

    If it is decided, the recipe was shown to be slower than no other finalist by more than delta, and, where it is not the
    baseline, to be faster than that. If not, it is the best estimate from the search and the confirming study together,
    and ``why`` says what is missing. ``rivals`` compare it with the other finalists in the blocks of that study.

    ``result`` is the confirming study, ``search`` says what was tried, ``terms`` what was asked for. ``front`` has the
    points that are not dominated if there are several goals. ``costs`` has for each of several guests the comparison of
    the pick with the configuration that is fastest with that guest alone, None where that is the pick itself. ``store``
    is the file that keeps it all.

    >>> from accelkit.tuning import Tuned
    >>> best = Tuned.from_store("tune.sqlite")  # doctest: +SKIP
    >>> best.recipe, best.decided  # doctest: +SKIP
    (tcg() | tb_size(512) | thread(multi), True)
    """

    __slots__ = ()

    def plot(self) -> Chart:
        """The search in one chart: the best estimate over the trials, each point, and what the confirming study says.

        Raises StudyError if Altair is not installed, and if the store cannot be read.
        """
        from accelkit.tuning.report.report import search_picture  # loads Altair, which only charts need

        return search_picture(self)

    def markdown(self) -> str:
        """The report as Markdown, for an issue tracker."""
        from accelkit.tuning.report import report  # loads document and tables, which only reports need

        return report.markdown(self)

    def html(self) -> str:
        """The report as one HTML page with its charts, without scripts, which loads nothing."""
        from accelkit.tuning.report import report  # as above

        return report.html(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the report to an .html or .md file. Raises StudyError for another ending."""
        save(path, {".html": self.html, ".md": self.markdown})

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from accelkit.tuning.report import report  # as above

        return {"text/html": report.fragment(self), "text/plain": report.text(self)}

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        from accelkit.tuning.report import report  # as above

        printer.text(report.text(self))
