"""Asks a QEMU binary which accelerators it has, and which properties each takes.

No guest code runs: QEMU is started stopped, with no machine, and told to quit.
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
from accelkit.qemu.container import advice, end, leaves, numbers, started
from accelkit.qemu.qmp import Qmp, monitor

BARE: Final = ("-M", "none", "-S", "-display", "none", "-nodefaults", "-no-user-config")

WAYS: Final = (("-accel", "tcg,tb-size=0b1"), ("-accel", "tcg"), ("-accel", "qtest"), ())
"""Accelerators to start with, tried in turn. The first also tells whether ``0b1`` is read as a
number; the next are for binaries that do not, and that have no TCG; the last lets QEMU choose."""


def capture(command: Sequence[str], timeout: float = 30.0) -> dict[str, object]:
    """What the QEMU that ``command`` starts knows about accelerators, ready for ``Schema.from_capture``.

    ``binary-literals`` says whether this binary reads ``0b101`` as a number. Its C library decides:
    glibc's strtol does from 2.38 on. ``timeout``, in seconds, is for each single wait. Raises
    QemuError, with QEMU's own words if it does not start.

    >>> capture(["qemu-system-x86_64"])["accelerators"]["tcg"]["tb-size"]  # doctest: +SKIP
    {'description': 'TCG translation block cache size', 'type': 'int'}
    """
    words = ""
    for way in WAYS:
        try:
            with _session([*command, *BARE, *way], timeout) as qmp:
                return _document(qmp, binary_literals=way == WAYS[0])
        except _NotStartedError as refusal:
            words = str(refusal)
            if any(complaint in words for complaint in MISSED):
                raise QemuError(
                    f"{shlex.join(command)}: no descriptor reaches this QEMU, and by descriptors it is given"
                    f" its guests and asked its questions; {advice(command)}"
                ) from None
    raise QemuError(f"{shlex.join(command)}: does not start: {words}")


MISSED: Final = ("-chardev socket,id=q,fd=", "the preserve-fds option requires")
"""What QEMU complains of when its monitor's descriptor is none, or no socket; and podman, when it has none."""


class _NotStartedError(QemuError):
    """QEMU left, or kept silent, before it greeted."""


def _document(qmp: Qmp, *, binary_literals: bool) -> dict[str, object]:
    version = qmp.execute("query-version")
    types = sorted(entry["name"] for entry in qmp.execute("qom-list-types", implements="accel"))
    # Old QEMUs also list "accel", the type that all of them derive from.
    accelerators = [name.removesuffix("-accel") for name in types if name.endswith("-accel")]
    return {
        "accelerators": {name: _properties(qmp, name) for name in accelerators},
        "binary-literals": binary_literals,
        "package": version["package"].strip(),
        "target": qmp.execute("query-target")["arch"],
        "version": "{major}.{minor}.{micro}".format_map(version["qemu"]),
    }


def _properties(qmp: Qmp, accelerator: str) -> dict[str, dict[str, str]]:
    listed: list[dict[str, Any]] = qmp.execute("qom-list-properties", typename=f"{accelerator}-accel")
    return {
        entry["name"]: {key: entry[key] for key in ("description", "type") if key in entry}
        for entry in sorted(listed, key=lambda entry: entry["name"])
        if entry["name"] != "type"  # the name of the object's own type, read-only
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
    with ours, theirs, tempfile.TemporaryFile() as said, ExitStack() as stack:
        running = started(
            [*command, *monitor(*numbers(command, keep))],
            stdout=said.fileno(),
            stderr=said.fileno(),
            keep=keep,
        )
        try:
            child = stack.enter_context(running)
        except OSError as error:
            raise QemuError(f"{command[0]}: {error.strerror}") from None
        theirs.close()  # or the connection would not end with QEMU
        try:
            qmp = Qmp(ours, timeout)
            _ = qmp.greeting
        except QemuError as error:
            if _has_ended(ours):
                leaves(child)  # which may be later, and only then it has said why
            end(child, command)
            child.reap()
            text = os.pread(said.fileno(), 4096, 0).decode(errors="replace").strip()
            raise _NotStartedError(text or str(error)) from None
        yield qmp
        qmp.execute("quit")
        end(child, command, told=True)
