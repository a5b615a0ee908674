"""Domain XML to the command line that libvirt makes of it: what is about accelerators, the machine and the CPU. Pure.

Measured with ``virsh domxml-to-native`` of libvirt 9.0, the elements with 12.8 too. The types hvf and xen are those of
libvirt's ``docs/formatdomain.rst`` and ``docs/drvxen.rst``; they were not measured, for lack of such hosts.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from accelkit.errors import IgnoredOptionWarning, LibvirtError, shown
from accelkit.parsing.sources.command import Command, Word
from accelkit.parsing.sources.domain_tree import DomainTree, domain_tree
from accelkit.syntax.libvirt_words import IOAPIC, QEMU, RING, TYPES
from accelkit.syntax.literals import read_int

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_XEN: Final = "http://libvirt.org/schemas/domain/xen/1.0"
_MIB: Final = 1024 * 1024
#: Units of memory in lower case (``virScaleInteger``): powers of 1024, but KB, MB, … powers of 1000.
_UNITS: Final = {"b": 1, "byte": 1, "bytes": 1} | {
    letter + suffix: base**power
    for power, letter in enumerate("kmgtpe", 1)
    for suffix, base in (("", 1024), ("ib", 1024), ("b", 1000))
}


def domain_words(xml: str | bytes) -> list[str]:
    """The words about accelerators on the command line that libvirt makes of domain XML.

    First libvirt's own, then those in ``<qemu:commandline>`` (under Xen ``<xen:commandline>``). Raises LibvirtError
    for text that is not a domain, and for everything that libvirt refuses in it, all at once.

    >>> domain_words("<domain type='kvm'><features><ioapic driver='qemu'/></features></domain>")
    ['-machine', 'kernel_irqchip=split', '-accel', 'kvm']
    """
    return [word.text for word in _words(domain_tree(xml))]


def domain_command(xml: str | bytes) -> Command:
    """The command that libvirt makes of domain XML, as far as it decides about accelerators: machine and CPU as well.

    Its target is the domain's architecture. Raises LibvirtError as :func:`domain_words` does.

    >>> xml = "<domain type='qemu'><os><type arch='aarch64' machine='virt'>hvm</type></os></domain>"
    >>> command = domain_command(xml)
    >>> command.argv, command.target
    (('-machine', 'virt', '-accel', 'tcg'), 'aarch64')
    """
    tree = domain_tree(xml)
    kind, cpu = tree.domain.find("os/type"), tree.domain.find("cpu")
    before: list[Word] = []
    if kind is not None and (machine := kind.get("machine")):
        before += _placed(("-machine", machine), kind, tree)
    if cpu is not None and (model := _CPUS.get(cpu.get("mode", "")) or cpu.findtext("model")):
        before += _placed(("-cpu", model), cpu, tree)
    return Command((*before, *_words(tree)), "domain", None if kind is None else kind.get("arch"))


def _placed(words: Iterable[str], element: Element, tree: DomainTree) -> list[Word]:
    """The words that libvirt writes for an element, where the element stands."""
    return [Word(word, *tree.places[element]) for word in words]


#: ``<cpu mode=…>`` to -cpu. Of a host-model libvirt writes the host's own model.
_CPUS: Final = {"host-passthrough": "host", "maximum": "max"}


def _words(tree: DomainTree) -> list[Word]:
    domain = tree.domain
    domain_type = domain.get("type")
    if domain_type is None:
        raise LibvirtError("<domain> has no type; write type='kvm' or another")
    accel = TYPES.get(domain_type)
    if accel is None:
        known = ", ".join(TYPES)
        raise LibvirtError(
            f"<domain type={shown(domain_type)}>: starts no QEMU accelerator known here; it takes {known}"
        )
    faults: list[str] = []
    if accel == "xen":  # Xen's toolstack reads none of the elements below
        words = [*_placed(("-accel", "xen"), domain, tree), *_arguments(tree, _XEN, faults)]
    else:
        words = _irqchip(tree, faults)
        words += _placed(("-accel", ",".join([accel, *_properties(domain, accel, faults)])), domain, tree)
        words += _arguments(tree, QEMU, faults)
    if faults:
        raise LibvirtError(" | ".join(faults))
    return words


def _irqchip(tree: DomainTree, faults: list[str]) -> list[Word]:
    """The words that libvirt writes for ``<ioapic>``, of which the last counts."""
    words: list[Word] = []
    for element in tree.domain.findall("features/ioapic"):
        driver = element.get("driver")
        chip = IOAPIC.get(driver or "")
        if driver is not None and chip is None:
            faults.append(f"<ioapic driver={shown(driver)}>: libvirt has no such driver; write kvm or qemu")
        words = [] if chip is None else _placed(("-machine", f"kernel_irqchip={chip}"), element, tree)
    return words


def _properties(domain: Element, accel: str, faults: list[str]) -> list[str]:
    """The properties in libvirt's -accel: those of the last ``<kvm>``, and of the last ``<tcg>`` with a cache."""
    ring = 0
    for kvm in domain.findall("features/kvm"):
        sizes = [size for element in kvm.findall("dirty-ring") for size in _entries(element, faults)]
        ring = sizes[-1] if sizes else 0
    caches = [tcg.find("tb-cache") for tcg in domain.findall("features/tcg")]
    sizes = [_mebibytes(cache, faults) for cache in caches if cache is not None]
    cache = sizes[-1] if sizes else 0
    if cache and accel != "tcg":
        faults.append("<tcg>: libvirt refuses it unless the domain's type is qemu; leave it out")
    if ring and accel != "kvm":
        warnings.warn(
            f"<dirty-ring> has no effect: libvirt gives it to kvm only, not to {accel}; leave it out",
            IgnoredOptionWarning, stacklevel=5,
        )  # fmt: skip
        ring = 0
    return [f"{key}={value}" for key, value in (("tb-size", cache), ("dirty-ring-size", ring)) if value]


