"""The subcommands and their help; wrong usage."""

from __future__ import annotations

import re
import shlex

import pytest
from support.cli import ask

from accelkit.cli import commands
from accelkit.cli.parser import parser
from accelkit.schemas import bundled
from accelkit.schemas.releases import RELEASES

COMMANDS = [*parser().commands]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_describes_a_command_and_lists_each_of_its_options(name: str) -> None:
    ran = ask(name, "--help")
    assert (ran.status, ran.err) == (0, "")
    assert len(ran.out) > 200
    listed = set(re.findall(r"(?<![\w-])--[a-z-]+", ran.out.partition("options:")[2]))
    assert listed == {*parser().commands[name].listed, "--help"}


def test_help_lists_every_command() -> None:
    listed = re.findall(r"(?m)^    ([a-z-]+)", ask("--help").out)
    assert listed == [*COMMANDS]


def test_every_example_in_the_help_works() -> None:
    examples = re.findall(r"(?m)^  (accelkit .*?)   ", ask("--help").out)
    assert len(examples) >= 4
    for line in examples:
        assert ask(*shlex.split(line)[1:]).status == 0, line


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("chek", "kvm"), "did you mean 'check'?"),
        (("--verson",), "did you mean '--version'?"),
        (("zzz",), "one of check, lint, parse"),
        (("check",), "see accelkit check --help"),
        (("check", "--version"), "see accelkit check --help"),
        (("check", "--version", "7.2", "--qemu", "x", "kvm"), "not allowed with"),
        (("check", "--jsno", "kvm"), "did you mean '--json'?"),
        (("check", "-accel", "kvm", "--json"), "before QEMU's words"),
        (("check", "kvm", "-"), "standard input"),
        (("parse", "-"), "standard input"),
        (("check", "--vers", "7.2", "kvm"), "did you mean '--version'?"),
        (("explain", "--mark"), "--mark"),
        (("run", "--timeout", "soon", "tcg"), "takes seconds, more than 0"),
        (("run", "--timeout", "nan", "tcg"), "takes seconds, more than 0"),
        (("run", "--timeout", "-1", "tcg"), "takes seconds, more than 0"),
        (("completion", "tcsh"), "bash"),
    ],
)
def test_wrong_usage_gives_one_line_with_what_to_do(words: tuple[str, ...], hint: str) -> None:
    status, out, err = ask(*words)
    assert (status, out) == (2, "")
    assert err.startswith("accelkit")
    assert err.count("\n") == 1
    assert hint in err


def test_without_words_it_prints_the_help_and_fails_for_the_script_whose_words_came_out_empty() -> None:
    assert ask() == (2, "", ask("--help").out)


def test_every_command_has_its_function() -> None:
    for name in COMMANDS:
        assert parser().commands[name].get_default("handler") is getattr(commands, name)


def test_the_help_of_check_names_the_releases() -> None:
    [version] = [action for text, action in parser().commands["check"].options.items() if text == "--version"]
    assert version.help == f"a QEMU release, {RELEASES[0]} to {RELEASES[-1]} (default: the installed one)"
    assert RELEASES[-1] == "{}.{}".format(*bundled().version)
