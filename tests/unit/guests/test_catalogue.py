"""The bundled guests as values: command lines, refusals, verdicts on reports."""

from __future__ import annotations

import os
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from accelkit.errors import GuestError
from accelkit.guests import GUESTS, Begin, CpuException, Guest, Report, Slice, guest


def test_the_command_line_of_the_start_up_floor_has_no_parameters() -> None:
    assert guest("none").argv("guest.rom") == (
        "-M", "q35", "-m", "64M", "-smp", "1",
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-bios", "guest.rom",
        "-chardev", "stdio,id=ak,signal=off",
        "-device", "isa-debugcon,iobase=0xe9,chardev=ak",
        "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
    )  # fmt: skip


def test_the_command_line_carries_the_work_as_words_in_memory() -> None:
    work = guest("smp").with_work(n=7, cpus=4, seed=5, slices=3, hold=True, machine="microvm", memory=32)
    assert work.argv("/proc/self/fd/7") == (
        "-M", "microvm", "-m", "32M", "-smp", "4",
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-bios", "/proc/self/fd/7",
        "-chardev", "stdio,id=ak,signal=off",
        "-device", "isa-debugcon,iobase=0xe9,chardev=ak",
        "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
        "-device", "loader,addr=0x200000,data=13,data-len=4",
        "-device", "loader,addr=0x200008,data=7,data-len=4",
        "-device", "loader,addr=0x200018,data=4,data-len=4",
        "-device", "loader,addr=0x200020,data=5,data-len=4",
        "-device", "loader,addr=0x200028,data=1,data-len=4",
        "-device", "loader,addr=0x200030,data=3,data-len=4",
    )  # fmt: skip


def test_on_aarch64_the_guest_reports_by_uart_and_exits_by_semihosting() -> None:
    assert guest("memory", "aarch64").with_work(n=7, size=128, slices=1).argv("guest.bin") == (
        "-M", "virt", "-m", "64M", "-smp", "1",
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-kernel", "guest.bin",
        "-chardev", "stdio,id=ak,signal=off",
        "-cpu", "max",
        "-serial", "chardev:ak",
        "-semihosting-config", "enable=on,target=native",
        "-device", "loader,addr=0x40200000,data=3,data-len=4",
        "-device", "loader,addr=0x40200008,data=7,data-len=4",
        "-device", "loader,addr=0x40200010,data=128,data-len=4",
    )  # fmt: skip


def test_a_guest_has_its_image_in_its_arguments_and_is_made_by_its_name() -> None:
    for bundled in GUESTS:
        assert os.path.exists(bundled.image)
        assert bundled.image in bundled.argv()
        assert guest(bundled.name, bundled.target) == bundled


def test_a_guest_is_a_value() -> None:
    work = guest("random").with_work(n=3, size=4096)
    assert eval(repr(work), {"Guest": Guest}) == work
    assert pickle.loads(pickle.dumps(work)) == work
    assert hash(work.with_work()) == hash(work)
    assert guest("random") != work


