"""``accelkit run`` with nothing to boot, or with no QEMU: no process is started."""

from __future__ import annotations

import re
import subprocess

import pytest
from support.cli import ask

from accelkit.qemu.binary import PACKAGES


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["tcg", "kvm"], "got 2 accelerators"),
        (["--guest", "cpuu", "tcg"], "did you mean 'cpu'?"),
        (["--guest", "guest('cpuu')", "tcg"], "did you mean 'cpu'?"),
        (["--guest", "command(['-S'])", "tcg"], "is not a bundled guest; accelkit study measures it"),
        (["--target", "vax", "tcg"], "no bundled guest for it"),
        (["tcg,=1"], "name it"),
        ([""], "names no accelerator"),
    ],
)
def test_a_run_that_makes_no_sense_starts_nothing(
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
