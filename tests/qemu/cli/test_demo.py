"""``accelkit demo`` on a real QEMU."""

from __future__ import annotations

import re
import shlex

import pytest
from support.cli import ask, lines

from accelkit import probe, render
from accelkit.parsing.notation import evaluate
from accelkit.schemas import all_captured


@pytest.mark.qemu
def test_the_demo_ends_with_a_ratio_that_it_measured(qemu: str) -> None:
    status, out, err = ask("demo", "--qemu", qemu)
    assert (status, err) == (0, "")
    heads = [line.split()[0] for line in lines(out) if not line.startswith(" ")]
    assert list(dict.fromkeys(heads)) == ["compose", "render", "check", "run", "answer"]
    captured, installed = all_captured(), probe(qemu)
    assert f"check    ✓ accepted by QEMU 7.2 to {'.'.join(map(str, captured[-1].version[:2]))}\n" in out
    assert (
        "check    ✗ refused by QEMU 5.2\n         QEMU 5.2: kvm,notify-vmexit=run: kvm has no property" in out
    )
    assert f"by QEMU {'.'.join(map(str, installed.version[:2]))}, which is installed here\n" in out
    assert out.count("no property 'notify-vmexit'") == 1 + (installed.version < (7, 2))
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
