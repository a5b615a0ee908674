"""render and shell: options in the order of the manual, and a line quoted for a shell."""

from __future__ import annotations

from typing import Any

import pytest

from accelkit import (
    OptionMap,
    first_of,
    fold,
    kvm,
    option,
    render,
    shadow_mem,
    shell,
    tcg,
)


@pytest.mark.parametrize(
    ("x", "line"),
    [
        (kvm() | shadow_mem(-1), "-accel kvm,kvm-shadow-mem=-1"),
        (first_of(kvm(), tcg()), "-accel kvm -accel tcg"),
        (tcg() | option("x", "a b'c"), "-accel 'tcg,x=a b'\"'\"'c'"),
        (fold(tcg() | option("x", "$HOME;")), "-accel 'tcg,x=$HOME;'"),
    ],
)
def test_a_shell_line_is_safe_to_paste(x: Any, line: str) -> None:
    assert shell(x) == line


def test_equal_maps_give_equal_argv_in_the_order_of_the_manual() -> None:
    argv = ["-accel", "tcg,tb-size=64,thread=single,a=1,b=,,"]
    for order in (("thread", "b", "accel", "tb-size", "a"), ("a", "tb-size", "accel", "b", "thread")):
        texts = {"accel": "tcg", "thread": "single", "tb-size": "64", "a": "1", "b": ","}
        assert render(OptionMap({key: texts[key] for key in order})) == argv
