"""Start a command, watch it within limits of time and output, report what it took.

Each kind of guest has a :class:`Watcher` of its own, which says when the run is over. It looks rarely,
because whatever runs here takes CPU time from the guest.
"""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Protocol

from accelkit.errors import QemuError
from accelkit.measure.outcome import Ending
from accelkit.qemu.container import end, fd_numbers, preserved_fds, start, status_of
from accelkit.qemu.counters import ImplausibleError, ask
from accelkit.qemu.pipes import MAX_STDERR_BYTES, Stream
from accelkit.qemu.process import Child
from accelkit.qemu.qmp import Qmp, monitor
from accelkit.syntax.daemonize import refuse_daemonize

ANSWER_SECONDS: Final = 5.0
"""Seconds that QEMU has to answer all QMP commands, and to exit after ``quit``."""

PAUSES: Final = ("-no-shutdown",)
"""QEMU's arguments with which it waits for ``quit`` after its machine has ended, so that it can be queried."""

ENDS: Final = frozenset({"SHUTDOWN", "GUEST_PANICKED"})
"""The events of a QEMU whose machine has ended (qapi/run-state.json)."""

MON_WARNING: Final = "'-mon' is deprecated"
"""QEMU 11.1 warns of this argument, which accelkit adds and not the user: the warning is left out of stderr."""


