"""The newest QEMU is compared: a difference is printed, and fails once its series is captured.

The newest is that of Debian's sid, where ``.ci/qemu-matrix`` could make it. The tests of the report
put a fake in its place: it is probed like the QEMU on PATH and accepts whatever it is asked.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.tools import need_kvm, out_of_reach, tool

from . import real_qemu
from .newest import COMPARISONS, compare_newest
from .real_qemu import REPOSITORY, SERIES, TARGETS, Qemu, discover, newest
from .summary import PROPERTY


@pytest.mark.qemu
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", COMPARISONS)
def test_what_the_newest_qemu_answers_is_reported(
    name: str, target: str, record_property: Callable[[str, object], None]
) -> None:
    qemus = [qemu for qemu in newest() if qemu.target == target]
    if not qemus:
        # In CI, too: sid may be broken, and at times it has what backports have.
        out_of_reach("sid has no QEMU here, or one of a version that is asked anyway")
    if target == "x86_64":
        need_kvm()
    compare_newest(qemus[0], name, lambda text: record_property(PROPERTY, text))


FAKE = """\
import os, sys

if sys.argv[1] != "env":
    if sys.argv[2:] == ["--version"]:
        sys.exit(print("QEMU emulator version {version}"))
    os.execvp(sys.argv[1], sys.argv[1:])
settings = dict(word.split("=", 1) for word in sys.argv[2:] if word.startswith("FORKSERVER_"))
requests = os.fdopen(int(settings["FORKSERVER_IN"]), "rb")
while size := requests.readline():
    requests.read(int(size))
    os.write(1, b'{{"return": {{}}}}')
    os.write(int(settings["FORKSERVER_OUT"]), b"0\\n")
"""
PYTEST = (sys.executable, *"-m pytest -q -n 2 -p no:cacheprovider".split())
QUESTIONS = "generated command lines"
TEST = f"{Path(__file__).relative_to(REPOSITORY)}::{test_what_the_newest_qemu_answers_is_reported.__name__}"


def run_with_a_fake(version: str, directory: Path) -> subprocess.CompletedProcess[str]:
    """pytest with two workers, whose newest QEMU accepts all."""
    tool("qemu-system-aarch64")
    fake = directory / "fake.py"
    fake.write_text(FAKE.format(version=version))
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [*PYTEST, f"{TEST}[{QUESTIONS}-aarch64]"],
        env=inherited | {"ACCELKIT_QEMUS": f"{version}\t{sys.executable} {fake}\tnewest\n"},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.qemu
def test_differences_are_printed_in_full_and_fail_nothing_before_the_series_is_captured(
    tmp_path: Path,
) -> None:
    done = run_with_a_fake("99.0.0", tmp_path)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
    assert "compared with the newest QEMU" in done.stdout
    counts = re.search(
        rf"^QEMU 99.0.0 \(aarch64\), {QUESTIONS}: 300 asked, \d+ compared, (\d+) differ$",
        done.stdout,
        re.MULTILINE,
    )
    assert counts, done.stdout
    shown = re.findall(r"^  \[.*\]\n    QEMU accepts\n    accelkit: (.+)$", done.stdout, re.MULTILINE)
    assert len(shown) == int(counts[1]) > 50
    assert all(re.search("(refused|build|machine): ", problems) for problems in shown)


@pytest.mark.qemu
def test_a_difference_fails_once_the_series_is_captured(tmp_path: Path) -> None:
    tool("qemu-system-aarch64")
    series = next(qemu.series for qemu in discover() if qemu.command == ("qemu-system-aarch64",))
    done = run_with_a_fake(f"{series}.49", tmp_path)
    assert done.returncode == 1, done.stdout
    assert "1 failed" in done.stdout
    assert "compared with the newest QEMU" in done.stdout


def test_a_qemu_that_cannot_be_compared_is_reported_with_the_reason() -> None:
    texts: list[str] = []
    compare_newest(Qemu("99.0.0", "aarch64", ("/nowhere/qemu-system-aarch64",)), QUESTIONS, texts.append)
    assert len(texts) == 1
    assert texts[0].startswith(f"QEMU 99.0.0 (aarch64), {QUESTIONS}: could not be compared\nTraceback")
    assert "QemuError: /nowhere/qemu-system-aarch64: " in texts[0]


def test_a_qemu_whose_series_is_captured_must_be_comparable() -> None:
    texts: list[str] = []
    with pytest.raises((RuntimeError, OSError)):
        compare_newest(
            Qemu(f"{SERIES[-1]}.49", "aarch64", ("/nowhere/qemu-system-aarch64",)), QUESTIONS, texts.append
        )
    assert texts == []


@pytest.fixture
def at_hand(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Puts QEMUs of these versions in place of those that are here: of the rows, and of the newest row."""

    def put(rows: str, newest_row: str) -> None:
        binaries = [(Qemu(version, "x86_64", ()), False) for version in rows.split()]
        binaries += [(Qemu(version, "x86_64", ()), True) for version in newest_row.split()]
        monkeypatch.setattr(real_qemu, "_binaries", lambda: binaries)
        discover.cache_clear()

    yield put
    discover.cache_clear()


@pytest.mark.parametrize(
    ("rows", "newest_row", "asserted", "apart"),
    [
        ("7.2.22 11.1.3", "", "7.2.22 11.1.3", ""),
        ("7.2.22 11.1.3", "11.1.3", "7.2.22 11.1.3", ""),
        ("7.2.22 11.1.3", "11.1.4", "7.2.22 11.1.3", "11.1.4"),
        ("7.2.22", "11.1.4", "7.2.22 11.1.4", ""),
        ("7.2.22 11.1.3", "99.0.0", "7.2.22 11.1.3", "99.0.0"),
        ("7.2.22 11.1.3", "11.1.90", "7.2.22 11.1.3", "11.1.90"),
        ("7.2.22 7.2.9", "99.0.0", "7.2.22", "99.0.0"),
        ("99.0.0 11.1.3", "99.0.0", "11.1.3 99.0.0", "99.0.0"),
    ],
)
def test_the_newest_qemu_is_asked_apart_unless_its_version_is_asserted_anyway(
    at_hand: Callable[[str, str], None], rows: str, newest_row: str, asserted: str, apart: str
) -> None:
    at_hand(rows, newest_row)
    assert [qemu.version for qemu in discover()] == asserted.split()
    assert [qemu.version for qemu in newest()] == apart.split()


def test_a_release_candidate_is_not_of_the_series_before_it() -> None:
    assert Qemu("11.1.49", "x86_64", ()).captured
    assert not Qemu("11.1.90", "x86_64", ()).captured
