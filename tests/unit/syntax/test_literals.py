"""What QEMU reads as a bool, a number, a size: tables measured on QEMU 5.2, 7.2, 10.0 and 11.1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.syntax.literals import MOST_DIGITS, read_bool, read_int, read_int64, read_size, read_uint

V5, V7, V10, V11 = (5, 2, 0), (7, 2, 22), (10, 0, 13), (11, 1, 3)
ALL = (V5, V7, V10, V11)


@pytest.mark.parametrize("text", ["on", "yes", "true", "y"])
def test_four_words_are_true(text: str) -> None:
    assert read_bool(text) is True


@pytest.mark.parametrize("text", ["off", "no", "false", "n"])
def test_four_words_are_false(text: str) -> None:
    assert read_bool(text) is False


@pytest.mark.parametrize(
    "text", ["1", "0", "ON", "On", "True", "FALSE", "", " on", "on ", "t", "f", "enable", "auto"]
)
def test_nothing_else_is_a_bool(text: str) -> None:
    assert read_bool(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("1", 1), ("64", 64), ("-1", -1), ("+1", 1), ("-0", 0), ("+0", 0),
        ("0x40", 64), ("0X40", 64), ("0xfF", 255), ("-0x40", -64), ("0x0", 0),
        ("010", 8), ("00", 0), ("-010", -8), ("0777", 511),
        (" 64", 64), ("\t64", 64), ("\n\v\f\r 64", 64), (" -1", -1), ("  0x40", 64),
        ("18446744073709551616", 1 << 64),
        ("08", None), ("09", None), ("0x", None), ("0xg", None), ("x40", None), ("0b", None), ("0b2", None),
        ("64M", None), ("64 ", None), ("6 4", None), ("64.0", None), ("1e3", None), ("6_4", None),
        ("", None), (" ", None), ("+", None), ("-", None), ("- 1", None), ("+-1", None), ("--1", None),
        ("forty", None), ("٣", None), ("６４", None), ("64\n", None), ("\xa064", None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_strtoull_reads_the_whole_text(text: str, number: int | None) -> None:
    assert read_int(text) == number
    assert read_int(text, binary=True) == number


@pytest.mark.parametrize(
    ("text", "number"), [("0b101", 5), ("0B11", 3), ("-0b1", -1), (" 0b10", 2), ("0b0", 0)]
)
def test_binary_is_a_number_only_where_the_c_library_knows_it(text: str, number: int) -> None:
    assert read_int(text) is None
    assert read_int64(text) is None
    assert read_uint(text, 32) is None
    assert read_int(text, binary=True) == number
    assert read_int64(text, binary=True) == number
    assert read_uint(text, 64, binary=True) == number % (1 << 64)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("9223372036854775807", (1 << 63) - 1), ("-9223372036854775808", -(1 << 63)), ("-1", -1),
        ("9223372036854775808", None), ("-9223372036854775809", None), ("0x8000000000000000", None), ("", None),
    ],
)  # fmt: skip
def test_int64_ends_where_int64_ends(text: str, number: int | None) -> None:
    assert read_int64(text) == number


@pytest.mark.parametrize(
    ("text", "bits", "number"),
    [
        ("4294967295", 32, 4294967295), ("4294967296", 32, None), ("65535", 16, 65535), ("65536", 16, None),
        ("255", 8, 255), ("256", 8, None),
        ("18446744073709551615", 64, (1 << 64) - 1), ("18446744073709551616", 64, None),
        ("-1", 64, (1 << 64) - 1), ("-1", 32, None), ("-1", 16, None), ("-0", 32, 0),
        ("-18446744073709550592", 32, 1024), ("-18446744073709551615", 64, 1), ("-18446744073709551615", 8, 1),
        ("-18446744073709551616", 64, None), ("-18446744073709551617", 64, None),
        ("08", 32, None), ("64M", 32, None), ("", 32, None),
    ],
)  # fmt: skip
def test_unsigned_numbers_wrap_at_a_minus_and_then_must_fit(text: str, bits: int, number: int | None) -> None:
    assert read_uint(text, bits) == number


SIZES = [
    ("0", 0, ALL), ("1", 1, ALL), ("4096", 4096, ALL), ("010", 10, ALL), ("08", 8, ALL),
    ("1B", 1, ALL), ("1b", 1, ALL), ("2K", 2 << 10, ALL), ("2k", 2 << 10, ALL), ("2M", 2 << 20, ALL),
    ("2m", 2 << 20, ALL), ("1G", 1 << 30, ALL), ("1g", 1 << 30, ALL), ("1T", 1 << 40, ALL), ("1P", 1 << 50, ALL),
    ("1E", 1 << 60, ALL), ("1e", 1 << 60, ALL), ("0x1000", 4096, ALL), ("0X1f", 31, ALL),
    ("1.5K", 1536, ALL), ("0.5M", 1 << 19, ALL), ("1.25k", 1280, ALL), ("00.50k", 512, ALL),
    ("15E", 15 << 60, ALL), ("16E", None, ALL), ("18446744073709551616", None, ALL),
    ("18446744073709551614", (1 << 64) - 2, ALL), ("18446744073709551615", (1 << 64) - 1, (V7, V10, V11)),
    ("18446744073709551615", None, (V5,)),
    ("", None, ALL), ("K", None, ALL), ("-1", None, ALL), ("-1K", None, ALL), ("2MB", None, ALL),
    ("1KiB", None, ALL), ("2 M", None, ALL), ("2M ", None, ALL), ("2M\n", None, ALL), ("2Q", None, ALL),
    ("0x", None, ALL), ("1.5", None, ALL), ("2,5K", None, ALL), ("٣", None, ALL), (".", None, ALL), (".K", None, ALL),
    ("0x1k", 1024, (V5, V7)), ("0x1k", None, (V10, V11)),
    (".5k", 512, (V5, V10, V11)), (".5k", None, (V7,)),
    ("1e6", 10**6, (V5,)), ("1e6", None, (V7, V10, V11)), ("1E+3", 1000, (V5,)), ("1E+3", None, (V7, V10, V11)),
    ("-0", 0, (V5,)), ("-0", None, (V7, V10, V11)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "version", "number"), [(text, version, n) for text, n, versions in SIZES for version in versions]
)
def test_a_size_is_read_as_that_version_reads_it(
    text: str, version: tuple[int, int, int], number: int | None
) -> None:
    assert read_size(text, version) == number


@pytest.mark.parametrize(
    ("text", "changes", "before", "after"),
    [
        ("-0", (6, 0, 0), 0, None),
        ("1e3", (6, 0, 0), 1000, None),
        ("18446744073709551615", (6, 0, 0), None, (1 << 64) - 1),
        (".5k", (7, 2, 0), 512, None),
        (".5k", (8, 0, 0), None, 512),
        ("0x1k", (10, 0, 0), 1024, None),
    ],
)
def test_what_a_size_may_be_changes_with_that_release(
    text: str, changes: tuple[int, int, int], before: int | None, after: int | None
) -> None:
    major, minor, _ = changes
    assert read_size(text, (major, minor - 1, 99) if minor else (major - 1, 99, 99)) == before
    assert read_size(text, changes) == after


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_every_whole_number_is_read_back_in_decimal_and_in_hex(number: int) -> None:
    assert read_int(str(number)) == number
    assert read_int(hex(number)) == number
    assert read_int64(str(number)) == number
    assert read_uint(str(number), 64) == number % (1 << 64)


@given(st.text("01789abxX+- ", max_size=6))
def test_what_the_readers_take_for_a_number_is_one_to_python_too(text: str) -> None:
    number = read_int(text, binary=True)
    digits = text.strip().lstrip("+-")
    if number is not None:  # Python writes octal 0o10
        assert abs(number) == int(digits, 8 if digits.startswith("0") and digits.isdecimal() else 0)


@pytest.mark.parametrize("version", ALL)
def test_numbers_of_thousands_of_digits_are_out_of_every_range_and_no_error(
    version: tuple[int, int, int],
) -> None:
    for text in (
        "9" * 5000,
        "-" + "9" * 5000,
        "1" + "0" * MOST_DIGITS,
        "9" * 5000 + "K",
        "1." + "0" * 5000 + "1K",
    ):
        assert read_int64(text) is None
        assert read_uint(text, 64) is None
        assert read_size(text, version) is None
    for text in ("1e999999999", "1e99999", "0e999999999"):
        assert read_size(text, version) in (None, 0)
    assert read_uint("0x" + "f" * 5000, 64) is None
    assert read_uint("0" * 5000 + "7", 64) == 7
