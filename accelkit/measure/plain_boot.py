"""Boots a guest once: starts QEMU, collects what it writes, ends it in time, tells what it took."""

from __future__ import annotations

import errno
import os
import select
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from resource import RUSAGE_SELF, getrusage, struct_rusage
from typing import Final

from accelkit.errors import GuestError, QemuError
from accelkit.guests.catalogue import Guest
from accelkit.guests.protocol import Report, parse
from accelkit.measure.outcome import Ending, Outcome, judge
from accelkit.measure.pipes import MOST_WORDS, Stream
from accelkit.qemu.container import end, fd_numbers, start, status_of
from accelkit.qemu.process import Child

MOST_OUTPUT: Final = 1 << 19
"""Bytes of report beyond which it is a flood; the longest report, of 10,000 slices, has 400 kB."""

EXEC_ERRNOS: Final = (errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.ENOEXEC)


def boot(
    command: Sequence[str],
    accel_argv: Sequence[str],
    guest: Guest,
    timeout: float = 60.0,
    extra: Sequence[str] = (),
) -> Outcome:
    """What came of one boot of ``guest``; whatever QEMU or the guest does, it is no exception.

    ``command`` starts QEMU (:func:`accelkit.qemu.binary.find` has it), ``accel_argv`` is a rendered
    recipe, ``extra`` goes last, where it overrides most of the guest's own arguments. QEMU is
    killed after ``timeout`` seconds. Raises GuestError if the guest's image cannot be read, and
    QemuError for arguments by which QEMU would escape.

    No QEMU survives: it leads a process group that is killed at the end, however this function is
    left, and on Linux the kernel kills it if this process, or the thread that called, dies.

    >>> boot(find(), ["-accel", "tcg"], guest("cpu")).cause  # doctest: +SKIP
    'ok'
    """
    asked = (*command, *accel_argv, *guest.argv(), *extra)
    if "-daemonize" in asked or "--daemonize" in asked:
        raise QemuError("-daemonize: QEMU would leave the group that is ended; leave it out")
    with ExitStack() as ours:
        try:
            with ExitStack() as childs:
                image = open_image(guest, childs)
                output, stderr = (Stream(most, ours, childs) for most in (MOST_OUTPUT, MOST_WORDS))
                path = (
                    f"/proc/self/fd/{fd_numbers(command, (image,))[0]}" if sys.platform == "linux" else None
                )
                own_peak = getrusage(RUSAGE_SELF).ru_maxrss
                began = time.perf_counter()
                child = ours.enter_context(
                    start(
                        [*command, *accel_argv, *guest.argv(path), *extra],
                        stdout=output.writer,
                        stderr=stderr.writer,
                        keep=(image,),
                    )
                )
        except OSError as error:
            if error.errno not in EXEC_ERRNOS:
                raise  # no descriptors, no memory: that is no answer to what was asked
            return _never_started(asked, f"{command[0]}: {error.strerror}")
        ending = _watch(child, output, stderr, began + timeout)
        if ending != "itself":
            end(child, command)
        status, usage = child.reap()
        wall = time.perf_counter() - began
    report, words = parse(bytes(output.kept)), stderr.text()
    status = status_of(command, status)
    cause, why = judge(guest, report, status, ending, words)
    return Outcome(
        cause=cause,
        why=why,
        wall=wall,
        user=usage.ru_utime,
        system=usage.ru_stime,
        max_rss=peak(usage, own_peak),
        voluntary_switches=usage.ru_nvcsw,
        involuntary_switches=usage.ru_nivcsw,
        status=status,
        report=report,
        stderr=words,
        command=asked,
    )


def _watch(child: Child, output: Stream, stderr: Stream, deadline: float) -> Ending:
    """Collects until the child has ended, or has to be."""
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
        if output.dropped:
            return "flood"
        if ended or (child.pidfd is None and not streams):
            for stream in streams.values():  # its last words
                stream.read()
            return "itself"
    return "timeout"


def open_image(guest: Guest, childs: ExitStack) -> int:
    """The image's descriptor, which ``childs`` closes: so a QEMU in a chroot finds it, too. GuestError if it is gone."""
    try:
        image = os.open(guest.image, os.O_RDONLY)
    except OSError as error:
        raise GuestError(f"guest {guest.name!r}: image {guest.image!r}: {error.strerror}") from None
    childs.callback(os.close, image)
    return image


def peak(usage: struct_rusage, own_peak: int) -> int | None:
    """The most memory in KiB; None where it hides behind ``own_peak``, that of this process."""
    # Linux keeps the peak of the memory that exec replaces (exec_mmap in fs/exec.c). macOS counts
    # bytes, not KiB.
    if usage.ru_maxrss <= own_peak:
        return None
    return usage.ru_maxrss // 1024 if sys.platform == "darwin" else usage.ru_maxrss


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
