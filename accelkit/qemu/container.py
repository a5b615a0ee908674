"""QEMU in a container: how descriptors reach it, and how to end it.

QEMU gets a guest's image, its bell and its own monitor as open descriptors, so that they reach a QEMU
that sees other files than this process. A container gets only the descriptors that its runner passes
on: ``podman run --preserve-fds=3`` passes on 3, 4 and 5.

A container is not a child of this process: it keeps running when podman is killed. So podman gets
SIGTERM first, also when this process is killed, and passes it on to QEMU (``--sig-proxy``). The guard
(process.py) sends it again and again, as the init process of a container ignores the signal until it has
installed a handler (pid_namespaces(7)). If QEMU ignores it for 5 s, the guard kills podman and all that podman
has started. One case remains: podman or the guard is itself killed. ``podman run --timeout`` ends the
container then.
"""

from __future__ import annotations

import shlex
import shutil
import signal
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from accelkit.errors import QemuError
from accelkit.qemu import descriptors, process
from accelkit.qemu.process import Child

PRESERVE: Final = "--preserve-fds"

MAX_FDS: Final = 3
"""Most descriptors that one QEMU gets: the image and the bell of a bundled guest, and the monitor."""

MAX_PRESERVE: Final = 64
"""Highest number accepted after --preserve-fds; podman requires all of them to be open."""

END_TIMEOUT: Final = 5.0
"""Seconds that a command has to end by itself."""

FATAL_SIGNALS: Final = tuple(
    getattr(signal, f"SIG{name}") for name in "ILL TRAP ABRT BUS FPE KILL SEGV SYS".split()
)
"""Signals that end a QEMU with a bug, or one for which there was no memory."""

GRACE: Final = 25
"""SIGTERMs that a container gets before it is killed; one each 0.2 s, the first after 1 s."""


def preserved_fds(command: Sequence[str]) -> int | None:
    """How many descriptors, from 3 on, ``command`` passes on; None if it passes on all, not renumbered.

    Raises QemuError if QEMU needs more than that.

    >>> preserved_fds(["podman", "run", "--preserve-fds=3", "qemu", "qemu-system-x86_64"])
    3
    >>> preserved_fds(["chroot", "/root5", "qemu-system-x86_64"])
    """
    for position, word in enumerate(command):
        option, _, value = word.partition("=") if word.startswith(PRESERVE) else ("", "", "")
        if option == PRESERVE:
            number = value or "".join(command[position + 1 : position + 2])
            if not number.isdecimal() or not MAX_FDS <= int(number) <= MAX_PRESERVE:
                raise QemuError(
                    f"{PRESERVE} {number}: QEMU needs {MAX_FDS} descriptors, and {MAX_PRESERVE} are the limit;"
                    f" write {PRESERVE}={MAX_FDS}"
                )
            return int(number)
    return None


def fd_numbers(command: Sequence[str], keep: Sequence[int]) -> tuple[int, ...]:
    """The numbers under which the QEMU that ``command`` starts finds the descriptors ``keep``.

    >>> fd_numbers(["qemu-system-x86_64"], (17, 18))
    (17, 18)
    >>> fd_numbers(["podman", "run", "--preserve-fds", "3", "qemu", "qemu-system-x86_64"], (17, 18))
    (3, 4)
    """
    return tuple(keep) if preserved_fds(command) is None else tuple(range(3, 3 + len(keep)))


def renumbering(command: Sequence[str], keep: Sequence[int] = ()) -> list[str]:
    """The command to run so that ``command`` finds the descriptors ``keep`` under :func:`fd_numbers`.

    >>> renumbering(["qemu-system-x86_64", "-S"], (17, 18))
    ['qemu-system-x86_64', '-S']
    """
    count = preserved_fds(command)
    if count is None or (program := shutil.which(command[0])) is None:
        return list(command)
    numbers = ",".join(map(str, keep))
    return [sys.executable, "-I", "-S", descriptors.__file__, str(count), numbers, program, *command[1:]]


@contextmanager
def start(command: Sequence[str], *, stdout: int, stderr: int, keep: Sequence[int] = ()) -> Generator[Child]:
    """The process that runs ``command``, as :func:`accelkit.qemu.process.start`, also for a container.

    QEMU finds ``keep`` under :func:`fd_numbers`. The end of the ``with`` block also ends the container.
    Raises OSError if the command cannot be started.
    """
    grace = 0 if preserved_fds(command) is None else GRACE
    with process.start(
        renumbering(command, keep), stdout=stdout, stderr=stderr, keep=keep, grace=grace
    ) as child:
        yield child


def status_of(command: Sequence[str], status: int) -> int:
    """The exit status of QEMU; minus the signal if one ended it, which podman reports as 128 + signal.

    >>> run = ["podman", "run", "--preserve-fds=3", "qemu", "qemu-system-x86_64"]
    >>> status_of(run, 139), status_of(run, 33), status_of(["qemu-system-x86_64"], 139)
    (-11, 33, 139)
    """
    killed = preserved_fds(command) is not None and status - 128 in FATAL_SIGNALS
    return 128 - status if killed else status


def end(child: Child, command: Sequence[str], *, quitting: bool = False) -> None:
    """Makes what remains of ``command`` end; a container gets SIGTERM first and time to end.

    ``quitting`` tells that its QEMU got the command ``quit`` and may still be ending. Call it before the
    child is reaped.
    """
    if quitting and preserved_fds(command) is not None:
        child.ends(END_TIMEOUT)
    child.kill()


def advice(command: Sequence[str]) -> str:
    """What to do about a command through which no descriptors reach QEMU.

    >>> advice(["podman", "run", "--rm", "-i", "qemu", "qemu-system-x86_64"])
    'write: podman run --preserve-fds=3 --rm -i qemu qemu-system-x86_64'
    """
    if preserved_fds(command) is not None:
        return "a command in front of podman closes them, as sudo does: run accelkit itself as that user"
    names = [Path(word).name for word in command]
    if "podman" in names and "run" in names[names.index("podman") :]:
        place = names.index("run", names.index("podman")) + 1
        return f"write: {shlex.join([*command[:place], f'{PRESERVE}={MAX_FDS}', *command[place:]])}"
    return (
        "docker, ssh and sudo pass none on; podman does:"
        f" podman run {PRESERVE}={MAX_FDS} --rm -i IMAGE qemu-system-x86_64; or unpack the image and use chroot"
    )
