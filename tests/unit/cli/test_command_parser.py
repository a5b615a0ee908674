"""CommandParser: its lists of options, and the types of options' values."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable

import pytest

from accelkit.cli.command_parser import CommandParser, count, duration, seconds, share, takes_value, whole


def example() -> CommandParser:
    top = CommandParser(prog="example")
    add = top.add_subparsers(parser_class=CommandParser).add_parser
    show = add("show", qemu_words=True)
    show.add_argument("--json", action="store_true")
    show.add_argument("--file", metavar="FILE")
    show.add_argument("line", choices=("a", "b"))
    add("hide")
    return top


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["show", "a", "--jsom"],
            "example show: unrecognized arguments: --jsom; did you mean '--json'?; see example show",
        ),
        (
            ["show", "a", "--fil=x"],
            "example show: unrecognized arguments: --fil=x; did you mean '--file'?; see",
        ),
        (
            ["show", "a", "--zzzzzz"],
            "example show: unrecognized arguments: --zzzzzz; see example show --help",
        ),
        (["show", "a", "b"], "example show: unrecognized arguments: b; see example show --help"),
        (["show", "a", "--" + "z" * 9000], "…" + "z" * 99 + "; see example show --help"),
    ],
)
def test_what_no_command_takes_is_told_with_the_nearest(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        example().arguments_of(words)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def test_a_parser_lists_its_commands_options_and_arguments() -> None:
    commands = example().commands
    assert {name: command.qemu_words for name, command in commands.items()} == {"show": True, "hide": False}
    show = commands["show"]
    assert list(show.options) == ["-h", "--help", "--json", "--file"]
    assert show.listed == ["--json", "--file"]
    assert [argument.dest for argument in show.arguments] == ["line"]
    assert show.commands == {}, "choices of an argument are not commands"
    assert {text: takes_value(option) for text, option in show.options.items()} == {
        "-h": False, "--help": False, "--json": False, "--file": True,
    }  # fmt: skip


@pytest.mark.parametrize("words", [["show", "--fil", "x", "a"], ["show", "c"], ["nothing"]])
def test_an_error_is_one_line_and_options_are_not_guessed(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        example().parse_args(words)
    assert end.value.code == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("example")
    assert "--help" in err


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (share, "2%", 0.02),
        (share, "0.02", 0.02),
        (duration, "90", 90.0),
        (duration, "2h", 7200.0),
        (seconds, "0.5", 0.5),
        (count, "1000000", 1_000_000),
        (whole, "-3", -3),
    ],
)
def test_values_are_read(read: Callable[[str], float], text: str, value: float) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        *[(share, text) for text in ("", "5", "-1%", "x")],
        *[(duration, text) for text in ("", "0", "soon", "-1s")],
        *[(seconds, text) for text in ("", "0", "-1", "nan", "inf", "1e6", "soon")],
        *[(count, text) for text in ("", "0", "-1", "1000001", "1.5", "9" * 5000, "x")],
        *[(whole, text) for text in ("", "1.5", "x", "9" * 5000)],
    ],
)
def test_other_values_are_refused_by_what_was_given(read: Callable[[str], float], text: str) -> None:
    with pytest.raises(ArgumentTypeError, match=r"^got '.*; takes "):
        read(text)
