"""The whole differential run, and its figures as the Markdown tables of the README.

::

    python -m tests.oracle.figures            # every QEMU at hand; a few minutes
    python -m tests.oracle.figures --differences 20

Left out is what the host answers (see ``agreement``), and, of the lines of public projects, what is
refused for its machine and not for its accelerator. Exit status 1 when the two differ anywhere but
on a QEMU of a series that no schema is captured of: it has rows of its own and is not in the sum.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from .agreement import (
    MEASURED_SERIES,
    Comparison,
    Outcome,
    compare_cases,
    compare_corpus,
    compare_corpus_live,
    compare_lines,
    compare_recorded_lines,
    compare_strings,
    compare_whole_lines,
    differences,
)
from .real_qemu import SERIES, Qemu, discover, kvm_works, newest

HEADER = """\
| {} | asked | accepted by QEMU | left out | compared | agree |
|---|---:|---:|---:|---:|---:|"""


def row(name: str, comparisons: Sequence[Comparison]) -> str:
    """One line of a table."""
    total = len(comparisons)
    accepted = sum(item.answer.accepted for item in comparisons)
    left_out = sum(item.outcome is Outcome.LEFT_OUT for item in comparisons)
    agree = sum(item.outcome is Outcome.AGREES for item in comparisons)
    compared = total - left_out
    return f"| {name} | {total} | {accepted / total:.0%} | {left_out} | {compared} | {agree} |"


def live() -> Iterator[tuple[str, str, list[Comparison]]]:
    """Table, row name and comparisons of all that is asked live and must agree."""
    yield from _live([qemu for qemu in (*discover(), *newest()) if qemu.captured])


def ahead() -> Iterator[tuple[str, str, list[Comparison]]]:
    """The same of QEMUs of a series that no schema is captured of: probed, and asked live."""
    for table, name, comparisons in _live([qemu for qemu in newest() if not qemu.captured]):
        yield f"{table}, not captured", name, comparisons


def _live(qemus: Sequence[Qemu]) -> Iterator[tuple[str, str, list[Comparison]]]:
    for table, compared in (
        ("Generated `-accel` strings", compare_strings),
        ("Generated command lines", compare_lines),
        ("Generated command lines on QEMU's default machine", compare_whole_lines),
        ("Command lines of public projects", compare_corpus_live),
    ):
        for qemu in qemus:
            yield table, f"QEMU {qemu.version} {qemu.target}", compared(qemu)


def recorded() -> Iterator[tuple[str, str, list[Comparison]]]:
    """Table, row name and comparisons of all that is on record."""
    for series in SERIES:
        yield "Recorded `-accel` strings", f"QEMU {series} x86_64", compare_cases(series)
    for series in SERIES:
        yield "Recorded command lines", f"QEMU {series} x86_64", compare_recorded_lines(series)
    for series in MEASURED_SERIES:
        name = f"QEMU {series} x86_64"
        yield "Command lines of public projects, on record", name, compare_corpus(series)


def main() -> int:
    """Print the tables, then the differences that were found; the exit status."""
    parser = argparse.ArgumentParser(description="Ask accelkit and every QEMU.")
    parser.add_argument("--differences", type=int, default=10, help="how many to show")
    most = parser.parse_args().differences
    if not kvm_works():
        print("/dev/kvm is missing or closed to this user: the figures would say little")
        return 1
    title = ""
    total = 0
    found: list[tuple[str, Comparison]] = []
    unasserted: list[tuple[str, Comparison]] = []
    for source in (live, recorded, ahead):
        for table, name, comparisons in source():
            if table != title:
                title = table
                print(f"\n{HEADER.format(title)}")
            print(row(name, comparisons), flush=True)
            differing = [(name, item) for item in differences(comparisons)]
            if source is ahead:
                unasserted += differing
                continue
            total += sum(item.outcome is not Outcome.LEFT_OUT for item in comparisons)
            found += differing
    print(f"\n{total} verdicts compared, {len(found)} differ.")
    if unasserted:
        print(f"Of QEMUs that are not captured, {len(unasserted)} more differ.")
    for name, item in (*found[:most], *unasserted[:most]):
        print(f"\n{name}: {item}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
