"""One trial on a real QEMU: what is recorded, what QEMU counted, how much work a run is given."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from oracle.real_qemu import SERIES
from processes import qemu
from support.releases import release
from support.tools import need_kvm

from accelkit.errors import DomainError, GuestError, QemuError
from accelkit.guests import GUESTS, Guest, Slice, guest
from accelkit.guests.foreign import AnyGuest, command
from accelkit.qemu import held
from accelkit.qemu.calibrate import FEWEST, Pace, amount, calibrated, count, pace_of
from accelkit.qemu.counters import accelerators, ask, jit, stats
from accelkit.qemu.held import hold
from accelkit.qemu.measure import Measure, measure
from accelkit.qemu.outcome import judge
from accelkit.qemu.pressure import cpu_times, parse_stat, stolen
from accelkit.qemu.process import start
from accelkit.qemu.qmp import Qmp, monitor
from accelkit.study.trial import Build, Configuration, Record, Trial

TCG = ("-accel", "tcg")


def tried(
    work: AnyGuest,
    argv: tuple[str, ...] = TCG,
    *,
    timeout: float = 600,
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
    assert record.figure == min(record.slices)
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
def test_a_cache_that_is_too_small_shows_in_the_flushes() -> None:
    work = guest("tb-thrash").with_work(n=1, slices=3)
    small, large = (tried(work, ("-accel", f"tcg,tb-size={size}")) for size in (1, 64))
    assert small.counters["tb-flushes"] > 10
    assert large.counters["tb-flushes"] == 0
    assert small.counters["buffer-bytes"] < 2 << 20 < large.counters["buffer-bytes"]
    assert small.ok
    assert large.ok


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
    assert record.figure is None
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
    run, report, _ = held.hold(qemu(target), TCG, work, timeout=600, pause=600.0)
    assert run.ending == "told"
    assert work.verify(report) is None
    assert len(looks) == 1


@pytest.mark.qemu
def test_a_slow_configuration_is_ended_once_it_was_enough() -> None:
    work = guest("cpu").with_work(n=1_000_000, slices=10_000)
    record = tried(work, enough=0.3)
    assert (record.cause, record.why, record.status) == ("ok", "", -signal.SIGKILL)
    assert 3 <= len(record.slices) < 10_000
    assert record.counters["tbs"] > 10


@pytest.mark.qemu
def test_three_slices_are_waited_for() -> None:
    record = tried(guest("cpu").with_work(n=10_000_000, slices=10_000), enough=0.001)
    assert record.ok
    assert 3 <= len(record.slices) < 10_000


@pytest.mark.qemu
def test_a_command_is_timed_as_a_whole() -> None:
    record = tried(command(["sh", "-c", "sleep 0.2; : {qemu} {accel}"]))
    assert (record.cause, record.unit) == ("ok", "s")
    assert record.figure == record.wall
    assert record.wall >= 0.2
    assert record.accelerator == "tcg"
    refused = tried(command(["-M", "no-such-machine"]))
    assert refused.cause == "refused"
    assert "unsupported machine type" in refused.stderr
    assert refused.accelerator == ""


@pytest.mark.qemu
def test_measuring_leaves_no_descriptor_open() -> None:
    tried(LITTLE)
    gc.collect()  # what others left open is closed now, and not meanwhile
    before = os.listdir("/proc/self/fd")
    for argv in (TCG, ("-accel", "nonsense")):
        tried(LITTLE, argv)
    tried(command(["-M", "nonsense"]))
    assert os.listdir("/proc/self/fd") == before


@pytest.mark.qemu
def test_processes_and_threads_measure_trials() -> None:
    carried = Measure.of(
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
    carried = Measure.of([Build("here", ("qemu",), "")], [Configuration("tcg", TCG)], [LITTLE])
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
        Measure.of([], [], [LITTLE, LITTLE])


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


# ---- what QEMU counts ----

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


def test_kvms_counters_are_summed_over_vcpus_without_histograms() -> None:
    vcpu = {"provider": "kvm", "qom-path": "/machine/0", "stats": [
        {"name": "exits", "value": 5}, {"name": "guest_mode", "value": False}, {"name": "halt_poll", "value": [1, 2]},
    ]}  # fmt: skip
    assert stats([vcpu, vcpu], "vcpu") == {"vcpu.exits": 10, "vcpu.guest_mode": 0}


@pytest.mark.qemu
@pytest.mark.parametrize("series", SERIES)
def test_a_real_kvm_is_asked_what_it_counts(series: str) -> None:
    """-S: the machine is built and its vCPUs are made, and none of them ever runs."""
    need_kvm()
    real = release(series)
    ours, theirs = socket.socketpair()
    words = ("-accel", "kvm", "-S", "-M", "q35", "-smp", "2", "-display", "none", "-nodefaults", "-no-user-config")
    with ours, theirs, TemporaryFile() as said:
        line = [*real.command, *words, *monitor(theirs.fileno())]
        with start(line, stdout=said.fileno(), stderr=said.fileno(), keep=(theirs.fileno(),)) as child:
            theirs.close()
            qmp = Qmp(ours)
            running, counted = ask(qmp, accelerators(words))
            assert qmp.execute("query-status")["running"] is False
            qmp.tell(("quit", {}))
            assert child.reap()[0] == 0
    assert running == "kvm"
    if real.series == "5.2":  # before query-stats
        assert counted == {}
        return
    assert {"vcpu.exits", "vcpu.halt_exits", "vm.pages_4k", "vm.remote_tlb_flush"} <= counted.keys()
    assert {name.partition(".")[0] for name in counted} == {"vcpu", "vm"}
    assert counted["vcpu.exits"] == 0


@pytest.mark.parametrize(
    ("argv", "named"),
    [
        ((), ()),
        (("-accel", "tcg,tb-size=1"), ("tcg",)),
        (("--accel", "accel=kvm", "-accel", "tcg", "-accel", "tcg"), ("kvm", "tcg")),
        (("-m", "-accel"), ()),
    ],
)
def test_the_accelerators_of_a_command_line_in_order(argv: tuple[str, ...], named: tuple[str, ...]) -> None:
    assert accelerators(argv) == named


class FakeQemu:
    """The other end of a QMP session that answers from a table, and refuses what is not in it."""

    def __init__(self, version: tuple[int, int], answers: dict[str, str]) -> None:
        self.ours, self._theirs = socket.socketpair()
        self.asked: list[str] = []
        self._answers = {"qmp_capabilities": "{}", **answers}
        major, minor = version
        qemu = f'{{"major": {major}, "minor": {minor}, "micro": 0}}'
        self._theirs.sendall(b'{"QMP": {"version": {"qemu": %b}, "capabilities": []}}\n' % qemu.encode())
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        import json

        with self._theirs, self._theirs.makefile("r") as lines:
            for line in lines:
                name = json.loads(line)["execute"]
                self.asked.append(name)
                answer = self._answers.get(name)
                said = f'{{"return": {answer}}}' if answer else '{"error": {"class": "X", "desc": "no such"}}'
                self._theirs.sendall(said.encode() + b"\n")

    def close(self) -> None:
        self.ours.close()
        self._thread.join()


NO_KVM = '{"enabled": false, "present": true}'
KVM = '{"enabled": true, "present": true}'
TEXT = '{"human-readable-text": "TB count 64\\n"}'
STATS = '[{"provider": "kvm", "stats": [{"name": "exits", "value": 5}]}]'


@pytest.mark.parametrize(
    ("version", "answers", "asked", "running", "counters", "commands"),
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
def test_each_qemu_is_asked_as_it_understands(
    version: tuple[int, int], answers: dict[str, str], asked: tuple[str, ...], running: str,
    counters: dict[str, float], commands: list[str],
) -> None:  # fmt: skip
    fake = FakeQemu(version, answers)
    try:
        assert ask(Qmp(fake.ours), asked) == (running, counters)
    finally:
        fake.close()
    assert fake.asked == ["qmp_capabilities", *commands]


# ---- the host meanwhile ----


def test_stolen_time_is_a_share_of_all_time() -> None:
    before = parse_stat(b"cpu  100 0 0 800 0 0 0 100 50 0\n")
    after = parse_stat(b"cpu  160 0 0 830 0 0 0 110 80 0\n")
    assert stolen(before, after) == 0.1
    assert stolen(before, before) == stolen((), ()) == stolen(parse_stat(b"cpu 1 2 3 4\n"), after) == 0
    assert len(cpu_times()) in (0, 8)


# ---- how much work ----


@pytest.mark.qemu
def test_a_run_is_made_to_last_what_is_asked() -> None:
    tiny = guest("exc").with_work(n=20, slices=3)
    work = calibrated(tiny, qemu(), TCG, seconds=0.4)
    assert work == tiny.with_work(n=work.n, slices=work.slices)
    assert work.n > 1000
    assert work.slices >= FEWEST
    run, report, _ = hold(qemu(), TCG, work, timeout=600)
    assert run.ending == "told"
    assert work.verify(report) is None


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


def test_a_fingerprint_changes_with_work_and_image(tmp_path: Path) -> None:
    image = tmp_path / "guest.rom"
    image.write_bytes(Path(LITTLE.image).read_bytes())
    assert replace(LITTLE, image=str(image)).fingerprint == LITTLE.fingerprint
    image.write_bytes(b"another")
    prints = {
        LITTLE.fingerprint,
        replace(LITTLE, image=str(image)).fingerprint,
        LITTLE.with_work(n=7).fingerprint,
        LITTLE.with_work(memory=128).fingerprint,
        LITTLE.with_work(machine="pc").fingerprint,
    }
    assert len(prints) == 5
