r"""systemd's units: the words of ``ExecStart=`` and its kin. Pure.

No shell reads them. Source: ``config_parse_exec`` in ``src/core/load-fragment.c``, ``src/basic/extract-word.c``,
``config_parse`` in ``src/shared/conf-parser.c`` and ``replace_env_argv`` in ``src/basic/env-util.c``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from accelkit.parsing.sources.building import Raw, command_of, lost_lines
from accelkit.parsing.sources.command import Command
from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.rewritten import Rewritten

_EXEC: Final = re.compile(
    r"^[ \t]*Exec(?:Start(?:Pre|Post)?|Condition|Reload|Stop(?:Post)?)[ \t]*=(?!=)", re.MULTILINE
)
_SETTING: Final = re.compile(r"[ \t]*(Exec\w+|Environment(?:File)?)[ \t]*=[ \t]*")
_COMMENT: Final = re.compile(r"[ \t]*[#;]")
_SLASHES: Final = re.compile(r"\\*$")
_PIECE: Final = re.compile(
    r"(?P<blank>[ \t\r\n]+)|(?P<single>')|(?P<double>\")|\\(?P<escape>x[0-9a-fA-F]{2}|[0-7]{3}|u[0-9a-fA-F]{4}"
    r"|U[0-9a-fA-F]{8}|.)|(?P<text>[^ \t\r\n'\"\\]+|.)",
    re.DOTALL,
)
_ESCAPES: Final = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "s": " ", "\\": "\\", "'": "'",
    '"': '"',
}  # fmt: skip
_VARIABLE: Final = re.compile(r"\$\$|\$\{(\w+)\}|%%|%[A-Za-z]")
_ALONE: Final = re.compile(r"\$(\w+)")
_PREFIX: Final = re.compile(r"[-@:+!|]*")


class _Environment:
    """The variables that the unit sets."""

    def __init__(self, length: int) -> None:
        self._left = length + 65536  # characters that may still be put in: time grows with the text only
        self.held: dict[str, Raw] = {}

    def get(self, name: str) -> Raw | None:
        """The value; None if it is not known, or too long by now."""
        value = self.held.get(name)
        if value is None or len(value.text) > self._left:
            return None
        self._left -= len(value.text)
        return value


def read(source: Source) -> tuple[Command, ...]:
    r"""The QEMU commands that a unit runs.

    >>> read(
    ...     Source("[Service]\nExecStart=-/usr/bin/qemu-system-x86_64 -name %i \\\n# KVM only\n -accel kvm")
    ... )[0].argv
    ('/usr/bin/qemu-system-x86_64', '-name', '%i', '-accel', 'kvm')
    """
    return tuple(_commands(source)) if _EXEC.search(source.text) is not None else ()


def _commands(source: Source) -> Iterator[Command]:
    environment = _Environment(len(source.text))
    settings = [(name, value, end) for name, value, end in _settings(source.text)]
    if not any(name == "EnvironmentFile" for name, _, _ in settings):  # a file may say something else
        for name, value, _ in settings:
            for word in _words(value) if name == "Environment" else ():
                key, equals, content = ("", "", "") if word is None else word.text.partition("=")
                if word is not None and equals:
                    environment.held[key] = Raw(content, word.offset + len(key) + 1)
    for name, value, end in settings:
        if not name.startswith("Exec"):
            continue
        raws: list[Raw] = []
        for word in _words(value):
            if word is not None:
                raws.append(word)
            elif raws:
                yield from command_of(_run(raws, environment), "systemd", source)
                raws = []
        if raws:
            notes = lost_lines(end, "\\", "systemd", source)
            yield from command_of(_run(raws, environment), "systemd", source, notes)


def _settings(text: str) -> Iterator[tuple[str, Rewritten, int]]:
    """The settings about commands and variables: name, value, and where the last line of it ends."""
    name, value = "", Rewritten()
    continued = False
    start = 0
    while start <= len(text):
        stop = text.find("\n", start)
        stop = len(text) if stop < 0 else stop
        if _COMMENT.match(text, start, stop) is None:  # also between continued lines
            begin = start
            if not continued:
                setting = _SETTING.match(text, start, stop)
                name, value = ("", Rewritten()) if setting is None else (setting[1], Rewritten())
                begin = stop if setting is None else setting.end()
            slashes = _SLASHES.search(text, begin, stop)
            continued = slashes is not None and len(slashes[0]) % 2 == 1
            if name:
                value.keep(text, begin, stop - continued)
                if continued:
                    value.put(" ", stop - 1)
                else:
                    yield name, value, stop
        start = stop + 1
    if continued and name:
        yield name, value, len(text)


def _words(value: Rewritten) -> Iterator[Raw | None]:
    """The words of a setting, without quotes and escapes; None for a semicolon, which ends a command."""
    text = value.text()
    parts: list[str] = []
    start, place, quote = -1, 0, ""
    while (match := _PIECE.match(text, place)) is not None:
        kind = match.lastgroup
        if kind == "blank" and not quote:
            if start >= 0:
                yield _word(parts, text[start:place], value.origin(start))
            parts, start = [], -1
        else:
            start = place if start < 0 else start
            if kind == "escape":
                parts.append(_unescaped(match["escape"]))
            elif kind in ("single", "double") and quote in ("", match[0]):
                quote = "" if quote else match[0]
            else:
                parts.append(match[0])
        place = match.end()
    if start >= 0:
        yield _word(parts, text[start:], value.origin(start))


def _word(parts: list[str], written: str, offset: int) -> Raw | None:
    if written == ";":
        return None
    text = ";" if written == r"\;" else "".join(parts)
    if not text.isascii():  # \x and \377 are bytes, of which several may be one character
        text = text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    return Raw(text, offset)


def _unescaped(code: str) -> str:
    if code in _ESCAPES:
        return _ESCAPES[code]
    if len(code) == 1:
        return "\\" + code  # systemd warns, and keeps both
    digits, base = (code, 8) if code.isdigit() and code[0] not in "xuU" else (code[1:], 16)
    number = int(digits, base)
    if 0x80 <= number < 0x100 and code[0] not in "uU":
        return chr(0xDC00 + number)
    return chr(number) if number <= 0x10FFFF and not 0xD800 <= number < 0xE000 else "\\" + code


def _run(raws: list[Raw], environment: _Environment) -> list[Raw]:
    """The words that the program gets; prefixes of the program say how systemd runs it."""
    prefix = _PREFIX.match(raws[0].text)
    signs = "" if prefix is None else prefix[0]
    first = Raw(raws[0].text[len(signs) :], raws[0].offset + len(signs))
    words = [first, *raws[2 if "@" in signs else 1 :]]  # @: the second word is what the program is called
    return [word for raw in words for word in _expanded(raw, environment, variables=":" not in signs)]


def _expanded(raw: Raw, environment: _Environment, *, variables: bool) -> Iterator[Raw]:
    alone = _ALONE.fullmatch(raw.text) if variables else None
    if alone is not None:
        value = environment.get(alone[1])
        if value is None:
            yield Raw(raw.text, raw.offset, (raw.text,))
            return
        for word in re.finditer(r"\S+", value.text):
            yield Raw(word[0], value.offset + word.start())
        return
    unknown: list[str] = []

    def replaced(match: re.Match[str]) -> str:
        if match[0] in ("%%", "$$") and (variables or match[0] == "%%"):
            return match[0][0]
        value = environment.get(match[1]) if match[1] and variables else None
        if value is not None:
            return value.text
        if variables or match[0][0] == "%":
            unknown.append(match[0])
        return match[0]

    yield Raw(_VARIABLE.sub(replaced, raw.text), raw.offset, tuple(unknown))
