"""Sweeps in QEMU's words: what braces stand for, and what is refused."""

from __future__ import annotations

import pytest

from accelkit import (
    each,
    first_of,
    kernel_irqchip,
    kvm,
    multi,
    off,
    on,
    option,
    single,
    split,
    split_wx,
    tb_size,
    tcg,
    thread,
)
from accelkit.errors import AccelkitError
from accelkit.parsing.notation import sweep


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("kvm", kvm()),
        ("tcg,tb-size={8,64}", tcg() | tb_size(each(8, 64))),
        (
            "tcg,tb-size={8,64},thread={single,multi}",
            tcg() | tb_size(each(8, 64)) | thread(each(single, multi)),
        ),
        ("tcg,split-wx={yes,no}", tcg() | split_wx(each(on, off))),
        ("tcg,tb-size={8}", tcg() | tb_size(8)),
        ("{kvm,tcg}", each(kvm(), tcg())),
        ("kvm,kernel-irqchip={on,split}", kvm() | kernel_irqchip(each(on, split))),
        ("tcg,x-new={a,b}", tcg() | each(option("x-new", "a"), option("x-new", "b"))),
        ("kvm,device=/dev/(a)", kvm() | option("device", "/dev/(a)")),
        ("-accel kvm -accel tcg", first_of(kvm(), tcg())),
        ("tcg() | tb_size(each(8, 64))", tcg() | tb_size(each(8, 64))),
        ("kvm() | device('/dev/{x}')", kvm() | option("device", "/dev/{x}")),
        ("tcg() | option('x-new', '{a,b}')", tcg() | option("x-new", "{a,b}")),
    ],
)
def test_a_text_is_read_as_the_recipe_or_space_that_it_means(text: str, meant: object) -> None:
    read = sweep(text)
    assert read == meant or list(read.argvs()) == list(meant.argvs())  # type: ignore[attr-defined, union-attr]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tcg,tb-size={8,", "a brace has no partner"),
        ("tcg,tb-size={8,,64}", "has an empty value"),
        ("tcg,tb-size={8,8}", "name each once"),
        ("tcg,tb-size=1{2,3}", "braces stand for a whole value"),
        ("tcg,{a,b}", "braces hold the values of a property"),
        ("tb-size={1,2}", "names no accelerator"),
        ("-accel tcg,tb-size={1,2}", "leave -accel out"),
        ("qemu-system-x86_64 -accel tcg,tb-size={1,2}", "leave -accel out"),
        ("tcg,x=\x005,y={a,b}", "has a NUL"),
        ("-m 1G", "names no accelerator"),
        ("kvm,tb-size={1,2} | tcg()", "whole value"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(AccelkitError) as raised:
        sweep(text)
    assert said in str(raised.value)


def test_an_empty_value_outside_braces_is_a_value() -> None:
    assert list(sweep("tcg,thread=,tb-size={1,2}").argvs()) == [  # type: ignore[union-attr]
        ["-accel", "tcg,tb-size=1,thread="],
        ["-accel", "tcg,tb-size=2,thread="],
    ]


def test_text_after_a_brace_is_refused() -> None:
    with pytest.raises(AccelkitError, match="braces stand for a whole value"):
        sweep("tcg,tb-size={2,3}1")
