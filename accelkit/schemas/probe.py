"""probe: the schema of a QEMU that is installed here, asked of the binary itself."""

from __future__ import annotations

from collections.abc import Sequence

from accelkit.schemas.schema import Schema


def probe(qemu: str | Sequence[str] | None = None, target: str = "x86_64") -> Schema:
    """The schema of a real QEMU, captured over QMP: no guest runs, the process ends at once.

    ``qemu`` is a binary's name or path, or a command that ends in one (``["chroot", "/root5",
    "qemu-system-x86_64"]``); None finds ``qemu-system-TARGET`` on PATH. Takes about 0.2 s.

    Raises QemuError where it is missing, refuses or does not answer; the message says what to install.

    >>> probe("qemu-system-x86_64")  # doctest: +SKIP
    <Schema of QEMU 7.2.22 (x86_64): kvm, tcg>
    """
    # Only here: they bring subprocess, socket and json, which composing has no need of.
    from accelkit.qemu.binary import find
    from accelkit.qemu.capture import capture

    return Schema.from_json(capture(find(qemu, target)))
