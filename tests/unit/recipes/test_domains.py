"""Domains: one value, one text. What is taken, how it is written, what is refused and how."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import UNFIT, values_of

from accelkit import PROPERTIES, DomainError, GiB, KiB, MiB, each, kvm
from accelkit.errors import shown
from accelkit.recipes.domains import EXPORTED, Domain, Int, OnOff, Size, Text, Words

ONOFF = OnOff()
WORDS = Words(("run", "internal-error", "disable"))
SPLIT = Words(("on", "off", "split"))
CYCLES = Int("cycles", 1, 1000, ("uint32",))
RING = Int("entries", 0, 4096, ("uint32",), power_of_two=True)
XEN = Int("(major << 16 | minor)", 0, 0xFFFF, ("uint32",), hexadecimal=True)
BYTES = Size("bytes", 1, 4096, (1 << 31) - 1, ("int",), special=((-1, "the default"),))
MEGA = Size("MiB", MiB, 0, 4096, ("uint32",))
PAGES = Size("bytes", 1, 0, 1 << 30, ("size",), power_of_two=True)
PATH = Text("a path")


class Word(str, Enum):  # noqa: UP042  # the older mixin: its format() is not its text everywhere
    RUN = "run"
    ON = "on"


class Number(IntEnum):
    TWO = 2


WRITTEN: list[tuple[Domain, Any, str]] = [
    (ONOFF, True, "on"), (ONOFF, False, "off"), (ONOFF, "on", "on"), (ONOFF, "off", "off"),
    (ONOFF, "yes", "on"), (ONOFF, "y", "on"), (ONOFF, "true", "on"), (ONOFF, "no", "off"), (ONOFF, "n", "off"),
    (ONOFF, "false", "off"), (ONOFF, Word.ON, "on"),
    (WORDS, "run", "run"), (WORDS, "internal-error", "internal-error"), (WORDS, Word.RUN, "run"),
    (CYCLES, Number.TWO, "2"), (MEGA, Number.TWO, "2"),
    (CYCLES, 1, "1"), (CYCLES, 1000, "1000"), (CYCLES, "1", "1"), (CYCLES, "0x10", "16"), (CYCLES, "010", "8"),
    (CYCLES, " 5", "5"), (CYCLES, "+5", "5"),
    (RING, 0, "0"), (RING, 1, "1"), (RING, 4096, "4096"), (RING, "0x400", "1024"),
    (XEN, 0, "0x0"), (XEN, 0x4011, "0x4011"), (XEN, "0x4011", "0x4011"), (XEN, "10", "0xa"),
    (BYTES, 4096, "4096"), (BYTES, -1, "-1"), (BYTES, "-1", "-1"), (BYTES, "64MiB", "67108864"),
    (BYTES, "64M", "67108864"), (BYTES, "1GiB", "1073741824"), (BYTES, "4KiB", "4096"), (BYTES, "1.5MiB", "1572864"),
    (BYTES, "4096B", "4096"), (BYTES, "4096 bytes", "4096"), (BYTES, "64 MiB", "67108864"), (BYTES, " 8K ", "8192"),
    (BYTES, "0x1000", "4096"), (BYTES, 64 * MiB, "67108864"), (BYTES, "0.5G", "536870912"),
    (MEGA, 0, "0"), (MEGA, 64, "64"), (MEGA, "64", "64"), (MEGA, "64MiB", "64"), (MEGA, "1GiB", "1024"),
    (MEGA, "1.5G", "1536"), (MEGA, "2048K", "2"), (MEGA, "1048576B", "1"), (MEGA, "0", "0"),
    (PAGES, 0, "0"), (PAGES, 4096, "4096"), (PAGES, "2MiB", "2097152"), (PAGES, 1 << 30, "1073741824"),
    (PATH, "", ""), (PATH, "/dev/kvm", "/dev/kvm"), (PATH, "a,b=c", "a,b=c"), (PATH, "ü", "ü"), (PATH, " ", " "),
    (PATH, PurePosixPath("/dev/kvm"), "/dev/kvm"), (PATH, Path("a"), "a"), (PATH, Word.RUN, "run"),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "value", "text"), WRITTEN)
def test_each_value_has_one_text(domain: Domain, value: Any, text: str) -> None:
    written = domain.write(value, "p")
    assert written == text
    assert f"{written}" == text
    assert type(written) is str
    assert domain.write(text, "p") == text


ONOFF_TAKES = "takes on or off (True, False)"
WORDS_TAKES = "takes run, internal-error or disable"
CYCLES_TAKES = "takes a whole number, 1 to 1000 cycles"
RING_TAKES = "takes 0 or a power of two, 0 to 4096 entries"
BYTES_TAKES = "takes 4096 to 2147483647 bytes, -1 (the default), or text such as '64MiB'"
MEGA_TAKES = "takes 0 to 4096 MiB, or text such as '64MiB'"
REFUSED: list[tuple[Domain, Any, str]] = [
    (ONOFF, 1, f"p: got 1 (int); {ONOFF_TAKES}; write True or False"),
    (ONOFF, 0, f"p: got 0 (int); {ONOFF_TAKES}; write True or False"),
    (ONOFF, "1", f"p: got '1'; {ONOFF_TAKES}; did you mean 'on'?"),
    (ONOFF, "ON", f"p: got 'ON'; {ONOFF_TAKES}; did you mean 'on'?"),
    (ONOFF, "onn", f"p: got 'onn'; {ONOFF_TAKES}; did you mean 'on'?"),
    (ONOFF, "disabled", f"p: got 'disabled'; {ONOFF_TAKES}; did you mean 'off'?"),
    (ONOFF, "maybe", f"p: got 'maybe'; {ONOFF_TAKES}"),
    (ONOFF, [True, False], f"p: got [True, False] (list); {ONOFF_TAKES}; to try one after the other write p(each(True, False))"),
    (WORDS, "disabel", f"p: got 'disabel'; {WORDS_TAKES}; did you mean 'disable'?"),
    (WORDS, "internal", f"p: got 'internal'; {WORDS_TAKES}; did you mean 'internal-error'?"),
    (WORDS, ("run",), f"p: got ('run',) (tuple); {WORDS_TAKES}; to try one after the other write p(each('run'))"),
    (ONOFF, None, f"p: got None (NoneType); {ONOFF_TAKES}"),
    (ONOFF, 1.0, f"p: got 1.0 (float); {ONOFF_TAKES}"),
    (WORDS, "Run", f"p: got 'Run'; {WORDS_TAKES}; did you mean 'run'?"),
    (WORDS, "internal_error", f"p: got 'internal_error'; {WORDS_TAKES}; did you mean 'internal-error'?"),
    (WORDS, " disable", f"p: got ' disable'; {WORDS_TAKES}; did you mean 'disable'?"),
    (WORDS, "stop", f"p: got 'stop'; {WORDS_TAKES}"),
    (WORDS, True, f"p: got True (bool); {WORDS_TAKES}; give one of these words as text"),
    (WORDS, 3, f"p: got 3 (int); {WORDS_TAKES}; give one of these words as text"),
    (SPLIT, True, "p: got True (bool); takes on, off or split; write on"),
    (SPLIT, False, "p: got False (bool); takes on, off or split; write off"),
    (SPLIT, "yes", "p: got 'yes'; takes on, off or split; did you mean 'on'?"),
    (SPLIT, "spilt", "p: got 'spilt'; takes on, off or split; did you mean 'split'?"),
    (CYCLES, True, f"p: got True (bool); {CYCLES_TAKES}; write 1 or 0 if a number is meant"),
    (CYCLES, 0, f"p: got 0 (int); {CYCLES_TAKES}; the nearest is 1"),
    (CYCLES, 1001, f"p: got 1001 (int); {CYCLES_TAKES}; the nearest is 1000"),
    (CYCLES, "-5", f"p: got '-5'; {CYCLES_TAKES}; the nearest is 1"),
    (CYCLES, 5.0, f"p: got 5.0 (float); {CYCLES_TAKES}"),
    (CYCLES, "1K", f"p: got '1K'; {CYCLES_TAKES}; QEMU takes no suffix here; write the number out"),
    (CYCLES, "08", f"p: got '08'; {CYCLES_TAKES}"),
    (CYCLES, "", f"p: got ''; {CYCLES_TAKES}"),
    (RING, 3, f"p: got 3 (int); {RING_TAKES}; the nearest are 2 and 4"),
    (RING, 4095, f"p: got 4095 (int); {RING_TAKES}; the nearest are 2048 and 4096"),
    (RING, 8192, f"p: got 8192 (int); {RING_TAKES}; the nearest is 4096"),
    (RING, -1, f"p: got -1 (int); {RING_TAKES}; the nearest is 0"),
    (XEN, 1 << 16, "p: got 65536 (int); takes a whole number, 0x0 to 0xffff (major << 16 | minor); the nearest is 65535"),
    (BYTES, 4095, f"p: got 4095 (int); {BYTES_TAKES}; the nearest is 4096 bytes"),
    (BYTES, -2, f"p: got -2 (int); {BYTES_TAKES}; the nearest is 4096 bytes"),
    (BYTES, "4GiB", f"p: got '4GiB'; {BYTES_TAKES}; the nearest is 2147483647 bytes"),
    (BYTES, "64MB", f"p: got '64MB'; {BYTES_TAKES}; QEMU's sizes are powers of 1024; write '64MiB'"),
    (BYTES, "1.5KB", f"p: got '1.5KB'; {BYTES_TAKES}; QEMU's sizes are powers of 1024; write '1.5KiB'"),
    (BYTES, True, f"p: got True (bool); {BYTES_TAKES}; write 1 or 0 if a number is meant"),
    (BYTES, 1.5 * MiB, f"p: got 1572864.0 (float); {BYTES_TAKES}; write a whole number of bytes, or text such as '1.5GiB'"),
    (BYTES, "4096.5", f"p: got '4096.5'; {BYTES_TAKES}; 4096.5 is not a whole number of bytes; the nearest below is 4096"),
    (MEGA, [8, 64], f"p: got [8, 64] (list); {MEGA_TAKES}; to try one after the other write p(each(8, 64))"),
    (MEGA, range(8, 64, 8), f"p: got range(8, 64, 8) (range); {MEGA_TAKES}; to try one after the other write p(each(range(8, 64, 8)))"),
    (MEGA, {8}, f"p: got {{8}} (set); {MEGA_TAKES}; a set has no order; to try one after the other write p(each(*sorted({{8}})))"),
    (MEGA, (n for n in (8, 64)), f"p: got <genexpr> (generator); {MEGA_TAKES}; to try one after the other write p(each(…))"),
    (MEGA, {"a": 1}, f"p: got {{'a': 1}} (dict); {MEGA_TAKES}; for the recipe of a dict write recipe_of({{'a': 1}})"),
    (MEGA, kvm(), f"p: got kvm() (Recipe); {MEGA_TAKES}; recipes are joined with |, as in kvm() | p(…)"),
    (MEGA, each, f"p: got each (function); {MEGA_TAKES}; it is not called; write each(…)"),
    (BYTES, "many", f"p: got 'many'; {BYTES_TAKES}"),
    (BYTES, Decimal(4096), f"p: got Decimal('4096') (Decimal); {BYTES_TAKES}"),
    (MEGA, "1.5MiB", f"p: got '1.5MiB'; {MEGA_TAKES}; 1.5MiB is not a whole number of MiB; the nearest below is 1"),
    (MEGA, "1000K", f"p: got '1000K'; {MEGA_TAKES}; 1000K is not a whole number of MiB; the nearest below is 0"),
    (MEGA, 4097, f"p: got 4097 (int); {MEGA_TAKES}; the nearest is 4096 MiB"),
    (MEGA, "1TiB", f"p: got '1TiB'; {MEGA_TAKES}; the nearest is 4096 MiB"),
    (MEGA, 64 * MiB, f"p: got 67108864 (int); {MEGA_TAKES}; the nearest is 4096 MiB"),
    (PAGES, 3, "p: got 3 (int); takes 0 to 1073741824 bytes, a power of two, or text such as '64MiB'; the nearest are 2 and 4 bytes"),
    (PATH, None, "p: got None (NoneType); takes a path as text, on one line"),
    (PATH, b"/dev/kvm", "p: got b'/dev/kvm' (bytes); takes a path as text, on one line"),
    (PATH, 3, "p: got 3 (int); takes a path as text, on one line"),
    (PATH, "a\nb", "p: 'a\\nb' has a line break at position 1; an option is one line of text; remove it"),
    (PATH, "a\0", "p: 'a\\x00' has a NUL at position 1; an option is one line of text; remove it"),
    (PATH, "\r", "p: '\\r' has a carriage return at position 0; an option is one line of text; remove it"),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "value", "message"), REFUSED)
def test_a_refused_value_is_named_with_the_range_and_a_remedy(
    domain: Domain, value: Any, message: str
) -> None:
    with pytest.raises(DomainError) as caught:
        domain.write(value, "p")
    assert str(caught.value) == message


def test_a_fraction_is_not_called_a_suffix() -> None:
    with pytest.raises(DomainError) as caught:
        CYCLES.write("1.5", "p")
    assert "suffix" not in str(caught.value)


@pytest.mark.parametrize("number", [(1 << 32) - 2, (1 << 32) - 1, 1 << 33, (1 << 31) + 1])
def test_the_nearest_values_in_a_message_are_powers_of_two_if_the_property_wants_them(number: int) -> None:
    ring = Int("entries", 0, (1 << 32) - 1, ("uint32",), power_of_two=True)
    with pytest.raises(DomainError) as caught:
        ring.write(number, "p")
    assert str(caught.value).endswith("the nearest is 2147483648")


READ: list[tuple[Domain, str, Any]] = [
    (ONOFF, "on", True), (ONOFF, "n", False), (ONOFF, "1", None), (ONOFF, "", None),
    (WORDS, "run", "run"), (WORDS, "Run", None), (WORDS, "", None),
    (CYCLES, "0x10", 16), (CYCLES, "0", None), (CYCLES, "1001", None), (CYCLES, "1K", None), (CYCLES, "0b1", None),
    (RING, "1024", 1024), (RING, "3", None), (RING, "0", 0),
    (XEN, "0x4011", 0x4011), (XEN, "65536", None),
    (BYTES, "-1", -1), (BYTES, "-2", None), (BYTES, "4096", 4096), (BYTES, "4K", None), (BYTES, "64MiB", None),
    (MEGA, "64", 64), (MEGA, "64M", None), (MEGA, "-0", 0),
    (PAGES, "4096", 4096), (PAGES, "2M", 2 << 20), (PAGES, "3", None), (PAGES, "2MiB", None), (PAGES, "", None),
    (PATH, "", ""), (PATH, "x,y", "x,y"),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "text", "value"), READ)
def test_text_is_read_as_qemu_reads_it_or_not_at_all(domain: Domain, text: str, value: Any) -> None:
    read = domain.read(text)
    assert read == value
    assert type(read) is type(value)


CODE: list[tuple[Domain, str, str]] = [
    (ONOFF, "on", "on"), (WORDS, "internal-error", "internal_error"), (WORDS, "run", "run"),
    (Words(("emul", "auto")), "emul", "'emul'"), (Words(("emul", "auto")), "auto", "auto"),
    (CYCLES, "16", "16"), (XEN, "0x4011", "0x4011"), (MEGA, "1024", "1024"),
    (BYTES, "67108864", "64 * MiB"), (BYTES, "1073741824", "1 * GiB"), (BYTES, "4096", "4 * KiB"),
    (BYTES, "4097", "4097"), (BYTES, "-1", "-1"), (PAGES, "0", "0"), (PATH, "it's", '"it\'s"'),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "text", "code"), CODE)
def test_the_code_of_a_text_is_python_that_writes_it(domain: Domain, text: str, code: str) -> None:
    assert domain.code(text) == code
    names = {word.replace("-", "_"): word for word in EXPORTED} | {"KiB": KiB, "MiB": MiB, "GiB": GiB}
    assert domain.write(eval(code, {}, names), "p") == text


@given(st.data(), st.sampled_from(list(PROPERTIES.values())))
def test_what_a_domain_writes_it_reads_and_writes_again(data: st.DataObject, row: Any) -> None:
    value = data.draw(values_of(row))
    text = row.domain.write(value, row.name)
    read = row.domain.read(text)
    assert read is not None
    assert row.domain.write(read, row.name) == text
    assert row.domain.write(text, row.name) == text


@given(
    st.sampled_from(list(PROPERTIES.values())), st.text(UNFIT, max_size=6) | st.integers(-2, 1 << 65).map(str)
)
def test_what_a_domain_reads_it_writes_in_its_own_spelling(row: Any, text: str) -> None:
    value = row.domain.read(text)
    if value is not None:
        written = row.domain.write(value, row.name)
        assert row.domain.read(written) == value


@given(
    st.sampled_from(list(PROPERTIES.values())),
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.lists(st.integers()),
)
def test_any_value_is_written_or_refused_by_a_domain_error(row: Any, value: object) -> None:
    try:
        text = row.domain.write(value, row.name)
    except DomainError as error:
        message = str(error)
    else:
        assert not set(text) & set("\0\n\r")
        assert row.domain.read(text) is not None
        return
    assert message.startswith(f"{row.name}: got ")
    assert f"takes {row.domain.allowed}" in message


HUGE = 10**5000  # Python itself refuses to write it, so it cannot be a parameter of a test


def test_values_too_long_to_show_are_cut_short_in_messages() -> None:
    assert shown(HUGE) == "a number of 16610 bits"
    assert shown([HUGE]) == "a list"
    assert shown("x" * 500) == "'" + "x" * 199 + "…"
    assert shown(5) == "5"
    assert shown("x") == "'x'"


@pytest.mark.parametrize("domain", [CYCLES, RING, XEN, BYTES, MEGA, PAGES, SPLIT, ONOFF])
def test_numbers_of_thousands_of_digits_are_refused_in_a_short_message(domain: Domain) -> None:
    for value in (HUGE, -HUGE, "9" * 5000, "9" * 5000 + "M", "1." + "0" * 5000 + "1M", "0x" + "f" * 5000):
        with pytest.raises(DomainError) as caught:
            domain.write(value, "p")
        assert len(str(caught.value)) < 500
