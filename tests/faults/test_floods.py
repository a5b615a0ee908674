"""Programs that write without end, stay silent, or leave children: each command is bounded in time, memory and disk.

Each question is asked by a process of its own, which prints its peak memory and has no temporary folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.processes import qemu, running, soon

from accelkit.guests import guest
from accelkit.guests.makers import linux
from accelkit.measure import supervise
from accelkit.measure.plain_boot import MAX_REPORT_BYTES
from accelkit.qemu.pipes import SPARE
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.worker import measure

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/dev/zero and memory files are Linux'")

FAKE = Path(__file__).parents[1] / "support" / "fake_qemu.py"
MOST_MEMORY = 200 << 10
"""KiB of memory that no command exceeds, whatever a program says."""

ASKED = """
import os, sys, tempfile
from accelkit.errors import AccelkitError
SECONDS = float(os.environ["SECONDS"])
tempfile.tempdir = "/nonexistent"  # a temporary file would be an error
{question}
try:
    print(repr(answer(sys.argv[1:])))
except AccelkitError as error:
    print(error)
# Not ru_maxrss, which begins with that of the process that started this one.
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""

QUESTIONS = {
    "probe": "from accelkit import probe as answer",
    "version": "from accelkit.qemu.binary import version as answer",
    "capture": "from accelkit.qemu.capture import capture\nanswer = lambda words: capture(words, timeout=SECONDS)",
    "version in time": "from accelkit.qemu.binary import version\nanswer = lambda words: version(words, timeout=SECONDS)",
    "boot": """
from accelkit.guests import guest
from accelkit.measure.plain_boot import boot
answer = lambda words: boot(words, [], guest("cpu"), timeout=SECONDS).cause""",
    "measured boot": """
from accelkit.guests import guest
from accelkit.measure.bundled import run_bundled
answer = lambda words: run_bundled(words, [], guest("cpu"), timeout=SECONDS)[0].ending""",
    "console": """
import sys
from accelkit.guests.makers import linux
from accelkit.measure.console import run_console
answer = lambda words: run_console(words, [], linux(sys.executable, until="never"), timeout=SECONDS)[0].ending""",
    "command": """
from accelkit.guests.makers import command
from accelkit.measure.command import run_command
answer = lambda words: run_command([], [], command([*words, "{accel}"]), timeout=SECONDS).ending""",
}


def asked(question: str, *command: str, seconds: float = 600) -> str:
    """What the public call answers, or its error; it takes little memory and no temporary file."""
    done = subprocess.run(
        [sys.executable, "-c", ASKED.format(question=QUESTIONS[question]), *command],
        env=os.environ | {"SECONDS": str(seconds)},
        capture_output=True,
        text=True,
        check=True,
        timeout=600,  # which only bounds a hang
    )
    *answer, memory = done.stdout.splitlines()
    assert int(memory) < MOST_MEMORY
    return "\n".join(answer)


def script(text: str, mark: str) -> tuple[str, ...]:
    """A command that is no QEMU: a shell's script, whose processes carry ``mark``."""
    return ("sh", "-c", text, "-name", mark)


def fake(mark: str, **settings: object) -> tuple[str, ...]:
    return (sys.executable, "-S", str(FAKE), json.dumps(settings), "-name", mark)


# ---- questions to a program ----


@pytest.mark.parametrize(
    "text", ["yes", "cat /dev/zero", "cat /dev/zero >&2", "yes & yes >&2", "yes ' version 9.2.0'"]
)
def test_a_program_that_prints_without_end_has_no_version(text: str, mark: str) -> None:
    answer = asked("version", *script(text, mark))
    assert answer.endswith("--version: printed more than 65536 bytes; name a QEMU program")


@pytest.mark.parametrize("text", ["yes", "cat /dev/zero", "cat /dev/zero >&2", "yes; yes >&2"])
def test_a_program_that_prints_without_end_is_not_probed(text: str, mark: str) -> None:
    answer = asked("probe", *script(text, mark))
    assert "does not start: printed more than 4096 bytes" in answer
    assert answer.endswith("; is it a QEMU?")
    assert len(answer) < 500


@pytest.mark.parametrize("flood", ["events", "line"])
def test_a_program_that_floods_its_monitor_is_not_probed(flood: str, mark: str) -> None:
    answer = asked("probe", *fake(mark, flood=flood))
    assert answer.endswith(": QMP query-version: more than 4194304 bytes; is it a QEMU?")


def test_the_answers_of_a_session_take_little_memory_whatever_they_hold(mark: str) -> None:
    """Empty lists and objects take 20 times as much memory as their text."""
    answer = asked("probe", *fake(mark, lists=690_000))
    assert answer.endswith(
        ": QMP qom-list-types: more than 4194304 bytes; is it a QEMU?"
    )  # the first was not too long


