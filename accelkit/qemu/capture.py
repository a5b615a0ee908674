"""Asks a QEMU binary which accelerators it has, which properties each of them takes, and which options it has.

No guest code runs: QEMU starts without a machine and stopped, answers over QMP and quits. It prints its options.
"""

from __future__ import annotations

import re
import shlex
import socket
import time
from collections.abc import Collection, Generator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Final

from accelkit.errors import QemuError, shown
from accelkit.qemu.container import END_TIMEOUT, advice, end, fd_numbers, start
from accelkit.qemu.output import output_of
from accelkit.qemu.pipes import MemoryFile
from accelkit.qemu.qmp import Qmp, monitor

BARE: Final = ("-M", "none", "-S", "-display", "none", "-nodefaults", "-no-user-config")

ATTEMPTS: Final = (
    ("-accel", "tcg,tb-size=0b1"), ("-accel", "tcg"), ("-accel", "kvm,kvm-shadow-mem=-0b1"), ("-accel", "kvm"),
    ("-accel", "qtest"), (),
)  # fmt: skip
"""Accelerators to start with, tried in turn. The first also shows whether QEMU reads ``0b1`` as a number.
The second is for binaries that do not. The next two do the same for those without TCG, or without the module that it
is in; the fifth is for hosts without KVM, and the last lets QEMU choose."""

NO_MODULE: Final = "could not load module for type 'tcg-"
"""Part of the error of a QEMU that knows TCG by name and is installed without it."""

OPTION: Final = re.compile(r"--?([A-Za-z]\w*(?:-\w+)*)((?:(?:/| or )-\w+)*)( ?)(\S?)")
"""A line of ``-help``: an option, or several (``-fda/-fdb file``), and one space before what it takes."""


TIMEOUT: Final = 15.0
"""Seconds for all that one capture asks; a QEMU answers in about 0.2, in a container in about 1."""

MAX_VERSION: Final = 9999
"""Largest part of a version."""

MAX_OUTPUT_BYTES: Final = 4096
"""Bytes of what QEMU prints that the error repeats if it does not start."""


def capture(command: Sequence[str], timeout: float = TIMEOUT) -> dict[str, object]:
    """The accelerators of the QEMU that ``command`` starts, their properties, and its options.

    Ready for ``Schema.from_capture``, which knows better than a line of ``-help`` which options take a value.
    TCG is left out where the module that it is in is not installed. No options: ``-help`` could not be read.

    ``binary-literals`` tells whether this binary reads ``0b101`` as a number. Its C library decides:
    strtol of glibc does from version 2.38 on. ``timeout``, in seconds, is for the whole capture, however
    often QEMU is started. Raises QemuError, with QEMU's own message if it does not start.

    >>> capture(["qemu-system-x86_64"])["accelerators"]["tcg"]["tb-size"]  # doctest: +SKIP
    {'description': 'TCG translation block cache size', 'type': 'int'}
    """
    line, deadline, message = shlex.join(command), time.monotonic() + timeout, ""
    without: set[str] = set()
    for accelerator in ATTEMPTS:
        try:
            with session([*command, *BARE, *accelerator], deadline) as qmp:
                document = _answers(qmp, line, without, binary_literals="0b" in "".join(accelerator))
            return document | {"options": _options(command, deadline)}
        except NotStartedError as refusal:
            reason, words = refusal.args
            message = words or f"{reason}; is it a QEMU?"
            if NO_MODULE in message:
                without.add("tcg")
            if any(complaint in message for complaint in NO_DESCRIPTOR):
                raise QemuError(
                    f"{line}: no descriptor reaches this QEMU, and accelkit passes guests and"
                    f" the monitor to QEMU as descriptors; {advice(command)}"
                ) from None
            if time.monotonic() >= deadline:
                printed = f"it printed: {words}" if words else "it printed nothing"
                raise QemuError(f"{line}: no answer within {timeout:g} s; {printed}; is it a QEMU?") from None
    raise QemuError(f"{line}: does not start: {message}")


NO_DESCRIPTOR: Final = ("-chardev socket,id=q,fd=", "the preserve-fds option requires")
"""Parts of the errors of QEMU, for a monitor whose descriptor is closed or not a socket, and of podman, for
a descriptor that is closed."""


