r"""cmd.exe: batch files and what is pasted from its window. Pure.

``^`` escapes a character and continues a line, ``%NAME%`` is replaced before anything else is read, single quotes mean
nothing, and QEMU itself splits its line into words. Source: ``cmd /?``, ``set /?``; "Parsing C command-line arguments".
"""

from __future__ import annotations

import re
from typing import Final

from accelkit.parsing.sources.argv_windows import windows_words
from accelkit.parsing.sources.building import Raw, command_of, lost_lines
from accelkit.parsing.sources.command import Command
from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.rewritten import Rewritten

#: What only cmd.exe's text has. A ``.exe`` alone is run from any shell, so it counts where no other shell shows itself.
_OWN: Final = re.compile(
    r"""\^$
    | ^[ \t]*@?(?:echo[ ]off\b | set(?:local\b|[ ]+"?\w+=) | rem[ ] | goto[ ] | start[ ]+(?:"[^"\n]*"|/\w)
        | [A-Z]:\\[^\n>]*> )
    | (?:^|[\s"=\\,])%[A-Za-z_]\w*%(?=$|[\s"\\,]) | %~[a-z]*\d
    | (?:(?<=[A-Z]:)|(?<=[\w%]))\\[^\n]{0,400}?qemu[\w.-]{0,80}\.exe""",
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)
_QEMU: Final = re.compile("qemu|kvm", re.IGNORECASE)
#: A name with "qemu" in it that ends with ".exe". Each name is tried once, from its start.
_EXE: Final = re.compile(r"(?<![\w.-])(?>[\w.-]*?qemu)[\w.-]*\.exe\b", re.IGNORECASE)
_OTHER_SHELL: Final = re.compile(r"\\$|`$|\$\w|/mnt/c/|^\s*#|^\s*&\s|^\s*\.[\\/]", re.MULTILINE)

_PROMPT: Final = re.compile(r"[ \t]*[A-Z]:\\[^\n<>|]*>", re.IGNORECASE)
_PERCENT: Final = re.compile(r"%%|%(\w+)%|%")
_UNKNOWN: Final = re.compile(r"%[^%\s\"~]+%|%~[a-z$:]*\d|%\d|%\*|%%?~?[a-z]*[A-Za-z]\b|!\w+!")
_SET: Final = re.compile(r'\s*set[ \t]+(?:/[ap][ \t]+)?"?([^="\s]+)[ \t]*=', re.IGNORECASE)
_SETS: Final = re.compile(r'\bset[ \t]+(?:/[ap][ \t]+)?"?([^="\s]+)[ \t]*=', re.IGNORECASE)
_ASKS: Final = re.compile(r"\s*set[ \t]+/", re.IGNORECASE)
_SKIPPED: Final = re.compile(r"\s*(?:rem\b|::|:[^:]|title\b|echo\b)", re.IGNORECASE)
_CONDITIONS: Final = frozenset(("if", "else", "for"))
#: A redirection with its file; ``2>&1`` has none.
_REDIRECTION: Final = re.compile(r'\d?(?:>{1,2}|<)(?:&\d|[ \t]*(?:"[^"\n]*"|[^\s&|<>"])+)?')
#: In this order: a redirection, an escape, an operator, text. A redirection's number stands alone before it.
_PIECE: Final = re.compile(
    r'(?P<quote>")|(?P<redirection>\d?[<>])|(?P<escape>\^)|(?P<ends>[&|])|(?P<opens>\()|(?P<closes>\))'
    r'|(?P<text>[ \t]+|[^ \t"^&|<>()\n]+|.)',
    re.DOTALL,
)
_LONGEST: Final = 8191
"""Characters of the longest line that cmd.exe reads."""


def read(source: Source) -> tuple[Command, ...]:
    r"""The QEMU commands in a batch file, or in lines for cmd.exe.

    >>> read(Source('set ACCEL=whpx\n"C:\\qemu\\qemu-system-x86_64.exe" ^\n -accel %ACCEL%'))[0].argv
    ('C:\\qemu\\qemu-system-x86_64.exe', '-accel', 'whpx')
    """
    text = source.text
    if _QEMU.search(text) is None:
        return ()
    if _OWN.search(text) is None and (_EXE.search(text) is None or _OTHER_SHELL.search(text) is not None):
        return ()
    return tuple(_Reader(source).commands())


