"""Recipes to libvirt's domain XML (``write``), and domain XML to option maps (``read``)."""

from accelkit.libvirt.read import from_libvirt
from accelkit.libvirt.write import to_libvirt

__all__ = ["from_libvirt", "to_libvirt"]
