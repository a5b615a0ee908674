"""Starting, killing and reaping a child; shells stand in for QEMU."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO

import pytest

from accelkit.qemu import process
from accelkit.qemu.process import start


@pytest.fixture
def output() -> Iterator[IO[bytes]]:
    with TemporaryFile() as file:
        yield file


def text_of(output: IO[bytes]) -> str:
    output.seek(0)
    return output.read().decode()


@pytest.fixture(params=["guard", "python"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child starts behind the guard, or Python code takes its place."""
    if request.param == "python":
        monkeypatch.setattr(process, "guard", lambda: None)


@pytest.mark.usefixtures("either_way")
def test_a_child_has_its_words_its_descriptors_and_an_empty_standard_input(output: IO[bytes]) -> None:
    with TemporaryFile() as passed, TemporaryFile() as other:
        script = f'cat; echo "$1"; for n in {passed.fileno()} {other.fileno()}; do [ -e /dev/fd/$n ] && echo $n; done'
        line = ["sh", "-c", script, "sh", "a  b"]
        with start(line, stdout=output.fileno(), stderr=output.fileno(), keep=(passed.fileno(),)) as child:
            child.reap()
        assert text_of(output) == f"a  b\n{passed.fileno()}\n"


@pytest.mark.usefixtures("either_way")
def test_an_exit_status_and_a_signal_are_told_apart(output: IO[bytes]) -> None:
    for script, status in (("exit 7", 7), ("kill -SEGV $$", -signal.SIGSEGV)):
        with start(["sh", "-c", script], stdout=output.fileno(), stderr=output.fileno()) as child:
            assert child.reap()[0] == status
            assert child.reap()[0] == status


def test_the_end_of_the_block_kills_the_whole_group(output: IO[bytes]) -> None:
    reader, writer = os.pipe()
    script = "sleep 600 & echo started; sleep 600"
    with os.fdopen(reader, "rb") as lines:
        with start(["sh", "-c", script], stdout=writer, stderr=output.fileno()) as child:
            os.close(writer)
            assert lines.readline() == b"started\n"
        assert lines.read() == b""  # ends once no process has the pipe any more
    assert child.reap()[0] == -signal.SIGKILL


def test_an_exception_in_the_block_kills_the_child_too(output: IO[bytes]) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        start(["sleep", "600"], stdout=output.fileno(), stderr=output.fileno()) as child,
    ):
        raise KeyboardInterrupt
    assert child.reap()[0] == -signal.SIGKILL


def test_a_process_that_the_child_leaves_behind_is_killed_when_it_is_reaped(output: IO[bytes]) -> None:
    reader, writer = os.pipe()
    with (
        os.fdopen(reader, "rb") as lines,
        start(["sh", "-c", "sleep 600 & exit 3"], stdout=writer, stderr=output.fileno()) as child,
    ):
        os.close(writer)
        assert child.reap()[0] == 3
        assert lines.read() == b""


def test_after_reaping_nothing_is_killed_and_no_descriptor_is_left(output: IO[bytes]) -> None:
    before = sorted(os.listdir("/dev/fd"))
    with start(["true"], stdout=output.fileno(), stderr=output.fileno()) as child:
        child.reap()
        child.kill()  # its number may belong to another process by now
    assert sorted(os.listdir("/dev/fd")) == before


def test_a_program_that_is_missing_cannot_be_started(output: IO[bytes]) -> None:
    with (
        pytest.raises(FileNotFoundError, match="no such program"),
        start(["no-such-program"], stdout=output.fileno(), stderr=output.fileno()),
    ):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_a_child_is_not_started_when_its_parent_is_gone_already() -> None:
    for parent, output in ((os.getppid(), b""), (os.getpid(), b"started\n")):
        request = process.die_with_parent(parent)
        result = subprocess.run(["echo", "started"], capture_output=True, check=False, preexec_fn=request)
        assert result.stdout == output
