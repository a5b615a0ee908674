"""Typographic dashes and blanks."""

from __future__ import annotations

import unicodedata

from accelkit.syntax.typography import BLANKS, DASHES


def test_each_is_a_dash_and_none_is_that_of_a_keyboard() -> None:
    assert "-" not in DASHES
    assert all(
        unicodedata.category(dash) == "Pd" or unicodedata.name(dash) == "MINUS SIGN" for dash in DASHES
    )
    assert len(set(DASHES)) == len(DASHES)


def test_each_is_a_blank_and_none_is_that_of_a_keyboard() -> None:
    assert {unicodedata.category(blank) for blank in BLANKS} == {"Zs"}
    assert " " not in BLANKS
    assert len(set(BLANKS)) == len(BLANKS)
