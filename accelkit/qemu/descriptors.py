"""Runs a command with its descriptors numbered from 3 on: a program of its own, which becomes that command.

``podman run --preserve-fds=N`` passes on the descriptors 3 to N + 2, all of which must be open
(podman-run(1)). No shell of POSIX can name a descriptor above 9, so it is done here:

    python -I -S descriptors.py N 17,18 COMMAND …

17 becomes 3, 18 becomes 4, /dev/null the rest. And when the process dies that started it, the
command gets SIGTERM, which podman passes on to its container, in place of SIGKILL, which it cannot.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
"""Linux's include/uapi/linux/prctl.h; that it outlives exec: prctl(2)."""


def main(count: int, given: list[int], command: list[str]) -> None:
    """Becomes ``command``; returns never, or raises OSError."""
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    free = 3 + count
    sources = [fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, free) for each in given]
    nothing = os.open(os.devnull, os.O_RDWR)
    sources += [fcntl.fcntl(nothing, fcntl.F_DUPFD_CLOEXEC, free)] * (count - len(given))
    for each in given:
        os.set_inheritable(each, False)
    for number, source in enumerate(sources, 3):
        os.dup2(source, number)
    os.execv(command[0], command)  # noqa: S606 - no shell is meant


if __name__ == "__main__":
    main(int(sys.argv[1]), [int(word) for word in sys.argv[2].split(",") if word], sys.argv[3:])
