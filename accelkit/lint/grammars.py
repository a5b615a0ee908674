"""Syntax trees of whole scripts, by tree-sitter's published grammars, which the extra ``lint`` installs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cache
from importlib import import_module
from itertools import accumulate
from time import thread_time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

#: The languages, each with the package that has its grammar.
GRAMMARS: Final = {
    "shell": "tree_sitter_bash",
    "cmd": "tree_sitter_batch",
    "powershell": "tree_sitter_powershell",
}
#: Seconds that a script of any length may take to be read, and those that each byte of it adds: ten times what is usual.
_SECONDS: Final = 1.0
_SECONDS_PER_BYTE: Final = 5e-6
_PAGE: Final = 1 << 16
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


@cache
def _parser(language: str) -> Parser:
    try:
        tree_sitter = import_module("tree_sitter")  # only whole scripts need it
        grammar = import_module(GRAMMARS[language])
    except ModuleNotFoundError as error:
        raise ImportError(
            f"to read whole scripts lint needs {error.name}, not installed here; "
            "install the extra: pip install 'accelkit[lint]'"
        ) from None
    return tree_sitter.Parser(tree_sitter.Language(grammar.language()))


class GrammarError(Exception):
    """The grammar is not done with a script in the time that one of its length takes."""


def _parsed(code: bytes, parser: Parser) -> Node:
    """The root of the syntax tree. Raises GrammarError: some texts, which nobody writes, take the square of the time.

    Python's own clock of this thread counts: what else the host does makes no difference.
    """
    end = thread_time() + _SECONDS + _SECONDS_PER_BYTE * len(code)

    def read(start: int, _: object) -> bytes:
        return code[start : start + _PAGE]

    def too_long(*_: object) -> bool:
        return thread_time() > end

    try:
        tree = parser.parse(read, progress_callback=too_long)
    except ValueError:
        parser.reset()  # else the next text would be read as the rest of this one
        raise GrammarError from None
    return tree.root_node


class SyntaxTree:
    """The text of a script, its syntax tree, and the place of each node in characters.

    Raises ImportError, which names the extra, where tree-sitter or the grammar is not installed, and GrammarError.

    >>> tree = SyntaxTree("echo ä b", "shell")
    >>> command = tree.root.named_children[0]
    >>> [(tree.text_of(node), tree.place_of(node)) for node in command.named_children]
    [('echo', (1, 1)), ('ä', (1, 6)), ('b', (1, 8))]
    """

    def __init__(self, text: str, language: str, seen: Callable[[bytes], bytes] | None = None) -> None:
        self.code = _SURROGATES.sub("\ufffd", text).encode()  # which no grammar reads
        # What a grammar reads wrongly is something else of the same length to it; places stay as they are.
        code = self.code if seen is None else seen(self.code)
        self.root: Node = _parsed(code, _parser(language))
        self._starts = [0]
        while newline := self.code.find(b"\n", self._starts[-1]) + 1:
            self._starts.append(newline)
        # Bytes that go on with a character, before each 256th byte: a place takes the same time in a line of any length.
        pages = (self.code[start : start + 256] for start in range(0, len(self.code), 256))
        self._continued = [0] if text.isascii() else [*accumulate(map(_continued, pages), initial=0)]

    def cut(self, start: int, end: int) -> str:
        """The text between two bytes."""
        return self.code[start:end].decode(errors="replace")

    def text_of(self, node: Node) -> str:
        """The text of a node."""
        return self.cut(node.start_byte, node.end_byte)

    def place_of(self, node: Node) -> tuple[int, int]:
        """Line and column of a node's first character, from 1."""
        return self.place_at(node.start_byte)

    def place_at(self, byte: int) -> tuple[int, int]:
        """Line and column of a byte's character, from 1."""
        line = bisect_right(self._starts, byte)
        start = self._starts[line - 1]
        return line, byte - start - self._continued_before(byte) + self._continued_before(start) + 1

    def _continued_before(self, byte: int) -> int:
        if len(self._continued) == 1:  # bytes are characters
            return 0
        page = byte >> 8
        return self._continued[page] + _continued(self.code[page << 8 : byte])


def _continued(code: bytes) -> int:
    """How many bytes of ``code`` go on with a character of UTF-8."""
    return sum(byte & 0xC0 == 0x80 for byte in code)
