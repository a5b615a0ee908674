"""accelkit and the real libvirt make the same of domain XML, and real QEMUs take what comes of it.

Without libvirt, a QEMU or KVM a test is skipped, but not in CI (``CI=true``): there all must be present.
"""

from __future__ import annotations

import os
import random
import warnings
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from support.releases import release
from support.tools import library, need_kvm, tool

from accelkit import LibvirtError, OptionMap, bundled, fold, kvm, option, parse, tcg, verdict
from accelkit.libvirt import to_libvirt
from accelkit.parsing.sources.domain_xml import domain_words

from .real_libvirt import Native, domain, natives
from .real_qemu import Qemu, ask_all

pytestmark = pytest.mark.qemu


@pytest.fixture(autouse=True)
def all_is_there() -> None:
    """libvirt, a QEMU for it and KVM."""
    for program in ("virsh", "qemu-system-x86_64"):
        tool(program)
    if os.geteuid() == 0:
        library("libnss_wrapper.so")
    need_kvm()


@pytest.fixture
def qemu(request: pytest.FixtureRequest) -> Qemu:
    tool("cc")  # builds the fork server
    return release(request.param)


EACH_QEMU = pytest.mark.parametrize("qemu", ["5.2", "7.2", "10.0", "11.1"], indirect=True)


def said() -> Iterator[OptionMap]:
    """Every option map that can be said, with numbers from the ends and the middle of their ranges."""
    for size in (None, 0, 1, 256, (1 << 32) - 1):
        yield fold(tcg() if size is None else tcg() | option("tb-size", str(size)))
    axes: dict[str, Sequence[str | None]] = {
        "kernel-irqchip": (None, "on", "off", "split"),
        "kvm-shadow-mem": (None, "-1", "262144", "0x4000000", "2147483647"),
        "dirty-ring-size": (None, "0", "1024", "4096", "65536"),
    }
    for texts in product(*axes.values()):
        yield OptionMap({"accel": "kvm"} | {key: text for key, text in zip(axes, texts, strict=True) if text})


def whole(fragment: str) -> str:
    """What ``to_libvirt`` writes put into a small domain."""
    mine, theirs = ET.fromstring(fragment), ET.fromstring(domain("kvm"))
    for element in theirs:
        if element.tag != "features":
            mine.append(element)
    return ET.tostring(mine, encoding="unicode")


def made(native: Native) -> tuple[dict[str, Any], ...]:
    """The options in a whole command line of libvirt's; numbers as numbers."""
    assert native.argv, native.said
    return tuple(map(read, parse(native.argv)))


def read(options: OptionMap) -> dict[str, Any]:
    """Options with numbers read, less those that are the default."""
    numbers = {key: int(text, 0) if text.lstrip("-")[:1].isdigit() else text for key, text in options.items()}
    return {key: value for key, value in numbers.items() if value != 0}


@cache
def made_of_what_is_said() -> list[tuple[OptionMap, Native]]:
    """Each map that can be said, and what libvirt makes of it."""
    maps = list(said())
    return list(zip(maps, natives([whole(to_libvirt(options)) for options in maps]), strict=True))


def test_libvirt_makes_of_what_is_written_the_options_that_were_meant() -> None:
    for options, native in made_of_what_is_said():
        assert made(native) == (read(options),), options


@EACH_QEMU
def test_each_qemu_takes_what_libvirt_makes_as_it_is_judged(qemu: Qemu) -> None:
    """On the machine q35, in the words and the order of libvirt; refused where ``check`` says so."""
    lines = [("-machine", "q35", *native.about_accelerators) for _, native in made_of_what_is_said()]
    schema = bundled(qemu.series)
    for words, answer in zip(lines, ask_all(qemu, lines), strict=True):
        assert answer.accepted == verdict(words, schema).accepted, (words, answer.said)


#: What libvirt's own options come first of, whether QEMU comes up, and a word of what it says if not.
BEHIND_LIBVIRT = [
    # -machine passes on two of kvm's properties: a value that kvm cannot take shows it.
    ("kvm", ("-machine", "kvm-shadow-mem=1048576"), ""),
    ("kvm", ("-machine", "kvm-shadow-mem=4096"), "Invalid argument"),
    ("kvm", ("-machine", "kernel_irqchip=split", "-device", "intel-iommu,intremap=on"), ""),
    ("kvm", ("-machine", "kernel_irqchip=on", "-device", "intel-iommu,intremap=on"), "kernel-irqchip=on"),
    ("kvm", ("-machine", "kernel_irqchip=maybe"), "maybe"),
    # No machine takes the others.
    *(("kvm", ("-machine", f"{key}=1"), "not found") for key in ("dirty-ring-size", "notify-window", "device", "rapl",
                                                                  "xen-version", "honor-guest-pat")),
    *(("tcg", ("-machine", f"{key}=1"), "not found") for key in ("tb-size", "thread", "split-wx", "one-insn-per-tb")),
    # A value that would be refused is not looked at: neither -global nor a further -accel sets anything.
    ("kvm", ("-global", "kvm-accel.dirty-ring-size=1000"), ""),
    ("kvm", ("-accel", "kvm,device=/nowhere"), ""),
    ("kvm", ("-accel", "kvm,nonsense=1"), ""),
    ("tcg", ("-global", "tcg-accel.thread=nonsense"), ""),
    ("tcg", ("-accel", "tcg,thread=nonsense"), ""),
    # libvirt gives no id that -set could name, and leaves no room for another way to choose.
    ("kvm", ("-set", "accel.kvm.device=/dev/kvm"), "no accel"),
    ("kvm", ("-enable-kvm",), "incompatible"),
    ("tcg", ("-machine", "accel=kvm"), "incompatible"),
]  # fmt: skip


