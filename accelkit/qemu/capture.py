"""Asks a QEMU binary which accelerators it has and which properties each of them takes.

No guest code runs: QEMU starts without a machine and stopped, answers over QMP and quits.
"""

from __future__ import annotations

import os
import shlex
import socket
import tempfile
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from accelkit.errors import QemuError
from accelkit.qemu.container import advice, end, ends, fd_numbers, start
from accelkit.qemu.qmp import Qmp, monitor

BARE: Final = ("-M", "none", "-S", "-display", "none", "-nodefaults", "-no-user-config")

ATTEMPTS: Final = (("-accel", "tcg,tb-size=0b1"), ("-accel", "tcg"), ("-accel", "qtest"), ())
"""Accelerators to start with, tried in turn. The first also shows whether QEMU reads ``0b1`` as a number.
The second is for binaries that do not, the third for those without TCG; the last lets QEMU choose."""


def capture(command: Sequence[str], timeout: float = 30.0) -> dict[str, object]:
    """The accelerators of the QEMU that ``command`` starts and their properties, ready for ``Schema.from_capture``.

    ``binary-literals`` tells whether this binary reads ``0b101`` as a number. Its C library decides:
    strtol of glibc does from version 2.38 on. ``timeout``, in seconds, limits each single wait. Raises
    QemuError, with QEMU's own message if it does not start.

    >>> capture(["qemu-system-x86_64"])["accelerators"]["tcg"]["tb-size"]  # doctest: +SKIP
    {'description': 'TCG translation block cache size', 'type': 'int'}
    """
    message = ""
    for accelerator in ATTEMPTS:
        try:
            with _session([*command, *BARE, *accelerator], timeout) as qmp:
                return _document(qmp, binary_literals=accelerator == ATTEMPTS[0])
        except _NotStartedError as refusal:
            message = str(refusal)
            if any(complaint in message for complaint in NO_DESCRIPTOR):
                raise QemuError(
                    f"{shlex.join(command)}: no descriptor reaches this QEMU, and accelkit passes guests and"
                    f" the monitor to QEMU as descriptors; {advice(command)}"
                ) from None
    raise QemuError(f"{shlex.join(command)}: does not start: {message}")


NO_DESCRIPTOR: Final = ("-chardev socket,id=q,fd=", "the preserve-fds option requires")
"""Parts of the errors of QEMU, for a monitor whose descriptor is closed or not a socket, and of podman, for
a descriptor that is closed."""


class _NotStartedError(QemuError):
    """QEMU ended, or stayed silent, before its greeting."""


def _document(qmp: Qmp, *, binary_literals: bool) -> dict[str, object]:
    version = qmp.execute("query-version")
    types = sorted(entry["name"] for entry in qmp.execute("qom-list-types", implements="accel"))
    # Old QEMUs also list "accel", the base type of all accelerators.
    accelerators = [name.removesuffix("-accel") for name in types if name.endswith("-accel")]
    return {
        "accelerators": {name: _properties(qmp, name) for name in accelerators},
        "binary-literals": binary_literals,
        "package": version["package"].strip(),
        "target": qmp.execute("query-target")["arch"],
        "version": "{major}.{minor}.{micro}".format_map(version["qemu"]),
    }


def _properties(qmp: Qmp, accelerator: str) -> dict[str, dict[str, str]]:
    properties: list[dict[str, Any]] = qmp.execute("qom-list-properties", typename=f"{accelerator}-accel")
    return {
        entry["name"]: {key: entry[key] for key in ("description", "type") if key in entry}
        for entry in sorted(properties, key=lambda entry: entry["name"])
        if entry["name"] != "type"  # read-only: the name of the object's type
    }


def _has_ended(connection: socket.socket) -> bool:
    try:
        connection.settimeout(0)
        return not connection.recv(1, socket.MSG_PEEK)
    except OSError as error:
        return not isinstance(error, BlockingIOError)


@contextmanager
def _session(command: Sequence[str], timeout: float) -> Generator[Qmp]:
    ours, theirs = socket.socketpair()
    keep = (theirs.fileno(),)
    with ours, theirs, tempfile.TemporaryFile() as output, ExitStack() as stack:
        running = start(
            [*command, *monitor(*fd_numbers(command, keep))],
            stdout=output.fileno(),
            stderr=output.fileno(),
            keep=keep,
        )
        try:
            child = stack.enter_context(running)
        except OSError as error:
            raise QemuError(f"{command[0]}: {error.strerror}") from None
        theirs.close()  # or the connection would stay open after QEMU has ended
        try:
            qmp = Qmp(ours, timeout)
            _ = qmp.greeting
        except QemuError as error:
            if _has_ended(ours):
                ends(child)  # may take a moment longer, and only then its message is complete
            end(child, command)
            child.reap()
            text = os.pread(output.fileno(), 4096, 0).decode(errors="replace").strip()
            raise _NotStartedError(text or str(error)) from None
        yield qmp
        qmp.execute("quit")
        end(child, command, quitting=True)
