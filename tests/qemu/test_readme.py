"""Every command of the README runs as it stands there, and so does the Python that shows no output."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.stores import study_store

from accelkit.errors import StudyError
from accelkit.libvirt import to_libvirt
from accelkit.recipes.table import kvm

pytestmark = pytest.mark.qemu

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
#: Commands that ``.ci/run`` runs or that stand in ``tests/bench``.
ELSEWHERE = ("apt-get ",)
#: What commands answer that do not end with 0.
STATUS = {
    # A busy host may decide nothing.
    "accelkit tune 'tcg,tb-size={8,64,512},thread={single,multi}' --guest smp --guest tb-thrash --for 45s --store tune.sqlite": (
        0,
        1,
    ),
    "accelkit report --best tcg.sqlite --guest smp --as systemd": (0, 1),
    "accelkit lint start-vm.sh": (1,),
}
SCRIPT = "#!/bin/bash\nACCEL=tcg,tread=multi\nqemu-system-x86_64 -accel $ACCEL -display none\n"


def blocks(language: str) -> list[str]:
    """The blocks of code of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def commands() -> list[str]:
    """The lines of the README for a shell."""
    lines = [line for block in blocks("sh") for line in block.splitlines() if line]
    return [line for line in lines if not line.startswith(ELSEWHERE)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with what the README speaks of: a script, two stores, and a libvirt that has a domain."""
    folder = tmp_path_factory.mktemp("readme")
    for name in ("old", "new"):
        study_store(folder / f"{name}.sqlite", {"tcg": 1.0, "tcg,thread=single": 2.0}, noise=0.001)
    (folder / "start-vm.sh").write_text(SCRIPT)
    programs = folder / "bin"
    programs.mkdir()
    (programs / "accelkit").write_text(f'#!/bin/sh\nexec {sys.executable} -m accelkit "$@"\n')
    (programs / "virsh").write_text(f"#!/bin/sh\ncat <<'END'\n{to_libvirt(kvm())}\nEND\n")
    for program in programs.iterdir():
        program.chmod(0o755)
    return folder


def ran(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        check=False,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=1200,
    )


@pytest.mark.xdist_group("README")
def test_every_command_runs_in_its_order(folder: Path) -> None:
    lines = commands()
    assert len(lines) > 20
    assert set(STATUS) <= set(lines)
    for line in lines:
        done = ran(line, folder)
        assert done.returncode in STATUS.get(line, (0,)), (line, done.stdout, done.stderr)
        assert done.stdout or done.stderr, line
        assert done.stdout or done.returncode == 1, line  # where nothing is decided, the reason is on stderr
        assert "Traceback" not in done.stderr


@pytest.mark.xdist_group("README")
def test_python_without_output_runs_in_its_order(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the commands: the study that they have measured is found again, and not measured twice."""
    monkeypatch.chdir(folder)
    names: dict[str, object] = {"tuned": kvm()}
    code = [block for block in blocks("python") if ">>>" not in block]
    assert len(code) >= 2
    for block in code:
        why = refusal_of(block, names)  # a busy host may decide nothing
        assert not why or ("result.best(" in block and why.startswith("best: Undecided with smp")), why


def refusal_of(block: str, names: dict[str, object]) -> str:
    """The words of the StudyError that a block of code raises; empty if it raises none."""
    try:
        exec(block, names)
    except StudyError as error:
        return str(error)
    return ""
