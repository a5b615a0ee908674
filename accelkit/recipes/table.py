"""THE table: a row for each accelerator and each property. The rows are the functions that make recipes.

A row has the meaning of a property: unit, range, words, rules, documentation, source. Which release and which binary has
it is in the schemas. Facts hold for QEMU 5.2 to 11.1; they were read in the source files named in the row, and measured
on 5.2, 7.2, 8.2, 10.0 and 11.1 where these have the accelerator.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, overload

from accelkit.recipes.domains import Int, OnOff, Size, Text, Words
from accelkit.recipes.options import half, sets
from accelkit.recipes.property import Accelerator, Property
from accelkit.recipes.purposes import PowersOfTwo, Worth
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.rules import (
    Rule,
    is_more_than,
    is_no_block_size,
    is_not_power_of_two,
    is_not_word,
    is_other_device,
    is_outside_portable_ring,
    is_set,
    is_too_few_shadow_pages,
    is_word,
)
from accelkit.recipes.space import Space
from accelkit.recipes.values import Each
from accelkit.syntax.option_map import READERS

# One type for each accelerator, for type checkers only: tb_size(64) is a Recipe[Tcg].


class Kvm:
    """Type of recipes for kvm."""


class Tcg:
    """Type of recipes for tcg."""


class Xen:
    """Type of recipes for xen."""


class Hvf:
    """Type of recipes for hvf."""


class Nvmm:
    """Type of recipes for nvmm."""


class Whpx:
    """Type of recipes for whpx."""


class Mshv:
    """Type of recipes for mshv."""


class Nitro:
    """Type of recipes for nitro."""


class Qtest:
    """Type of recipes for qtest."""


class Hax:
    """Type of recipes for hax."""


kvm: Accelerator[Kvm] = Accelerator(
    "kvm", "The kernel's own virtualization; the guest runs on the host's CPUs.",
    hosts="Linux", needs="/dev/kvm, readable and writable", source="accel/kvm/kvm-all.c",
)  # fmt: skip
tcg: Accelerator[Tcg] = Accelerator(
    "tcg", "Translation of guest code into host code; runs anywhere, any guest architecture.",
    hosts="all", needs="", source="accel/tcg/tcg-all.c",
)  # fmt: skip
xen: Accelerator[Xen] = Accelerator(
    "xen", "QEMU as device model of a Xen domain.",
    hosts="Linux as Xen's dom0", needs="/dev/xen/privcmd", source="accel/xen/xen-all.c",
)  # fmt: skip
hvf: Accelerator[Hvf] = Accelerator(
    "hvf", "macOS' Hypervisor framework.",
    hosts="macOS", needs="the entitlement com.apple.security.hypervisor", source="accel/hvf/hvf-all.c",
)  # fmt: skip
nvmm: Accelerator[Nvmm] = Accelerator(
    "nvmm", "NetBSD's virtual machine monitor.",
    hosts="NetBSD", needs="/dev/nvmm", source="target/i386/nvmm/nvmm-all.c",
)  # fmt: skip
whpx: Accelerator[Whpx] = Accelerator(
    "whpx", "The Windows Hypervisor Platform.",
    hosts="Windows", needs="the Windows feature HypervisorPlatform", source="target/i386/whpx/whpx-all.c",
)  # fmt: skip
mshv: Accelerator[Mshv] = Accelerator(
    "mshv", "Microsoft's hypervisor, driven from Linux.",
    hosts="Linux on Microsoft's hypervisor", needs="/dev/mshv", source="accel/mshv/mshv-all.c",
)  # fmt: skip
nitro: Accelerator[Nitro] = Accelerator(
    "nitro", "An AWS Nitro enclave beside the instance.",
    hosts="Linux on an EC2 instance", needs="/dev/nitro_enclaves", source="accel/nitro/nitro-accel.c",
)  # fmt: skip
qtest: Accelerator[Qtest] = Accelerator(
    "qtest", "No CPU at all: a test harness drives the devices.",
    hosts="all", needs="", source="accel/qtest/qtest.c",
)  # fmt: skip
hax: Accelerator[Hax] = Accelerator(
    "hax", "Intel HAXM; QEMU dropped it in 8.2.",
    hosts="Windows, macOS, NetBSD", needs="the HAXM driver", source="target/i386/hax/hax-all.c",
)  # fmt: skip

ACCELERATORS: Final[dict[str, Accelerator[Any]]] = {
    row.name: row for row in (kvm, tcg, xen, hvf, nvmm, whpx, mshv, nitro, qtest, hax)
}

_ON_OFF_AUTO: Final = Words(("on", "off", "auto"), qom=("OnOffAuto",))
_POWER_OF_TWO: Final = Rule(
    is_not_power_of_two, "property", "refused",
    "is not a power of two", "take the next power of two, or 0 to switch it off",
)  # fmt: skip
_SOURCE_ONLY: Final = "no captured QEMU is built with it; read in the source"

igd_passthru: Property[bool, Xen] = Property(
    "igd-passthru", (xen,), OnOff(),
    "Pass the host's Intel graphics device through to the guest.",
    purpose="host devices",
    default="off",
    detail="A build without PCI passthrough refuses on. On Arm, where xen is since 8.1, there is none to pass through.",
    source="accel/xen/xen-all.c",
    worth=(Worth("it gives the guest a device, and changes no speed of the CPU"),),
)  # fmt: skip

kernel_irqchip: Property[str, Kvm | Whpx | Hvf] = Property(
    "kernel-irqchip", (kvm, whpx, hvf), Words(("on", "off", "split"), qom=("on|off|split",)),
    "Where the interrupt controllers live: all in the kernel, all in QEMU, or split.",
    purpose="interrupts",
    default="on, unless the machine prefers split; hvf: what the machine prefers, else off",
    detail=(
        "split (x86 kvm only) keeps the local APICs in the kernel and moves PIC and IO-APIC to QEMU; "
        "interrupt remapping needs split or off. off under kvm is refused since 8.0 for x86 CPUs "
        "that have a local APIC, as nearly all have; 486 has none, nor has MODEL,-apic."
    ),
    source="accel/kvm/kvm-all.c, target/i386/whpx/whpx-all.c (accel/whpx/whpx-common.c from 11.0 on), accel/hvf/hvf-all.c",
    worth=(
        Worth("on, the default, is the faster for old devices. With split the kernel has no PIT, whose lost ticks it would "
              "make up for, and for that keep the AVIC of AMD's CPUs switched off (arch/x86/kvm/i8254.c, Linux)",
              ("split",), frozenset({"kvm"}), frozenset({"x86_64", "i386"})),
        Worth("macOS then delivers interrupts without an exit to QEMU, where the machine has not chosen that already",
              ("on",), frozenset({"hvf"}), frozenset({"aarch64"})),
        Worth("the default is the fastest: with any other value more interrupts pass through QEMU"),
    ),
    rules=(
        Rule(is_word("split"), "property", "refused",
             "is not supported under whpx", "write on or off", frozenset({"whpx"})),
        Rule(is_word("split"), "property", "refused",
             "is not supported under hvf", "write off", frozenset({"hvf"})),
        Rule(is_word("on"), "property", "refused",
             "is not available for x86 under hvf", "write off", frozenset({"hvf"}), frozenset({"x86_64", "i386"})),
        Rule(is_word("off"), "init", "refused",
             "is not possible with whpx on Arm", "write on", frozenset({"whpx"}), frozenset({"aarch64"})),
        Rule(is_word("split"), "exit", "refused",
             "is for x86 only", "write on or off", frozenset({"kvm"}),
             frozenset({"aarch64", "riscv64", "riscv32", "s390x", "ppc64", "ppc", "loongarch64",
                        "mips", "mipsel", "mips64", "mips64el"})),
    ),
)  # fmt: skip

shadow_mem: Property[int, Kvm] = Property(
    "kvm-shadow-mem", (kvm,),
    Size("bytes", 1, 256 * 1024, (1 << 31) - 1, qom=("int",),
         special=((-1, "the kernel's default"),)),
    "Memory for KVM's shadow page tables.",
    purpose="memory",
    example="64MiB",
    default="-1: the kernel's default",
    detail=(
        "Matters only where the CPU has no nested paging (EPT, NPT) or it is off; used on x86. Fewer than "
        "64 pages of 4 KiB are refused by the kernel; QEMU keeps the number in a C int, so 2 GiB and "
        "more would become another number."
    ),
    source="accel/kvm/kvm-all.c, target/i386/kvm/kvm.c",
    worth=(
        Worth("KVM keeps page tables of its own only where the CPU's nested paging (EPT, NPT) is off. There, a guest that "
              "needs more of them than fit makes KVM drop some and build them again",
              PowersOfTwo(16 << 20, 1 << 30, 1, share=16), shadow_paging=True),
    ),
    rules=(
        Rule(is_too_few_shadow_pages, "init", "refused",
             "is fewer than 64 pages of 4 KiB (QEMU keeps the number modulo 2^32)",
             "take 262144 (256 KiB) to 2147483647, or leave it out"),
    ),
)  # fmt: skip

one_insn_per_tb: Property[bool, Tcg] = Property(
    "one-insn-per-tb", (tcg,), OnOff(),
    "Put one guest instruction into each translation block.",
    purpose="translation",
    default="off",
    detail="For debugging and tracing: many times slower. Before 8.1 this was the option -singlestep.",
    source="accel/tcg/tcg-all.c",
    worth=(Worth("on is for debugging, and makes every guest slower, up to 130 times"),),
)  # fmt: skip

split_wx: Property[bool, Tcg] = Property(
    "split-wx", (tcg,), OnOff(),
    "Map the code buffer twice, once writable and once executable.",
    purpose="translation",
    default="off (on where the host forbids writable and executable memory)",
    detail=(
        "Costs nothing once code is translated, a few percent where code is translated all the time. "
        "A build whose host cannot do it refuses on."
    ),
    source="accel/tcg/tcg-all.c, tcg/region.c",
    worth=(Worth("on makes no guest faster, and one that makes new code all the time up to 9% slower"),),
)  # fmt: skip

tb_size: Property[int, Tcg] = Property(
    "tb-size", (tcg,), Size("MiB", 1024 * 1024, 0, (1 << 32) - 1, qom=("int", "uint32")),
    "Size of the cache of translated code; 0 lets QEMU choose.",
    purpose="translation",
    example=64,
    default="0: 1 GiB, or an eighth of the host's RAM where that is less",
    detail=(
        "A cliff, not a slope: a cache smaller than the guest's working set of code is flushed again and again, "
        "a larger one gains nothing. QEMU refuses no size in range; it clamps it to about 1 MiB to 2 GiB on x86 hosts."
    ),
    source="accel/tcg/tcg-all.c, tcg/region.c",
    worth=(
        Worth("a cache that holds the guest's code is as fast as any larger one, and up to 200 times as fast as one that does "
              "not: only a trial shows which size is enough",
              PowersOfTwo(8, 2048, 1 << 20, share=4, own_share=8, own_high=1024)),
    ),
    rules=(
        Rule(is_more_than(2048), "init", "ignored",  # MAX_CODE_GEN_BUFFER_SIZE; `info jit` shows the size in use
             "is more than the 2048 MiB to which QEMU clamps it on x86 hosts",
             "write 2048 or less: the number counts MiB"),
    ),
)  # fmt: skip

dirty_ring_size: Property[int, Kvm] = Property(
    "dirty-ring-size", (kvm,),
    Int("entries a vCPU", 0, (1 << 32) - 1, qom=("uint32",), power_of_two=True),
    "Entries in each vCPU's ring of dirtied pages; 0 uses the bitmap instead.",
    purpose="dirty logging",
    example=4096,
    default="0: the bitmap",
    detail=(
        "For live migration and measuring dirty rates, on x86 and Arm. Every kernel that has the ring accepts 1024 to "
        "65536; on a kernel without it QEMU warns and uses the bitmap."
    ),
    source="accel/kvm/kvm-all.c",
    worth=(Worth("it acts only while written pages are logged, as in a live migration"),),
    rules=(
        _POWER_OF_TWO,
        Rule(is_outside_portable_ring, "init", "host",
             "is a ring size that some kernels refuse", "take 1024 to 65536 entries, or 0"),
    ),
)  # fmt: skip

eager_split_size: Property[int, Kvm] = Property(
    "eager-split-size", (kvm,),
    Size("bytes", 1, 0, 1 << 63, qom=("size",), power_of_two=True),
    "Split huge pages in chunks of this size before dirty logging starts; 0 splits on demand.",
    purpose="dirty logging",
    example="2MiB",
    default="0: on demand",
    detail=(
        "64-bit Arm only. In bytes. Must be a power of two and one of the host's block "
        "sizes: 4 KiB, 2 MiB or 1 GiB where pages are 4 KiB."
    ),
    source="target/arm/kvm.c",
    worth=(Worth("it acts only when written pages begin to be logged, as in a live migration"),),
    targets=("aarch64",),
    rules=(
        _POWER_OF_TWO,
        Rule(is_no_block_size, "init", "host",
             "is not a block size of a host with 4 KiB pages", "take 4096, 2097152 or 1073741824, or 0"),
    ),
    not_captured="the captured Arm QEMUs, built for x86 hosts, have no kvm; read in the source",
)  # fmt: skip

notify_vmexit: Property[str, Kvm] = Property(
    "notify-vmexit", (kvm,),
    Words(("run", "internal-error", "disable"), qom=("NotifyVMexitOption",)),
    "What to do when a guest keeps a CPU without an event window.",
    purpose="runaway guests",
    default="run",
    detail=(
        "The CPU makes a VM exit after notify-window cycles without an event window: run counts the exit and "
        "continues, internal-error stops the guest, disable makes no such exits. Protects against a guest that hangs "
        "its CPU. Without effect if CPU or kernel cannot do it."
    ),
    source="target/i386/kvm/kvm.c, qapi/run-state.json",
    worth=(Worth("it is a protection: only a guest that hangs its CPU makes such exits"),),
    targets=("x86_64", "i386"),
)  # fmt: skip

notify_window: Property[int, Kvm] = Property(
    "notify-window", (kvm,), Int("cycles", 0, (1 << 32) - 1, qom=("uint32",)),
    "Cycles without an event window after which the notification VM exit occurs.",
    purpose="runaway guests",
    example=1000,
    default="0: as short as the CPU allows",
    detail="Added to the CPU's own minimum. Without effect if notify-vmexit is disable or unsupported.",
    source="target/i386/kvm/kvm.c",
    worth=(Worth("it is a protection: only a guest that hangs its CPU makes such exits"),),
    targets=("x86_64", "i386"),
)  # fmt: skip

thread: Property[str, Tcg] = Property(
    "thread", (tcg,), Words(("single", "multi")),
    "One host thread for all vCPUs, or one for each.",
    purpose="translation",
    default="multi if guest and host allow it and -icount is off",
    detail=(
        "multi is faster for guests that run in parallel; a contended lock can make it several times slower. "
        "With -icount QEMU accepts only single."
    ),
    source="accel/tcg/tcg-all.c",
    worth=(
        Worth("QEMU takes multi by itself where that is safe. Where vCPUs wait for each other single may be many times as fast, "
              "and most of all where the host has fewer CPUs than the guest", ("single",)),
    ),
    rules=(
        Rule(is_not_word("single", "multi"), "property", "refused",
             "is not a thread setting", "write single or multi"),
    ),
)  # fmt: skip

device: Property[str, Kvm] = Property(
    "device", (kvm,), Text("a path"),
    "The KVM device node to use.",
    purpose="host devices",
    example="/dev/kvm",
    default="/dev/kvm",
    detail="Must be a KVM device that QEMU can open. /dev/fdset/N works with -add-fd fd=F,set=N.",
    source="accel/kvm/kvm-all.c",
    worth=(Worth("it names a device node: KVM is the same behind each"),),
    rules=(
        Rule(is_other_device, "init", "host",
             "is not /dev/kvm; it must be a KVM device that QEMU can open", "check that it exists, or leave it out"),
    ),
)  # fmt: skip

rapl: Property[bool, Kvm] = Property(
    "rapl", (kvm,), OnOff(),
    "Give the guest the energy counters (RAPL MSRs).",
    purpose="energy",
    default="off",
    detail="Used on x86. Needs an Intel host with RAPL, and qemu-vmsr-helper listening on the socket.",
    source="accel/kvm/kvm-all.c, target/i386/kvm/vmsr_energy.c",
    worth=(Worth("the guest gets counters of energy, and no speed"),),
    rules=(
        Rule(is_set, "init", "host",
             "needs an Intel host with RAPL and a running qemu-vmsr-helper", "start the helper, or write off"),
    ),
)  # fmt: skip

rapl_helper_socket: Property[str, Kvm] = Property(
    "rapl-helper-socket", (kvm,), Text("a path"),
    "Socket of qemu-vmsr-helper, which reads the host's energy counters.",
    purpose="energy",
    example="/run/qemu-vmsr-helper.sock",
    default="/run/qemu-vmsr-helper.sock below the prefix that QEMU was built with",
    detail="Used only with rapl=on.",
    source="accel/kvm/kvm-all.c, target/i386/kvm/vmsr_energy.c",
    worth=(Worth("it is the path of a socket"),),
)  # fmt: skip

xen_version: Property[int, Kvm] = Property(
    "xen-version", (kvm,),
    Int("(65536 × major + minor)", 0, (1 << 32) - 1, qom=("uint32",), hexadecimal=True),
    "Emulate this version of Xen for the guest, in the format of XENVER_version: 0x40011 is 4.17.",
    purpose="Xen",
    example=0x4000A,
    default="0: none",
    detail="Needs a PC machine, kernel-irqchip=split, and a host kernel with KVM's Xen HVM support.",
    source="target/i386/kvm/kvm.c, target/i386/kvm/xen-emu.c",
    worth=(Worth("the guest's system decides whether it needs a Xen"),),
    targets=("x86_64", "i386"),
    rules=(
        Rule(is_set, "init", "host",
             "needs a host kernel with KVM's Xen HVM support", "leave it out, or try it on that host"),
    ),
)  # fmt: skip

xen_gnttab_max_frames: Property[int, Kvm] = Property(
    "xen-gnttab-max-frames", (kvm,), Int("frames", 0, (1 << 16) - 1, qom=("uint16",)),
    "The maximum number of grant table frames of the emulated Xen.",
    purpose="Xen",
    example=64,
    default="64",
    detail="Used only with xen-version.",
    source="target/i386/kvm/kvm.c",
    worth=(Worth("it is a limit: a guest that stays below it is as fast with any other"),),
    targets=("x86_64", "i386"),
)  # fmt: skip

xen_evtchn_max_pirq: Property[int, Kvm] = Property(
    "xen-evtchn-max-pirq", (kvm,), Int("PIRQs", 0, (1 << 16) - 1, qom=("uint16",)),
    "The maximum number of physical interrupts (PIRQs) of the emulated Xen.",
    purpose="Xen",
    example=256,
    default="256",
    detail="Used only with xen-version.",
    source="target/i386/kvm/kvm.c",
    worth=(Worth("it is a limit: a guest that stays below it is as fast with any other"),),
    targets=("x86_64", "i386"),
)  # fmt: skip

honor_guest_pat: Property[str, Kvm] = Property(
    "honor-guest-pat", (kvm,), _ON_OFF_AUTO,
    "Let the guest's page attribute table decide how its memory is cached.",
    purpose="memory",
    default="off, though QEMU's own description says auto",
    detail="on switches off a quirk of KVM that ignores the guest's PAT; auto does so if the host can.",
    source="target/i386/kvm/kvm.c",
    worth=(Worth("the guest's devices decide what is right; on can make memory uncached that is cached with off"),),
    targets=("x86_64", "i386"),
    rules=(
        Rule(is_word("on"), "init", "host",
             "needs a kernel that can switch off the ignore-guest-PAT quirk", "write auto or off"),
    ),
)  # fmt: skip

riscv_aia: Property[str, Kvm] = Property(
    "riscv-aia", (kvm,), Words(("emul", "hwaccel", "auto")),
    "How the RISC-V interrupt controller (AIA) works: emulated, in hardware, or whichever is best.",
    purpose="interrupts",
    default="auto",
    detail="Used only with an in-kernel irqchip. QEMU for 32-bit RISC-V has kvm until 10.2 only.",
    source="target/riscv/kvm/kvm-cpu.c",
    worth=(Worth("auto takes the host's own interrupt controller where there is one, and that is the fastest"),),
    targets=("riscv64", "riscv32"),
    rules=(
        Rule(is_not_word("emul", "hwaccel", "auto"), "property", "refused",
             "is not an AIA mode", "write emul, hwaccel or auto"),
    ),
    not_captured="the captured RISC-V QEMUs, built for x86 hosts, have no kvm; read in the source",
)  # fmt: skip

hyperv: Property[str, Whpx] = Property(
    "hyperv", (whpx,), _ON_OFF_AUTO,
    "Offer Hyper-V enlightenments to the guest.",
    purpose="CPU",
    default="auto (Arm: off)",
    detail="on fails at start-up on old versions of Windows.",
    source="accel/whpx/whpx-common.c",
    worth=(Worth("auto offers them wherever Windows can, and they only make a guest faster"),),
    targets=("x86_64", "aarch64"),
    not_captured=_SOURCE_ONLY,
)  # fmt: skip

ignore_unknown_msr: Property[str, Whpx] = Property(
    "ignore-unknown-msr", (whpx,), _ON_OFF_AUTO,
    "Ignore accesses to unknown MSRs instead of raising #GP in the guest.",
    purpose="CPU",
    default="auto, which is on",
    detail="Old guests may need on; guests that probe for MSRs may need off.",
    source="target/i386/whpx/whpx-all.c",
    worth=(Worth("the guest's system decides which it needs"),),
    targets=("x86_64",),
    not_captured=_SOURCE_ONLY,
)  # fmt: skip

intercept_msr_gp: Property[str, Whpx] = Property(
    "intercept-msr-gp", (whpx,), _ON_OFF_AUTO,
    "Intercept the #GP that an MSR access raises.",
    purpose="CPU",
    default="auto, which is off",
    detail="Costs an exit for each such fault.",
    source="target/i386/whpx/whpx-all.c",
    worth=(Worth("off is the default, and on costs an exit for each such fault"),),
    targets=("x86_64",),
    not_captured=_SOURCE_ONLY,
)  # fmt: skip

ssd: Property[str, Whpx] = Property(
    "ssd", (whpx,), _ON_OFF_AUTO,
    "Speculative store bypass disable for the guest.",
    purpose="CPU",
    default="auto, which is on",
    detail="Protects against Spectre v4.",
    source="target/i386/whpx/whpx-all.c",
    worth=(Worth("off may be faster, and takes the protection against Spectre v4 away: that is for you to decide"),),
    targets=("x86_64",),
    not_captured=_SOURCE_ONLY,
)  # fmt: skip

debug_mode: Property[bool, Nitro] = Property(
    "debug-mode", (nitro,), OnOff(),
    "Start the enclave in debug mode, which gives it a console.",
    purpose="confidential computing",
    default="off",
    detail="An enclave in debug mode is attested with zeroed measurements.",
    source="accel/nitro/nitro-accel.c",
    worth=(Worth("it gives the enclave a console, and takes its attestation away"),),
)  # fmt: skip

enclave_cid: Property[int, Nitro] = Property(
    "enclave-cid", (nitro,), Int("(vsock context id)", 0, (1 << 64) - 1, qom=("uint64",)),
    "The enclave's vsock context id; 0 lets Nitro choose.",
    purpose="confidential computing",
    example=16,
    default="0: chosen by Nitro",
    detail="Ids 0 to 3 have special meanings in vsock; take 4 or more.",
    source="accel/nitro/nitro-accel.c",
    worth=(Worth("it is a number by which others find the enclave"),),
)  # fmt: skip

PROPERTIES: Final[dict[str, Property[Any, Any]]] = {
    row.key: row
    for row in (
        igd_passthru, kernel_irqchip, shadow_mem, one_insn_per_tb, split_wx, tb_size, dirty_ring_size,
        eager_split_size, notify_vmexit, notify_window, thread, device, rapl, rapl_helper_socket,
        xen_version, xen_gnttab_max_frames, xen_evtchn_max_pirq, honor_guest_pat, riscv_aia, hyperv,
        ignore_unknown_msr, intercept_msr_gp, ssd, debug_mode, enclave_cid,
    )
}  # fmt: skip

READERS.update({key: row.domain.read for key, row in PROPERTIES.items()})


@overload
def notify(mode: str, window: int | None = None) -> Recipe[Kvm]: ...
@overload
def notify(mode: Each[str], window: int | Each[int] | None = None) -> Space[Kvm]: ...
@overload
def notify(mode: str | Each[str], window: Each[int]) -> Space[Kvm]: ...
@sets(notify_vmexit, notify_window)
def notify(mode: Any, window: Any = None) -> Any:
    """The recipe that sets notify-vmexit, and notify-window (in cycles) unless it is None.

    A Space if one of them is ``each(…)``. Raises DomainError as the two properties do.
    Source: target/i386/kvm/kvm.c (QEMU).

    >>> from accelkit import kvm, notify, render, run
    >>> render(kvm() | notify(run, window=1000))
    ['-accel', 'kvm,notify-vmexit=run,notify-window=1000']
    """
    if mode.__class__ is str and (
        window is None or window.__class__ is int
    ):  # by type: True must not pass for 1
        return _notify(mode, window)
    return _both(mode, window)


@lru_cache(maxsize=4096)
def _notify(mode: str, window: int | None) -> Recipe[Kvm]:
    """The recipe of both; remembered, because sweeps use the same values again and again."""
    return _both(mode, window)


def _both(mode: Any, window: Any) -> Any:
    first = half(notify_vmexit(mode), "notify")
    return first if window is None else first | half(notify_window(window), "notify", "window")
