"""``accelkit run`` boots a guest, prints the outcome and leaves nothing running."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from pathlib import Path

import pytest
from support.cli import TIMEOUT, ask, conversation, lines
from support.processes import soon, watches_a_child


@pytest.mark.qemu
@pytest.mark.parametrize(
    "words", [["tcg,thread=single"], ["-accel", "tcg", "-m", "1G"], ["-machine q35,accel=tcg"]]
)
def test_run_boots_a_guest_and_says_what_it_took(words: list[str], qemu: str) -> None:
    status, out, err = ask("run", "--guest", "cpu", "--qemu", qemu, *words)
    assert (status, err) == (0, "")
    assert [line.split()[0] for line in lines(out)] == ["QEMU", "cpu", "outcome", "took", "guest"]
    assert re.search(r"(?m)^outcome + +ok$", out)
    assert re.search(r"(?m)^took +\d+\.\d{3} s; CPU \d+\.\d{3} s user, \d+\.\d{3} s system$", out)
    assert re.search(r"(?m)^guest +100 slices, .*, as predicted$", out)


@pytest.mark.qemu
def test_run_takes_a_guest_with_other_work_as_study_does(qemu: str) -> None:
    work = "guest('memory').with_work(size=4096, slices=3, name='small')"
    status, out, err = ask("run", "--guest", work, "--qemu", qemu, "tcg")
    assert (status, err) == (0, "")
    assert re.search(r"(?m)^small +\S.*\n(.*\n)+guest +3 slices, .*, as predicted$", out)


@pytest.mark.qemu
def test_run_of_what_qemu_refuses_says_so_in_its_words_and_what_to_do(qemu: str) -> None:
    status, out, err = ask("run", "tcg,tb-size=x", "--qemu", qemu)
    assert status == 1
    assert re.search(r"(?m)^outcome +refused: .*tb-size", out)
    assert re.search(r"(?m)^QEMU says  .*tb-size", err)
    assert re.search(r"(?m)^accelkit: refused: tcg,tb-size=x: .*; takes a whole number", err)


@pytest.fixture
def marked(qemu: str, tmp_path: Path) -> Path:
    """A QEMU under another name, which distinguishes its processes."""
    path = tmp_path / "qemu-of-this-test"
    path.symlink_to(qemu)
    return path


def running(program: Path) -> bool:
    """Whether a process was started as ``program``."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if entry.read_bytes().startswith(os.fsencode(program) + b"\0"):
                return True
    return False


@pytest.mark.qemu
def test_run_ends_a_guest_that_hangs_when_its_time_is_up(marked: Path) -> None:
    status, out, err = ask("run", "--guest", "hang", "--timeout", "1", "--qemu", str(marked), "tcg")
    assert (status, err) == (1, "")
    assert re.search(r"(?m)^outcome +timeout: not ended in time", out)
    assert not running(marked)


@pytest.mark.qemu
def test_ctrl_c_during_a_run_ends_qemu_too(marked: Path) -> None:
    with conversation("run", "--guest", "hang", "--qemu", str(marked), "tcg") as process:
        assert soon(lambda: running(marked) and watches_a_child(process.pid))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=TIMEOUT)
        assert (process.returncode, out, err) == (130, b"", b"accelkit: interrupted\n")
    assert soon(lambda: not running(marked))
