"""The one exit: what is printed is visible, whatever the streams are."""

from __future__ import annotations

import contextlib
import io
import sys
from unittest import mock

import pytest

from accelkit.cli.output import (
    LONGEST_LINE,
    VisibleStream,
    print_blocks,
    print_error,
    takes,
    visible_output,
    width,
)
from accelkit.document import Paragraph, Table


def test_what_is_not_seen_is_written_as_its_code() -> None:
    out = io.StringIO()
    stream = VisibleStream(out)
    assert stream.write("a\x1b[2J\n") == 6
    stream.writelines(["\udcff", "\u202e"])
    assert out.getvalue() == "a\\x1b[2J\n\\xff\\u202e"


def test_the_streams_are_put_back() -> None:
    before = sys.stdout, sys.stderr
    with contextlib.suppress(KeyError), visible_output():
        assert isinstance(sys.stdout, VisibleStream)
        assert isinstance(sys.stderr, VisibleStream)
        raise KeyError
    assert (sys.stdout, sys.stderr) == before


def test_a_stream_without_the_character_gets_its_code() -> None:
    raw = io.BytesIO()
    stdout = io.TextIOWrapper(raw, "ascii")
    with mock.patch.object(sys, "stdout", stdout), visible_output():
        assert takes("e")
        assert not takes("é")
        print("é\udcff")
        sys.stdout.flush()
    assert raw.getvalue() == b"\\xe9\\xff\n"


def test_a_closed_stream_is_replaced() -> None:
    with mock.patch.multiple(sys, stdin=None, stdout=None, stderr=None), visible_output():
        print("nobody reads this")
        assert sys.stdin.read() == ""
        sys.stdin.close()
        sys.stdout.close()
        sys.stderr.close()


def test_an_error_is_one_line_of_bounded_length(capsys: pytest.CaptureFixture[str]) -> None:
    print_error("a\n\tb\x1b" + "x" * 3 * LONGEST_LINE)
    line = capsys.readouterr().err
    assert line.startswith("a b\\x1bxxx")
    assert line.count("\n") == 1
    assert len(line) == LONGEST_LINE + 1


LONG = Table((), (("✗ refused", "because of a reason that takes more than a few words to tell"),))


def test_a_document_fits_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "40")
    assert width() == 40
    print_blocks([LONG], "  ")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "  ✗ refused  because of a reason that"
    assert len(lines) > 2
    assert max(map(len, lines)) <= 40


def test_where_there_is_no_terminal_nothing_is_broken_into_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert width() is None
    print_blocks([Paragraph(("one",)), LONG], "  ")
    assert capsys.readouterr().out == (
        "  one\n\n  ✗ refused  because of a reason that takes more than a few words to tell\n"
    )


@pytest.mark.parametrize("columns", ["1", "2", "5"])
def test_a_terminal_that_is_too_narrow_for_anything_still_gets_all_words(
    columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", columns)
    print_blocks([LONG], "  ")
    assert "".join(capsys.readouterr().out.split()).count("refused") == 1
