"""Which options show an effect with which bundled guest, and how large it is: what to choose a guest by. Pure.

Sizes are of time against the option's other value, measured on x86_64 with Debian's QEMU 7.2, 10.0 and 11.1 under TCG;
README has the intervals of the main ones, tests/bench/effects.py measures them again. What only KVM shows was not
measured: it is what QEMU's and KVM's sources do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Effect(NamedTuple):
    """A property that matters to a guest, as QEMU names it, and how much: its value and a few words."""

    property: str
    size: str


def _one_insn(times: str) -> Effect:
    return Effect("one-insn-per-tb", f"on: {times} times as long")


_IRQCHIP: Final = Effect(
    "kernel-irqchip", "off, split: QEMU delivers interrupts and not the kernel; under KVM, not measured"
)

EFFECTS: Final[Mapping[str, tuple[Effect, ...]]] = {
    "none": (),
    "cpu": (_one_insn("about 100"),),
    "fp": (_one_insn("about 5"),),
    "memory": (_one_insn("about 25"),),
    "random": (),
    "tb-thrash": (
        Effect("tb-size", "1, 8: up to 200 times as long, as its 19 MB of code do not fit"),
        _one_insn("2 to 15"),
    ),
    "indirect": (
        Effect("tb-size", "1: about 40 times as long, as its 4096 functions do not fit"),
        _one_insn("3 to 4"),
    ),
    "io": (_one_insn("about 2"),),
    "mmio": (),
    "exc": (),
    "ipi": (_IRQCHIP,),
    "timer": (_IRQCHIP,),
    "smc": (Effect("split-wx", "on: 3 to 9% longer, as QEMU makes code all the time"),),
    "smp": (
        Effect("thread", "multi: half as long with 2 vCPUs, on cores that are free"),
        _one_insn("about 85"),
    ),
    "smplock": (
        Effect("thread", "multi: 2 to 7 times as long, as the vCPUs wait for each other"),
        _one_insn("about 3"),
    ),
}
"""Of each workload that ends well. One without effects shows what another QEMU, machine or accelerator costs."""
