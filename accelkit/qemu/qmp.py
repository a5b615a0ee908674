"""A blocking client of QMP, QEMU's JSON control protocol, over a connected socket.

QEMU gets the other end of a socket pair (:func:`monitor`): no path, no listening, nothing to clean
up. The protocol: docs/interop/qmp-spec.rst in QEMU's sources.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, cast

from accelkit.errors import QemuError

BIGGEST: Final = 64 << 20
"""Bytes of one message; QEMU's longest answers are a few MiB."""

Command = tuple[str, Mapping[str, object]]
"""Its name and its arguments."""

NEGOTIATE: Final[Command] = ("qmp_capabilities", {})
"""Before it, QEMU takes no other command."""


class QmpError(QemuError):
    """QEMU understood the command and refused it, in its own words."""


def monitor(descriptor: int) -> tuple[str, ...]:
    """QEMU's arguments for a QMP session over the socket that it inherits as ``descriptor``.

    >>> monitor(7)
    ('-chardev', 'socket,id=q,fd=7', '-mon', 'chardev=q,mode=control')
    """
    return ("-chardev", f"socket,id=q,fd={descriptor}", "-mon", "chardev=q,mode=control")


class Qmp:
    r"""A session, which may be begun before QEMU is started; it does not own the socket.

    Every command is answered within ``timeout`` seconds, or QemuError is raised; so it is if QEMU
    leaves, resets the connection, or sends what is no QMP. A QEMU that refuses its command line
    shows so, too: what it says is on its stderr.

    >>> ours, theirs = socket.socketpair()
    >>> theirs.sendall(b'{"QMP": {"version": {}, "capabilities": []}}\n{"return": {}}\n')
    >>> theirs.sendall(b'{"event": "RESUME"}\n{"return": {"running": true}}\n')
    >>> qmp = Qmp(ours)
    >>> qmp.execute("query-status"), [event["event"] for event in qmp.events]
    ({'running': True}, ['RESUME'])
    >>> ours.close(), theirs.close()
    (None, None)
    """

    def __init__(self, connection: socket.socket, timeout: float = 10.0) -> None:
        self._connection = connection
        self._timeout = timeout
        self._buffer = bytearray()
        self.events: list[dict[str, Any]] = []
        """What QEMU told unasked, oldest first."""
        self.tell(NEGOTIATE)  # it waits in the socket until QEMU listens

    @cached_property
    def greeting(self) -> dict[str, Any]:
        """What QEMU says first; it takes commands once its machine is built, which is waited for.

        Raises QemuError if QEMU is gone.
        """
        said = self._answer("greeting", "QMP")["QMP"]
        self._answer(NEGOTIATE[0], "return", "error")
        return said

    def execute(self, command: str, /, **arguments: object) -> Any:
        """What ``command`` returns. Raises QmpError if QEMU refuses it, QemuError if it is gone."""
        (answer,) = self.exchange((command, arguments))
        if isinstance(answer, QmpError):
            raise answer
        return answer

    def exchange(self, *commands: Command) -> list[Any]:
        """What each of up to 8 commands returns, or its QmpError if QEMU refuses it; sent all at once.

        Raises QemuError if QEMU is gone. The limit is QEMU's (QMP_REQ_QUEUE_LEN_MAX in monitor/monitor.c).
        """
        _ = self.greeting
        self.tell(*commands)
        answers: list[Any] = []
        for command, _ in commands:
            answer = self._answer(command, "return", "error")
            refused = answer.get("error")
            answers.append(QmpError(f"QMP {command}: {refused['desc']}") if refused else answer["return"])
        return answers

    def tell(self, *commands: Command) -> None:
        """Sends commands of which the answers are not waited for. Raises QemuError if QEMU is gone."""
        said = "".join(map(_line, commands))
        try:
            self._connection.settimeout(self._timeout)
            self._connection.sendall(said.encode())
        except OSError as error:
            raise QemuError(f"QMP {commands[0][0]}: QEMU is gone ({error})") from None

    def _answer(self, what: str, *keys: str) -> dict[str, Any]:
        deadline = time.monotonic() + self._timeout
        while True:
            message = self._message(what, deadline)
            if "event" in message:
                self.events.append(message)
            elif any(key in message for key in keys):
                return message

    def _message(self, what: str, deadline: float) -> dict[str, Any]:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > BIGGEST:
                raise QemuError(f"QMP {what}: more than {BIGGEST} bytes without an end")
            self._buffer += self._receive(what, deadline)
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        try:
            message = json.loads(line)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            raise QemuError(f"QMP {what}: {line[:200]!r} is no QMP message; is it a QEMU?")
        return cast("dict[str, Any]", message)

    def _receive(self, what: str, deadline: float) -> bytes:
        late = QemuError(f"QMP {what}: no answer within {self._timeout} s")
        if (left := deadline - time.monotonic()) <= 0:
            raise late
        try:
            self._connection.settimeout(left)
            data = self._connection.recv(65536)
        except TimeoutError:
            raise late from None
        except OSError as error:  # a reset, when QEMU leaves with words of ours unread
            raise QemuError(f"QMP {what}: QEMU is gone ({error})") from None
        if not data:
            raise QemuError(f"QMP {what}: QEMU is gone (end of the connection)")
        return data


def _line(command: Command) -> str:
    # Short, because QEMU reads it byte by byte, with some system calls for each (monitor_can_read in
    # monitor/monitor.c).
    name, arguments = command
    said = {"execute": name, "arguments": arguments} if arguments else {"execute": name}
    return json.dumps(said, separators=(",", ":")) + "\n"
