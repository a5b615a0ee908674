"""Starting, killing and reaping a child; shells stand in for QEMU."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO

import pytest

from accelkit.qemu import process
from accelkit.qemu.process import Child, start


@pytest.fixture
def output() -> Iterator[IO[bytes]]:
    with TemporaryFile() as file:
        yield file


def text_of(output: IO[bytes]) -> str:
    output.seek(0)
    return output.read().decode()


@pytest.fixture(params=["guard", "python"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child starts behind the guard, or behind the guard in Python."""
    if request.param == "python":
        monkeypatch.setattr(process, "CHILDREN", "/nonexistent")


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
            assert child.reap().status == status
            assert child.reap().status == status


def test_the_end_of_the_block_kills_the_whole_tree(output: IO[bytes]) -> None:
    reader, writer = os.pipe()
    script = "sleep 600 & setsid sleep 600 & echo started; sleep 600"
    with os.fdopen(reader, "rb") as lines:
        with start(["sh", "-c", script], stdout=writer, stderr=output.fileno()) as child:
            os.close(writer)
            assert lines.readline() == b"started\n"
        assert lines.read() == b""  # ends once no process has the pipe any more
    assert child.reap().status == -signal.SIGKILL


def test_an_exception_in_the_block_kills_the_child_too(output: IO[bytes]) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        start(["sleep", "600"], stdout=output.fileno(), stderr=output.fileno()) as child,
    ):
        raise KeyboardInterrupt
    assert child.reap().status == -signal.SIGKILL


def test_a_process_that_the_child_leaves_behind_is_killed_when_it_is_reaped(output: IO[bytes]) -> None:
    reader, writer = os.pipe()
    with (
        os.fdopen(reader, "rb") as lines,
        start(["sh", "-c", "sleep 600 & exit 3"], stdout=writer, stderr=output.fileno()) as child,
    ):
        os.close(writer)
        assert child.reap().status == 3
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


@pytest.mark.skipif(sys.platform != "linux", reason="the guard is Linux's")
@pytest.mark.usefixtures("either_way")
def test_what_a_command_leaves_behind_is_killed_and_named() -> None:
    """Behind setsid and a double fork, as with -daemonize."""
    reader, writer = os.pipe()
    script = "sleep 600 & (setsid sleep 600 &); sleep 0.1; exit 3"
    with os.fdopen(reader, "rb") as lines, start(["sh", "-c", script], stdout=writer, stderr=writer) as child:
        os.close(writer)
        end = child.reap()
        assert lines.read() == b""  # nothing holds the pipe any more
    assert (end.status, end.left) == (3, ("sleep", "sleep"))
    assert end.notes == "accelkit: ended what the command had left running: sleep, sleep\n"


@pytest.mark.skipif(sys.platform != "linux", reason="the guard is Linux's")
@pytest.mark.usefixtures("either_way")
def test_the_command_starts_with_signals_at_their_defaults_and_none_blocked(output: IO[bytes]) -> None:
    ignored = [signal.SIGPIPE, signal.SIGUSR2, signal.SIGCHLD]
    before = [signal.signal(number, signal.SIG_IGN) for number in ignored]
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    try:
        words = ["grep", "Sig[BI]", "/proc/self/status"]
        with start(words, stdout=output.fileno(), stderr=output.fileno()) as child:
            assert child.reap().status == 0  # though SIGCHLD is ignored here
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in zip(ignored, before, strict=True):
            signal.signal(number, handler)
    assert {int(line.split()[1], 16) for line in text_of(output).splitlines()} == {0}


@contextmanager
def ready(script: str, output: IO[bytes], grace: int = 0) -> Iterator[tuple[Child, IO[bytes]]]:
    """A shell that runs ``script``, once that has printed "ready", and its standard output."""
    reader, writer = os.pipe()
    with (
        os.fdopen(reader, "rb") as lines,
        start(["sh", "-c", script], stdout=writer, stderr=output.fileno(), grace=grace) as child,
    ):
        os.close(writer)
        assert lines.readline() == b"ready\n"
        yield child, lines


@pytest.mark.skipif(sys.platform != "linux", reason="the guard is Linux's")
@pytest.mark.usefixtures("either_way")
def test_a_signal_to_the_guard_goes_on_to_the_command(output: IO[bytes]) -> None:
    script = "trap 'exit 9' USR1; echo ready; while :; do sleep 0.05; done"
    with ready(script, output) as (child, _):
        os.kill(child.pid, signal.SIGUSR1)
        assert child.reap().status == 9


@pytest.mark.skipif(sys.platform != "linux", reason="the guard is Linux's")
@pytest.mark.usefixtures("either_way")
def test_a_container_gets_sigterm_until_it_ends(output: IO[bytes]) -> None:
    script = "n=0; trap 'n=$((n+1)); [ $n = 2 ] && exit 8' TERM; echo ready; while :; do sleep 0.05; done"
    with ready(script, output, grace=100) as (child, _):
        child.kill()
        assert child.reap().status == 8


@pytest.mark.skipif(sys.platform != "linux", reason="the guard is Linux's")
@pytest.mark.usefixtures("either_way")
def test_a_container_that_ignores_sigterm_is_killed_with_its_tree(output: IO[bytes]) -> None:
    script = "trap '' TERM; (setsid sh -c 'trap \"\" TERM; sleep 600; :' &) ; echo ready; while :; do sleep 0.05; done"
    with ready(script, output, grace=1) as (child, lines):
        child.kill()
        assert child.reap().status == -signal.SIGKILL
        assert lines.read() == b""


@pytest.mark.skipif(sys.platform != "linux", reason="the guard is Linux's")
@pytest.mark.usefixtures("either_way")
def test_a_guard_that_is_killed_takes_its_command_along(output: IO[bytes]) -> None:
    script = "echo ready; sleep 600 & sleep 600"
    with ready(script, output) as (child, lines):
        os.kill(child.pid, signal.SIGKILL)
        assert child.reap().status == -signal.SIGKILL
        assert lines.read() == b""
