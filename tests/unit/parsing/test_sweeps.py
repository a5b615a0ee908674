"""Braces to recipes and spaces, and the steps that texts make."""

from __future__ import annotations

import pytest

from accelkit import ArgvError, ComposeError, each, kvm, option, split_wx, tb_size, tcg, thread
from accelkit.parsing.sweeps import axis_of, recipe_step, swept


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tcg,tb-size={8,64}", tcg() | tb_size(each(8, 64))),
        ("tcg,tb-size={1,2}2", tcg() | tb_size(each(12, 22))),
        ("tcg,tb-size=1{2,3}", tcg() | tb_size(each(12, 13))),
        ("tcg,thread={single,multi},tb-size=8", tcg() | thread(each("single", "multi")) | tb_size(8)),
        ("{kvm,tcg}", each(kvm(), tcg())),
    ],
)
def test_braces_expand_as_in_a_shell(text: str, meant: object) -> None:
    assert swept(text) == meant


@pytest.mark.parametrize(
    ("text", "error", "why"),
    [
        ("tb-size={1,2}", ComposeError, "names no accelerator"),
        ("tcg,{a,b}", ArgvError, "braces hold the values of a property"),
        ("tcg,tb-size={8", ArgvError, "a brace has no partner"),
    ],
)
def test_braces_that_mean_nothing_are_refused(text: str, error: type[Exception], why: str) -> None:
    with pytest.raises(error, match=why):
        swept(text)


def test_a_step_is_the_propertys_own_where_that_takes_the_value() -> None:
    assert recipe_step("tcg", "tb-size", "0x40") == tb_size(64)
    assert recipe_step("kvm", "tb-size", "64") == option("tb-size", "64")
    assert recipe_step(None, "accel", "tcg") == tcg()
    assert list(tcg() | axis_of("tcg", "split-wx", ["yes", "no"])) == list(
        tcg() | split_wx(each(True, False))
    )
