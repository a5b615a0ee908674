"""``accelkit demo`` on a real QEMU."""

from __future__ import annotations

import re
import shlex

import pytest
from support.cli import ask, lines

from accelkit import render
from accelkit.parsing.notation import evaluate
from accelkit.schemas import all_captured


@pytest.mark.qemu
def test_the_demo_ends_with_a_ratio_that_it_measured(qemu: str) -> None:
    status, out, err = ask("demo", "--qemu", qemu)
    assert (status, err) == (0, "")
    heads = [line.split()[0] for line in lines(out) if not line.startswith(" ")]
    assert heads == ["compose", "render", *["check"] * (len(all_captured()) + 1), "run", "answer"]
    composed = re.search(r"(?m)^compose  (.*)$", out)
    rendered = re.search(r"(?m)^render   (.*)$", out)
    assert composed is not None
    assert rendered is not None
    assert shlex.split(rendered[1]) == render(evaluate(composed[1]))
    ratios = [float(ratio) for ratio in re.findall(r"takes ([\d.]+) times as long", out)]
    answer = re.search(
        r"(?m)^answer .*: ([\d.]+) times as long \(median of 5 pairs, ([\d.]+) to ([\d.]+)\)", out
    )
    assert answer is not None
    assert sorted(ratios) == pytest.approx(
        [float(answer[2]), *sorted(ratios)[1:2], float(answer[1]), *sorted(ratios)[3:4], float(answer[3])]
    )
