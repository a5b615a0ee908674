"""Domain XML: what is written for libvirt, what is read of it, and what is refused in words.

That libvirt and QEMU make of it what is said here is asked of both in tests/oracle/test_libvirt.py.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.strategies import fallbacks, option_maps, recipes

import accelkit
from accelkit import (
    ACCELERATORS,
    PROPERTIES,
    ArgvError,
    ComposeError,
    IgnoredOptionWarning,
    LibvirtError,
    OptionMap,
    Recipe,
    first_of,
    fold,
    kvm,
    option,
    tb_size,
    tcg,
)
from accelkit.libvirt import from_libvirt, to_libvirt
from accelkit.libvirt.read import domain_words

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
#: What cannot be said, and all that is said of it.
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


@pytest.mark.parametrize(("code", "said"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_libvirt_cannot_say_is_refused_in_words(code: str, said: str) -> None:
    with pytest.raises(LibvirtError) as caught:
        to_libvirt(evaluated(code))
    assert str(caught.value) == said


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
def test_what_is_no_recipe_is_refused(code: str, hint: str) -> None:
    with pytest.raises(ComposeError, match=hint):
        to_libvirt(evaluated(code))


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
    found = from_libvirt(domain(passed("-accel", "tcg,thread=single")))
    assert found == accelkit.parse("-accel kvm -accel tcg,thread=single")


def test_what_has_no_effect_is_warned_of() -> None:
    ring = "<features><kvm><dirty-ring state='on' size='4096'/></kvm></features>"
    with pytest.warns(
        IgnoredOptionWarning, match="<dirty-ring> has no effect: libvirt gives it to kvm only"
    ) as seen:
        assert from_libvirt(domain(ring, "qemu")) == (OptionMap({"accel": "tcg"}),)
    assert seen[0].filename == __file__
    with pytest.warns(IgnoredOptionWarning, match="kernel-irqchip=split has no effect"):
        from_libvirt(domain("<features><ioapic driver='qemu'/></features>", "qemu"))


BOMB = "<!DOCTYPE domain [<!ENTITY a '" + "x" * 1000 + "'>" + "".join(
    f"<!ENTITY {this} '{f'&{last};' * 20}'>" for last, this in zip("abcdefgh", "bcdefghi", strict=True)
)  # fmt: skip
#: What is no domain, or one that libvirt refuses; and what is said.
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
    ("<domainsnapshot><domain type='kvm'/></domainsnapshot>", "not a domain: the root is <domainsnapshot>"),
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
    (domain("<features><tcg><tb-cache>1</tb-cache></tcg></features>", "qemu"), "1 is not a whole number of MiB"),
    (domain("<features><tcg><tb-cache unit='MiB'>0x40</tb-cache></tcg></features>", "qemu"), "'0x40' is not a size; write only decimal digits"),
    (domain("<features><tcg><tb-cache unit='EiB'>16</tb-cache></tcg></features>", "qemu"), "less than 2^64 bytes"),
    (domain("<features><tcg><tb-cache unit='lot'>1</tb-cache></tcg></features>", "qemu"), "<tb-cache unit='lot'>: libvirt has no such unit; write MiB"),
    (domain("<qemu:commandline><qemu:arg/></qemu:commandline>"), "<qemu:arg>: has no value; write <qemu:arg value='…'/>"),
]  # fmt: skip


@pytest.mark.parametrize(("xml", "said"), FAULTS, ids=range(len(FAULTS)))
def test_what_is_no_domain_or_libvirt_refuses_is_refused_in_words(xml: Any, said: str) -> None:
    with pytest.raises(LibvirtError, match=re.escape(said)):
        from_libvirt(xml)


def test_all_faults_are_said_at_once() -> None:
    inside = (
        "<features><ioapic driver='x'/><kvm><dirty-ring/></kvm><tcg><tb-cache>1</tb-cache></tcg></features>"
    )
    with pytest.raises(LibvirtError) as caught:
        from_libvirt(domain(inside))
    assert [part.split(":")[0] for part in str(caught.value).split(" | ")] == [
        "<ioapic driver='x'>", "<dirty-ring>", "<tb-cache unit='KiB'>",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-enable-kvm",), "-accel and -machine accel= (or -enable-kvm) are incompatible"),
        (("-machine",), "takes a value"),
        (("-machine", "thread=single"), "no machine has it; give thread= to -accel"),
    ],
)
def test_what_qemu_would_refuse_is_refused_as_in_parse(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(ArgvError, match=re.escape(said)):
        from_libvirt(domain(passed(*words)))


# Laws


def effect(options: OptionMap) -> dict[str, Any]:
    """What ``options`` come to: values as they are read, and none where the value is the default of QEMU."""
    read = {
        key: PROPERTIES[key].domain.read(text) if key in PROPERTIES else text for key, text in options.items()
    }
    return {
        key: value
        for key, value in read.items()
        if (key, value) not in (("tb-size", 0), ("dirty-ring-size", 0))
    }


RINGS = st.sampled_from([0, *(1 << power for power in range(10, 17))])
SAYABLE = st.one_of(
    st.sampled_from([("hvf()",), ("xen()",)]),
    st.tuples(st.just("tcg()"), st.integers(0, (1 << 32) - 1).map("tb_size({})".format)),
    st.lists(
        st.sampled_from(["on", "off", "split"]).map("kernel_irqchip({})".format)
        | (st.just(-1) | st.integers(1 << 18, (1 << 31) - 1)).map("shadow_mem({})".format)
        | RINGS.map("dirty_ring_size({})".format),
        max_size=4,
    ).map(lambda steps: ("kvm()", *steps)),
).map(lambda steps: evaluated(" | ".join(steps)))
TARGETS = st.sampled_from(["x86_64", "i386", "aarch64"])


@given(SAYABLE, TARGETS)
def test_what_can_be_said_is_read_back_with_the_same_effect(recipe: Recipe[Any], target: str) -> None:
    [found] = from_libvirt(to_libvirt(recipe, target=target))
    assert effect(found) == effect(fold(recipe))


@given(recipes() | option_maps(), TARGETS)
@example(kvm() | option("kvm-shadow-mem", "0x100000"), "x86_64")
@example(kvm() | option("dirty-ring-size", "-18446744073709550592"), "x86_64")
def test_anything_is_either_said_whole_or_refused(x: Any, target: str) -> None:
    options = fold(x) if isinstance(x, Recipe) else x
    said = answer(x, target)
    if said.startswith("<domain "):
        [found] = from_libvirt(said)
        assert effect(found) == effect(options)
    elif options["accel"] in ("kvm", "tcg", "hvf", "xen"):
        perhaps = {"accel", "kernel-irqchip", "kvm-shadow-mem", "dirty-ring-size", "tb-size"}
        assert all(f",{key}=" in said for key in options if key not in perhaps)
    else:
        assert "libvirt has no domain type for it" in said


@given(fallbacks())
def test_a_fallback_is_refused_unless_it_is_none(fallback: Any) -> None:
    if len(fallback.alternatives) > 1:
        with pytest.raises(LibvirtError, match="first_of"):
            to_libvirt(fallback)
    else:
        [only] = fallback.alternatives
        assert answer(fallback) == answer(only)


def answer(x: Any, target: str = "x86_64") -> str:
    """The domain XML, or why there is none."""
    try:
        return to_libvirt(x, target=target)
    except LibvirtError as error:
        return str(error)


def test_every_row_of_the_table_is_said_or_refused_by_its_name() -> None:
    """A property that is new in the table is refused until somebody has asked libvirt."""
    said = set()
    for row in PROPERTIES.values():
        for accel in sorted(row.accels):
            options = OptionMap(
                {"accel": accel, row.key: row.domain.write(ONE_VALUE.get(row.key, 1), row.name)}
            )
            if answer(options).startswith("<domain"):
                said.add((accel, row.key))
            elif accel in ("kvm", "tcg", "hvf", "xen"):
                assert answer(options).startswith(f"{accel},{row.key}=")
    assert said == {
        ("kvm", "kernel-irqchip"), ("kvm", "kvm-shadow-mem"), ("kvm", "dirty-ring-size"), ("tcg", "tb-size"),
    }  # fmt: skip


ONE_VALUE: dict[str, Any] = {
    "kernel-irqchip": "on", "kvm-shadow-mem": 1 << 20, "dirty-ring-size": 4096, "eager-split-size": 4096,
    "notify-vmexit": "run", "thread": "single", "device": "/dev/kvm", "rapl-helper-socket": "/run/x",
    "riscv-aia": "auto",
    **dict.fromkeys(("igd-passthru", "one-insn-per-tb", "split-wx", "rapl", "debug-mode"), True),
    **dict.fromkeys(("honor-guest-pat", "hyperv", "ignore-unknown-msr", "intercept-msr-gp", "ssd"), "auto"),
}  # fmt: skip


def test_every_accelerator_is_said_or_refused() -> None:
    assert [name for name, row in ACCELERATORS.items() if answer(row()).startswith("<domain")] == [
        "kvm", "tcg", "xen", "hvf",
    ]  # fmt: skip


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_any_text_is_a_domain_or_refused(text: str | bytes) -> None:
    with pytest.raises(LibvirtError):
        from_libvirt(text)


AWKWARD = st.sampled_from(
    [
        "",
        " ",
        "0",
        "-1",
        "4096",
        "65536",
        "1e3",
        "0x1000",
        "on",
        "off",
        "kvm",
        "qemu",
        "MiB",
        "日本",
        "9" * 500,
    ]
)


@given(AWKWARD, AWKWARD, AWKWARD, AWKWARD, AWKWARD, st.sampled_from(["kvm", "qemu", "hvf", "xen"]))
@pytest.mark.filterwarnings("ignore::accelkit.IgnoredOptionWarning")
def test_any_attributes_are_read_or_refused(
    driver: str, state: str, size: str, unit: str, cache: str, domain_type: str
) -> None:
    inside = (
        f"<features><ioapic driver='{driver}'/><kvm><dirty-ring state='{state}' size='{size}'/></kvm>"
        f"<tcg><tb-cache unit='{unit}'>{cache}</tb-cache></tcg></features>"
    )
    with suppress(LibvirtError):
        [options] = from_libvirt(domain(inside, domain_type))
        assert options["accel"] in ("kvm", "tcg", "hvf", "xen")


@given(
    st.lists(
        st.sampled_from(
            ["-machine", "-accel", "-M", "kvm", "kernel_irqchip=on", "x", "-x", "", "-set", "a=b"]
        )
    )
)
@pytest.mark.filterwarnings("ignore::accelkit.IgnoredOptionWarning")
def test_whatever_is_passed_on_is_read_or_refused(words: list[str]) -> None:
    xml = domain(passed(*words))
    assert domain_words(xml) == ["-accel", "kvm", *words]
    with suppress(ArgvError):
        assert from_libvirt(xml)[0]["accel"] == "kvm"


def test_a_deep_or_wide_domain_is_read() -> None:
    assert from_libvirt(domain("<a>" * 50_000 + "</a>" * 50_000)) == (OptionMap({"accel": "kvm"}),)
    assert from_libvirt(domain("<a/>" * 200_000)) == (OptionMap({"accel": "kvm"}),)


def test_recipes_are_what_the_readme_says() -> None:
    assert accelkit.recipes_of(from_libvirt(to_libvirt(tcg() | tb_size(256)))) == tcg() | tb_size(256)
    assert to_libvirt(first_of(tcg() | tb_size(256))) == to_libvirt(tcg() | tb_size(256))
