"""What a Tuned says in plain sentences: what to run, how sure that is, what was tried, and what would decide. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from accelkit.study.analysis.best import listed, speed
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.doubts import shown
from accelkit.study.report.phrases import percent, plural
from accelkit.tuning.goals import TIME, mebibytes

if TYPE_CHECKING:
    from accelkit.tuning.tuned import Tuned


def sentences(tuned: Tuned) -> tuple[str, ...]:
    """What to run and by how much; how sure; each guest; what was tried; what would decide. Each is a paragraph."""
    return tuple(filter(None, _parts(tuned)))


def _parts(tuned: Tuned) -> Iterator[str]:
    yield _answer(tuned)
    yield _how_sure(tuned)
    yield _of_guests(tuned)
    yield _searched(tuned)
    yield _what_would_decide(tuned)


def _answer(tuned: Tuned) -> str:
    is_speed = [*tuned.terms.goals] == [TIME]
    guests = (name if weight == 1 else f"{weight:g} × {name}" for name, weight in tuned.guests.items())
    where = f"with {listed(guests)} on QEMU {tuned.build}"
    row = tuned.beside_baseline
    if tuned.decided and tuned.keeps_baseline:
        more = f"Nothing is better by more than {percent(tuned.standards.delta)}."
        why = more if tuned.rivals else "No other point that was tried can be used."
        return f"Keep the baseline {tuned.name} {where}. {why}"
    if tuned.decided:
        beside = ", as the baseline cannot be used"
        if row is not None:
            beside = f": it is {speed(row)} as fast as the baseline {row.baseline}"
            if not is_speed:
                beside = f", at {_times(row)} the cost of the baseline {row.baseline} ({_goals(tuned)})"
        return f"Use {tuned.name} {where}{beside}.{_equals(tuned)}"
    fastest = ""
    if tuned.candidates:
        beside = f", at {_times(row)} the {'time' if is_speed else 'cost'} of the baseline" if row else ""
        fastest = f" The best estimate so far is {tuned.name}{beside}."
    return f"Undecided {where}: {tuned.why}.{fastest}"


def _equals(tuned: Tuned) -> str:
    """The finalists that were not shown to be worse than the pick."""
    names = [point.name for point in tuned.equals if point.name != tuned.baseline.name]
    return f" Not shown to be slower: {listed(names)}." if names else ""


def _how_sure(tuned: Tuned) -> str:
    blocks = len({record.trial.block for record in tuned.result.records})
    if not blocks:
        return ""
    finalists = len(tuned.result.plan.configurations) - 1
    text = (
        f"{plural(finalists, 'finalist')} and the baseline ran in {plural(blocks, 'fresh block')}, in random order; "
        f"with {percent(tuned.standards.confidence)} confidence no interval is wrong."
    )
    return text if tuned.result.anytime is False else f"{text} {tuned.result.why_anytime}"


def _of_guests(tuned: Tuned) -> str:
    """How much longer each guest takes with the joint pick than with its own best."""
    if not tuned.costs:
        return ""
    what = "time" if [*tuned.terms.goals] == [TIME] else "cost"
    parts = [
        f"{guest} has none better"
        if row is None
        else f"{guest} {_times(row)} that of {row.baseline} ({row.verdict})"
        for guest, row in tuned.costs.items()
    ]
    return f"Its {what} with each guest, beside the best for that guest alone: {'; '.join(parts)}."


def _searched(tuned: Tuned) -> str:
    search = tuned.search
    tried, limit = len(search.tried), tuned.terms.max_rss
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


def _what_would_decide(tuned: Tuned) -> str:
    blocks = tuned.blocks_to_decide
    if tuned.decided or not blocks or not tuned.candidates:
        return ""
    names = [point.name for point in tuned.candidates]
    return (
        f"About {blocks} blocks would decide: study({names!r}, baseline={tuned.baseline.name!r}, blocks={blocks})"
        f" with these guests."
    )


def _times(row: Comparison) -> str:
    """The ratio with its interval: ``0.588 [0.571, 0.606] times``."""
    high = "∞" if math.isinf(row.high) else shown(row.high)
    return f"{shown(row.ratio)} [{shown(row.low)}, {high}] times"


def _goals(tuned: Tuned) -> str:
    return ", ".join(f"{name} × {weight:g}" for name, weight in tuned.terms.goals.items())
