"""How text is read: QEMU's option strings, numbers and option names, and Python's calls. Knows no accelerator."""
