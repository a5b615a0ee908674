"""The answer for each guest in a sentence or two, and what another build costs."""

from __future__ import annotations

import re

import pytest
from support.known_result import FAILING, known_result

from accelkit.study.model import Build, Cell
from accelkit.study.report.answers import answer, build_answer, short_version
from accelkit.study.result import Result


def first_lines(result: Result) -> str:
    return str(result).split("\n\nTime beside the baseline")[0]


@pytest.mark.parametrize(
    ("guest", "text"),
    [
        ("smp", r"thread=multi is 1\.70 times as fast as the baseline \[1\.\d\d, 1\.\d\d\] on smp \(20 blocks, QEMU 7\.2\.22\)\."),
        ("smplock", r"Nothing is faster than the baseline on smplock; thread=multi takes 5\.[23]\d times as long \[5\.\d\d, 5\.\d\d\]"),
        ("cpu", r"thread=multi does not differ from the baseline by more than 1% on cpu \(20 blocks"),
    ],
)  # fmt: skip
def test_each_guest_has_its_sentence(guest: str, text: str) -> None:
    assert re.search(text, first_lines(known_result(["tcg", "tcg,thread=multi"], [guest])))


def test_several_configurations_without_a_difference() -> None:
    text = first_lines(known_result(["tcg", "tcg,split-wx=on", "tcg,split-wx=off"], ["cpu"]))
    assert (
        text
        == "None of 2 configurations differs from the baseline by more than 1% on cpu (20 blocks, QEMU 7.2.22)."
    )


def test_undecided_says_why_and_how_many_blocks_would_decide() -> None:
    result = known_result(["tcg", "tcg,split-wx=on"], ["cpu"], noise=0.02, blocks=8)
    text = str(result)
    assert first_lines(result).startswith(
        "Undecided on cpu: nothing was found faster or slower than the baseline (8 blocks"
    )
    (row,) = result.comparisons
    assert row.verdict == "undecided"
    assert row.why in text
    assert "? undecided" in text
    assert f"about {row.blocks_to_decide} blocks would decide" in text


def test_without_a_baseline_there_is_no_answer() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["smp"], failing=[("smp", "tcg")])
    assert first_lines(result).startswith(
        "Nothing can be said on smp: the baseline tcg gave no value in 20 trials (0 blocks, QEMU 7.2.22)."
    )


def test_the_others_are_counted() -> None:
    text = "".join(answer_of(known_result(failing=[FAILING]), "smplock"))
    assert text.endswith("Of the 5 others 1 is slower, 3 make no difference and 1 gave no value.")


def answer_of(result: Result, guest: str) -> tuple[str, ...]:
    build = result.plan.builds[0]
    rows = [row for row in result.comparisons if row.guest == guest]
    base = result.summaries[Cell(build.name, guest, "tcg")]
    return answer(result.plan, build, guest, rows, result.pick(guest), base, result.delta)


@pytest.mark.parametrize(
    ("name", "version", "text"),
    [
        ("7.2.22", "7.2.22 (Debian 1:7.2+dfsg-7)", "QEMU 7.2.22"),
        ("7.2", "7.2.22", "QEMU 7.2.22"),
        ("patched", "7.2.22", "QEMU patched (7.2.22)"),
        ("7.2.22 (chroot /x qemu)", "7.2.22", "QEMU 7.2.22 (chroot /x qemu)"),
        ("mine", "", "QEMU mine"),
    ],
)
def test_builds_are_called_by_what_distinguishes_them(name: str, version: str, text: str) -> None:
    assert short_version(Build(name, ("qemu",), version)) == text


def test_the_cost_of_an_upgrade_has_a_sentence_and_a_table() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["smp"], builds={"7.2.22": 1.0, "11.1.0": 1.3})
    text = str(result)
    assert (
        "QEMU 11.1.0 takes 1.30 times as long as QEMU 7.2.22 [1.30, 1.30] on smp with tcg (20 blocks)."
        in text
    )
    assert "QEMU builds" in text
    assert re.search(r"smp +11\.1\.0 +tcg,thread=multi +0\.5", text)
    assert "time ratio to 7.2.22" in text
    builds = {build.name: build for build in result.plan.builds}
    same = known_result(["tcg"], ["smp"], builds={"7.2.22": 1.0, "11.1.0": 1.0}).build_comparisons[0]
    assert "does not differ from QEMU 7.2.22 by more than 1%" in "".join(build_answer(same, builds, 0.01))
    few = known_result(["tcg"], ["smp"], blocks=2, builds={"7.2.22": 1.0, "11.1.0": 1.0}).build_comparisons[0]
    assert "QEMU 11.1.0 against QEMU 7.2.22 is undecided" in "".join(build_answer(few, builds, 0.01))
