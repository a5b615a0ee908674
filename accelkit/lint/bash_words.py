"""The words of a shell script as its syntax tree has them: quotes and escapes are read, variables stay uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from accelkit.errors import ArgvError
from accelkit.lint.bash_braces import with_braces_expanded
from accelkit.lint.grammars import SyntaxTree
from accelkit.lint.script import ARGUMENTS, Parts, Piece, Text, Use
from accelkit.syntax.shell_words import words_of

if TYPE_CHECKING:
    from tree_sitter import Node

#: A line that goes on; an escaped character; a run of others.
_UNQUOTED: Final = re.compile(r"(\\\n)|\\(.)|([^\\]+|\\$)", re.DOTALL)
#: In double quotes a backslash stays one before most characters.
_IN_QUOTES: Final = re.compile(r'(\\\n)|\\([$`"\\])|((?:[^\\]|\\(?![$`"\\\n]))+)', re.DOTALL)
#: ``${NAME``, the element that is meant, and the operator that follows.
_EXPANSION: Final = re.compile(r"\$\{([A-Za-z_]\w*|[0-9]+|[@*])(?:\[([@*]|[0-9]+)\])?(:?[-=?+]|\})", re.ASCII)
_NAME: Final = re.compile(r"\$([A-Za-z_]\w*|[0-9]|[@*])", re.ASCII)
#: ``${…}`` in a word, which may lie in each other: more are read as one value that is not known.
_MOST_EXPANSIONS: Final = 100


class Words:
    """Reads the words of one script."""

    def __init__(self, tree: SyntaxTree) -> None:
        self.tree = tree

    def word(self, node: Node) -> Parts:
        """The pieces of a word."""
        if self.tree.code.count(b"${", node.start_byte, node.end_byte) > _MOST_EXPANSIONS:
            return (self._unknown(node, splits=True),)
        return tuple(self._pieces(node, quoted=False))

    def words(self, nodes: Sequence[Node]) -> list[tuple[Parts, Node]]:
        """The words that these nodes are, each with its first node: a word may go on after a backslash at a line's end."""
        words: list[tuple[Parts, Node]] = []
        end = -1
        for node in nodes:
            gap = self.tree.code[end : node.start_byte] if end >= 0 else b" "
            parts = self.word(node)
            if gap.replace(b"\\\n", b"") == b"" and words:
                before, first = words.pop()
                words.append((before + parts, first))
            else:
                words.append((parts, node))
            end = node.end_byte
        return [(word, first) for parts, first in words for word in with_braces_expanded(parts)]

    def _pieces(self, node: Node, *, quoted: bool) -> Iterator[Piece]:
        match node.type:
            case "string":
                pieces = [
                    *self._between(node.start_byte + 1, node.end_byte - 1, node.named_children, quoted=True)
                ]
                line, column = self.tree.place_of(node)
                yield from pieces or [Text("", line, column)]  # "" is a word, without characters
            case "translated_string":
                for child in node.named_children:
                    yield from self._pieces(child, quoted=True)
            case "raw_string":
                line, column = self.tree.place_of(node)
                yield Text(self.tree.text_of(node)[1:-1], line, column + 1)
            case "ansi_c_string":
                yield self._coded(node)
            case "concatenation":
                yield from self._between(node.start_byte, node.end_byte, node.named_children, quoted=quoted)
            case "simple_expansion":
                yield self._named(node, quoted=quoted)
            case "expansion":
                yield self._expansion(node, quoted=quoted)
            case "command_substitution" | "process_substitution" | "arithmetic_expansion":
                yield self._unknown(node, splits=not quoted and node.type == "command_substitution")
            case _:
                yield from self._literal(node.start_byte, node.end_byte, quoted=quoted)

    def _between(self, start: int, end: int, nodes: Sequence[Node], *, quoted: bool) -> Iterator[Piece]:
        """The pieces from one byte to another: those of the nodes, and as they stand the characters between these."""
        for node in nodes:
            if node.type == "string_content":
                continue
            yield from self._literal(start, node.start_byte, quoted=quoted)
            yield from self._pieces(node, quoted=quoted)
            start = node.end_byte
        yield from self._literal(start, end, quoted=quoted)

    def _literal(self, start: int, end: int, *, quoted: bool) -> Iterator[Piece]:
        if start >= end:
            return
        text = self.tree.cut(start, end)
        line, column = self.tree.place_at(start)
        if "\\" not in text:
            yield Text(text, line, column, quoted)
            return
        for found in (_IN_QUOTES if quoted else _UNQUOTED).finditer(text):
            joined, escaped, plain = found.group(1), found.group(2), found.group(3)
            if plain is not None:
                yield Text(plain, line, column, quoted)
            elif escaped is not None:
                yield Text(escaped, line, column)
            whole = joined or found[0]
            newlines = whole.count("\n")
            line, column = (
                line + newlines,
                len(whole) - whole.rfind("\n") if newlines else column + len(whole),
            )

    def _coded(self, node: Node) -> Piece:
        line, column = self.tree.place_of(node)
        try:
            return Text("".join(words_of(self.tree.text_of(node))), line, column)
        except ArgvError:  # a code that is no character
            return self._unknown(node, splits=False)

    def _named(self, node: Node, *, quoted: bool) -> Piece:
        found = _NAME.fullmatch(self.tree.text_of(node))
        if found is None:  # $?, $#, $$ and the like
            return self._unknown(node, splits=not quoted)
        return self._use(node, found[1], None, quoted=quoted)

    def _expansion(self, node: Node, *, quoted: bool) -> Piece:
        text = self.tree.text_of(node)
        found = _EXPANSION.match(text)
        if found is None:
            return self._unknown(node, splits=not quoted)
        use = self._use(node, found[1], found[2], quoted=quoted)
        operator = found[3]
        if operator == "}":
            return use if found.end() == len(text) else self._unknown(node, splits=not quoted)
        start = node.start_byte + len(found[0].encode())
        given = [child for child in node.named_children if child.start_byte >= start]
        other = tuple(self._between(start, node.end_byte - 1, given, quoted=quoted))
        if operator[-1] in "-=":
            return use._replace(otherwise=other)
        return use._replace(instead=other) if operator[-1] == "+" else use

    def _use(self, node: Node, name: str, element: str | None, *, quoted: bool) -> Use:
        line, column = self.tree.place_of(node)
        written = self.tree.text_of(node)
        if name in ("@", "*") or element in ("@", "*"):
            # "$*" is one word, of all: no command line of QEMU has a use for it
            known = ARGUMENTS if name in ("@", "*") else name
            joined = quoted and "*" in (name, element)
            return Use("" if joined else known, written, line, column, splits=not quoted, every=True)
        if name.isdecimal():
            known = ARGUMENTS if name != "0" else ""
            return Use(known, written, line, column, splits=not quoted, element=int(name[:6]) - 1)
        return Use(name, written, line, column, splits=not quoted, element=int((element or "0")[:6]))

    def _unknown(self, node: Node, *, splits: bool) -> Use:
        line, column = self.tree.place_of(node)
        return Use("", self.tree.text_of(node), line, column, splits=splits)
