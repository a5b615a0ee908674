"""Where QEMU's words begin in a command line."""

from __future__ import annotations

import pytest

from accelkit.cli.parser import parser
from accelkit.cli.qemu_words import arranged, subjects
from accelkit.errors import ArgvError


@pytest.mark.parametrize(
    ("words", "parsed"),
    [
        (["check", "-accel", "kvm"], ["check", "--", "-accel", "kvm"]),
        (["check", "--version", "7.2", "-m", "1"], ["check", "--version", "7.2", "--", "-m", "1"]),
        (["check", "--version=7.2", "-m", "1"], ["check", "--version=7.2", "--", "-m", "1"]),
        (["check", "kvm", "--json"], ["check", "kvm", "--json"]),
        (["check", "--", "-m"], ["check", "--", "-m"]),
        (["check", "-name", "--json"], ["check", "--", "-name", "--json"]),
        (["check", "-"], ["check", "-"]),
        (["run", "--guest", "cpu", "-accel", "tcg"], ["run", "--guest", "cpu", "--", "-accel", "tcg"]),
        (["explain", "-enable-kvm"], ["explain", "--", "-enable-kvm"]),
        (
            ["check", "sudo", "-u", "vm", "qemu-kvm", "-m", "1"],
            ["check", "sudo", "--", "-u", "vm", "qemu-kvm", "-m", "1"],
        ),
        (
            ["check", "docker", "run", "--jsn", "x", "qemu-system-arm", "-S"],
            ["check", "docker", "run", "--", "--jsn", "x", "qemu-system-arm", "-S"],
        ),
        (["--version"], ["--version"]),
        (["run", "--libvirt", "-m", "1"], ["run", "--libvirt", "--", "-m", "1"]),
    ],
)
def test_qemus_words_begin_at_its_first_option(words: list[str], parsed: list[str]) -> None:
    assert arranged(words, parser()) == parsed


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["chek"], "unknown command 'chek'; did you mean 'check'?"),
        (["complete-lin"], "unknown command 'complete-lin'; did you mean 'completion'?"),
        (["--vers"], "unknown option '--vers'; did you mean '--version'?"),
        (["check", "-m", "1G", "--json"], "--json: is an option of accelkit; give it before QEMU's words"),
        (
            ["check", "-m", "1G", "--jsno"],
            "'--jsno': neither accelkit check nor QEMU has this option; did you mean",
        ),
    ],
)
def test_a_command_or_option_that_nobody_has_is_refused(words: list[str], error: str) -> None:
    with pytest.raises(ArgvError) as refusal:
        arranged(words, parser())
    assert str(refusal.value).startswith(error)


def test_a_value_of_qemus_own_option_may_look_like_one_of_accelkit() -> None:
    assert arranged(["check", "-name", "--json"], parser()) == ["check", "--", "-name", "--json"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["kvm"], ["kvm"]),
        (["kvm", "tcg,x=1", "-m 1G"], ["kvm", "tcg,x=1", "-m 1G"]),
        (["kvm", "-accel", "tcg"], ["kvm", ["-accel", "tcg"]]),
        (["kvm", "–accel", "tcg"], ["kvm", ["–accel", "tcg"]]),
        (["qemu-kvm -m 1", "tcg"], ["qemu-kvm -m 1", "tcg"]),
        (["qemu-kvm", "-m", "1"], [["qemu-kvm", "-m", "1"]]),
        (["qemu-system-x86_64"], [["qemu-system-x86_64"]]),
        (["sudo", "kvm", "-m", "1"], [["sudo", "kvm", "-m", "1"]]),
        (["X=1", "qemu-kvm", "-name", "a b"], [["X=1", "qemu-kvm", "-name", "a b"]]),
        (["kvmm", "foo"], ["kvmm", "foo"]),
        (["kvmm", "-m", "1"], ["kvmm", ["-m", "1"]]),
        (["tcg() | tb_size(8)", "tcg,tb-size={8,64}"], ["tcg() | tb_size(8)", "tcg,tb-size={8,64}"]),
        (["", "kvm"], ["", "kvm"]),
    ],
)
def test_words_are_texts_by_themselves_or_one_command(words: list[str], found: list[str | list[str]]) -> None:
    assert subjects(words) == found
