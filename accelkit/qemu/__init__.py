"""Effects: everything that starts a QEMU. Nothing here is imported by ``import accelkit``."""
