"""The cliffs of a study in words: where each lies, how high it is, and what QEMU counted on both sides. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from accelkit.document import Inline, Mono
from accelkit.recipes.domains import Int, MiB, Size
from accelkit.recipes.table import PROPERTIES
from accelkit.study.analysis.cliffs import STEEP, CliffInStudy, span
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.tidy import Summary, sliced
from accelkit.study.model import Cell
from accelkit.study.plan import Plan
from accelkit.study.report.phrases import count, interval, listed, ratio
from accelkit.study.swept import ABSENT, SweptProperty

MOST_SIZES: Final = 4
"""Sizes of a cache that a sentence lists."""


def unit_of(axis: SweptProperty) -> str:
    """The unit of a property's values, with a space before it; empty if it has none."""
    row = PROPERTIES.get(axis.name)
    domain = row.domain if row else None
    return f" {domain.unit}" if isinstance(domain, (Int, Size)) and domain.unit else ""


def cliff_words(cliff: CliffInStudy) -> Inline:
    """The cliff in words: where it lies, how high it is, what QEMU counted on both sides, and what the guest needs."""
    name, unit, step = Mono(cliff.axis.name), unit_of(cliff.axis), cliff.cliff
    slow, fast = f"{step.slow:.0f}", f"{step.fast:.0f}"  # values are whole numbers
    counts = [f"{key} {count(before)} with {slow}, {count(after)} with {fast}"
              for key, (before, after) in cliff.counters.items()]  # fmt: skip
    because = f" QEMU counted in a {cliff.per}: {listed(counts)}." if counts else ""
    upward = step.fast > step.slow
    fixed = "".join(f", {key}={value}" for key, value in cliff.fixed.items() if value != ABSENT)
    fixed = f" with {fixed[2:]}" if fixed else ""
    if cliff.code:
        because += f" The translated code takes {ratio(cliff.code / MiB)} MiB."
    subject = "a cache of translated code of" if cliff.axis.name == "tb-size" else f"{cliff.axis.name} to be"
    bound, beyond = ("at least", "A larger one") if upward else ("at most", "A smaller one")
    words: list[str] = [
        name, (f" has a cliff on {cliff.guest}{fixed}: {slow}{unit} takes {ratio(step.factor)} times as long as {fast}{unit}."
        f"{because} Of the values tried, this guest needs {subject} {bound} {fast}{unit}."),
    ]  # fmt: skip
    if cliff.more is not None:
        gain = f"gains {1 - cliff.more:.0%} at most" if cliff.more < 0.98 else "gains nothing"
        words.append(f" {beyond} {gain}.")
    low, high = sorted((step.slow, step.fast))
    if high > 1.5 * low:
        words.append(f" To locate the cliff more closely, sweep between {low:.0f} and {high:.0f}{unit}.")
    return tuple(words)


def all_slow(
    plan: Plan, comparisons: Iterable[Comparison], cliffs: Sequence[CliffInStudy]
) -> tuple[Inline, ...]:
    """For each number of which all values are much slower than a baseline that does not set it: a sentence.

    The cliff then lies outside of the values that were swept. Where ``cliffs`` has one, nothing is said.
    """
    settings = plan.settings
    compared = tuple(comparisons)
    sentences: list[Inline] = []
    for axis in plan.axes.values():
        if not axis.numeric or settings[plan.baseline][axis.name] != ABSENT:
            continue
        _, points = sliced(plan, (axis.name,))
        names = {point.name for point in points} - {plan.baseline}
        values = sorted(
            int(settings[name][axis.name]) for name in names if settings[name][axis.name] != ABSENT
        )
        for build, guest in dict.fromkeys(comparison.cell[:2] for comparison in compared):
            rows = [comparison for comparison in compared
                    if comparison.cell[:2] == (build, guest) and comparison.configuration in names]  # fmt: skip
            if any((cliff.build, cliff.guest, cliff.axis) == (build, guest, axis) for cliff in cliffs):
                continue
            if values and rows and all(row.verdict == "slower" and row.low >= STEEP for row in rows):
                best = min(rows, key=lambda row: row.ratio)
                span = f"{values[0]}{unit_of(axis)}" if len(values) == 1 else (
                    f"{values[0]} to {values[-1]}{unit_of(axis)}")  # fmt: skip
                sentences.append(("Every ", Mono(axis.name), (
                    f" tried ({span}) is on the slow side of a cliff on {guest}: the best takes {ratio(best.ratio)}"
                    f" times as long as the baseline {interval(best.low, best.high)}, which leaves it to QEMU."
                    " Try others.")))  # fmt: skip
    return tuple(sentences)


def flushed(
    plan: Plan,
    comparisons: Iterable[Comparison],
    summaries: Mapping[Cell, Summary],
    cliffs: Sequence[CliffInStudy],
) -> tuple[Inline, ...]:
    """How large a cache each guest needs, where QEMU flushed it and the times show that this costs something.

    A flush alone shows no need: a guest that changes its own code fills any cache with code that is dead. So a sentence
    follows only if each size that was flushed is slower, by its interval, than the smallest that was not.
    """
    if "tb-size" not in (axes := plan.axes) or not axes["tb-size"].numeric:
        return ()
    settings = plan.settings
    compared = {comparison.cell: comparison for comparison in comparisons}
    _, points = sliced(plan, ("tb-size",))
    sizes = {
        int(size): point for point in points if (size := settings[point.name]["tb-size"]) not in (ABSENT, "0")
    }
    sentences: list[Inline] = []
    for build in plan.builds:
        for guest in plan.guests:
            if any((cliff.build, cliff.guest, cliff.axis.name) == (build.name, guest.name, "tb-size")
                   for cliff in cliffs):  # fmt: skip
                continue
            cells = {size: Cell(build.name, guest.name, sizes[size].name) for size in sorted(sizes)}
            known = {
                size: summary
                for size, cell in cells.items()
                if (summary := summaries.get(cell)) and "tb-flushes" in summary.counters
            }
            flushes = {size: summary.counters["tb-flushes"] for size, summary in known.items()}
            small = {size: number for size, number in flushes.items() if number}
            large = [size for size in known if size > max(small, default=math.inf)]
            if not small or not large:
                continue
            spans = {size: span(plan, compared.get(cells[size]), sizes[size]) for size in (*small, large[0])}
            fast = spans.pop(large[0])
            if fast is None or any(slow is None or slow[0] <= fast[2] for slow in spans.values()):
                continue
            often = _often(small, known[large[0]].per)
            code = known[large[0]].counters.get("code-bytes")
            takes = f" Its translated code takes {ratio(code / MiB)} MiB." if code else ""
            sentences.append((
                (f"On {guest.name} the cache of translated code was full {often}, which is slower, and never with"
                f" {large[0]} MiB.{takes} Of the values tried, this guest needs a "), Mono("tb-size"),
                f" of at least {large[0]} MiB.",
            ))  # fmt: skip
    return tuple(sentences)


def _often(flushes: Mapping[int, float], per: str) -> str:
    """How often a cache of so many MiB was full; of many sizes the smallest and the largest."""
    unit = " a slice" if per == "slice" else ""
    texts = [
        f"{count(n)} {'time' if n == 1 else 'times'}{unit} with {size} MiB" for size, n in flushes.items()
    ]
    return listed(texts) if len(texts) <= MOST_SIZES else f"{texts[0]}, less often with more, {texts[-1]}"
