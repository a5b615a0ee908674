"""A blocking client of QMP, QEMU's JSON control protocol, over a connected socket.

QEMU gets the other end of a socket pair (:func:`monitor`), so there is no path, no listening socket and
nothing to clean up. Protocol: docs/interop/qmp-spec.rst in QEMU's sources.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, cast

from accelkit.errors import QemuError

MAX_MESSAGE: Final = 64 << 20
"""Most bytes of one message; QEMU's longest answers are a few MiB."""

Command = tuple[str, Mapping[str, object]]
"""The name of a command and its arguments."""

NEGOTIATE: Final[Command] = ("qmp_capabilities", {})
"""QEMU accepts no other command before this one."""


class QmpError(QemuError):
    """QEMU understood the command and refused it; the message is QEMU's."""


def monitor(descriptor: int) -> tuple[str, ...]:
    """QEMU's arguments for a QMP session over the socket that it inherits as ``descriptor``.

    >>> monitor(7)
    ('-chardev', 'socket,id=q,fd=7', '-mon', 'chardev=q,mode=control')
    """
    return ("-chardev", f"socket,id=q,fd={descriptor}", "-mon", "chardev=q,mode=control")


class Qmp:
    r"""A session, which may begin before QEMU starts; it does not own the socket.

    Raises QemuError if QEMU does not answer a command within ``timeout`` seconds, ends, resets the
    connection or sends something other than QMP. That is also how a QEMU shows itself that refuses its
    command line; the reason is on its stderr.

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
        """The events that QEMU sent, oldest first."""
        self.tell(NEGOTIATE)  # stays in the socket until QEMU reads it

    @cached_property
    def greeting(self) -> dict[str, Any]:
        """QEMU's first message; waits until QEMU has built its machine and accepts commands.

        Raises QemuError if QEMU is gone.
        """
        greeting = self._answer("greeting", "QMP")["QMP"]
        self._answer(NEGOTIATE[0], "return", "error")
        return greeting

    def execute(self, command: str, /, **arguments: object) -> Any:
        """The return value of ``command``. Raises QmpError if QEMU refuses it, QemuError if QEMU is gone."""
        (answer,) = self.exchange((command, arguments))
        if isinstance(answer, QmpError):
            raise answer
        return answer

    def exchange(self, *commands: Command) -> list[Any]:
        """The return values of up to 8 commands, sent all at once; a QmpError in place of a refused one.

        Raises QemuError if QEMU is gone. The limit is QEMU's (QMP_REQ_QUEUE_LEN_MAX in monitor/monitor.c).
        """
        _ = self.greeting
        self.tell(*commands)
        answers: list[Any] = []
        for command, _ in commands:
            answer = self._answer(command, "return", "error")
            error = answer.get("error")
            answers.append(QmpError(f"QMP {command}: {error['desc']}") if error else answer["return"])
        return answers

    def tell(self, *commands: Command) -> None:
        """Sends commands without waiting for the answers. Raises QemuError if QEMU is gone."""
        lines = "".join(map(_line, commands))
        try:
            self._connection.settimeout(self._timeout)
            self._connection.sendall(lines.encode())
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
            if len(self._buffer) > MAX_MESSAGE:
                raise QemuError(f"QMP {what}: more than {MAX_MESSAGE} bytes without a line end")
            self._buffer += self._receive(what, deadline)
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        try:
            message = json.loads(line)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            raise QemuError(f"QMP {what}: {line[:200]!r} is not a QMP message; is it a QEMU?")
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
        except OSError as error:  # a reset: QEMU ended before it had read everything
            raise QemuError(f"QMP {what}: QEMU is gone ({error})") from None
        if not data:
            raise QemuError(f"QMP {what}: QEMU is gone (end of the connection)")
        return data


def _line(command: Command) -> str:
    # As short as possible: QEMU reads byte by byte, with several system calls for each (monitor_can_read
    # in monitor/monitor.c).
    name, arguments = command
    message = {"execute": name, "arguments": arguments} if arguments else {"execute": name}
    return json.dumps(message, separators=(",", ":")) + "\n"
