"""The properties that vary, and the values they take."""

from __future__ import annotations

from support.known_result import known_result
from support.plans import plan_of

from accelkit import multi, single
from accelkit.study.swept import ABSENT


def test_values_in_another_spelling_of_numbers_are_words() -> None:
    axis = plan_of("tcg,x=08", "tcg,x=9", "tcg,x=٣").axes["x"]
    assert (axis.numeric, axis.values) == (False, ("08", "9", "٣"))
    assert plan_of("tcg,x=10", "tcg,x=9", "tcg,x=0").axes["x"].values == ("0", "9", "10")


def test_axes_are_the_properties_that_vary_with_numbers_in_order() -> None:
    axes = plan_of("tcg,tb-size=64,split-wx=on", "tcg,tb-size=8,split-wx=on", "tcg,split-wx=on").axes
    assert list(axes) == ["tb-size"]
    assert axes["tb-size"].values == (ABSENT, "8", "64")
    assert axes["tb-size"].numeric
    words = plan_of("tcg,thread=single", "tcg,thread=multi").axes["thread"]
    assert (words.values, words.numeric) == (("single", "multi"), False)
    assert plan_of("tcg").axes == {}
    assert plan_of("tcg", "kvm").axes["accel"].values == ("tcg", "kvm")


def test_values_are_the_words_of_the_recipes() -> None:
    assert {single, multi} == set(known_result().plan.axes["thread"].values) - {ABSENT}
