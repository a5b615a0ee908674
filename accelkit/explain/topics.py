"""What people ask about accelerators that is no property and no option: MTTCG, its memory order, nested KVM, and so on."""

from __future__ import annotations

from typing import Final

from accelkit.explain.explanation import Explanation

_MEMORY_ORDER: Final = (
    "x86 promises its programs a strong memory order (TSO); Arm, RISC-V and Power do not. QEMU puts memory barriers into "
    "the code that it makes for an x86 guest on such a host (since 2.11); since 8.1 also into the accesses that it makes "
    "itself for the guest. Until 8.0 such a guest therefore ran on one thread unless thread=multi was written, with the "
    'warning "Guest expects a stronger memory ordering than the host provides"'
)

MTTCG: Final = Explanation(
    "MTTCG",
    "Multi-threaded TCG: one host thread for each vCPU, which is thread=multi of tcg.",
    (
        ("Write", "-accel tcg,thread=multi; thread=single is the opposite"),
        ("Default", ("on where the guest's architecture is ready for it; off with -icount, which refuses it; until 8.0 also off "
         "where the guest's memory order is stronger than the host's, and until 9.2 for 64-bit guests on 32-bit hosts")),
        ("Order", _MEMORY_ORDER),
        ("Arm hosts", ("x86 guests on Arm hosts: take QEMU 8.1 or newer, where multi is the default and QEMU keeps the order. The barriers "
         "cost time. With an older QEMU keep thread=single where the guest must not fail")),
        ("Guests", ("On x86 hosts every guest that has schemas here is ready; of 7.2, avr, cris, m68k, nios2, ppc (32-bit), "
         "rx, sh4 and tricore are not, and QEMU warns")),
        ("Source", ("accel/tcg/tcg-all.c: default_mttcg_enabled, tcg_set_thread; TCG_GUEST_DEFAULT_MO in target/*; commits "
         'b32dc3370a (2.11) and 97e1576957 (8.1: "Remove check_tcg_memory_orders_compatible"); '
         "docs/devel/multi-thread-tcg.rst (QEMU). Tried on 7.2, whose hppa guests warn on x86 hosts")),
    ),
)  # fmt: skip

NESTED: Final = Explanation(
    "nested virtualisation",
    "A hypervisor inside a virtual machine: needs the outer one's consent.",
    (
        ("Host", ("KVM: the module's parameter nested=1 (kvm_intel, kvm_amd), and -cpu host for the machine; Hyper-V and VMware: "
         "a switch of the virtual machine; clouds: some machine types only")),
        ("Test", "accelkit doctor boots a guest: /dev/kvm may open although no guest runs"),
        ("Instead", "-accel tcg runs everywhere"),
        ("Source", "Documentation/virt/kvm/x86/running-nested-guests.rst (Linux)"),
    ),
)  # fmt: skip

FALLBACK: Final = Explanation(
    "fallback",
    "QEMU tries the accelerators in the order written, and runs with the first that starts.",
    (
        ("Write", "-accel kvm -accel tcg; or -machine accel=kvm:tcg, without properties"),
        ("Tried", 'an accelerator that the binary lacks, or whose device is missing, is skipped with "falling back to …"'),
        ("Not tried", "after a bad property, and after errors of machine, CPU and devices, QEMU ends"),
        ("Source", "system/vl.c: configure_accelerators, do_configure_accelerator (QEMU)"),
    ),
)  # fmt: skip

TSS: Final = Explanation(
    "KVM_SET_TSS_ADDR",
    "The ioctl with which QEMU tells KVM where in the guest's memory three pages are free for KVM's own use (x86).",
    (
        ("For", "Intel hosts: KVM keeps a task state segment there, to run guests in real mode. There is nothing to set"),
        ("Fails", ("with a KVM that does not know it, QEMU prints 'kvm does not support KVM_CAP_SET_TSS_ADDR' and kvm does not start: "
         "what was opened is no full KVM; accelkit doctor says what is wrong with KVM here")),
        ("Source", "target/i386/kvm/kvm.c (QEMU); Documentation/virt/kvm/api.rst: KVM_SET_TSS_ADDR (Linux)"),
    ),
)  # fmt: skip

GIC: Final = Explanation(
    "gic-version",
    "Which interrupt controller Arm's virt machine has: -machine virt,gic-version=….",
    (
        ("Takes", "2, 3, host or max; 4 where 7.2 and newer emulate it, with virtualization=on"),
        ("Accelerator", ("host is the host's own, and kvm's alone: with tcg QEMU ends with 'gic-version=host requires KVM'. max is the "
         "best that the accelerator can do")),
        ("Notes", "With 2 the machine has place for 8 CPUs"),
        ("Source", "hw/arm/virt.c (QEMU); tried on 5.2, 7.2, 10.0 and 11.1"),
    ),
)  # fmt: skip

LOST_TICKS: Final = Explanation(
    "lost_tick_policy",
    "What a timer does with ticks that the guest was too late to take: -global kvm-pit.lost_tick_policy=….",
    (
        ("Takes", "kvm-pit, the timer that kvm has in the kernel: delay or discard; QEMU refuses slew and merge for it"),
        ("Instead", "for slew write -rtc driftfix=slew, which is for the clock chip"),
        ("Source", "hw/i386/kvm/i8254.c (QEMU); tried on 5.2, 7.2, 8.2, 10.0 and 11.1"),
    ),
)  # fmt: skip

#: By what people write, in lower case with - for blanks and _.
TOPICS: Final = {
    **dict.fromkeys(
        ("mttcg", "multi-threaded-tcg", "multithreaded-tcg", "multi-threading", "multithreading", "tso", "memory-order",
         "memory-ordering", "memory-model", "memory-barriers"), MTTCG),
    **dict.fromkeys(("nested", "nested-virtualisation", "nested-virtualization", "nested-kvm"), NESTED),
    **dict.fromkeys(("kvm-set-tss-addr", "kvm-cap-set-tss-addr", "set-tss-addr", "tss"), TSS),
    **dict.fromkeys(("gic-version", "gic"), GIC),
    **dict.fromkeys(("lost-tick-policy", "kvm-pit", "lost-ticks"), LOST_TICKS),
    **dict.fromkeys(("fallback", "falling-back", "fall-back"), FALLBACK),
}  # fmt: skip

#: Other names of properties and accelerators, by what people write.
ALIASES: Final = {
    "irqchip": "kernel-irqchip", "apic": "kernel-irqchip", "userspace-apic": "kernel-irqchip",
    "threads": "thread", "singlestep": "one-insn-per-tb", "shadow-memory": "kvm-shadow-mem",
    "dirty-ring": "dirty-ring-size", "w^x": "split-wx", "haxm": "hax",
    "/dev/kvm": "kvm", "macos": "hvf", "windows": "whpx", "netbsd": "nvmm",
    "hypervisor.framework": "hvf", "hyper-v": "whpx", "winhvplatform": "whpx",
}  # fmt: skip
