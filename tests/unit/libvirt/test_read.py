"""from_libvirt: domain XML to option maps, and what is refused.

tests/oracle/test_libvirt.py asks libvirt and QEMU for the same.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

import accelkit
from accelkit import (
    ArgvError,
    IgnoredOptionWarning,
    LibvirtError,
    OptionMap,
)
from accelkit.libvirt import from_libvirt

QEMU_NAMESPACE = "http://libvirt.org/schemas/domain/qemu/1.0"


# Reading
WHOLE = f"""<?xml version='1.0' encoding='UTF-8'?>
<!-- as virsh dumpxml prints it -->
<domain type='kvm' id='3' xmlns:qemu='{QEMU_NAMESPACE}'>
  <name>büro</name>
  <uuid>4dea22b3-1d52-d8f3-2516-782e98ab3fa0</uuid>
  <metadata>
    <libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0">
      <libosinfo:os id="http://debian.org/debian/12"/>
      <features><kvm><dirty-ring state='on' size='65536'/></kvm></features>
    </libosinfo:libosinfo>
  </metadata>
  <memory unit='KiB'>4194304</memory>
  <vcpu placement='static'>2</vcpu>
  <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type><boot dev='hd'/></os>
  <features>
    <acpi/>
    <apic/>
    <kvm><hidden state='on'/><dirty-ring state='on' size='4096'/></kvm>
    <ioapic driver='qemu'/>
  </features>
  <cpu mode='host-passthrough' check='none' migratable='on'/>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='disk'><source file='/var/lib/libvirt/images/a &amp; b.qcow2'/></disk>
    <iommu model='intel'><driver intremap='on'/></iommu>
  </devices>
  <seclabel type='none'/>
  <qemu:commandline>
    <qemu:arg value='-cpu'/>
    <qemu:arg value='host,-hypervisor'/>
    <qemu:arg value='-machine'/>
    <qemu:arg value='kvm-shadow-mem=1048576'/>
    <qemu:env name='QEMU_AUDIO_DRV' value='pa'/>
    <qemu:arg value='-device'/>
    <qemu:arg value='{{"driver":"ivshmem-plain","memdev":"shmem"}}'/>
  </qemu:commandline>
