"""What messages say about names and values, and which characters of them may be shown."""

from __future__ import annotations

import unicodedata
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.errors import (
    ArgvError,
    IgnoredOptionWarning,
    NearestSchemaWarning,
    nearest,
    shortened,
    shown,
    visible,
    visible_line,
)

WORDS = ("tb-size", "thread", "split-wx")


@pytest.mark.parametrize("name", ["tb_size", "TB-SIZE", "tb-sise", "tbsize"])
def test_the_nearest_name_is_named(name: str) -> None:
    assert nearest(name, WORDS) == "did you mean 'tb-size'?"


def test_without_a_near_name_all_are_listed() -> None:
    assert nearest("zzz", iter(WORDS)) == "one of tb-size, thread, split-wx"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "'a'"),
        (64, "64"),
        (1 << 256, "a number of 257 bits"),
        ([10**5000], "a list"),
        ("x" * 300, "'" + "x" * 199 + "…"),
    ],
    ids=["text", "number", "huge", "huge inside", "long"],
)
def test_a_value_is_shown_in_few_words(value: object, text: str) -> None:
    assert shown(value) == text


#: Format characters (Cf) with a glyph: Arabic, Syriac and Kaithi number signs and the like.
SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")

#: Characters without a glyph that are letters, marks or not assigned: Default_Ignorable_Code_Point in Unicode's
#: DerivedCoreProperties.txt, without the format characters; variation selectors among them.
IGNORABLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0000, 0xE1000))))
)


def test_all_characters_that_are_not_seen_are_shown_by_their_codes_and_no_others() -> None:
    wrong = []
    for number in range(0x110000):
        character = chr(number)
        category = unicodedata.category(character)
        hidden = category in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} or character in IGNORABLE
        hidden = hidden and character not in SEEN and character not in "\t\n"
        if (
            category == "Cn"
        ):  # noncharacters and ignorable ones; what later versions of Unicode assign may go either way
            hidden = visible(character) != character
            assert hidden or not (0xFDD0 <= number <= 0xFDEF or number & 0xFFFE == 0xFFFE)
        if (visible(character) != character) != hidden:
            wrong.append(f"{number:04x} {category}")
        assert not hidden or visible(character).isascii()
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "shown_as"),
    [
        ("\x1b[2J\a", r"\x1b[2J\x07"),
        ("\x9b1m", r"\u009b1m"),
        ("/tmp/\udcff", r"/tmp/\xff"),
        ("\ud800", r"\ud800"),
        ("a\r\nb\rc\td\n", "a\nb\\rc\td\n"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("a\u200db", r"a\u200db"),
        ("\U000e0041", r"\U000e0041"),
        ("\ufeffa", r"\ufeffa"),
    ],
)
def test_codes_are_those_of_python_and_of_shells(text: str, shown_as: str) -> None:
    assert visible(text) == shown_as


@pytest.mark.parametrize(
    "text",
    ["café", "e\u0301", "漢字", "עברית", "नमस्ते", "👩‍💻", "❤️‍🔥", "🏴", "1\u00a0000", "\ufffd", "a\\x1b", ""],
)
def test_text_that_is_seen_stays(text: str) -> None:
    assert visible(text) == text


@given(st.text(st.characters() | st.sampled_from("\u200d\ufe0f❤🔥a\r\n")))
def test_what_is_visible_stays_and_takes_one_line_where_it_has_to(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    assert visible_line(visible_line(text)) == visible_line(text)
    assert len(visible_line(text).splitlines()) <= 1
    assert visible_line(text).encode() is not None


def test_errors_and_warnings_are_printed_visible() -> None:
    for kind in (ArgvError, IgnoredOptionWarning, NearestSchemaWarning):
        message = kind("a\x1b\u200b\udcff")
        assert str(message) == r"a\x1b\u200b\xff"
        assert message.args == ("a\x1b\u200b\udcff",)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.warn(IgnoredOptionWarning("\x1b"), stacklevel=1)
    assert [str(warning.message) for warning in caught] == [r"\x1b"]


@given(st.text(), st.integers(3, 20))
def test_a_long_text_keeps_both_ends(text: str, most: int) -> None:
    short = shortened(text, most)
    assert len(short) <= most
    assert short == text or (len(short) == most and "…" in short)
