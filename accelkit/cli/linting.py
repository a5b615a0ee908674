"""``accelkit lint``: findings a line each as compilers print them, as JSON, and as GitHub's annotations."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from accelkit.cli.annotations import annotation
from accelkit.cli.bounded_input import read_bounded
from accelkit.cli.output import print_error
from accelkit.lint import Finding, Findings, lint, lint_text
from accelkit.lint.files import MOST_BYTES, decoded
from accelkit.schemas.schema import Schema

#: How findings may be printed.
FORMATS: Final = ("text", "json", "github")
#: The exit status where a file cannot be read, or an extra is not installed.
_FAILED: Final = 2


def run_lint(paths: Sequence[str], schema: Schema | None, target: str | None, format: str) -> int:
    """Print what is found in the files and folders, ``-`` for standard input; the exit status.

    0 where nothing is refused, 1 where something is, 2 where a file cannot be read, 3 where only running could tell.
    """
    found = Findings()
    failed = False
    for path in paths:
        try:
            found += (
                _standard_input(schema, target) if path == "-" else lint(path, schema=schema, target=target)
            )
        except (OSError, ImportError) as error:
            why = f"{path}: {error.strerror}" if isinstance(error, OSError) else str(error)
            print_error(f"accelkit: {why}")
            failed = True
    _print(found, format)
    if failed and not found.files:  # what was not read needs no count
        return _FAILED
    asked = f"; asked {', '.join(found.qemus)}" if found.qemus else ""
    commands, files = _plural(found.commands, "command"), _plural(found.files, "file")
    print_error(f"accelkit: note: {commands} of QEMU in {files}{asked}")
    return _FAILED if failed else found.status


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _standard_input(schema: Schema | None, target: str | None) -> Findings:
    content = read_bounded(sys.stdin.buffer, MOST_BYTES)
    if content is None:
        raise OSError(0, f"has more than {MOST_BYTES} bytes, which no script has")
    return lint_text(decoded(content), schema=schema, target=target)


def _print(found: Findings, format: str) -> None:
    if format == "json":
        import json

        data = {
            "commands": found.commands,
            "files": found.files,
            "asked": found.qemus,
            "findings": [finding._asdict() for finding in found],
        }
        print(json.dumps(data, indent=1))
        return
    for finding in found:
        print(_annotation(finding) if format == "github" else finding)


def _annotation(finding: Finding) -> str:
    """A finding as a line that GitHub shows at its place in a change.

    >>> print(_annotation(Finding("a,b.sh", 1, 2, "refused", "100%", "stop", True, "QEMU")))
    ::error file=a%2Cb.sh,line=1,col=2,title=accelkit%3A refused::100%25; stop
    """
    level = "error" if finding.rejects else "notice" if finding.kind == "unknown" else "warning"
    message = f"{finding.when}: {finding.why}" if finding.when else finding.why
    place = {"file": finding.path, "line": finding.line, "col": finding.column}
    return annotation(level, f"accelkit: {finding.kind}", f"{message}; {finding.remedy}", place)
