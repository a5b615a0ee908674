"""Domain XML in a text."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.domain import domains_in, read
from accelkit.parsing.sources.places import Source


def test_each_domain_is_the_command_that_libvirt_makes_of_it() -> None:
    text = "<a>\n <domain type='kvm'>x</domain><domain type='qemu'>\n<cpu mode='maximum'/></domain>\n</a>"
    assert [command.words for command in read(Source(text))] == [
        (("-accel", 2, 2), ("kvm", 2, 2)),
        (("-cpu", 3, 1), ("max", 3, 1), ("-accel", 2, 31), ("tcg", 2, 31)),
    ]


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        ("<domain type='kvm'>x", "XML cannot be read: no element found"),
        ("<domain type='vz'></domain>", "starts no QEMU accelerator known here"),
    ],
)
def test_a_domain_that_libvirt_refuses_is_its_xml_and_the_reason(xml: str, why: str) -> None:
    (command,) = read(Source(f"a\n {xml}"))
    assert command.words == ((xml, 2, 2),)
    assert command.dialect == "libvirt"
    ((text, *place),) = command.notes
    assert why in text
    assert place == [2, 2, "fatal"]


def test_a_domain_that_is_cut_off_goes_to_the_end() -> None:
    assert domains_in("a <domain type='kvm'>x") == ((2, 22),)


@pytest.mark.parametrize("holder", ["domainsnapshot", "domaincheckpoint", "domstatus"])
def test_what_holds_a_domain_is_read(holder: str) -> None:
    assert read(Source(f"<{holder}>\n<domain type='kvm'></domain></{holder}>"))[0].words == (
        ("-accel", 2, 1),
        ("kvm", 2, 1),
    )


def test_capabilities_and_an_empty_snapshot_are_no_domains() -> None:
    assert read(Source("<capabilities><domain type='kvm'/></capabilities>")) == ()
    assert read(Source("<domainsnapshot></domainsnapshot>")) == ()
