"""The elements of domain XML and their places."""

from __future__ import annotations

from typing import Any

import pytest

from accelkit.errors import LibvirtError
from accelkit.parsing.sources.domain_tree import domain_tree

TEXT = """virsh # dumpxml é <domain type='kvm' xmlns:q='u'>
  <!-- <type/> <cpu/> --><cputune><vcpupin vcpu='0'/></cputune>
  <os><type machine='q35'>hvm</type></os>é<cpu/>
  <q:arg/></domain>
virsh # """


def test_each_element_that_libvirt_writes_words_of_has_the_place_at_which_it_begins() -> None:
    tree = domain_tree(TEXT)
    assert {element.tag: place for element, place in tree.places.items()} == {
        "domain": (1, 19),
        "type": (3, 7),
        "cpu": (3, 43),
        "{u}arg": (4, 3),
    }
    assert tree.domain.tag == "domain"


@pytest.mark.parametrize("holder", ["domainsnapshot", "domaincheckpoint", "domstatus"])
def test_what_holds_a_domain_is_read(holder: str) -> None:
    tree = domain_tree(f"<{holder}><name/>\n<domain type='kvm'/></{holder}>")
    assert tree.domain.attrib == {"type": "kvm"}
    assert tree.places[tree.domain] == (2, 1)


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        (5, "takes domain XML as text or bytes, got int; read the file first"),
        ("<domain/>" + " " * 4_194_304 + "<a/>", "libvirt takes at most 4194304; give one domain"),
        (
            "<!DOCTYPE a><domain/>",
            "XML with a document type (<!DOCTYPE …>), which no domain needs; remove it",
        ),
        ("<domainCapabilities/>", "<domainCapabilities> says what libvirt can start on a host"),
        ("<domainsnapshot/>", "not a domain: the root is <domainsnapshot>; give what virsh dumpxml prints"),
        ("<domain xmlns='u'/>", "the root is <domain> of another namespace"),
        ("<domain type='kvm'/>\n<domain type='kvm'></domain>", "2 domains are in the text; give one of them"),
        ("<domain>", "XML cannot be read: no element found"),
        (b"<?xml version='1.0' encoding='x'?><domain/>", "XML cannot be read: unknown encoding"),
    ],
)
def test_other_text_is_refused(xml: Any, why: str) -> None:
    with pytest.raises(LibvirtError) as refused:
        domain_tree(xml)
    assert why in str(refused.value)
    assert ("XML cannot be read" in why) == ("XML cannot be read" in str(refused.value))
