"""The trend over many stores: read each, in order of time, and find where a configuration's level changes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from accelkit.errors import StudyError, visible_line
from accelkit.study.across.course import Course, course_of
from accelkit.study.across.measured import damage_notes, measured_at
from accelkit.study.across.moments import Moment, moment_of
from accelkit.study.standards import Standards

if TYPE_CHECKING:
    from accelkit.study.report.chart import Chart

Path = str | os.PathLike[str]


class Trend(Course):
    """The trend over stores. A notebook shows the changes of level, the newest store, a picture and the table.

    >>> from accelkit.study import trend
    >>> trend(["january.sqlite", "february.sqlite"]).plot()  # doctest: +SKIP
    """

    __slots__ = ()

    def plot(self) -> Chart:
        """Each series over the stores, with its levels and their changes; a panel for each guest.

        Raises StudyError if Altair is not installed, and if no series has two stores.
        """
        from accelkit.study.across import trend_chart  # loads Altair, which only charts need

        return trend_chart.chart_of_course(self)

    def markdown(self) -> str:
        """The trend as Markdown, for an issue tracker and for the summary of a workflow."""
        from accelkit.study.across import trend_report  # loads what only reports need

        return trend_report.markdown(self)

    def html(self) -> str:
        """The trend as one HTML page with its chart, without scripts, which loads nothing."""
        from accelkit.study.across import trend_report  # as above

        return trend_report.html(self)

    def __str__(self) -> str:
        from accelkit.study.across import trend_report  # as above

        return trend_report.text(self)

    def __repr__(self) -> str:
        return f"<Trend over {len(self.moments)} stores: {len(self.series)} series>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from accelkit.study.across import trend_report  # as above

        return {"text/html": trend_report.fragment(self), "text/plain": trend_report.text(self)}

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))


def trend(
    stores: Sequence[Path],
    *,
    guests: Sequence[str] = (),
    configurations: Sequence[str] = (),
    absolute: bool = False,
    delta: float = 0.01,
    confidence: float = 0.95,
) -> Trend:
    """The series of each configuration with each guest over ``stores``, in the order in which they were measured.

    A value is the median of the ratios to the baseline within the blocks of a store, so that the speed of host and hour
    cancels; for the baseline itself, and with ``absolute`` for all, that of the times. ``guests`` and ``configurations``
    choose among them; the error is shared by fewer series then. A change of level is told by ranks
    (:mod:`accelkit.study.across.change_points`): in noise, all series together show one with probability 1 -
    ``confidence`` at most. The newest store is also compared with the level before it.

    A store that is given twice, or under two names, counts once. Each is read as it is now, and damaged trials are left out.

    Raises StudyError, with all reasons, for stores that cannot be read; for guests and configurations that none has; and if
    ruptures is not installed, which the extra ``trend`` brings. DomainError for a ``delta`` or ``confidence`` out of range.

    >>> trend(["january.sqlite", "february.sqlite", "march.sqlite"], guests=["smp"])  # doctest: +SKIP
    """
    paths = [os.fspath(store) for store in ([stores] if isinstance(stores, (str, os.PathLike)) else stores)]
    if not paths:
        raise StudyError("trend: no store is given; name at least two")
    standards = Standards(delta, confidence)
    moments: dict[tuple[object, ...], Moment] = {}
    notes: list[str] = []
    wrong: list[str] = []
    labels = labels_of(paths)
    for path in dict.fromkeys(paths):
        try:
            (measured,) = measured_at([path])  # one by one: of each only its medians are kept
        except StudyError as error:
            wrong.append(str(error))
            continue
        notes += damage_notes([measured])
        key = (
            measured.created,
            *(host.machine for host in measured.circumstances.hosts),
            measured.result.plan.fingerprint,
        )
        moment = replace(moment_of(measured), label=labels[path])
        if key in moments:
            notes.append(f"{path}: is a copy of {moments[key].store}, and counts once")
        else:
            moments[key] = moment
    if wrong:
        raise StudyError(" | ".join(wrong))
    course = course_of(
        list(moments.values()), standards, guests=_names(guests), configurations=_names(configurations),
        absolute=absolute, left_out=notes,
    )  # fmt: skip
    return Trend(course.moments, course.series, course.left_out, course.delta, course.confidence)


def _names(names: Sequence[str]) -> Sequence[str]:
    return [names] if isinstance(names, str) else names


def labels_of(paths: Sequence[str]) -> dict[str, str]:
    """A short name for each path: that of the file without its ending, if it tells it from all others.

    >>> labels_of(["nightly/a.sqlite", "nightly/b.sqlite", "weekly/b.sqlite"])
    {'nightly/a.sqlite': 'a', 'nightly/b.sqlite': 'nightly/b.sqlite', 'weekly/b.sqlite': 'weekly/b.sqlite'}
    """
    stems = {path: os.path.splitext(os.path.basename(path))[0] for path in paths}
    counts = Counter(stems.values())
    return {path: visible_line(stem if counts[stem] == 1 and stem else path) for path, stem in stems.items()}
