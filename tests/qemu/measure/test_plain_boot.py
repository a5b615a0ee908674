"""boot() on a real QEMU: every workload runs and proves that it did its work."""

from __future__ import annotations

import gc
import os

import pytest
from support.processes import qemu

from accelkit.guests import GUESTS, Guest, guest
from accelkit.measure.plain_boot import boot
from accelkit.qemu.binary import find, version


def small(work: Guest) -> Guest:
    """Odd numbers test the remainder of every loop; three slices show state that is left between them."""
    size = {"random": 1 << 15, "memory": 64 * 77, "tb-thrash": 4999, "indirect": 256, "timer": 1000}.get(
        work.name
    )
    n = {"none": 0, "tb-thrash": 3, "timer": 7}.get(work.name, 1501)
    return work.with_work(n=n, size=size, seed=77, slices=3)


def name_of(value: object) -> str:
    return f"{value.target}-{value.name}" if isinstance(value, Guest) else str(value)


working = pytest.mark.parametrize(
    "work", [work for work in GUESTS if work.workload.ends == "ok"], ids=name_of
)


@pytest.mark.qemu
@working
def test_every_workload_does_its_work_and_proves_it(work: Guest) -> None:
    work = small(work)
    outcome = boot(qemu(work.target), ["-accel", "tcg"], work, timeout=600)
    assert (outcome.cause, outcome.why) == ("ok", "")
    assert [part.checksum for part in outcome.report.slices] == [work.checksum(k) for k in range(3)]
    assert outcome.report.junk == b""


@pytest.mark.qemu
@pytest.mark.parametrize("machine", ["pc", "microvm"])
@pytest.mark.parametrize("name", ["none", "cpu", "io", "mmio", "timer", "smp"])
def test_the_rom_runs_on_each_x86_machine(machine: str, name: str) -> None:
    outcome = boot(qemu(), ["-accel", "tcg"], small(guest(name)).with_work(machine=machine), timeout=600)
    assert (outcome.cause, outcome.why) == ("ok", "")


@pytest.mark.qemu
@pytest.mark.parametrize(
    "accel", ["tcg,thread=single", "tcg,thread=multi", "tcg,tb-size=1", "tcg,split-wx=on"]
)
@pytest.mark.parametrize("name", ["smp", "smplock", "smc", "tb-thrash"])
@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
def test_options_do_not_change_the_answer_of_the_guest(accel: str, name: str, target: str) -> None:
    work = small(guest(name, target)).with_work(cpus=3)
    outcome = boot(qemu(target), ["-accel", accel], work, timeout=600)
    assert (outcome.cause, outcome.why) == ("ok", "")


@pytest.mark.qemu
def test_an_outcome_has_times_memory_and_the_command() -> None:
    work = small(guest("cpu"))
    outcome = boot(qemu(), ["-accel", "tcg"], work, timeout=600, extra=("-name", "me"))
    assert outcome.ok
    assert outcome.status == 33
    assert outcome.wall > 0
    assert outcome.user + outcome.system > 0
    assert outcome.max_rss is None or outcome.max_rss > 1024
    assert outcome.voluntary_switches > 0
    assert outcome.involuntary_switches >= 0
    assert outcome.stderr == ""
    assert outcome.command == (*qemu(), "-accel", "tcg", *work.argv(), "-name", "me")
    assert all(part.ticks > 0 for part in outcome.report.slices)


@pytest.mark.qemu
@pytest.mark.parametrize("cpus", [1, 2])
def test_a_round_of_cpu_is_13_instructions(cpus: int) -> None:
    """With -icount a tick is an instruction, so every run on every QEMU counts the same number."""
    work = guest("smp").with_work(n=100_000, cpus=cpus, slices=3)
    outcome = boot(qemu(), ["-accel", "tcg"], work, timeout=600, extra=("-icount", "shift=0"))
    assert (outcome.cause, outcome.why) == ("ok", "")
    overhead = {part.ticks - 13 * 100_000 * cpus for part in outcome.report.slices}
    assert len(overhead) == 1
    assert 0 < overhead.pop() < 100


@pytest.mark.qemu
def test_a_guest_runs_behind_a_prefix() -> None:
    """QEMU inherits the image's descriptor, so a chroot works as a prefix, too; env needs no privileges."""
    command = find(["env", *qemu()])
    assert boot(command, ["-accel", "tcg"], guest("none"), timeout=600).ok
    assert version(command) == version(qemu())


@pytest.mark.qemu
def test_booting_leaves_no_descriptor_open() -> None:
    command = qemu()
    boot(command, ["-accel", "tcg"], guest("none"), timeout=600)
    gc.collect()  # closes now what other tests left open
    before = os.listdir("/proc/self/fd")
    boot(command, ["-accel", "tcg"], guest("none"), timeout=600)
    boot(command, ["-accel", "nonsense"], guest("none"), timeout=600)
    boot(["no-such-program"], [], guest("none"), timeout=600)
    assert os.listdir("/proc/self/fd") == before
