"""What a batch file of cmd.exe does: its syntax tree as statements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from accelkit.lint.and_or import Link, and_or
from accelkit.lint.given import given
from accelkit.lint.grammars import SyntaxTree
from accelkit.lint.script import (
    ARGUMENTS,
    DEEPEST,
    Apart,
    Assign,
    Block,
    Branch,
    Choice,
    End,
    Forget,
    Function,
    Jump,
    Label,
    Loop,
    Parts,
    Piece,
    Run,
    Statement,
    Text,
    Use,
)

if TYPE_CHECKING:
    from tree_sitter import Node

#: A caret and the end of a line, beside a blank: a blank in its place means the same.
_JOINED: Final = re.compile(rb"(?<=[ \t])\^\n|\^\n(?=[ \t])")
#: A line that goes on, an escaped character, a variable, a parameter of the file or of ``for``, other text.
_PIECE: Final = re.compile(
    r"(\^\n)|\^(.)|(%[\w()]+(?::[^%\n]*)?%|![\w()]+(?::[^!\n]*)?!|%~?[a-z]*[0-9*]|%%~?[a-zA-Z]+)|([^%!^]+|[%!^])",
    re.DOTALL,
)
#: Statements of which others are made.
_BLOCKS: Final = frozenset("program parenthesized redirect_stmt command_sep".split())
_REST: Final = frozenset({"redirection", "ERROR", "comment"})
_COMPARED: Final = re.compile(
    r"(?:/i\s+)?(?:not\s+)?(?P<left>\"[^\"\n]*\"|\S+?)\s*(?:==|\s+EQU\s+)\s*", re.IGNORECASE
)
#: Assignments with commands behind them, each of which is a text to read.
_MOST_BEHIND: Final = 64
#: Labels that are called as functions are; more are not followed.
_MOST_CALLED: Final = 64


def batch_statements(text: str) -> Block:
    r"""The statements of a batch file. Raises ImportError without the extra ``lint``.

    >>> [
    ...     type(statement).__name__
    ...     for statement in batch_statements("set A=whpx\nqemu-system-x86_64 -accel %A%\n")
    ... ]
    ['Assign', 'Run']
    """
    tree = _tree(text)
    reader = _Reader(tree)
    block = tuple(reader.block([tree.root], 0))
    return (*_functions(block, reader.called), *block)


def _tree(text: str) -> SyntaxTree:
    return SyntaxTree(f"{text}\n", "cmd", _without_carets)  # the grammar needs a last line's end


def _without_carets(code: bytes) -> bytes:
    return _JOINED.sub(lambda found: b" " * len(found[0]), code)


def _functions(block: Block, called: Sequence[str]) -> Iterator[Function]:
    """The parts of the file that ``call :label`` runs: from the label to where the file or the part ends."""
    labels = {s.name: place for place, s in enumerate(block) if isinstance(s, Label)}
    for name in islice(dict.fromkeys(called), _MOST_CALLED):
        if name in labels:
            rest = block[labels[name] + 1 :]
            end = next((place for place, s in enumerate(rest) if isinstance(s, End)), len(rest))
            yield Function(f":{name}", (*rest[:end], End("function")))


class _Reader:
    def __init__(self, tree: SyntaxTree) -> None:
        self.tree = tree
        self.called: list[str] = []
        self.behind = 0

    def block(self, nodes: Sequence[Node], depth: int) -> Iterator[Statement]:
        """The statements that these nodes are."""
        if depth > DEEPEST:
            return
        for node in nodes:
            if node.type in _BLOCKS:
                yield from self.block(self._flat(node), depth + 1)
            else:
                yield from self._statement(node, depth)

    def _flat(self, node: Node) -> list[Node]:
        """What is in a node; what the grammar could not read of it stands last."""
        if node.type == "command_sep":
            return _sides(node)
        children = [child for child in node.named_children if child.type not in _REST]
        return [*children, *(child for child in node.named_children if child.type == "ERROR")]

    def _statement(self, node: Node, depth: int) -> Iterator[Statement]:
        match node.type:
            case "cmd":
                yield self._run(node.start_byte, node.end_byte)
            case "call_stmt":
                yield from self._call(node)
            case "variable_assignment":
                yield from self._assign(node, depth)
            case "if_stmt":
                yield from self._if(node, depth)
            case "for_stmt":
                yield from self._for(node, depth)
            case "cond_exec":
                yield from self._either(node, depth)
            case "pipe_stmt":
                for child in _sides(node):
                    yield Apart(tuple(self.block([child], depth + 1)))
            case "label":
                yield Label(self.tree.text_of(node).strip().lstrip(":").lower())
            case "goto_stmt":
                label = self.tree.text_of(node).split(maxsplit=1)[-1].strip().lstrip(":").lower()
                yield End("function") if label == "eof" else Jump(label)
            case "exit_stmt":
                yield End("function" if "/b" in self.tree.text_of(node).lower() else "script")
            case "ERROR":
                yield from given(self.tree.text_of(node), *self.tree.place_of(node))
            case _:
                return

    def _run(self, start: int, end: int) -> Run:
        return Run((self._parts(start, end),), *self.tree.place_at(start), quotes=True)

    def _call(self, node: Node) -> Iterator[Statement]:
        text = self.tree.text_of(node)
        head = re.match(r"call\s+(:?)", text, re.IGNORECASE)
        start = node.start_byte + (len(head[0]) if head is not None else 0)
        if head is None or not head[1]:
            yield self._run(start, node.end_byte)
            return
        label, *rest = text[head.end() :].split(maxsplit=1)
        self.called.append(label.lower())
        line, column = self.tree.place_at(start)
        words = (self._parts(node.end_byte - len(rest[0].encode()), node.end_byte),) if rest else ()
        yield Run(((Text(f":{label.lower()}", line, column),), *words), line, column, quotes=True)

    def _assign(self, node: Node, depth: int) -> Iterator[Statement]:
        found: dict[str, Node] = {child.type: child for child in node.named_children}
        inner = found.get("prompt_assignment")
        if inner is not None:  # set /p: somebody types the value
            names = [child for child in inner.named_children if child.type == "variable_name"]
            yield Forget(tuple(self.tree.text_of(name).upper() for name in names))
            return
        if (name := found.get("variable_name")) is None:  # set /a
            numbers = re.findall(r"(\w+)\s*[-+*/%&|^]?=", self.tree.text_of(node))
            yield Forget(tuple(number.upper() for number in numbers))
            return
        value = found.get("assignment_value") or found.get("quoted_assignment_value")
        text = self.tree.text_of(name).upper()
        if value is None:
            yield Forget((text,))
            return
        end = value.end_byte - (
            value.type == "quoted_assignment_value" and value.text is not None and value.text.endswith(b'"')
        )
        if (
            value.type == "assignment_value"
            and (cut := self.tree.code.find(b"&", value.start_byte, end)) >= 0
        ):
            yield Assign(text, (self._parts(value.start_byte, cut),))
            yield from self._behind(cut, end, depth)
            return
        yield Assign(text, (self._parts(value.start_byte, end),))

    def _behind(self, start: int, end: int, depth: int) -> Iterator[Statement]:
        """The commands behind the ``&`` of an assignment, which the grammar takes for its value."""
        self.behind += 1
        if self.behind > _MOST_BEHIND:
            return
        start += len(self.tree.code[start:end]) - len(self.tree.code[start:end].lstrip(b"& \t"))
        line, column = self.tree.place_at(start)
        text = "\n" * (line - 1) + " " * (column - 1) + self.tree.cut(start, end)
        inner = _Reader(_tree(text))
        inner.called, inner.behind = self.called, self.behind
        yield from inner.block([inner.tree.root], depth + 1)
        self.behind = inner.behind

    # ---- ways ----

    def _either(self, node: Node, depth: int) -> Iterator[Statement]:
        """``a && b || c``, whose left side is such a node again."""
        parts: list[tuple[str, Node]] = []
        while node.type == "cond_exec" and len(node.children) >= 3:
            parts.append((node.children[1].type, node.children[-1]))
            node = node.children[0]
        yield from and_or([self._link(*part, depth) for part in (("", node), *reversed(parts))])

    def _link(self, operator: str, node: Node, depth: int) -> Link:
        body = tuple(self.block([node], depth + 1))
        line = self._line(node)

        def choose(then: Block, other: Block) -> Choice:
            return Choice(line, (Branch(f"if {line}", None, then), Branch(f"unless {line}", None, other)))

        return Link(operator, body, choose, succeeds=node.type == "variable_assignment")

    def _line(self, node: Node) -> str:
        return self.tree.text_of(node).split("\n", 1)[0]

    def _if(self, node: Node, depth: int) -> Iterator[Statement]:
        others = [child for child in node.named_children if child.type == "else_clause"]
        inner = [
            child for child in node.named_children if child.type not in ("else_clause", "ERROR", "comment")
        ]
        if not inner:
            return
        body = tuple(self.block(inner[-1:], depth + 1))
        other = tuple(self.block([grand for child in others for grand in child.named_children], depth + 1))
        head = self.tree.cut(node.start_byte, inner[-1].start_byte)[2:].strip()
        negated = re.match(r"(?:/i\s+)?not\b", head, re.IGNORECASE) is not None
        yes, no = Branch(f"if {head}", None, body), Branch(f"unless {head}", None, other)
        compared = _COMPARED.match(head)
        right = head[compared.end() :] if compared is not None else "%"
        if compared is None or set(right) & set("%!") or head.lower().startswith("/i"):
            yield Choice(head, (yes, no))
            return
        left = node.start_byte + self.tree.code[node.start_byte : node.end_byte].find(
            compared["left"].encode()
        )
        subject = self._parts(left, left + len(compared["left"].encode()))
        pattern = (re.sub(r"([*?[])", r"[\1]", right),)
        branches = (no._replace(patterns=pattern), yes) if negated else (yes._replace(patterns=pattern), no)
        yield Choice(head, branches, subject)

    def _for(self, node: Node, depth: int) -> Iterator[Statement]:
        found: dict[str, Node] = {child.type: child for child in node.named_children}
        name, values = found.get("for_variable"), found.get("for_set")
        if name is None or values is None:
            return
        body = [child for child in node.named_children if child.start_byte > values.end_byte]
        statements = tuple(self.block(body, depth + 1))
        start, code = values.start_byte, self.tree.code[values.start_byte : values.end_byte]
        found_words = () if "for_options" in found else re.finditer(rb"[^\s,;]+", code)
        words = tuple(self._parts(start + word.start(), start + word.end()) for word in found_words)
        head = self.tree.cut(node.start_byte, values.end_byte)
        yield Loop(self.tree.text_of(name), words, statements, head)

    def _parts(self, start: int, end: int) -> Parts:
        return tuple(self._pieces(start, end))

    def _pieces(self, start: int, end: int) -> Iterator[Piece]:
        line, column = self.tree.place_at(start)
        for found in _PIECE.finditer(self.tree.cut(start, end)):
            joined, escaped, variable, plain = found.groups()
            if variable is not None:
                yield _use(variable, line, column)
            elif joined is None:
                yield Text(plain if plain is not None else escaped, line, column, quoted=False)
            newlines = found[0].count("\n")
            length = len(found[0])
            line, column = line + newlines, length - found[0].rfind("\n") if newlines else column + length


def _sides(node: Node) -> list[Node]:
    """The commands of ``a & b & c`` or ``a | b | c``, whose left side is such a node again."""
    kind = node.type
    rights: list[Node] = []
    while node.type == kind and node.named_children:
        rights += reversed(node.named_children[1:])
        node = node.named_children[0]
    return [node, *reversed(rights)]


def _use(written: str, line: int, column: int) -> Use:
    name = written[1:-1] if written[-1] in "%!" else written
    if written.startswith("%%"):
        return Use(written if "~" not in written else "", written, line, column)
    if ":" in name:  # %NAME:~0,3%
        return Use("", written, line, column)
    if written[-1] == "*":
        return Use(ARGUMENTS, written, line, column, every=True)
    if written[-1].isdecimal() and written[-1] != "%" and not written.endswith(("%", "!")):
        plain = written.lstrip("%~")
        known = plain.isdecimal() and plain != "0"
        return Use(ARGUMENTS if known else "", written, line, column, element=int(plain) - 1 if known else 0)
    return Use(name.upper(), written, line, column)
