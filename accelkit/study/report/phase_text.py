"""Which phase of a guest's run a configuration changed, as a sentence for each configuration. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from accelkit.document import Inline, Mono
from accelkit.study.analysis.analysis import Analysis
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.settings import label
from accelkit.study.report.phrases import listed, times

MOST_SENTENCES: Final = 3
"""Configurations of one guest on one build of which there is a sentence: those with the largest effects on a phase."""


def phase_sentences(result: Analysis) -> list[Inline]:
    """What the phases say of each guest that has some, the configurations with the largest effects first.

    Only configurations that are faster or slower in some phase have a sentence.
    """
    return [sentence for groups in _groups(result) for sentence in groups]


def _groups(result: Analysis) -> Iterator[list[Inline]]:
    points = {point.name: point for point in result.plan.configurations}
    whole = {comparison.cell: comparison for comparison in result.comparisons}
    by_run: dict[tuple[str, str], dict[str, list[Comparison]]] = {}
    for row in result.phase_comparisons:
        if row.phase is not None:
            configurations = by_run.setdefault((row.build, row.phase.guest), {})
            configurations.setdefault(row.configuration, []).append(row)
    for (build, guest), configurations in by_run.items():
        decided = {name: rows for name, rows in configurations.items() if _effect(rows)}
        first = sorted(decided, key=lambda name: -_effect(decided[name]))[:MOST_SENTENCES]
        several = len(result.plan.builds) > 1
        sentences: list[Inline] = []
        for name in first:
            rows = decided[name]
            run = whole.get(rows[0].cell._replace(guest=guest))
            subject = Mono(label(points[name], points[result.plan.baseline]))
            where = f" on {guest}{f', {build}' if several else ''}"
            overall = "" if run is None else f", as a whole {_words(run)}"
            sentences.append((subject, f"{where}{overall}: {listed([_phase(row) for row in rows])}."))
        yield sentences


def _effect(rows: Sequence[Comparison]) -> float:
    """The largest difference that is sure, as a logarithm; 0 if no phase is faster or slower."""
    return max((abs(math.log(row.ratio)) for row in rows if row.verdict in ("faster", "slower")), default=0.0)


def _phase(row: Comparison) -> str:
    return f"{row.phase.name if row.phase else row.guest} {_words(row)}"


def _words(row: Comparison) -> str:
    """A comparison in a few words: ``17.1 times as long``."""
    if not row.pairs:
        return "without a value"
    match row.verdict:
        case "faster" | "slower":
            return times(row.ratio, row.low, row.high)[0].removesuffix(" as")
        case "no difference":
            return "no difference"
        case "undecided":
            return "undecided"
