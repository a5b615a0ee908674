"""from_libvirt: domain XML to the option maps of the command line that libvirt makes of it. Pure."""

from __future__ import annotations

from accelkit.parsing.recipes import parse
from accelkit.parsing.sources.domain_xml import domain_words
from accelkit.syntax.option_map import OptionMap


def from_libvirt(xml: str | bytes, /) -> tuple[OptionMap, ...]:
    """The option maps of the command line that libvirt makes of domain XML, as ``parse`` returns them.

    Takes the text of a whole domain, with what virsh prints around it, or what ``to_libvirt`` returned, and ignores
    everything that is not about accelerators. Options in ``<qemu:commandline>`` (under Xen ``<xen:commandline>``) come after libvirt's own. Where
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
