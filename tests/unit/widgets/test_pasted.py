"""What is said of a pasted text that writes no value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit import AccelkitError, kvm
from accelkit.widgets.pasted import not_taken, pasted


def said_of(text):
    with pytest.raises(AccelkitError) as error:
        pasted(text)
    return not_taken(text, error.value)


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("sudo foo", "not understood, and nothing changed: "),
        ("kmv,thread=single", "read as an -accel argument; nothing changed: "),
        ("qemu-kvm -m 1G", "read as a QEMU command line without -accel; nothing changed: "),
        ("qemu-kvm -accel kvm,kernel-irqchip=on -accel tgc",
         "read as a QEMU command line with -accel kvm,kernel-irqchip=on, -accel tgc; nothing changed: "),
        ("tcg() | tb_size(", "read as Python; nothing changed: "),
        ("tcg,tb-size={8,8}", "read as an -accel argument with {a,b}; nothing changed: "),
    ],
)  # fmt: skip
def test_a_wrong_text_says_as_what_it_was_read_and_that_nothing_changed(text, beginning):
    assert said_of(text).startswith(beginning)


def test_a_backslash_at_the_end_of_a_line_is_no_word():
    assert pasted("qemu-system-x86_64 \\   -accel kvm \\   -m 1G \\") == kvm()


@pytest.mark.filterwarnings("ignore")
@given(st.text(max_size=60))
def test_any_text_is_a_value_or_a_reason(text):
    try:
        pasted(text)
    except AccelkitError as error:
        assert "nothing changed" in not_taken(text, error)  # noqa: PT017  # most texts are refused
