"""The answer for one guest: sentences that one can read aloud."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from support.known_result import FAILING, known_result

from accelkit.study.report.answers import answers
from accelkit.study.report.sentences import line, more, sentence
from accelkit.study.result import Result

TWO = ("tcg", "tcg,thread=multi")


def said(result: Result, place: int = 0) -> tuple[str, str, str]:
    answer = answers(result)[place]
    return tuple("".join(part(result, answer)) for part in (sentence, line, more))


@pytest.mark.parametrize(
    ("guest", "text"),
    [
        ("smp", r"Deploy tcg,thread=multi for smp: 1\.70 times as fast as tcg, 95% sure, in 20 blocks on QEMU 7\.2\.22\."),
        ("smplock", r"Keep tcg for smplock: nothing tried is more than 1% faster, 95% sure, in 20 blocks on QEMU 7\.2\.22\."),
        ("cpu", r"Keep tcg for cpu: nothing tried is more than 1% faster, 95% sure, in 20 blocks on QEMU 7\.2\.22\."),
    ],
)  # fmt: skip
def test_the_sentence_says_what_how_much_how_sure_and_on_what(guest: str, text: str) -> None:
    assert re.fullmatch(text, said(known_result(TWO, [guest]))[0])


def test_confidence_and_delta_are_those_of_the_study() -> None:
    result = known_result(TWO, ["cpu"]).judged(confidence=0.9, delta=0.02)
    assert "more than 2% faster, 90% sure" in said(result)[0]


def test_what_is_not_known_says_what_it_costs_to_know() -> None:
    result = known_result(["tcg", "tcg,split-wx=on"], ["cpu"], noise=0.02, blocks=8)
    whole, short, _ = said(result)
    assert re.match(
        r"Not known yet for cpu: \S+ or \S+, after 8 blocks on QEMU 7\.2\.22\. With \d+ blocks, \d+ more",
        whole,
    )
    assert whole.endswith("of 10 such studies would decide.")
    assert short.startswith("cpu: not known yet: ")
    assert "sure" not in whole


def test_a_baseline_that_fails_is_said() -> None:
    whole, short, rest = said(known_result(TWO, ["smp"], failing=[("smp", "tcg")]))
    assert whole.startswith(
        "Deploy tcg,thread=multi for smp: the baseline tcg fails too often, and nothing that runs"
    )
    assert "20 of 20 trials of tcg failed (refused 20)" in short
    assert rest == "20 of 20 trials of tcg failed (refused 20)."


def test_where_everything_fails_the_reason_is_said() -> None:
    whole, *_ = said(known_result(TWO, ["smp"], failing=[("smp", name) for name in TWO]))
    assert whole == (
        "Nothing is known for smp on QEMU 7.2.22: every configuration fails too often"
        " (refused: it does not take the options)."
    )


def test_a_doubt_is_in_the_sentence_and_said() -> None:
    result = known_result(TWO, ["smp"])
    (row,) = result.comparisons
    records = tuple(
        replace(record, value=(record.value or 0) * 9) if record.trial.block < 3 and "multi" in record.trial.configuration
        else record
        for record in result.records
    )  # fmt: skip
    whole, short, rest = said(replace(result, records=records))
    assert "95% sure but with a doubt, in 20 blocks" in whole
    assert "with a doubt: " in short
    assert re.search(
        r"A doubt: 1\.\d+ times as fast on average\.|A doubt: 0\.\d+ times as fast|A doubt: 1\.\d+ times as long",
        rest,
    )
    assert row.doubts == ()


def test_others_that_may_be_as_fast_and_failures_are_said() -> None:
    result = known_result(failing=[FAILING])
    assert said(result)[1].endswith("2 others may be as fast.")
    assert (
        said(result, 1)[1] == "smplock: keep tcg; nothing that ran is more than 1% faster; 1 gave no value."
    )
