"""Derived schemas: a captured one is that of its release, restricted to what the package compiled in."""

from __future__ import annotations

import pytest

from accelkit import Schema
from accelkit.schemas import all_captured, bundled
from accelkit.schemas.derived import at_home, derive
from accelkit.schemas.releases import RELEASES, TARGETS, lifetimes
from accelkit.syntax.qemu_options import number_of

CAPTURED = [schema for target in TARGETS for schema in all_captured(target)]
NAMES = [schema.name for schema in CAPTURED]


def types_of(schema: Schema) -> dict[str, dict[str, str]]:
    return {
        accel: {key: info.type for key, info in properties.items()}
        for accel, properties in schema.accelerators.items()
    }


@pytest.mark.parametrize("captured", CAPTURED, ids=NAMES)
def test_a_captured_schema_is_the_derived_one_without_what_its_build_lacks(captured: Schema) -> None:
    derived = types_of(derive(captured.version, captured.target))
    assert types_of(captured) == {accel: derived[accel] for accel in captured.accelerators}


@pytest.mark.parametrize("captured", CAPTURED, ids=NAMES)
def test_a_captured_schema_has_the_options_of_its_release(captured: Schema) -> None:
    assert captured.options == derive(captured.version, captured.target).options


@pytest.mark.parametrize("captured", CAPTURED, ids=NAMES)
def test_numbers_are_read_as_in_builds_of_that_time(captured: Schema) -> None:
    assert captured.binary_literals == derive(captured.version, captured.target).binary_literals


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("target", TARGETS)
def test_each_line_of_the_table_is_in_the_schemas_of_its_releases_and_in_no_other(
    release: str, target: str
) -> None:
    schema = derive(number_of(release), target)
    assert (schema.origin, dict(schema.origins), schema.target) == ("derived", {}, target)
    assert "{}.{}".format(*schema.version) == release
    lines = {(accel, "") for accel in schema.accelerators}
    lines |= {(accel, key) for accel, properties in schema.accelerators.items() for key in properties}
    expected = {
        (accel, key)
        for (accel, key, where), life in lifetimes().items()
        if where == target and life.has(number_of(release))
    }
    assert lines == expected
    assert {"tcg", "qtest"} <= schema.accelerators.keys()


def test_a_build_for_foreign_hosts_gets_the_kvm_of_its_own_hosts() -> None:
    for captured in CAPTURED:
        home = at_home(captured)
        added = home.accelerators.keys() - captured.accelerators.keys()
        has_kvm = "kvm" in derive(captured.version, captured.target).accelerators
        assert added == ({"kvm"} if has_kvm and "kvm" not in captured.accelerators else set())
        assert dict(home.origins) == dict.fromkeys(added, "derived")
        assert bundled(captured.version, captured.target) == home
    assert bundled("5.2", "riscv64").accelerators.keys() == {"tcg", "qtest"}  # kvm from 7.0 on
    assert bundled("10.0", "arm").accelerators.keys() == {"tcg"}  # qemu-system-arm never has it
