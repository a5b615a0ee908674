"""From text to recipes: reads QEMU command lines, and sweeps in QEMU's and in Python's notation."""
