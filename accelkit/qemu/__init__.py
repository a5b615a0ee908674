"""A QEMU binary: find it, start it, ask it. Knows nothing of guests and trials."""

from accelkit.qemu.binary import find

__all__ = ["find"]
