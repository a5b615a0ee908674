"""Starts a command, watches it in bounds of time and output, tells what it took.

What is watched for differs by guest: that is a :class:`Watcher`. It is asked now and then, seldom
when there is nothing to see, because whatever runs here takes CPU time from the guest.
"""

from __future__ import annotations

import re
import select
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from resource import RUSAGE_SELF, getrusage
from typing import Final, Protocol

from accelkit.errors import QemuError
from accelkit.measure.outcome import Ending
from accelkit.measure.pipes import MOST_WORDS, Stream
from accelkit.measure.plain_boot import peak
from accelkit.qemu.container import end, fd_numbers, preserved_fds, start, status_of
from accelkit.qemu.counters import ask
from accelkit.qemu.process import Child
from accelkit.qemu.qmp import Qmp, monitor

ANSWER: Final = 5.0
"""Seconds that QEMU has for an answer over QMP, and for leaving once it was told to."""

OURS: Final = "'-mon' is deprecated"
"""What QEMU 11.1 says of an argument that is not the user's."""


class Watcher(Protocol):
    """Records at what a guest writes."""

    @property
    def wakes(self) -> int | None:
        """A descriptor; when it has something to read, that is a reason to look."""
        ...

    @property
    def pause(self) -> float:
        """Seconds until the next look, if nothing is a reason to look before."""
        ...

    def look(self, elapsed: float, *, last: bool) -> Ending | None:
        """Why the guest has to be ended, if it has; ``elapsed`` seconds since the start.

        ``last``: it has ended.
        """
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """How a command ran. Times are in seconds, memory in KiB; see :class:`~accelkit.measure.outcome.Outcome`.

    CPU time and memory are those of the command, so of a container they are podman's.

    ``accelerator`` and ``counters`` are what QEMU said when the guest was done, ``trouble`` why it
    did not.
    """

    ending: Ending
    status: int
    wall: float
    user: float
    system: float
    max_rss: int | None
    voluntary_switches: int
    involuntary_switches: int
    stderr: str
    accelerator: str = ""
    counters: dict[str, float] = field(default_factory=dict[str, float])
    trouble: str = ""


def supervise(
    command: Sequence[str],
    watcher: Watcher,
    *,
    stdout: int,
    keep: Sequence[int],
    timeout: float,
    asked: Sequence[str] | None,
    graceful: bool = True,
    begun: Callable[[], None] = lambda: None,
) -> Run:
    """How ``command`` ran; it is killed after ``timeout`` seconds, and in no case outlives the call.

    ``asked`` are the accelerators of its command line; None: it is no QEMU that could be asked.
    ``graceful``: when the guest is done, QEMU is told to quit and waited for; without, it is killed
    once it has answered, which is quicker, and loses nothing where QEMU writes to no disk. One in a
    container is always waited for.
    ``begun`` is called once it runs: there the caller closes what is the child's. Raises OSError
    if it cannot be started.
    """
    waited_for = graceful or preserved_fds(command) is not None
    with ExitStack() as ours:
        with ExitStack() as childs:
            stderr = Stream(MOST_WORDS, ours, childs)
            qmp: Qmp | None = None
            if asked is not None:
                session, theirs = (ours.enter_context(end) for end in socket.socketpair())
                childs.callback(theirs.close)
                qmp = Qmp(session, ANSWER)
                keep = [*keep, theirs.fileno()]
                command = [*command, *monitor(fd_numbers(command, keep)[-1])]
            own_peak = getrusage(RUSAGE_SELF).ru_maxrss
            began = time.perf_counter()
            child = ours.enter_context(start(command, stdout=stdout, stderr=stderr.writer, keep=keep))
        begun()
        ending = _watch(child, watcher, stderr, began, timeout)
        answers: tuple[str, dict[str, float]] = ("", {})
        high, trouble = None, ""
        if ending == "told" and qmp is not None:
            high = _high_water(child.pid)
            try:
                answers = ask(qmp, asked or ())
                if waited_for:
                    # The answer is not: whether it leaves is seen by whether it is still there. Where a
                    # command in front of QEMU is killed in its place, a container's, this is what ends it.
                    qmp.tell(("quit", {}))
            except QemuError as error:
                trouble = str(error)
            if waited_for and not _leaves(child, stderr):
                trouble = trouble or f"told to quit, QEMU was still there after {ANSWER} s"
        if ending != "itself":  # for one that has ended, that does nothing
            end(child, command)
        status, usage = child.reap()
        wall = time.perf_counter() - began
        stderr.read()
    most = peak(usage, own_peak)
    return Run(
        ending=ending,
        status=status_of(command, status),
        wall=wall,
        user=usage.ru_utime,
        system=usage.ru_stime,
        max_rss=high if most is None else most,
        voluntary_switches=usage.ru_nvcsw,
        involuntary_switches=usage.ru_nivcsw,
        stderr="".join(line for line in stderr.text().splitlines(keepends=True) if OURS not in line),
        accelerator=answers[0],
        counters=answers[1],
        trouble=trouble,
    )


def _watch(child: Child, watcher: Watcher, stderr: Stream, began: float, timeout: float) -> Ending:
    poller = select.poll()
    readers = [stderr.reader, *([] if watcher.wakes is None else [watcher.wakes])]
    for descriptor in (*readers, *([] if child.pidfd is None else [child.pidfd])):
        poller.register(descriptor, select.POLLIN)
    while (elapsed := time.perf_counter() - began) < timeout:
        ended = False
        for descriptor, events in poller.poll(max(1, int(1000 * min(watcher.pause, timeout - elapsed)))):
            if descriptor == child.pidfd:
                ended = True
            elif not (stderr.read() if descriptor == stderr.reader else events & select.POLLIN):
                readers.remove(descriptor)  # its other end is closed
                poller.unregister(descriptor)
        if ended or (child.pidfd is None and not readers):
            stderr.read()
            return "flood" if watcher.look(time.perf_counter() - began, last=True) == "flood" else "itself"
        if (ending := watcher.look(time.perf_counter() - began, last=False)) is not None:
            return ending
    return "timeout"


def _leaves(child: Child, stderr: Stream) -> bool:
    """Whether the child ends by itself in time; its last words are read, or it could not."""
    deadline = time.perf_counter() + ANSWER
    poller = select.poll()
    for descriptor in (stderr.reader, *([] if child.pidfd is None else [child.pidfd])):
        poller.register(descriptor, select.POLLIN)
    while (left := deadline - time.perf_counter()) > 0:
        for descriptor, _ in poller.poll(left * 1000):
            if descriptor == child.pidfd:
                return True
            if not stderr.read():
                if child.pidfd is None:
                    return True
                poller.unregister(descriptor)
    return False


def _high_water(pid: int) -> int | None:
    """The most memory the program had, in KiB, from /proc (proc(5)); None where that is not told."""
    try:
        with open(f"/proc/{pid}/status", "rb", buffering=0) as file:
            found = re.search(rb"^VmHWM:\s*(\d+)", file.read(), re.MULTILINE)
    except OSError:
        return None
    return None if found is None else int(found[1])
