"""However a study ends, no process that it has started is left, whatever stands around its QEMU."""

from __future__ import annotations

import os
import shlex
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from support.processes import catches, guards, qemu, running, soon

from accelkit import tcg
from accelkit.errors import QemuError
from accelkit.guests.makers import command
from accelkit.measure.doctor import processes
from accelkit.study import study
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.worker import measure

pytestmark = [pytest.mark.qemu, pytest.mark.skipif(sys.platform != "linux", reason="the guard is Linux's")]

WRAPPERS = {
    "no exec": '"$@"; exit $?',
    "setsid": 'setsid --wait "$@"; exit $?',
    "double fork": '(setsid "$@" &); sleep 600',
}
"""Scripts that stand before QEMU; none becomes it by exec."""


def wrapper(folder: Path, script: str) -> str:
    """An executable that runs QEMU with its arguments by ``script``; it answers --version by itself."""
    path = folder / "qemu-wrapper"
    program = shlex.join(qemu())
    version = f'[ "$1" = --version ] && exec {program} --version'
    path.write_text(f'#!/bin/sh\n{version}\ncase "$*" in *"-M none"*) exec {program} "$@";; esac\n'
                    f'set -- {program} "$@"\n{script}\n')  # fmt: skip
    path.chmod(0o755)
    return str(path)


def started(folder: Path, script: str, mark: str, *, before: str = "") -> subprocess.Popen[bytes]:
    """A real study of a QEMU that does not end by itself, in a process of its own."""
    guest = f"command(['-name', '{mark}', '-M', 'none', '-display', 'none'])".replace(
        "-M', 'none", "-M', 'q35"
    )
    words = [
        sys.executable,
        "-m",
        "accelkit",
        "study",
        "tcg",
        "--guest",
        guest,
        "--store",
        str(folder / "s.sqlite"),
    ]
    words += ["--qemu", wrapper(folder, script), "--blocks", "1", "--timeout", "600"]
    return subprocess.Popen(["sh", "-c", f'{before} exec "$@"', "sh", *words], stderr=subprocess.PIPE)


@pytest.mark.parametrize("script", WRAPPERS.values(), ids=WRAPPERS)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_nothing_is_left_however_the_study_ends(number: int, script: str, mark: str, tmp_path: Path) -> None:
    with started(tmp_path, script, mark) as process:
        assert soon(
            lambda: any(catches(pid, signal.SIGTERM) for pid in running(mark)) or process.poll() is not None
        )
        process.send_signal(number)
        _, words = process.communicate(timeout=300)
    assert soon(lambda: not running(mark) and not guards(mark))
    if number == signal.SIGINT:
        assert process.returncode == 130
    else:
        assert process.returncode == -number
    if number != signal.SIGKILL:
        assert b"keeps all trials; to resume: " in words
        assert b"Traceback" not in words
        assert not (tmp_path / "s.sqlite-lock").exists()
        assert not (tmp_path / "s.sqlite-wal").exists()
    with closing(sqlite3.connect(tmp_path / "s.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_nohup_still_keeps_a_study_from_sighup(mark: str, tmp_path: Path) -> None:
    with started(tmp_path, WRAPPERS["no exec"], mark, before="trap '' HUP;") as process:
        assert soon(lambda: any(catches(pid, signal.SIGTERM) for pid in running(mark)))
        process.send_signal(signal.SIGHUP)
        assert running(mark)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=300)
    assert process.returncode == -signal.SIGTERM


def test_a_study_that_inherits_a_mask_ends_by_sigterm(mark: str, tmp_path: Path) -> None:
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGINT])
    try:
        process = started(tmp_path, WRAPPERS["no exec"], mark)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    with process:
        assert soon(lambda: any(catches(pid, signal.SIGTERM) for pid in running(mark)))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=300)
    assert process.returncode == -signal.SIGTERM


def tried(words: list[str], mark: str, build: tuple[str, ...] | None = None) -> Record:
    work = command(words)
    configuration = stored_configuration("it", ("-accel", "tcg", "-name", mark))
    return measure(
        Trial("here", work.name, "it", 0, 0), Build("here", build or qemu(), ""), configuration, work
    )


def test_a_qemu_that_a_script_makes_a_daemon_is_ended_and_its_trial_fails(mark: str, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text('#!/bin/sh\nexec "$@" -display none -daemonize\n')
    script.chmod(0o755)
    record = tried([str(script), "{qemu}", "{accel}"], mark)
    assert record.cause == "crashed"
    assert record.why.startswith("the command ended and left qemu-system-x86 running")
    assert "accelkit: ended what the command had left running: qemu-system-x86\n" in record.stderr
    assert not running(mark)


def test_other_processes_that_are_left_behind_are_ended_and_named(mark: str) -> None:
    record = tried(["sh", "-c", "(setsid sleep 600 &); sleep 0.1; : {accel}"], mark)
    assert record.ok
    assert "accelkit: ended what the command had left running: sleep\n" in record.stderr


def test_daemonize_is_refused_before_anything_runs(mark: str) -> None:
    with pytest.raises(QemuError, match=r"^-daemonize: "):
        command(["sh", "-c", "{qemu} {accel} -daemonize"])
    with pytest.raises(QemuError, match=r"^-daemonize: "):
        tried(["-M", "none"], mark, build=(*qemu(), "-daemonize"))


@pytest.mark.parametrize("where", ["main thread", "thread"])
def test_a_study_runs_where_sigchld_is_ignored(where: str, tmp_path: Path) -> None:
    results: list[bool] = []

    def run() -> None:
        words = ["-M", "none", "-display", "none", "-version"]
        result = study(
            tcg(), [command(words)], store=str(tmp_path / "s.sqlite"), blocks=1, watch=False, qemu=[qemu()]
        )
        results.extend(record.ok for record in result.records)

    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        if where == "thread":
            thread = threading.Thread(target=run)
            thread.start()
            thread.join()
        else:
            run()
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert results == [True]


def test_the_command_works_where_sigchld_is_ignored(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "accelkit", "run", "tcg"]
    shell = ["sh", "-c", "trap '' CHLD; exec \"$@\"", "sh", *line]
    process = subprocess.run(shell, capture_output=True, text=True, timeout=300, check=False, cwd=tmp_path)
    assert (process.returncode, process.stderr) == (0, "")


POOL = """
import sys
from concurrent.futures import ProcessPoolExecutor
from accelkit.guests.makers import command
from accelkit.study.model import Build, Trial, stored_configuration
from accelkit.study.worker import Worker

if __name__ == "__main__":
    wrapper, mark = sys.argv[1:]
    work = command(["-name", mark, "-M", "q35", "-display", "none"])
    worker = Worker.of([Build("b", (wrapper,), "")], [stored_configuration("c", ("-accel", "tcg"))], [work], 600)
    with ProcessPoolExecutor(1) as pool:
        job = pool.submit(worker, Trial("b", work.name, "c", 0, 0))
        print(*pool._processes, flush=True)
        job.exception()
"""


def test_a_pools_worker_that_is_killed_leaves_nothing(mark: str, tmp_path: Path) -> None:
    words = [sys.executable, "-c", POOL, wrapper(tmp_path, WRAPPERS["setsid"]), mark]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        assert soon(lambda: running(mark))
        os.kill(worker, signal.SIGKILL)
        assert soon(lambda: not running(mark) and not guards(mark))
        process.communicate(timeout=300)


def test_doctor_says_that_all_ends_with_accelkit() -> None:
    finding = processes()
    assert finding.level == "safe", finding
    assert finding.fact == "a QEMU and all its children end with accelkit, however it ends"
