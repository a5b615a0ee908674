r"""Words to a line for a shell, and back; what cannot be seen is written as ``$'\x1b'``. Pure.

Single quotes would keep an escape character safe from the shell, and leave it to the terminal that shows the line.
``$'…'`` is read by bash, zsh, ksh, busybox and mksh, and is in POSIX since 2024; dash reads it not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import Final

from accelkit.errors import ArgvError, brief, shown, visible_line

_LETTERS: Final = {
    "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip
"""What stands behind a backslash in ``$'…'`` for one character."""

_SHORT: Final = {_LETTERS[letter]: f"\\{letter}" for letter in "nrt\\'"}


def shell_line(words: Iterable[str], *, ascii_only: bool = False) -> str:
    r"""The words as one line that a shell reads as these words; with ``ascii_only`` in ASCII, for any terminal.

    Bytes that are not UTF-8 are in the words as :func:`os.fsdecode` has them.

    >>> print(shell_line(["qemu", "-name", "my vm", "/tmp/\udcff\n", "-m", "1G"]))
    qemu -name 'my vm' $'/tmp/\xff\n' -m 1G
    """
    import shlex  # imported here, to keep `import accelkit` light

    return " ".join(
        shlex.quote(word) if _is_plain(word, ascii_only) else _coded(word, ascii_only) for word in words
    )


def _is_plain(text: str, ascii_only: bool) -> bool:
    return visible_line(text) == text and (text.isascii() or not ascii_only)


def _coded(word: str, ascii_only: bool) -> str:
    return f"$'{''.join(map(partial(_code, ascii_only=ascii_only), word))}'"


def _code(character: str, *, ascii_only: bool) -> str:
    if character in _SHORT:
        return _SHORT[character]
    if _is_plain(character, ascii_only):
        return character
    # Bytes mean the same in every locale. Half a character (a lone surrogate) has none, and no program gets it.
    try:
        return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        return visible_line(character)


#: A piece of a line: blanks, text without a quote, or text in quotes. What matches none is a quote left open.
_PIECE: Final = re.compile(
    r"""([ \t\r\n]+)|\$'((?:\\.|[^'\\])*)'|((?:[^ \t\r\n'"\\$]|\$(?!'))+)|\\(.)|'([^']*)'"""
    r"""|"([^"\\]*(?:\\.[^"\\]*)*)\"""",
    re.DOTALL,
)
_WORD: Final = re.compile(r"[^ \t\r\n]+")
_ESCAPED_IN_QUOTES: Final = re.compile(r'\\(["\\])')


def words_of(line: str) -> list[str]:
    r"""The words of a line, split as a shell does that has ``$'…'``, in time that grows with its length only.

    Nothing is expanded. Raises ArgvError for a quote that is not closed, and for a code that is no character.

    >>> words_of(r"-device 'my dev',id=a -name $'/tmp/\xff\n'")
    ['-device', 'my dev,id=a', '-name', '/tmp/\udcff\n']
    """
    if not any(character in line for character in "'\"\\"):
        return _WORD.findall(line)
    line = line.replace("\\\n", "")  # a backslash joins a line with the next one
    words: list[str] = []
    word: list[str] = []  # the pieces of the word that is read
    place = 0
    while place < len(line):
        piece = _PIECE.match(line, place)
        if piece is None:
            why = "No escaped character" if line[place] == "\\" else "No closing quotation"
            raise ArgvError(f"{shown(line)}: {why}; close the quote, or give the words as a list")
        blank, coded, plain, escaped, single, double = piece.groups()
        if blank is None:
            word.append(
                decoded(coded)
                if coded is not None
                else _ESCAPED_IN_QUOTES.sub(r"\1", double)
                if double is not None
                else next(text for text in (plain, escaped, single) if text is not None)
            )
        elif word:
            words.append("".join(word))
            word = []
        place = piece.end()
    return [*words, "".join(word)] if word else words


def decoded(text: str) -> str:
    """What ``$'text'`` means. Raises ArgvError for a code that is no character."""
    codes = rb"\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|(.))"
    try:
        coded = re.sub(codes, _bytes, text.encode("utf-8", "surrogateescape"), flags=re.DOTALL)
    except (ValueError, OverflowError):  # half a character, or a number that no character has
        raise ArgvError(
            f"$'{brief(text)}': has a code that is no character; write \\x and two digits a byte"
        ) from None
    return coded.decode("utf-8", "surrogateescape")


def _bytes(match: re.Match[bytes]) -> bytes:
    byte, octal, short, long, letter = match.groups()
    if letter is not None:
        text = letter.decode("latin-1")
        return _LETTERS[text].encode() if text in _LETTERS else match[0]
    if short or long:
        return chr(int(short or long, 16)).encode()
    return bytes([int(byte, 16) if byte else int(octal, 8) & 0xFF])
