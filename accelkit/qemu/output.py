"""What a program prints when it is asked a question, such as its version: bounded in time and in size."""

from __future__ import annotations

import errno
import select
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from accelkit.qemu.container import end, start
from accelkit.qemu.pipes import Stream
from accelkit.qemu.process import Child

MAX_OUTPUT_BYTES: Final = 1 << 16
"""More bytes answer no question; the longest answer, that of codesign, has some thousands."""


def output_of(command: Sequence[str], timeout: float) -> str:
    r"""What ``command`` prints on both its outputs, together; its exit status does not matter.

    The end of the process is the end of the answer, even if a process that it started holds the outputs open.
    Nothing that it started stays. Raises OSError if it cannot be started, TimeoutError if it has not ended
    after ``timeout`` seconds, and OSError (EFBIG) if it prints more than :data:`MAX_OUTPUT_BYTES`.

    >>> output_of(["echo", "QEMU emulator version 9.2.0"], timeout=10)
    'QEMU emulator version 9.2.0\n'
    """
    deadline = time.monotonic() + timeout
    with ExitStack() as parent_ends:
        with ExitStack() as child_ends:
            output = Stream(MAX_OUTPUT_BYTES, parent_ends, child_ends)
            child = parent_ends.enter_context(start(command, stdout=output.writer, stderr=output.writer))
        try:
            read_until_end(child, output, deadline)
        finally:
            end(child, command)
            child.reap()
        output.read()  # what it wrote last
    if output.floods:
        raise OSError(errno.EFBIG, f"printed more than {MAX_OUTPUT_BYTES} bytes")
    return output.kept.decode(errors="replace")


def read_until_end(child: Child, output: Stream, deadline: float) -> None:
    """Reads ``output`` until the child ends, or prints too much.

    ``deadline`` is one of time.monotonic(). Raises TimeoutError then.
    """
    poller = select.poll()
    poller.register(output.reader, select.POLLIN)
    if child.pidfd is not None:
        poller.register(child.pidfd, select.POLLIN)
    while (left := deadline - time.monotonic()) > 0:
        ended = False
        for descriptor, _ in poller.poll(left * 1000):
            if descriptor == child.pidfd:
                ended = True
            elif not output.read():
                poller.unregister(descriptor)
                ended = ended or child.pidfd is None
        if ended or output.floods:
            return
    raise TimeoutError
