"""One trial on a real QEMU: what is recorded, what QEMU counted, how much work a run is given."""

from __future__ import annotations

import os
import pickle
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from support.processes import qemu

from accelkit.errors import DomainError, GuestError, QemuError
from accelkit.guests import GUESTS, Guest, Slice, guest
from accelkit.guests.makers import AnyGuest, command
from accelkit.measure import bundled as held
from accelkit.measure.bundled import run_bundled
from accelkit.measure.calibrate import FEWEST, Pace, amount, calibrated, count, pace_of
from accelkit.measure.outcome import judge
from accelkit.study.model import Build, Configuration, Record, Trial
from accelkit.study.worker import Worker, measure

TCG = ("-accel", "tcg")


def tried(
    work: AnyGuest,
    argv: tuple[str, ...] = TCG,
    *,
    timeout: float = 60,
    enough: float | None = None,
    target: str = "x86_64",
) -> Record:
    build, configuration = Build("here", qemu(target), "7.2"), Configuration("it", argv)
    asked = Trial("here", work.name, "it", 0, 0)
    return measure(asked, build, configuration, work, timeout=timeout, enough=enough)


LITTLE = guest("cpu").with_work(n=100_000, slices=5)


# ---- what is recorded ----


@pytest.mark.qemu
@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
def test_a_record_has_what_it_took_and_what_qemu_counted(target: str) -> None:
    work = guest("cpu", target).with_work(n=100_000, slices=5)
    before = time.time()
    record = tried(work, target=target)
    assert (record.cause, record.why, record.stderr) == ("ok", "", "")
    assert record.ok
    assert record.value == min(record.slices)
    assert (record.unit, len(record.slices), record.status) == ("ticks", 5, -signal.SIGKILL)
    assert record.user + record.system > 0
    assert 0 < record.wall < 60
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
def test_a_cache_that_is_too_small_shows_in_the_flushes() -> None:
    work = guest("tb-thrash").with_work(n=1, slices=3)
    small, large = (tried(work, ("-accel", f"tcg,tb-size={size}")) for size in (1, 64))
    assert small.counters["tb-flushes"] > 10
    assert large.counters["tb-flushes"] == 0
    assert small.counters["buffer-bytes"] < 2 << 20
    assert small.value is not None
    assert large.value is not None
    assert small.value > 10 * large.value


@pytest.mark.qemu
@pytest.mark.parametrize(
    "work",
    [each for each in GUESTS if each.workload.ends == "ok"],
    ids=lambda each: f"{each.target}-{each.name}",
)
def test_every_guest_holds_until_it_was_asked(work: Guest) -> None:
    size = {"random": 1 << 15, "memory": 64 * 77, "tb-thrash": 4999, "indirect": 256, "timer": 1000}.get(
        work.name
    )
    n = {"none": 0, "tb-thrash": 3, "timer": 7}.get(work.name, 501)
    record = tried(work.with_work(n=n, size=size, slices=3), target=work.target)
    assert (record.cause, record.why, record.accelerator) == ("ok", "", "tcg")


@pytest.mark.qemu
def test_the_accelerator_is_asked_where_none_was_named() -> None:
    record = tried(LITTLE, ())
    assert (record.cause, record.accelerator) == ("ok", "tcg")


@pytest.mark.qemu
def test_a_silent_fall_to_another_accelerator_is_an_error() -> None:
    record = tried(LITTLE, ("-accel", "kvm,kvm-shadow-mem=0", "-accel", "tcg"))
    assert record.cause == "fell-back"
    assert record.why.startswith("kvm was asked for, tcg ran; QEMU said: ")
    assert record.accelerator == "tcg"
    assert record.value is None
    assert not record.ok
    assert len(record.slices) == 5


