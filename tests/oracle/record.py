"""Puts the command lines of ``lines.tsv`` to every x86_64 QEMU again and rewrites the file.

::

    python -m tests.oracle.record             # all four releases must be at hand

A line to be added needs only its first column: the words as a POSIX shell reads them.
"""

from __future__ import annotations

import shlex
import sys

from .real_qemu import HERE, SERIES, Answer, ask_all, discover

FILE = HERE / "lines.tsv"


def main() -> int:
    """Rewrite the file; the exit status, 1 when a release is missing."""
    qemus = [qemu for qemu in discover() if qemu.target == "x86_64" and qemu.series in SERIES]
    if [qemu.series for qemu in qemus] != list(SERIES):
        print(f"needs QEMU {', '.join(SERIES)}; has {', '.join(map(str, qemus)) or 'none'}")
        return 1
    lines = [row.split("\t")[0] for row in FILE.read_text().splitlines()[1:]]
    columns = [ask_all(qemu, map(shlex.split, lines)) for qemu in qemus]
    rows = [["line", *(qemu.version for qemu in qemus)]]
    rows += [[line, *map(cell, said)] for line, *said in zip(lines, *columns, strict=True)]
    FILE.write_text("".join("\t".join(row) + "\n" for row in rows))
    return 0


def cell(answer: Answer) -> str:
    """An answer as the file has it."""
    return "accept" if answer.accepted else f"reject: {answer.said}".replace("\t", " ")


if __name__ == "__main__":
    sys.exit(main())
