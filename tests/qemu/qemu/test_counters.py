"""The counters of a real KVM."""

from __future__ import annotations

import socket
from tempfile import TemporaryFile

import pytest
from oracle.real_qemu import SERIES
from support.releases import release
from support.tools import need_kvm

from accelkit.qemu.counters import ask
from accelkit.qemu.process import start
from accelkit.qemu.qmp import Qmp, monitor


@pytest.mark.qemu
@pytest.mark.parametrize("series", SERIES)
def test_a_real_kvm_has_its_counters(series: str) -> None:
    """-S: QEMU builds the machine with its vCPUs, and never runs them."""
    need_kvm()
    real = release(series)
    ours, theirs = socket.socketpair()
    words = (
        "-accel",
        "kvm",
        "-S",
        "-M",
        "q35",
        "-smp",
        "2",
        "-display",
        "none",
        "-nodefaults",
        "-no-user-config",
    )
    with ours, theirs, TemporaryFile() as output:
        line = [*real.command, *words, *monitor(theirs.fileno())]
        with start(line, stdout=output.fileno(), stderr=output.fileno(), keep=(theirs.fileno(),)) as child:
            theirs.close()
            qmp = Qmp(ours)
            running, counters = ask(qmp, ("kvm",))
            assert qmp.execute("query-status")["running"] is False
            qmp.tell(("quit", {}))
            assert child.reap().status == 0
    assert running == "kvm"
    if real.series == "5.2":  # before query-stats
        assert counters == {}
        return
    assert {"vcpu.exits", "vcpu.halt_exits", "vm.pages_4k", "vm.remote_tlb_flush"} <= counters.keys()
    assert {name.partition(".")[0] for name in counters} == {"vcpu", "vm"}
    assert counters["vcpu.exits"] == 0
