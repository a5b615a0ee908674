"""QEMU in a container: how descriptors reach it, and how it ends.

A guest's image, its bell and QEMU's monitor are open descriptors, so that a QEMU finds them that
sees other files than we do. A container gets only those that its runner passes on:
``podman run --preserve-fds=3`` passes on 3, 4 and 5. And a container is no child of ours: to kill
podman leaves it running. So podman gets SIGTERM first, which it passes on to QEMU (``--sig-proxy``),
also when this process is killed. What remains is a QEMU that does not answer to SIGTERM, and a podman
that is itself killed: against these helps ``podman run --timeout``, which holds in any case. And if
this process is killed while podman makes a container, one is left that is made and does not run.
"""

from __future__ import annotations

import os
import select
import shlex
import shutil
import signal
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from accelkit.errors import QemuError
from accelkit.qemu import descriptors
from accelkit.qemu.process import Child, start

PRESERVE: Final = "--preserve-fds"

MOST: Final = 3
"""Descriptors that one QEMU is given at most: a bundled guest's image, its bell, the monitor."""

HIGHEST: Final = 64
"""What may stand after --preserve-fds at most; podman wants all of them open."""

LEAVING: Final = 5.0
"""Seconds that a command has for its end."""

DEADLY: Final = tuple(getattr(signal, f"SIG{name}") for name in "ILL TRAP ABRT BUS FPE KILL SEGV SYS".split())
"""Signals that end a QEMU which is at fault, or for which there was no memory."""

STARTING: Final = 1.0
"""Seconds before it is told: podman, told before the container runs, leaves one behind that is made and never run."""

AGAIN: Final = 0.2
"""Seconds after which it is told again: the first process of a container, while it starts, is deaf (pid_namespaces(7))."""


def passed_on(command: Sequence[str]) -> int | None:
    """How many descriptors ``command`` says it passes on, from 3 on; None: all, under their own numbers.

    Raises QemuError if they are too few.

    >>> passed_on(["podman", "run", "--preserve-fds=3", "qemu", "qemu-system-x86_64"])
    3
    >>> passed_on(["chroot", "/root5", "qemu-system-x86_64"])
    """
    for place, word in enumerate(command):
        option, _, number = word.partition("=") if word.startswith(PRESERVE) else ("", "", "")
        if option == PRESERVE:
            given = number or "".join(command[place + 1 : place + 2])
            if not given.isdecimal() or not MOST <= int(given) <= HIGHEST:
                raise QemuError(
                    f"{PRESERVE} {given}: QEMU is given up to {MOST} descriptors; write {PRESERVE}={MOST}"
                )
            return int(given)
    return None


def numbers(command: Sequence[str], keep: Sequence[int]) -> tuple[int, ...]:
    """Under which numbers a QEMU that ``command`` starts finds the descriptors ``keep``.

    >>> numbers(["qemu-system-x86_64"], (17, 18))
    (17, 18)
    >>> numbers(["podman", "run", "--preserve-fds", "3", "qemu", "qemu-system-x86_64"], (17, 18))
    (3, 4)
    """
    return tuple(keep) if passed_on(command) is None else tuple(range(3, 3 + len(keep)))


def line(command: Sequence[str], keep: Sequence[int] = ()) -> list[str]:
    """What has to be run to run ``command``, so that it finds the descriptors ``keep``."""
    count = passed_on(command)
    if count is None or (program := shutil.which(command[0])) is None:
        return list(command)
    given = ",".join(map(str, keep))
    return [sys.executable, "-I", "-S", descriptors.__file__, str(count), given, program, *command[1:]]


@contextmanager
def started(
    command: Sequence[str], *, stdout: int, stderr: int, keep: Sequence[int] = ()
) -> Generator[Child]:
    """The started command, as :func:`accelkit.qemu.process.start`, also where it is a container.

    QEMU finds ``keep`` under :func:`numbers`. Leaving the ``with`` block by an error ends it.
    """
    with start(line(command, keep), stdout=stdout, stderr=stderr, keep=keep) as child:
        try:
            yield child
        except BaseException:
            end(child, command)
            raise


def status_of(command: Sequence[str], status: int) -> int:
    """The exit status of a QEMU in a container, minus the signal if one ended it: for that, 128 is added.

    >>> run = ["podman", "run", "--preserve-fds=3", "qemu", "qemu-system-x86_64"]
    >>> status_of(run, 139), status_of(run, 33), status_of(["qemu-system-x86_64"], 139)
    (-11, 33, 139)
    """
    return 128 - status if passed_on(command) is not None and status - 128 in DEADLY else status


def end(child: Child, command: Sequence[str], *, told: bool = False) -> None:
    """Kills what is left of ``command``; a container is told to end first, and waited for.

    ``told``: its QEMU was told to quit. Not for one that is reaped.
    """
    if passed_on(command) is not None and not leaves(child, LEAVING if told else STARTING):
        for _ in range(round(LEAVING / AGAIN)):
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGTERM)
            if leaves(child, AGAIN):
                break
    child.kill()


def leaves(child: Child, seconds: float = LEAVING) -> bool:
    """Whether the child ends by itself, which is waited for; where that cannot be seen, it does not."""
    if child.pidfd is None:
        return False
    poller = select.poll()
    poller.register(child.pidfd, select.POLLIN)
    return bool(poller.poll(1000 * seconds))


def advice(command: Sequence[str]) -> str:
    """What to do about a command that passes no descriptors on.

    >>> advice(["podman", "run", "--rm", "-i", "qemu", "qemu-system-x86_64"])
    'write: podman run --preserve-fds=3 --rm -i qemu qemu-system-x86_64'
    """
    if passed_on(command) is not None:
        return "what stands in front of podman closes them, as sudo does: run accelkit itself as that user"
    names = [Path(word).name for word in command]
    if "podman" in names and "run" in names[names.index("podman") :]:
        place = names.index("run", names.index("podman")) + 1
        return f"write: {shlex.join([*command[:place], f'{PRESERVE}={MOST}', *command[place:]])}"
    return (
        "docker, ssh and sudo pass none on; of containers podman does:"
        f" podman run {PRESERVE}={MOST} --rm -i IMAGE qemu-system-x86_64; or unpack it, and use chroot"
    )
