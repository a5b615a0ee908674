"""A blocking client of QMP, QEMU's JSON control protocol, over a connected socket.

QEMU gets the other end of a socket pair (:func:`monitor`), so there is no path, no listening socket and
nothing to clean up. Protocol: docs/interop/qmp-spec.rst in QEMU's sources.
"""

from __future__ import annotations

import json
import select
import socket
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final, cast

from accelkit.errors import QemuError, shown

MAX_BYTES: Final = 4 << 20
"""Most bytes that QEMU may send in one session. KVM's counters are the longest answer: some 60 a vCPU with some
50 bytes each, so this is enough for 1,000 vCPUs. As Python's objects, JSON takes up to 25 times as much memory."""

MAX_WORDS: Final = 500
"""Characters of a refusal that its error repeats."""

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

    All answers together may take ``timeout`` seconds, counted from the first wait for one. Raises QemuError
    if QEMU does not answer in that time, ends, resets the connection or sends too much or something other
    than QMP. That is also how a QEMU shows itself that refuses its command line; the reason is on its
    stderr. Events that :meth:`events` has not returned are dropped by the next wait for an answer.

    >>> ours, theirs = socket.socketpair()
    >>> theirs.sendall(b'{"QMP": {"version": {}, "capabilities": []}}\n{"return": {}}\n')
    >>> theirs.sendall(b'{"event": "RESUME"}\n{"return": {"running": true}}\n')
    >>> Qmp(ours).execute("query-status")
    {'running': True}
    >>> ours.close(), theirs.close()
    (None, None)
    """

    def __init__(self, connection: socket.socket, timeout: float = 10.0) -> None:
        self._connection = connection
        self._timeout = timeout
        self._deadline: float | None = None
        self._received = 0
        self._buffer = bytearray()
        self.pidfd: int | None = None
        """Set it to the pidfd of QEMU's process: its end is noticed even if another process holds the socket."""
        self.others: dict[int, Callable[[], bool]] = {}
        """What else QEMU writes to, read while we wait, as a full pipe would block QEMU: descriptors, each with a
        function that reads it and returns False once its other end is closed."""
        self.tell(NEGOTIATE)  # stays in the socket until QEMU reads it

    @cached_property
    def greeting(self) -> dict[str, Any]:
        """QEMU's first message; waits until QEMU has built its machine and accepts commands.

        Raises QemuError if QEMU is gone.
        """
        answer: Any = self._answer("greeting", "QMP")["QMP"]
        greeting = cast("dict[str, Any]", answer if isinstance(answer, dict) else {})
        if not isinstance(greeting.get("version"), dict):
            raise QemuError(f"QMP greeting: {shown(cast('object', answer))} has no version; is it a QEMU?")
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
            answers.append(_refusal(command, answer["error"]) if "error" in answer else answer["return"])
        return answers

    def tell(self, *commands: Command) -> None:
        """Sends commands without waiting for the answers. Raises QemuError if QEMU is gone or reads nothing."""
        lines = "".join(map(_line, commands))
        try:
            self._connection.settimeout(
                self._timeout if self._deadline is None else self._left(commands[0][0])
            )
            self._connection.sendall(lines.encode())
        except OSError as error:
            raise QemuError(f"QMP {commands[0][0]}: QEMU is gone ({error})") from None

    def fileno(self) -> int:
        """The descriptor of the connection: it can be read when QEMU has sent something."""
        return self._connection.fileno()

    def events(self) -> list[str]:
        r"""The names of the events that QEMU has sent since the last call, without waiting for more.

        Answers stay for the commands that they belong to. Raises QemuError if QEMU is gone, or sends too much or
        something other than QMP.

        >>> ours, theirs = socket.socketpair()
        >>> session = Qmp(ours)
        >>> theirs.sendall(b'{"event": "SHUTDOWN", "data": {"guest": true}}\n')
        >>> session.events(), session.events()
        (['SHUTDOWN'], [])
        >>> ours.close(), theirs.close()
        (None, None)
        """
        try:
            self._connection.settimeout(0)
            self._buffer += self._taken("event")
        except BlockingIOError:
            return []
        except OSError as error:
            raise QemuError(f"QMP event: QEMU is gone ({error})") from None
        *lines, begun = self._buffer.split(b"\n")
        messages = [(line, _parsed("event", bytes(line)) if b'"event"' in line else {}) for line in lines]
        answers = [line for line, message in messages if "event" not in message]
        self._buffer = bytearray(b"\n").join([*answers, begun])
        return [str(message["event"]) for _, message in messages if "event" in message]

    def _left(self, what: str) -> float:
        """Seconds that are left; the first call starts the clock. Raises QemuError if none are."""
        now = time.monotonic()
        if self._deadline is None:
            self._deadline = now + self._timeout
        if (left := self._deadline - now) <= 0:
            raise self._late(what)
        return left

    def _late(self, what: str) -> QemuError:
        return QemuError(f"QMP {what}: no answer within {self._timeout:.3g} s")

    def _answer(self, what: str, *keys: str) -> dict[str, Any]:
        while True:
            message = self._message(what)
            if "event" not in message and any(key in message for key in keys):
                return message

    def _message(self, what: str) -> dict[str, Any]:
        while (end := self._buffer.find(b"\n")) < 0:
            self._buffer += self._receive(what)
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return _parsed(what, line)

    def _receive(self, what: str) -> bytes:
        try:
            self._wait(what)
            self._connection.settimeout(0)
            return self._taken(what)
        except OSError as error:  # a reset: QEMU ended before it had read everything
            raise QemuError(f"QMP {what}: QEMU is gone ({error})") from None

    def _taken(self, what: str) -> bytes:
        """What is there to read; raises OSError if there is nothing yet."""
        data = self._connection.recv(65536)
        if not data:
            raise QemuError(f"QMP {what}: QEMU is gone (end of the connection)")
        self._received += len(data)
        if self._received > MAX_BYTES:
            raise QemuError(f"QMP {what}: more than {MAX_BYTES} bytes; is it a QEMU?")
        return data

    def _wait(self, what: str) -> None:
        """Waits until there is something to read. Raises QemuError if the time is over or QEMU has ended."""
        while True:
            poller = select.poll()
            for descriptor in (self._connection.fileno(), *self.others):
                poller.register(descriptor, select.POLLIN)
            if self.pidfd is not None:
                poller.register(self.pidfd, select.POLLIN)
            ready = [descriptor for descriptor, _ in poller.poll(1000 * self._left(what))]
            if self._connection.fileno() in ready:
                return
            if self.pidfd in ready:
                raise QemuError(f"QMP {what}: QEMU is gone (end of the process)")
            for descriptor in ready:
                if not self.others[descriptor]():
                    del self.others[descriptor]


def _parsed(what: str, line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        raise QemuError(f"QMP {what}: {line[:200]!r} is not a QMP message; is it a QEMU?")
    return cast("dict[str, Any]", message)


def _refusal(command: str, error: object) -> QmpError:
    words = cast("dict[str, object]", error).get("desc") if isinstance(error, dict) else error
    return QmpError(f"QMP {command}: {words if isinstance(words, str) else shown(words):.{MAX_WORDS}}")


def _line(command: Command) -> str:
    # As short as possible: QEMU reads byte by byte, with several system calls for each (monitor_can_read
    # in monitor/monitor.c).
    name, arguments = command
    message = {"execute": name, "arguments": arguments} if arguments else {"execute": name}
    return json.dumps(message, separators=(",", ":")) + "\n"
