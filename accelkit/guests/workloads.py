"""THE table of workloads: a row for each, in the order of the guests' own tables.

A row says what is done, what ``n`` and ``size`` count, what they are unless told otherwise (about
10 ms a slice under TCG on a 2.6 GHz core), and which function predicts the answer. The rows without
a predictor never answer: they are there to try how failures look.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from accelkit.guests import checksums
from accelkit.guests.checksums import Work

X86_64: Final = ("x86_64",)
BOTH: Final = ("x86_64", "aarch64")


@dataclass(frozen=True, slots=True)
class WorkSize:
    """What ``size`` counts, its range and shape; ``heap``: bytes of guest memory for each."""

    unit: str = ""
    low: int = 0
    high: int = 0
    shape: Literal["any", "multiple of 64", "power of two"] = "any"
    heap: int = 0

    def fits(self, size: int) -> bool:
        """Whether ``size`` is in range and of the right shape.

        >>> WorkSize("bytes", 64, 4096, "power of two").fits(96)
        False
        """
        if not self.low <= size <= self.high:
            return False
        match self.shape:
            case "any":
                return True
            case "multiple of 64":
                return size % 64 == 0
            case "power of two":
                return size & (size - 1) == 0

    def __str__(self) -> str:
        if not self.unit:
            return "0: it has no size"
        shape = "" if self.shape == "any" else f"a {self.shape}, "
        return f"{shape}{self.low} to {self.high} {self.unit}"


@dataclass(frozen=True, slots=True)
class Workload:
    """A row: ``id`` is its number in the guests, ``ends`` the cause that a boot of it ends with."""

    id: int
    name: str
    does: str
    n: int
    unit: str
    checksum: Callable[[Work], int] | None
    size: int = 0
    sizes: WorkSize = WorkSize()
    cpus: int = 1
    slices: int = 20
    targets: tuple[str, ...] = BOTH
    ends: Literal["ok", "timeout", "silent", "flood", "exception"] = "ok"


BYTES: Final = WorkSize("bytes", 64, 1 << 30, "multiple of 64", heap=1)
CYCLE: Final = WorkSize("bytes", 64, 1 << 30, "power of two", heap=1)
BLOCKS: Final = WorkSize("blocks of 16 bytes", 1, 1 << 20, heap=16)
FUNCTIONS: Final = WorkSize("functions of 16 bytes", 2, 1 << 20, "power of two", heap=16)
TICKS: Final = WorkSize("ticks of the APIC timer", 1, (1 << 32) - 1)

WORKLOADS: Final = (
    Workload(
        0, "none", "nothing: the cost of starting and leaving QEMU",
        0, "", checksums.none, slices=1,
    ),
    Workload(
        1, "cpu", "integer arithmetic in registers",
        4_000_000, "rounds of an xorshift and a multiply-add", checksums.cpu,
    ),
    Workload(
        2, "fp", "double precision: add, multiply, divide, square root",
        200_000, "rounds of 6 operations", checksums.fp,
    ),
    Workload(
        3, "memory", "reads and writes of one word in each 64-byte line, in order",
        200, "passes", checksums.memory, 1 << 20, BYTES,
    ),
    Workload(
        4, "random", "reads, each of the address that the last one gave",
        50_000, "reads", checksums.random, 1 << 24, CYCLE,
    ),
    Workload(
        5, "tb-thrash", "blocks of code, each jumping to the next: fills the translation cache",
        10, "passes", checksums.tb_thrash, 50_000, BLOCKS,
    ),
    Workload(
        6, "indirect", "calls of functions in random order",
        100_000, "calls", checksums.indirect, 4096, FUNCTIONS,
    ),
    Workload(
        7, "io", "reads of an I/O port",
        150_000, "reads", checksums.io, targets=X86_64,
    ),
    Workload(
        8, "mmio", "reads of a device's register in memory",
        100_000, "reads", checksums.mmio,
    ),
    Workload(
        9, "exc", "exceptions taken and returned from",
        30_000, "exceptions", checksums.counted,
    ),
    Workload(
        10, "ipi", "interrupts sent to itself",
        10_000, "interrupts", checksums.counted, targets=X86_64,
    ),
    Workload(
        11, "timer", "timer interrupts waited for, halted",
        50, "interrupts", checksums.counted, 100_000, TICKS, targets=X86_64,
    ),
    Workload(
        12, "smc", "instructions written, then run: code translated again and again",
        1000, "instructions", checksums.smc,
    ),
    Workload(
        13, "smp", "the work of cpu on every vCPU at once",
        4_000_000, "rounds on each vCPU", checksums.smp, cpus=2,
    ),
    Workload(
        14, "smplock", "atomic adds to one word by every vCPU",
        200_000, "adds by each vCPU", checksums.smplock, cpus=2,
    ),
    Workload(
        15, "hang", "never ends, busy",
        1, "", None, slices=1, ends="timeout",
    ),
    Workload(
        16, "halt", "never ends, idle",
        1, "", None, slices=1, ends="timeout",
    ),
    Workload(
        17, "triple", "a triple fault, which resets the machine",
        1, "", None, slices=1, targets=X86_64, ends="silent",
    ),
    Workload(
        18, "flood", "writes without end",
        1, "", None, slices=1, ends="flood",
    ),
    Workload(
        19, "fault", "reads an address that is not mapped",
        1, "", None, slices=1, ends="exception",
    ),
)  # fmt: skip

BY_NAME: Final = {row.name: row for row in WORKLOADS}
