"""probe: the schema of a QEMU installed on this host, asked of the binary itself."""

from __future__ import annotations

from collections.abc import Sequence

from accelkit.schemas.schema import Schema
from accelkit.syntax.daemonize import refuse_daemonize


def probe(qemu: str | Sequence[str] | None = None, target: str = "x86_64") -> Schema:
    """The schema of a real QEMU, captured over QMP: it runs no guest and quits at once.

    ``qemu`` is a binary's name or path, or a command that ends in one (``["chroot", "/root5",
    "qemu-system-x86_64"]``); None finds ``qemu-system-TARGET`` on PATH. Takes about 0.2 s, and gives up
    after 15 s.

    Raises QemuError where the binary is missing, refuses to start, does not answer or is no QEMU, and for
    ``-daemonize``; the message says what to do.

    >>> probe("qemu-system-x86_64")  # doctest: +SKIP
    <Schema of QEMU 7.2.22 (x86_64): kvm, tcg>
    """
    # Imported here: they load subprocess, socket and json, which composing does not need.
    from accelkit.qemu.binary import find
    from accelkit.qemu.capture import capture

    command = find(qemu, target)
    refuse_daemonize(command)
    return Schema.from_capture(capture(command))
