"""The installed QEMU answers where no schema is given: it is asked once, and the answer says so."""

from __future__ import annotations

from unittest import mock

import pytest
from support.cli import ask

from accelkit import check, probe
from accelkit.schemas import default
from accelkit.schemas.default import default_schema


@pytest.mark.qemu
def test_the_installed_qemu_is_asked_once_for_its_target(qemu: str) -> None:
    default_schema.cache_clear()
    with mock.patch.object(default, "all_bundled", side_effect=AssertionError):
        asked = default_schema()
        assert check("kvm") == check("kvm", probe(qemu))
    assert asked.schema == probe(qemu)
    assert asked.name == f"{probe(qemu).name}, installed"
    with mock.patch("accelkit.schemas.probe.probe", side_effect=AssertionError):
        ran = ask("check", "tcg,thread=single", "qemu-system-x86_64 -accel tcg -m 1G")
    assert ran.status == 0
    assert ran.out.count(f"[{asked.name}]\n") == 2


@pytest.mark.qemu
def test_a_program_that_is_no_qemu_is_told(tmp_path, monkeypatch) -> None:
    program = tmp_path / "qemu-system-arm"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    default_schema.cache_clear()
    ran = ask("check", "qemu-system-arm -M virt -accel tcg")
    default_schema.cache_clear()
    assert ran.status == 0
    assert "qemu-system-arm is installed, and cannot be asked what it has; took the newest bundled" in ran.err
    assert ", bundled]" in ran.out
