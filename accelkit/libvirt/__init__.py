"""Recipes to libvirt's domain XML (``recipes/domain_xml.py``), and domain XML to option maps (``read``)."""

from accelkit.libvirt.read import from_libvirt
from accelkit.recipes.domain_xml import to_libvirt

__all__ = ["from_libvirt", "to_libvirt"]
