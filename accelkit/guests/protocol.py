"""The output of a bundled guest and its parser, which is pure.

A guest writes ASCII lines, each ended by a newline, to its only output: the debug console at port
0xe9 (x86_64) or the PL011 UART (aarch64). Every number is 16 lower-case hexadecimal digits. ``AK1``
is the version of this protocol. Another version begins with another tag, so that a parser of this one
reports junk instead of wrong numbers. ::

    AK1 B workload n size cpus seed slices hz
        once, right before the work: the parameters that the guest read. hz is the frequency of its
        ticks, 0 where it does not know it (x86_64: the time stamp counter)
    AK1 E ticks checksum
        after each slice of the work; the time of a slice does not include writing this line
    AK1 X vector error address fault
        a CPU exception that no workload causes on purpose; it is the last line
        x86_64:  vector, error code, RIP, CR2
        aarch64: entry of the vector table, ESR_EL1, ELR_EL1, FAR_EL1

Then the guest makes QEMU exit. A guest that holds instead writes one byte of any value to its bell (port
0xea of a second debug console; semihosting SYS_WRITEC, which aarch64 under KVM lacks) and halts. Never
trust the exit status alone: QEMU also exits with 0 on SIGTERM and when the guest resets. A run is good if
the report is complete, every checksum is the predicted one (:meth:`accelkit.guests.Guest.verify`) and the
status is one of the first two:

======  =====================================  ==========================================
status  meaning                                how
======  =====================================  ==========================================
33      work done                              isa-debug-exit 0x10; semihosting SYS_EXIT
0       work done, aarch64 under KVM, which    PSCI SYSTEM_OFF
        has no semihosting
35      no such workload, or n is 0            isa-debug-exit 0x11; semihosting SYS_EXIT
37      CPU exception                          isa-debug-exit 0x12; semihosting SYS_EXIT
======  =====================================  ==========================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

DONE: Final = 33
POWERED_OFF: Final = 0
BAD_WORKLOAD: Final = 35

JUNK_KEPT: Final = 1024
"""Bytes outside the protocol that a :class:`Report` keeps, the first ones."""


@dataclass(frozen=True, slots=True)
class Begin:
    """The parameters that the guest read; 0 vCPUs or slices mean 1.

    ``hz`` is the frequency of its ticks, 0 if it does not know it.
    """

    workload: int
    n: int
    size: int
    cpus: int
    seed: int
    slices: int
    hz: int


@dataclass(frozen=True, slots=True)
class Slice:
    """One timed piece of work: its time in ticks of the guest, and its checksum."""

    ticks: int
    checksum: int


@dataclass(frozen=True, slots=True)
class CpuException:
    """A CPU exception that ended the guest; the module documents the numbers, which are the CPU's."""

    vector: int
    error: int
    address: int
    fault: int


@dataclass(frozen=True, slots=True)
class Report:
    """The output of one boot of a guest; ``junk`` has the first :data:`JUNK_KEPT` bytes of all else."""

    begin: Begin | None = None
    slices: tuple[Slice, ...] = ()
    exception: CpuException | None = None
    junk: bytes = b""


_NUMBERS = rb"(?: [0-9a-f]{16}){%d}"
_LINE = re.compile(rb"AK1 (?:B(%b)|E(%b)|X(%b))\n" % tuple(_NUMBERS % k for k in (7, 2, 4)))


def parse(output: bytes) -> Report:
    r"""The report in ``output``, which may be any bytes: all but lines of the protocol is junk.

    Also junk are an incomplete line and a line in the wrong place: a second ``B`` (the guest was reset),
    an ``E`` before ``B``, anything after ``X``.

    >>> word = "{:016x}".format
    >>> begin = " ".join(map(word, (1, 1000, 0, 1, 5, 1, 0)))
    >>> parse(f"AK1 B {begin}\nAK1 E {word(6734)} {word(15)}\n".encode()).slices
    (Slice(ticks=6734, checksum=15),)
    >>> parse(b"AK1 E 12\nAK2 B")
    Report(begin=None, slices=(), exception=None, junk=b'AK1 E 12\nAK2 B')
    """
    begin: Begin | None = None
    slices: list[Slice] = []
    exception: CpuException | None = None
    junk = bytearray()
    for line in output.splitlines(keepends=True):
        match = None if exception else _LINE.fullmatch(line)
        numbers = [int(word, 16) for word in match[match.lastindex or 0].split()] if match else []
        match len(numbers):
            case 7 if begin is None:
                begin = Begin(*numbers)
            case 2 if begin is not None:
                slices.append(Slice(*numbers))
            case 4:
                exception = CpuException(*numbers)
            case _:
                junk += line[: max(0, JUNK_KEPT - len(junk))]
    return Report(begin, tuple(slices), exception, bytes(junk))
