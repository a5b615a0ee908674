"""The QMP client against a server that is a few bytes in a socket; no QEMU."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from accelkit.errors import QemuError
from accelkit.qemu.qmp import Qmp, QmpError

HELLO = b'{"QMP": {"version": {"qemu": {"major": 7}}, "capabilities": ["oob"]}}\r\n'
DONE = b'{"return": {}}\r\n'


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_session_says_it_is_ready_and_returns_what_is_asked(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    theirs.sendall(HELLO + DONE + b'{"return": [1, 2]}\n')
    qmp = Qmp(ours)
    assert qmp.greeting["version"]["qemu"]["major"] == 7
    assert qmp.execute("qom-list-types", implements="accel") == [1, 2]
    asked = [json.loads(line) for line in theirs.recv(4096).splitlines()]
    assert asked == [
        {"execute": "qmp_capabilities"},
        {"execute": "qom-list-types", "arguments": {"implements": "accel"}},
    ]


def test_few_bytes_are_said_and_at_once(pair: tuple[socket.socket, socket.socket]) -> None:
    """QEMU reads them one by one, with some system calls for each."""
    ours, theirs = pair
    theirs.sendall(HELLO + DONE + DONE)
    Qmp(ours).execute("query-kvm")
    assert theirs.recv(4096) == b'{"execute":"qmp_capabilities"}\n{"execute":"query-kvm"}\n'


def test_events_are_kept_wherever_they_come(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    theirs.sendall(b'{"event": "A"}\n' + HELLO + b'{"event": "B"}\n' + DONE + b'{"event": "C"}\n' + DONE)
    qmp = Qmp(ours)
    qmp.execute("cont")
    assert [event["event"] for event in qmp.events] == ["A", "B", "C"]


def test_a_refused_command_raises_in_qemus_words_and_the_session_goes_on(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    theirs.sendall(
        HELLO + DONE + b'{"error": {"class": "CommandNotFound", "desc": "no such command"}}\n' + DONE
    )
    qmp = Qmp(ours)
    with pytest.raises(QmpError, match=r"^QMP x-query-jit: no such command$"):
        qmp.execute("x-query-jit")
    assert qmp.execute("stop") == {}


def test_an_answer_may_come_in_pieces(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair

    def drip() -> None:
        for byte in HELLO + DONE:
            theirs.sendall(bytes([byte]))

    server = threading.Thread(target=drip)
    server.start()
    qmp = Qmp(ours)
    assert qmp.greeting["version"]["qemu"]["major"] == 7
    assert qmp.events == []
    server.join()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (b"", "QMP greeting: QEMU is gone (end of the connection)"),
        (HELLO[:20], "QMP greeting: QEMU is gone (end of the connection)"),
        (HELLO, "QMP qmp_capabilities: QEMU is gone (end of the connection)"),
        (b"QEMU 7.2\n", "QMP greeting: b'QEMU 7.2' is no QMP message; is it a QEMU?"),
        (b"[1]\n", "QMP greeting: b'[1]' is no QMP message; is it a QEMU?"),
        (b"\xff\n", "QMP greeting: b'\\xff' is no QMP message; is it a QEMU?"),
    ],
)
def test_a_server_that_leaves_or_talks_otherwise_is_told_apart(
    said: bytes, message: str, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    theirs.sendall(said)
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(QemuError) as failure:
        Qmp(ours).execute("stop")
    assert str(failure.value) == message


def test_a_silent_server_is_given_up() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(QemuError, match=r"^QMP greeting: no answer within 0.05 s$"):
        Qmp(ours, timeout=0.05).execute("stop")


def test_a_server_that_only_tells_events_is_given_up() -> None:
    ours, theirs = socket.socketpair()
    stop = threading.Event()

    def chatter() -> None:
        while not stop.is_set():
            try:
                theirs.sendall(b'{"event": "RTC_CHANGE"}\n')
            except OSError:
                return

    server = threading.Thread(target=chatter)
    server.start()
    with ours, theirs:
        with pytest.raises(QemuError, match="no answer within"):
            Qmp(ours, timeout=0.05).execute("stop")
        stop.set()
        ours.close()
        server.join()


def test_a_connection_reset_in_the_handshake_is_qemu_gone() -> None:
    """As when QEMU refuses its arguments while our first words are under way."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ours = socket.create_connection(listening.getsockname())
        theirs, _ = listening.accept()
        with ours:
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            theirs.close()  # with nothing lingering: a reset
            with pytest.raises(QemuError, match="QEMU is gone"):
                Qmp(ours).execute("stop")
