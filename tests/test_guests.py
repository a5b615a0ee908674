"""The bundled guests without QEMU: sources, descriptions, predictions, the report's parser."""

from __future__ import annotations

import math
import os
import pickle
import struct
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tools import tool

import accelkit.guests
from accelkit.errors import GuestError
from accelkit.guests import (
    GUESTS,
    WORKLOADS,
    Begin,
    CpuException,
    Guest,
    Report,
    Slice,
    guest,
    parse,
)
from accelkit.guests.protocol import JUNK_KEPT
from accelkit.guests.workloads import BY_NAME

SOURCES = Path(accelkit.guests.__file__).parent
WRAP = 1 << 64
LCG = (6364136223846793005, 1442695040888963407)


# ---- images ----


@pytest.mark.parametrize(
    ("target", "image", "tools"),
    [
        ("x86_64", "guest.rom", ("gcc", "as", "ld", "objcopy")),
        ("aarch64", "guest.bin", tuple(f"aarch64-linux-gnu-{name}" for name in ("as", "ld", "objcopy"))),
    ],
)
def test_the_image_is_byte_for_byte_what_the_source_builds(
    target: str, image: str, tools: tuple[str, ...], tmp_path: Path
) -> None:
    for program in tools:
        tool(program)
    subprocess.run([SOURCES / target / "build.sh", tmp_path], check=True, timeout=120)
    assert (tmp_path / image).read_bytes() == (SOURCES / target / image).read_bytes()


def test_the_rom_is_one_that_pc_machines_take() -> None:
    """QEMU's pc machines refuse a -bios whose size is no multiple of 64 KiB (hw/i386/x86-common.c)."""
    assert os.path.getsize(guest("none").image) == 65536


@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
def test_the_table_and_the_source_number_the_workloads_alike(target: str) -> None:
    lines = (SOURCES / target / "guest.S").read_text().partition("\ntable:")[2].partition("table_end:")[0]
    assert lines.count("\n") == len(WORKLOADS)
    assert [row.id for row in WORKLOADS] == list(range(len(WORKLOADS)))


# ---- the report ----


def line(kind: str, *numbers: int) -> bytes:
    return f"AK1 {kind} {' '.join(f'{number:016x}' for number in numbers)}\n".encode()


B = line("B", 1, 1000, 0, 2, 5, 3, 0)
BEGIN = Begin(workload=1, n=1000, size=0, cpus=2, seed=5, slices=3, hz=0)


@pytest.mark.parametrize(
    ("output", "report"),
    [
        (b"", Report()),
        (B, Report(BEGIN)),
        (B + line("E", 7, 9) + line("E", 6, 9), Report(BEGIN, (Slice(7, 9), Slice(6, 9)))),
        (B + line("E", WRAP - 1, 0), Report(BEGIN, (Slice(WRAP - 1, 0),))),
        (B + line("X", 14, 2, 3, 4), Report(BEGIN, (), CpuException(14, 2, 3, 4))),
        (line("X", 6, 0, 3, 0), Report(None, (), CpuException(6, 0, 3, 0))),
        (B + line("E", 7, 9)[:-1], Report(BEGIN, (), None, line("E", 7, 9)[:-1])),
        (B + B, Report(BEGIN, (), None, B)),
        (line("E", 7, 9) + B, Report(BEGIN, (), None, line("E", 7, 9))),
        (line("X", 1, 2, 3, 4) + B, Report(None, (), CpuException(1, 2, 3, 4), B)),
        (b"SeaBIOS\r\n" + B, Report(BEGIN, (), None, b"SeaBIOS\r\n")),
        (B.replace(b"AK1", b"AK2"), Report(None, (), None, B.replace(b"AK1", b"AK2"))),
        (B.replace(b"\n", b" 0\n"), Report(None, (), None, B.replace(b"\n", b" 0\n"))),
        (B.upper().replace(b"3E8", b"3e8") + B, Report(BEGIN, (), None, B)),
        (b"f" * 5000, Report(junk=b"f" * JUNK_KEPT)),
    ],
)
def test_a_report_is_read_line_by_line_and_the_rest_is_junk(output: bytes, report: Report) -> None:
    assert parse(output) == report


