"""Rules of properties with schemas of targets and hosts that were not captured."""

from __future__ import annotations

import pytest

from accelkit import (
    Schema,
    check,
)
from accelkit.schemas.schema import Captured

RISCV = Schema((10, 0, 0), "riscv64", "", True, {
    "kvm": {"riscv-aia": Captured("string"), "kernel-irqchip": Captured("on|off|split")}, "tcg": {},
})  # fmt: skip


ARM = Schema((10, 0, 0), "aarch64", "", True, {
    "kvm": {"eager-split-size": Captured("size"), "kernel-irqchip": Captured("on|off|split")},
    "whpx": {"kernel-irqchip": Captured("on|off|split"), "hyperv": Captured("OnOffAuto")},
    "hvf": {"kernel-irqchip": Captured("on|off|split")}, "tcg": {"tb-size": Captured("int")},
})  # fmt: skip


X86 = Schema((11, 1, 0), "x86_64", "", True, {
    "whpx": {"kernel-irqchip": Captured("on|off|split"), "ssd": Captured("OnOffAuto"), "x-new": Captured("NewEnum")},
    "hvf": {"kernel-irqchip": Captured("on|off|split")}, "tcg": {},
})  # fmt: skip


NEWER = Schema((12, 0, 0), "x86_64", "", True, {"tcg": {"thread": Captured("string")}})


WHPX = "host: whpx: needs the Windows feature HypervisorPlatform; switch the feature on, and restart Windows"


HVF = "host: hvf: needs the entitlement com.apple.security.hypervisor; sign the QEMU binary with it, as codesign does"


@pytest.mark.parametrize(
    ("schema", "text", "problems"),
    [
        (RISCV, "kvm,riscv-aia=emul", []),
        (RISCV, "kvm,riscv-aia=bad",
         ["refused: kvm,riscv-aia=bad: bad is not an AIA mode; write emul, hwaccel or auto"]),
        (RISCV, "kvm,kernel-irqchip=split",
         ["refused: kvm,kernel-irqchip=split: split is for x86 only; write on or off"]),
        (RISCV, "-accel kvm,kernel-irqchip=split -accel tcg",
         ["refused: kvm,kernel-irqchip=split: split is for x86 only; write on or off"]),
        (RISCV, "kvm,kernel-irqchip=split,kernel-irqchip=on", []),
        (RISCV, "-M virt -accel kvm -icount 0",
         ["refused: kvm: -icount is for tcg only; leave -icount out, or take tcg"]),
        (ARM, "kvm,eager-split-size=2M", []),
        (ARM, "kvm,eager-split-size=0", []),
        (ARM, "kvm,eager-split-size=3",
         ["refused: kvm,eager-split-size=3: 3 is not a power of two; take the next power of two, or 0 to switch it off",
          ("host: kvm,eager-split-size=3: 3 is not a block size of a host with 4 KiB pages; "
           "take 4096, 2097152 or 1073741824, or 0")]),
        (ARM, "kvm,eager-split-size=8192",
         [("host: kvm,eager-split-size=8192: 8192 is not a block size of a host with 4 KiB pages; "
          "take 4096, 2097152 or 1073741824, or 0")]),
        (ARM, "kvm,eager-split-size=1MB",
         [("refused: kvm,eager-split-size=1MB: 1MB is not a value of eager-split-size; "
          "takes bytes, with one of the suffixes K M G T P E or none")]),
        (ARM, "kvm,kernel-irqchip=off", []),
        (ARM, "whpx,kernel-irqchip=off",
         ["refused: whpx,kernel-irqchip=off: off …", WHPX]),
        (ARM, "-accel whpx,kernel-irqchip=off -accel tcg",
         ["ignored: whpx,kernel-irqchip=off: off …", WHPX]),
        (ARM, "whpx,kernel-irqchip=split",
         ["refused: whpx,kernel-irqchip=split: split …", WHPX]),
        (ARM, "whpx,hyperv=maybe",
         ["refused: whpx,hyperv=maybe: maybe is not a value of hyperv; takes on, off, auto", WHPX]),
        (ARM, "hvf,kernel-irqchip=on", [HVF]),
        (X86, "hvf,kernel-irqchip=on", ["refused: hvf,kernel-irqchip=on: on …", HVF]),
        (X86, "hvf,kernel-irqchip=split", ["refused: hvf,kernel-irqchip=split: split …", HVF]),
        (X86, "whpx,ssd=auto", [WHPX]),
        (X86, "whpx,x-new=anything", [WHPX]),
        (NEWER, "-accel tcg -brand-new", ["ignored: -brand-new: …"]),
        (NEWER, "-accel=tcg", ["refused: -accel=tcg: …"]),
    ],
)  # fmt: skip
def test_rules_for_other_targets_and_hosts_follow_the_source(
    schema: Schema, text: str, problems: list[str]
) -> None:
    lines = [f"{problem.kind}: {problem}" for problem in check(text, schema)]
    assert len(lines) == len(problems)
    for line, expected in zip(lines, problems, strict=True):
        assert line.startswith(expected.removesuffix("…")), lines
        assert line == expected or expected.endswith("…")
