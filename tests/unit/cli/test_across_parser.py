"""The arguments of merge, compare and trend: their help tells the exit status."""

from __future__ import annotations

import pytest

from accelkit.cli.across_parser import add_commands
from accelkit.cli.command_parser import CommandParser


@pytest.fixture
def top() -> CommandParser:
    parser = CommandParser(prog="accelkit")
    add_commands(parser.add_subparsers(parser_class=CommandParser).add_parser)
    return parser


def test_shares_and_lists_are_read(top: CommandParser) -> None:
    compare = top.arguments_of(["compare", "a", "b", "--fail-slower", "2%", "--relative", "--control", "cpu"])
    assert (compare.fail_slower, compare.relative, compare.control, compare.delta) == (
        0.02,
        True,
        "cpu",
        None,
    )
    trend = top.arguments_of(["trend", "a", "b", "--guest", "cpu", "--guest", "smp"])
    assert (trend.store, trend.guest, trend.configuration, trend.confidence) == (
        ["a", "b"],
        ["cpu", "smp"],
        None,
        0.95,
    )


def test_help_tells_the_exit_status(top: CommandParser) -> None:
    for name in ("compare", "trend"):
        text = "".join(top.commands[name].format_help().split())  # argparse breaks lines at hyphens
        assert "Exitstatus:0done,andwith--fail-slowernothingcanbeslowerbymorethanthat;1something" in text
