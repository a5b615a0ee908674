"""What a tuning recommends, from the records of its search and of its confirming study. Pure.

The confirming study has fresh blocks: the luck that made a point a finalist is not in them. What it decides by the rule of
:mod:`accelkit.study.analysis.pick` is recommended: a finalist that was shown to be slower than no other by more than
delta, or the baseline. Among finalists that are alike it decides none; then the best of them by the response surface of all
trials of both parts is recommended. The study bears that out if by its verdicts the pick is faster than the baseline, and
no other finalist faster than the pick. All verdicts are wrong with the probability 1 - confidence at the most, whichever
finalist is picked, so this holds for the pick, too.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from accelkit.study.analysis.best import Best
from accelkit.study.analysis.compare import Comparison, compare_pairs
from accelkit.study.analysis.panel import over_guests, panel
from accelkit.study.model import Cell, Configuration, Record
from accelkit.study.result import Result
from accelkit.study.searched import Terms, TriedPoint
from accelkit.tuning.finalists import costs_of, latest_of, reasons_of
from accelkit.tuning.goals import TIME, cost
from accelkit.tuning.search.evaluations import Evaluation
from accelkit.tuning.search.picking import pick_of
from accelkit.tuning.search.search import Search


class Recommendation(NamedTuple):
    """What is recommended, why points cannot be used, and the pick with each guest beside what is best with that alone."""

    best: Best
    reasons: Mapping[str, str]
    costs: Mapping[str, Comparison | None]


def recommended(
    result: Result, terms: Terms, searched: Iterable[Record], tried: Sequence[TriedPoint], *, is_over: bool
) -> Recommendation:
    """The recommendation of a tuning: ``result`` is its confirming study, ``is_over`` says that it was run to its end."""
    before = latest_of(searched)
    records = [*before, *result.trials]
    reasons = reasons_of(records, terms)
    usable = replace(result, records=tuple(_usable(result.trials, terms, reasons)))
    best = usable.pick(weights=terms.weights)
    best = replace(best, excluded={name: reasons.get(name, why) for name, why in best.excluded.items()})
    if not result.trials:
        best = _of_search(best, terms, before, tried, reasons, is_over=is_over)
    elif not best.decided or not is_over:
        best = _estimated(best, usable, terms, before, tried, is_over=is_over)
    costs: dict[str, Comparison | None] = {}
    if len(terms.weights) > 1 and best.candidates and result.trials:
        costs = {guest: _beside_own(usable, guest, best) for guest in terms.weights}
    return Recommendation(best, reasons, costs)


def _usable(records: Iterable[Record], terms: Terms, reasons: Mapping[str, str]) -> Iterator[Record]:
    """The records with what is to be small as their value; without a value where the point cannot be used."""
    for record in records:
        if record.trial.configuration in reasons or not record.ok:
            yield replace(record, value=None)
        elif [*terms.goals] == [TIME]:
            yield record
        else:
            yield replace(record, value=math.exp(cost(record, terms.goals)))


def _of_search(
    best: Best,
    terms: Terms,
    searched: Sequence[Record],
    tried: Sequence[TriedPoint],
    reasons: Mapping[str, str],
    *,
    is_over: bool,
) -> Best:
    """``best``, of which nothing was confirmed, with the point that is best by the search alone."""
    usable = {name for name, _, _ in costs_of(searched, terms)} - reasons.keys()
    if not usable:
        why = "no point that was tried can be used" if searched else "nothing has been measured yet"
        return replace(best, decided=False, candidates=(), why=why)
    if is_over and usable == {best.baseline.name}:
        return replace(best, decided=True, candidates=(best.baseline,), why="")
    point = _best_of(usable, best.baseline, tried, costs_of(searched, terms))
    why = "nothing has been confirmed: no trials were left for it" if is_over else "the search has not ended"
    return replace(best, configuration=point, decided=False, candidates=(point,), why=why)


def _estimated(
    best: Best,
    usable: Result,
    terms: Terms,
    searched: Sequence[Record],
    tried: Sequence[TriedPoint],
    *,
    is_over: bool,
) -> Best:
    """``best`` with the candidate that is best by search and confirming study together, and whether that was borne out."""
    candidates = {point.name: point for point in best.candidates}
    plain = replace(terms, goals={TIME: 1.0}, max_rss=None)  # the values of usable trials are costs already
    fresh = [*costs_of(usable.trials, plain)]
    known = {name for name, _, _ in fresh} & candidates.keys()
    why = best.why or "the confirming study has not ended"
    if not known:
        return replace(best, decided=False, why=why)
    name = _best_of(known, best.baseline, tried, costs_of(searched, terms), fresh).name
    rivals = best.rivals if name == best.name else _rivals(usable, best, name)
    base = best.baseline.name
    row = next((rival for rival in rivals if rival.baseline == base), None)
    if name != best.name and row is not None and row.verdict != "faster":
        why = f"{name} is not shown to be faster than {base} ({row.why or f'it is {row.verdict}'})"
    is_faster = base not in candidates or (row is not None and row.verdict == "faster")
    is_borne_out = is_over and name != base and is_faster and all(row.verdict != "slower" for row in rivals)
    return replace(
        best,
        configuration=candidates[name],
        decided=is_borne_out,
        rivals=rivals,
        why="" if is_borne_out else why,
    )


def _best_of(
    names: Collection[str],
    baseline: Configuration,
    tried: Iterable[TriedPoint],
    searched: Iterable[tuple[str, int, float]],
    fresh: Iterable[tuple[str, int, float]] = (),
) -> Configuration:
    """The best of the points of these names by the response surface of all costs: ``(name, block, logarithm)``.

    ``fresh`` are those of the confirming study, if there are any.
    """
    known = {baseline.name: baseline, **{point.name: point.configuration for point in tried}}
    numbers = {name: number for number, name in enumerate(known)}
    points = [*known.values()]

    def evaluations(costs: Iterable[tuple[str, int, float]]) -> Iterator[Evaluation]:
        return (Evaluation(numbers[name], block, value) for name, block, value in costs if name in numbers)

    search = Search(points, baseline=0, budget=1)
    search.tell(evaluations(searched))
    confirming = [row for row in evaluations(fresh) if points[row.point].name in names]
    if confirming:
        return points[pick_of(search, confirming)]
    return points[search.best_of(numbers[name] for name in names)]


def _rivals(usable: Result, best: Best, name: str) -> tuple[Comparison, ...]:
    """The candidate ``name`` against each other one, the fastest of them first."""
    table = panel(usable.trials)
    guest = ", ".join(best.guests)
    if len(best.guests) > 1:
        table = over_guests(table, best.build, best.guests, guest)
    own = Cell(best.build, guest, name)
    others = [own._replace(configuration=point.name) for point in best.candidates if point.name != name]
    compared = len(usable.plan.configurations) - 1
    rows = compare_pairs(table, [(own, other) for other in others], best.standards, family=max(1, compared))
    return tuple(sorted(rows, key=lambda row: math.inf if math.isnan(row.ratio) else -row.ratio))


def _beside_own(usable: Result, guest: str, best: Best) -> Comparison | None:
    """The pick with one guest beside the configuration that is fastest with that guest; None where that is the pick."""
    own = usable.pick(guest)
    if own.name == best.name or not own.candidates:
        return None
    table = panel([record for record in usable.trials if record.trial.guest == guest])
    cells = Cell(best.build, guest, best.name), Cell(best.build, guest, own.name)
    compared = (len(usable.plan.configurations) - 1) * len(usable.plan.guests)
    return compare_pairs(table, [cells], best.standards, family=max(1, compared))[0]
