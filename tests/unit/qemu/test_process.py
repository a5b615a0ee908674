"""Choosing the guard for this host, and reading its report; nothing is started."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import pytest

from accelkit.qemu import process

linux = pytest.mark.skipif(os.uname().sysname != "Linux", reason="the guards are for Linux")
IN_PYTHON = (sys.executable, "-I", "-S", str(process.IN_PYTHON))


@linux
@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_guard_is_the_one_for_this_cpu_with_the_number_of_this_process(
    machine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    uname = os.uname_result(("Linux", "host", "6.1.0", "#1", machine))
    monkeypatch.setattr(process.os, "uname", lambda: uname)
    assert process.guard(7, 25) == (str(process.GUARDS / machine), "7", str(os.getpid()), "25")


@linux
def test_other_cpus_have_the_guard_in_python(monkeypatch: pytest.MonkeyPatch) -> None:
    uname = os.uname_result(("Linux", "host", "6.1.0", "#1", "riscv64"))
    monkeypatch.setattr(process.os, "uname", lambda: uname)
    assert process.guard(7) == (*IN_PYTHON, "7", str(os.getpid()), "0")


def test_other_systems_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process.sys, "platform", "darwin")
    assert process.guard(7) == ()


@linux
def test_a_kernel_that_lists_no_children_has_the_guard_in_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "CHILDREN", "/nonexistent")
    assert process.guard(7)[:4] == IN_PYTHON


@pytest.mark.skipif(os.uname().machine not in {"x86_64", "aarch64"}, reason="no guard for this CPU")
def test_a_guard_that_may_not_be_executed_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = os.uname().machine
    shutil.copy(process.GUARDS / machine, tmp_path)
    monkeypatch.setattr(process, "GUARDS", tmp_path)
    assert process.guard(7)[0] == str(tmp_path / machine)
    (tmp_path / machine).chmod(0o644)
    assert process.guard(7)[:4] == IN_PYTHON


def test_a_report_holds_names_the_status_and_the_usage() -> None:
    usage = (1, 500_000, 2, 250_000, 4096, *range(11), 30, 40)
    end = process._end_of(b"sh\nqemu-system-x86\n!sudo\n!sudo\n" + process.RECORD.pack(7 << 8, *usage))
    assert end == process.End(7, 1.5, 2.25, 4096, 30, 40, ("sh", "qemu-system-x86"), ("sudo",))
    assert end.notes.splitlines() == [
        "accelkit: ended what the command had left running: sh, qemu-system-x86",
        "accelkit: may still run, as it belongs to another user: sudo",
    ]


def test_a_report_that_was_cut_off_is_none() -> None:
    record = process.RECORD.pack(0, *range(18))
    for cut in (b"", b"sh\n", record[:-1]):
        assert process._end_of(cut) is None


def test_without_a_report_a_peak_may_hide_behind_that_of_this_process() -> None:
    usage = getrusage(RUSAGE_SELF)
    assert process._end_by(0, usage, usage.ru_maxrss).max_rss is None
    unit = 1024 if sys.platform == "darwin" else 1
    assert process._end_by(0, usage, 0).max_rss == usage.ru_maxrss // unit