class NotStartedError(QemuError):
    """QEMU ended, or stayed silent, before its greeting: why there was none, and what it printed."""


def _answers(
    qmp: Qmp, line: str, without: Collection[str] = (), *, binary_literals: bool
) -> dict[str, object]:
    try:
        return _document(qmp, without, binary_literals=binary_literals)
    except QemuError as error:
        raise QemuError(f"{line}: {error}") from None
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise QemuError(f"{line}: answers QMP in another way than QEMU ({error!r}); is it a QEMU?") from None


def _document(qmp: Qmp, without: Collection[str] = (), *, binary_literals: bool) -> dict[str, object]:
    version = qmp.execute("query-version")
    types = sorted(entry["name"] for entry in qmp.execute("qom-list-types", implements="accel"))
    # Old QEMUs also list "accel", the base type of all accelerators.
    accelerators = [name.removesuffix("-accel") for name in types if name.endswith("-accel")]
    return {
        "accelerators": {name: _properties(qmp, name) for name in accelerators if name not in without},
        "binary-literals": binary_literals,
        "package": version["package"].strip(),
        "target": _text(qmp.execute("query-target")["arch"]),
        "version": ".".join(str(_number(version["qemu"][part])) for part in ("major", "minor", "micro")),
    }


def _options(command: Sequence[str], deadline: float) -> dict[str, bool]:
    """The options that ``-help`` lists, by name: whether something stands behind them; none if it is not answered."""
    try:
        text = output_of([*command, "-help"], deadline - time.monotonic())
    except OSError:  # TimeoutError is one; what is checked first works without
        return {}
    options: dict[str, bool] = {}
    for match in map(OPTION.match, text.splitlines()):
        if match is not None:
            for name in (match[1], *re.findall(r"-(\w+)", match[2])):
                options[name] = options.get(name, False) or bool(match[3] and match[4])
    return dict(sorted(options.items()))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{shown(value)} is not text")
    return value


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value <= MAX_VERSION:
        raise TypeError(f"{shown(value)} is not a part of a version")
    return value


def _properties(qmp: Qmp, accelerator: str) -> dict[str, dict[str, str]]:
    properties: list[dict[str, Any]] = qmp.execute("qom-list-properties", typename=f"{accelerator}-accel")
    return {
        _text(entry["name"]): {key: _text(entry[key]) for key in ("description", "type") if key in entry}
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
def session(command: Sequence[str], deadline: float) -> Generator[Qmp]:
    """A QMP session with the QEMU that ``command`` starts; its end ends QEMU.

    ``deadline`` is one of time.monotonic(). Raises NotStartedError if QEMU ends or stays silent before its
    greeting, and QemuError if the command cannot be started.
    """
    ours, theirs = socket.socketpair()
    keep = (theirs.fileno(),)
    with ours, theirs, ExitStack() as stack:
        output = MemoryFile(MAX_OUTPUT_BYTES, stack)
        qmp = Qmp(ours, max(0.0, deadline - time.monotonic()))
        running = start(
            [*command, *monitor(*fd_numbers(command, keep))],
            stdout=output.writer,
            stderr=output.writer,
            keep=keep,
        )
        try:
            child = stack.enter_context(running)
        except OSError as error:
            raise QemuError(f"{command[0]}: {error.strerror}") from None
        theirs.close()  # or the connection would stay open after QEMU has ended
        qmp.pidfd = child.pidfd
        try:
            _ = qmp.greeting
        except QemuError as error:
            if _has_ended(ours):  # QEMU may take a moment longer, and only then its message is complete
                child.ends(min(END_TIMEOUT, max(0.0, deadline - time.monotonic())))
            end(child, command)
            child.reap()
            output.read()
            raise NotStartedError(str(error), _words(output)) from None
        yield qmp
        with suppress(QemuError):  # all is answered
            qmp.tell(("quit", {}))
        end(child, command, quitting=True)


def _words(output: MemoryFile) -> str:
    text = output.kept[:MAX_OUTPUT_BYTES].decode(errors="replace").replace("\0", "").strip()
    if not output.floods:
        return text
    start = " ".join(text[:100].split())
    return f"printed more than {MAX_OUTPUT_BYTES} bytes{f', {start} …' if start else ''}; is it a QEMU?"
