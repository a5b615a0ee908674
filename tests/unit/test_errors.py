"""nearest and shown: what messages say about names and values."""

from __future__ import annotations

import pytest

from accelkit.errors import nearest, shown

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
