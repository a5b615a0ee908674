"""The QMP client; a few bytes in a socket stand in for QEMU."""

from __future__ import annotations

import json
import os
import socket
import struct
import threading
from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace

import pytest

from accelkit.errors import QemuError
from accelkit.qemu import qmp as qmp_module
from accelkit.qemu.qmp import Qmp, QmpError

HELLO = b'{"QMP": {"version": {"qemu": {"major": 7}}, "capabilities": ["oob"]}}\r\n'
DONE = b'{"return": {}}\r\n'


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_session_negotiates_and_returns_answers(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    theirs.sendall(HELLO + DONE + b'{"return": [1, 2]}\n')
    qmp = Qmp(ours)
    assert qmp.greeting["version"]["qemu"]["major"] == 7
    assert qmp.execute("qom-list-types", implements="accel") == [1, 2]
    commands = [json.loads(line) for line in theirs.recv(4096).splitlines()]
    assert commands == [
        {"execute": "qmp_capabilities"},
        {"execute": "qom-list-types", "arguments": {"implements": "accel"}},
    ]


def test_commands_are_sent_in_few_bytes(pair: tuple[socket.socket, socket.socket]) -> None:
    """QEMU reads byte by byte, with several system calls for each."""
    ours, theirs = pair
    theirs.sendall(HELLO + DONE + DONE)
    Qmp(ours).execute("query-kvm")
    assert theirs.recv(4096) == b'{"execute":"qmp_capabilities"}\n{"execute":"query-kvm"}\n'


def test_events_are_heard_without_waiting_and_answers_stay(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    qmp = Qmp(ours)
    assert qmp.events() == []
    theirs.sendall(HELLO + b'{"event": "A"}\n{"return": {"event": 1}}\n{"event": "B", "da')
    assert qmp.events() == ["A"]
    assert qmp.events() == []
    theirs.sendall(b'ta": {}}\n{"return": 7}\n')
    assert qmp.events() == ["B"]
    assert qmp.execute("cont") == 7


def test_a_qemu_that_is_gone_or_talks_nonsense_has_no_events(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    qmp = Qmp(ours)
    theirs.sendall(b'"event"\n')
    with pytest.raises(QemuError, match="is not a QMP message"):
        qmp.events()
    theirs.close()
    with pytest.raises(QemuError, match="QEMU is gone"):
        qmp.events()


def test_events_are_dropped_at_any_point_of_the_session(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    event = b'{"event": "A", "return": 1}\n'
    theirs.sendall(event + HELLO + event + DONE + event + b'{"return": 7}\n')
    assert Qmp(ours).execute("cont") == 7


def test_a_refused_command_raises_qemus_message_and_the_session_continues(
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


def test_an_answer_may_arrive_in_pieces(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair

    def drip() -> None:
        for byte in HELLO + DONE:
            theirs.sendall(bytes([byte]))

    server = threading.Thread(target=drip)
    server.start()
    qmp = Qmp(ours)
    assert qmp.greeting["version"]["qemu"]["major"] == 7
    server.join()


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (b"", "QMP greeting: QEMU is gone (end of the connection)"),
        (HELLO[:20], "QMP greeting: QEMU is gone (end of the connection)"),
        (HELLO, "QMP qmp_capabilities: QEMU is gone (end of the connection)"),
        (b"QEMU 7.2\n", "QMP greeting: b'QEMU 7.2' is not a QMP message; is it a QEMU?"),
        (b"[1]\n", "QMP greeting: b'[1]' is not a QMP message; is it a QEMU?"),
        (b"\xff\n", "QMP greeting: b'\\xff' is not a QMP message; is it a QEMU?"),
    ],
)
def test_a_server_that_ends_or_is_not_qemu_is_an_error_of_its_own(
    output: bytes, message: str, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    theirs.sendall(output)
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(QemuError) as failure:
        Qmp(ours).execute("stop")
    assert str(failure.value) == message


def test_a_silent_server_is_a_timeout() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(QemuError, match=r"^QMP greeting: no answer within 0.05 s$"):
        Qmp(ours, timeout=0.05).execute("stop")


def test_a_server_that_sends_only_events_is_a_timeout() -> None:
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


def test_a_connection_reset_in_the_handshake_means_that_qemu_is_gone() -> None:
    """This happens if QEMU refuses its arguments before it has read the first command."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ours = socket.create_connection(listening.getsockname())
        theirs, _ = listening.accept()
        with ours:
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            theirs.close()  # without lingering, this is a reset
            with pytest.raises(QemuError, match="QEMU is gone"):
                Qmp(ours).execute("stop")


def test_several_commands_are_sent_at_once_and_a_refused_one_is_its_error(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    theirs.sendall(HELLO + DONE + b'{"error": {"class": "X", "desc": "no"}}\n{"return": 5}\n')
    refusal, answer = Qmp(ours).exchange(("a", {}), ("b", {"c": 1}))
    assert isinstance(refusal, QmpError)
    assert (str(refusal), answer) == ("QMP a: no", 5)


@pytest.mark.parametrize("flood", [b"x" * 200, b'{"event": "A"}\n' * 20, b"{}\n" * 100])
def test_what_qemu_sends_is_bounded(
    flood: bytes, pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qmp_module, "MAX_BYTES", 100)
    ours, theirs = pair
    theirs.sendall(flood)
    with pytest.raises(QemuError, match=r"^QMP greeting: more than 100 bytes; is it a QEMU\?$"):
        Qmp(ours).execute("stop")


def test_all_answers_together_have_one_deadline(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However soon each of them comes; the clock starts with the first wait."""
    now = [1000.0]
    monkeypatch.setattr(qmp_module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    ours, theirs = pair
    theirs.sendall(HELLO + DONE * 9)
    qmp = Qmp(ours, timeout=10.0)
    now[0] = 2000.0
    for second in (2000.0, 2004.0, 2009.0):
        now[0] = second
        qmp.execute("stop")
    now[0] = 2010.0
    for ask in (qmp.execute, lambda name: qmp.tell((name, {}))):
        with pytest.raises(QemuError, match=r"^QMP quit: no answer within 10 s$"):
            ask("quit")


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (b'{"QMP": 5}\n' + DONE, "QMP greeting: 5 has no version; is it a QEMU?"),
        (b'{"QMP": {"version": []}}\n' + DONE, "QMP greeting: {'version': []} has no version; is it a QEMU?"),
        (b"[" * 99_999 + b"\n", f"QMP greeting: {b'[' * 200!r} is not a QMP message; is it a QEMU?"),
        (HELLO + DONE + b'{"error": "no"}\n', "QMP stop: no"),
        (HELLO + DONE + b'{"error": {"class": "X"}}\n', "QMP stop: None"),
        (HELLO + DONE + b'{"error": {"desc": "%b"}}\n' % (b"x" * 9999), "QMP stop: " + "x" * 500),
    ],
)
def test_an_answer_of_another_shape_is_an_error(
    output: bytes, message: str, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    theirs.sendall(output)
    with pytest.raises(QemuError) as failure:
        Qmp(ours, timeout=5.0).execute("stop")
    assert str(failure.value) == message


def test_the_end_of_the_process_is_noticed_while_another_holds_the_socket(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    """What QEMU sent before its end still counts."""
    ours, theirs = pair
    theirs.sendall(HELLO + DONE + b'{"return": 5}\n')
    qmp = Qmp(ours)
    qmp.pidfd, writer = os.pipe()
    os.close(writer)  # readable, as a pidfd is once its process has ended
    assert qmp.execute("query-kvm") == 5
    with pytest.raises(QemuError, match=r"^QMP stop: QEMU is gone \(end of the process\)$"):
        qmp.execute("stop")
    os.close(qmp.pidfd)


def test_what_qemu_writes_elsewhere_is_read_while_its_answer_is_awaited(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    theirs.sendall(HELLO + DONE)
    qmp = Qmp(ours)
    _ = qmp.greeting
    outputs = {"floods": os.pipe(), "ends": os.pipe()}
    counts = dict.fromkeys(outputs, 0)

    def read(name: str) -> bool:
        counts[name] += 1
        data = os.read(outputs[name][0], 1)
        if name == "floods" and counts[name] == 3:
            theirs.sendall(b'{"return": 5}\n')
        return bool(data)

    qmp.others = {reader: partial(read, name) for name, (reader, _) in outputs.items()}
    os.write(outputs["floods"][1], b"text")
    os.close(outputs["ends"][1])
    assert qmp.execute("query-kvm") == 5
    assert counts == {"floods": 3, "ends": 1}
    for reader, writer in outputs.values():
        os.close(reader)
        os.close(writer) if writer != outputs["ends"][1] else None