def _entries(element: Element, faults: list[str]) -> Iterator[int]:
    """The size of a ``<dirty-ring>``, 0 if it is off; nothing if libvirt refuses it."""
    state, text = element.get("state"), element.get("size")
    size = None if text is None else read_int(text)
    if state == "off":
        yield 0
    elif state != "on":
        fault = "has no state" if state is None else f"state={shown(state)} is neither on nor off"
        faults.append(f"<dirty-ring>: {fault}; write state='on' or state='off'")
    elif size is None or not RING[0] <= size <= RING[1] or size & (size - 1):
        fault = "has no size" if text is None else f"libvirt refuses size={shown(text)}"
        faults.append(f"<dirty-ring>: {fault}; write a power of two, {RING[0]} to {RING[1]}")
    else:
        yield size


def _mebibytes(element: Element, faults: list[str]) -> int:
    """The size in a ``<tb-cache>``, in MiB; 0 if it has none, or libvirt refuses it."""
    text, unit = "".join(element.itertext()), element.get("unit") or "KiB"
    scale = _UNITS.get(unit.lower())
    if not text:
        return 0
    if scale is None:
        faults.append(f"<tb-cache unit={shown(unit)}>: libvirt has no such unit; write MiB")
    elif re.fullmatch(r"[ \t\n]*\+?[0-9]{1,400}", text) is None or int(text) * scale >= 1 << 64:
        faults.append(
            f"<tb-cache unit={shown(unit)}>: {shown(text)} is not a size; write only decimal digits, less than 2^64 bytes"
        )
    elif int(text) * scale % _MIB:
        faults.append(
            f"<tb-cache unit={shown(unit)}>: {shown(text)} is not a whole number of MiB, which libvirt requires"
        )
    else:
        return int(text) * scale // _MIB
    return 0


def _arguments(tree: DomainTree, namespace: str, faults: list[str]) -> Iterator[Word]:
    """The words that libvirt passes on to QEMU unchanged."""
    for arg in tree.domain.findall(f"{{{namespace}}}commandline/{{{namespace}}}arg"):
        value = arg.get("value")
        if value is None:
            faults.append("<qemu:arg>: has no value; write <qemu:arg value='…'/>")
        else:
            yield from _placed((value,), arg, tree)