@given(
    st.lists(st.sampled_from([B, B[:30], line("E", 1, 2), line("X", 1, 2, 3, 4), b"\n", b"\r"]) | st.binary())
)
def test_no_output_makes_the_parser_raise_or_keep_more_than_it_should(pieces: list[bytes]) -> None:
    report = parse(b"".join(pieces))
    assert len(report.junk) <= JUNK_KEPT
    assert len(report.slices) <= len(pieces)


# ---- predictions: each against the plainest simulation of the guest's loop ----


def xorshift_and_lcg(n: int, seed: int) -> int:
    x, y = seed + 1, seed
    for _ in range(n):
        x ^= (x << 13) % WRAP
        x ^= x >> 7
        x ^= (x << 17) % WRAP
        y = (y * LCG[0] + LCG[1]) % WRAP
    return x ^ y


def doubles(n: int, seed: int) -> int:
    total = 0
    while n:
        steps = min(n, 1024)
        n -= steps
        a, x, s = float(seed + 1), 1.0, 0.0
        for _ in range(steps):
            a += 1.0
            x = math.sqrt(x * a) + 1.0
            s += a / x
        (bits,) = struct.unpack("<Q", struct.pack("<d", s))
        total += bits
    return total % WRAP


def walk(n: int, size: int, seed: int, slices: int) -> int:
    lines = [seed + i for i in range(size // 64)]
    total = 0
    for _ in range(slices):
        total = 0
        for _ in range(n):
            for i, value in enumerate(lines):
                total += value
                lines[i] = value + 1
    return total % WRAP


def chase(n: int, size: int, seed: int) -> int:
    words = size // 8
    memory = [(LCG[0] * j + LCG[1]) % words for j in range(words)]
    at = seed % words
    for _ in range(n):
        at = memory[at]
    return at


def blocks(n: int, size: int, seed: int) -> int:
    x = seed
    for _ in range(n):
        for i in range(size):
            x = (3 * x + i % 4096) % WRAP
    return x


def calls(n: int, size: int, seed: int) -> int:
    x = state = seed
    for _ in range(n):
        x = (3 * x + state % size % 4096) % WRAP
        state = (state * LCG[0] + LCG[1]) % WRAP
    return x


numbers = st.integers(1, 3000)
seeds = st.integers(0, (1 << 32) - 1)


@given(numbers, seeds)
def test_cpu_is_predicted(n: int, seed: int) -> None:
    assert guest("cpu").with_work(n=n, seed=seed).checksum() == xorshift_and_lcg(n, seed)


@given(numbers, seeds)
def test_fp_is_predicted(n: int, seed: int) -> None:
    assert guest("fp").with_work(n=n, seed=seed).checksum() == doubles(n, seed)


@given(st.integers(1, 20), st.integers(1, 40), seeds, st.integers(1, 4))
def test_memory_is_predicted_slice_by_slice(n: int, lines: int, seed: int, slices: int) -> None:
    work = guest("memory").with_work(n=n, size=64 * lines, seed=seed)
    assert work.checksum(slices - 1) == walk(n, 64 * lines, seed, slices)


@given(numbers, st.integers(6, 13), seeds)
def test_random_is_predicted(n: int, power: int, seed: int) -> None:
    assert guest("random").with_work(n=n, size=1 << power, seed=seed).checksum() == chase(n, 1 << power, seed)


@given(st.integers(1, 6), st.integers(1, 500), seeds)
def test_tb_thrash_is_predicted(n: int, size: int, seed: int) -> None:
    assert guest("tb-thrash").with_work(n=n, size=size, seed=seed).checksum() == blocks(n, size, seed)


@given(numbers, st.integers(1, 12), seeds)
def test_indirect_is_predicted(n: int, power: int, seed: int) -> None:
    assert guest("indirect").with_work(n=n, size=1 << power, seed=seed).checksum() == calls(
        n, 1 << power, seed
    )


@given(st.integers(1, 200_000), seeds)
def test_smc_is_predicted(n: int, seed: int) -> None:
    expected = (seed + sum(i % 65536 for i in range(n + 1))) % WRAP
    assert guest("smc").with_work(n=n, seed=seed).checksum() == expected


@given(numbers, st.integers(1, 5), seeds)
def test_smp_is_the_sum_over_its_vcpus(n: int, cpus: int, seed: int) -> None:
    expected = sum(xorshift_and_lcg(n, seed + i) for i in range(cpus)) % WRAP
    assert guest("smp").with_work(n=n, cpus=cpus, seed=seed).checksum() == expected


@given(st.integers(1, (1 << 32) - 1), st.integers(1, 64), seeds)
def test_counting_workloads_are_predicted(n: int, cpus: int, seed: int) -> None:
    def answers(name: str, target: str = "x86_64") -> int | None:
        return guest(name, target).with_work(n=n, seed=seed).checksum()

    assert answers("exc") == answers("ipi") == answers("timer") == seed + n
    assert answers("io") == seed + n * 0xE9
    assert answers("mmio") == seed + n * 0x121
    assert answers("mmio", "aarch64") == seed + n * 0x11
    lock = guest("smplock").with_work(n=n, seed=seed, cpus=cpus)
    assert lock.checksum() == n * cpus + sum(seed + i for i in range(cpus))


def test_the_largest_work_is_predicted_at_once() -> None:
    """By squaring, not by 4 * 10**9 steps: this test would not end otherwise."""
    most = (1 << 32) - 1
    for each in GUESTS:
        work = each.with_work(n=most, seed=most, cpus=8)
        assert (work.checksum(9_999) is None) == (each.workload.checksum is None)


# ---- descriptions ----


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


def test_the_command_line_for_aarch64_reports_by_uart_and_leaves_by_semihosting() -> None:
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


def test_every_guest_brings_its_image_and_is_found_by_name() -> None:
    for each in GUESTS:
        assert os.path.exists(each.image)
        assert each.image in each.argv()
        assert guest(each.name, each.target) == each


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
         ("guest 'io' is not for aarch64; for it there are none, cpu, fp, memory, random, tb-thrash, indirect, mmio, "
          "exc, smc, smp, smplock, hang, halt, flood, fault")),
        (lambda: guest("cpu", "x86-64"), "target 'x86-64': no guest is built for it; did you mean 'x86_64'?"),
        (lambda: guest("cpu").with_work(n=0),
         "guest 'cpu': n=0 is not a whole number from 1 to 4294967295: how often the work is repeated"),
        (lambda: guest("cpu").with_work(n=True),
         "guest 'cpu': n=True is not a whole number from 1 to 4294967295: how often the work is repeated"),
        (lambda: guest("cpu").with_work(size=64), "guest 'cpu': size=64 is not 0: it has no size"),
        (lambda: guest("random").with_work(size=96),
         "guest 'random': size=96 is not a power of two, 64 to 1073741824 bytes"),
        (lambda: guest("smp", "aarch64").with_work(cpus=9),
         "guest 'smp': cpus=9 is not a whole number from 1 to 8: how many vCPUs the guest runs on"),
        (lambda: guest("tb-thrash").with_work(size=1 << 20, memory=32),
         "guest 'tb-thrash': memory=32 is not a whole number from 33 to 2048: MiB that hold the guest and its work"),
        (lambda: guest("cpu").with_work(slices=10_001),
         "guest 'cpu': slices=10001 is not a whole number from 1 to 10000: how often the work is timed"),
        (lambda: replace(guest("cpu"), work="gpu"), "guest 'gpu': no such guest for x86_64; did you mean 'cpu'?"),
    ],
)  # fmt: skip
def test_work_that_no_guest_can_do_is_refused_in_words(mistake: object, message: str) -> None:
    assert callable(mistake)
    with pytest.raises(GuestError) as refusal:
        mistake()
    assert str(refusal.value) == message


# ---- verdicts ----


def report_of(work: Guest, **changes: object) -> Report:
    workload, n, size, cpus, seed, _, slices = work.words()
    answers = tuple(Slice(1, work.checksum(k) or 0) for k in range(work.slices))
    return replace(Report(Begin(workload, n, size, cpus, seed, slices, 0), answers), **changes)


@pytest.mark.parametrize(
    "work", [each.with_work(n=3, slices=4) for each in GUESTS if each.n and each.checksum()]
)
def test_a_report_of_the_work_asked_for_is_good(work: Guest) -> None:
    assert work.verify(report_of(work)) is None


def test_a_report_of_anything_else_is_not() -> None:
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


def test_units_are_told_for_whatever_has_a_number() -> None:
    for row in WORKLOADS:
        assert row.does
        assert bool(row.unit) == bool(row.checksum and row.n)
        assert bool(row.sizes.unit) == bool(row.size)
        assert BY_NAME[row.name] is row
