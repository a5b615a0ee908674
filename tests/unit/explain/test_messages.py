"""The table of QEMU's messages: each is found in what real QEMUs printed, and none in what it is not."""

from __future__ import annotations

import re

import pytest

from accelkit import explain
from accelkit.explain.message_table import MESSAGES
from accelkit.explain.messages import messages_in

#: What QEMU 5.2, 7.2, 10.0 and 11.1 printed, and words of the message that it is.
PRINTED = [
    ('qemu-system-x86_64: The -accel and "-machine accel=" options are incompatible', "write -accel alone"),
    ("qemu-system-x86_64: -accel hvf: invalid accelerator hvf", "-accel help lists them"),
    ("qemu-system-x86_64: no accelerator found", "-accel kvm -accel tcg"),
    ("qemu-system-x86_64: falling back to tcg", "accelkit doctor"),
    ("qemu-system-x86_64: -accel tcg,thread=multi: No MTTCG when icount is enabled", "thread=single"),
    ("qemu-system-x86_64: -accel tcg,thread=both: Invalid 'thread' setting both", "thread=single or thread=multi"),
    ("qemu-system-x86_64: -accel tcg,foo=1: Property 'tcg-accel.foo' not found", "does not fall back"),
    ("qemu-system-x86_64: CPU model 'host' requires KVM", "-cpu max"),
    ("qemu-system-x86_64: CPU model 'host' requires KVM or HVF", "-cpu max"),
    ("qemu-system-aarch64: unable to find CPU model 'host'", "-cpu max"),
    ("qemu-system-x86_64: -no-kvm: invalid option", "took its place"),
    ("qemu-system-aarch64: No machine specified, and there is no default", "-machine virt"),
    ("qemu-system-x86_64: -accel kvm,dirty-ring-size=3: dirty-ring-size must be a power of two.", "1024 to 65536"),
    (("qemu-system-x86_64: -accel kvm,dirty-ring-size=2097152: KVM dirty ring size 2097152 too big (maximum is 65536).  "
     "Please use a smaller value."), "1024 to 65536"),
    (("qemu-system-x86_64: -accel kvm,dirty-ring-size=2: Enabling of KVM dirty ring failed: Invalid argument. Suggested "
     "minimum value is 1024."), "1024 to 65536"),
    ("qemu-system-x86_64: -icount is not allowed with hardware virtualization", "-accel tcg"),
    ("qemu-system-x86_64: warning: global kvm-accel.x has invalid class name", "-accel kvm,KEY=VALUE"),
    ("qemu-system-x86_64: -accel tcg,nosplit-wx: warning: short-form boolean option 'nosplit-wx' deprecated", "KEY=off"),
    ("qemu-system-x86_64: -accel tcg,split-wx=1: Parameter 'split-wx' expects 'on' or 'off'", "write on or off"),
    ("qemu-system-x86_64: -accel tcg,tb-size=64M: Parameter 'tb-size' expects uint64", "tb-size=64"),
    ("qemu-system-x86_64: warning: Userspace local APIC is deprecated for KVM.", "kernel-irqchip=split or on"),
    ("qemu-system-x86_64: KVM does not support userspace APIC", "kernel-irqchip=split or on"),
    ("qemu-system-x86_64: -accel kvm,kernel-irqchip=yes: Invalid parameter 'yes'", "one of its words"),
    ("qemu-system-x86_64: -accel kvm,kernel-irqchip=yes: Parameter 'kernel-irqchip' does not accept value 'yes'",
     "one of its words"),
    ("Could not access KVM kernel module: No such file or directory", "modprobe"),
    ("Could not access KVM kernel module: Permission denied", "usermod -aG kvm"),
    ("ioctl(KVM_CREATE_VM) failed: 16 Device or resource busy", "VirtualBox"),
    ("qemu-system-x86_64: -accel kvm,device=/dev/null: kvm version too old", "leave device= out"),
    ("qemu-system-x86_64: -accel kvm,rapl=on: kvm : error RAPL feature requirement not met", "start the helper"),
    ("-accel kvm,xen-version=0x40011: kvm: Xen support only available in PC machine", "-machine pc"),
    ("-accel kvm,xen-version=0x40011: kvm: Xen HVM guest support not present or insufficient", "leave xen-version out"),
    ("-accel kvm,honor-guest-pat=on: KVM does not support disabling ignore-guest-PAT quirk", "honor-guest-pat=auto"),
    ("-accel kvm,kvm-shadow-mem=4096: failed to initialize kvm: Invalid argument", "accelkit doctor"),
    ("-device intel-iommu,intremap=on: Interrupt Remapping cannot work with kernel-irqchip=on, please use 'split|off'.",
     "kernel-irqchip=split"),
    ("xencall: error: Could not obtain handle on privileged command interface: No such file or directory", "take kvm or tcg"),
    ("qemu-system-x86_64: -accel mshv: Failed to open /dev/mshv: No such file or directory", "take kvm or tcg"),
    ("qemu-system-x86_64: -accel nitro: nitro: failed to open /dev/nitro_enclaves: No such file", "take kvm or tcg"),
    ("qemu-system-x86_64: thread=multi: Could not open 'thread=multi': No such file or directory", "thread=multi"),
    (("qemu-system-x86_64: -accel kvm: warning: Number of SMP cpus requested (1024) exceeds the recommended cpus supported "
     "by KVM (2)"), "smaller -smp"),
    ("qemu-system-x86_64: warning: host doesn't support requested feature: CPUID.01H:ECX.pni [bit 0]", "enforce"),
    ("qemu-system-hppa: -accel tcg,thread=multi: warning: Guest expects a stronger memory ordering than the host provides",
     "QEMU 8.1 or newer"),
    ("qemu-system-avr: -accel tcg,thread=multi: warning: Guest not yet converted to MTTCG - you may get unexpected results",
     "thread=single"),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "remedy"), PRINTED)
