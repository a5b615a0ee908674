"""from_libvirt reads domains that are very deep or very wide."""

from __future__ import annotations

from accelkit import (
    OptionMap,
)
from accelkit.libvirt import from_libvirt

QEMU_NAMESPACE = "http://libvirt.org/schemas/domain/qemu/1.0"


def domain(inside: str, domain_type: str = "kvm") -> str:
    return (
        f"<domain type='{domain_type}' xmlns:qemu='{QEMU_NAMESPACE}' "
        f"xmlns:xen='http://libvirt.org/schemas/domain/xen/1.0'>{inside}</domain>"
    )


def test_a_deep_or_wide_domain_is_read() -> None:
    assert from_libvirt(domain("<a>" * 50_000 + "</a>" * 50_000)) == (OptionMap({"accel": "kvm"}),)
    assert from_libvirt(domain("<a/>" * 200_000)) == (OptionMap({"accel": "kvm"}),)
