"""The scripts in a file: the file itself, or those that stand in the YAML of a workflow, each with its place. Pure.

A step of a workflow is a script of its own, whose lines stand behind the same blanks. Source: YAML 1.2, chapter 8.1
(block scalars); GitHub's "Workflow syntax", ``jobs.<job_id>.steps[*].shell``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from accelkit.lint.files import language_of, suffix_of
from accelkit.parsing.sources.programs import NAMES_QEMU

#: ``run: |``, ``- run: >-``, ``- |``
_BLOCK: Final = re.compile(
    r"(?P<before>[ ]*(?:-[ ]+)*)(?P<key>[\w.-]+:[ ]+)?(?P<style>[|>])[-+0-9]*[ ]*(?:#.*)?"
)
#: ``run: qemu-kvm -m 1G``, which no quote or bracket begins.
_LINE: Final = re.compile(
    r"(?P<before>[ ]*(?:-[ ]+)*)(?P<key>(?:run|script|command|cmd|entrypoint):[ ]+)(?P<text>[^\s'\"\[{|>&*!%#].*)"
)
_ITEMS: Final = re.compile(
    r"(?P<before>[ ]*(?:-[ ]+)*)(?:before_|after_)?(?:script|commands|install|run):[ ]*"
)
_ITEM: Final = re.compile(r"(?P<before>[ ]*-[ ]+)(?P<text>[^\s'\"\[{|>&*!%#].*)")
_SHELL: Final = re.compile(r"[ ]*(?:-[ ]+)?shell:[ ]*(?P<shell>[\w.-]+)")
_HOST: Final = re.compile(r"[ ]*(?:runs-on|vmImage|os):[ ]*[\"'\[ ]*(?P<host>[\w.-]+)")
_DEFAULT: Final = re.compile(
    r"^defaults:\n[ ]+run:\n(?:[ ]+[\w-]+:[^\n]*\n)*?[ ]+shell:[ ]*(?P<shell>[\w.-]+)", re.MULTILINE
)
_MAPPING: Final = re.compile(r"[\w.-]+:(?:[ ]|$)")
_LANGUAGES: Final = {
    "pwsh": "powershell", "powershell": "powershell", "cmd": "cmd", "bash": "shell", "sh": "shell",
}  # fmt: skip
_JOINED: Final = {"shell": " \\", "cmd": " ^", "powershell": " `"}
"""What joins two lines, as YAML does those of a text that ``>`` begins."""


class Section(NamedTuple):
    """A text of one language in a file."""

    text: str
    language: str
    """As :func:`accelkit.lint.files.language_of` says it."""
    line: int = 0
    """How many lines stand before it."""
    column: int = 0
    """How many characters stand before each of its lines."""


def sections(text: str, path: str) -> Iterator[Section]:
    r"""The scripts in a file, and what is none.

    >>> [
    ...     (s.text, s.language, s.line, s.column)
    ...     for s in sections("- run: |\n    kvm -m 1\n    ls\n", "ci.yml")
    ... ][0]
    ('kvm -m 1\nls', 'shell', 1, 4)
    """
    language = language_of(path, text)
    if language or suffix_of(path) not in ("yml", "yaml"):
        yield Section(text, language)
        return
    yield from _Workflow(text).sections()


class _Workflow:
    """The lines of a workflow, and which of them name a host."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        hosts = ((number, _HOST.match(line)) for number, line in enumerate(self.lines))
        self.hosts = [(number, host["host"].lower()) for number, host in hosts if host is not None]
        default = _DEFAULT.search(text)
        self.default = "" if default is None else default["shell"].lower()

    def sections(self) -> Iterator[Section]:
        """The scripts that name a QEMU, then the lines that are left."""
        rest = self.lines.copy()
        number = 0
        while number < len(self.lines):
            section, end = self._section_at(number)
            if section is not None:
                rest[section.line : end] = [""] * (end - section.line)
                yield section
            number = max(end, number + 1)
        yield Section("\n".join(rest), "")

    def _section_at(self, number: int) -> tuple[Section | None, int]:
        """The script that begins in a line, or in the next, and where its lines end."""
        line = self.lines[number]
        if (block := _BLOCK.fullmatch(line)) is not None:
            before = block["before"]
            indent = len(before) if block["key"] is not None else before.rfind("-")
            return self._block(number, indent, folded=block["style"] == ">")
        if (one := _LINE.fullmatch(line)) is not None:
            if NAMES_QEMU.search(one["text"]) is None:
                return None, number + 1
            language = self._language(number, len(one["before"]))
            return Section(one["text"], language, number, one.start("text")), number + 1
        if (items := _ITEMS.fullmatch(line)) is not None:
            return self._items(number + 1, len(items["before"]))
        return None, number + 1

    def _block(self, number: int, indent: int, *, folded: bool) -> tuple[Section | None, int]:
        """The text behind ``|`` or ``>``: the lines that stand further right."""
        start = end = number + 1
        while end < len(self.lines) and (not self.lines[end].strip() or _blanks(self.lines[end]) > indent):
            end += 1
        lines = self.lines[start:end]
        first = next((line for line in lines if line.strip()), None)
        if first is None or NAMES_QEMU.search("\n".join(lines)) is None:
            return None, end
        column = _blanks(first)
        language = self._language(number, indent)
        texts = [line[column:] for line in lines]
        if folded and language in _JOINED:
            texts = [
                text + _JOINED[language] if text.strip() and next_.strip() and next_[0] != " " else text
                for text, next_ in pairwise([*texts, ""])
            ]
        return Section("\n".join(texts).rstrip("\n"), language, start, column), end

    def _items(self, start: int, indent: int) -> tuple[Section | None, int]:
        """The list of lines of one script, as GitLab's ``script:`` has it."""
        end = start
        texts: list[str] = []
        before = ""
        while end < len(self.lines) and (item := _ITEM.fullmatch(self.lines[end])) is not None:
            differs = texts and item["before"] != before
            if differs or len(item["before"]) <= indent or _MAPPING.match(item["text"]) is not None:
                break
            before = item["before"]
            texts.append(item["text"])
            end += 1
        text = "\n".join(texts)
        if NAMES_QEMU.search(text) is None:
            return None, max(end, start)
        return Section(text, "shell", start, len(before)), end

    def _language(self, number: int, indent: int) -> str:
        """The language of the step in a line: as its ``shell:`` says, or that of its workflow, or of its host."""
        shell = self._shell(number, indent) or self.default
        if shell:
            return _LANGUAGES.get(shell, "")
        before = bisect_left(self.hosts, (number, ""))
        host = self.hosts[before - 1][1] if before else ""
        return "powershell" if host.startswith("windows") else "shell"

    def _shell(self, number: int, indent: int) -> str:
        """What stands behind ``shell:`` among the keys of the step."""
        for step in (range(number + 1, len(self.lines)), range(number, -1, -1)):
            for other in step:
                line = self.lines[other]
                if not line.strip() or _blanks(line) > indent:
                    continue
                begins = line.lstrip().startswith("- ")
                column = _blanks(line.replace("-", " ", 1)) if begins else _blanks(line)
                if column != indent or (begins and other > number):
                    break
                if (shell := _SHELL.match(line)) is not None:
                    return shell["shell"].lower()
                if begins:
                    break
        return ""


def _blanks(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
