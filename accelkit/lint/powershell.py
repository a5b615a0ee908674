"""What a PowerShell script does: its syntax tree as statements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal

from accelkit.lint.given import given
from accelkit.lint.grammars import SyntaxTree
from accelkit.lint.powershell_words import Words, name_of
from accelkit.lint.script import (
    DEEPEST,
    UNASSIGNED,
    Assign,
    Block,
    Branch,
    Choice,
    End,
    Forget,
    Function,
    Loop,
    Parts,
    Run,
    Statement,
    Text,
    Use,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_COMPARED: Final = re.compile(
    r"""\s*(?P<subject>\$[\w:]+|"[^"`]*")\s+-[ic]?(?P<operator>eq|ne)\s+(?P<quote>["'])(?P<text>[^"'$`]*)(?P=quote)\s*""",
    re.IGNORECASE,
)
_START: Final = re.compile(r"(?:Start-Process|saps|start)\b", re.IGNORECASE)
#: The parameters of Start-Process; those in capitals take no value.
_PARAMETER: Final = re.compile(r"-(\w+):?")
_SWITCHES: Final = ("wait", "passthru", "nonewwindow", "usenewenvironment", "loaduserprofile")
#: What ends; ``throw`` is taken as the end of the script, though a caller may catch it.
_ENDS: Final[Mapping[str, Literal["script", "function", "turn"]]] = {
    "exit": "script",
    "throw": "script",
    "return": "function",
    "break": "turn",
    "continue": "turn",
}
_BLANKS: Final = re.compile(r"(?:[ \t]|`\n)+")
_BARE: Final = re.compile(r"[^\s,'\"`$@(){};|&]+")


def powershell_statements(text: str) -> Block:
    r"""The statements of a PowerShell script. Raises ImportError without the extra ``lint``.

    >>> script = powershell_statements("$a = 'whpx'\nqemu-system-x86_64 -accel $a\n")
    >>> [type(statement).__name__ for statement in script]
    ['Assign', 'Run']
    """
    tree = SyntaxTree(text, "powershell")
    return tuple(_Reader(tree).block([tree.root], 0))


class _Reader:
    def __init__(self, tree: SyntaxTree) -> None:
        self.tree = tree
        self.words = Words(tree)
        self.kinds = {
            "command": self._command,
            "assignment_expression": self._assign,
            "if_statement": self._if,
            "switch_statement": self._switch,
            "foreach_statement": self._foreach,
            "for_statement": self._maybe,
            "while_statement": self._maybe,
            "do_statement": self._maybe,
            "catch_clause": self._maybe,
            "trap_statement": self._maybe,
            "function_statement": self._function,
            "param_block": self._parameters,
            "flow_control_statement": self._end,
            "ERROR": self._unread,
        }

    def block(self, nodes: Sequence[Node], depth: int) -> Iterator[Statement]:
        """The statements that are, or lie in, these nodes."""
        if depth > DEEPEST:
            return
        stack = [*reversed(nodes)]
        while stack:
            node = stack.pop()
            if node.type in self.kinds:
                yield from self.kinds[node.type](node, depth)
            else:
                stack += reversed(node.named_children)

    def _unread(self, node: Node, depth: int) -> Iterator[Statement]:
        """What the grammar cannot read: statements that it has found in there, and what stands there as text."""
        if any(child.type not in ("simple_name", "ERROR") for child in node.named_children):
            yield from self.block(node.named_children, depth + 1)
        else:
            yield from given(self.tree.text_of(node), *self.tree.place_of(node))

    def _end(self, node: Node, depth: int) -> Iterator[Statement]:
        word = self.tree.text_of(node).split(maxsplit=1)[0].lower()
        yield from self.block(node.named_children, depth + 1)
        if word in _ENDS:
            yield End(_ENDS[word])

    # ---- commands and variables ----

    def _command(self, node: Node, depth: int) -> Iterator[Statement]:
        text = self.tree.text_of(node)
        start = node.start_byte
        operator = re.match(r"[&.]\s*(?=[^\s.\\/])", text)
        if operator is not None:
            start += len(operator[0])
        if text[:2] == ". ":  # a script that may assign anything
            yield Forget((UNASSIGNED,))
        line, column = self.tree.place_at(start)
        if (program := _START.match(text)) is not None:
            yield from self._started(text, program.end(), start, line, column)
        elif words := self.words.arguments(start, node.end_byte):
            yield Run(tuple(words), line, column)
        if "{" in text or "(" in text:  # script blocks, and commands in parentheses
            yield from self.block(node.named_children, depth + 1)

    def _started(self, text: str, place: int, start: int, line: int, column: int) -> Iterator[Statement]:
        """``Start-Process``: the program, and arguments that QEMU splits into words by itself."""
        given_words: dict[str, tuple[Parts, ...]] = {}
        while place < len(text):
            place = blanks.end() if (blanks := _BLANKS.match(text, place)) is not None else place
            if (parameter := _PARAMETER.match(text, place)) is not None:
                name = parameter[1].lower()
                place = parameter.end()
                if any(switch.startswith(name) for switch in _SWITCHES):
                    continue
                place = blanks.end() if (blanks := _BLANKS.match(text, place)) is not None else place
            else:
                name = "filepath" if "filepath" not in given_words else "argumentlist"
            words, end = self._value(text, start, place)
            if end == place:
                break
            place = end
            if name == "args" or "argumentlist".startswith(name):
                given_words["argumentlist"] = words
            elif "filepath".startswith(name):
                given_words["filepath"] = words
        if "filepath" in given_words:
            quote = Text('"', line, column)
            program = (quote, *(piece for word in given_words["filepath"] for piece in word), quote)
            yield Run((program, *given_words.get("argumentlist", ())), line, column, quotes=True)

    def _value(self, text: str, start: int, place: int) -> tuple[tuple[Parts, ...], int]:
        if (found := self.words.value_at(text, start, place)) is not None:
            return found[0][0], found[1]
        if (bare := _BARE.match(text, place)) is not None:
            line, column = self.tree.place_at(start + len(text[:place].encode()))
            return ((Text(bare[0], line, column),),), bare.end()
        return (), place

    def _assign(self, node: Node, depth: int) -> Iterator[Statement]:
        left, value = node.named_children[0], node.child_by_field_name("value")
        written = re.search(r"\$[\w:]+$|\$\{[^}]*\}$", self.tree.text_of(left).strip())
        operators = [
            self.tree.text_of(child) for child in node.named_children if child.type == "assignement_operator"
        ]
        if value is None:
            return
        known = self.words.value(value.start_byte, value.end_byte)
        if known is None:
            yield from self.block([value], depth + 1)
        if written is None:
            return
        name = name_of(written[0])
        if known is None or operators not in (["="], ["+="]):
            yield Forget((name,))
            return
        words, array = known
        array = array or re.search(r"\[\w*\[\]\]", self.tree.text_of(left)) is not None
        yield Assign(name, words, array=array, append=operators == ["+="])

    def _parameters(self, node: Node, depth: int) -> Iterator[Statement]:
        """Of a script a parameter that is left out has its default; who calls a function is not followed that far."""
        whole = node.parent is not None and node.parent.type == "program"
        stack = [node]
        while stack:
            inner = stack.pop()
            if inner.type != "script_parameter":
                stack += reversed(inner.named_children)
                continue
            found = {child.type: child for child in inner.named_children}
            if "variable" not in found:
                continue
            name = name_of(self.tree.text_of(found["variable"]))
            default = found.get("script_parameter_default")
            known = (
                self.words.value(default.start_byte + 1, default.end_byte)
                if default is not None and whole
                else None
            )
            yield Forget((name,)) if known is None else Assign(name, known[0], array=known[1])

    def _function(self, node: Node, depth: int) -> Iterator[Statement]:
        name, *body = node.named_children
        yield Function(self.tree.text_of(name), tuple(self.block(body, depth + 1)))

    # ---- ways ----

    def _if(self, node: Node, depth: int) -> Iterator[Statement]:
        clauses: list[tuple[Node | None, Node]] = []
        condition = node.child_by_field_name("condition")
        for child in node.named_children:
            if child.type == "statement_block":
                clauses.append((condition, child))
            elif child.type == "elseif_clauses":
                for clause in child.named_children:
                    inner = clause.child_by_field_name("condition")
                    clauses += [
                        (inner, block) for block in clause.named_children if block.type == "statement_block"
                    ]
            elif child.type == "else_clause":
                clauses += [(None, block) for block in child.named_children]
        if condition is not None:
            yield from self.block([condition], depth + 1)
        other: Block = ()
        for test, block in reversed(clauses):
            body = tuple(self.block([block], depth + 1))
            other = body if test is None else (self._choice(self.tree.text_of(test), test, body, other),)
        yield from other

    def _choice(self, text: str, test: Node, body: Block, other: Block) -> Choice:
        yes, no = Branch(f"if ({text})", None, body), Branch(f"unless ({text})", None, other)
        compared = _COMPARED.fullmatch(text)
        if compared is None:
            return Choice(text, (yes, no))
        line, column = self.tree.place_of(test)
        written = compared["subject"]
        subject: Parts = (Use(name_of(written.strip('"')), written, line, column),)
        if written.startswith('"') and not re.fullmatch(r'"\$\w+"', written):
            return Choice(text, (yes, no))
        pattern = (re.sub(r"([*?[])", r"[\1]", compared["text"]),)
        if compared["operator"].lower() == "ne":
            return Choice(text, (no._replace(patterns=pattern), yes), subject)
        return Choice(text, (yes._replace(patterns=pattern), no), subject)

    def _switch(self, node: Node, depth: int) -> Iterator[Statement]:
        head = self.tree.text_of(node).split("{", 1)[0].strip()
        branches: list[Branch] = []
        stack = [*reversed(node.named_children)]
        while stack:
            inner = stack.pop()
            if inner.type == "statement_block":
                before = self.tree.cut(node.start_byte, inner.start_byte).split("\n")[-1].split("}")[-1]
                label = f"{head}: {before.strip()}"
                branches.append(Branch(label, None, tuple(self.block([inner], depth + 1))))
            else:
                stack += reversed(inner.named_children)
        choice = Choice(head, (*branches, Branch(f"{head} is none of these", None, ())))
        yield Loop("", (), (choice,), head)  # as `break` ends it

    def _foreach(self, node: Node, depth: int) -> Iterator[Statement]:
        children = [child for child in node.named_children if child.type != "comment"]
        if len(children) < 3:
            yield from self.block(children, depth + 1)
            return
        name, values, *body = children
        known = self.words.value(values.start_byte, values.end_byte)
        head = self.tree.cut(node.start_byte, values.end_byte) + ")"
        words = known[0] if known is not None else ()
        yield Loop(name_of(self.tree.text_of(name)), words, tuple(self.block(body, depth + 1)), head)

    def _maybe(self, node: Node, depth: int) -> Iterator[Statement]:
        """A loop, or what is run after an error."""
        body = tuple(self.block(node.named_children, depth + 1))
        head = self.tree.text_of(node).split("{", 1)[0].strip()
        if body:
            body = (Loop("", (), body, head),)
            yield Choice(head, (Branch(head, None, body), Branch(f"never {head}", None, ())))