class _Reader:
    def __init__(self, source: Source) -> None:
        self.text = text = source.text
        self.source = source
        self.values: dict[str, Rewritten] = {}
        self.left = max(
            len(text), _LONGEST
        )  # what may still be put in for variables: time grows with the text only
        self.found: list[Command] = []
        self.depth = 0  # of parentheses
        self.conditional = False  # whether the line began with if
        self.made = Rewritten()
        self.head = ""  # the first text of the statement
        self.line = Rewritten()
        self.run = (0, 0)  # what is to be added from the line: one piece, however many tokens it has

    def commands(self) -> list[Command]:
        continued = False
        start = 0
        while start <= len(self.text):
            stop = self.text.find("\n", start)
            stop = len(self.text) if stop < 0 else stop
            if not continued:
                self.conditional = False
                prompt = _PROMPT.match(self.text, start, stop)
                start = start if prompt is None else prompt.end()
            continued = self._line(self._expanded(start, stop), stop, continued=continued)
            start = stop + 1
        self._end(len(self.text))
        return self.found

    def _expanded(self, start: int, stop: int) -> Rewritten:
        """The line with the values of its variables."""
        made = Rewritten()
        place = start
        for match in _PERCENT.finditer(self.text, start, stop):
            value = None if match[1] is None else self.values.get(match[1].upper())
            if value is not None and value.length <= self.left:
                made.keep(self.text, place, match.start())
                made.extend(value)
                self.left -= value.length
                place = match.end()
        made.keep(self.text, place, stop)
        return made

    def _line(self, line: Rewritten, end: int, *, continued: bool) -> bool:
        """Reads one line; whether it continues in the next one."""
        text = line.text()
        self.line = line
        if not continued and _SKIPPED.match(text) is not None:
            return False
        place = 0
        quoted = False
        if continued and text:  # the ^ escapes the first character of this line
            self._keep(0, 1, text[0])
            place = 1
        while (match := _PIECE.match(text, place)) is not None:
            kind, stop = match.lastgroup, match.end()
            if kind == "quote":
                quoted = not quoted
            if quoted or kind in ("quote", "text"):
                self._keep(place, stop, match[0])
            elif kind == "escape":
                if stop == len(text):
                    self._flush()
                    return True
                self._keep(stop, stop + 1, text[stop])
                stop += 1
            elif kind == "redirection":
                redirection = _REDIRECTION.match(text, place)
                stop = stop if redirection is None else redirection.end()
            elif kind == "ends":
                self._end()
            elif kind == "opens" and (not self.head or self.head.lower() in _CONDITIONS):
                self.depth += 1
                self._end()
            elif kind == "closes" and self.depth:
                self._end()
                self.depth -= 1
            else:
                self._keep(place, stop, match[0])
            place = stop
        self._end(end)
        return False

    def _keep(self, start: int, stop: int, piece: str) -> None:
        if start != self.run[1]:
            self._flush()
            self.run = (start, stop)
        else:
            self.run = (self.run[0], stop)
        self.head = self.head or piece.strip(" \t@")

    def _flush(self) -> None:
        self.made.extend(self.line, *self.run)
        self.run = (0, 0)

    def _end(self, end: int | None = None) -> None:
        """The end of a statement, before the newline at ``end`` if it ends its line."""
        self._flush()
        made, self.made = self.made, Rewritten()
        text = made.text()
        self.conditional = self.conditional or self.head.lower() in _CONDITIONS
        self.head = ""
        skip = len(text) - len(text.lstrip(" \t@"))
        assignment = _SET.match(text, skip)
        if assignment is not None and not self.conditional and not self.depth and not _ASKS.match(text, skip):
            self._set(assignment[1].upper(), made, text, assignment.end())
            return
        for name in _SETS.findall(text):  # whether it is run is decided when the file is
            self.values.pop(name.upper(), None)
        statement = Rewritten()
        statement.extend(made, skip)
        raws = [
            Raw(word.text, word.offset, tuple(_UNKNOWN.findall(word.text)))
            for word in windows_words(statement.text(), statement.origin)
        ]
        notes = () if end is None or not raws else lost_lines(end, "^", "cmd.exe", self.source)
        self.found += command_of(raws, "cmd", self.source, notes)

    def _set(self, name: str, made: Rewritten, text: str, start: int) -> None:
        stop = len(text)
        if text[:start].count('"') == 1:  # set "NAME=value" ends at the last quote
            stop = max(text.rfind('"', start), start) if '"' in text[start:] else stop
        value = Rewritten()
        value.extend(made, start, stop)
        if value.length <= _LONGEST:
            self.values[name] = value
        else:
            self.values.pop(name, None)
