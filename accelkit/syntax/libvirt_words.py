"""Words of libvirt's domain XML that stand for QEMU's, and its bounds: what to_libvirt writes and from_libvirt reads.

Source: ``src/qemu/qemu_command.c``, ``docs/formatdomain.rst``, ``docs/drvxen.rst`` (libvirt). Measured as
:mod:`accelkit.parsing.sources.domain_xml` says.

>>> TYPES["qemu"], IOAPIC["qemu"]
('tcg', 'split')
"""

from __future__ import annotations

from typing import Final

#: Domain type to the accelerator that libvirt starts QEMU with.
TYPES: Final = {"kvm": "kvm", "qemu": "tcg", "hvf": "hvf", "xen": "xen"}
#: ``<ioapic driver=…>`` to kernel-irqchip.
IOAPIC: Final = {"kvm": "on", "qemu": "split"}
#: Fewest and most entries of a dirty ring that libvirt accepts.
RING: Final = (1024, 65536)
#: The namespace of ``<qemu:commandline>``.
QEMU: Final = "http://libvirt.org/schemas/domain/qemu/1.0"
