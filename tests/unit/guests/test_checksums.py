"""The predicted checksums against the plainest simulation of each guest's loop."""

from __future__ import annotations

import math
import struct

from hypothesis import given
from hypothesis import strategies as st

from accelkit.guests import GUESTS, guest

WRAP = 1 << 64
LCG = (6364136223846793005, 1442695040888963407)


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


def test_the_largest_work_is_predicted_immediately() -> None:
    """By squaring; with 4 * 10**9 single steps this test would not end."""
    most = (1 << 32) - 1
    for largest in (row.with_work(n=most, seed=most, cpus=8) for row in GUESTS):
        assert (largest.checksum(9_999) is None) == (largest.workload.checksum is None)