@pytest.mark.parametrize("question", ["capture", "version in time"])
@pytest.mark.parametrize("text", ["exec sleep 600", "trap '' TERM; sleep 600 & wait"])
def test_a_silent_program_is_given_up_once_and_ended(question: str, text: str, mark: str) -> None:
    """All attempts together have one deadline."""
    answer = asked(question, *script(text, mark), seconds=1)
    ending = (
        "not ended within 1 s"
        if question == "version in time"
        else "no answer within 1 s; it printed nothing"
    )
    assert answer.endswith(f"{ending}; is it a QEMU?")


def test_a_program_that_greets_and_is_then_silent_is_given_up_too(mark: str) -> None:
    answer = asked("capture", *fake(mark, silent=True), seconds=1)
    assert answer.endswith(": QMP query-version: no answer within 1 s")


@pytest.mark.parametrize("question", ["probe", "version"])
def test_the_end_of_the_process_decides_and_not_that_of_its_outputs(question: str, mark: str) -> None:
    """A child that it leaves behind holds its outputs and its monitor open; it is ended as well."""
    text = "sh -c 'sleep 600; :' -name $0 & echo QEMU emulator version 9.8.7"
    answer = asked(question, "sh", "-c", text, mark)
    expected = "(9, 8, 7)" if question == "version" else "does not start: QEMU emulator version 9.8.7"
    assert answer.endswith(expected)
    assert not running(mark)


def test_a_process_that_has_left_its_session_does_not_keep_the_question_open(mark: str) -> None:
    text = "setsid sh -c 'sleep 600; :' -name $0 & while [ ! -e /proc/$!/cmdline ]; do :; done; echo no QEMU"
    assert asked("probe", "sh", "-c", text, mark).endswith("does not start: no QEMU")


# ---- a guest and its QEMU ----


@pytest.mark.parametrize("question", ["boot", "measured boot", "console", "command"])
@pytest.mark.parametrize(("text", "ending"), [("cat /dev/zero", "flood"), ("cat /dev/zero >&2", "timeout")])
def test_a_run_that_writes_without_end_takes_little_memory(
    question: str, text: str, ending: str, mark: str
) -> None:
    """Too much on standard output ends it; of messages only the first are kept."""
    seconds = 600 if ending == "flood" else 0.5
    assert asked(question, *script(text, mark), seconds=seconds) == repr(ending)


def tried(mark: str, command: tuple[str, ...], work: object = None, timeout: float = 600) -> Record:
    work = guest("exc").with_work(n=16, slices=3) if work is None else work
    configuration = stored_configuration("it", ("-accel", "tcg", "-name", mark))
    trial = Trial("here", work.name, "it", 0, 0)  # type: ignore[attr-defined]
    return measure(trial, Build("here", command, ""), configuration, work, timeout=timeout)  # type: ignore[arg-type]


def test_a_guest_that_floods_after_its_report_is_a_flood(
    mark: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In the time in which nobody looks, as QEMU is queried: its report is a file that cannot grow."""
    sizes: set[int] = set()
    begin = tmp_path / "begin"

    def full() -> bool:
        """Whether what QEMU has written has reached the end of the file."""
        written = 0
        for pid in running(mark):
            with contextlib.suppress(OSError):
                facts = Path(f"/proc/{pid}/fdinfo/1").read_text()
                written = max(written, int(facts.split()[1]))  # "pos: NUMBER"
                sizes.add(os.stat(f"/proc/{pid}/fd/1").st_size)
        return written > MAX_REPORT_BYTES + SPARE - 8192

    def ask_late(*_: object) -> tuple[str, dict[str, float]]:
        begin.touch()
        assert soon(full)
        return "tcg", {}

    monkeypatch.setattr(supervise, "ask", ask_late)
    record = tried(mark, fake(mark, ticks=[5, 4, 6], flood="report", begin=str(begin)))
    assert (record.cause, record.value) == ("flood", None)
    assert sizes == {MAX_REPORT_BYTES + SPARE}


@pytest.mark.qemu
@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
def test_a_real_qemu_neither_ends_nor_hangs_when_its_output_is_full(target: str, mark: str) -> None:
    record = tried(mark, qemu(target), guest("flood", target))
    assert (record.cause, record.status, record.why) == (
        "flood",
        -9,
        "more output than any report has; killed",
    )


@pytest.mark.qemu
def test_the_longest_report_is_no_flood(mark: str) -> None:
    record = tried(mark, qemu(), guest("exc").with_work(n=1, slices=10_000))
    assert (record.cause, len(record.slices)) == ("ok", 10_000)


def test_messages_without_end_do_not_keep_qemu_from_answering(mark: str) -> None:
    """They are read while its answers are awaited; a full pipe would block it."""
    record = tried(mark, fake(mark, ticks=[5, 4, 6], before=2))
    assert (record.cause, record.value) == ("ok", 4.0)


def test_a_console_without_end_does_not_keep_qemu_from_answering(mark: str) -> None:
    """What comes after the text that ends the run is read and dropped until QEMU has quit."""
    work = linux(__file__, until="login:")
    record = tried(mark, fake(mark, text="login: ", before=1), work)
    assert (record.cause, record.why, record.status) == ("ok", "", 0)
    assert record.counters == {"tbs": 64.0}
