"""``accelkit run`` and ``accelkit demo``: a guest booted, what is told of it, and that nothing is left running."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import subprocess
from pathlib import Path

import pytest
from cli_asked import TIMEOUT, ask, conversation, lines
from processes import soon, watches_a_child

from accelkit import render
from accelkit.expression import evaluate
from accelkit.qemu.binary import PACKAGES


@pytest.mark.qemu
@pytest.mark.parametrize(
    "words", [["tcg,thread=single"], ["-accel", "tcg", "-m", "1G"], ["-machine q35,accel=tcg"]]
)
def test_run_boots_a_guest_and_says_what_it_took(words: list[str], qemu: str) -> None:
    status, out, err = ask("run", "--guest", "cpu", "--qemu", qemu, *words)
    assert (status, err) == (0, "")
    assert [line.split()[0] for line in lines(out)] == ["QEMU", "cpu", "outcome", "took", "guest"]
    assert re.search(r"(?m)^outcome     ok$", out)
    assert re.search(r"(?m)^took        \d+\.\d{3} s; CPU \d+\.\d{3} s user, \d+\.\d{3} s system$", out)
    assert re.search(r"(?m)^guest       20 slices, .*, as predicted$", out)


@pytest.mark.qemu
def test_run_takes_a_guest_with_other_work_as_study_does(qemu: str) -> None:
    work = "guest('memory').with_work(size=4096, slices=3, name='small')"
    status, out, err = ask("run", "--guest", work, "--qemu", qemu, "tcg")
    assert (status, err) == (0, "")
    assert re.search(r"(?m)^small       \S.*\n(.*\n)+guest       3 slices, .*, as predicted$", out)


@pytest.mark.qemu
def test_run_of_what_qemu_refuses_says_so_in_its_words_and_what_to_do(qemu: str) -> None:
    status, out, err = ask("run", "tcg,tb-size=x", "--qemu", qemu)
    assert status == 1
    assert re.search(r"(?m)^outcome     refused: .*tb-size", out)
    assert re.search(r"(?m)^QEMU says   .*tb-size", err)
    assert re.search(r"(?m)^accelkit: refused: tcg,tb-size=x: .*; takes a whole number", err)


@pytest.fixture
def marked(qemu: str, tmp_path: Path) -> Path:
    """A QEMU under a name of its own, by which its processes can be told."""
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
    assert re.search(r"(?m)^outcome     timeout: not ended in time", out)
    assert not running(marked)


@pytest.mark.qemu
def test_ctrl_c_during_a_run_ends_qemu_too(marked: Path) -> None:
    with conversation("run", "--guest", "hang", "--qemu", str(marked), "tcg") as process:
        assert soon(lambda: running(marked) and watches_a_child(process.pid))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=TIMEOUT)
        assert (process.returncode, out, err) == (130, b"", b"accelkit: interrupted\n")
    assert soon(lambda: not running(marked))


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["tcg", "kvm"], "got 2 accelerators"),
        (["--guest", "cpuu", "tcg"], "did you mean 'cpu'?"),
        (["--guest", "guest('cpuu')", "tcg"], "did you mean 'cpu'?"),
        (["--guest", "command(['-S'])", "tcg"], "is none of the bundled guests; accelkit study measures it"),
        (["--target", "vax", "tcg"], "no guest is built for it"),
        (["tcg,=1"], "name it"),
        ([""], "names no accelerator"),
    ],
)
def test_run_of_what_makes_no_sense_starts_nothing(
    words: list[str], hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("a process was started"))
    status, out, err = ask("run", *words)
    assert (status, out) == (2, "")
    assert re.fullmatch(r"accelkit: .+\n", err)
    assert hint in err


@pytest.mark.parametrize(
    ("words", "target"),
    [
        (["run", "tcg"], "x86_64"),
        (["run", "--target", "aarch64", "tcg"], "aarch64"),
        (["probe"], "x86_64"),
        (["probe", "--target", "aarch64"], "aarch64"),
        (["demo"], "x86_64"),
    ],
)
def test_without_a_qemu_one_line_names_the_package_to_install(
    words: list[str], target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    status, _, err = ask(*words)
    assert status == 2
    debian, fedora = PACKAGES[target]
    assert re.fullmatch(
        rf"accelkit: qemu-system-{target}: no such program; .*apt-get install {debian} .*dnf install {fedora} .*\n",
        err,
    )


@pytest.mark.qemu
def test_the_demo_goes_all_the_way_to_a_ratio_that_it_measured(qemu: str) -> None:
    status, out, err = ask("demo", "--qemu", qemu)
    assert (status, err) == (0, "")
    heads = [line.split()[0] for line in lines(out) if not line.startswith(" ")]
    assert heads == ["compose", "render", *["check"] * 5, "run", "answer"]
    composed = re.search(r"(?m)^compose  (.*)$", out)
    rendered = re.search(r"(?m)^render   (.*)$", out)
    assert composed is not None
    assert rendered is not None
    assert shlex.split(rendered[1]) == render(evaluate(composed[1]))
    ratios = [float(found) for found in re.findall(r"takes ([\d.]+) times as long", out)]
    answer = re.search(
        r"(?m)^answer .*: ([\d.]+) times as long \(median of 5 pairs, ([\d.]+) to ([\d.]+)\)", out
    )
    assert answer is not None
    assert sorted(ratios) == pytest.approx(
        [float(answer[2]), *sorted(ratios)[1:2], float(answer[1]), *sorted(ratios)[3:4], float(answer[3])]
    )
