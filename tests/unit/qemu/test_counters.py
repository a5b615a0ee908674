"""QEMU's counters and the running accelerator; a socket with a table of answers stands in for QEMU."""

from __future__ import annotations

import json
import socket
import threading

import pytest

from accelkit.errors import QemuError
from accelkit.qemu.counters import ask, jit, stats
from accelkit.qemu.qmp import Qmp, QmpError

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


def test_info_jit_has_the_counters_of_tcg() -> None:
    assert jit(INFO_JIT) == {
        "code-bytes": 12345, "buffer-bytes": 1073736704, "tbs": 64, "tb-flushes": 55, "tb-invalidations": 3,
        "tlb-full-flushes": 1, "tlb-partial-flushes": 2, "tlb-elided-flushes": 1493,
    }  # fmt: skip
    assert jit("JIT information is only available with accel=tcg\n") == {}


def test_kvms_counters_are_summed_over_vcpus_without_histograms() -> None:
    vcpu = {"provider": "kvm", "qom-path": "/machine/0", "stats": [
        {"name": "exits", "value": 5}, {"name": "guest_mode", "value": False}, {"name": "halt_poll", "value": [1, 2]},
    ]}  # fmt: skip
    assert stats([vcpu, vcpu], "vcpu") == {"vcpu.exits": 10, "vcpu.guest_mode": 0}


class FakeQemu:
    """The other end of a QMP session: answers from a table and refuses all other commands."""

    def __init__(self, version: tuple[int, int], answers: dict[str, str]) -> None:
        self.ours, self._theirs = socket.socketpair()
        self.commands: list[str] = []
        self._answers = {"qmp_capabilities": "{}", **answers}
        major, minor = version
        qemu = f'{{"major": {major}, "minor": {minor}, "micro": 0}}'
        self._theirs.sendall(b'{"QMP": {"version": {"qemu": %b}, "capabilities": []}}\n' % qemu.encode())
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with self._theirs, self._theirs.makefile("r") as lines:
            for request in lines:
                name = json.loads(request)["execute"]
                self.commands.append(name)
                answer = self._answers.get(name)
                line = f'{{"return": {answer}}}' if answer else '{"error": {"class": "X", "desc": "no such"}}'
                self._theirs.sendall(line.encode() + b"\n")

    def close(self) -> None:
        self.ours.close()
        self._thread.join()


NO_KVM = '{"enabled": false, "present": true}'
KVM = '{"enabled": true, "present": true}'
TEXT = '{"human-readable-text": "TB count 64\\n"}'
STATS = '[{"provider": "kvm", "stats": [{"name": "exits", "value": 5}]}]'


@pytest.mark.parametrize(
    ("version", "answers", "candidates", "running", "counters", "commands"),
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
def test_each_qemu_gets_the_commands_of_its_version(
    version: tuple[int, int], answers: dict[str, str], candidates: tuple[str, ...], running: str,
    counters: dict[str, float], commands: list[str],
) -> None:  # fmt: skip
    fake = FakeQemu(version, answers)
    try:
        assert ask(Qmp(fake.ours), candidates) == (running, counters)
    finally:
        fake.close()
    assert fake.commands == ["qmp_capabilities", *commands]


@pytest.mark.parametrize(
    ("version", "answers", "candidates"),
    [
        ((7, 2), {}, ("kvm",)),  # query-kvm is refused
        ((7, 2), {}, ("tcg",)),  # TCG runs, but its counters are refused
        ((7, 2), {"query-kvm": KVM}, ("kvm",)),  # KVM runs, but its counters are refused
    ],
)
def test_a_refusal_that_no_version_explains_is_raised(
    version: tuple[int, int], answers: dict[str, str], candidates: tuple[str, ...]
) -> None:
    fake = FakeQemu(version, answers)
    try:
        with pytest.raises(QmpError, match="no such"):
            ask(Qmp(fake.ours), candidates)
    finally:
        fake.close()


def test_a_qemu_that_is_gone_is_an_error() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        theirs.close()
        with pytest.raises(QemuError, match="QEMU is gone"):
            ask(Qmp(ours), ("tcg",))
