"""A whole study from one call or one command line: targets, guests of one's own, standards, other hosts."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from support.processes import qemu

from accelkit import each, multi, single, tcg, thread
from accelkit.cli import main
from accelkit.errors import DomainError, StudyError
from accelkit.guests import guest
from accelkit.guests.makers import command, linux
from accelkit.study import study
from accelkit.study.report.repeat import again
from accelkit.study.result import Result
from accelkit.study.store.reader import read_store

pytestmark = pytest.mark.qemu

VERSION = 'command(["-M", "none", "-version"], name="version")'
"""A QEMU that leaves at once, timed as a whole."""


@pytest.fixture(autouse=True)
def qemus() -> None:
    for target in ("x86_64", "aarch64"):
        qemu(target)


@pytest.fixture
def store(tmp_path: Path) -> str:
    return str(tmp_path / "s.sqlite")


# ---- targets ----


@pytest.mark.parametrize("qemu", ["qemu-system-aarch64", "env A=B qemu-system-aarch64 -name it"])
def test_a_build_of_another_target_gets_that_targets_guests(store: str, qemu: str) -> None:
    result = study(tcg(), ["cpu"], qemu=qemu, store=store, blocks=1, run_seconds=0.05, watch=False)
    (record,) = result.records
    assert (record.cause, record.why) == ("ok", "")
    assert result.plan.guests[0].fingerprint.startswith("cpu aarch64 virt ")


def test_guests_and_builds_of_different_targets_are_refused_before_anything_runs(
    store: str, tmp_path: Path
) -> None:
    both = ["qemu-system-x86_64", "env qemu-system-aarch64"]
    with pytest.raises(
        StudyError, match=r"guest 'cpu' is for x86_64, and QEMU .* runs aarch64: name QEMUs of one"
    ):
        study(tcg(), ["cpu"], qemu=both, store=store, watch=False)
    (tmp_path / "vmlinuz").write_text("")
    own = linux(tmp_path / "vmlinuz", target="aarch64")
    with pytest.raises(StudyError, match=r"guest 'linux' is for aarch64, and QEMU .* runs x86_64"):
        study(tcg(), [own], qemu="qemu-system-x86_64", store=store, watch=False)
    with pytest.raises(StudyError, match="guest 'smp' is for x86_64"):
        study(tcg(), [guest("smp")], qemu="qemu-system-aarch64", store=store, watch=False)
    assert not Path(store).exists()


# ---- standards, and guests that are not bundled ----


def test_a_study_keeps_its_standards(store: str) -> None:
    options = {"qemu": "qemu-system-x86_64", "store": store, "watch": False}
    work = [command(["-M", "none", "-version"])]
    result = study(tcg() | thread(each(single, multi)), work, confidence=0.8, delta=0.05, blocks=4, **options)
    assert (result.confidence, result.delta, result.anytime) == (0.8, 0.05, False)
    stored = Result.from_store(store)
    assert (stored.confidence, stored.delta, stored.anytime) == (0.8, 0.05, False)
    assert stored.comparisons == result.comparisons
    assert "80% interval" in str(stored)
    later = study(tcg() | thread(each(single, multi)), work, precision="5%", blocks=8, **options)
    assert (later.confidence, later.anytime) == (0.95, True)
    assert Result.from_store(store).anytime


def test_impossible_standards_are_refused_before_anything_runs(store: str) -> None:
    for wrong in ({"confidence": 95}, {"confidence": 0}, {"delta": 0}):
        with pytest.raises(DomainError, match="|".join(wrong)):
            study(tcg(), store=store, watch=False, **wrong)
    assert not Path(store).exists()


def test_the_command_line_takes_a_guest_in_python_and_its_report_repeats_it(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = [
        "study",
        "tcg",
        "--guest",
        VERSION,
        "--blocks",
        "2",
        "--confidence",
        "90%",
        "--store",
        store,
        "--quiet",
    ]
    assert main(line) == 0
    assert main(["report", store]) == 0
    assert "90% interval" in capsys.readouterr().out
    assert main(["report", store, "--confidence", "99%"]) == 0
    assert "99% interval" in capsys.readouterr().out
    assert main(["report", store, "--markdown", str(tmp_path / "r.md")]) == 0
    text = (tmp_path / "r.md").read_text()
    assert "`command(['-M', 'none', '-version'], name='version')`" in text
    repeats = [
        *line[: line.index("--blocks")],
        *"--quiet --blocks 2 --confidence 90% --store again.sqlite".split(),
    ]
    assert shlex.join(["accelkit", *repeats]) in text

    with read_store(store) as stored:
        assert stored.plan.guests[0].code == "command(['-M', 'none', '-version'], name='version')"
    words = again(Result.from_store(store))
    assert words[-2:] == ["--store", "again.sqlite"]
    other = str(tmp_path / "again.sqlite")
    assert main([*words[1:-1], other, "--quiet"]) == 0
    one, two = Result.from_store(store), Result.from_store(other)
    assert one.plan.fingerprint == two.plan.fingerprint
    assert (one.confidence, len(one.records)) == (two.confidence, len(two.records)) == (0.9, 2)


def test_a_guest_that_cannot_be_made_gives_no_traceback(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["study", "tcg", "--guest", "linux('vmlinuz', untli='x')", "--store", store]) == 2
    text = capsys.readouterr().err
    assert "unexpected keyword argument 'untli'" in text
    assert "Traceback" not in text
