"""The trend over many stores, as a value: the series of each configuration and guest, and what is left out. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from accelkit.errors import StudyError, nearest
from accelkit.study.across.change_points import fewest_values
from accelkit.study.across.moments import Key, Moment
from accelkit.study.across.series import Kind, Series, series_of
from accelkit.study.analysis.tidy import Row, finite
from accelkit.study.report.phrases import listed
from accelkit.study.standards import Standards


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Course:
    """Stores in order of time, and a :class:`Series` for each configuration with each guest that two of them have.

    In noise, all series together show a change with probability 1 - ``confidence`` at most; ``fewest`` is the number of
    stores that can show one. ``left_out`` says what is not in a series, and why.
    """

    moments: tuple[Moment, ...]
    series: tuple[Series, ...]
    left_out: tuple[str, ...]
    delta: float
    confidence: float

    @property
    def alpha(self) -> float:
        """The error of each series."""
        return (1 - self.confidence) / max(1, len(self.series))

    @property
    def fewest(self) -> int:
        """The fewest stores with which a change of level can be shown, in so many series."""
        return fewest_values(self.alpha)

    def slower(self, limit: float = 0.0) -> tuple[Series, ...]:
        """The series whose newest store is shown to be slower than the level before by more than the share ``limit``."""
        return tuple(
            series
            for series in self.series
            if series.newest and series.newest.verdict == "slower" and series.newest.low > 1 + limit
        )

    def failing(self) -> tuple[Series, ...]:
        """The series of which the newest store has failures only."""
        return tuple(series for series in self.series if series.fails)

    def may_be_slower(self, limit: float) -> tuple[Series, ...]:
        """Those that may be slower in the newest store by more than the share ``limit``, or of which nothing is known."""
        sure = {*map(id, self.slower(limit)), *map(id, self.failing())}
        return tuple(
            series
            for series in self.series
            if id(series) not in sure and (series.newest is None or series.newest.high > 1 + limit)
        )

    def status(self, limit: float | None = None) -> int:
        """The exit status of ``accelkit trend --fail-slower``: 1, 3 or 0; 0 without a ``limit``.

        1 if the newest store is shown to be slower by more than the share ``limit`` than the level before, or has only
        failures; 3 if that is not shown, but may be, as where there are too few stores.
        """
        if limit is None:
            return 0
        if self.slower(limit) or self.failing():
            return 1
        return 3 if self.may_be_slower(limit) or not self.series else 0

    def rows(self) -> list[Row]:
        """A dict for each point of each series, all with the same keys: its value, its interval, and its level."""
        return [row for series in self.series for row in self._rows(series)]

    def _rows(self, series: Series) -> Iterator[Row]:
        for place, point in zip(series.places, series.points, strict=True):
            moment = self.moments[place]
            level = next(level for first, last, level in series.levels if first <= place <= last)
            yield {
                "store": moment.store, "created": moment.created, "guest": series.key.guest,
                "configuration": series.key.configuration, "build": series.key.build, "kind": series.kind,
                "log": point.middle, "low": finite(point.low), "high": finite(point.high), "runs": point.runs,
                "level": level, "changes": place in {change.place for change in series.changes},
            }  # fmt: skip


def course_of(
    moments: Sequence[Moment],
    standards: Standards,
    *,
    guests: Sequence[str] = (),
    configurations: Sequence[str] = (),
    absolute: bool = False,
    left_out: Sequence[str] = (),
) -> Course:
    """The trend over ``moments``, in order of time; :func:`accelkit.study.across.trend.trend` has the arguments."""
    ordered = sorted(moments, key=lambda moment: (moment.created, moment.store))
    keys = list(
        dict.fromkeys(key for moment in reversed(ordered) for key in (*moment.values, *sorted(moment.fails)))
    )
    _refuse_unknown("guests", guests, [key.guest for key in keys])
    _refuse_unknown("configurations", configurations, [key.configuration for key in keys])
    notes = list(left_out)
    chosen: list[tuple[Key, Kind, list[int]]] = []
    for key in keys:
        if (guests and key.guest not in guests) or (
            configurations and key.configuration not in configurations
        ):
            continue
        kind, places, why = _places(key, ordered, absolute)
        notes += why
        if len(places) > 1:
            chosen.append((key, kind, places))
        else:
            where = f" in {ordered[places[0]].label}" if places else ""
            notes.append(f"{_shown(key)}: only one store has a value{where}")
    alpha = (1 - standards.confidence) / max(1, len(chosen))
    series = tuple(
        series_of(key, kind, ordered, places, alpha, standards.delta) for key, kind, places in chosen
    )
    return Course(tuple(ordered), series, tuple(dict.fromkeys(notes)), standards.delta, standards.confidence)


def _places(key: Key, moments: Sequence[Moment], absolute: bool) -> tuple[Kind, list[int], list[str]]:
    """The stores whose values of ``key`` can be compared: of the same work, by default beside the same baseline."""
    places = [place for place, moment in enumerate(moments) if key in moment.values]
    if not places:
        return "time", [], []
    work = Counter(moments[place].values[key].work for place in places).most_common(1)[0][0]
    other = [moments[place].label for place in places if moments[place].values[key].work != work]
    why = [f"guest {key.guest!r}: does other work in {listed(other)}"] if other else []
    places = [place for place in places if moments[place].values[key].work == work]
    beside = [place for place in places if moments[place].values[key].beside is not None]
    baselines = Counter(moments[place].baseline for place in beside)
    baseline = baselines.most_common(1)[0][0] if baselines else ""
    same = [place for place in beside if moments[place].baseline == baseline]
    if absolute or len(same) <= len(places) - len(beside):  # it is itself the baseline in most
        repeats = [moments[place].values[key].repetitions for place in places]
        usual = Counter(repeats).most_common(1)[0][0]
        unlike = [
            moments[place].label for place, count in zip(places, repeats, strict=True) if count != usual
        ]
        if unlike:
            why.append(f"guest {key.guest!r}: its slices have other amounts of work in {listed(unlike)}")
        return "time", [place for place, count in zip(places, repeats, strict=True) if count == usual], why
    lacking = [moments[place].label for place in places if place not in same]
    if lacking:
        why.append(f"{_shown(key)}: beside another baseline, or none, in {listed(lacking)}")
    return "beside", same, why


def _shown(key: Key) -> str:
    return f"{key.configuration!r} on {key.guest!r}{f' with QEMU {key.build}' if key.build else ''}"


def _refuse_unknown(what: str, names: Sequence[str], known: Sequence[str]) -> None:
    wrong = [name for name in names if name not in known]
    if wrong:
        raise StudyError(
            f"{what}: {listed(list(map(repr, wrong)))} in none of the stores; {nearest(wrong[0], known)}"
        )
