"""Values with their units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit import PROPERTIES
from accelkit.recipes.amounts import amount, amount_and_text
from accelkit.recipes.domains import Size

UNITS = {"bytes": 1, **{f"{prefix}iB": 1 << 10 * power for power, prefix in enumerate("KMGTPE", 1)}}


@pytest.mark.parametrize(
    ("key", "text", "worded"),
    [
        ("kvm-shadow-mem", "67108864", "64 MiB"), ("kvm-shadow-mem", "262144", "256 KiB"),
        ("kvm-shadow-mem", "262145", "262145 bytes"), ("kvm-shadow-mem", "-1", "the kernel's default"),
        ("eager-split-size", "9223372036854775808", "8 EiB"), ("eager-split-size", "2M", "2 MiB"),
        ("tb-size", "0", "0 MiB"), ("tb-size", "1023", "1023 MiB"), ("tb-size", "0x400", "1 GiB"), ("tb-size", "", ""),
        ("notify-window", "1000", "1000 cycles"), ("xen-version", "0x40011", "0x40011"), ("enclave-cid", "7", "7"),
        ("thread", "multi", "multi"), ("split-wx", "on", "on"), ("x-new", "64", "64"), ("accel", "kvm", "kvm"),
        ("tb-size", "99999999999", "99999999999"),
    ],
)  # fmt: skip
def test_a_value_has_the_unit_that_the_table_knows(key: str, text: str, worded: str) -> None:
    assert amount(key, text) == worded


@given(
    st.sampled_from([row for row in PROPERTIES.values() if isinstance(row.domain, Size)]),
    st.integers(0, 1 << 63),
)
def test_an_amount_of_memory_is_exact(row, number: int) -> None:
    worded = amount(row.key, str(number))
    if row.domain.read(str(number)) is not None:
        count, unit = worded.split()
        assert int(count) * UNITS[unit] == number * row.domain.scale
    else:
        assert worded == str(number)


@pytest.mark.parametrize(
    ("key", "text", "both"),
    [
        ("tb-size", "64", "64 MiB"),
        ("tb-size", "1024", "1 GiB (1024)"),
        ("thread", "multi", "multi"),
        ("device", "", "''"),
    ],
)
def test_the_text_stands_beside_where_it_tells_more(key: str, text: str, both: str) -> None:
    assert amount_and_text(key, text) == both
