"""from_libvirt: domain XML to the option maps of the command line that libvirt makes of it. Pure.

Measured with ``virsh domxml-to-native`` of libvirt 9.0, the elements with 12.8 too. The types hvf and xen are those of
libvirt's ``docs/formatdomain.rst`` and ``docs/drvxen.rst``; they were not measured, for lack of such hosts.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NoReturn

from accelkit.errors import IgnoredOptionWarning, LibvirtError
from accelkit.parsing.recipes import parse
from accelkit.syntax.literals import read_int
from accelkit.syntax.option_map import OptionMap

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: Domain type to the accelerator that libvirt starts QEMU with.
TYPES: Final = {"kvm": "kvm", "qemu": "tcg", "hvf": "hvf", "xen": "xen"}
#: ``<ioapic driver=…>`` to kernel-irqchip.
IOAPIC: Final = {"kvm": "on", "qemu": "split"}
#: Fewest and most entries of a dirty ring that libvirt accepts.
RING: Final = (1024, 65536)
QEMU: Final = "http://libvirt.org/schemas/domain/qemu/1.0"
_XEN: Final = "http://libvirt.org/schemas/domain/xen/1.0"
_MIB: Final = 1024 * 1024
#: Units of memory in lower case (``virScaleInteger``): powers of 1024, but KB, MB, … powers of 1000.
_UNITS: Final = {"b": 1, "byte": 1, "bytes": 1} | {
    letter + suffix: base**power
    for power, letter in enumerate("kmgtpe", 1)
    for suffix, base in (("", 1024), ("ib", 1024), ("b", 1000))
}


def from_libvirt(xml: str | bytes, /) -> tuple[OptionMap, ...]:
    """The option maps of the command line that libvirt makes of domain XML, as ``parse`` returns them.

    Takes the text of a whole domain, or what ``to_libvirt`` returned, and ignores everything that is not about
    accelerators. Options in ``<qemu:commandline>`` (under Xen ``<xen:commandline>``) come after libvirt's own. Where
    libvirt writes no option, the map has none: for ``<dirty-ring state='off'/>``, or a tb-cache of 0.

    Raises LibvirtError for text that is not the XML of a domain or has a document type (``<!DOCTYPE``), and for
    everything that libvirt refuses, all at once; ArgvError if QEMU would refuse the options. Warns
    (IgnoredOptionWarning) about what has no effect. Source: as for ``to_libvirt``.

    >>> from_libvirt(
    ...     "<domain type='qemu'><features><tcg><tb-cache unit='GiB'>1</tb-cache></tcg></features></domain>"
    ... )
    (OptionMap({'accel': 'tcg', 'tb-size': '1024'}),)
    """
    return parse(domain_words(xml))


def domain_words(xml: str | bytes) -> list[str]:
    """The words about accelerators on the command line that libvirt makes of domain XML.

    First libvirt's own, then those in ``<qemu:commandline>`` (under Xen ``<xen:commandline>``). Raises LibvirtError
    for text that is not a domain, and for everything that libvirt refuses in it, all at once.

    >>> domain_words("<domain type='kvm'><features><ioapic driver='qemu'/></features></domain>")
    ['-machine', 'kernel_irqchip=split', '-accel', 'kvm']
    """
    domain = _root(xml)
    domain_type = domain.get("type")
    if domain_type is None:
        raise LibvirtError("<domain> has no type; write type='kvm' or another")
    accel = TYPES.get(domain_type)
    if accel is None:
        known = ", ".join(TYPES)
        raise LibvirtError(
            f"<domain type={domain_type!r}>: starts no QEMU accelerator known here; it takes {known}"
        )
    faults: list[str] = []
    if accel == "xen":  # Xen's toolstack reads none of the elements below
        words = ["-accel", "xen", *_arguments(domain, _XEN, faults)]
    else:
        words = [*_irqchip(domain, faults), "-accel", ",".join([accel, *_properties(domain, accel, faults)])]
        words += _arguments(domain, QEMU, faults)
    if faults:
        raise LibvirtError(" | ".join(faults))
    return words


def _root(xml: str | bytes) -> Element:
    """The root element of a domain. Raises LibvirtError for any other text."""
    # Imported here: only XML needs it.
    from xml.etree.ElementTree import ParseError, TreeBuilder, XMLParser, fromstring

    class Builder(TreeBuilder):
        def doctype(self, *_: object) -> NoReturn:
            # Before any entity is read: a few lines of entities can expand to gigabytes, or to files of the host.
            raise LibvirtError("XML with a document type (<!DOCTYPE …>), which no domain needs; remove it")

    if not isinstance(xml, str | bytes):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
        raise LibvirtError(
            f"takes domain XML as text or bytes, got {type(xml).__name__}; read the file first"
        )
    try:
        root = fromstring(xml, XMLParser(target=Builder()))  # noqa: S314  # without a document type there are no entities
    except LibvirtError:
        raise
    except (ParseError, LookupError, ValueError) as error:  # the last two: unknown or wrong encodings
        raise LibvirtError(f"XML cannot be read: {error}; give what virsh dumpxml prints") from None
    if root.tag != "domain":
        name = str(root.tag).rpartition("}")[2]
        space = " of another namespace" if name == "domain" else ""
        raise LibvirtError(f"not a domain: the root is <{name}>{space}; give what virsh dumpxml prints")
    return root


def _irqchip(domain: Element, faults: list[str]) -> list[str]:
    """The words that libvirt writes for ``<ioapic>``, of which the last counts."""
    driver = None
    for element in domain.findall("features/ioapic"):
        driver = element.get("driver")
        if driver is not None and driver not in IOAPIC:
            faults.append(f"<ioapic driver={driver!r}>: libvirt has no such driver; write kvm or qemu")
    return ["-machine", f"kernel_irqchip={IOAPIC[driver]}"] if driver in IOAPIC else []


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
            IgnoredOptionWarning, stacklevel=4,
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
        fault = "has no state" if state is None else f"state={state!r} is neither on nor off"
        faults.append(f"<dirty-ring>: {fault}; write state='on' or state='off'")
    elif size is None or not RING[0] <= size <= RING[1] or size & (size - 1):
        fault = "has no size" if text is None else f"libvirt refuses size={text!r}"
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
        faults.append(f"<tb-cache unit={unit!r}>: libvirt has no such unit; write MiB")
    elif re.fullmatch(r"[ \t\n]*\+?[0-9]{1,400}", text) is None or int(text) * scale >= 1 << 64:
        faults.append(
            f"<tb-cache unit={unit!r}>: {text!r} is not a size; write only decimal digits, less than 2^64 bytes"
        )
    elif int(text) * scale % _MIB:
        faults.append(
            f"<tb-cache unit={unit!r}>: {text} is not a whole number of MiB, which libvirt requires"
        )
    else:
        return int(text) * scale // _MIB
    return 0


def _arguments(domain: Element, namespace: str, faults: list[str]) -> list[str]:
    """The words that libvirt passes on to QEMU unchanged."""
    values = [arg.get("value") for arg in domain.findall(f"{{{namespace}}}commandline/{{{namespace}}}arg")]
    if None in values:
        faults.append("<qemu:arg>: has no value; write <qemu:arg value='…'/>")
    return [value for value in values if value is not None]
