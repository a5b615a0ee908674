"""The cliffs of a study in words: where each is, how high, and what QEMU counted on both sides. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from accelkit.document import Inline, Mono
from accelkit.recipes.domains import Int, MiB, Size
from accelkit.recipes.table import PROPERTIES
from accelkit.study.analysis.cliffs import STEEP, CliffInStudy
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.tidy import Summary, sliced
from accelkit.study.model import Cell
from accelkit.study.plan import Plan
from accelkit.study.report.phrases import count, interval, listed, ratio
from accelkit.study.swept import ABSENT, SweptProperty

MOST_SIZES: Final = 4
"""Sizes of a cache that a sentence lists."""


def unit_of(axis: SweptProperty) -> str:
    """The unit of a property's values, with a space before it; empty where there is none."""
    row = PROPERTIES.get(axis.name)
    domain = row.domain if row else None
    return f" {domain.unit}" if isinstance(domain, (Int, Size)) and domain.unit else ""


def cliff_words(edge: CliffInStudy) -> Inline:
    """The cliff in words: where it is, how high, what was counted on both sides, and what the guest needs."""
    name, unit, drop = Mono(edge.axis.name), unit_of(edge.axis), edge.cliff
    slow, fast = f"{drop.slow:.0f}", f"{drop.fast:.0f}"  # values are whole numbers
    counted = [f"{key} {count(before)} with {slow}, {count(after)} with {fast}"
               for key, (before, after) in edge.counters.items()]  # fmt: skip
    because = f" What QEMU counted in a run says why: {listed(counted)}." if counted else ""
    upward = drop.fast > drop.slow
    if edge.code:
        because += f" Translated, its code takes {ratio(edge.code / MiB)} MiB."
    subject = "a cache of translated code of" if edge.axis.name == "tb-size" else f"{edge.axis.name} to be"
    bound, beyond = ("at least", "A larger one") if upward else ("at most", "A smaller one")
    gained = f"gains {1 - edge.more:.0%} at most" if edge.more < 0.98 else "gains nothing"
    words: list[str] = [
        name, (f" is a cliff on {edge.guest}: {slow}{unit} takes {ratio(drop.factor)} times as long as {fast}{unit}."
        f"{because} So this guest needs {subject} {bound} {fast}{unit}, of the values tried. {beyond} {gained}."),
    ]  # fmt: skip
    if max(drop.fast, drop.slow) > 1.5 * min(drop.fast, drop.slow):
        low, high = sorted((drop.slow, drop.fast))
        words.append(
            f" The edge lies between {low:.0f} and {high:.0f}{unit}: sweep there to know it more closely."
        )
    return tuple(words)


def all_slow(
    plan: Plan, comparisons: Iterable[Comparison], found: Sequence[CliffInStudy]
) -> tuple[Inline, ...]:
    """Where every value tried of a number is far behind a baseline that does not set it: the edge is outside."""
    settings = plan.settings
    known = tuple(comparisons)
    said: list[Inline] = []
    for axis in plan.axes.values():
        if not axis.numeric or settings[plan.baseline][axis.name] != ABSENT:
            continue
        _, points = sliced(plan, (axis.name,))
        names = {each.name for each in points} - {plan.baseline}
        values = sorted(
            int(settings[name][axis.name]) for name in names if settings[name][axis.name] != ABSENT
        )
        for build, guest in dict.fromkeys((each.build, each.guest) for each in known):
            here = [each for each in known
                    if (each.build, each.guest) == (build, guest) and each.configuration in names]  # fmt: skip
            if any((edge.build, edge.guest, edge.axis) == (build, guest, axis) for edge in found):
                continue
            if values and here and all(each.verdict == "slower" and each.low >= STEEP for each in here):
                best = min(here, key=lambda each: each.ratio)
                span = f"{values[0]}{unit_of(axis)}" if len(values) == 1 else (
                    f"{values[0]} to {values[-1]}{unit_of(axis)}")  # fmt: skip
                said.append(("Every ", Mono(axis.name), (f" tried ({span}) is on the slow side of a cliff on {guest}: "
                             f"the best takes {ratio(best.ratio)} times as long as the baseline "
                             f"{interval(best.low, best.high)}, which leaves it to QEMU. Try others.")))  # fmt: skip
    return tuple(said)


def flushed(
    plan: Plan, found: Mapping[Cell, Summary], edges_found: Sequence[CliffInStudy]
) -> tuple[Inline, ...]:
    """How large a cache a guest needs by QEMU's own count, where the times do not say it (yet).

    A count needs no statistics: a cache that was never emptied held all the code there was.
    """
    if "tb-size" not in (axes := plan.axes) or not axes["tb-size"].numeric:
        return ()
    settings = plan.settings
    _, points = sliced(plan, ("tb-size",))
    sizes = {
        each.name: int(size)
        for each in points
        if (size := settings[each.name]["tb-size"]) not in (ABSENT, "0")
    }
    said: list[Inline] = []
    for build in plan.builds:
        for guest in plan.guests:
            if any((edge.build, edge.guest, edge.axis.name) == (build.name, guest.name, "tb-size")
                   for edge in edges_found):  # fmt: skip
                continue
            counts = {
                size: summary.counters
                for name, size in sorted(sizes.items(), key=lambda item: item[1])
                if (summary := found.get(Cell(build.name, guest.name, name)))
                and "tb-flushes" in summary.counters
            }
            small = {size: each["tb-flushes"] for size, each in counts.items() if each["tb-flushes"]}
            large = [size for size in counts if size > max(small, default=math.inf)]
            if small and large:
                often = _often(small)
                code = counts[large[0]].get("code-bytes")
                takes = f" Translated, its code takes {ratio(code / MiB)} MiB." if code else ""
                said.append((
                    (f"By QEMU's own count on {guest.name} the cache of translated code was full {often}, and never with"
                    f" {large[0]} MiB.{takes} This guest needs a "), Mono("tb-size"), (f" of at least {large[0]} MiB, of"
                    " the values tried, whatever the times say."),
                ))  # fmt: skip
    return tuple(said)


def _often(flushes: Mapping[int, float]) -> str:
    """How often a cache of so many MiB was full; of many sizes the smallest and the largest."""
    texts = [f"{count(n)} {'time' if n == 1 else 'times'} with {size} MiB" for size, n in flushes.items()]
    return listed(texts) if len(texts) <= MOST_SIZES else f"{texts[0]}, less often with more, {texts[-1]}"