@pytest.mark.qemu
@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
def test_the_end_of_the_work_is_rung_and_not_looked_for(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look takes CPU time from the guest."""
    looks: list[float] = []
    look = held.Reading.look

    def counted(reading: held.Reading, elapsed: float, *, last: bool) -> str | None:
        looks.append(elapsed)
        return look(reading, elapsed, last=last)

    monkeypatch.setattr(held.Reading, "look", counted)
    work = guest("cpu", target).with_work(n=100_000, slices=5)
    run, report, _ = held.run_bundled(qemu(target), TCG, work, timeout=90, pause=60.0)
    assert run.ending == "told"
    assert work.verify(report) is None
    assert len(looks) == 1


@pytest.mark.qemu
def test_a_slow_configuration_is_ended_once_it_was_enough() -> None:
    work = guest("cpu").with_work(n=1_000_000, slices=10_000)
    record = tried(work, enough=0.3)
    assert (record.cause, record.why, record.status) == ("ok", "", -signal.SIGKILL)
    assert 3 <= len(record.slices) < 10_000
    assert record.wall < 20
    assert record.counters["tbs"] > 10


@pytest.mark.qemu
def test_three_slices_are_waited_for() -> None:
    record = tried(guest("cpu").with_work(n=10_000_000, slices=50), enough=0.001)
    assert record.ok
    assert 3 <= len(record.slices) < 50


@pytest.mark.qemu
def test_a_command_is_timed_as_a_whole() -> None:
    record = tried(command(["sh", "-c", "sleep 0.2; : {qemu} {accel}"]))
    assert (record.cause, record.unit) == ("ok", "s")
    assert record.value == record.wall
    assert 0.2 <= record.wall < 10
    assert record.accelerator == "tcg"
    refused = tried(command(["-M", "no-such-machine"]))
    assert refused.cause == "refused"
    assert "unsupported machine type" in refused.stderr
    assert refused.accelerator == ""


@pytest.mark.qemu
def test_measuring_leaves_no_descriptor_open() -> None:
    tried(LITTLE)
    before = os.listdir("/proc/self/fd")
    for argv in (TCG, ("-accel", "nonsense")):
        tried(LITTLE, argv)
    tried(command(["-M", "nonsense"]))
    assert os.listdir("/proc/self/fd") == before


@pytest.mark.qemu
def test_processes_and_threads_measure_trials() -> None:
    carried = Worker.of(
        [Build("here", qemu(), "")],
        [Configuration("tcg", TCG), Configuration("x", ("-accel", "x"))],
        [LITTLE],
    )
    assert pickle.loads(pickle.dumps(carried)) == carried
    trials = [Trial("here", "cpu", name, 0, position) for position, name in enumerate(("tcg", "x"))]
    with get_context("spawn").Pool(1) as processes:
        there = processes.map(carried, trials)
    with ThreadPoolExecutor(2) as threads:
        here = list(threads.map(carried, trials))
    assert [each.cause for each in there] == [each.cause for each in here] == ["ok", "refused"]
    assert [each.trial for each in there] == trials


def test_a_trial_of_what_is_not_here_is_refused() -> None:
    carried = Worker.of([Build("here", ("qemu",), "")], [Configuration("tcg", TCG)], [LITTLE])
    for asked, error, message in (
        (Trial("there", "cpu", "tcg", 0, 0), QemuError, "trial of build 'there', which is not here; did you mean 'here'?"),
        (Trial("here", "cpus", "tcg", 0, 0), GuestError, "trial of guest 'cpus', which is not here; did you mean 'cpu'?"),
        (Trial("here", "cpu", "kvm", 0, 0), QemuError, "trial of configuration 'kvm', which is not here; one of tcg"),
    ):  # fmt: skip
        with pytest.raises(error) as refused:
            carried(asked)
        assert str(refused.value) == message


def test_two_of_one_name_are_refused() -> None:
    with pytest.raises(GuestError, match="two of guests='cpu'; names must differ"):
        Worker.of([], [], [LITTLE, LITTLE])


def test_qemu_may_not_go_into_the_background() -> None:
    asked = Trial("here", "cpu", "it", 0, 0)
    with pytest.raises(QemuError, match=r"^-daemonize: "):
        measure(asked, Build("here", ("qemu",), ""), Configuration("it", ("-daemonize",)), LITTLE)


# ---- the verdict on a guest that holds ----


@pytest.mark.parametrize(
    ("status", "slices", "least", "cause"),
    [
        (0, 5, None, "ok"),
        (0, 3, 3, "ok"),
        (0, 3, None, "wrong-checksum"),
        (0, 2, 3, "wrong-checksum"),
        (1, 5, None, "crashed"),
        (-11, 5, None, "crashed"),
    ],
)
def test_told_to_quit_qemu_must_have_reported_and_leave(
    status: int, slices: int, least: int | None, cause: str
) -> None:
    from accelkit.guests import Begin, Report

    work = guest("exc").with_work(n=16, slices=5)
    report = Report(Begin(9, 16, 0, 0, 0, 5, 0), (Slice(5, 16),) * slices)
    assert judge(work, report, status, "told", "", least)[0] == cause


# ---- how much work ----


@pytest.mark.qemu
def test_a_run_is_made_to_last_what_is_asked() -> None:
    tiny = guest("exc").with_work(n=20, slices=3)
    work = calibrated(tiny, qemu(), TCG, seconds=0.4)
    assert work == tiny.with_work(n=work.n, slices=work.slices)
    assert work.n > 1000
    run, report, _ = run_bundled(qemu(), TCG, work, timeout=60)
    assert run.ending == "told"
    assert work.verify(report) is None
    assert 0.1 < run.wall < 8  # 0.4 s and QEMU's start; much more on a host as busy as those of CI are


@pytest.mark.qemu
def test_a_guest_that_knows_its_ticks_is_calibrated_by_them() -> None:
    work = calibrated(guest("exc", "aarch64").with_work(n=20), qemu("aarch64"), TCG, seconds=0.1)
    assert work.n > 1000


def test_what_has_no_pace_comes_back_as_it_is() -> None:
    for work in (guest("none"), command(["-S"])):
        assert calibrated(work, ("no-such-qemu",), TCG) is work


def test_what_cannot_be_calibrated_is_said() -> None:
    with pytest.raises(GuestError, match="guest 'hang' never answers"):
        calibrated(guest("hang"), qemu(), TCG)
    with pytest.raises(DomainError, match=r"^seconds=0: a run lasts 0.01 to 3600 seconds"):
        calibrated(guest("cpu"), qemu(), TCG, seconds=0)
    with pytest.raises(QemuError, match="no-such-qemu: no such program"):
        calibrated(guest("cpu"), ("no-such-qemu",), TCG)


@pytest.mark.qemu
def test_a_baseline_that_does_not_work_cannot_calibrate() -> None:
    with pytest.raises(QemuError, match=r"guest 'cpu' under -accel tcg,x=1: refused: "):
        calibrated(guest("cpu"), qemu(), ("-accel", "tcg,x=1"))


def test_a_little_noise_changes_no_amount() -> None:
    assert {amount(4_000_000, 0.010 * factor) for factor in (0.6, 0.9, 1.1, 1.9)} == {4_000_000}
    assert {amount(1000, 0.001 * factor) for factor in (0.8, 1.0, 1.2)} == {10_000}
    assert amount(1, 5.0) == 1
    assert amount((1 << 32) - 1, 0.0001) == (1 << 32) - 1


def test_slices_fill_the_time_that_the_first_one_leaves() -> None:
    assert count(0.5, Pace(0.01, 0.0)) == 50
    assert count(0.5, Pace(0.01, 0.39)) == 10
    assert count(0.5, Pace(0.01, 2.0)) == count(0.01, Pace(1.0, 0.0)) == FEWEST
    assert count(3600, Pace(0.005, 0.0)) == 10_000


def test_ticks_of_known_frequency_need_no_looks() -> None:
    assert pace_of([30, 10, 10], 1000, []) == Pace(0.01, 0.02)
    assert pace_of([30, 10, 10], 0, []) is None
    assert pace_of([], 1000, []) is None
