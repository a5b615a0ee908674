"""What the makers of guests are given: each is taken as it is, or refused with its name and what to give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from accelkit.errors import GuestError
from accelkit.guests.arguments import (
    LONGEST_NAME,
    argument_of,
    arguments_of,
    path_of,
    pattern_of,
    refuse_name,
    statuses_of,
)


@pytest.mark.parametrize("name", ["a", "boot of Debian 12", "memory-64M", "é", "x" * LONGEST_NAME])
def test_a_name_is_text_that_prints(name: str) -> None:
    refuse_name(name, "linux: name")


@pytest.mark.parametrize(
    "name", ["", " ", "a\nb", "a\tb", "\x1b[1m", "\ud800", "x" * (LONGEST_NAME + 1), 5, None, {}, b"a"]
)
def test_another_name_is_refused(name: object) -> None:
    with pytest.raises(
        GuestError, match=r"^linux: name=.* is not a name; give text of 1 to 100 characters that can be seen"
    ):
        refuse_name(name, "linux: name")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (5, "append=5 is not text; give text"),
        ("a\0b", "append='a\\x00b' has a NUL, which no argument has; remove it"),
        ("a\ud800", "append='a\\ud800' has a surrogate at position 1; remove it"),
        ("x" * 200_000, "has 200000 bytes; Linux passes at most 131071 in one argument; shorten it"),
    ],
    ids=repr,
)
def test_what_no_program_can_get_is_refused(text: object, fault: str) -> None:
    with pytest.raises(GuestError) as refused:
        argument_of("linux", "append", text)
    assert str(refused.value).startswith("guest 'linux': append")
    assert str(refused.value).endswith(fault)


def test_arguments_are_a_list_of_text_in_which_line_breaks_may_be() -> None:
    assert arguments_of("command", "argv", ["a", "b\nc", ""]) == ("a", "b\nc", "")
    for words in ("ab", 5, {"a": 1}, [5], None):
        with pytest.raises(GuestError, match=r"is not a list of words|is not text"):
            arguments_of("command", "argv", words)


def test_a_path_is_text_or_a_path() -> None:
    assert path_of("disk", "path", Path("a/b")) == path_of("disk", "path", "a/b") == "a/b"
    for path in (5, b"a", None, []):
        with pytest.raises(GuestError, match=r"path=.* is not text"):
            path_of("disk", "path", path)


@pytest.mark.parametrize("pattern", ["(", "a{99999999999999999999}", "(" * 5000, "\ud800", "[", 5, None])
def test_a_pattern_that_is_none_is_refused(pattern: Any) -> None:
    with pytest.raises(GuestError, match=r"is not a regular expression|is not text"):
        pattern_of("linux", "until", pattern)


def test_statuses_are_those_of_processes() -> None:
    assert statuses_of("linux", (0, 255)) == (0, 255)
    assert statuses_of("linux", {3}) == (3,)
    for passing in ((), [256], [-1], [True], ["0"], 0, None, {}, "0", [0, None]):
        with pytest.raises(GuestError, match="give one or more exit statuses from 0 to 255"):
            statuses_of("linux", passing)
