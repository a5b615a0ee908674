"""What a QEMU would refuse, before it runs."""
