"""``accelkit doctor``: which accelerators work here, and what makes this host noisy, as text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from accelkit.document import Block, Heading, Table, to_text
from accelkit.host.finding import Finding
from accelkit.measure.doctor import doctor


def run_doctor(qemu: str | Sequence[str] | None = None, skip: Collection[str] = ()) -> int:
    """Print the findings; 0 if some accelerator works, else 1."""
    findings = doctor(qemu, skip=skip)
    print(to_text(blocks(findings)), end="")
    return 0 if any(finding.level == "works" for finding in findings) else 1


def blocks(findings: Sequence[Finding]) -> Iterator[Block]:
    """A table for each QEMU and one for the host, with each remedy below what it is for.

    >>> finding = Finding("broken", "kvm", "/dev/kvm is missing", "load it", "QEMU 7.2.22 for x86_64")
    >>> print(to_text(blocks([finding])), end="")
    QEMU 7.2.22 for x86_64
    ----------------------
    <BLANKLINE>
    broken  kvm  /dev/kvm is missing
                 -> load it
    """
    for qemu, group in groupby(findings, key=lambda finding: finding.qemu):
        yield Heading(qemu or "this host")
        rows: list[tuple[str, str, str]] = []
        for finding in group:
            rows.append((finding.level, finding.subject, finding.fact))
            if finding.remedy:
                rows.append(("", "", f"-> {finding.remedy}"))
        yield Table((), tuple(rows), row_headers=True)
