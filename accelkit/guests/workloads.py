"""THE table of workloads, one row for each, in the order of the tables in the guests' sources.

A row tells what the guest does, what ``n`` and ``size`` count, their defaults (1 to 2 ms a slice under
TCG on a 2.6 GHz core) and which function predicts the checksum. Workloads without a predictor never
report one: they show what failures look like.
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
    """What ``size`` counts, with its range and shape; ``heap`` is the guest memory in bytes for each unit."""

    unit: str = ""
    low: int = 0
    high: int = 0
    shape: Literal["any", "multiple of 64", "power of two"] = "any"
    heap: int = 0

    def fits(self, size: int) -> bool:
        """Whether ``size`` is in range and has the right shape.

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
            return "0, the only size of this workload"
        shape = "" if self.shape == "any" else f"a {self.shape}, "
        return f"{shape}{self.low} to {self.high} {self.unit}"


@dataclass(frozen=True, slots=True)
class Workload:
    """A row: ``id`` is its number in the guests' sources, ``ends`` the cause with which a boot of it ends."""

    id: int
    name: str
    does: str
    n: int
    unit: str
    checksum: Callable[[Work], int] | None
    size: int = 0
    sizes: WorkSize = WorkSize()
    cpus: int = 1
    slices: int = 100
    targets: tuple[str, ...] = BOTH
    ends: Literal["ok", "timeout", "silent", "flood", "exception"] = "ok"


BYTES: Final = WorkSize("bytes", 64, 1 << 30, "multiple of 64", heap=1)
CYCLE: Final = WorkSize("bytes", 64, 1 << 30, "power of two", heap=1)
BLOCKS: Final = WorkSize("blocks of 16 bytes", 1, 1 << 20, heap=16)
FUNCTIONS: Final = WorkSize("functions of 16 bytes", 2, 1 << 20, "power of two", heap=16)
TICKS: Final = WorkSize("ticks of the APIC timer", 1, (1 << 32) - 1)

WORKLOADS: Final = (
    Workload(
        0, "none", "nothing: the cost of starting and ending QEMU",
        0, "", checksums.none, slices=1,
    ),
    Workload(
        1, "cpu", "integer arithmetic in registers",
        1_000_000, "rounds of an xorshift and a multiply-add", checksums.cpu,
    ),
    Workload(
        2, "fp", "double precision: add, multiply, divide, square root",
        50_000, "rounds of 6 operations", checksums.fp,
    ),
    Workload(
        3, "memory", "reads and writes of one word in each 64-byte line, in order",
        30, "passes", checksums.memory, 1 << 20, BYTES,
    ),
    Workload(
        4, "random", "reads, each at the address that the previous one returned",
        20_000, "reads", checksums.random, 1 << 24, CYCLE,
    ),
    Workload(
        5, "tb-thrash", "blocks of code, each jumps to the next: fills the translation cache",
        1, "passes", checksums.tb_thrash, 50_000, BLOCKS,
    ),
    Workload(
        6, "indirect", "calls of functions in random order",
        20_000, "calls", checksums.indirect, 4096, FUNCTIONS,
    ),
    Workload(
        7, "io", "reads of an I/O port",
        50_000, "reads", checksums.io, targets=X86_64,
    ),
    Workload(
        8, "mmio", "reads of a device's register in memory",
        50_000, "reads", checksums.mmio,
    ),
    Workload(
        9, "exc", "exceptions, with the return from each",
        10_000, "exceptions", checksums.events,
    ),
    Workload(
        10, "ipi", "interrupts that the vCPU sends to itself",
        2000, "interrupts", checksums.events, targets=X86_64,
    ),
    Workload(
        11, "timer", "halts until the next timer interrupt, again and again",
        10, "interrupts", checksums.events, 100_000, TICKS, targets=X86_64,
    ),
    Workload(
        12, "smc", "writes an instruction and runs it: QEMU translates the code again each time",
        300, "instructions", checksums.smc,
    ),
    Workload(
        13, "smp", "the work of cpu on every vCPU at once",
        1_000_000, "rounds on each vCPU", checksums.smp, cpus=2,
    ),
    Workload(
        14, "smplock", "atomic additions to one word by every vCPU",
        50_000, "additions by each vCPU", checksums.smplock, cpus=2,
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
