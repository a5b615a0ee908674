"""Analysis: the order of comparisons, other standards, and the best configuration."""

from __future__ import annotations

import pytest
from support.known_result import known_result
from support.plans import configuration

from accelkit import first_of, kvm, multi, tb_size, tcg, thread
from accelkit.errors import StudyError
from accelkit.study.analysis.analysis import winner
from accelkit.study.model import Build, Record
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.result import Result


def test_comparisons_come_in_the_order_of_the_plan_and_are_made_once() -> None:
    result = known_result()
    assert result.comparisons is result.comparisons
    assert [row.cell for row in result.comparisons] == [
        cell for cell in result.plan.cells if cell.configuration != "tcg"
    ]
    assert result.build_comparisons == ()


def test_a_result_can_be_judged_by_other_standards() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["smplock"], noise=0.0)
    assert [row.verdict for row in result.comparisons] == ["slower"]
    lax = result.judged(delta=0.9, confidence=0.9, anytime=True)
    assert (lax.delta, lax.confidence, lax.anytime) == (0.9, 0.9, True)
    assert result.delta == 0.01


def test_best_is_a_recipe_ready_to_render() -> None:
    result = known_result(["tcg", "tcg,thread=single", "tcg,thread=multi", "tcg,tb-size=64,thread=multi"])
    assert result.best("smp") == tcg() | thread(multi)  # the simplest of those that cannot be told apart
    assert result.best("smplock") == tcg()  # nothing is faster: the baseline
    assert result.best_configuration("smp").name == "tcg,thread=multi"


def test_best_of_a_sweep_without_a_simpler_point_is_one_of_the_fast() -> None:
    assert known_result().best("smp") in {tcg() | tb_size(size) | thread(multi) for size in (1, 8, 32)}
    assert known_result().best("tb-thrash") == tcg()


def test_best_may_be_a_fallback() -> None:
    points = [configuration("tcg,thread=single"), configuration("kvm", "tcg,thread=multi")]
    plan = Plan([Build("7", ("q",), "7")], points, [StoredGuest("cpu", "")], "tcg,thread=single")
    records = [
        Record(trial, "ok", value=1.0 if "else" in trial.configuration else 2.0)
        for block in range(20)
        for trial in plan.block(block)
    ]
    assert Result(plan, tuple(records)).best("cpu") == first_of(kvm(), tcg() | thread(multi))


def test_best_refuses_to_guess() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], builds={"7.2.22": 1.0, "11.1.0": 1.1})
    with pytest.raises(StudyError, match=r"build: the study has several; name one of 7\.2\.22, 11\.1\.0"):
        result.best("smp")
    assert result.best("smp", build="11.1.0") == tcg() | thread(multi)
    with pytest.raises(StudyError, match="guest 'smplok': is not in this study; did you mean 'smplock'"):
        result.best("smplok", build="11.1.0")
    with pytest.raises(StudyError, match=r"build '11\.1': is not in this study; did you mean '11\.1\.0'"):
        result.best("smp", build="11.1")
    dead = known_result(["tcg", "tcg,thread=multi"], guests=["smp"], failing=[("smp", "tcg")])
    with pytest.raises(StudyError, match="the baseline 'tcg' gave no value there"):
        dead.best("smp")


def test_of_equals_the_winner_changes_the_fewest_properties() -> None:
    result = known_result(["tcg,thread=single", "tcg,split-wx=on,thread=multi", "tcg,thread=multi"], ["smp"],
                          baseline="tcg,thread=single")  # fmt: skip
    fastest = winner(result.plan, result.comparisons)
    assert fastest is not None
    assert fastest.configuration == "tcg,thread=multi"
    assert winner(result.plan, []) is None
