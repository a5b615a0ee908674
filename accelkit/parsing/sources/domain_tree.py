"""The elements of domain XML, and where each of them stands. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from accelkit.errors import LibvirtError, brief

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: Bytes of the longest XML that libvirt takes from a client: REMOTE_STRING_MAX (``src/remote/remote_protocol.x``).
LONGEST_XML: Final = 4_194_304
#: Documents of libvirt that hold the domain that they are about: its schemas ``domainsnapshot.rng`` and
#: ``domaincheckpoint.rng``; ``/run/libvirt/qemu/NAME.xml`` is a domstatus.
_HOLDERS: Final = ("domainsnapshot", "domaincheckpoint", "domstatus")
#: Elements of which libvirt writes words. The places of others nobody asks for, and a text may hold a million of them.
_PLACED: Final = frozenset({"domain", "type", "cpu", "ioapic", "arg"})
_DOMAIN: Final = re.compile(r"<domain(?=[\s>/])")
_WRITE: Final = "give what virsh dumpxml prints"


class DomainTree(NamedTuple):
    """The element ``<domain>``, and where each element that libvirt writes words of begins."""

    domain: Element
    places: Mapping[Element, tuple[int, int]]


def domain_tree(xml: str | bytes) -> DomainTree:
    r"""The elements of a domain, alone or in a snapshot, with what virsh prints around it.

    Raises LibvirtError for any other text, which no domain is in.

    >>> tree = domain_tree("$ virsh dumpxml vm\n<domain type='kvm'>\n <cpu/></domain>")
    >>> [tree.places[element] for element in tree.domain.iter()]
    [(2, 1), (3, 2)]
    """
    if not isinstance(xml, str | bytes):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
        raise LibvirtError(
            f"takes domain XML as text or bytes, got {type(xml).__name__}; read the file first"
        )
    line, column = 1, 1
    if isinstance(xml, str):
        start, end = _alone(xml)
        line, column = xml.count("\n", 0, start) + 1, start - xml.rfind("\n", 0, start)
        xml = xml[start:end]
    length = len(xml) if isinstance(xml, bytes) or xml.isascii() else len(xml.encode(errors="surrogatepass"))
    if length > LONGEST_XML:
        raise LibvirtError(f"XML of {length} bytes; libvirt takes at most {LONGEST_XML}; give one domain")
    root, places = _parsed(xml, line, column)
    name = str(root.tag).rpartition("}")[2]
    if root.tag in _HOLDERS and (domain := root.find("domain")) is not None:
        return DomainTree(domain, places)
    if root.tag == "domainCapabilities":
        raise LibvirtError(
            f"<domainCapabilities> says what libvirt can start on a host, and is no domain; {_WRITE}"
        )
    if root.tag != "domain":
        space = " of another namespace" if name == "domain" else ""
        raise LibvirtError(f"not a domain: the root is <{brief(name)}>{space}; {_WRITE}")
    return DomainTree(root, places)


def _alone(text: str) -> tuple[int, int]:
    """Where the domain starts and ends between a prompt and a command before it, and the next prompt."""
    start = 0
    if not text.lstrip("\ufeff \t\r\n").startswith("<"):
        start = max(text.find("<domain"), 0)
    end = text.rfind("</domain>", start)
    end = len(text) if end < 0 else end + len("</domain>")
    return start, len(text) if "<" in text[end:] else end


def _parsed(xml: str | bytes, line: int, column: int) -> tuple[Element, dict[Element, tuple[int, int]]]:
    # Imported here: only XML needs it.
    from xml.etree.ElementTree import TreeBuilder
    from xml.parsers.expat import ExpatError, ParserCreate

    builder = TreeBuilder()
    parser = ParserCreate(namespace_separator="}")
    places: dict[Element, tuple[int, int]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        element: Element = builder.start(_qualified(name), {_qualified(k): v for k, v in attributes.items()})
        if name.rpartition("}")[2] in _PLACED:
            row, before = parser.CurrentLineNumber, parser.CurrentColumnNumber
            places[element] = line + row - 1, before + (column if row == 1 else 1)

    def doctype(*_: Any) -> None:
        # Before any entity is read: a few lines of entities can expand to gigabytes, or to files of the host.
        raise LibvirtError("XML with a document type (<!DOCTYPE …>), which no domain needs; remove it")

    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: builder.end(_qualified(name))
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(xml, True)
    except LibvirtError:  # which is a ValueError too
        raise
    except (ExpatError, LookupError, ValueError) as error:  # the last two: unknown or wrong encodings
        many = len(_DOMAIN.findall(xml)) if isinstance(xml, str) else 0
        if many > 1:
            raise LibvirtError(f"{many} domains are in the text; give one of them") from None
        raise LibvirtError(f"XML cannot be read: {error}; {_WRITE}") from None
    return builder.close(), places


def _qualified(name: str) -> str:
    return "{" + name if "}" in name else name
