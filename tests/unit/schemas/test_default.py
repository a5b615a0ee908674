"""The schema that judges a command: given, bundled, or nobody's. tests/qemu/schemas asks an installed QEMU."""

from __future__ import annotations

from pathlib import Path

import pytest

from accelkit import NearestSchemaWarning, bundled
from accelkit.schemas import all_bundled
from accelkit.schemas.default import default_schema, schema_for


def test_without_an_installed_qemu_the_newest_bundled_schema_answers() -> None:
    asked = schema_for(None, None)
    assert asked.schema == all_bundled("x86_64")[-1]
    assert asked.name == f"{all_bundled('x86_64')[-1].name}, bundled"
    assert schema_for("aarch64", None).schema == all_bundled("aarch64")[-1]


def test_a_target_without_a_schema_has_none() -> None:
    asked = schema_for("vax", None)
    assert (asked.schema, asked.target) == (None, "vax")
    assert asked.name == "no QEMU (vax) is known"


def test_a_given_schema_judges_its_own_target_and_its_release_the_others() -> None:
    given = bundled("7.2")
    assert schema_for(None, given).schema is given
    assert schema_for("x86_64", given).name == given.name
    other = schema_for("aarch64", given)
    assert other.schema is not None
    assert (other.schema.version[:2], other.schema.target, other.origin) == ((7, 2), "aarch64", "bundled")
    assert schema_for("vax", given).schema is None


def test_an_installed_program_that_does_not_answer_is_told_and_the_bundled_one_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "qemu-system-x86_64"
    program.write_text("no program")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    def refuses(*_: object) -> None:
        from accelkit import QemuError

        raise QemuError("does not answer; is it a QEMU?")

    monkeypatch.setattr("accelkit.schemas.probe.probe", refuses)
    default_schema.cache_clear()
    with pytest.warns(
        NearestSchemaWarning,
        match=r"qemu-system-x86_64 is installed, and cannot be asked .*; took the newest",
    ):
        assert default_schema().origin == "bundled"
    assert default_schema().schema == all_bundled("x86_64")[-1]  # not asked again, and not told again
    default_schema.cache_clear()
