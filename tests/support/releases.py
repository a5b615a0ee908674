"""The QEMUs of several releases that tests ask: the one on PATH, and those of ``.ci/qemu-matrix``."""

from __future__ import annotations

from oracle.real_qemu import Qemu, discover

from .tools import unavailable


def release(series: str, target: str = "x86_64") -> Qemu:
    """The QEMU of a release series, such as ``"10.0"``."""
    __tracebackhide__ = True
    matching = [qemu for qemu in discover() if (qemu.series, qemu.target) == (series, target)]
    if not matching:
        unavailable(f"no QEMU {series} for {target}: run .ci/qemu-matrix, and have 7.2 on PATH")
    return matching[0]