@EACH_QEMU
def test_behind_libvirts_options_qemu_takes_what_machine_passes_on_and_nothing_else(qemu: Qemu) -> None:
    lines = [
        ("-machine", "q35,usb=off,dump-guest-core=off", "-accel", accel, *words)
        for accel, words, _ in BEHIND_LIBVIRT
    ]
    for (accel, words, refusal), answer in zip(BEHIND_LIBVIRT, ask_all(qemu, lines), strict=True):
        assert answer.accepted == (not refusal), (accel, words, answer.said)
        assert refusal in answer.said, (accel, words)


@pytest.mark.parametrize("qemu", ["7.2", "11.1"], indirect=True)
def test_a_property_in_two_spellings_is_refused(qemu: Qemu) -> None:
    """Why -machine is given libvirt's spelling, ``kernel_irqchip``."""
    args = "<qemu:arg value='-machine'/><qemu:arg value='kernel{}irqchip=split'/>"
    after = f"<qemu:commandline>{args}</qemu:commandline>"
    answers = natives([domain("kvm", "<ioapic driver='kvm'/>", after.format(hyphen)) for hyphen in "_-"])
    same, other = ask_all(qemu, [("-machine", "q35", *native.about_accelerators) for native in answers])
    assert same.accepted
    assert "Conflict between" in other.said
    assert "kernel_irqchip=off" in to_libvirt(kvm() | option("kernel-irqchip", "off"))


def test_what_to_libvirt_refuses_libvirt_refuses() -> None:
    types = ["whpx", "nvmm", "mshv", "nitro", "qtest", "hax"]
    rings = [1, 512, 1000, 131072]
    ring = "<kvm><dirty-ring state='on' size='{}'/></kvm>"
    answers = natives([*map(domain, types), *(domain("kvm", ring.format(size)) for size in rings)])
    assert [native.said for native in answers] == [
        *(f"unsupported configuration: invalid domain type {name}" for name in types),
        *["XML error: dirty ring must be power of 2 and ranges [1024, 65536]"] * len(rings),
    ]


def test_a_domain_whose_type_does_not_start_here_is_refused() -> None:
    """Why a fallback cannot be said: libvirt takes the one type or nothing, whatever is passed on to QEMU."""
    after = "<qemu:commandline><qemu:arg value='-accel'/><qemu:arg value='tcg'/></qemu:commandline>"
    [native] = natives([domain("hvf", after=after)])
    assert "does not support virt type 'hvf'" in native.said


def test_ioapic_is_for_x86_guests() -> None:
    """Why kernel-irqchip goes through -machine elsewhere."""
    arm, plain, old = natives([
        domain("qemu", "<gic version='2'/><ioapic driver='kvm'/>", arch="aarch64", machine="virt"),
        domain("qemu", "<gic version='2'/>", arch="aarch64", machine="virt"),
        domain("kvm", "<ioapic driver='kvm'/>", machine="pc"),
    ])  # fmt: skip
    assert "The 'ioapic' feature is not supported for architecture 'aarch64'" in arm.said
    assert plain.argv
    assert old.about_accelerators == ["-machine", "kernel_irqchip=on", "-accel", "kvm"]


QUESTIONS = 400


def features(dice: random.Random) -> str:
    """Features as a person, a program or a fool may write them."""

    def attribute(name: str, *texts: str) -> str:
        text = dice.choice((*texts, None))
        return "" if text is None else f" {name}='{text}'"

    def ioapic() -> str:
        return f"<ioapic{attribute('driver', 'kvm', 'qemu', 'kvm', 'qemu', 'none')}/>"

    def ring() -> str:
        sizes = (
            "1024",
            "4096",
            "65536",
            "0x1000",
            "010000",
            " 2048",
            "+8192",
            "1000",
            "512",
            "4096 ",
            "",
            "-1",
            "x",
        )
        return f"<dirty-ring{attribute('state', 'on', 'on', 'on', 'off', 'yes')}{attribute('size', *sizes)}/>"

    def cache() -> str:
        units = (
            "MiB",
            "MiB",
            "KiB",
            "M",
            "k",
            "mib",
            "GB",
            "KB",
            "bytes",
            "b",
            "byte",
            "TiB",
            "EiB",
            "ZiB",
            "",
        )
        text = dice.choice(("64", "128", "131072", "1048576", "0", "010", "+64", " 64", "64 ", "", "0x40", "-1", "1.5",
                            "18446744073709551616", "<!-- 1 -->64", "6<!-- 1 -->4"))  # fmt: skip
        return f"<tb-cache{attribute('unit', *units)}>{text}</tb-cache>"

    def several(make: Any) -> str:
        return "".join(make() for _ in range(dice.choice((0, 1, 1, 1, 2))))

    return (
        several(ioapic)
        + several(lambda: f"<kvm>{several(ring)}</kvm>")
        + several(lambda: f"<tcg>{several(cache)}</tcg>")
    )


def words_of(xml: str) -> list[str] | None:
    """What accelkit says that libvirt gives to QEMU; None where it says that libvirt refuses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return domain_words(xml)
        except LibvirtError:
            return None


def test_any_features_are_read_as_libvirt_reads_them() -> None:
    dice = random.Random(1)
    domains = [domain(dice.choice(("kvm", "qemu")), features(dice)) for _ in range(QUESTIONS)]
    refused = 0
    for xml, native in zip(domains, natives(domains), strict=True):
        assert words_of(xml) == (native.about_accelerators if native.argv else None), (xml, native.said)
        refused += not native.argv
    assert QUESTIONS // 10 < refused < QUESTIONS // 10 * 9
