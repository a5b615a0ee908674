"""What QEMU counts: its text and its answers as numbers, from a QMP session that a thread answers."""

from __future__ import annotations

import json
import socket
import threading

import pytest

from accelkit.qemu.counters import ask, jit, stats
from accelkit.qemu.qmp import Qmp

INFO_JIT = """Translation buffer state:
gen code size       12345/1073736704
TB count            64
TB avg target size  13 max=82 bytes

Statistics:
TB flush count      55
TB invalidate count 3
TLB full flushes    1
TLB partial flushes 2
TLB elided flushes  1493
[TCG profiler not compiled]
"""


def test_counters_are_read_from_info_jit() -> None:
    assert jit(INFO_JIT) == {
        "code-bytes": 12345, "buffer-bytes": 1073736704, "tbs": 64, "tb-flushes": 55, "tb-invalidations": 3,
        "tlb-full-flushes": 1, "tlb-partial-flushes": 2, "tlb-elided-flushes": 1493,
    }  # fmt: skip
    assert jit("JIT information is only available with accel=tcg\n") == {}


def test_counters_of_kvm_are_summed_over_vcpus_without_histograms() -> None:
    vcpu = {"provider": "kvm", "qom-path": "/machine/0", "stats": [
        {"name": "exits", "value": 5}, {"name": "guest_mode", "value": False}, {"name": "halt_poll", "value": [1, 2]},
    ]}  # fmt: skip
    assert stats([vcpu, vcpu], "vcpu") == {"vcpu.exits": 10, "vcpu.guest_mode": 0}


class FakeQemu:
    """The other end of a QMP session that answers from a table, and refuses every command that is not in it."""

    def __init__(self, version: tuple[int, int], answers: dict[str, str]) -> None:
        self.client, self._server = socket.socketpair()
        self.commands: list[str] = []
        self._answers = {"qmp_capabilities": "{}", **answers}
        major, minor = version
        qemu = f'{{"major": {major}, "minor": {minor}, "micro": 0}}'
        self._server.sendall(b'{"QMP": {"version": {"qemu": %b}, "capabilities": []}}\n' % qemu.encode())
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with self._server, self._server.makefile("r") as lines:
            for line in lines:
                name = json.loads(line)["execute"]
                self.commands.append(name)
                answer = self._answers.get(name)
                reply = (
                    f'{{"return": {answer}}}' if answer else '{"error": {"class": "X", "desc": "no such"}}'
                )
                self._server.sendall(reply.encode() + b"\n")

    def close(self) -> None:
        self.client.close()
        self._thread.join()


NO_KVM = '{"enabled": false, "present": true}'
KVM = '{"enabled": true, "present": true}'
TEXT = '{"human-readable-text": "TB count 64\\n"}'
STATS = '[{"provider": "kvm", "stats": [{"name": "exits", "value": 5}]}]'


@pytest.mark.parametrize(
    ("version", "answers", "requested", "running", "counters", "commands"),
    [
        ((5, 2), {"human-monitor-command": '"TB count 64\\n"'}, ("tcg",), "tcg", {"tbs": 64},
         ["human-monitor-command"]),
        ((11, 1), {"x-query-jit": TEXT}, ("tcg",), "tcg", {"tbs": 64}, ["x-query-jit"]),
        ((7, 2), {"query-kvm": NO_KVM, "x-query-jit": TEXT}, ("kvm", "tcg"), "tcg", {"tbs": 64},
         ["query-kvm", "x-query-jit"]),
        ((7, 2), {"query-kvm": KVM, "query-stats": STATS}, ("kvm",), "kvm", {"vm.exits": 5, "vcpu.exits": 5},
         ["query-kvm", "query-stats", "query-stats"]),
        ((5, 2), {"query-kvm": KVM}, ("kvm",), "kvm", {}, ["query-kvm"]),
        ((11, 1), {"query-accelerators": '{"enabled": "mshv", "present": []}'}, ("mshv", "tcg"), "mshv", {},
         ["query-accelerators", "x-query-jit"]),
        ((11, 1), {"query-accelerators": '{"enabled": "tcg", "present": []}', "x-query-jit": TEXT}, (), "tcg",
         {"tbs": 64}, ["query-accelerators", "x-query-jit"]),
        ((7, 2), {"query-kvm": NO_KVM}, ("hvf",), "hvf", {}, ["query-kvm"]),
        ((7, 2), {"query-kvm": NO_KVM}, ("hvf", "whpx"), "", {}, ["query-kvm"]),
        ((5, 2), {"query-kvm": NO_KVM, "human-monitor-command": '"JIT information is only …"'}, ("hvf", "tcg"),
         "", {}, ["query-kvm", "human-monitor-command"]),
        ((7, 2), {"query-kvm": NO_KVM}, ("hvf", "tcg"), "", {}, ["query-kvm", "x-query-jit"]),
    ],
)  # fmt: skip
def test_each_release_is_queried_with_the_commands_it_has(
    version: tuple[int, int], answers: dict[str, str], requested: tuple[str, ...], running: str,
    counters: dict[str, float], commands: list[str],
) -> None:  # fmt: skip
    fake = FakeQemu(version, answers)
    try:
        assert ask(Qmp(fake.client), requested) == (running, counters)
    finally:
        fake.close()
    assert fake.commands == ["qmp_capabilities", *commands]
