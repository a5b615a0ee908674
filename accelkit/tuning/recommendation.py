"""What a tuning recommends, from the records of its search and of its confirming study. Pure.

The confirming study has fresh blocks: the luck that made a point a finalist is not in them. What it decides by the rule of
:mod:`accelkit.study.analysis.pick` is recommended: a finalist that was shown to be slower than no other by more than
delta, or the baseline. Among finalists that are alike it decides none; then the best estimate from both parts is
recommended: of each finalist the mean of the logarithms of its ratios to the baseline within the confirming blocks, and
what the search estimated, each weighted by the inverse of its variance. The study bears that out if by its verdicts the
pick is faster than the baseline, and no other finalist faster than the pick. All verdicts are wrong with the probability
1 - confidence at the most, whichever finalist is picked, so this holds for the pick, too.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import fmean, variance
from typing import Final, NamedTuple

from accelkit.study.analysis.best import Best
from accelkit.study.analysis.compare import Comparison, compare_pairs
from accelkit.study.analysis.panel import over_guests, panel
from accelkit.study.model import Cell, Record
from accelkit.study.result import Result
from accelkit.study.searched import Terms, TriedPoint
from accelkit.tuning.finalists import costs_of, latest_of, point_levels, reasons_of
from accelkit.tuning.goals import TIME, cost

FEWEST: Final = 2
"""While it is searched, a point that was measured in fewer blocks is not recommended."""


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
        best = _of_search(best, terms, before, tried, reasons)
    elif not best.decided or not is_over:
        best = _estimated(best, usable, terms, tried, is_over=is_over)
    costs: dict[str, Comparison | None] = {}
    if len(terms.weights) > 1 and best.candidates:
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
) -> Best:
    """``best``, of which nothing was confirmed, with the point that is best by the search alone."""
    found = point_levels(searched, terms)
    known = {name: level.value for name, level in found.items() if level.blocks >= FEWEST or len(found) < 2}
    points = {point.name: point for point in tried}
    others = known.keys() - {best.baseline.name}
    if not others and best.baseline.name in known and len(reasons) == len(points) - 1:
        return replace(best, decided=True, candidates=(best.baseline,), why="")
    name = min(known, key=lambda name: (known[name], name), default=best.baseline.name)
    point = best.baseline if name == best.baseline.name else points[name].configuration
    why = "the search has not ended" if searched else "nothing has been measured yet"
    return replace(best, configuration=point, decided=False, candidates=(point,) if known else (), why=why)


def _estimated(
    best: Best, usable: Result, terms: Terms, tried: Sequence[TriedPoint], *, is_over: bool
) -> Best:
    """``best`` with the candidate that is best by search and confirming study together, and whether that was borne out."""
    candidates = {point.name: point for point in best.candidates}
    estimates = together(usable.trials, terms, best.baseline.name, tried)
    known = {name: estimates[name] for name in candidates if name in estimates}
    why = best.why or "the confirming study has not ended"
    if not known:
        return replace(best, decided=False, why=why)
    name = min(known, key=lambda name: (known[name], name != best.baseline.name, name))
    rivals = best.rivals if name == best.name else _rivals(usable, best, name)
    base = best.baseline.name
    is_faster = base not in candidates or any(
        row.baseline == base and row.verdict == "faster" for row in rivals
    )
    is_borne_out = is_over and name != base and is_faster and all(row.verdict != "slower" for row in rivals)
    return replace(
        best,
        configuration=candidates[name],
        decided=is_borne_out,
        rivals=rivals,
        why="" if is_borne_out else why,
    )


def together(
    records: Iterable[Record], terms: Terms, baseline: str, tried: Iterable[TriedPoint]
) -> dict[str, float]:
    """Of each configuration the logarithm of its cost as a multiple of the baseline's, by both parts together.

    ``records`` are those of the confirming study, ``tried`` has the estimates of the search.
    """
    plain = replace(terms, goals={TIME: 1.0}, max_rss=None)  # the values are costs already
    blocks: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for name, block, value in costs_of(records, plain):
        blocks[name][block] = value
    before = {point.name: (point.ratio, point.spread) for point in tried}
    estimates: dict[str, float] = {baseline: 0.0} if baseline in blocks else {}
    for name, values in blocks.items():
        logs = [
            value - blocks[baseline][block] for block, value in values.items() if block in blocks[baseline]
        ]
        if name == baseline or not logs:
            continue
        mean, ratio, spread = fmean(logs), *before.get(name, (None, None))
        if ratio is None or not spread or len(logs) < FEWEST:
            estimates[name] = mean
        else:
            of_mean, of_search = variance(logs) / len(logs) or 1e-12, spread**2
            weights = 1 / of_mean, 1 / of_search
            estimates[name] = (weights[0] * mean + weights[1] * ratio) / sum(weights)
    return estimates


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
