"""Analysis: the order of comparisons, other standards, and the best configuration."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.known_result import known_result, sweep
from support.plans import configuration

from accelkit import first_of, kvm, multi, tb_size, tcg, thread
from accelkit.errors import StudyError
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


def test_best_has_a_recipe_ready_to_render() -> None:
    result = known_result(["tcg", "tcg,thread=single", "tcg,thread=multi", "tcg,tb-size=64,thread=multi"])
    assert result.best("smp").recipe == tcg() | thread(multi)  # the simplest of those that are as fast
    assert result.best("smplock").recipe == tcg()  # nothing is faster: the baseline
    assert result.best("smp").name == "tcg,thread=multi"


def test_best_of_a_sweep_without_a_simpler_point_is_one_of_the_fast() -> None:
    assert known_result().best("smp").recipe in {tcg() | tb_size(size) | thread(multi) for size in (1, 8, 32)}
    assert known_result().best("tb-thrash").recipe == tcg()


def test_best_may_be_a_fallback() -> None:
    points = [configuration("tcg,thread=single"), configuration("kvm", "tcg,thread=multi")]
    plan = Plan([Build("7", ("q",), "7")], points, [StoredGuest("cpu", "")], "tcg,thread=single")
    records = [
        Record(trial, "ok", value=1.0 if "else" in trial.configuration else 2.0)
        for block in range(20)
        for trial in plan.block(block)
    ]
    assert Result(plan, tuple(records)).best("cpu").recipe == first_of(kvm(), tcg() | thread(multi))


def test_best_refuses_what_is_not_in_the_study() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], builds={"7.2.22": 1.0, "11.1.0": 1.1})
    with pytest.raises(StudyError, match=r"build: the study has several; name one of 7\.2\.22, 11\.1\.0"):
        result.best("smp")
    assert result.best("smp", build="11.1.0").recipe == tcg() | thread(multi)
    with pytest.raises(StudyError, match="guest 'smplok': is not in this study; did you mean 'smplock'"):
        result.best("smplok", build="11.1.0")
    with pytest.raises(StudyError, match=r"build '11\.1': is not in this study; did you mean '11\.1\.0'"):
        result.best("smp", build="11.1")
    with pytest.raises(StudyError, match=r"undecided='fast': .*'fastest'"):
        result.best("smp", build="11.1.0", undecided="fast")  # pyright: ignore[reportArgumentType]


def test_best_raises_where_nothing_is_decided_unless_the_fastest_is_asked_for() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["cpu"], noise=0.02, blocks=8)
    best = result.pick("cpu")
    assert not best.decided
    with pytest.raises(StudyError, match=r"Undecided with cpu .*To have it: undecided='fastest'") as error:
        result.best("cpu")
    assert best.why in str(error.value)
    assert f"About {best.blocks_to_decide} blocks" in str(error.value)
    assert result.best("cpu", undecided="fastest") is best


def test_without_a_value_there_is_no_fastest() -> None:
    dead = known_result(["tcg"], ["smp"], failing=[("smp", "tcg")])
    with pytest.raises(StudyError, match="no configuration gave a value"):
        dead.best("smp", undecided="fastest")
    empty = replace(dead, records=())
    with pytest.raises(StudyError, match="nothing has been measured yet"):
        empty.best("smp", undecided="fastest")


def test_best_over_all_guests_and_with_weights() -> None:
    result = known_result(["tcg", "tcg,thread=multi"])  # 1.7 times as fast, 5.3 times as slow, the same
    assert result.best().name == "tcg"
    assert result.best().guests == {"smp": 1, "smplock": 1, "tb-thrash": 1}
    weighted = result.best(weights={"smp": 4, "tb-thrash": 0})
    assert weighted.name == "tcg,thread=multi"
    assert weighted.guests == {"smp": 4, "smplock": 1}
    assert weighted.beside_baseline.ratio == pytest.approx((1.7**-4 * 5.3) ** (1 / 5), rel=0.01)
    alone = known_result(["tcg", "tcg,thread=multi"], ["smp"])
    assert str(alone.best()) == str(alone.best("smp"))


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        ({"smpl": 2}, "guest 'smpl': is not in this study; did you mean 'smp'"),
        ({"smp": -1}, "weights: smp has -1; takes a number from 0 on"),
        ({"smp": float("nan")}, "weights: smp has nan"),
        ({"smp": "3"}, "weights: smp has '3'"),
        ({"smp": True}, "weights: smp has True"),
        ({"smp": 0, "smplock": 0, "tb-thrash": 0}, "weights: all are 0"),
    ],
)
def test_weights_that_cannot_be_are_refused(weights, says: str) -> None:
    with pytest.raises(StudyError, match=says):
        known_result(["tcg", "tcg,thread=multi"], blocks=1).best(weights=weights)


def test_weights_are_for_several_guests() -> None:
    with pytest.raises(StudyError, match="guest='smp' and weights"):
        known_result(["tcg"], blocks=1).best("smp", weights={"smp": 1})


def test_of_many_the_baseline_comes_first_and_the_best_second() -> None:
    result = known_result(sweep(sizes=range(1, 26)), ["smp"], blocks=14)
    ranking = result.ranking["7.2.22", "smp"]
    assert ranking[:2] == ("tcg", result.best("smp").name)
    assert sorted(ranking) == sorted(point.name for point in result.plan.configurations)
