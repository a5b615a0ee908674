"""lint and lint_text: every QEMU command of whole files, judged against a QEMU."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

from accelkit.errors import LibvirtError
from accelkit.lint.bash import bash_statements
from accelkit.lint.batch import batch_statements
from accelkit.lint.commands import Chosen, qemu_commands
from accelkit.lint.files import content_of, decoded, files_in, is_text, names_qemu, plain_lines
from accelkit.lint.finding import Finding, Findings
from accelkit.lint.flow import follow
from accelkit.lint.given import placed
from accelkit.lint.grammars import GrammarError
from accelkit.lint.judging import findings_of
from accelkit.lint.powershell import powershell_statements
from accelkit.lint.relevant import relevant
from accelkit.lint.script import Block, Text
from accelkit.lint.sections import Section, sections
from accelkit.parsing.sources import Command, cmd, commands, powershell
from accelkit.parsing.sources.domain_xml import domain_command
from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.shell import shell_commands
from accelkit.schemas.schema import Schema, check_schema

#: The readers of whole scripts and those of pasted text, by the dialect of the commands.
_READERS: Final[Mapping[str, tuple[Callable[[str], Block], Callable[[Source], tuple[Command, ...]]]]] = {
    "shell": (bash_statements, shell_commands),
    "cmd": (batch_statements, cmd.read),
    "powershell": (powershell_statements, powershell.read),
}


def lint(*paths: str | os.PathLike[str], schema: Schema | None = None, target: str | None = None) -> Findings:
    r"""Every problem that a QEMU has with the commands in files, and in the files of folders, each at its place.

    ``schema`` and the target that a program's name says choose the QEMU that is asked, as in :func:`accelkit.check`;
    ``target`` beats that name. Shell scripts, batch files and PowerShell scripts are read as wholes: what variables,
    arrays, ``if``, ``case``, loops and functions make of a command is followed on up to 16 ways; what only running can
    tell is not. So is each step of a workflow in YAML. Nothing is run. In other files commands are found as in pasted text. In folders, files that name no
    QEMU, that cannot be read, and that are no text are passed by.

    Raises OSError for a file that cannot be read, ImportError, which names the extra, where a script's grammar is not
    installed, SchemaError for a ``schema`` that is none. Warns as :func:`accelkit.check` does.

    >>> import tempfile
    >>> from accelkit import bundled
    >>> with tempfile.NamedTemporaryFile("w", suffix=".sh") as file:
    ...     _ = file.write("ACCEL=tcg,thread=both\nqemu-system-x86_64 -accel $ACCEL\n")
    ...     file.flush()
    ...     for finding in lint(file.name, schema=bundled("10.0")):
    ...         print(finding.line, finding.column, finding.why)
    1 11 tcg,thread=both: both is not a thread setting
    """
    _check(schema)
    found = Findings()
    for path in (os.fspath(path) for path in paths):
        if os.path.isdir(path):
            for file in files_in(path):
                content = _content_or_none(file)
                if content is not None and is_text(content) and names_qemu(content):
                    found += _findings(decoded(content), file, schema, target)
        else:
            found += _findings(decoded(content_of(path)), path, schema, target)
    return found


def lint_text(
    text: str, path: str = "-", *, schema: Schema | None = None, target: str | None = None
) -> Findings:
    r"""Every problem that a QEMU has with the commands in a text; ``path`` says what language it is, and names it.

    Takes ``schema`` and ``target``, and raises ImportError and SchemaError, as :func:`lint` does.

    >>> from accelkit import bundled
    >>> print(lint_text("A=kvm\nqemu-system-x86_64 -accel $A,tb-size=8\n", "run.sh", schema=bundled("10.0")))
    run.sh:2:30: refused: kvm,tb-size=8: kvm of QEMU 10.0.13 (x86_64) has no property 'tb-size'; it belongs to tcg; leave it out
    """
    _check(schema)
    return _findings(plain_lines(text), path, schema, target)


def _check(schema: Schema | None) -> None:
    if schema is not None:
        check_schema(schema, "lint")


def _content_or_none(path: str) -> bytes | None:
    """The bytes of one of a folder's files; None where it is not to be read."""
    try:
        return content_of(path)
    except OSError:
        return None


def _findings(text: str, path: str, schema: Schema | None, target: str | None) -> Findings:
    try:
        return _judged(text, path, schema, target)
    except LibvirtError as error:  # a domain that libvirt refuses before any QEMU is asked
        why, _, remedy = str(error).rpartition("; ")
        return Findings([Finding(path, 1, 1, "refused", why, remedy, True, "libvirt")], 0, 1)


def _judged(text: str, path: str, schema: Schema | None, target: str | None) -> Findings:
    judged: list[Findings] = []
    found: dict[Finding, None] = {}
    for section in sections(text, path):
        for ways in _commands(section.text, section.language):
            findings = findings_of(ways, path, schema, target)
            judged.append(findings)
            found |= dict.fromkeys(_moved(finding, section) for finding in findings)
    qemus = (name for findings in judged for name in findings.qemus)
    return Findings(sorted(found, key=_place), len(judged), 1 if judged else 0, qemus)


def _moved(finding: Finding, section: Section) -> Finding:
    return finding._replace(line=finding.line + section.line, column=finding.column + section.column)


def _place(finding: Finding) -> tuple[int, int]:
    return finding.line, finding.column


def _commands(text: str, language: str) -> Iterator[tuple[Chosen, ...]]:
    """Each QEMU command of a text, as it is on each way."""
    if language in _READERS:
        whole, pasted = _READERS[language]
        with suppress(GrammarError):  # then it is read as pasted text
            yield from qemu_commands(follow(relevant(whole(text))), language, pasted(Source(text)))
            return
        yield from _as_pasted(pasted(Source(text)), text)
    elif text.lstrip().startswith("<") and "<domain" in text:
        yield (Chosen(domain_command(text)),)
    else:
        yield from _as_pasted(commands(text), text)


def _as_pasted(found: Sequence[Command], text: str) -> Iterator[tuple[Chosen, ...]]:
    for given in placed(found, (Text(text, 1, 1),)) if found else ():
        yield (Chosen(given.command, parts=given.parts),)
