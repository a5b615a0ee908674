"""What ELF programs need, read from their bytes."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.elf import AARCH64, X86_64, elf

from accelkit.errors import GuestError
from accelkit.guests.elf import Program, read_program

DYNAMIC = elf(interpreter="/lib64/ld.so", needed=["libm.so.6", "libc.so.6"], runpath="$ORIGIN/lib:/opt/lib")


@pytest.mark.parametrize(
    ("content", "program"),
    [
        (elf(), Program("x86_64")),
        (elf(AARCH64), Program("aarch64")),
        (elf(3), Program("")),
        (elf(X86_64, bits=1), Program("")),
        (DYNAMIC, Program("x86_64", "/lib64/ld.so", ("libm.so.6", "libc.so.6"), ("$ORIGIN/lib", "/opt/lib"))),
        (elf(needed=["libc.so.6"]), Program("x86_64", needed=("libc.so.6",))),
        (b"", None),
        (b"#!/bin/sh\n", None),
        (b"MZ\x90", None),
    ],
)
def test_a_program_says_what_it_needs(content: bytes, program: Program | None) -> None:
    assert read_program(content) == program


@pytest.mark.parametrize("length", [4, 20, 63, 64, 100, 230, len(DYNAMIC) - 1])
def test_a_program_that_ends_too_early_is_refused(length: int) -> None:
    with pytest.raises(GuestError, match=r"^it is not a whole ELF program \(.+\); build or copy it again$"):
        read_program(DYNAMIC[:length])


@example(place=39, byte=128)  # the table of segments lies farther away than a file is long
@given(place=st.integers(4, len(DYNAMIC) - 1), byte=st.integers(0, 255))
def test_a_broken_program_is_refused_or_read_and_nothing_else(place: int, byte: int) -> None:
    broken = DYNAMIC[:place] + bytes([byte]) + DYNAMIC[place + 1 :]
    with contextlib.suppress(GuestError):
        assert read_program(broken) is not None
