"""Bundled schemas: the one of a version, JSON to and fro, what an upgrade changes."""

from __future__ import annotations

import json
import pickle
import warnings
from pathlib import Path
from typing import Any

import pytest

import accelkit
from accelkit import NearestSchemaWarning, Schema, SchemaError, bundled
from accelkit.schemas import all_bundled, all_captured, captured, targets
from accelkit.schemas.releases import RELEASES, TARGETS
from accelkit.schemas.schema import Captured, read_version

FILES = sorted((Path(accelkit.__file__).parent / "schemas").glob("*.json"))


@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("5.2", "5.2.0"), ("5.2.0", "5.2.0"), ("7.2", "7.2.22"), ("7.2.22", "7.2.22"), ("7.2.0", "7.2.22"),
        ("7.2.99", "7.2.22"), ("10.0", "10.0.13"), ("10", "10.0.13"), ("11.1", "11.1.3"), ((10, 0), "10.0.13"),
        ((10, 0, 13), "10.0.13"), ([11, 1], "11.1.3"),
    ],
)  # fmt: skip
def test_a_captured_minor_version_is_taken_without_a_warning(target: str, version: Any, name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        schema = bundled(version, target)
    assert schema.name == f"QEMU {name} ({target})"
    assert bundled(version, target) is schema


def test_the_newest_is_the_default() -> None:
    assert bundled() is bundled("11.1", "x86_64")


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("release", RELEASES)
def test_every_release_has_its_own_schema_for_every_target(release: str, target: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        schema = bundled(release, target)
    assert "{}.{}".format(*schema.version) == release
    assert schema.target == target
    assert bundled(f"{release}.1", target) is schema
    assert schema.options["accel"]
    assert not schema.options["S"]
    assert Schema.from_json(json.loads(json.dumps(schema.to_json()))) == schema
    assert (
        ("derived" in schema.name)
        == ("derived" in repr(schema).partition(":")[0])
        == (schema.origin == "derived")
    )


@pytest.mark.parametrize("version", ["11.2", "12.0", "99.0.1"])
def test_a_newer_version_gets_the_newest_with_a_warning(version: str) -> None:
    with pytest.warns(NearestSchemaWarning) as caught:
        schema = bundled(version)
    assert schema is bundled("11.1")
    minor = ".".join(version.split(".")[:2])
    assert [str(warning.message) for warning in caught] == [
        (
            f"QEMU {minor} is newer than accelkit; took the newest that it knows, QEMU 11.1.3 (x86_64); "
            "to be exact, probe the binary"
        )
    ]
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("5.1",), "version: got '5.1'; the oldest that accelkit knows is 5.2; probe that QEMU"),
        (("0",), "version: got '0'; the oldest that accelkit knows is 5.2; probe that QEMU"),
        (("7.3",), "version: got '7.3'; QEMU 7.3 was never released; did you mean '7.2'?"),
        (("10.0", "vax"), f"target: got 'vax'; takes {', '.join(TARGETS)}; probe that QEMU"),
        (("10.0", None), f"target: got None; takes {', '.join(TARGETS)}; probe that QEMU"),
        (("ten",), "version: got 'ten'; takes text such as '10.0' or '10.0.13'"),
        (("",), "version: got ''; takes text such as '10.0' or '10.0.13'"),
        (("10.",), "version: got '10.'; takes text such as '10.0' or '10.0.13'"),
        (("v10.0",), "version: got 'v10.0'; takes text such as '10.0' or '10.0.13'"),
        (("10.0.13.1",), "version: got '10.0.13.1'; takes text such as '10.0' or '10.0.13'"),
        (("10.0-rc1",), "version: got '10.0-rc1'; takes text such as '10.0' or '10.0.13'"),
        ((10.0,), "version: got 10.0; takes text such as '10.0' or '10.0.13'"),
        ((10,), "version: got 10; takes text such as '10.0' or '10.0.13'"),
        ((None,), "version: got None; takes text such as '10.0' or '10.0.13'"),
        (((),), "version: got (); takes text such as '10.0' or '10.0.13'"),
        (((10, -1),), "version: got (10, -1); takes text such as '10.0' or '10.0.13'"),
    ],
)
def test_what_names_no_captured_qemu_is_refused(arguments: Any, message: str) -> None:
    with pytest.raises(SchemaError) as caught:
        bundled(*arguments)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "version"), [("10", (10, 0, 0)), ("7.2", (7, 2, 0)), ("11.1.3", (11, 1, 3)), ((5, 2), (5, 2, 0))]
)
def test_a_version_is_three_numbers(text: Any, version: tuple[int, int, int]) -> None:
    assert read_version(text) == version


