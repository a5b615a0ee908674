"""``accelkit doctor``: what works here, as lines to read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby

from accelkit.host.finding import Finding
from accelkit.measure.doctor import doctor


def run_doctor(qemu: str | Sequence[str] | None = None, skip: Collection[str] = ()) -> int:
    """Prints the findings; 0 if some accelerator works, else 1."""
    found = doctor(qemu, skip=skip)
    print("\n".join(lines(found)))
    return 0 if any(each.level == "works" for each in found) else 1


def lines(found: Sequence[Finding]) -> list[str]:
    """The findings below the QEMU that they are of, remedies below what they are for.

    >>> lines([Finding("broken", "kvm", "/dev/kvm is missing", "load it", "QEMU 7.2.22 for x86_64")])
    ['QEMU 7.2.22 for x86_64', '  broken   kvm: /dev/kvm is missing', '           -> load it']
    """
    said: list[str] = []
    for qemu, group in groupby(found, key=lambda each: each.qemu):
        said.append(qemu or "this host")
        for each in group:
            said.append(f"  {each.level:<7}  {each.subject}: {each.fact}")
            if each.remedy:
                said.append(f"{'':11}-> {each.remedy}")
    return said
