"""What a study found, a sentence or two for each guest: the winner, and what another build costs. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from accelkit.document import Inline, Mono
from accelkit.study.analysis.analysis import winner
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.settings import label
from accelkit.study.analysis.tidy import Summary
from accelkit.study.model import Build
from accelkit.study.plan import Plan
from accelkit.study.report.phrases import listed, needed, percent, plural, ratio, times


def short_version(build: Build) -> str:
    """``QEMU 7.2.22``: the version without the package, and the build's own name if it says more.

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
    base: Summary | None,
    delta: float,
) -> Inline:
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
    if best := winner(plan, comparisons):
        said, within = times(best.ratio, best.low, best.high)
        rest = _rest([each for each in comparisons if each is not best], best)
        return (called(best), f" is {said} the baseline {within}{where[0]}{where[1]}{rest}")
    slower = sorted((each for each in comparisons if each.verdict == "slower"), key=lambda each: -each.ratio)
    if slower:
        worst = slower[0]
        _, within = times(worst.ratio, worst.low, worst.high)
        rest = _rest([each for each in comparisons if each is not worst])
        open_ = any(each.verdict == "undecided" and each.pairs for each in comparisons)
        found = "Nothing was found faster" if open_ else "Nothing is faster"
        return (f"{found} than the baseline{where[0]}; ", called(worst),
                f" takes {ratio(worst.ratio)} times as long {within}{where[1]}{rest}")  # fmt: skip
    if all(each.verdict == "no difference" for each in comparisons):
        one = len(comparisons) == 1
        subject: Inline = (called(comparisons[0]), " does not differ") if one else (
            f"None of {len(comparisons)} configurations differs",)  # fmt: skip
        return (*subject, f" from the baseline by more than {percent(delta)}{where[0]}{where[1]}")
    undecided = f"Undecided{where[0]}: nothing was found faster or slower than the baseline"
    open_ = [each for each in comparisons if each.verdict == "undecided" and (each.pairs or not each.failed)]
    if len(open_) == len(comparisons):
        decide = needed(each.blocks_to_decide for each in open_).strip(" ()").capitalize()
        return (f"{undecided}{where[1]}", f" {decide}." if decide else "")
    return (f"{undecided}{where[1]}", _rest(comparisons, whom=f"Of {len(comparisons)} configurations"))


def _blocks(comparisons: Iterable[Comparison], base: Summary | None) -> int:
    return max((each.pairs for each in comparisons), default=base.done if base else 0)


def _rest(others: Sequence[Comparison], best: Comparison | None = None, whom: str = "") -> str:
    """`` Of the 5 others 1 is slower, 4 are undecided (about 60 blocks would decide).``"""
    if not others:
        return ""
    failed = [each for each in others if not each.pairs and each.failed]
    counts = Counter(each.verdict for each in others if each not in failed)
    words = {"faster": "faster too", "slower": "slower", "undecided": "undecided"}
    order = [*words, "no difference"]
    counts = Counter({verdict: counts[verdict] for verdict in order if counts[verdict]})
    parts = [f"{n} {'is' if n == 1 else 'are'} {words[verdict]}"
             for verdict, n in counts.items() if verdict in words]  # fmt: skip
    if best and (equal := sum(each.low <= best.high for each in others if each.verdict == "faster")):
        parts[0] += f" ({'all' if equal == counts['faster'] else equal} as fast, as far as can be told)"
    if same := counts.get("no difference"):
        parts.append(f"{same} {'makes' if same == 1 else 'make'} no difference")
    if failed:
        parts.append(f"{len(failed)} gave no figure")
    decide = needed(each.blocks_to_decide for each in others if each.verdict == "undecided")
    if len(others) == 1:
        return f" The other one {parts[0].split(' ', 1)[1]}{decide}."
    whom = whom or f"Of the {len(others)} others"
    return f" {whom} {listed(parts)}{decide}."


def build_answer(each: Comparison, builds: Mapping[str, Build], delta: float) -> Inline:
    """One build against another in words."""
    new, old = short_version(builds[each.build]), short_version(builds[each.baseline])
    where: Inline = (
        f" on {each.guest} with ",
        Mono(each.configuration),
        f" ({plural(each.pairs, 'block')}).",
    )
    if each.verdict in ("faster", "slower"):
        said, within = times(each.ratio, each.low, each.high)
        verb = "is" if each.verdict == "faster" else "takes"
        return (f"{new} {verb} {said} {old} {within}", *where)
    if each.verdict == "no difference":
        return (f"{new} does not differ from {old} by more than {percent(delta)}", *where)
    return (f"{new} against {old} is undecided", *where)
