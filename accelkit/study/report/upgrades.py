"""One QEMU build against another in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from accelkit.document import Inline, Mono
from accelkit.study.analysis.analysis import Analysis
from accelkit.study.analysis.compare import Comparison
from accelkit.study.report.names import short_version
from accelkit.study.report.phrases import listed, percent, plural, times

SAID: Final = {
    "faster": "faster on",
    "slower": "slower on",
    "no difference": "no different on",
    "undecided": "not shown to differ on",
}


def build_words(result: Analysis, row: Comparison, *, sure: bool = False) -> Inline:
    """One build against another as a sentence; ``sure`` says how sure that is."""
    builds = {build.name: build for build in result.plan.builds}
    new, old = (short_version(builds[name]) for name in (row.build, row.baseline))
    chance = f", {percent(result.confidence)} sure, in" if sure else ", in"
    where: Inline = (
        f" on {row.guest} with ",
        Mono(row.configuration),
        f"{chance} {plural(row.pairs, 'block')}.",
    )
    match row.verdict:
        case "faster" | "slower":
            size, within = times(row.ratio, row.low, row.high)
            verb = "is" if row.verdict == "faster" else "takes"
            return (f"{new} {verb} {size} {old} {within}", *where)
        case "no difference":
            return (f"{new} does not differ from {old} by more than {percent(result.delta)}", *where)
        case "undecided":
            words = f"How {new} compares with {old} is not known yet"
            return (
                words,
                f" on {row.guest} with ",
                Mono(row.configuration),
                f", after {plural(row.pairs, 'block')}.",
            )


def build_summary(result: Analysis, rows: Sequence[Comparison]) -> Inline:
    """How the builds compare over the guests, in one sentence; ``rows`` are those of the baseline configuration."""
    builds = {build.name: build for build in result.plan.builds}
    parts: list[str] = []
    for name in dict.fromkeys(row.build for row in rows):
        said = {
            words: [row.guest for row in rows if (row.build, row.verdict) == (name, verdict)]
            for verdict, words in SAID.items()
        }
        kinds = [f"{words} {listed(guests)}" for words, guests in said.items() if guests]
        parts.append(f"{short_version(builds[name])} is {', '.join(kinds)}")
    old = short_version(builds[rows[0].baseline])
    sure = f", {percent(result.confidence)} sure" * any(row.verdict != "undecided" for row in rows)
    return (f"Beside {old}, {listed(parts)}, with ", Mono(result.plan.baseline), f"{sure}.")
