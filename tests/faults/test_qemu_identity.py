"""Another QEMU under the same name, of the same version: its trials do not mix with those of the first."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.cli import command
from support.processes import qemu

from accelkit import tcg
from accelkit.errors import StudyError
from accelkit.study import study
from accelkit.study.result import Result

pytestmark = pytest.mark.qemu

MODULES = "/usr/lib/x86_64-linux-gnu/qemu"
"""Where Debian has QEMU's modules: a copy of the binary elsewhere does not look there by itself."""


@pytest.fixture
def binary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QEMU_MODULE_DIR", MODULES)
    return Path(shutil.copy(qemu()[0], tmp_path / "my-qemu"))


def replaced(binary: Path) -> None:
    """Another binary of the same version takes its place, as an upgrade of the package does it."""
    other = binary.with_name("other")
    other.write_bytes(binary.read_bytes() + b"\0")
    other.chmod(0o755)
    other.replace(binary)


def test_a_study_is_not_resumed_with_another_binary(tmp_path: Path, binary: Path) -> None:
    store = str(tmp_path / "s.sqlite")

    def measure(blocks: int) -> Result:
        return study(tcg(), store=store, qemu=str(binary), blocks=blocks, run_seconds=0.02, watch=False)

    assert len(measure(1).plan.builds[0].digest) == 32
    assert len(measure(2).records) == 2  # the same binary resumes
    replaced(binary)
    with pytest.raises(StudyError, match=r"is another binary than the one that was measured.*qemu=\[…\]"):
        measure(3)
    assert len(Result.from_store(store).records) == 2


def test_the_binary_behind_a_script_counts(tmp_path: Path, binary: Path) -> None:
    script = tmp_path / "script"
    script.write_text(f'#!/bin/sh\nexec {binary} "$@"\n')
    script.chmod(0o755)
    words = [
        "study", "tcg", "--store", str(tmp_path / "s.sqlite"), "--qemu", str(script),
        "--run-seconds", "0.02", "--quiet", "--blocks",
    ]  # fmt: skip
    assert command(*words, "1").status == 0
    replaced(binary)
    refused = command(*words, "2")
    assert refused.status == 2
    assert "is another binary than the one that was measured" in refused.err
    assert "Traceback" not in refused.err
