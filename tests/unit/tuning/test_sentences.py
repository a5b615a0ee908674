"""What a tuning says in sentences."""

from __future__ import annotations

import pytest

from accelkit.study.analysis.best import Best
from accelkit.study.model import Build, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.result import Result
from accelkit.study.searched import Terms
from accelkit.study.standards import Standards
from accelkit.tuning.sentences import sentences
from accelkit.tuning.summary import SearchSummary

BASE, OTHER = (stored_configuration(name, ("-accel", name)) for name in ("tcg", "tcg,tb-size=8"))
PLAN = Plan([Build("7.2", (), "7.2")], [BASE, OTHER], [StoredGuest("smp", "")], "tcg")
TERMS = Terms("", 10**6, {"smp": 1.0}, {"time": 1.0}, max_rss=2048)


def said(*, decided: bool, ended: bool = True, blocks: int | None = None, unusable: int = 0) -> str:
    best = Best(
        OTHER if decided else BASE, BASE, "7.2", {"smp": 1.0}, decided, (BASE, OTHER), {}, Standards(),
        why="" if decided else "why", blocks_to_decide=blocks,
    )  # fmt: skip
    broken = {f"p{number}": "crashed" for number in range(unusable)}
    summary = SearchSummary(10**6, (), 40, 0, "a sampler", {}, broken, ended)
    return " ".join(sentences(best, TERMS, Result(PLAN, ()), summary, {}))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (said(decided=True), "Use tcg,tb-size=8 with smp on QEMU 7.2, as the baseline cannot be used."),
        (said(decided=False), "Undecided with smp on QEMU 7.2: why. The best estimate so far is tcg."),
        (said(decided=True), "The search tried 0 of 1000000 points in 40 trials, chosen by a sampler."),
        (said(decided=False, ended=False), "So far the search has tried 0 of"),
        (said(decided=True, unusable=2), "2 points failed or took more than 2 MiB of memory."),
        (
            said(decided=False, blocks=60),
            "About 60 blocks would decide: study(['tcg', 'tcg,tb-size=8'], baseline='tcg', blocks=60) with these guests.",
        ),
    ],
)  # fmt: skip
def test_each_part_is_said(text: str, part: str) -> None:
    assert part in text


def test_what_is_decided_needs_no_more_blocks() -> None:
    assert "would decide" not in said(decided=True, blocks=60)
