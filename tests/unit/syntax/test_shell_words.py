"""Words to a line for a shell, and back."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from accelkit.errors import ArgvError, visible_line
from accelkit.syntax.shell_words import shell_line, words_of

NASTY = st.text(
    st.sampled_from("'\"\\$ \n\t\r\x1b\x7f\u0085\u200b\u2028é漢\udcff\udc80`!{}x0aAuU7")
    | st.characters(exclude_categories=["Cs"]),
    max_size=8,
)


@given(st.lists(NASTY, max_size=4), st.booleans())
def test_what_is_written_is_read_back_and_can_be_shown(words: list[str], ascii_only: bool) -> None:
    line = shell_line(words, ascii_only=ascii_only)
    assert words_of(line) == words
    assert visible_line(line) == line
    assert line.isascii() or not ascii_only


@given(st.lists(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])), max_size=4))
def test_words_that_are_seen_are_quoted_as_every_shell_reads_them(words: list[str]) -> None:
    assert shell_line(words) == shlex.join(words) or any(visible_line(word) != word for word in words)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (r"$'\e[1m\a\b\f\v\?\"'", '\x1b[1m\a\b\f\v?"'),
        (r"$'\x1b2\0332\33'", "\x1b2\x1b2\x1b"),
        (r"$'\u00e9\U0001F600\ue9'", "é😀é"),
        (r"$'\xc3\xa9'", "é"),
        (r"$'\xff'", "\udcff"),
        (r"$'\q'", r"\q"),
        ("\"$\"'a'", "$a"),
        (r"\$'a'", "$a"),
        (r"a$'\''b", "a'b"),
    ],
)
def test_codes_are_read_as_bash_reads_them(line: str, word: str) -> None:
    assert words_of(line) == [word]


@pytest.mark.parametrize("line", [r"$'a", r"$'\ud800'", r"$'\U00110000'"])
def test_a_code_of_no_character_is_refused(line: str) -> None:
    with pytest.raises(ArgvError, match=r"No closing quotation|has a code that is no character"):
        words_of(line)


@given(st.text("ab '\"\\\n\r\t-=,$`\xa0\x0b", max_size=16))
@example("''")
@example("a''b \"\"")
@example('\'a"b\'"c\'d\\"\\x"\\ ')
def test_a_line_is_split_into_words_as_a_shell_does_or_refused(text: str) -> None:
    plain = text.replace("\\\n", "")
    assume("$'" not in plain)  # shlex has no codes
    try:
        words = words_of(text)
    except ArgvError:
        with pytest.raises(ValueError, match=r"closing quotation|escaped character"):
            shlex.split(plain)
    else:
        assert words == shlex.split(plain)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("-device 'a", '"-device \'a": No closing quotation; close the quote, or give the words as a list'),
        (
            "-device a\\",
            "'-device a\\\\': No escaped character; close the quote, or give the words as a list",
        ),
    ],
)
def test_a_quote_that_is_not_closed_is_refused(line: str, message: str) -> None:
    with pytest.raises(ArgvError) as refused:
        words_of(line)
    assert str(refused.value) == message


def test_a_space_that_no_shell_splits_at_stays_in_the_word() -> None:
    assert words_of("-name a\xa0b") == ["-name", "a\xa0b"]
