"""What a study found, a sentence or two for each guest: the winner, the cliff, the upgrade. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from accelkit.domains import Int, Size
from accelkit.study.cliff import Cliff, cliff
from accelkit.study.document import Mono, Words
from accelkit.study.plan import Plan
from accelkit.study.stats import Comparison
from accelkit.study.tidy import ABSENT, Axis, Summary, axes_of, settings_of, sliced, telling_counters
from accelkit.study.trial import Arm, Build, Configuration
from accelkit.study.words import count, interval, label, listed, plural, ratio, times
from accelkit.table import PROPERTIES

STEEP: Final = 1.5
"""How many times as long one step must take to be worth a sentence."""

SAID: Final = 3
"""So many counters are named in a sentence, and no more."""


def short_version(build: Build) -> str:
    """``QEMU 7.2.22``: the version without the package, and the build's own name if it says more."""
    version = build.version.split()[0] if build.version.split() else ""
    if not version or version == build.name or version.startswith(f"{build.name}."):
        return f"QEMU {version or build.name}"
    return f"QEMU {version}" if version in build.name else f"QEMU {version}, {build.name}"


def answer(
    plan: Plan, build: Build, guest: str, comparisons: Sequence[Comparison], base: Summary | None, delta: float
) -> Words:
    """The answer for one guest; ``comparisons`` are those of ``build`` with ``guest``."""
    by_name = {each.name: each for each in plan.configurations}
    where = (f" on {guest}", f" ({plural(_blocks(comparisons, base), 'block')}, {short_version(build)}).")

    def called(each: Comparison) -> Mono:
        return Mono(label(by_name[each.configuration], by_name[plan.baseline]))

    if base is None or not base.done:
        tried = plural(base.failed, "trial") if base else "no trial"
        return (f"Nothing can be said{where[0]}: the baseline ", Mono(plan.baseline),
                f" gave no figure in {tried}{where[1]}")  # fmt: skip
    if not comparisons:
        return (f"Nothing was compared{where[0]}: only the baseline ", Mono(plan.baseline), f" ran{where[1]}")
    faster = sorted((each for each in comparisons if each.verdict == "faster"), key=lambda each: each.ratio)
    if faster:
        best = faster[0]
        said, within = times(best.ratio, best.low, best.high)
        rest = _rest([each for each in comparisons if each is not best])
        return (called(best), f" is {said} the baseline {within}{where[0]}{where[1]}{rest}")
    slower = sorted((each for each in comparisons if each.verdict == "slower"), key=lambda each: -each.ratio)
    if slower:
        worst = slower[0]
        _, within = times(worst.ratio, worst.low, worst.high)
        rest = _rest([each for each in comparisons if each is not worst])
        open_ = any(each.verdict == "undecided" for each in comparisons)
        found = "Nothing was found faster" if open_ else "Nothing is faster"
        return (f"{found} than the baseline{where[0]}; ", called(worst),
                f" takes {ratio(worst.ratio)} times as long {within}{where[1]}{rest}")  # fmt: skip
    if all(each.verdict == "no difference" for each in comparisons):
        one = len(comparisons) == 1
        subject: Words = (called(comparisons[0]), " does not differ") if one else (
            f"None of {len(comparisons)} configurations differs",)  # fmt: skip
        return (*subject, f" from the baseline by more than {delta:.0%}{where[0]}{where[1]}")
    return (f"Undecided{where[0]}: nothing was found faster or slower than the baseline{where[1]}",
            _rest(comparisons))  # fmt: skip


def _blocks(comparisons: Iterable[Comparison], base: Summary | None) -> int:
    return max((each.pairs for each in comparisons), default=base.done if base else 0)


def _rest(others: Sequence[Comparison]) -> str:
    """`` Of the 5 others 1 is slower, 4 are undecided (about 60 blocks would decide).``"""
    if not others:
        return ""
    failed = [each for each in others if not each.pairs and each.failed]
    counts = Counter(each.verdict for each in others if each not in failed)
    words = {"faster": "faster too", "slower": "slower", "undecided": "undecided"}
    parts = [f"{n} {'is' if n == 1 else 'are'} {words[verdict]}"
             for verdict, n in counts.items() if verdict in words]  # fmt: skip
    if same := counts.get("no difference"):
        parts.append(f"{same} {'makes' if same == 1 else 'make'} no difference")
    if failed:
        parts.append(f"{len(failed)} gave no figure")
    needed = max((each.blocks_to_decide or 0 for each in others), default=0)
    decide = f" (about {plural(needed, 'block')} would decide)" if needed and counts["undecided"] else ""
    whom = "The other one" if len(others) == 1 else f"Of the {len(others)} others"
    if len(others) == 1:
        return f" {whom} {parts[0].split(' ', 1)[1]}{decide}."
    return f" {whom} {listed(parts)}{decide}."


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

    @property
    def position(self) -> float:
        """Where the edge lies among the values of the axis, 0.5 being between the first and the second."""
        slow, fast = (self.axis.values.index(str(int(end))) for end in (self.cliff.slow, self.cliff.fast))
        return (slow + fast) / 2


