"""A QEMU binary: find it, start it, ask it. Knows no guests and no trials."""

from accelkit.qemu.binary import find

__all__ = ["find"]
