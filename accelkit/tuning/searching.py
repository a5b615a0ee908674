"""The search of a tuning, run: blocks are chosen when a host asks for one, their trials stored as they arrive."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from accelkit.errors import StudyError
from accelkit.host.identity import Host
from accelkit.measure.outcome import CAUSES
from accelkit.study.model import Cell, Configuration, Record, Trial
from accelkit.study.plan import Plan, in_random_order
from accelkit.study.runner import ENDS_A_STUDY
from accelkit.study.schedule import TimedBlock
from accelkit.study.searched import PointTrial, SearchBlock, Terms, TriedPoint
from accelkit.study.store.search import NO_HOSTS, SearchWriter
from accelkit.tuning.goals import broken, score
from accelkit.tuning.points import TuningPoints
from accelkit.tuning.search.evaluations import Evaluation
from accelkit.tuning.search.search import Search


@dataclass(slots=True)
class _Flight:
    """A block that is being measured: its trials without a record, and the records so far."""

    block: SearchBlock
    waiting: dict[str, PointTrial]
    records: list[Record] = field(default_factory=list[Record])
    is_stored: bool = False
    trials: int = field(init=False)

    def __post_init__(self) -> None:
        self.trials = len(self.waiting) + len(self.records)


class Incumbent(NamedTuple):
    """The best point so far: its name, its cost as a multiple of the baseline's, and the spread of that as a logarithm.

    The name is empty before there is one, the numbers are None where they are unknown.
    """

    name: str
    ratio: float | None
    spread: float | None


class Searching:
    """One call's part of a search: what it measures, and how far it is.

    ``trials`` is the most trials of the whole search, None without a limit, ``is_over`` says of the
    number of trials that are done that its time is. Blocks that an earlier call
    began come first, as they were planned. ``done`` counts the trials that are stored, ``planned`` also those that are
    handed out; ``next_block`` is the number that the next block gets. ``incumbent`` is the best point when the
    last block was chosen, which has it; empty before there is one.
    """

    def __init__(
        self,
        plan: Plan,
        terms: Terms,
        points: TuningPoints,
        search: Search,
        store: SearchWriter,
        trials: int | None,
        is_over: Callable[[int], bool],
    ) -> None:
        self._plan, self._terms, self._points, self._search, self._store = plan, terms, points, search, store
        self._trials, self._decide = trials, is_over
        self._has_ended = False
        self._tried = {point.place: point for point in store.points()}
        self._places = {point.name: point.place for point in self._tried.values()}
        self._by_number = {point.number: point.place for point in self._tried.values()}
        self._stored = set(self._by_number)
        self._reasons: dict[int, str] = {}
        self._scored: set[int] = set()
        self._flights: dict[int, _Flight] = {}
        self._unfinished: deque[_Flight] = deque()
        latest = {record.trial.id: record for record in store.records()}
        self.done = self.planned = len(latest)
        self._has_value = any(record.ok for record in latest.values())
        self.next_block = 0
        self.incumbent = Incumbent("", None, None)
        blocks = store.blocks()
        self._last = max(
            (*self._by_number, *(number for block in blocks for number in block.points)), default=0
        )
        self._resume(latest, blocks)

    def blocks(self) -> Iterator[Sequence[Trial]]:
        """The trials of each block, chosen when a host asks for one, until the budget of the search ends."""
        while not self._is_over():
            flight = self._unfinished.popleft() if self._unfinished else self._chosen()
            if flight is None:
                return
            self._flights[flight.block.number] = flight
            yield TimedBlock([*flight.waiting.values()], self._is_over)

    def keep(self, records: Sequence[Record], hosts: Mapping[str, Host] = NO_HOSTS) -> None:
        """Store records that arrived together, and tell the search of the blocks that they end.

        Raises StudyError for a record of no trial that was handed out; and, once all are stored, for one that says that
        the next trial would fail, too, and for a first block without a value.
        """
        known: list[Record] = []
        new_points: dict[int, TriedPoint] = {}
        new_blocks: dict[int, SearchBlock] = {}
        for record in records:
            flight = self._flights.get(record.trial.block)
            if flight is None or flight.waiting.pop(record.trial.id, None) is None:
                break
            known.append(record)
            if not flight.is_stored:
                flight.is_stored = True
                new_blocks[flight.block.number] = flight.block
                new_points |= {
                    number: self._tried[self._by_number[number]]
                    for number in flight.block.points
                    if number not in self._stored
                }
        if known:
            self._store.append(known, new_points.values(), new_blocks.values(), hosts)
        self._stored |= set(new_points)
        for record in known:
            self._count(record)
        if len(known) < len(records):
            identity = records[len(known)].trial.id
            raise StudyError(f"trial {identity} was not requested, or has a second record; correct measure=")

    @property
    def tried(self) -> int:
        """The number of points that were tried."""
        return len(self._stored)

    def missing(self) -> int:
        """How many trials were handed out and have no record; 0 once time is over, when some never began."""
        return 0 if self._is_over() else sum(len(flight.waiting) for flight in self._flights.values())

    def found(self) -> tuple[TriedPoint, ...]:
        """The points that were tried, with what was found out of them: estimates beside the baseline, why one was dropped."""
        scored = [place for place in self._tried if place in self._scored]
        start = self._points.start
        means: dict[int, tuple[float, float]] = {}
        if start in self._scored and self._points.has_baseline:
            ratios, spreads = self._search.estimate(scored, beside=start)
            means = dict(zip(scored, zip(map(float, ratios), map(float, spreads), strict=True), strict=True))
        reasons = {**self._search.dropped, **self._reasons}
        return tuple(
            replace(
                point,
                ratio=means[place][0] if place in means else None,
                spread=means[place][1] if place in means else None,
                dropped=reasons.get(place, ""),
            )
            for place, point in self._tried.items()
            if point.number in self._stored
        )

    def finalists(self, most: int) -> list[Configuration]:
        """The best points besides the baseline, at most so many, none of which failed or broke a constraint."""
        usable = self._scored - self._reasons.keys()
        if self._points.has_baseline:
            usable.discard(self._points.start)
        places = [place for place in self._search.finalists(most + 1) if place in usable][:most]
        if not places and usable:  # the search is sure of the baseline: that is to be confirmed, too
            places = [self._search.best_of(usable)]
        return [self._points.configuration(place) for place in places]

    def _is_over(self) -> bool:
        """Whether the time of the search is over; once it is, it stays so."""
        self._has_ended = self._has_ended or self._decide(self.done)
        return self._has_ended

    def _resume(self, latest: Mapping[str, Record], blocks: Iterable[SearchBlock]) -> None:
        """Tell the search of all blocks that have their records; the others are to be finished first."""
        by_block: defaultdict[int, list[Record]] = defaultdict(list)
        for record in latest.values():
            by_block[record.trial.block].append(record)
        for block in blocks:
            waiting = {trial.id: trial for trial in self._trials_of(block)}
            done = [record for record in by_block[block.number] if record.done]
            for record in done:
                waiting.pop(record.trial.id, None)
            if waiting:
                self._unfinished.append(_Flight(block, waiting, done, is_stored=True))
                self.done -= len(by_block.pop(block.number)) - len(done)
                self.planned = self.done
        self.planned = self.done + sum(len(flight.waiting) for flight in self._unfinished)
        self.next_block = (
            max((*by_block, *(flight.block.number for flight in self._unfinished)), default=-1) + 1
        )
        for number in sorted(by_block):
            self._tell(number, by_block[number])

    def _chosen(self) -> _Flight | None:
        """The next block, as the search chooses it; None at the end of its budget."""
        pending = [
            self._by_number[number] for flight in self._flights.values() for number in flight.block.points
        ]
        places = [place for place in self._search.ask(self.next_block, pending) if self._points.allows(place)]
        most = math.inf if self._trials is None else self._trials
        is_settled = self._search.is_settled  # asked now: it judges what the block was chosen from
        if not places or is_settled or self.planned + len(places) * len(self._plan.guests) > most:
            return None
        block = SearchBlock(self.next_block, self.planned, tuple(map(self._number, places)))
        self.incumbent = self._incumbent(places[0])
        waiting = {trial.id: trial for trial in self._trials_of(block)}
        self.next_block += 1
        self.planned += len(waiting)
        return _Flight(block, waiting)

    def _incumbent(self, place: int) -> Incumbent:
        """The point with which the search begins a block, beside the baseline as it knows both by now."""
        name, start = self._tried[place].name, self._points.start
        if not {place, start} <= self._scored or not self._points.has_baseline:
            return Incumbent(name if place in self._scored else "", None, None)
        logs, spreads = self._search.estimate([place], beside=start)
        return Incumbent(name, math.exp(float(logs[0])), float(spreads[0]))

    def _number(self, place: int) -> int:
        """The number of a point; it gets the next one if it was never tried."""
        if place not in self._tried:
            point = self._points.configuration(place)
            self._last = number = self._last + 1
            self._tried[place] = TriedPoint(number, place, point.name, point.argv, point.code)
            self._places[point.name] = place
            self._by_number[number] = place
        return self._tried[place].number

    def _trials_of(self, block: SearchBlock) -> Iterator[PointTrial]:
        build = self._plan.builds[0].name
        places = [self._by_number[number] for number in block.points if number in self._by_number]
        points = {self._tried[place].name: self._points.configuration(place) for place in places}
        cells = (Cell(build, guest.name, name) for name in points for guest in self._plan.guests)
        for position, cell in enumerate(
            in_random_order(cells, self._plan.seed, block.number), block.position
        ):
            yield PointTrial(*cell, block.number, position, points[cell.configuration])

    def _count(self, record: Record) -> None:
        self.done += 1
        self._has_value = self._has_value or record.ok
        flight = self._flights[record.trial.block]
        flight.records.append(record)
        if record.cause in ENDS_A_STUDY:
            raise StudyError(
                f"{record.cause}: {record.why}; all records are stored: {CAUSES[record.cause].remedy},"
                " then run the same again"
            )
        if len(flight.records) < flight.trials:
            return
        del self._flights[record.trial.block]
        self._tell(record.trial.block, flight.records)
        if not self._has_value:
            raise StudyError(
                f"block {record.trial.block}: none of its {len(flight.records)} trials gave a value; the last:"
                f" {record.cause}: {record.why}. The store has them all: see its view searched"
            )

    def _tell(self, block: int, records: Iterable[Record]) -> None:
        of_points: defaultdict[int, list[Record]] = defaultdict(list)
        for record in records:
            place = self._places[record.trial.configuration]
            of_points[place].append(record)
            if why := broken(record, self._terms):
                self._reasons.setdefault(place, why)
        scores = {place: score(parts, self._terms) for place, parts in of_points.items()}
        self._scored |= {place for place, value in scores.items() if value is not None}
        self._search.tell(Evaluation(place, block, value) for place, value in sorted(scores.items()))
