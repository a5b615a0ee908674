"""The cliffs in a study: a number of which too little, or too much, costs many times the time. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from accelkit.domains import Int, MiB, Size
from accelkit.study.cliff import Cliff, cliff
from accelkit.study.document import Mono, Words
from accelkit.study.plan import Plan
from accelkit.study.stats import Comparison
from accelkit.study.tidy import ABSENT, Axis, Summary, axes_of, settings_of, sliced, telling_counters
from accelkit.study.trial import Arm, Configuration
from accelkit.study.words import count, interval, listed, ratio
from accelkit.table import PROPERTIES

STEEP: Final = 1.5
"""How many times as long one step must take to be worth a sentence."""

SAID: Final = 3
"""So many counters are named in a sentence, and no more."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A cliff along ``axis`` with one guest on one build; ``counters`` are medians before and behind it."""

    build: str
    guest: str
    axis: Axis
    fixed: Mapping[str, str]
    cliff: Cliff
    counters: Mapping[str, tuple[float, float]]
    more: float  # time at the best value beyond the edge, as a share of that at the edge
    code: float | None  # bytes of translated code behind the edge, where nothing was flushed

    def position(self, values: Sequence[str]) -> float:
        """Where the edge lies among ``values``, 0.5 being between the first and the second."""
        slow, fast = (values.index(str(int(end))) for end in (self.cliff.slow, self.cliff.fast))
        return (slow + fast) / 2


def edges(
    plan: Plan,
    comparisons: Iterable[Comparison],
    found: Mapping[Arm, Summary],
    at: Mapping[str, str] | None = None,
) -> tuple[Edge, ...]:
    """The cliffs along all properties that are numbers, where the intervals of both sides are apart."""
    known = {each.arm: each for each in comparisons}
    settings = settings_of(plan)
    edges_found: list[Edge] = []
    for axis in axes_of(plan).values():
        if not axis.numeric:
            continue
        fixed, points = sliced(plan, (axis.name,), at)
        values = {
            int(v): each for each in points if (v := settings[each.name][axis.name]) not in (ABSENT, "0")
        }
        for build in plan.builds:
            for guest in plan.guests:
                spans = {
                    value: span
                    for value, each in values.items()
                    if (span := _span(plan, known.get(Arm(build.name, guest.name, each.name)), each))
                }
                drop = cliff(list(spans), [middle for _, middle, _ in spans.values()], least=STEEP)
                if drop is None or not spans[int(drop.slow)][0] > spans[int(drop.fast)][2]:
                    continue
                ends = [found.get(Arm(build.name, guest.name, values[int(end)].name))
                        for end in (drop.slow, drop.fast)]  # fmt: skip
                sign = 1 if drop.fast > drop.slow else -1
                beyond = [
                    middle for value, (_, middle, _) in spans.items() if sign * (value - drop.fast) >= 0
                ]
                edges_found.append(Edge(
                    build.name, guest.name, axis, fixed, drop,
                    _apart(telling_counters(found, build.name, guest.name), *ends),
                    min(beyond) / spans[int(drop.fast)][1], _code(axis, ends[1]),
                ))  # fmt: skip
    return tuple(edges_found)


def _span(plan: Plan, known: Comparison | None, point: Configuration) -> tuple[float, float, float] | None:
    """Low, middle and high; the baseline's own are 1."""
    if point.name == plan.baseline:
        return 1.0, 1.0, 1.0
    return (known.low, known.ratio, known.high) if known and known.pairs else None


def _apart(
    names: Sequence[str], slow: Summary | None, fast: Summary | None
) -> dict[str, tuple[float, float]]:
    if slow is None or fast is None:
        return {}
    both = [name for name in names if name in slow.counters and name in fast.counters]
    pairs = {name: (slow.counters[name], fast.counters[name]) for name in both}
    return dict([(name, pair) for name, pair in pairs.items() if pair[0] != pair[1]][:SAID])


def _code(axis: Axis, behind: Summary | None) -> float | None:
    if axis.name != "tb-size" or behind is None or behind.counters.get("tb-flushes") != 0:
        return None
    return behind.counters.get("code-bytes")


def unit_of(axis: Axis) -> str:
    """The unit of a property's values, with a space before it; empty where there is none."""
    row = PROPERTIES.get(axis.name)
    domain = row.domain if row else None
    return f" {domain.unit}" if isinstance(domain, (Int, Size)) and domain.unit else ""


def edge_words(edge: Edge) -> Words:
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


def all_slow(plan: Plan, comparisons: Iterable[Comparison], found: Sequence[Edge]) -> tuple[Words, ...]:
    """Where every value tried of a number is far behind a baseline that does not set it: the edge is outside."""
    settings = settings_of(plan)
    known = tuple(comparisons)
    said: list[Words] = []
    for axis in axes_of(plan).values():
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


def flushed(plan: Plan, found: Mapping[Arm, Summary], edges_found: Sequence[Edge]) -> tuple[Words, ...]:
    """How large a cache a guest needs by QEMU's own count, where the times do not say it (yet).

    A count needs no statistics: a cache that was never emptied held all the code there was.
    """
    if "tb-size" not in (axes := axes_of(plan)) or not axes["tb-size"].numeric:
        return ()
    settings = settings_of(plan)
    _, points = sliced(plan, ("tb-size",))
    sizes = {
        each.name: int(size)
        for each in points
        if (size := settings[each.name]["tb-size"]) not in (ABSENT, "0")
    }
    said: list[Words] = []
    for build in plan.builds:
        for guest in plan.guests:
            if any((edge.build, edge.guest, edge.axis.name) == (build.name, guest.name, "tb-size")
                   for edge in edges_found):  # fmt: skip
                continue
            counts = {
                size: summary.counters
                for name, size in sorted(sizes.items(), key=lambda item: item[1])
                if (summary := found.get(Arm(build.name, guest.name, name)))
                and "tb-flushes" in summary.counters
            }
            small = {size: each["tb-flushes"] for size, each in counts.items() if each["tb-flushes"]}
            large = [size for size in counts if size > max(small, default=math.inf)]
            if small and large:
                often = listed([f"{count(number)} times with {size} MiB" for size, number in small.items()])
                code = counts[large[0]].get("code-bytes")
                takes = f" Translated, its code takes {ratio(code / MiB)} MiB." if code else ""
                said.append((
                    (f"By QEMU's own count on {guest.name} the cache of translated code was full {often}, and never with"
                    f" {large[0]} MiB.{takes} This guest needs a "), Mono("tb-size"), (f" of at least {large[0]} MiB, of"
                    " the values tried, whatever the times say."),
                ))  # fmt: skip
    return tuple(said)