def test_memory_grows_with_the_work_and_does_not_shrink() -> None:
    assert guest("tb-thrash").with_work(size=1 << 20).memory == 64
    assert guest("random").with_work(size=1 << 28).memory == 16 + 1 + 256
    assert guest("random").with_work(size=1 << 28).with_work(size=4096).memory == 16 + 1 + 256
    assert guest("random").with_work(size=4096, memory=18).memory == 18


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (lambda: guest("cpuu"), "guest 'cpuu': no such guest for x86_64; did you mean 'cpu'?"),
        (lambda: guest("io", "aarch64"),
         ("guest 'io': not available for aarch64; give one of none, cpu, fp, memory, random, tb-thrash, indirect, mmio, "
          "exc, smc, smp, smplock, hang, halt, flood, fault")),
        (lambda: guest("cpu", "x86-64"), "target 'x86-64': no bundled guest for it; did you mean 'x86_64'?"),
        (lambda: guest("cpu").with_work(n=0),
         "guest 'cpu': n=0 is not a whole number from 1 to 4294967295: how often the work is repeated"),
        (lambda: guest("cpu").with_work(n=True),
         "guest 'cpu': n=True is not a whole number from 1 to 4294967295: how often the work is repeated"),
        (lambda: guest("cpu").with_work(size=64), "guest 'cpu': size=64 is not 0, the only size of this workload"),
        (lambda: guest("random").with_work(size=96),
         "guest 'random': size=96 is not a power of two, 64 to 1073741824 bytes"),
        (lambda: guest("smp", "aarch64").with_work(cpus=9),
         "guest 'smp': cpus=9 is not a whole number from 1 to 8: how many vCPUs the guest runs on"),
        (lambda: guest("tb-thrash").with_work(size=1 << 20, memory=32),
         "guest 'tb-thrash': memory=32 is not a whole number from 33 to 2048: MiB for the guest and its work"),
        (lambda: guest("cpu").with_work(slices=10_001),
         "guest 'cpu': slices=10001 is not a whole number from 1 to 10000: how often the work is timed"),
        (lambda: replace(guest("cpu"), work="gpu"), "guest 'gpu': no such guest for x86_64; did you mean 'cpu'?"),
    ],
)  # fmt: skip
def test_work_that_no_guest_can_do_is_refused_with_the_reason(mistake: object, message: str) -> None:
    assert callable(mistake)
    with pytest.raises(GuestError) as refusal:
        mistake()
    assert str(refusal.value) == message


def report_of(work: Guest, **changes: object) -> Report:
    workload, n, size, cpus, seed, _, slices = work.words()
    answers = tuple(Slice(1, work.checksum(k) or 0) for k in range(work.slices))
    return replace(Report(Begin(workload, n, size, cpus, seed, slices, 0), answers), **changes)


@pytest.mark.parametrize("work", [row.with_work(n=3, slices=4) for row in GUESTS if row.n and row.checksum()])
def test_a_report_of_this_work_is_good(work: Guest) -> None:
    assert work.verify(report_of(work)) is None


def test_a_report_of_anything_else_is_refused_with_the_reason() -> None:
    work = guest("exc").with_work(n=16, slices=2)
    good = report_of(work)
    assert work.verify(replace(good, begin=None)) == "the guest reported nothing"
    assert work.verify(replace(good, slices=good.slices[:1])) == "1 of 2 slices were reported"
    assert work.verify(replace(good, slices=good.slices * 2)) == "4 of 2 slices were reported"
    assert (
        work.verify(replace(good, slices=(good.slices[0], Slice(1, 15))))
        == "slice 2: checksum 0xf instead of 0x10"
    )
    assert work.verify(report_of(work.with_work(seed=1))) == (
        "the guest did (workload, n, size, cpus, seed, slices) = (9, 16, 0, 0, 1, 2), not (9, 16, 0, 0, 0, 2)"
    )
    assert work.verify(replace(good, exception=CpuException(14, 2, 0x100000, 0x10))) == (
        "CPU exception 14, error 0x2, at 0x100000, fault address 0x10"
    )
    assert guest("hang").verify(report_of(guest("hang"))) == "slice 1: checksum 0x0 instead of none"


# ---- fingerprints ----


def test_a_fingerprint_changes_with_work_and_image(tmp_path: Path) -> None:
    little = guest("cpu").with_work(n=100_000, slices=5)
    image = tmp_path / "guest.rom"
    image.write_bytes(Path(little.image).read_bytes())
    assert replace(little, image=str(image)).fingerprint == little.fingerprint
    image.write_bytes(b"another")
    fingerprints = {
        little.fingerprint,
        replace(little, image=str(image)).fingerprint,
        little.with_work(n=7).fingerprint,
        little.with_work(memory=128).fingerprint,
        little.with_work(machine="pc").fingerprint,
    }
    assert len(fingerprints) == 5