class Watcher(Protocol):
    """Looks at what a guest writes, and says when the run is over."""

    @property
    def wakes(self) -> int | None:
        """A descriptor, or None; when it can be read, there is a look at once."""
        ...

    @property
    def pause(self) -> float:
        """Seconds between two looks while ``wakes`` cannot be read."""
        ...

    def look(self, elapsed: float, *, last: bool) -> Ending | None:
        """Why the run is over, or None to let it run on; ``elapsed`` is in seconds since the start.

        ``last``: the command has ended.
        """
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """How a command ran. Times are in seconds, memory in KiB; see :class:`~accelkit.measure.outcome.Outcome`.

    CPU time and memory are those of the command: for a container, podman's.

    ``ended`` is when the machine powered itself off and QEMU said so, None where it did not.
    ``accelerator`` and ``counters`` are what QEMU answered over QMP when the guest was done; ``trouble``
    says why it did not answer, or did not quit; ``implausible`` which answer cannot be true. ``left`` are the
    names of the processes that the command had left running, which were killed.
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
    ended: float | None = None
    accelerator: str = ""
    counters: dict[str, float] = field(default_factory=dict[str, float])
    trouble: str = ""
    implausible: str = ""
    left: tuple[str, ...] = ()


def supervise(
    command: Sequence[str],
    watcher: Watcher,
    *,
    stdout: int,
    keep: Sequence[int],
    timeout: float,
    accelerators: Sequence[str] | None,
    graceful: bool = True,
    pauses: bool = False,
    on_start: Callable[[], None] = lambda: None,
) -> Run:
    """How ``command`` ran; it is killed after ``timeout`` seconds, and never outlives the call.

    ``keep`` are the descriptors that the child inherits besides ``stdout``. ``accelerators`` are those
    of its command line, in order; None if the command is not a QEMU that can be queried.

    ``graceful``: when the guest is done, QEMU gets ``quit`` over QMP and has time to exit. Otherwise it
    is killed once it has answered, which is quicker, and loses nothing where QEMU writes to no disk.
    A QEMU in a container always has time to exit.

    ``pauses``: :data:`PAUSES` stands in ``command``. A machine that powers itself off then ends the run as the
    watcher does, and QEMU is queried. A QEMU that exits all the same is not.

    ``on_start`` is called once the child runs; close the child's pipe ends there. Raises OSError if the
    command cannot be started, and QemuError for ``-daemonize``.
    """
    refuse_daemonize(command)
    quits = graceful or preserved_fds(command) is not None
    with ExitStack() as parent_ends:
        with ExitStack() as child_ends:
            stderr = Stream(MAX_STDERR_BYTES, parent_ends, child_ends)
            qmp: Qmp | None = None
            if accelerators is not None:
                session, qemu_end = (parent_ends.enter_context(side) for side in socket.socketpair())
                child_ends.callback(qemu_end.close)
                qmp = Qmp(session, ANSWER_SECONDS)
                keep = [*keep, qemu_end.fileno()]
                command = [*command, *monitor(fd_numbers(command, keep)[-1])]
            began = time.perf_counter()
            child = parent_ends.enter_context(start(command, stdout=stdout, stderr=stderr.writer, keep=keep))
        on_start()
        ending, ended = _watch(child, watcher, stderr, began, timeout, qmp if pauses else None)
        answers = _Answers()
        if ending == "stop" and qmp is not None:
            outputs = {stderr.reader: stderr.read}
            if (wakes := watcher.wakes) is not None:
                outputs[wakes] = partial(_drop, wakes)  # the run is over: it says nothing more
            qmp.pidfd, qmp.others = child.pidfd, outputs
            answers = _ask(qmp, accelerators or (), quits=quits)
            if quits and not answers.trouble and not _exits(child, outputs):
                answers = replace(answers, trouble=f"QEMU was still running {ANSWER_SECONDS} s after quit")
        if ending != "exit":  # does nothing to a child that has exited
            end(child, command)
        end_of_child = child.reap()
        wall = time.perf_counter() - began
        stderr.read()
    return Run(
        ending=ending,
        status=status_of(command, end_of_child.status),
        wall=wall,
        user=end_of_child.user,
        system=end_of_child.system,
        max_rss=end_of_child.max_rss,
        voluntary_switches=end_of_child.voluntary_switches,
        involuntary_switches=end_of_child.involuntary_switches,
        stderr="".join(line for line in stderr.text().splitlines(keepends=True) if MON_WARNING not in line)
        + end_of_child.notes,
        left=end_of_child.left,
        ended=ended,
        accelerator=answers.accelerator,
        counters=answers.counters,
        trouble=answers.trouble,
        implausible=answers.implausible,
    )


@dataclass(frozen=True, slots=True)
class _Answers:
    """What QEMU answered over QMP; the fields are those of :class:`Run`."""

    accelerator: str = ""
    counters: dict[str, float] = field(default_factory=dict[str, float])
    trouble: str = ""
    implausible: str = ""


def _ask(qmp: Qmp, accelerators: Sequence[str], *, quits: bool) -> _Answers:
    try:
        answers = _Answers(*ask(qmp, accelerators))
    except ImplausibleError as error:
        answers = _Answers(implausible=str(error))
    except QemuError as error:
        return _Answers(trouble=str(error))
    if quits:
        # Do not wait for the answer to quit: whether QEMU exits is seen afterwards. In a container,
        # a kill would hit the command in front of QEMU, so only this ends QEMU itself.
        try:
            qmp.tell(("quit", {}))
        except QemuError as error:
            return replace(answers, trouble=str(error))
    return answers


def _drop(descriptor: int) -> bool:
    try:
        return bool(os.read(descriptor, 1 << 16))
    except BlockingIOError:
        return True


def _watch(
    child: Child, watcher: Watcher, stderr: Stream, began: float, timeout: float, qmp: Qmp | None
) -> tuple[Ending, float | None]:
    """What ended the run, and when the machine ended by itself, if ``qmp`` said so."""
    poller = select.poll()
    readers = [stderr.reader, *([] if watcher.wakes is None else [watcher.wakes])]
    session = None if qmp is None else qmp.fileno()
    others = [descriptor for descriptor in (child.pidfd, session) if descriptor is not None]
    for descriptor in (*readers, *others):
        poller.register(descriptor, select.POLLIN)
    while (elapsed := time.perf_counter() - began) < timeout:
        ended = off = False
        for descriptor, events in poller.poll(max(1, int(1000 * min(watcher.pause, timeout - elapsed)))):
            if descriptor == child.pidfd:
                ended = True
            elif qmp is not None and descriptor == session:
                try:
                    off = off or not ENDS.isdisjoint(qmp.events())
                except QemuError:  # it exits, and its process says so; or it is asked in vain later
                    poller.unregister(descriptor)
            elif not (stderr.read() if descriptor == stderr.reader else events & select.POLLIN):
                readers.remove(descriptor)  # its other end is closed
                poller.unregister(descriptor)
        if ended or (child.pidfd is None and not readers):
            stderr.read()
            flood = watcher.look(time.perf_counter() - began, last=True) == "flood"
            return "flood" if flood else "exit", None
        if off:
            elapsed = time.perf_counter() - began
            return watcher.look(elapsed, last=True) or "stop", elapsed
        if (ending := watcher.look(time.perf_counter() - began, last=False)) is not None:
            return ending, None
    return "timeout", None


def _exits(child: Child, outputs: dict[int, Callable[[], bool]]) -> bool:
    """Whether the child exits in time; its outputs are read meanwhile, as a full pipe would block it."""
    deadline = time.perf_counter() + ANSWER_SECONDS
    poller = select.poll()
    for descriptor in (*outputs, *([] if child.pidfd is None else [child.pidfd])):
        poller.register(descriptor, select.POLLIN)
    while (left := deadline - time.perf_counter()) > 0:
        for descriptor, _ in poller.poll(left * 1000):
            if descriptor == child.pidfd:
                return True
            if not outputs[descriptor]():
                poller.unregister(descriptor)
                del outputs[descriptor]
        if child.pidfd is None and not outputs:
            return True
    return False
