"""The checksum that each workload must report, computed without running it.

Every workload is chosen so that its checksum is cheap to predict however large ``n`` is: linear maps are
raised to the n-th power by squaring; ``fp``, which is not linear, starts again every 1024 steps. All
arithmetic is modulo 2**64. These functions mirror the guests ``x86_64/guest.S`` and
``aarch64/guest.S``: change all three together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from math import sqrt
from struct import pack, unpack
from typing import Final

WRAP: Final = 1 << 64

LCG_A: Final = 6364136223846793005
LCG_C: Final = 1442695040888963407
"""Knuth's MMIX generator. LCG_A = 1 mod 4 and LCG_C is odd, so it has full period modulo every power of
two (The Art of Computer Programming, vol. 2, 3.2.1.2, theorem A)."""

FP_BLOCK: Final = 1024

READ_BACK: Final = {"x86_64": 0x121, "aarch64": 0x11}
"""The value that ``mmio`` reads: the APIC's spurious vector register as the guest sets it; the first byte
of the UART's peripheral identity."""


@dataclass(frozen=True, slots=True)
class Work:
    """The work of one slice; ``slice`` counts from 0."""

    target: str
    n: int
    size: int
    cpus: int
    seed: int
    slice: int


def none(work: Work) -> int:  # noqa: ARG001 - a predictor like the others
    """0: the guest does no work."""
    return 0


def cpu(work: Work) -> int:
    """The n-th xorshift64 of seed + 1, exclusive-or the n-th LCG value of seed.

    xorshift64 is Marsaglia's generator with shifts 13, 7, 17 (Journal of Statistical Software 8(14),
    2003), a linear map over GF(2).

    >>> f"{cpu(Work('x86_64', n=1000, size=0, cpus=1, seed=5, slice=0)):016x}"
    'd8fbaf49c5312442'
    """
    return _cpu(work.n, work.seed)


def fp(work: Work) -> int:
    """The sum of the bit patterns of all blocks' results; every block starts from the same numbers."""
    whole, rest = divmod(work.n, FP_BLOCK)
    last = _fp_block(work.seed, rest) if rest else 0
    return (whole * _fp_block(work.seed, FP_BLOCK) + last) % WRAP


def memory(work: Work) -> int:
    """The sum of all words that n passes read: line i starts as seed + i, and every pass adds 1 to it.

    A slice continues with the memory that the previous one left, so each slice has another sum.
    """
    lines, before = work.size // 64, work.slice * work.n
    first_pass = lines * work.seed + lines * (lines - 1) // 2
    added = lines * (work.n * before + work.n * (work.n - 1) // 2)
    return (work.n * first_pass + added) % WRAP


def random(work: Work) -> int:
    """The index reached after n steps: word j points to word (LCG_A * j + LCG_C) mod words."""
    words = work.size // 8
    return _affine_power(LCG_A, LCG_C, work.n, words, work.seed % words)


def tb_thrash(work: Work) -> int:
    """The seed after n passes over ``size`` blocks; block i maps x to 3x + (i mod 4096)."""
    return _affine_power(*_blocks(work.size), work.n, WRAP, work.seed)


def indirect(work: Work) -> int:
    """The seed after n calls; function i maps x to 3x + (i mod 4096), and an LCG chooses the functions."""
    return _indirect(work.n, work.size, work.seed)


def io(work: Work) -> int:
    """The seed + n * 0xe9: a read of the debug console gives 0xe9 (``readback``, hw/char/debugcon.c)."""
    return (work.seed + work.n * 0xE9) % WRAP


def mmio(work: Work) -> int:
    """The seed + n times the register's value (:data:`READ_BACK`)."""
    return (work.seed + work.n * READ_BACK[work.target]) % WRAP


def events(work: Work) -> int:
    """The seed + n: all n exceptions or interrupts arrived, and no other."""
    return (work.seed + work.n) % WRAP


def smc(work: Work) -> int:
    """The seed + the sum of i mod 65536 for i = 1 to n, each loaded by an instruction just written."""
    whole, rest = divmod(work.n, 65536)
    return (work.seed + whole * (65535 * 65536 // 2) + rest * (rest + 1) // 2) % WRAP


def smp(work: Work) -> int:
    """The sum of :func:`cpu` over all vCPUs; vCPU i has seed + i."""
    return sum(_cpu(work.n, work.seed + index) for index in range(work.cpus)) % WRAP


def smplock(work: Work) -> int:
    """The number of additions, n by each vCPU, plus the sum of their seeds, seed + i for vCPU i."""
    return (work.n * work.cpus + sum(work.seed + index for index in range(work.cpus))) % WRAP


def _affine_power(a: int, c: int, n: int, modulus: int, x: int) -> int:
    """``x`` after n applications of x -> (a * x + c) mod modulus."""
    while n:
        if n & 1:
            x = (a * x + c) % modulus
        a, c, n = a * a % modulus, (a * c + c) % modulus, n >> 1
    return x % modulus


def _xorshift(x: int) -> int:
    x ^= (x << 13) % WRAP
    x ^= x >> 7
    return x ^ (x << 17) % WRAP


@cache  # at most 32 of them: n is a 32-bit word
def _xorshift_columns(k: int) -> tuple[int, ...]:
    """The matrix over GF(2) of 2**k xorshifts, as the image of each bit."""
    if k == 0:
        return tuple(_xorshift(1 << bit) for bit in range(64))
    half = _xorshift_columns(k - 1)
    return tuple(_times(half, column) for column in half)


def _times(columns: tuple[int, ...], x: int) -> int:
    image = 0
    while x:
        low = x & -x
        image ^= columns[low.bit_length() - 1]
        x ^= low
    return image


@lru_cache(maxsize=1024)
def _cpu(n: int, seed: int) -> int:
    x = seed + 1
    for k in range(n.bit_length()):
        if n >> k & 1:
            x = _times(_xorshift_columns(k), x)
    return x ^ _affine_power(LCG_A, LCG_C, n, WRAP, seed)


@lru_cache(maxsize=1024)
def _fp_block(seed: int, steps: int) -> int:
    # Python and the guest both use IEEE 754 doubles, rounded to nearest: the bits agree.
    a, x, s = float(seed + 1), 1.0, 0.0
    for _ in range(steps):
        a += 1.0
        x = sqrt(x * a) + 1.0
        s += a / x
    return int(unpack("<Q", pack("<d", s))[0])


@lru_cache(maxsize=64)
def _blocks(size: int) -> tuple[int, int]:
    """One pass through all blocks as (a, c) of x -> a * x + c."""
    a, c = 1, 0
    for number in range(size):
        a, c = 3 * a % WRAP, (3 * c + number % 4096) % WRAP
    return a, c


@lru_cache(maxsize=256)
def _indirect(n: int, size: int, seed: int) -> int:
    # Modulo size, a power of two, the LCG calls every function once in size calls: one affine map.
    rounds, rest = divmod(n, size)
    a, c, state = 1, 0, seed % size
    for _ in range(size if rounds else 0):
        a, c = 3 * a % WRAP, (3 * c + state % 4096) % WRAP
        state = (LCG_A * state + LCG_C) % size
    x = _affine_power(a, c, rounds, WRAP, seed)
    for _ in range(rest):
        x = (3 * x + state % 4096) % WRAP
        state = (LCG_A * state + LCG_C) % size
    return x
