"""What a Tuned says in plain sentences: what to run, how sure that is, what was tried, and what would decide. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from accelkit.study.analysis.best import Best, listed, speed
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.doubts import shown
from accelkit.study.report.phrases import percent, plural
from accelkit.study.result import Result
from accelkit.study.searched import Terms
from accelkit.tuning.goals import GOALS, TIME, mebibytes
from accelkit.tuning.simpler_point import simpler
from accelkit.tuning.summary import SearchSummary

SPEED: Final = [TIME]
"""The goals of a tuning that says how much faster its pick is; with others it says what the pick costs."""


def sentences(
    best: Best, terms: Terms, result: Result, search: SearchSummary, costs: Mapping[str, Comparison | None]
) -> tuple[str, ...]:
    """What to run and by how much; which of its settings showed no effect; how sure; each guest; what was tried; and more.

    Each is a paragraph.
    """
    parts = (
        _answer(best, terms),
        _simpler(best, search, terms),
        _how_sure(best, result),
        _of_guests(costs, terms),
        _searched(search, terms),
        _what_would_decide(best),
    )
    return tuple(filter(None, parts))


def _answer(best: Best, terms: Terms) -> str:
    is_speed = [*terms.goals] == SPEED
    guests = (name if weight == 1 else f"{weight:g} × {name}" for name, weight in best.guests.items())
    where = f"with {listed(guests)} on QEMU {best.build}"
    row = best.beside_baseline
    if best.decided and best.keeps_baseline:
        more = f"Nothing is better by more than {percent(best.standards.delta)}."
        why = more if best.rivals else "No other point that was tried can be used."
        return f"Keep the baseline {best.name} {where}. {why}"
    if best.decided:
        beside = ", as the baseline cannot be used"
        if row is not None:
            beside = f": it is {speed(row)} as fast as the baseline {row.baseline}"
            if not is_speed:
                beside = f", at {_times(row)} the cost of the baseline {row.baseline} ({_goals(terms)})"
        return f"Use {best.name} {where}{beside}.{_equals(best)}"
    fastest = ""
    if best.candidates:
        beside = f", at {_times(row)} the {'time' if is_speed else 'cost'} of the baseline" if row else ""
        fastest = f" The best estimate so far is {best.name}{beside}."
    return f"Undecided {where}: {best.why}.{fastest}"


def _equals(best: Best) -> str:
    """The finalists that were not shown to be worse than the pick."""
    names = [point.name for point in best.equals if point.name != best.baseline.name]
    return f" Not shown to be slower: {listed(names)}." if names else ""


def _simpler(best: Best, search: SearchSummary, terms: Terms) -> str:
    """The point that changes less than the pick, where the search saw no difference."""
    found = simpler(best, search) if search.ended else None
    if found is None:
        return ""
    what = "time" if [*terms.goals] == SPEED else "cost"
    return (
        f"{found.name} changes less, and by the search has {shown(found.ratio)} times the {what} of the pick: no effect of the other"
        " settings was shown."
    )


def _how_sure(best: Best, result: Result) -> str:
    blocks = len({record.trial.block for record in result.records})
    if not blocks:
        return ""
    finalists = len(result.plan.configurations) - 1
    text = (
        f"{plural(finalists, 'finalist')} and the baseline ran in {plural(blocks, 'fresh block')}, in random order; "
        f"with {percent(best.standards.confidence)} confidence no interval is wrong."
    )
    return text if result.anytime is False else f"{text} {result.why_anytime}"


def _of_guests(costs: Mapping[str, Comparison | None], terms: Terms) -> str:
    """How much longer each guest takes with the joint pick than with its own best."""
    if not costs:
        return ""
    what = "time" if [*terms.goals] == SPEED else "cost"
    parts = [
        f"{guest} has none better"
        if row is None
        else f"{guest} {_times(row)} that of {row.baseline} ({row.verdict})"
        for guest, row in costs.items()
    ]
    return f"Its {what} with each guest, beside the best for that guest alone: {'; '.join(parts)}."


def _searched(search: SearchSummary, terms: Terms) -> str:
    tried, limit = len(search.tried), terms.max_rss
    text = (
        f"{'The search tried' if search.ended else 'So far the search has tried'} {tried} of"
        f" {plural(search.size, 'point')} in {plural(search.trials, 'trial')}, chosen by {search.sampler}"
    )
    if search.confirming:
        text += f"; the confirming study took {search.confirming}"
    if search.unusable:
        why = f" or took more than {mebibytes(limit)} of memory" if limit else ""
        text += f". {plural(len(search.unusable), 'point')} failed{why}"
    return f"{text}."


def _what_would_decide(best: Best) -> str:
    blocks = best.blocks_to_decide
    if best.decided or not blocks or not best.candidates:
        return ""
    names = [point.name for point in best.candidates]
    return (
        f"About {blocks} blocks would decide: study({names!r}, baseline={best.baseline.name!r}, blocks={blocks})"
        f" with these guests."
    )


def _times(row: Comparison) -> str:
    """The ratio with its interval: ``0.588 [0.571, 0.606] times``."""
    high = "∞" if math.isinf(row.high) else shown(row.high)
    return f"{shown(row.ratio)} [{shown(row.low)}, {high}] times"


def _goals(terms: Terms) -> str:
    return ", ".join(f"{name} × {terms.goals[name]:g}" for name in GOALS if name in terms.goals)
