"""Domain XML to the command that libvirt makes of it. tests/unit/libvirt/test_read.py has what becomes of the elements."""

from __future__ import annotations

import pytest

from accelkit import LibvirtError
from accelkit.parsing.sources.domain_xml import domain_command, domain_words

WHOLE = """<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <os><type arch='aarch64' machine='virt-7.2'>hvm</type></os>
  <cpu mode='host-passthrough'/>
  <features><ioapic driver='qemu'/></features>
  <qemu:commandline>
    <qemu:arg value='-icount'/>
    <qemu:arg value='shift=1'/>
  </qemu:commandline>
</domain>"""


def test_the_command_has_machine_cpu_accelerator_and_what_is_passed_on() -> None:
    command = domain_command(WHOLE)
    assert command.argv == (
        "-machine", "virt-7.2", "-cpu", "host", "-machine", "kernel_irqchip=split", "-accel", "kvm", "-icount", "shift=1",
    )  # fmt: skip
    assert command.target == "aarch64"
    assert command.argv[4:] == tuple(domain_words(WHOLE))
    assert [(word.line, word.column) for word in command.words[::2]] == [
        (2, 7),
        (3, 3),
        (4, 13),
        (1, 1),
        (6, 5),
    ]


@pytest.mark.parametrize(
    ("inside", "argv"),
    [
        ("", ("-accel", "tcg")),
        ("<cpu mode='maximum'/>", ("-cpu", "max", "-accel", "tcg")),
        ("<cpu mode='custom'><model>Nehalem</model></cpu>", ("-cpu", "Nehalem", "-accel", "tcg")),
        ("<cpu mode='host-model'/>", ("-accel", "tcg")),
        ("<os><type>hvm</type></os>", ("-accel", "tcg")),
    ],
)
def test_what_a_domain_does_not_say_is_left_out(inside: str, argv: tuple[str, ...]) -> None:
    assert domain_command(f"<domain type='qemu'>{inside}</domain>").argv == argv


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "\ufeff{}",
        "$ virsh dumpxml vm\n{}\n\n$ ",
        "virsh # dumpxml vm\r\n{}\r\nvirsh # ",
        "<!-- a -->\n{}\n<!-- b -->",
    ],
)
def test_what_virsh_prints_around_a_domain_is_left_out(around: str) -> None:
    assert domain_words(around.format("<domain type='kvm'></domain>")) == ["-accel", "kvm"]


def test_bytes_with_a_byte_order_mark_and_line_ends_of_windows_are_read() -> None:
    command = domain_command(("\ufeff" + WHOLE).replace("\n", "\r\n").encode())
    assert command.argv == domain_command(WHOLE).argv


@pytest.mark.parametrize("text", ["", "kvm", "<domain", "<domain type='kvm'/><domain type='kvm'/>"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(LibvirtError):
        domain_command(text)
