r"""String literals as Python, JSON, JavaScript, Rust, Go and C write them. Pure."""

from __future__ import annotations

import re
from typing import Final

from accelkit.parsing.sources.building import Raw

#: A literal, with the letters before it: f, r, b, u. A quote left open ends nothing. It has so many pieces at most:
#: what nothing closes must not be read to the end of the text from each quote in it.
LITERAL: Final = (
    r"(?P<letters>(?<![\w.])[fFrRbBuU]{1,2})?(?:"
    r"(?P<triple>\"\"\"|''')(?P<long>(?:\\.|[^\"'\\]++|(?!(?P=triple))[\"']){0,2000}+)(?P=triple)"
    r"|(?P<quote>[\"'`])(?P<short>(?:\\.|[^\"'`\\\n]++|(?!(?P=quote))[\"'`]){0,2000}+)(?P=quote))"
)
_ESCAPE: Final = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL)
_LETTERS: Final = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "0": "\0",
    "a": "\a",
    "v": "\v",
    "\n": "",
}
_FIELD: Final = re.compile(r"\{\{|\}\}|\{[^{}\n]{1,200}\}")
_TEMPLATE: Final = re.compile(r"\$\{[^{}\n]{1,200}\}")


def literal(found: re.Match[str]) -> Raw:
    """The word that a match of ``LITERAL`` is; fields of an f-string are not known."""
    letters, body = (found["letters"] or "").lower(), found["short"] or found["long"] or ""
    text = body if "r" in letters or "\\" not in body else _ESCAPE.sub(_unescaped, body)
    unknown: list[str] = []
    if "f" in letters:

        def field(match: re.Match[str]) -> str:
            if match[0] in ("{{", "}}"):
                return match[0][0]
            unknown.append(match[0])
            return match[0]

        text = _FIELD.sub(field, text)
    elif found["quote"] == "`":
        unknown = _TEMPLATE.findall(text)
    return Raw(text, found.start(), tuple(unknown))


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) == 1:
        return _LETTERS.get(code, code)
    number = int(code[1:], 16)
    return match[0] if 0xD800 <= number < 0xE000 else chr(number)
