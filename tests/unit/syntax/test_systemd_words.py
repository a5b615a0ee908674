"""Words for a systemd unit: quotes, escapes, doubled signs."""

from __future__ import annotations

import pytest

from accelkit.syntax.systemd_words import systemd_line


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("tcg,thread=multi", "tcg,thread=multi"),
        ("/dev/kvm", "/dev/kvm"),
        ("", '""'),
        ("a b", '"a b"'),
        (";", '";"'),
        ("#", '"#"'),
        ("it's", '"it\'s"'),
        ('"', r'"\""'),
        ("a\\", r'"a\\"'),
        ("$HOME", "$$HOME"),
        ("${A} %i", '"$${A} %%i"'),
        ("a\nb\tc\rd", r'"a\nb\tc\rd"'),
        ("\x1b", r'"\u001b"'),
        ("\u202e", r'"\u202e"'),
        ("\U000e0001", r'"\U000e0001"'),
        ("\udcff", r'"\xff"'),
        ("ü", '"ü"'),
    ],
)
def test_a_word(word: str, text: str) -> None:
    assert systemd_line([word]) == text


def test_words_stand_in_a_line() -> None:
    assert systemd_line(["-accel", "tcg", "-name", "a b"]) == '-accel tcg -name "a b"'
    assert systemd_line([]) == ""
