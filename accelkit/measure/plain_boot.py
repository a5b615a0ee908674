"""Boot a bundled guest once: start QEMU, collect its output, end it in time, report what it took."""

from __future__ import annotations

import errno
import os
import select
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from accelkit.errors import GuestError
from accelkit.guests.catalogue import Guest
from accelkit.guests.protocol import Report, parse
from accelkit.host.files import open_regular
from accelkit.measure.outcome import Ending, Outcome, has_own_clock, judge
from accelkit.qemu.container import end, fd_numbers, start, status_of
from accelkit.qemu.pipes import MAX_STDERR_BYTES, Stream
from accelkit.qemu.process import Child
from accelkit.syntax.daemonize import refuse_daemonize

MAX_REPORT_BYTES: Final = 1 << 19
"""More bytes are a flood; the longest report, of 10,000 slices, has 400 kB."""

EXEC_ERRNOS: Final = (errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.ENOEXEC)
"""Errors of execve(2) for a program that does not exist or cannot be executed."""


def boot(
    command: Sequence[str],
    accel_argv: Sequence[str],
    guest: Guest,
    timeout: float = 60.0,
    extra: Sequence[str] = (),
) -> Outcome:
    """The outcome of one boot of ``guest``.

    Never raises for what QEMU or the guest does: every failure is a cause in the outcome.

    ``command`` starts QEMU (see :func:`accelkit.qemu.binary.find`), ``accel_argv`` is a rendered
    recipe, ``extra`` goes last, where it overrides most of the guest's own arguments. QEMU is
    killed after ``timeout`` seconds. Raises GuestError if the guest's image cannot be read, and
    QemuError for ``-daemonize``, with which QEMU would outlive the call.

    No QEMU survives, nor anything else that the command starts: all of it is killed at the end, even if this
    function raises, and on Linux also if this process, or the calling thread, is killed.

    >>> boot(find(), ["-accel", "tcg"], guest("cpu")).cause  # doctest: +SKIP
    'ok'
    """
    full_command = (*command, *accel_argv, *guest.argv(), *extra)
    refuse_daemonize(full_command)
    with ExitStack() as parent_ends:
        try:
            with ExitStack() as child_ends:
                image = open_image(guest, child_ends)
                output, stderr = (
                    Stream(limit, parent_ends, child_ends) for limit in (MAX_REPORT_BYTES, MAX_STDERR_BYTES)
                )
                path = (
                    f"/proc/self/fd/{fd_numbers(command, (image,))[0]}" if sys.platform == "linux" else None
                )
                began = time.perf_counter()
                child = parent_ends.enter_context(
                    start(
                        [*command, *accel_argv, *guest.argv(path), *extra],
                        stdout=output.writer,
                        stderr=stderr.writer,
                        keep=(image,),
                    )
                )
        except OSError as error:
            if error.errno not in EXEC_ERRNOS:
                raise  # no descriptors or memory left: that says nothing about the boot
            return _never_started(full_command, f"{command[0]}: {error.strerror}")
        ending = _watch(child, output, stderr, began + timeout)
        if ending != "exit":
            end(child, command)
        end_of_child = child.reap()
        wall = time.perf_counter() - began
    report, text = parse(bytes(output.kept)), stderr.text() + end_of_child.notes
    status = status_of(command, end_of_child.status)
    own_clock = has_own_clock(full_command)
    cause, why = judge(guest, report, status, ending, text, wall=None if own_clock else wall)
    return Outcome(
        cause=cause,
        why=why,
        wall=wall,
        user=end_of_child.user,
        system=end_of_child.system,
        max_rss=end_of_child.max_rss,
        voluntary_switches=end_of_child.voluntary_switches,
        involuntary_switches=end_of_child.involuntary_switches,
        status=status,
        report=report,
        stderr=text,
        command=full_command,
    )


def _watch(child: Child, output: Stream, stderr: Stream, deadline: float) -> Ending:
    """Collect output until the child has exited or must be ended; returns which of these it was."""
    streams = {output.reader: output, stderr.reader: stderr}
    poller = select.poll()
    for descriptor in streams:
        poller.register(descriptor, select.POLLIN)
    if child.pidfd is not None:
        poller.register(child.pidfd, select.POLLIN)
    while (left := deadline - time.perf_counter()) > 0:
        ended = False
        for descriptor, _ in poller.poll(min(left, 60.0) * 1000):
            if descriptor == child.pidfd:
                ended = True
            elif not streams[descriptor].read():
                poller.unregister(descriptor)
                del streams[descriptor]
        if output.floods:
            return "flood"
        if ended or (child.pidfd is None and not streams):
            for stream in streams.values():  # what it wrote last
                stream.read()
            return "exit"
    return "timeout"


def open_image(guest: Guest, child_ends: ExitStack) -> int:
    """A descriptor of the guest's image, which ``child_ends`` closes. Raises GuestError if it cannot be opened.

    QEMU inherits the descriptor, so a QEMU in a chroot can read the image, too.
    """
    try:
        image = open_regular(guest.image)
    except OSError as error:
        raise GuestError(
            f"guest {guest.name!r}: image {guest.image!r}: {error.strerror}; name a file that can be read"
        ) from None
    child_ends.callback(os.close, image)
    return image


def _never_started(command: tuple[str, ...], why: str) -> Outcome:
    return Outcome(
        cause="missing",
        why=why,
        wall=0.0,
        user=0.0,
        system=0.0,
        max_rss=None,
        voluntary_switches=0,
        involuntary_switches=0,
        status=None,
        report=Report(),
        stderr="",
        command=command,
    )
