r"""Values of YAML to words: scalars, lists in brackets, blocks of lines. Pure.

Source: YAML 1.2.2, sections 7.3 (flow scalars), 7.4 (flow collections) and 8.1 (block scalars).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from accelkit.parsing.sources.building import Raw
from accelkit.parsing.sources.lexer import Lexer
from accelkit.parsing.sources.rewritten import Rewritten

_QUOTED: Final = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^']|'')*)'")
_COMMENT: Final = re.compile(r"[ \t]+#.*$")
#: A piece of what stands in brackets: a comment, a bracket, a comma, a word in quotes, other text.
_FLOW: Final = re.compile(
    r"(?P<skip>\s+#[^\n]*|\s+)|(?P<opens>[\[{])|(?P<closes>[\]}])|,"
    r"|(?P<item>\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|[^\s,\[\]{}\"'](?:[^,\[\]{}\n#]|(?<!\s)#)*)|."
)


def scalar(value: str, offset: int) -> Raw:
    """The word of a scalar, which stands at ``offset``.

    >>> scalar("'it''s'  # ok", 3), scalar("a b # c", 0)
    (Raw(text="it's", offset=3, variables=()), Raw(text='a b', offset=0, variables=()))
    """
    quoted = _QUOTED.match(value)
    if quoted is None:
        return Raw(_COMMENT.sub("", value), offset)
    single = quoted[2]
    return Raw(re.sub(r"\\(.)", r"\1", quoted[1]) if single is None else single.replace("''", "'"), offset)


def flow_words(text: str, start: int) -> tuple[list[Raw] | None, int]:
    r"""The words of a list in brackets that begins at ``start``, and where it ends; None where it holds other brackets.

    >>> flow_words("x: [a, 'b',\n  c d] # e", 3)[0]
    [Raw(text='a', offset=4, variables=()), Raw(text='b', offset=7, variables=()), Raw(text='c d', offset=14, variables=())]
    """
    words: list[Raw] = []
    depth, deepest = 0, 0
    place = start
    while (piece := _FLOW.match(text, place)) is not None:
        place = piece.end()
        if piece["opens"]:
            depth += 1
            deepest = max(deepest, depth)
        elif piece["closes"]:
            depth -= 1
            if depth == 0:
                break
        elif piece["item"]:
            words.append(scalar(piece["item"].rstrip(), piece.start()))
    return (words if deepest == 1 and text[start] == "[" else None), place


def block_lines(
    lines: Sequence[str], number: int, place: int, indent: int
) -> tuple[list[tuple[int, int]], int, int]:
    """Where the lines of a block stand without their indent, and the number and the place of the line behind it."""
    spans: list[tuple[int, int]] = []
    while number < len(lines):
        line = lines[number]
        if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
            break
        spans.append((place + len(line) - len(line.lstrip(" ")), place + len(line)))
        place += len(line) + 1
        number += 1
    return spans, number, place


def block_text(text: str, spans: Iterable[tuple[int, int]], *, folded: bool) -> Rewritten:
    """The lines of a block, joined by blanks where it is folded."""
    made = Rewritten()
    for start, end in spans:
        made.keep(text, start, end)
        made.put(" " if folded else "\n", end)
    return made


def divided(text: Rewritten) -> list[Raw]:
    """The words that a shell makes of a text, as Compose divides its strings."""
    return [
        Raw(
            token.text,
            text.origin(token.start),
            tuple(piece.text for piece in token.pieces if not piece.known),
        )
        for token in Lexer(text.text()).tokens()
        if token.kind == "word"
    ]
