"""One trial on a real QEMU: its record, and QEMU's counters in it."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from support.processes import qemu

from accelkit.guests import GUESTS, Guest, guest
from accelkit.guests.makers import AnyGuest, command
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.worker import Worker, measure

TCG = ("-accel", "tcg")


def record_of(
    work: AnyGuest,
    argv: tuple[str, ...] = TCG,
    *,
    timeout: float = 600,
    enough: float | None = None,
    target: str = "x86_64",
) -> Record:
    build, configuration = Build("here", qemu(target), "7.2"), stored_configuration("it", argv)
    trial = Trial("here", work.name, "it", 0, 0)
    return measure(trial, build, configuration, work, timeout=timeout, enough=enough)


LITTLE = guest("cpu").with_work(n=100_000, slices=5)


# ---- what is recorded ----


@pytest.mark.qemu
@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
def test_a_record_has_times_memory_and_counters(target: str) -> None:
    work = guest("cpu", target).with_work(n=100_000, slices=5)
    before = time.time()
    record = record_of(work, target=target)
    assert (record.cause, record.why, record.stderr) == ("ok", "", "")
    assert record.ok
    assert record.value == min(record.slices)
    assert (record.unit, len(record.slices), record.status) == ("ticks", 5, -signal.SIGKILL)
    assert record.user + record.system > 0
    assert record.wall > 0
    assert record.voluntary_switches > 0
    assert record.max_rss is not None
    assert record.max_rss > 10_000
    assert before <= record.started <= time.time()
    assert 0 <= record.steal <= 1
    assert record.accelerator == "tcg"
    assert record.counters["tb-flushes"] == 0
    assert record.counters["tbs"] > 10
    assert record.counters["buffer-bytes"] > 1 << 20


@pytest.mark.qemu
def test_a_small_cache_shows_in_the_flushes() -> None:
    work = guest("tb-thrash").with_work(n=1, slices=3)
    small, large = (record_of(work, ("-accel", f"tcg,tb-size={size}")) for size in (1, 64))
    assert small.counters["tb-flushes"] > 10
    assert large.counters["tb-flushes"] == 0
    assert small.counters["buffer-bytes"] < 2 << 20 < large.counters["buffer-bytes"]
    assert small.ok
    assert large.ok


@pytest.mark.qemu
@pytest.mark.parametrize(
    "work",
    [work for work in GUESTS if work.workload.ends == "ok"],
    ids=lambda work: f"{work.target}-{work.name}",
)
def test_every_guest_holds_until_qemu_is_queried(work: Guest) -> None:
    size = {"random": 1 << 15, "memory": 64 * 77, "tb-thrash": 4999, "indirect": 256, "timer": 1000}.get(
        work.name
    )
    n = {"none": 0, "tb-thrash": 3, "timer": 7}.get(work.name, 501)
    record = record_of(work.with_work(n=n, size=size, slices=3), target=work.target)
    assert (record.cause, record.why, record.accelerator) == ("ok", "", "tcg")


@pytest.mark.qemu
def test_the_accelerator_is_queried_where_the_command_line_names_none() -> None:
    record = record_of(LITTLE, ())
    assert (record.cause, record.accelerator) == ("ok", "tcg")


@pytest.mark.qemu
def test_a_fallback_to_another_accelerator_is_a_failure() -> None:
    record = record_of(LITTLE, ("-accel", "kvm,kvm-shadow-mem=0", "-accel", "tcg"))
    assert record.cause == "fell-back"
    assert record.why.startswith("kvm was asked for, tcg ran; QEMU said: ")
    assert record.accelerator == "tcg"
    assert record.value is None
    assert not record.ok
    assert len(record.slices) == 5


@pytest.mark.qemu
def test_a_slow_configuration_is_ended_after_enough_seconds() -> None:
    work = guest("cpu").with_work(n=1_000_000, slices=10_000)
    record = record_of(work, enough=0.3)
    assert (record.cause, record.why, record.status) == ("ok", "", -signal.SIGKILL)
    assert 3 <= len(record.slices) < 10_000
    assert record.counters["tbs"] > 10


@pytest.mark.qemu
def test_a_run_is_not_ended_before_three_slices() -> None:
    record = record_of(guest("cpu").with_work(n=10_000_000, slices=10_000), enough=0.001)
    assert record.ok
    assert 3 <= len(record.slices) < 10_000


@pytest.mark.qemu
def test_a_command_is_timed_from_start_to_end() -> None:
    record = record_of(command(["sh", "-c", "sleep 0.2; : {qemu} {accel}"]))
    assert (record.cause, record.unit) == ("ok", "s")
    assert record.value == record.wall
    assert record.wall >= 0.2
    assert record.accelerator == "tcg"
    refused = record_of(command(["-M", "no-such-machine"]))
    assert refused.cause == "refused"
    assert "unsupported machine type" in refused.stderr
    assert refused.accelerator == ""


@pytest.mark.qemu
def test_measuring_leaves_no_descriptor_open() -> None:
    record_of(LITTLE)
    gc.collect()  # so that descriptors which other tests left open are closed before the count
    before = os.listdir("/proc/self/fd")
    for argv in (TCG, ("-accel", "nonsense")):
        record_of(LITTLE, argv)
    record_of(command(["-M", "nonsense"]))
    assert os.listdir("/proc/self/fd") == before


@pytest.mark.qemu
def test_processes_and_threads_measure_trials() -> None:
    worker = Worker.of(
        [Build("here", qemu(), "")],
        [stored_configuration("tcg", TCG), stored_configuration("x", ("-accel", "x"))],
        [LITTLE],
    )
    assert pickle.loads(pickle.dumps(worker)) == worker
    trials = [Trial("here", "cpu", name, 0, position) for position, name in enumerate(("tcg", "x"))]
    with get_context("spawn").Pool(1) as processes:
        by_processes = processes.map(worker, trials)
    with ThreadPoolExecutor(2) as threads:
        by_threads = list(threads.map(worker, trials))
    assert (
        [record.cause for record in by_processes]
        == [record.cause for record in by_threads]
        == ["ok", "refused"]
    )
    assert [record.trial for record in by_processes] == trials
