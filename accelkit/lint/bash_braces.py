"""The words that a shell makes of the braces in a word of a script, each character at its place. Pure.

How the text is divided says :mod:`accelkit.parsing.sources.shell_braces`; what stands in quotes, and variables, hold no
braces.
"""

from __future__ import annotations

from itertools import groupby

from accelkit.lint.script import Parts, Piece, Text
from accelkit.parsing.sources.shell_braces import OPAQUE, Part, brace_spans


def with_braces_expanded(word: Parts) -> list[Parts]:
    """The words that a word with braces stands for, in the order of the shell; the word itself where it has none.

    >>> text = Text("-hd{a,b}", 1, 1, quoted=False)
    >>> [["".join(piece.text for piece in word)] for word in with_braces_expanded((text,))]
    [['-hda'], ['-hdb']]
    """
    if not any(_is_plain(piece) and "{" in piece.text for piece in word if isinstance(piece, Text)):
        return [word]
    characters: list[Piece] = []
    text = ""
    for piece in word:
        if isinstance(piece, Text) and _is_plain(piece):
            characters += _characters(piece)
            text += piece.text
        else:
            characters.append(piece)
            text += OPAQUE
    words = brace_spans(text)
    return [word] if len(words) == 1 else [made for spans in words if (made := _joined(spans, characters))]


def _is_plain(piece: Piece) -> bool:
    return isinstance(piece, Text) and not piece.quoted


def _characters(piece: Text) -> list[Piece]:
    return [
        piece._replace(text=letter, column=piece.column + number) for number, letter in enumerate(piece.text)
    ]


def _joined(spans: list[Part], characters: list[Piece]) -> Parts:
    pieces: list[Piece] = []
    for span in spans:
        if isinstance(span, str):  # of a range, which stands nowhere
            pieces.append(Text(span, characters[0].line, characters[0].column, quoted=False))
            continue
        for is_plain, group in groupby(characters[slice(*span)], _is_plain):
            same = list(group)
            text = "".join(piece.text for piece in same if isinstance(piece, Text))
            pieces += [Text(text, same[0].line, same[0].column, quoted=False)] if is_plain else same
    return tuple(pieces)
