"""The list of QEMUs in the explorer."""

from __future__ import annotations

from pathlib import Path

import pytest

from accelkit import bundled
from accelkit.schemas.releases import RELEASES, TARGETS
from accelkit.schemas.schema import Schema
from accelkit.widgets.qemus import qemus


def test_bundled_schemas_come_newest_first_and_x86_64_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    sources = qemus()
    assert list(sources)[:3] == [
        "QEMU 11.1.3 (x86_64)",
        "QEMU 11.0 (x86_64, derived)",
        "QEMU 10.2 (x86_64, derived)",
    ]
    assert list(sources) == [
        *(bundled(release, target).name for target in TARGETS for release in reversed(RELEASES)),
        "any QEMU: nothing is checked",
    ]
    assert sources["QEMU 7.2.22 (x86_64)"]() == bundled("7.2")
    assert sources["any QEMU: nothing is checked"]() is None


def test_a_schema_of_the_callers_comes_first_unless_it_is_bundled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    data = bundled("7.2").to_json()
    own = Schema.from_json({**data, "version": "7.2.99"})
    assert next(iter(qemus(own))) == "QEMU 7.2.99 (x86_64), your schema"
    assert qemus(own)["QEMU 7.2.99 (x86_64), your schema"]() == own
    assert list(qemus(bundled("7.2"))) == list(qemus())


def test_installed_binaries_are_listed_and_asked_only_when_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    binary = tmp_path / "qemu-system-aarch64"
    binary.write_text("#!/bin/sh\n")
    binary.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    calls: list[tuple[str, str]] = []
    monkeypatch.setattr("accelkit.widgets.qemus.probe", lambda *arguments: calls.append(arguments))
    sources = qemus()
    assert "qemu-system-x86_64, installed here" not in sources
    assert calls == []
    sources["qemu-system-aarch64, installed here"]()
    assert calls == [("qemu-system-aarch64", "aarch64")]
