"""The values of a command line: one -accel, faults of ids, and which accelerators QEMU defaults to."""

from __future__ import annotations

import pytest

from accelkit import ArgvError
from accelkit.parsing.command_line import AccelOption, CommandLine, id_faults, read_accel
from accelkit.syntax.qemuopts import Write


def test_an_accel_option_has_its_name_its_first_id_and_every_write() -> None:
    assert read_accel("tcg,thread=single,id=a,id=b,nosplit-wx,thread=multi") == AccelOption(
        "tcg",
        (Write("thread", "single"), Write("split-wx", "off", "nosplit-wx"), Write("thread", "multi")),
        "a",
    )


def test_the_last_accelerator_of_one_option_counts() -> None:
    assert read_accel("kvm,accel=tcg").name == "tcg"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("thread=single", "-accel thread=single: names no accelerator; begin with one, as in -accel tcg,…"),
        ("help", "-accel help: QEMU prints its accelerators and ends; name one of them"),
        ("kvm,accel=?", "-accel kvm,accel=?: QEMU prints its accelerators and ends; name one of them"),
    ],
)
def test_an_option_for_which_qemu_prints_its_list_is_refused(text: str, message: str) -> None:
    with pytest.raises(ArgvError) as caught:
        read_accel(text)
    assert str(caught.value) == message


def test_ids_must_be_identifiers_and_differ() -> None:
    options = [AccelOption("kvm"), *(AccelOption("tcg", identifier=name) for name in ("a", "1", "a", "b"))]
    assert [fault.partition(";")[0] for fault in id_faults(options)] == [
        "-accel tcg: id='1' is not an identifier",
        "-accel tcg: id=a is there twice",
    ]


@pytest.mark.parametrize(
    ("program", "accelerators"),
    [("", ("tcg", "kvm")), ("qemu-system-x86_64", ("tcg", "kvm")), ("/usr/libexec/qemu-kvm", ("kvm", "tcg"))],
)
def test_a_program_named_kvm_prefers_kvm(program: str, accelerators: tuple[str, str]) -> None:
    assert CommandLine((), program=program).defaults == accelerators