def edges(
    plan: Plan, comparisons: Iterable[Comparison], found: Mapping[Arm, Summary], at: Mapping[str, str] | None = None
) -> tuple[Edge, ...]:
    """The cliffs along all properties that are numbers, where the intervals of both sides are apart."""
    known = {Arm(*each.cell): each for each in comparisons}
    settings = settings_of(plan)
    edges_found: list[Edge] = []
    for axis in axes_of(plan).values():
        if not axis.numeric:
            continue
        fixed, points = sliced(plan, (axis.name,), at)
        values = {int(v): each for each in points if (v := settings[each.name][axis.name]) not in (ABSENT, "0")}
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
                beyond = [middle for value, (_, middle, _) in spans.items() if sign * (value - drop.fast) >= 0]
                edges_found.append(Edge(
                    build.name, guest.name, axis, fixed, drop,
                    _apart(telling_counters(found, build.name, guest.name), *ends),
                    min(beyond) / spans[int(drop.fast)][1],
                ))  # fmt: skip
    return tuple(edges_found)


def _span(plan: Plan, known: Comparison | None, point: Configuration) -> tuple[float, float, float] | None:
    """Low, middle and high; the baseline's own are 1."""
    if point.name == plan.baseline:
        return 1.0, 1.0, 1.0
    return (known.low, known.ratio, known.high) if known and known.pairs else None


def _apart(names: Sequence[str], slow: Summary | None, fast: Summary | None) -> dict[str, tuple[float, float]]:
    if slow is None or fast is None:
        return {}
    both = [name for name in names if name in slow.counters and name in fast.counters]
    both.sort(key=lambda name: "flush" not in name)  # of TCG's counts the one that explains most
    pairs = {name: (slow.counters[name], fast.counters[name]) for name in both}
    return dict([(name, pair) for name, pair in pairs.items() if pair[0] != pair[1]][:SAID])


def unit_of(axis: Axis) -> str:
    """The unit of a property's values, with a space before it; empty where there is none."""
    row = PROPERTIES.get(axis.name)
    domain = row.domain if row else None
    return f" {domain.unit}" if isinstance(domain, (Int, Size)) and domain.unit else ""


def edge_words(edge: Edge) -> Words:
    """The cliff in words: where it is, how high, what was counted on both sides, and what the guest needs."""
    name, unit, drop = Mono(edge.axis.name), unit_of(edge.axis), edge.cliff
    slow, fast = f"{drop.slow:g}", f"{drop.fast:g}"
    counted = [f"{key} {count(before)} with {slow}, {count(after)} with {fast}"
               for key, (before, after) in edge.counters.items()]  # fmt: skip
    because = f" What QEMU counted in a run says why: {listed(counted)}." if counted else ""
    upward = drop.fast > drop.slow
    gained = f"; beyond that at most {1 - edge.more:.0%} is gained" if edge.more < 0.98 else (
        "; more than that gains nothing" if upward else "; less than that gains nothing")  # fmt: skip
    at_least = "at least" if upward else "at most"
    words: list[str] = [
        name, f" is a cliff on {edge.guest}: with {slow}{unit} it takes {ratio(drop.factor)} times as long as"
        f" with {fast}{unit}.{because} This guest needs {at_least} {fast}{unit} of the values tried{gained}.",
    ]  # fmt: skip
    if max(drop.fast, drop.slow) > 1.5 * min(drop.fast, drop.slow):
        low, high = sorted((drop.slow, drop.fast))
        words.append(f" The edge is somewhere between {low:g} and {high:g}: sweep there to know it more closely.")
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
        values = sorted(int(settings[name][axis.name]) for name in names if settings[name][axis.name] != ABSENT)
        for build, guest in dict.fromkeys((each.build, each.guest) for each in known):
            here = [each for each in known
                    if (each.build, each.guest) == (build, guest) and each.configuration in names]  # fmt: skip
            if any((edge.build, edge.guest, edge.axis) == (build, guest, axis) for edge in found):
                continue
            if values and here and all(each.verdict == "slower" and each.low >= STEEP for each in here):
                best = min(here, key=lambda each: each.ratio)
                span = f"{values[0]}{unit_of(axis)}" if len(values) == 1 else (
                    f"{values[0]} to {values[-1]}{unit_of(axis)}")  # fmt: skip
                said.append((f"Every ", Mono(axis.name), f" tried ({span}) is on the slow side of a cliff on {guest}: "
                             f"the best takes {ratio(best.ratio)} times as long as the baseline "
                             f"{interval(best.low, best.high)}, which leaves it to QEMU. Try others."))  # fmt: skip
    return tuple(said)


def build_answer(each: Comparison, builds: Mapping[str, Build], delta: float) -> Words:
    """One build against another in words."""
    new, old = short_version(builds[each.build]), short_version(builds[each.baseline])
    where: Words = (f" on {each.guest} with ", Mono(each.configuration), f" ({plural(each.pairs, 'block')}).")
    if each.verdict in ("faster", "slower"):
        said, within = times(each.ratio, each.low, each.high)
        verb = "is" if each.verdict == "faster" else "takes"
        return (f"{new} {verb} {said} {old} {within}", *where)
    if each.verdict == "no difference":
        return (f"{new} does not differ from {old} by more than {delta:.0%}", *where)
    return (f"{new} against {old} is undecided", *where)
