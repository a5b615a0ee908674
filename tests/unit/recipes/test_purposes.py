"""What properties are for; and which values are worth trying: laws over hosts and rows."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.hosts import capacities

from accelkit import PROPERTIES, Property
from accelkit.host.capacity import Capacity
from accelkit.recipes.purposes import PURPOSES, PowersOfTwo, Purpose, Worth, worth_for
from accelkit.schemas.releases import TARGETS

ROWS = [pytest.param(row, id=row.name) for row in PROPERTIES.values()]
SIZES = {
    row.key: worth.values
    for row in PROPERTIES.values()
    for worth in row.worth
    if isinstance(worth.values, PowersOfTwo)
}


def test_each_property_has_one_of_a_short_list_of_purposes_and_each_purpose_a_property() -> None:
    assert {row.purpose for row in PROPERTIES.values()} == set(PURPOSES) == set(get_args(Purpose))
    assert len(PURPOSES) <= 10
    assert all(meaning and meaning == meaning.strip(" .") for meaning in PURPOSES.values())


@pytest.mark.parametrize("row", ROWS)
def test_each_row_says_which_values_to_try_or_why_none_for_all_that_have_it(row: Property[Any, Any]) -> None:
    assert all(worth.why and not worth.why.endswith(".") for worth in row.worth)
    for accel in row.accels:
        for target in row.targets or TARGETS:
            assert worth_for(row.worth, accel, target) in row.worth
    *narrower, last = row.worth
    assert not last.accels
    assert not last.targets
    for worth in narrower:  # or it would never count
        assert worth.accels <= row.accels
        assert worth.targets <= set(row.targets or TARGETS)
        assert worth.accels or worth.targets


@pytest.mark.parametrize("row", ROWS)
@given(capacities)
def test_a_row_takes_each_of_its_values_and_none_is_there_twice(
    row: Property[Any, Any], capacity: Capacity
) -> None:
    for worth in row.worth:
        recipes = [row(value) for value in worth.on(capacity)]
        assert len(set(recipes)) == len(recipes)


@pytest.mark.parametrize("row", ROWS)
def test_a_value_of_words_is_not_the_default(row: Property[Any, Any]) -> None:
    default = row.default.split()[0].rstrip(":,")
    for worth in row.worth:
        if (
            not isinstance(worth.values, PowersOfTwo) and "hvf" not in worth.accels
        ):  # whose default is another
            assert default not in worth.values


@pytest.mark.parametrize("key", SIZES)
@given(capacities)
def test_sizes_are_powers_of_two_within_their_bounds(key: str, capacity: Capacity) -> None:
    sizes, values = SIZES[key], SIZES[key].on(capacity)
    assert list(values) == sorted(values)
    for value in values:
        ratio = value // sizes.low
        assert value == sizes.low * ratio
        assert not ratio & (ratio - 1)
        assert value <= sizes.high
        assert value == sizes.low or value * sizes.scale * sizes.share <= capacity.usable
        assert value != sizes.own(capacity)


@pytest.mark.parametrize("key", SIZES)
@given(capacities, st.integers(0, 1 << 42))
def test_a_host_with_more_memory_has_no_fewer_sizes(key: str, capacity: Capacity, more: int) -> None:
    larger = capacity._replace(memory=capacity.memory + more)

    def all_of(host: Capacity) -> set[int]:
        """The sizes, and that which QEMU chooses: it is tried, too, by leaving the property out."""
        own = SIZES[key].own(host)
        return {*SIZES[key].on(host), *([own] if own is not None else [])}

    assert {size for size in all_of(capacity) if size != SIZES[key].own(capacity)} <= all_of(larger)


@pytest.mark.parametrize(
    ("gib", "values"),
    [
        (0.02, (8,)),
        (0.5, (8, 16, 32, 128)),
        (1, (8, 16, 32, 64, 256)),
        (1.9, (8, 16, 32, 64, 128, 256)),
        (4, (8, 16, 32, 64, 128, 256, 1024)),
        (8, (8, 16, 32, 64, 128, 256, 512, 2048)),
        (1024, (8, 16, 32, 64, 128, 256, 512, 2048)),
    ],
)
def test_the_sizes_of_the_translation_cache_by_memory(gib: float, values: tuple[int, ...]) -> None:
    assert SIZES["tb-size"].on(Capacity(int(gib * (1 << 30)))) == values


def test_a_limit_bounds_the_sizes_but_not_what_qemu_chooses_by_itself() -> None:
    """QEMU asks how much memory there is, not how much it may use (qemu_get_host_physmem)."""
    assert SIZES["tb-size"].on(Capacity(64 << 30, limit=4 << 30)) == (8, 16, 32, 64, 128, 256, 512)


@pytest.mark.parametrize(("nested", "values"), [(True, ()), (None, ()), (False, ("a",))])
def test_shadow_page_tables_count_only_where_nested_paging_is_off(
    nested: bool | None, values: tuple[str, ...]
) -> None:
    assert Worth("why", ("a",), shadow_paging=True).on(Capacity(1 << 30, nested_paging=nested)) == values
