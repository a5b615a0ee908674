"""What a program prints; shell scripts stand in for it."""

from __future__ import annotations

import errno
import os

import pytest

from accelkit.qemu.output import MAX_OUTPUT_BYTES, output_of


def test_both_outputs_are_the_answer_in_the_order_in_which_they_are_written() -> None:
    assert output_of(["sh", "-c", "echo one; echo two >&2; printf three; exit 3"], 60) == "one\ntwo\nthree"


def test_its_input_is_empty() -> None:
    assert output_of(["cat"], 60) == ""


def test_as_much_as_the_limit_is_an_answer_and_one_byte_more_is_an_error() -> None:
    longest = f"head -c {MAX_OUTPUT_BYTES} /dev/zero | tr '\\0' x"
    assert output_of(["sh", "-c", longest], 60) == "x" * MAX_OUTPUT_BYTES
    with pytest.raises(OSError, match="printed more than 65536 bytes") as error:
        output_of(["sh", "-c", f"{longest}; echo"], 60)
    assert error.value.errno == errno.EFBIG


def test_a_program_that_does_not_end_is_a_timeout_and_leaves_no_descriptor() -> None:
    before = os.listdir("/dev/fd")
    with pytest.raises(TimeoutError):
        output_of(["sh", "-c", "echo text; sleep 600"], 0.05)
    assert os.listdir("/dev/fd") == before


def test_a_program_that_is_missing_is_an_error_of_the_system() -> None:
    with pytest.raises(FileNotFoundError, match="no such program"):
        output_of(["/nonexistent"], 60)
