"""Effects of studies: verdicts, the largest change, what is left out, guests together."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.known_result import FAILING, known_result

from accelkit.errors import StudyError
from accelkit.study.analysis.effects import ALL, GuestEffects
from accelkit.study.result import Result


def of(result: Result, guest: str) -> GuestEffects:
    return next(group for group in result.all_effects if group.guest == guest)


def test_each_guest_has_its_effects_and_all_together_have_theirs() -> None:
    result = known_result()
    assert [group.guest for group in result.all_effects] == ["smp", "smplock", "tb-thrash", ALL]
    assert of(result, "smp").of("matters") == ("thread",)
    assert of(result, "smp").of("no difference") == ("tb-size",)
    assert of(result, "tb-thrash").of("matters") == ("tb-size",)
    assert of(result, ALL).of("matters") == ("tb-size", "thread")


def test_the_largest_change_is_told_with_its_ends() -> None:
    (main,) = [main for main in of(known_result(guests=["smp"]), "smp").mains if main.name == "thread"]
    assert (main.best, main.worst, main.reference) == ("multi", "single", "single")
    assert main.least < main.most < main.limit
    assert main.most == pytest.approx(1.7, rel=0.01)
    assert main.span == (main.levels[0].low, main.levels[0].high)


def test_two_properties_that_act_together_are_found() -> None:
    """tb-size=1 is slow with one thread only."""
    base = known_result(guests=["smp"])
    records = tuple(
        replace(record, value=(record.value or 0) * (3 if "tb-size=1,thread=single" in record.trial.configuration else 1))
        for record in base.records
    )  # fmt: skip
    (pair,) = of(replace(base, records=records), "smp").together
    assert {pair.name, pair.other} == {"tb-size", "thread"}
    assert max(pair.ratio, 1 / pair.ratio) == pytest.approx(3, rel=0.01)
    assert 2.9 < pair.least < pair.limit < 3.1


def test_configurations_that_fail_are_left_out() -> None:
    group = of(known_result(failing=[FAILING]), "smplock")
    assert group.left_out == ((FAILING[1], "20 of 20 trials failed"),)
    assert group.of("matters") == ("thread",)


def test_few_blocks_leave_everything_unknown() -> None:
    group = of(known_result(guests=["smp"], blocks=4), "smp")
    assert group.of("unknown") == ("thread", "tb-size") or set(group.of("unknown")) == {"thread", "tb-size"}
    assert group.mains[0].span[1] == float("inf")


def test_nothing_measured_has_no_effects() -> None:
    result = replace(known_result(guests=["smp"]), records=())
    assert [group.mains for group in result.all_effects] == [()]


def test_a_result_gives_the_effects_of_one_guest_and_names_the_nearest() -> None:
    result = known_result()
    assert [group.guest for group in result.effects("smp").guests] == ["smp"]
    assert len(result.effects().guests) == 4
    with pytest.raises(StudyError, match="did you mean 'smp'"):
        result.effects("smpp")


def test_rows_are_tidy() -> None:
    rows = known_result().effects().rows()
    assert {tuple(row) for row in rows} == {tuple(rows[0])}
    assert {row["effect"] for row in rows} == {"main", "interaction"}
