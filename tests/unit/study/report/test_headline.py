"""The first words of a report: one sentence over all guests, then a line for each."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from support.any_result import any_result
from support.golden import compare_with_golden
from support.known_result import FAILING, known_result

from accelkit.document import to_text
from accelkit.study.model import Build, Record, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.report import report
from accelkit.study.report.answers import answers
from accelkit.study.report.headline import headline
from accelkit.study.result import Result

TWO = ("tcg", "tcg,thread=multi")
BUILDS = {"7.2.22": 1.0, "11.1.0": 1.3}


def first(result: Result) -> str:
    return to_text(headline(result)).split("\n")[0]


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (known_result(failing=[FAILING]), ("Deploy tcg,tb-size=8,thread=multi for smp (1.70 times as fast); keep tcg for"
         " smplock and tb-thrash, 95% sure, in 20 blocks on QEMU 7.2.22.")),
        (known_result(TWO, ["cpu", "smplock"]), "Keep tcg for both guests, 95% sure, in 20 blocks on QEMU 7.2.22."),
        (known_result(TWO, ["smp"], builds=BUILDS), ("Deploy tcg,thread=multi for smp on both QEMUs (1.70 times as fast),"
         " 95% sure, in 20 blocks.")),
        (known_result(TWO, ["smp", "cpu"], failing=[("cpu", "tcg")]), ("Deploy tcg,thread=multi for smp (1.70 times as"
         " fast); deploy tcg,thread=multi for cpu, where tcg fails, 95% sure, in 20 blocks on QEMU 7.2.22.")),
        (known_result(["tcg"], ["smp", "cpu"]), "Nothing was compared for both guests, in 20 blocks on QEMU 7.2.22."),
        (replace(known_result(TWO), records=()), "Nothing has been measured yet."),
    ],
)  # fmt: skip
def test_one_sentence_says_it_for_all_guests(result: Result, text: str) -> None:
    assert first(result) == text


def test_one_setting_for_all_guests_is_said_where_each_has_its_own() -> None:
    text = to_text(headline(known_result(failing=[FAILING])))
    assert (
        "If all 3 guests must share one setting: keep tcg; nothing is more than 1% faster on average." in text
    )
    assert "must share" not in to_text(headline(known_result(TWO, ["cpu", "smplock"])))


def test_a_setting_that_is_among_those_of_each_guest_is_said_for_all() -> None:
    """Each guest has two that are as good, as far as the data show; one of them is among those of both."""
    one, both, other = "tcg,tb-size=8", "tcg,tb-size=64", "tcg,tb-size=512"
    fast = {"a": (one, both), "b": (both, other)}
    plan = Plan(
        [Build("7.2.22", ("qemu",), "7.2.22")],
        [stored_configuration(name, ("-accel", name)) for name in ("tcg", one, both, other)],
        [StoredGuest(guest, "") for guest in fast],
        "tcg",
    )
    rng = np.random.default_rng(5)
    records = [
        Record(
            trial,
            "ok",
            value=float((0.5 if trial.configuration in fast[trial.guest] else 1) * rng.lognormal(0, 0.02)),
        )
        for block in range(20)
        for trial in plan.block(block)
    ]
    result = Result(plan, tuple(records))
    assert [answer.kind for answer in answers(result)] == ["either", "either"]
    assert first(result).startswith("Deploy tcg,tb-size=64 for both guests (")
    assert "must share" not in to_text(headline(result))


def test_where_nothing_is_known_the_first_sentence_says_what_it_costs() -> None:
    guests = [f"g{k}" for k in range(16)]
    studies = [
        known_result(["tcg", "tcg,split-wx=on"], pair, noise=0.02, blocks=8)
        for pair in combinations(guests, 2)
    ]
    studies = [study for study in studies if {answer.kind for answer in answers(study)} == {"open"}]
    start = "Not known yet for both guests, after 8 blocks on QEMU 7.2.22."
    said: set[bool] = set()
    for study in studies:
        costs = [answer.cost.blocks for answer in answers(study) if answer.cost]
        said.add(len(costs) == 2)
        price = (
            f" With {max(costs, default=0)} blocks, "
            if len(costs) == 2
            else " Each line says what it costs to know."
        )
        assert first(study).startswith(start + price)
    assert said == {True, False}


def test_of_many_answers_each_has_its_line() -> None:
    result = any_result(360)
    text = to_text(headline(result))
    assert text.startswith(
        "Each guest and QEMU has its own answer, 95% sure where it says deploy or keep, in 40 blocks."
    )
    assert text.count("\n- guest") == 6


def cut(title: str, result: Result) -> str:
    lines = report.text(result, 80).split("\n")[:10]
    return "\n".join([f"# {title}", *lines]).rstrip()


def test_ten_lines_of_six_reports_are_those_of_the_golden_file() -> None:
    """From these lines alone: which setting goes to production?"""
    loaded = known_result(TWO, ["smp"], noise=0.002)
    records = tuple(
        replace(record, value=(record.value or 0) * (1.7 if record.trial.block % 5 else 1))
        if "multi" not in record.trial.configuration else record
        for record in loaded.records
    )  # fmt: skip
    reports = {
        "a clear winner": known_result(TWO, ["smp"]),
        "keep the baseline": known_result(["tcg", "tcg,thread=multi", "tcg,tb-size=8"], ["smplock"]),
        "undecided, and what it costs to know": known_result(
            ["tcg", "tcg,split-wx=on"], ["cpu"], noise=0.02, blocks=8
        ),
        "several guests that disagree": known_result(failing=[FAILING]),
        "several QEMUs": known_result(TWO, ["smp", "cpu"], builds=BUILDS),
        "everything failed": known_result(TWO, ["smp"], failing=[("smp", name) for name in TWO]),
        "a doubt": replace(loaded, records=records),
    }
    text = "\n\n\n".join(cut(title, result) for title, result in reports.items())
    compare_with_golden("report-answers.txt", f"{text}\n")
