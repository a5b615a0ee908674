"""A program in place of QEMU that reports, answers and floods as a test wants; run it, do not import it.

    python fake_qemu.py '{"ticks": [0], "hz": 0}' QEMU'S ARGUMENTS

The first argument is JSON with these keys, all optional: ``ticks`` of its slices, of the guest exc; ``hz``, the
frequency of their clock; ``status``, with which it exits after its report; ``counters``, the JSON text of KVM's
counter, or ``answer`` that of the whole answer; ``jit``, the text of TCG's; ``flood``, what it writes without end:
``report`` (to standard output, after the report, once the file ``begin`` is there), ``events`` or ``line`` (on QMP);
``before``, the descriptor to which it writes a MiB before each answer; ``text``, what it writes first; ``lists``, how
many empty lists and objects each answer has; ``silent``, true to answer nothing after the greeting.
"""

from __future__ import annotations

import json
import os
import re
import socket
import sys
import threading
import time

SETTINGS = json.loads(sys.argv[1]) if __name__ == "__main__" else {}
ARGUMENTS = " ".join(sys.argv[2:])


def number(pattern: str) -> int | None:
    match = re.search(pattern, ARGUMENTS)
    return None if match is None else int(match[1])


def word(value: int) -> str:
    return f" {value:016x}"


def write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def flood(descriptor: int, data: bytes) -> None:
    """Writes as long as it lives; a refused write is tried again, as QEMU's devices do with the guest's next byte."""
    while True:
        try:
            os.write(descriptor, data)
        except PermissionError:
            continue
        except OSError:
            return


def flood_report() -> None:
    """Floods standard output from when the file ``begin`` is there."""
    while not os.path.exists(SETTINGS["begin"]):
        time.sleep(0.001)
    flood(1, b"f" * 8192)


def report() -> None:
    """Writes the report of a guest that did its work, and rings the bell."""
    loaders = dict.fromkeys(range(7), 0)
    for address, data in re.findall(r"loader,addr=(\S+?),data=(\d+)", ARGUMENTS):
        loaders[(int(address, 16) & 0xFF) // 8] = int(data)
    work, n, size, cpus, seed, _, slices = loaders.values()
    lines = "AK1 B" + "".join(map(word, (work, n, size, cpus, seed, slices, SETTINGS.get("hz", 0)))) + "\n"
    for ticks in SETTINGS["ticks"]:
        lines += "AK1 E" + word(ticks) + word(n + seed) + "\n"
    write_all(1, lines.encode())
    bell = number(r"socket,id=bell,fd=(\d+)")
    if bell is not None:
        os.write(bell, b"x")


def serve(monitor: socket.socket) -> None:
    """Answers QMP as QEMU 7.2 does, until it is told to quit."""
    version = {"qemu": {"major": 7, "minor": 2, "micro": 0}, "package": ""}
    monitor.sendall(json.dumps({"QMP": {"version": version, "capabilities": []}}).encode() + b"\n")
    counters = SETTINGS.get("counters")
    for request in monitor.makefile("r"):
        name = json.loads(request)["execute"]
        if "before" in SETTINGS:
            write_all(SETTINGS["before"], b"f" * (1 << 20))  # blocks while nobody reads it
        if SETTINGS.get("silent") and name != "qmp_capabilities":
            continue
        answer = (
            f"[{'[],{},' * SETTINGS['lists']}0]"
            if "lists" in SETTINGS and name != "qmp_capabilities"
            else "{}"
        )
        if name == "query-kvm":
            answer = json.dumps({"enabled": "-accel kvm" in ARGUMENTS})
        if name == "x-query-jit":
            answer = json.dumps({"human-readable-text": SETTINGS.get("jit", "TB count 64\n")})
        if name == "query-stats":
            one = f'[{{"provider": "kvm", "stats": [{{"name": "exits", "value": {counters}}}]}}]'
            answer = SETTINGS.get("answer", one)
        monitor.sendall(f'{{"return": {answer}}}\n'.encode())
        if name == "quit":
            os._exit(0)


def main() -> None:
    """What QEMU does, in the order in which it does it."""
    write_all(1, SETTINGS.get("text", "").encode())
    if "ticks" in SETTINGS:
        report()
    if "status" in SETTINGS:
        sys.exit(SETTINGS["status"])
    kind = SETTINGS.get("flood")
    if kind == "report":
        threading.Thread(target=flood_report, daemon=True).start()
    descriptor = number(r"socket,id=q,fd=(\d+)")
    if descriptor is None:
        threading.Event().wait()
    else:
        monitor = socket.socket(fileno=descriptor)
        if kind in ("events", "line"):
            greeting = {"QMP": {"version": {"qemu": {"major": 7, "minor": 2, "micro": 0}, "package": ""}}}
            monitor.sendall(json.dumps(greeting).encode() + b'\n{"return": {}}\n')
            flood(descriptor, b'{"event": "RTC_CHANGE"}\n' if kind == "events" else b"x" * 4096)
        serve(monitor)
    threading.Event().wait()


if __name__ == "__main__":
    main()
