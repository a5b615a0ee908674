r"""Lists of words in programs and data: Python, JSON, JavaScript, Rust, Go, C. Pure.

No language is parsed: strings, brackets and commas mean the same in all of them. What stands between commas and is
no string is not known, and is kept as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from accelkit.parsing.sources.building import Raw, command_of, direct_command, has_options, inside
from accelkit.parsing.sources.command import Command
from accelkit.parsing.sources.list_brackets import closed
from accelkit.parsing.sources.list_sections import Sections
from accelkit.parsing.sources.list_values import Frame, Names, Value
from accelkit.parsing.sources.literals import LITERAL, literal
from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.programs import is_program
from accelkit.parsing.sources.shell import shell_commands

#: A program in quotes that a comma or bracket follows, an option in quotes before a comma, a line in quotes.
_OWN: Final = re.compile(
    r"""["'`](?:[^"'`\s]{0,400}[/\\])?(?:qemu-system-[\w.-]+|qemu-kvm|kvm)["'`]\s*[,\])}]
    | ["'`]--?(?:accel|machine|M|cpu|smp|m|enable-kvm|nographic|icount|drive|device)["'`]\s*[,\])}]
    | (?:%[wW]|\bqw)[\[({](?:[^\[\](){}]{0,400}?\s)?(?:\S*(?:qemu|kvm)|--?(?:accel|machine|cpu|device)\s)
    | (?:[(\[,]\s*|[:=][ \t]+)[fFrRbBuU]{0,2}["'`][^"'`\n]{0,200}?(?:qemu|kvm)[\w./-]*\s+-""",
    re.VERBOSE,
)
#: Words between blanks, as Ruby and Perl write them.
_DIVIDED: Final = r"(?P<divided>(?:%[wW]|\bqw)(?=[\[({])[\[({](?P<words>[^\[\](){}]*)[\])}])"
_TOKEN: Final = re.compile(
    rf"(?P<blank>[ \t\r]+)|(?P<comment>(?:\#|//)[^\n]*)|(?P<string>{LITERAL})|{_DIVIDED}|(?P<opens>[\[({{])|(?P<closes>[\])}}])"
    r"|(?P<newline>\n)|(?P<mark>,|;|[:+]?=(?![=>])|:(?!:)|\+)|(?P<text>[\w.$@*&-]+(?:::[\w.-]+)*+|.)",
    re.DOTALL,
)
_WORD: Final = re.compile(r"\S+")
#: After the end of a line: a call that belongs to the value before it.
_GOES_ON: Final = re.compile(r"(?:[ \t]*(?://[^\n]*)?\n){0,8}+[ \t]*\.[A-Za-z_]")
#: A string that a shell reads: a command with its options.
_LINE: Final = re.compile(r"\s*(?:[A-Za-z_]\w*=\S*\s+|sudo\s+|exec\s+)*(?P<program>\S+)\s+-")
#: Options by which a list without a program is known as QEMU's.
_OPTIONS: Final = frozenset(
    "-accel --accel -machine --machine -M -cpu --cpu -enable-kvm --enable-kvm -smp -icount -nographic -drive -device "
    "-netdev -m -global".split()
)


def read(source: Source) -> tuple[Command, ...]:
    """The QEMU commands in lists of words; where there are none, lists of QEMU's options.

    >>> read(Source('subprocess.run(["qemu-system-x86_64", "-accel", "kvm", "-smp", str(n)])'))[0].argv
    ('qemu-system-x86_64', '-accel', 'kvm', '-smp', 'str(n)')
    """
    if _OWN.search(source.text) is None:
        return ()
    reader = _Reader(source)
    reader.run()
    return reader.found()


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.stack = [Frame("", 0)]
        self.names = Names(len(source.text))
        self.sections: dict[int, Sections] = {}  # of the blocks that are open, by their depth
        self.indents: dict[str, int] = {}
        self.lines: list[Command] = []  # of strings that a shell reads
        self.lists: list[Sequence[Raw]] = []

    def run(self) -> None:
        text = self.source.text
        place = 0
        while (token := _TOKEN.match(text, place)) is not None:
            kind, place = token.lastgroup, token.end()
            if token["string"] is not None:
                self._string(token)
            elif kind == "divided":
                words = tuple(
                    Raw(word[0], word.start()) for word in _WORD.finditer(text, *token.span("words"))
                )
                self.stack[-1].add_value(Value(words), token.start(), place)
            elif kind == "opens":
                self.stack.append(Frame(token[0], token.start()))
            elif kind == "closes" and len(self.stack) > 1:
                self._close(place)
            elif kind in ("comment", "blank", "closes"):
                self.stack[-1].blank = kind == "blank"
                continue
            elif kind == "newline":
                frame = self.stack[-1]
                ends = len(self.stack) == 1 or (frame.opener == "{" and frame.is_statement)
                if ends and _GOES_ON.match(text, place) is None:
                    self._statement(token.start())
                continue
            elif kind == "mark" and token[0] in ",;":
                frame = self.stack[-1]
                if len(self.stack) == 1 or (token[0] == ";" and frame.opener == "{"):
                    self._statement(token.start())
                else:
                    frame.end(token.start(), text, self.names)
            else:
                self.stack[-1].add(token[0], token.start(), token.end())
            self.stack[-1].blank = False
        while len(self.stack) > 1:
            self._close(place)
        self._statement(place)

    def _string(self, token: re.Match[str]) -> None:
        raw = literal(token)
        frame = self.stack[-1]
        before = frame.tokens[-1].text if frame.tokens else ""
        begins = (not frame.tokens and frame.opener) or before == ":" or (before == "=" and frame.blank)
        line = _LINE.match(raw.text) if begins else None
        if line is not None and (is_program(line["program"]) or "system-" in line["program"]):
            for command in shell_commands(inside(raw, self.source), dialect="list"):
                fields = [name for name in raw.variables if any(name in word.text for word in command.words)]
                self.lines.append(command._replace(variables=(*command.variables, *fields)))
        frame.add_value(Value((raw,), is_text=True), token.start(), token.end())

    def _close(self, end: int) -> None:
        if len(self.stack) in self.sections:
            self.lists += self.sections.pop(len(self.stack)).found()
        frame = self.stack.pop()
        parent = self.stack[-1]
        frame.end(end - 1, self.source.text, self.names)
        value, rest = closed(frame, parent.called())
        self.lists += rest
        parent.add_value(value, frame.start, end)

    def _statement(self, end: int) -> None:
        """The end of a statement, outside of all brackets or in a block: an assignment, or words that something gets."""
        frame, text, held = self.stack[-1], self.source.text, self.names.held
        indent = frame.indent(text)
        start = frame.tokens[0].start if frame.tokens else 0
        is_table = (
            len(frame.tokens) == 1 and frame.tokens[0].value is not None and text.startswith("[", start)
        )
        name, kind = frame.assigned()
        before = len(frame.elements)
        frame.end(end, text, self.names)
        made = frame.elements[before:]
        is_root = len(self.stack) == 1
        if is_root or name:
            del frame.elements[before:]
            frame.assigns = True
        sections = self.sections.setdefault(len(self.stack), Sections(self.names))
        if is_table and is_root:
            sections.end()
        value = made[-1].value if made else Value(None)
        words = value.words
        if not words:
            return
        if value.is_text:
            if name and is_program(words[0].text) and not words[0].variables:
                self.names.programs[name] = words[0]
                sections.add(name, words, indent)
        elif not name:
            if is_root:
                self.lists.append(words)
        elif name not in held:
            if kind == "=" or is_program(words[0].text):
                held[name] = [*words]
                self.indents[name] = indent
                sections.add(name, None, indent)
        elif kind == "+=" or set(held[name]) <= set(words):
            # Further to the right it stands under a condition, and nobody knows whether it is run.
            is_certain = indent <= self.indents[name]
            more = [Raw(name, start, (name,))] if not is_certain else list(words)
            held[name] = more if is_certain and kind == "=" else [*held[name], *more]
        else:
            self.lists.append(held[name])
            held[name] = [*words]
            self.indents[name] = indent
            sections.add(name, None, indent)

    def found(self) -> tuple[Command, ...]:
        lists = [*self.lists]
        for sections in self.sections.values():
            lists += sections.found()
        lists += self.names.held.values()
        commands = [command for words in lists for command in self._command(words)]
        found = {command.words: command for command in (*self.lines, *commands)}
        if not found:
            options = [words for words in lists if are_options(words)]
            found = {
                command.words: command
                for words in options
                for command in direct_command(words, "list", self.source)
            }
        return tuple(sorted(found.values(), key=lambda command: command.words[0][1:]))

    def _command(self, words: Sequence[Raw]) -> tuple[Command, ...]:
        names = [word.text.rpartition("/")[2] for word in words[:2]]
        if len(names) > 1 and names[0] == names[1] and is_program(words[1].text):  # execlp(file, argv0, …
            words = (words[0], *words[2:])
        if not has_options(words):
            return ()
        return command_of(words, "list", self.source)


def are_options(words: Sequence[Raw]) -> bool:
    """Whether these are options of a QEMU that is not named."""
    return bool(words) and words[0].text.startswith("-") and any(word.text in _OPTIONS for word in words)
