"""The result of a study in a sentence or two for each guest: the winner, and what another build costs. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from accelkit.document import Inline, Mono
from accelkit.study.analysis.best import Best
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.settings import label
from accelkit.study.analysis.tidy import Summary
from accelkit.study.model import Build
from accelkit.study.plan import Plan
from accelkit.study.report.phrases import listed, needed, percent, plural, ratio, times


def short_version(build: Build) -> str:
    """A build as in ``QEMU 7.2.22``: its version without the package, and its name if the version does not contain it.

    >>> short_version(Build("7.2.22", ("qemu",), "7.2.22 (Debian 1:7.2+dfsg-7)"))
    'QEMU 7.2.22'
    >>> short_version(Build("patched", ("qemu",), "7.2.22"))
    'QEMU patched (7.2.22)'
    """
    version = (build.version.split() or [""])[0]
    if version in build.name:
        return f"QEMU {build.name}"
    return f"QEMU {version}" if version.startswith(f"{build.name}.") else f"QEMU {build.name} ({version})"


def answer(
    plan: Plan,
    build: Build,
    guest: str,
    comparisons: Sequence[Comparison],
    best: Best,
    base: Summary | None,
    delta: float,
) -> Inline:
    """The answer for one guest on one build: which configuration wins, or why none does.

    ``comparisons`` are those of ``build`` with ``guest``, ``base`` is the summary of the baseline there, ``best`` the
    best configuration.
    """
    by_name = {point.name: point for point in plan.configurations}
    where = (f" on {guest}", f" ({plural(_blocks(comparisons, base), 'block')}, {short_version(build)}).")

    def short(comparison: Comparison) -> Mono:
        return Mono(label(by_name[comparison.configuration], by_name[plan.baseline]))

    if base is None or not base.done:
        tried = plural(base.failed, "trial") if base else "no trial"
        return (f"Nothing can be said{where[0]}: the baseline ", Mono(plan.baseline),
                f" gave no value in {tried}{where[1]}")  # fmt: skip
    if not comparisons:
        return (f"Nothing was compared{where[0]}: only the baseline ", Mono(plan.baseline), f" ran{where[1]}")
    rows = {row.configuration: row for row in comparisons}
    if best.decided and (first := rows.get(best.name)):
        speed, within = times(first.ratio, first.low, first.high)
        rest = _rest([other for other in comparisons if other is not first], best)
        return (short(first), f" is {speed} the baseline {within}{where[0]}{where[1]}{rest}")
    if not best.decided and any(row.verdict == "faster" for row in comparisons):
        faster = plural(sum(row.verdict == "faster" for row in comparisons), "configuration")
        verb = "is" if faster.startswith("1 ") else "are"
        decide = needed([best.blocks_to_decide])
        return (f"{faster} {verb} faster than the baseline{where[0]}, but which is the fastest is undecided{decide}; ",
                Mono(label(best.configuration, by_name[plan.baseline])), f" is so far{where[1]}")  # fmt: skip
    slower = sorted(
        (comparison for comparison in comparisons if comparison.verdict == "slower"),
        key=lambda comparison: -comparison.ratio,
    )
    if slower:
        worst = slower[0]
        _, within = times(worst.ratio, worst.low, worst.high)
        rest = _rest([other for other in comparisons if other is not worst])
        pending = any(other.verdict == "undecided" and other.pairs for other in comparisons)
        nothing = "Nothing was found faster" if pending else "Nothing is faster"
        return (f"{nothing} than the baseline{where[0]}; ", short(worst),
                f" takes {ratio(worst.ratio)} times as long {within}{where[1]}{rest}")  # fmt: skip
    if all(comparison.verdict == "no difference" for comparison in comparisons):
        one = len(comparisons) == 1
        subject: Inline = (short(comparisons[0]), " does not differ") if one else (
            f"None of {len(comparisons)} configurations differs",)  # fmt: skip
        return (*subject, f" from the baseline by more than {percent(delta)}{where[0]}{where[1]}")
    undecided = f"Undecided{where[0]}: nothing was found faster or slower than the baseline"
    pending = [
        other for other in comparisons if other.verdict == "undecided" and (other.pairs or not other.failed)
    ]
    if len(pending) == len(comparisons):
        decide = needed(other.blocks_to_decide for other in pending).strip(" ()").capitalize()
        return (f"{undecided}{where[1]}", f" {decide}." if decide else "")
    return (f"{undecided}{where[1]}", _rest(comparisons, subject=f"Of {len(comparisons)} configurations"))


def _blocks(comparisons: Iterable[Comparison], base: Summary | None) -> int:
    return max((comparison.pairs for comparison in comparisons), default=base.done if base else 0)


def _rest(others: Sequence[Comparison], best: Best | None = None, subject: str = "") -> str:
    """The sentence on all but the best: `` Of the 5 others 1 is slower, 4 are undecided (about 60 blocks would decide).``"""
    if not others:
        return ""
    failed = [other for other in others if not other.pairs and other.failed]
    counts = Counter(other.verdict for other in others if other not in failed)
    words = {"faster": "faster too", "slower": "slower", "undecided": "undecided"}
    order = [*words, "no difference"]
    counts = Counter({verdict: counts[verdict] for verdict in order if counts[verdict]})
    parts = [f"{n} {'is' if n == 1 else 'are'} {words[verdict]}"
             for verdict, n in counts.items() if verdict in words]  # fmt: skip
    names = {point.name for point in best.equals} if best else set[str]()
    if equal := sum(other.configuration in names for other in others if other.verdict == "faster"):
        parts[0] += f" ({'all' if equal == counts['faster'] else equal} as fast, as far as the data show)"
    if same := counts.get("no difference"):
        parts.append(f"{same} {'makes' if same == 1 else 'make'} no difference")
    if failed:
        parts.append(f"{len(failed)} gave no value")
    decide = needed(other.blocks_to_decide for other in others if other.verdict == "undecided")
    if len(others) == 1:
        return f" The other one {parts[0].split(' ', 1)[1]}{decide}."
    subject = subject or f"Of the {len(others)} others"
    return f" {subject} {listed(parts)}{decide}."


def build_answer(comparison: Comparison, builds: Mapping[str, Build], delta: float) -> Inline:
    """One build against another as a sentence; ``builds`` has both by name."""
    new, old = (short_version(builds[name]) for name in (comparison.build, comparison.baseline))
    where: Inline = (
        f" on {comparison.guest} with ",
        Mono(comparison.configuration),
        f" ({plural(comparison.pairs, 'block')}).",
    )
    match comparison.verdict:
        case "faster" | "slower":
            speed, within = times(comparison.ratio, comparison.low, comparison.high)
            verb = "is" if comparison.verdict == "faster" else "takes"
            return (f"{new} {verb} {speed} {old} {within}", *where)
        case "no difference":
            return (f"{new} does not differ from {old} by more than {percent(delta)}", *where)
        case "undecided":
            return (f"{new} against {old} is undecided", *where)