</domain>
"""


def test_a_whole_domain_is_read_with_what_it_passes_on() -> None:
    maps = from_libvirt(WHOLE)
    assert maps == (
        OptionMap({
            "accel": "kvm", "kernel-irqchip": "split", "kvm-shadow-mem": "1048576", "dirty-ring-size": "4096",
        }),
    )  # fmt: skip
    assert from_libvirt(WHOLE.encode()) == maps
    assert from_libvirt(WHOLE.replace("UTF-8", "ISO-8859-1").encode("latin-1")) == maps
    assert from_libvirt(WHOLE.replace("UTF-8", "UTF-16").encode("utf-16")) == maps


def domain(inside: str, domain_type: str = "kvm") -> str:
    return (
        f"<domain type='{domain_type}' xmlns:qemu='{QEMU_NAMESPACE}' "
        f"xmlns:xen='http://libvirt.org/schemas/domain/xen/1.0'>{inside}</domain>"
    )


def passed(*words: str, prefix: str = "qemu") -> str:
    args = "".join(f"<{prefix}:arg value='{word}'/>" for word in words)
    return f"<{prefix}:commandline>{args}</{prefix}:commandline>"


#: Domain type, what is in the domain, the -accel text that it comes to.
READ = [
    ("kvm", "", "kvm"),
    ("qemu", "", "tcg"),
    ("hvf", "", "hvf"),
    ("xen", "<features><ioapic driver='qemu'/></features>", "xen"),
    ("xen", passed("-machine", "igd-passthru=on", prefix="xen"), "xen,igd-passthru=on"),
    ("kvm", "<features><ioapic/></features>", "kvm"),
    ("kvm", "<features><ioapic driver='kvm'/><ioapic driver='qemu'/></features>", "kvm,kernel-irqchip=split"),
    ("kvm", "<features><ioapic driver='kvm'/></features><features><ioapic/></features>", "kvm"),
    ("kvm", "<features><kvm><dirty-ring state='off'/></kvm></features>", "kvm"),
    ("kvm", "<features><kvm><dirty-ring state='off' size='x'/></kvm></features>", "kvm"),
    ("kvm", "<features><kvm><dirty-ring state='on' size='0x1000'/></kvm></features>", "kvm,dirty-ring-size=4096"),
    ("kvm", "<features><kvm><dirty-ring state='on' size='4096'/></kvm><kvm/></features>", "kvm"),
    ("qemu", "<features><tcg><tb-cache>131072</tb-cache></tcg></features>", "tcg,tb-size=128"),
    ("qemu", "<features><tcg><tb-cache unit='KB'>131072</tb-cache></tcg></features>", "tcg,tb-size=125"),
    ("qemu", "<features><tcg><tb-cache unit='bytes'>6<!-- 5 -->7108864</tb-cache></tcg></features>", "tcg,tb-size=64"),
    ("qemu", "<features><tcg><tb-cache unit='MiB'>0</tb-cache></tcg><tcg/></features>", "tcg"),
    ("kvm", passed("-machine", "kernel_irqchip=off"), "kvm,kernel-irqchip=off"),
    ("kvm", "<features><ioapic driver='qemu'/></features>" + passed("-M", "kernel_irqchip=on"), "kvm,kernel-irqchip=on"),
    ("kvm", passed("-machine") + passed("kvm-shadow-mem=-1"), "kvm,kvm-shadow-mem=-1"),
    ("kvm", "<commandline><arg value='-machine'/><arg value='kernel_irqchip=off'/></commandline>", "kvm"),
    ("kvm", passed("-machine", "igd-passthru=on", prefix="xen"), "kvm"),
    ("kvm", passed(""), "kvm"),
]  # fmt: skip


@pytest.mark.parametrize(("domain_type", "inside", "text"), READ)
def test_domain_xml_is_read_as_libvirt_reads_it(domain_type: str, inside: str, text: str) -> None:
    assert from_libvirt(domain(inside, domain_type)) == accelkit.parse(text)


def test_a_further_accel_is_a_fallback() -> None:
    maps = from_libvirt(domain(passed("-accel", "tcg,thread=single")))
    assert maps == accelkit.parse("-accel kvm -accel tcg,thread=single")


def test_what_has_no_effect_is_warned_of() -> None:
    ring = "<features><kvm><dirty-ring state='on' size='4096'/></kvm></features>"
    with pytest.warns(
        IgnoredOptionWarning, match="<dirty-ring> has no effect: libvirt gives it to kvm only"
    ) as caught:
        assert from_libvirt(domain(ring, "qemu")) == (OptionMap({"accel": "tcg"}),)
    assert caught[0].filename == __file__
    with pytest.warns(IgnoredOptionWarning, match="kernel-irqchip=split has no effect"):
        from_libvirt(domain("<features><ioapic driver='qemu'/></features>", "qemu"))


BOMB = "<!DOCTYPE domain [<!ENTITY a '" + "x" * 1000 + "'>" + "".join(
    f"<!ENTITY {this} '{f'&{last};' * 20}'>" for last, this in zip("abcdefgh", "bcdefghi", strict=True)
)  # fmt: skip


#: Other text than a domain, or a domain that libvirt refuses; and the message.
FAULTS: list[tuple[Any, str]] = [
    ("", "XML cannot be read: no element found"),
    ("kvm", "XML cannot be read: syntax error: line 1, column 0; give what virsh dumpxml prints"),
    ("<domain type='kvm'>", "XML cannot be read"),
    (b"\xff\xfe\x00", "XML cannot be read"),
    ("<domain type='\ud800'/>", "XML cannot be read"),
    (b"<?xml version='1.0' encoding='klingon'?><domain/>", "XML cannot be read: unknown encoding"),
    (b"<?xml version='1.0' encoding='shift_jis'?><domain type='kvm'/>", "XML cannot be read: multi-byte"),
    ("<domain type='&kvm;'/>", "XML cannot be read: undefined entity"),
    ("<q:domain type='kvm'/>", "XML cannot be read: unbound prefix"),
    ("<html/>", "not a domain: the root is <html>; give what virsh dumpxml prints"),
    ("<domainsnapshot/>", "not a domain: the root is <domainsnapshot>"),
    ("<domain xmlns='urn:x' type='kvm'/>", "not a domain: the root is <domain> of another namespace"),
    ("<domain/>", "<domain> has no type; write type='kvm' or another"),
    ("<domain type='lxc'/>", "<domain type='lxc'>: starts no QEMU accelerator known here; it takes kvm, qemu, hvf, xen"),
    ("<domain type='KVM'/>", "<domain type='KVM'>"),
    (f"{BOMB}]><domain type='kvm'>&i;</domain>", "XML with a document type (<!DOCTYPE …>), which no domain needs; remove it"),
    ("<!DOCTYPE domain SYSTEM 'file:///etc/passwd'><domain type='kvm'/>", "XML with a document type"),
    ("<!DOCTYPE domain [<!ENTITY % x SYSTEM 'http://127.0.0.1:9/'> %x;]><domain/>", "XML with a document type"),
    (3, "takes domain XML as text or bytes, got int; read the file first"),
    (domain("<features><ioapic driver='split'/></features>"), "<ioapic driver='split'>: libvirt has no such driver; write kvm or qemu"),
    (domain("<features><kvm><dirty-ring size='4096'/></kvm></features>"), "<dirty-ring>: has no state; write"),
    (domain("<features><kvm><dirty-ring state='yes'/></kvm></features>"), "<dirty-ring>: state='yes' is neither on nor off"),
    (domain("<features><kvm><dirty-ring state='on'/></kvm></features>"), "<dirty-ring>: has no size; write a power of two, 1024 to 65536"),
    (domain("<features><kvm><dirty-ring state='on' size='1000'/></kvm></features>"), "libvirt refuses size='1000'"),
    (domain("<features><tcg><tb-cache>1024</tb-cache></tcg></features>"), "<tcg>: libvirt refuses it unless the domain's type is qemu"),
    (domain("<features><tcg><tb-cache>1</tb-cache></tcg></features>", "qemu"), "'1' is not a whole number of MiB"),
    (domain("<features><tcg><tb-cache unit='MiB'>0x40</tb-cache></tcg></features>", "qemu"), "'0x40' is not a size; write only decimal digits"),
    (domain("<features><tcg><tb-cache unit='EiB'>16</tb-cache></tcg></features>", "qemu"), "less than 2^64 bytes"),
    (domain("<features><tcg><tb-cache unit='lot'>1</tb-cache></tcg></features>", "qemu"), "<tb-cache unit='lot'>: libvirt has no such unit; write MiB"),
    (domain("<qemu:commandline><qemu:arg/></qemu:commandline>"), "<qemu:arg>: has no value; write <qemu:arg value='…'/>"),
]  # fmt: skip


@pytest.mark.parametrize(("xml", "message"), FAULTS, ids=range(len(FAULTS)))
def test_other_xml_and_what_libvirt_refuses_is_refused_with_the_reason(xml: Any, message: str) -> None:
    with pytest.raises(LibvirtError, match=re.escape(message)):
        from_libvirt(xml)


def test_all_faults_are_in_one_error() -> None:
    inside = (
        "<features><ioapic driver='x'/><kvm><dirty-ring/></kvm><tcg><tb-cache>1</tb-cache></tcg></features>"
    )
    with pytest.raises(LibvirtError) as caught:
        from_libvirt(domain(inside))
    assert [part.split(":")[0] for part in str(caught.value).split(" | ")] == [
        "<ioapic driver='x'>", "<dirty-ring>", "<tb-cache unit='KiB'>",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-enable-kvm",), "-accel and -machine accel= (or -enable-kvm) are incompatible"),
        (("-machine",), "takes a value"),
        (("-machine", "thread=single"), "no machine has it; give thread= to -accel"),
    ],
)
def test_what_qemu_would_refuse_is_refused_as_in_parse(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(ArgvError, match=re.escape(message)):
        from_libvirt(domain(passed(*words)))
