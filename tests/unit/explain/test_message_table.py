"""The table of messages: what real QEMUs printed, line by line, and what was read in the source of those of other hosts."""

from __future__ import annotations

from pathlib import Path

import pytest

from accelkit.explain.message_table import MESSAGES, Message
from accelkit.explain.messages import messages_in

PRINTED = [
    line.split("\t")
    for line in (Path(__file__).with_name("printed.tsv")).read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("versions", "line", "remedy"), PRINTED)
def test_each_line_that_a_real_qemu_printed_has_its_row(versions: str, line: str, remedy: str) -> None:
    (found,) = messages_in(line)
    assert remedy in found.message.remedy, versions


#: Read in QEMU's source, or in reports of those who have such a host: the line, words of its cause, words of its remedy.
ELSEWHERE = [
    ("qemu-system-aarch64: -accel hvf: Error: ret = HV_DENIED (0xfae94007, at ../../accel/hvf/hvf-accel-ops.c:339)",
     "not signed", "com.apple.security.hypervisor"),
    (("qemu-system-aarch64: -accel hvf: Could not access HVF. Is the executable signed with com.apple.security.hypervisor "
      "entitlement?"), "not signed", "com.apple.security.hypervisor"),
    ("qemu-system-x86_64: -accel hvf: Unknown Error", "entitlement", "com.apple.security.hypervisor"),
    ("qemu-system-x86_64: Error: HV_ERROR", "macOS 11", "com.apple.security.hypervisor"),
    ("Error: ret = HV_BUSY (0xfae94002, at ../accel/hvf/hvf-all.c:1)", "in use", "end the other programs"),
    ("Error: ret = HV_BAD_ARGUMENT (0xfae94003, at ../target/arm/hvf/hvf.c:1075)", "argument", "virtualization=on"),
    ("Error: ret = HV_NO_RESOURCES (0xfae94005, at ../accel/hvf/hvf-all.c:1)", "not enough", "smaller -smp"),
    ("Error: ret = HV_NO_DEVICE (0xfae94006, at ../accel/hvf/hvf-all.c:1)", "no virtual machine", "-accel tcg"),
    ("HVF error: HV_UNSUPPORTED", "a virtual machine itself", "sysctl kern.hv_support"),
    ("qemu-system-x86_64.exe: WHPX: Unexpected VP exit code 4", "does not handle", "kernel-irqchip=off"),
    ("WHPX: No accelerator found, hr=00000000", "is off", "Windows Hypervisor Platform"),
    ("Number of SMP cpus requested (1025) exceeds the maximum cpus supported by KVM (1024)", "does not fall back", "smaller -smp"),
    ("ioctl(KVM_CREATE_VM) failed: 16 Device or resource busy", "Another hypervisor", "VirtualBox"),
    ("kvm does not support KVM_CAP_SET_TSS_ADDR", "cannot do without", "newer kernel"),
    ("kvm: Xen support requires kernel-irqchip=split", "local APICs", "kernel-irqchip=split"),
    ("bash: qemu-system-x86_64: command not found", "the shell", "install"),
    ("sh: 1: qemu-system-x86_64: not found", "the shell", "install"),
    ("zsh: command not found: qemu-system-x86_64", "the shell", "install"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "cause", "remedy"), ELSEWHERE)
def test_each_line_of_other_hosts_has_its_own_cause_and_remedy(line: str, cause: str, remedy: str) -> None:
    (found,) = messages_in(line)
    assert cause in found.message.means
    assert remedy in found.message.remedy


def test_the_entitlement_is_the_remedy_of_what_it_is_the_cause_of() -> None:
    signed = {message.pattern for message in MESSAGES if "entitlement" in message.remedy}
    assert {"HV_BUSY", "HV_BAD_ARGUMENT", "HV_NO_RESOURCES", "HV_NO_DEVICE", "HV_UNSUPPORTED"}.isdisjoint(
        signed
    )
    assert len(signed) == 3  # HV_DENIED, the code that older QEMUs have no name for, and HV_ERROR


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.pattern[:40])
def test_every_row_names_whose_source_it_is(message: Message) -> None:
    assert message.source.endswith(("(QEMU)", "(Xen)", "hv_return_t", "bash, dash, zsh"))


def test_no_other_words_that_begin_alike_are_taken_for_a_message() -> None:
    assert (
        list(
            messages_in("Unable to use linux io_uring, falling back to thread pool: Function not implemented")
        )
        == []
    )
    assert list(messages_in("unable to start vhost net: 1: falling back on userspace virtio")) == []