def test_all_bundled_are_oldest_first() -> None:
    assert targets() == TARGETS
    for target in targets():
        assert all_bundled(target) == tuple(bundled(release, target) for release in RELEASES)
        micro = {(5, 2, 0), (7, 2, 22), (10, 0, 13), (11, 1, 3)} | (
            {(8, 2, 2)} if target == "x86_64" else set()
        )
        assert [schema.version for schema in all_captured(target)] == sorted(micro)
    assert all_bundled("vax") == all_captured("vax") == ()


def test_a_captured_schema_is_that_of_the_binary_alone() -> None:
    assert captured("10.0", "s390x").accelerators.keys() == {"tcg"}
    assert bundled("10.0", "s390x").accelerators.keys() == {"kvm", "tcg"}
    assert captured("10.0") is bundled("10.0")
    assert [bundled("10.0", "s390x").origin_of(accel) for accel in ("kvm", "tcg")] == ["derived", "captured"]
    with pytest.raises(
        SchemaError, match=r"^version: got '8\.1'; captured for x86_64 are 5\.2, 7\.2, 8\.2, 10\.0, 11\.1$"
    ):
        captured("8.1")


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_captured_file_goes_through_a_schema_unchanged(path: Path) -> None:
    data = json.loads(path.read_text())
    schema = Schema.from_json(data)
    assert schema.to_json() == data
    assert Schema.from_json(json.loads(json.dumps(schema.to_json()))) == schema
    assert path.stem == f"qemu-{data['version']}-{data['target']}"


def test_equal_schemas_hash_equal_and_pickle() -> None:
    schema = bundled("10.0")
    again = pickle.loads(pickle.dumps(schema))
    assert again == schema
    assert again is not schema
    assert hash(again) == hash(schema)
    assert schema != bundled("11.1")
    assert schema != bundled("10.0", "aarch64")


def test_a_schema_shows_which_qemu_it_is_and_what_it_has() -> None:
    assert repr(bundled("11.1")) == "<Schema of QEMU 11.1.3 (x86_64): kvm, mshv, nitro, qtest, tcg>"
    assert repr(bundled("10.0", "s390x")) == "<Schema of QEMU 10.0.13 (s390x): kvm (derived), tcg>"
    assert repr(bundled("9.0", "s390x")) == "<Schema of QEMU 9.0 (s390x, derived): kvm, qtest, tcg>"
    assert bundled("5.2", "aarch64").name == "QEMU 5.2.0 (aarch64)"
    assert bundled("5.2").accelerators["tcg"]["thread"] == Captured("string")


GOOD = {"format": 1, "version": "10.0.1", "target": "x86_64", "package": "", "binary-literals": True,
        "accelerators": {"tcg": {"thread": {"type": "string"}}}}  # fmt: skip


def test_a_small_schema_is_read() -> None:
    schema = Schema.from_json(GOOD)
    assert schema == Schema((10, 0, 1), "x86_64", "", True, {"tcg": {"thread": Captured("string", "")}})
    assert (schema.origin, schema.options, schema.origins) == ("captured", {}, {})
    newer = {
        **GOOD,
        "format": 2,
        "options": {"S": False, "new-one": True},
        "origin": "derived",
        "origins": {"tcg": "captured"},
    }
    schema = Schema.from_json(newer)
    assert (schema.origin, schema.origin_of("tcg"), schema.origin_of("kvm")) == (
        "derived",
        "captured",
        "derived",
    )
    assert dict(schema.options) == {"M": True, "S": False, "new-one": True, "qtest": True, "qtest-log": True}


@pytest.mark.parametrize(
    "data",
    [
        [],
        None,
        "text",
        {},
        {**GOOD, "format": 3},
        {**GOOD, "format": 0},
        {**GOOD, "format": "1"},
        {**GOOD, "format": True},
    ],
    ids=repr,
)
def test_json_of_another_format_is_refused(data: Any) -> None:
    with pytest.raises(
        SchemaError, match=r"^captured schema: format is .*; takes 1 to 2; capture it again: accelkit probe$"
    ):
        Schema.from_json(data)


@pytest.mark.parametrize(
    "damage",
    [
        *({key: ...} for key in GOOD if key != "format"),
        {"accelerators": []}, {"accelerators": {"tcg": None}}, {"accelerators": {"tcg": {"thread": {}}}},
        {"accelerators": {"tcg": {"thread": "string"}}}, {"accelerators": None}, {"version": "ten"}, {"version": 10},
        {"options": ["S"]}, {"origin": "guessed"}, {"origins": {"tcg": "guessed"}}, {"origins": "derived"},
    ],
    ids=repr,
)  # fmt: skip
def test_damaged_json_is_refused(damage: dict[str, Any]) -> None:
    data = {key: value for key, value in {**GOOD, **damage}.items() if value is not ...}
    with pytest.raises(SchemaError):
        Schema.from_json(data)
