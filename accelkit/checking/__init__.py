"""What a QEMU would refuse, found before it runs."""
