"""How QEMU's own parsers read text. Knows commas, numbers and option names, and no meaning."""
