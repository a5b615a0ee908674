"""Choosing the guard for this host; nothing is started."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from accelkit.qemu import process


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="the guards are for Linux")
@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_guard_is_the_one_for_this_cpu_with_the_number_of_this_process(
    machine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    uname = os.uname_result(("Linux", "host", "6.1.0", "#1", machine))
    monkeypatch.setattr(process.os, "uname", lambda: uname)
    assert process.guard() == (str(process.GUARDS / machine), str(os.getpid()))


def test_there_is_no_guard_for_other_cpus_and_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    uname = os.uname_result(("Linux", "host", "6.1.0", "#1", "riscv64"))
    with monkeypatch.context() as patch:
        patch.setattr(process.os, "uname", lambda: uname)
        assert process.guard() is None
    monkeypatch.setattr(process.sys, "platform", "darwin")
    assert process.guard() is None


@pytest.mark.skipif(os.uname().machine not in {"x86_64", "aarch64"}, reason="no guard for this CPU")
def test_a_guard_that_may_not_be_executed_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = os.uname().machine
    shutil.copy(process.GUARDS / machine, tmp_path)
    monkeypatch.setattr(process, "GUARDS", tmp_path)
    assert process.guard() is not None
    (tmp_path / machine).chmod(0o644)
    assert process.guard() is None
