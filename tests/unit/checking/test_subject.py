"""command_line: each form of what can be checked as one command line."""

from __future__ import annotations

import pytest

from accelkit import ComposeError, OptionMap, each, first_of, kvm, parse, tb_size, tcg
from accelkit.checking.subject import command_line
from accelkit.parsing.lines import read

FORMS = [
    "kvm",
    "-accel kvm",
    ["-accel", "kvm"],
    ("-accel", "kvm"),
    "sudo qemu-system-x86_64 -accel kvm",
    "<domain type='kvm'/>",
    "kvm()",
    kvm(),
    first_of(kvm()),
    OptionMap({"accel": "kvm"}),
    parse("kvm"),
    read("kvm"),
]


@pytest.mark.parametrize("x", FORMS, ids=str)
def test_each_form_is_the_same_command_line(x: object) -> None:
    assert command_line(x).accels == read("kvm").accels
    assert command_line(x).faults == ()


@pytest.mark.parametrize(
    "x", [5, None, tcg() | tb_size(each(1, 2)), "tcg,tb-size={1,2}", tb_size(1)], ids=str
)
def test_what_is_no_command_line_is_refused(x: object) -> None:
    with pytest.raises(ComposeError):
        command_line(x)


def test_several_commands_are_one_line_with_this_fault() -> None:
    (fault,) = command_line("qemu-kvm -m 1; qemu-kvm -m 2").faults
    assert "2 QEMU commands are in it" in fault
