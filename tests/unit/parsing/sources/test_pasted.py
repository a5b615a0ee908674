"""Pastes: arguments alone, sessions, scripts."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources import commands
from accelkit.parsing.sources.command import Command
from accelkit.parsing.sources.pasted import pasted_commands
from accelkit.parsing.sources.prompts import unmarked
from accelkit.parsing.sources.shell import shell_commands


def argvs(text: str) -> list[tuple[str, ...]]:
    return [command.argv for command in pasted_commands(unmarked(text))]


def test_arguments_on_lines_of_their_own_are_one_command() -> None:
    assert argvs("-M virt\n  -accel hvf\n–smp 2") == [("-M", "virt", "-accel", "hvf", "–smp", "2")]
    assert argvs("$ -M virt \\\n -accel hvf\n-smp 2") == [("-M", "virt", "-accel", "hvf")]
    assert argvs("-accel kvm\nqemu-kvm -m 1") == [("-accel", "kvm"), ("qemu-kvm", "-m", "1")]


def test_roots_prompt_is_read_where_nothing_else_is_a_command() -> None:
    assert argvs("# modprobe kvm\n# qemu-kvm -m 1") == [("qemu-kvm", "-m", "1")]
    assert argvs("#!/bin/sh\n# qemu-kvm -m 1") == []
    assert argvs("# qemu-kvm -m 1\nqemu-kvm -m 2") == [("qemu-kvm", "-m", "2")]


@pytest.mark.parametrize(
    "text", ["", "ls -l", "kvm", "qemu-img create x", "QEMU is slow", "# comment", "- a\n- b", "--- a/b"]
)
def test_no_qemu_no_command(text: str) -> None:
    assert pasted_commands(unmarked(text)) == ()


def test_a_session_with_lines_ended_as_on_windows() -> None:
    (command,) = commands("\ufeffuser@host:~$ qemu-kvm \\\r\n> -accel kvm\r\nqemu-kvm: no /dev/kvm\r\n")
    assert isinstance(command, Command)
    assert [word[:] for word in command.words] == [("qemu-kvm", 1, 15), ("-accel", 2, 3), ("kvm", 2, 10)]


def test_a_text_without_prompts_is_read_as_a_shell_reads_it() -> None:
    text = "it doesn't start:\nsudo qemu-kvm -m 1 | tee log"
    assert pasted_commands(unmarked(text)) == shell_commands(text)


def test_a_test_in_brackets_is_no_list() -> None:
    (command,) = commands('if [ -n "$DEBUG" ]; then\n  x\nfi\nqemu-kvm -m 1')
    assert (command.dialect, command.argv) == ("shell", ("qemu-kvm", "-m", "1"))


def test_typographic_blanks_between_the_words_divide_them_and_are_told() -> None:
    (command,) = commands("$ qemu-kvm\u00a0-accel\u2009kvm\n")
    assert [word[:] for word in command.words] == [("qemu-kvm", 1, 3), ("-accel", 1, 12), ("kvm", 1, 19)]
    assert [note.text.partition(";")[2] for note in command.notes] == [" write a plain blank"]
    assert command.notes[0][1:] == (1, 11, "fatal")
    assert "U+00A0" in command.notes[0].text


def test_typographic_blanks_inside_a_command_are_words_as_a_shell_has_them() -> None:
    (command,) = commands("qemu-kvm -m 1 \\\n\u00a0-smp 2")
    assert command.argv == ("qemu-kvm", "-m", "1", "\u00a0-smp", "2")
