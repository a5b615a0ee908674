"""space_of and worth_trying: against every bundled schema, and hosts of any size."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.hosts import capacities

import accelkit
from accelkit import (
    ACCELERATORS,
    PROPERTIES,
    ComposeError,
    DomainError,
    Recipe,
    SchemaError,
    Space,
    bundled,
    check,
    first_of,
    fold,
    kernel_irqchip,
    kvm,
    multi,
    one_insn_per_tb,
    single,
    split_wx,
    tb_size,
    tcg,
    thread,
    unset,
    verdict,
)
from accelkit.host.capacity import Capacity
from accelkit.recipes.choices import each
from accelkit.schemas import all_bundled, targets
from accelkit.tuning import space_of, worth_trying

HOST = Capacity(memory=24 << 30, nested_paging=True)
SHADOW = Capacity(memory=24 << 30, nested_paging=False)
SCHEMAS = [schema for target in targets() for schema in all_bundled(target)]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_every_accelerator_has_a_space_of_which_that_qemu_refuses_nothing(schema: Any) -> None:
    for accel in ACCELERATORS.values():
        tried = worth_trying(accel(), schema, SHADOW)
        assert tried.space[0] == accel()
        assert {key for key, _ in tried.left_out} | {key for key, *_ in tried.axes} == {
            row.key for row in PROPERTIES.values() if accel.name in row.accels
        }
        assert len(tried.left_out) + len(tried.axes) == sum(
            accel.name in row.accels for row in PROPERTIES.values()
        )
        if accel.name not in schema.accelerators:
            assert tried.space.size == 1
            continue
        assert verdict(tried.space, schema).accepted
        assert [problem for problem in check(tried.space, schema) if problem.kind == "ignored"] == []
        assert {key for key, *_ in tried.axes} <= schema.accelerators[accel.name].keys()


@given(st.sampled_from(SCHEMAS), st.sampled_from(sorted(ACCELERATORS)), capacities)
def test_the_space_is_code_has_no_point_twice_and_sets_no_more_than_its_axes(
    schema: Any, accel: str, capacity: Capacity
) -> None:
    tried = worth_trying(accel, schema, capacity)
    space = tried.space
    assert isinstance(space, Space)
    assert eval(repr(space), vars(accelkit).copy()) == space  # the repr of a space is its code
    points = [fold(point) for point in space]
    assert len(set(points)) == len(points) == space.size
    swept = {key: {point.get(key) for point in points} for key in PROPERTIES}
    for key, values, _ in tried.axes:
        assert swept.pop(key) == {None, *values}
    assert all(values == {None} for values in swept.values())


@given(capacities)
def test_a_host_bounds_the_cache_of_translated_code(capacity: Capacity) -> None:
    for point in space_of(tcg(), bundled("11.1"), capacity):
        size = tb_size.read(point)
        assert size is None or size == 8 or size << 20 <= capacity.usable // 4


def test_the_space_of_tcg_on_a_large_host() -> None:
    assert repr(space_of(tcg(), bundled("11.1"), HOST)) == (
        "tcg() | each(Recipe(), tb_size(each(8, 16, 32, 64, 128, 256, 512, 2048))) | each(Recipe(), thread(single))"
    )


def test_the_space_of_kvm_depends_on_target_and_paging() -> None:
    assert repr(space_of(kvm(), bundled("11.1"), HOST)) == "kvm() | each(Recipe(), kernel_irqchip(split))"
    assert repr(space_of(kvm(), bundled("11.1", "s390x"), HOST)) == "each(kvm())"
    assert space_of(kvm(), bundled("11.1"), SHADOW).size == 16


def test_hvf_is_worth_tuning_for_arm_guests_where_qemu_can() -> None:
    spaces = {
        (version, target): repr(space_of("hvf", bundled(version, target), HOST))
        for version, target in (("10.1", "aarch64"), ("11.0", "aarch64"), ("11.1", "aarch64"))
    }
    assert spaces["10.1", "aarch64"] == "each(hvf())"
    has = "kernel-irqchip" in bundled("11.1", "aarch64").accelerators.get("hvf", {})
    assert ("kernel_irqchip(on)" in spaces["11.1", "aarch64"]) == has


@pytest.mark.parametrize(
    ("given_", "fixed"),
    [
        (tcg() | thread(multi), "thread"),
        (tcg() | tb_size(64), "tb-size"),
        (tcg() | unset(tb_size), "tb-size"),
        (tcg() | thread(multi) | unset(thread), "thread"),
        (kvm() | kernel_irqchip("on"), "kernel-irqchip"),
    ],
)
def test_what_a_recipe_decides_stays(given_: Recipe[Any], fixed: str) -> None:
    tried = worth_trying(given_, bundled("11.1"), HOST)
    assert fixed not in {key for key, *_ in tried.axes}
    assert dict(tried.left_out)[fixed] == "your recipe decides it"
    assert tried.space[0] == given_
    assert {fold(point).get(fixed) for point in tried.space} == {fold(given_).get(fixed)}


def test_a_recipe_that_decides_all_is_a_space_of_one_point() -> None:
    recipe = tcg() | thread(single) | tb_size(64) | split_wx(True) | one_insn_per_tb(True)
    tried = worth_trying(recipe, bundled("11.1"), HOST)
    assert list(tried.space) == [recipe]
    assert "One configuration: there is nothing to tune, for QEMU 11.1.3 (x86_64)." in str(tried)


def test_text_is_read_as_recipe_of_reads_it() -> None:
    assert space_of("tcg,thread=multi", bundled("11.1"), HOST) == space_of(
        tcg() | thread(multi), bundled("11.1"), HOST
    )


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (kvm, "write tcg() or 'tcg'"),
        (None, "write tcg() or 'tcg'"),
        (thread(single), "begin with an accelerator: tcg() | …"),
        (first_of(kvm(), tcg()), "tune the alternative that starts"),
        (each(kvm(), tcg()), "each(space_of(kvm()), space_of(tcg()))"),
        ((tcg() | thread(each(single, multi)))[:1], "a space needs no space_of"),
        ("tcg,tb-size={8,16}", "2 points"),
    ],
)
def test_anything_but_one_accelerator_is_refused_with_what_to_write(wrong: Any, message: str) -> None:
    with pytest.raises(ComposeError) as error:
        space_of(wrong, bundled("11.1"), HOST)
    assert message in str(error.value)


def test_a_schema_and_a_host_are_what_they_should_be() -> None:
    with pytest.raises(SchemaError, match="write bundled"):
        space_of(tcg(), "11.1", HOST)  # type: ignore[arg-type]
    with pytest.raises(DomainError, match="takes a Capacity"):
        space_of(tcg(), bundled("11.1"), 16)  # type: ignore[arg-type]


def test_several_accelerators_are_joined_by_each() -> None:
    both = each(space_of(kvm(), bundled("11.1"), HOST), space_of(tcg(), bundled("11.1"), HOST))
    assert both.size == 2 + 18
    assert both[0] == kvm()
    assert both[2] == tcg()


def test_it_shows_the_code_the_number_and_the_reasons() -> None:
    tried = worth_trying(tcg(), bundled("7.2"), Capacity(memory=512 << 20))
    text = str(tried)
    assert text.splitlines()[0].strip() == repr(tried.space)
    assert "10 configurations, for QEMU 7.2.22 (x86_64)." in text
    for words in (
        "default, 8 MiB, 16 MiB, 32 MiB, 128 MiB",
        "default, single",
        "no such property",
        "split-wx",
    ):
        assert words in text
    assert "| Property | Values | Why |" in tried.markdown()
