"""to_libvirt: domain XML of recipes, and what libvirt cannot set.

tests/oracle/test_libvirt.py asks libvirt and QEMU for the same.
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

import accelkit
from accelkit import (
    ACCELERATORS,
    PROPERTIES,
    ComposeError,
    LibvirtError,
    OptionMap,
    first_of,
    kvm,
    option,
    tb_size,
    tcg,
)
from accelkit.libvirt import from_libvirt, to_libvirt

QEMU_NAMESPACE = "http://libvirt.org/schemas/domain/qemu/1.0"


def evaluated(code: str) -> Any:
    return eval(code, {name: getattr(accelkit, name) for name in accelkit.__all__})


def features(*lines: str) -> str:
    return "\n".join(["  <features>", *(f"    {line}" for line in lines), "  </features>"])


def arguments(value: str) -> str:
    return "\n".join(
        ["  <qemu:commandline>", "    <qemu:arg value='-machine'/>", f"    <qemu:arg value='{value}'/>",
         "  </qemu:commandline>"]
    )  # fmt: skip


NAMESPACE = f" xmlns:qemu='{QEMU_NAMESPACE}'"


#: Recipe, domain type with what the tag has besides, what stands within.
WRITTEN = [
    ("kvm()", "kvm'", ""),
    ("tcg()", "qemu'", ""),
    ("hvf()", "hvf'", ""),
    ("xen()", "xen'", ""),
    ("kvm() | kernel_irqchip(on)", "kvm'", features("<ioapic driver='kvm'/>")),
    ("kvm() | kernel_irqchip(split)", "kvm'", features("<ioapic driver='qemu'/>")),
    ("kvm() | kernel_irqchip(off)", f"kvm'{NAMESPACE}", arguments("kernel_irqchip=off")),
    ("kvm() | shadow_mem('64MiB')", f"kvm'{NAMESPACE}", arguments("kvm-shadow-mem=67108864")),
    ("kvm() | shadow_mem(-1)", f"kvm'{NAMESPACE}", arguments("kvm-shadow-mem=-1")),
    ("kvm() | option('kvm-shadow-mem', '0x100000')", f"kvm'{NAMESPACE}", arguments("kvm-shadow-mem=1048576")),
    ("kvm() | dirty_ring_size(4096)", "kvm'",
     features("<kvm>", "  <dirty-ring state='on' size='4096'/>", "</kvm>")),
    ("kvm() | dirty_ring_size(0)", "kvm'", features("<kvm>", "  <dirty-ring state='off'/>", "</kvm>")),
    ("tcg() | tb_size(128)", "qemu'", features("<tcg>", "  <tb-cache unit='MiB'>128</tb-cache>", "</tcg>")),
    ("tcg() | tb_size(0)", "qemu'", features("<tcg>", "  <tb-cache unit='MiB'>0</tb-cache>", "</tcg>")),
    ("kvm() | shadow_mem(1 * MiB) | kernel_irqchip(off)", f"kvm'{NAMESPACE}",
     arguments("kernel_irqchip=off,kvm-shadow-mem=1048576")),
    ("kvm() | shadow_mem(1 * MiB) | dirty_ring_size(1024) | kernel_irqchip(split)", f"kvm'{NAMESPACE}",
     features("<ioapic driver='qemu'/>", "<kvm>", "  <dirty-ring state='on' size='1024'/>", "</kvm>")
     + "\n" + arguments("kvm-shadow-mem=1048576")),
    ("first_of(kvm())", "kvm'", ""),
    ("parse('-accel kvm')", "kvm'", ""),
    ("fold(tcg() | tb_size(64) | unset(tb_size))", "qemu'", ""),
]  # fmt: skip


@pytest.mark.parametrize(("code", "top", "inside"), WRITTEN, ids=[row[0] for row in WRITTEN])
def test_a_recipe_is_written_as_domain_xml(code: str, top: str, inside: str) -> None:
    text = to_libvirt(evaluated(code))
    assert text == (f"<domain type='{top}>\n{inside}\n</domain>" if inside else f"<domain type='{top}/>")
    assert ET.fromstring(text).tag == "domain"


def test_elsewhere_than_on_x86_the_irqchip_goes_through_machine() -> None:
    """libvirt refuses ``<ioapic>`` for other guests."""
    for word in ("on", "split"):
        text = to_libvirt(kvm() | option("kernel-irqchip", word), target="aarch64")
        assert "ioapic" not in text
        assert f"kernel_irqchip={word}" in text
    assert "ioapic" in to_libvirt(kvm() | option("kernel-irqchip", "on"), target="i386")


def test_a_target_that_no_qemu_is_built_for_is_refused() -> None:
    with pytest.raises(LibvirtError, match=r"^target 'x86-64': .*; did you mean 'x86_64'\?$"):
        to_libvirt(kvm(), target="x86-64")


OWN_ACCEL = (
    "libvirt has no element for it, and QEMU takes it only in the -accel that libvirt writes; leave it out"
)


ONE_TYPE = "a domain has one type, and libvirt takes no other where that does not start"


#: What libvirt cannot set, and the message up to the advice.
REFUSED = [
    ("kvm() | notify(run, window=1000)", f"kvm,notify-vmexit=run: {OWN_ACCEL} | kvm,notify-window=1000: {OWN_ACCEL}"),
    ("kvm() | option('x-new', '1')", f"kvm,x-new=1: {OWN_ACCEL}"),
    ("tcg() | thread(single) | tb_size(64)", f"tcg,thread=single: {OWN_ACCEL}"),
    ("tcg() | option('kvm-shadow-mem', '1')", "tcg,kvm-shadow-mem=1: belongs to kvm; leave it out"),
    ("kvm() | option('id', 'a')", "kvm,id=a: libvirt gives its -accel no id; leave it out"),
    ("kvm() | dirty_ring_size(512)",
     "kvm,dirty-ring-size=512: libvirt refuses that size; take 1024 to 65536 entries, or 0"),
    ("kvm() | option('dirty-ring-size', '1000')",
     "kvm,dirty-ring-size=1000: '1000' is not a value of dirty-ring-size; takes 0 or a power of two, 0 to 4294967295 entries a vCPU"),
    ("kvm() | option('kernel-irqchip', 'maybe')",
     "kvm,kernel-irqchip=maybe: 'maybe' is not a value of kernel-irqchip; takes on, off or split"),
    ("hvf() | kernel_irqchip(on)",
     "hvf,kernel-irqchip=on: it was not measured whether -machine passes it on to hvf; leave it out"),
    ("xen() | igd_passthru(True)",
     "xen,igd-passthru=on: Xen's toolstack writes QEMU's options, and libvirt has no element for it; leave it out"),
    ("whpx() | kernel_irqchip(on)",
     "whpx: libvirt has no domain type for it; take kvm, tcg, hvf, xen, or run QEMU without libvirt"),
    ("option('accel', 'new')",
     "new: libvirt has no domain type for it; take kvm, tcg, hvf, xen, or run QEMU without libvirt"),
    ("first_of(kvm() | rapl(True), tcg() | tb_size(64))",
     f"first_of(kvm, tcg): {ONE_TYPE}; take one alternative | kvm,rapl=on: {OWN_ACCEL}"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "message"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_libvirt_cannot_set_is_refused_with_the_reason(code: str, message: str) -> None:
    with pytest.raises(LibvirtError) as caught:
        to_libvirt(evaluated(code))
    says, _, rest = str(caught.value).partition(" | libvirt can set ")
    assert says == message
    assert bool(rest) == (code not in NOTHING_LEFT)
    if rest:  # it can
        assert rest.startswith(repr(evaluated(code)))
        assert to_libvirt(evaluated(rest)).startswith("<domain")


#: No property too many, but an accelerator that libvirt does not have, or several.
NOTHING_LEFT = ("whpx() | kernel_irqchip(on)", "option('accel', 'new')",
                "first_of(kvm() | rapl(True), tcg() | tb_size(64))")  # fmt: skip


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("tb_size(64)", "chooses no accelerator"),
        ("Recipe()", "chooses no accelerator"),
        ("tcg() | tb_size(each(1, 2))", r"got Space; for a space write its points: \[to_libvirt\(point\)"),
        ("()", "got tuple"),
        ("[1]", "got list"),
        ("'kvm'", "got str"),
        ("None", "got NoneType"),
        ("kvm", "got Accelerator"),
    ],
)
def test_other_types_than_recipes_are_refused(code: str, hint: str) -> None:
    with pytest.raises(ComposeError, match=hint):
        to_libvirt(evaluated(code))


def answer(x: Any, target: str = "x86_64") -> str:
    """The domain XML, or the reason why it is refused."""
    try:
        return to_libvirt(x, target=target)
    except LibvirtError as error:
        return str(error)


def test_every_property_of_the_table_is_written_or_refused_by_its_name() -> None:
    """A property that is new in the table is refused until it was measured with libvirt."""
    written = set()
    for row in PROPERTIES.values():
        for accel in sorted(row.accels):
            options = OptionMap(
                {"accel": accel, row.key: row.domain.write(ONE_VALUE.get(row.key, 1), row.name)}
            )
            if answer(options).startswith("<domain"):
                written.add((accel, row.key))
            elif accel in ("kvm", "tcg", "hvf", "xen"):
                assert answer(options).startswith(f"{accel},{row.key}=")
    assert written == {
        ("kvm", "kernel-irqchip"), ("kvm", "kvm-shadow-mem"), ("kvm", "dirty-ring-size"), ("tcg", "tb-size"),
    }  # fmt: skip


ONE_VALUE: dict[str, Any] = {
    "kernel-irqchip": "on", "kvm-shadow-mem": 1 << 20, "dirty-ring-size": 4096, "eager-split-size": 4096,
    "notify-vmexit": "run", "thread": "single", "device": "/dev/kvm", "rapl-helper-socket": "/run/x",
    "riscv-aia": "auto",
    **dict.fromkeys(("igd-passthru", "one-insn-per-tb", "split-wx", "rapl", "debug-mode"), True),
    **dict.fromkeys(("honor-guest-pat", "hyperv", "ignore-unknown-msr", "intercept-msr-gp", "ssd"), "auto"),
}  # fmt: skip


def test_every_accelerator_is_written_or_refused() -> None:
    assert [name for name, row in ACCELERATORS.items() if answer(row()).startswith("<domain")] == [
        "kvm", "tcg", "xen", "hvf",
    ]  # fmt: skip


def test_recipes_are_what_the_readme_says() -> None:
    assert accelkit.recipes_of(from_libvirt(to_libvirt(tcg() | tb_size(256)))) == tcg() | tb_size(256)
    assert to_libvirt(first_of(tcg() | tb_size(256))) == to_libvirt(tcg() | tb_size(256))
