"""A study in a script or a notebook that a signal stops in the midst of a block: nothing lost, nothing left, resumed."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.cli import environment
from support.processes import catches, guards, qemu, running, soon
from support.tools import module

from accelkit.study.result import Result

pytestmark = [pytest.mark.qemu, pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")]

SCRIPT = """
import sys
from accelkit.study import command, study

store, log, hang, mark, qemu = sys.argv[1:]
# Ends at once, but if `hang` is there, its sixth run is a QEMU that never ends.
work = command(
    ["sh", "-c", 'echo x >> "$0"; if [ -e "$1" ] && [ $(wc -l < "$0") -ge 6 ]; then '
     'exec {qemu} -name ' + mark + ' -M q35 -display none {accel}; fi', log, hang],
    name="work",
)
result = study("tcg,tb-size={8,64}", work, store=store, qemu=qemu, blocks=6, timeout=600)
print("next line:", len(result.records))
"""


class Script:
    """A script that measures six blocks of two trials; while ``hang`` is there, the sixth trial does not end."""

    def __init__(self, folder: Path, mark: str) -> None:
        self.store, self.log, self.hang, self.mark = (
            folder / "s.sqlite",
            folder / "log",
            folder / "hang",
            mark,
        )
        self.hang.touch()
        self.arguments = [str(self.store), str(self.log), str(self.hang), mark, *qemu()]

    def start(self) -> subprocess.Popen[str]:
        """The running script."""
        pipe = subprocess.PIPE
        before = signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored here
        words = [sys.executable, "-c", SCRIPT, *self.arguments]
        process = subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True, env=environment())
        signal.signal(signal.SIGINT, before)
        return process

    def is_stuck(self) -> bool:
        """Whether the trial that does not end has begun, in a QEMU that is ready to be ended."""
        return any(catches(pid, signal.SIGTERM) for pid in running(self.mark))

    def check_resumes(self) -> None:
        """The same script, without what stopped it, measures what is missing, and each trial once."""
        before = Result.from_store(self.store).records
        assert len(before) == 5
        self.hang.unlink()
        with self.start() as process:
            out, err = process.communicate(timeout=300)
        assert (process.returncode, out) == (0, "next line: 12\n"), err
        opening, *lines = err.splitlines()
        assert opening.startswith(f"{self.store}: 5 of 12 trials (6 blocks of 2) stored, 7 to go, about ")
        assert lines[-1].startswith("block 6 of 6, 12 of 12 trials, 0 s left")
        after = Result.from_store(self.store).records
        assert after[:5] == before
        assert len({record.trial.id for record in after}) == len(after) == 12
        assert len(self.log.read_text().splitlines()) == 13, (
            "one trial was begun twice: the one that was stopped"
        )


def told(store: Path) -> str:
    return (
        f"interrupted in block 3 of 6, at trial 6 of 12; {store} keeps all trials; to resume: make the same call"
        f" again; the result so far: Result.from_store('{store}')"
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_script_stops_says_where_and_resumes(number: int, mark: str, tmp_path: Path) -> None:
    script = Script(tmp_path, mark)
    with script.start() as process:
        assert soon(lambda: script.is_stuck() or process.poll() is not None)
        process.send_signal(number)
        out, err = process.communicate(timeout=300)
    assert soon(lambda: not running(mark) and not guards(mark))
    assert (process.returncode, out) == (-number, ""), "it ends by the signal, and its next line does not run"
    last = err.splitlines()[-1]
    assert last.removeprefix("KeyboardInterrupt: ") == told(script.store)
    if number == signal.SIGINT:  # a traceback of the script's own line, and of one of accelkit
        assert len(re.findall("^  File ", err, flags=re.MULTILINE)) == 2, err
        assert "During handling" not in err
    else:
        assert "Traceback" not in err
    assert not Path(f"{script.store}-lock").exists()
    assert not Path(f"{script.store}-wal").exists()
    script.check_resumes()


def test_a_script_that_catches_ctrl_c_reads_what_there_is(mark: str, tmp_path: Path) -> None:
    script = Script(tmp_path, mark)
    catching = SCRIPT.replace("result = study(", "from accelkit.study import Result\ntry:\n  result = study(")
    body, _, end = catching.rpartition("print(")
    catching = f"{body}except KeyboardInterrupt as stop:\n  result = Result.from_store(store)\nprint({end}"
    words = [sys.executable, "-c", catching, *script.arguments]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment()) as process:
        assert soon(lambda: script.is_stuck() or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=300)
    assert (process.returncode, out) == (0, "next line: 5\n")


NOTEBOOK = """
import json, sys, threading
from jupyter_client.manager import start_new_kernel

kernel, client = start_new_kernel(kernel_name="python3")

def interrupt():
    if sys.stdin.read():
        kernel.interrupt_kernel()

outputs = []
try:
    threading.Thread(target=interrupt, daemon=True).start()
    hook = lambda message: outputs.append(message["content"].get("text", ""))
    reply = client.execute_interactive(sys.argv[1], output_hook=hook, timeout=300)["content"]
    after = client.execute_interactive("1 + 1", output_hook=hook, timeout=300)["content"]
finally:
    client.stop_channels()
    kernel.shutdown_kernel(now=True)
print(json.dumps([reply["status"], reply.get("ename"), reply.get("evalue"), "".join(outputs), after["status"]]))
"""
"""A notebook of one cell, whose kernel is interrupted once something stands on standard input."""


def test_a_cell_stops_with_the_message_and_the_kernel_lives(mark: str, tmp_path: Path) -> None:
    module("jupyter_client")
    module("ipykernel")
    script = Script(tmp_path, mark)
    cell = f"import sys\nsys.argv = {['script', *script.arguments]!r}\n{SCRIPT}"
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", NOTEBOOK, cell], stdin=pipe, stdout=pipe, text=True, env=environment()
    ) as process:
        assert soon(lambda: script.is_stuck() or process.poll() is not None)
        out, _ = process.communicate("interrupt", timeout=300)
    status, name, value, texts, after = json.loads(out)
    assert (status, name, value) == ("error", "KeyboardInterrupt", told(script.store))
    assert (
        f"{script.store}: 12 trials (6 blocks of 2), how long is known after some; enough to decide" in texts
    )
    assert "next line" not in texts
    assert after == "ok"
    assert soon(lambda: not running(mark) and not guards(mark))
    script.check_resumes()