def test_what_real_qemus_printed_is_one_message_with_its_remedy(printed: str, remedy: str) -> None:
    (found,) = messages_in(printed)
    assert remedy in found.message.remedy
    assert found.words in printed
    first = (whole := explain(printed)).parts[:1] or (whole,)
    assert first[0].title == found.words
    assert first[0].summary == found.message.means
    assert dict(first[0].rows)["Do"] == found.message.remedy


def test_a_message_that_a_terminal_has_broken_is_found() -> None:
    (found,) = messages_in("qemu-system-x86_64: KVM does not\n  support userspace\r\nAPIC")
    assert found.words == "KVM does not support userspace APIC"


def test_several_messages_are_explained_in_the_order_in_which_qemu_printed_them() -> None:
    printed = (
        "qemu: -accel kvm: Could not access KVM kernel module: Permission denied\n"
        "qemu: -accel kvm: failed to initialize kvm: Permission denied\nqemu: falling back to tcg\n"
    )
    assert [part.title for part in explain(printed).parts] == [
        "Could not access KVM kernel module: Permission denied",
        "failed to initialize kvm: Permission denied",
        "falling back to tcg",
        "tcg",
    ]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.pattern[:40])
def test_every_message_says_what_to_do_and_where_that_is_known_from(message: object) -> None:
    assert all(getattr(message, field) for field in ("pattern", "means", "remedy", "source"))
    assert not str(message.remedy).endswith(".")


@pytest.mark.parametrize(
    "text", ["", "kvm", "thread=multi", "-accel kvm,kernel-irqchip=split", "split", "falling", "invalid"]
)
def test_a_name_is_no_message(text: str) -> None:
    assert list(messages_in(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "-" * 60_000,
        "a-" * 30_000,
        "'" * 60_000,
        "qemu-" * 13_000,
        "unable to find CPU model '" * 2_000,
        "CPU type " * 7_000,
        "The max CPUs supported by machine '" * 1_800,
        "Parameter '" * 5_000,
        "failed to initialize kvm: A " * 2_000,
    ],
)
def test_a_hostile_text_is_searched_in_a_time_that_its_length_bounds(text: str) -> None:
    """The searches of a pattern that looked at a square of the text would take minutes."""
    assert len(list(messages_in(text))) <= 1
    assert all(len(re.findall(r"\.\*|\.\+", message.pattern)) == 0 for message in MESSAGES)
