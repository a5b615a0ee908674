"""What a shell script does: its syntax tree as statements. For sh, bash, ksh, zsh and their like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from accelkit.lint.and_or import Link, and_or
from accelkit.lint.bash_meaning import choice_of, counts, holders, pattern, special, succeeds
from accelkit.lint.bash_variables import assignment, declaration
from accelkit.lint.bash_words import Words
from accelkit.lint.given import given
from accelkit.lint.grammars import SyntaxTree
from accelkit.lint.script import (
    DEEPEST,
    Apart,
    Assign,
    Block,
    Branch,
    Choice,
    Function,
    Loop,
    Run,
    Statement,
)

if TYPE_CHECKING:
    from tree_sitter import Node

#: Commands inside of words and conditions.
_SUBSTITUTIONS: Final = re.compile(rb"\$\(|`|<\(|>\(")
_SUBSTITUTED: Final = frozenset({"command_substitution", "process_substitution"})
#: ``${{ matrix.accel }}``: a workflow puts a text there before any shell reads the script.
_TEMPLATE: Final = re.compile(rb"\$\{\{[^\n{}]*\}\}")
_FUNCTION: Final = re.compile(
    rb"(?<![^\s(){};&|])([^\s(){};&|]++)[ \t]*+\([ \t]*\)|\bfunction[ \t]++([^\s(){};&|]++)"
)
_NO_WORDS: Final = frozenset(
    "variable_assignment file_redirect herestring_redirect heredoc_redirect comment".split()
)
_LISTS: Final = frozenset({"pipeline", "list", "negated_command"})
_BLOCKS: Final = frozenset("program compound_statement do_group negated_command".split())


def bash_statements(text: str) -> Block:
    """The statements of a shell script. Raises ImportError without the extra ``lint``.

    >>> [type(statement).__name__ for statement in bash_statements("A=kvm; qemu-kvm -accel $A")]
    ['Assign', 'Run']
    """
    tree = SyntaxTree(text, "shell", _without_templates)
    return tuple(_Reader(tree).block([tree.root], 0))


def _without_templates(code: bytes) -> bytes:
    return _TEMPLATE.sub(lambda found: b"${%s}" % (b"_" * (len(found[0]) - 3)), code)


class _Reader:
    def __init__(self, tree: SyntaxTree) -> None:
        self.tree = tree
        self.words = Words(tree)
        self.behind: dict[int, list[Node]] = {}
        """The words that stand behind the redirections of a command, which the grammar takes for their files."""
        self.holders = holders(tree.code)
        self.functions = {name for names in _FUNCTION.findall(tree.code) for name in names}

    def block(self, nodes: Sequence[Node], depth: int) -> Iterator[Statement]:
        """The statements that these nodes are."""
        if depth > DEEPEST:
            return
        for node in nodes:
            if node.type in _BLOCKS:
                yield from self.block(node.named_children, depth + 1)
            else:
                yield from self.statement(node, depth)

    def statement(self, node: Node, depth: int) -> Iterator[Statement]:
        match node.type:
            case "command":
                yield from self._command(node, depth)
            case "variable_assignment":
                yield from self._assign(node, depth)
            case "variable_assignments":
                for child in node.named_children:
                    yield from self._assign(child, depth)
            case "declaration_command":
                yield from self._declaration(node, depth)
            case "unset_command":
                for child in node.named_children:
                    yield Assign(self.tree.text_of(child), ())
            case "redirected_statement":
                yield from self._redirected(node, depth)
            case "pipeline":
                for child in node.named_children:
                    yield Apart(tuple(self.block([child], depth + 1)))
            case "subshell" | "command_substitution" | "process_substitution":
                yield Apart(tuple(self.block(node.named_children, depth + 1)))
            case "list":
                yield from self._list(node, depth)
            case "if_statement":
                yield from self._if(node.children, depth)
            case "case_statement":
                yield from self._case(node, depth)
            case "while_statement" | "c_style_for_statement":
                yield from self._while(node, depth)
            case "for_statement":
                yield from self._for(node, depth)
            case "function_definition":
                name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
                if name is not None and body is not None:
                    yield Function(self.tree.text_of(name), tuple(self.block([body], depth + 1)))
            case "ERROR":
                yield from given(self.tree.text_of(node), *self.tree.place_of(node))
            case "comment":
                return
            case _:
                yield from self._inside(node, depth)

    def _inside(self, node: Node, depth: int) -> Iterator[Statement]:
        """The commands whose output stands in a word or a condition."""
        if not _SUBSTITUTIONS.search(self.tree.code, node.start_byte, node.end_byte):
            return
        stack = [node]
        while stack:
            inner = stack.pop()
            if inner.type in _SUBSTITUTED:
                yield from self.statement(inner, depth + 1)
            else:
                stack += reversed(inner.named_children)

    # ---- commands ----

    def _command(self, node: Node, depth: int) -> Iterator[Statement]:
        """A command, with the words that stand behind its redirections."""
        yield from self._inside(node, depth)
        more = self.behind.get(node.id, [])
        if not more and not counts(
            self.tree.code[node.start_byte : node.end_byte], self.functions, self.holders
        ):
            return
        children = node.named_children
        before = [child for child in children if child.type == "variable_assignment"]
        nodes = [
            (child.named_children or [child])[0] if child.type == "command_name" else child
            for child in children
            if child.type not in _NO_WORDS
        ]
        nodes += more
        # A new line without a backslash begins another command, whatever the grammar makes of it.
        start = 0
        for place in range(1, len(nodes)):
            gap = self.tree.code[nodes[place - 1].end_byte : nodes[place].start_byte]
            if b"\n" in gap.replace(b"\\\n", b"") and nodes[place] not in more:
                yield from self._run(nodes[start:place], before)
                start, before = place, []
        yield from self._run(nodes[start:], before)

    def _run(self, nodes: Sequence[Node], before: Sequence[Node]) -> Iterator[Statement]:
        assigned = [statement for node in before for statement in self._assign(node, DEEPEST)]
        if not nodes:
            yield from assigned
            return
        words = [parts for parts, _ in self.words.words(nodes)]
        if (done := special(words)) is not None:
            yield from done
            return
        line, column = self.tree.place_of(nodes[0])
        if before:  # they hold for the command alone, but its own words are expanded before
            written = [self.words.word(node) for node in before]
            yield Run((*written, *words), *self.tree.place_of(before[0]))
            return
        yield Run(tuple(words), line, column)

    def _redirected(self, node: Node, depth: int) -> Iterator[Statement]:
        body = node.child_by_field_name("body")
        redirects = node.children_by_field_name("redirect")
        more = [word for redirect in redirects for word in redirect.children_by_field_name("destination")[1:]]
        if body is not None:
            last = body
            while last.type in _LISTS and last.named_children:
                last = last.named_children[-1]
            if more:
                self.behind[last.id] = more
            yield from self.block([body], depth + (body.type != "command"))
        for redirect in redirects:
            for child in redirect.named_children:
                if child.type == "heredoc_body":
                    yield from given(self.tree.text_of(child), *self.tree.place_of(child))
                elif redirect.type == "heredoc_redirect" and child.is_named:
                    yield from self.statement(child, depth + 1)
                else:
                    yield from self._inside(child, depth)

    def _assign(self, node: Node, depth: int) -> Iterator[Statement]:
        value = node.child_by_field_name("value")
        if value is not None and depth < DEEPEST:
            yield from self._inside(value, depth)
        yield from assignment(self.words, node)

    def _declaration(self, node: Node, depth: int) -> Iterator[Statement]:
        for child in node.named_children:
            if child.type == "variable_assignment":
                yield from self._inside(child, depth)
        yield from declaration(self.words, node)

    # ---- ways ----

    def _list(self, node: Node, depth: int) -> Iterator[Statement]:
        """``a && b || c``, whose left side is a list again: as deep as the list is long."""
        parts: list[tuple[str, Node]] = []
        while node.type == "list" and len(node.children) >= 3:
            parts.append((node.children[1].type, node.children[-1]))
            node = node.children[0]
        yield from and_or([self._link(*part, depth) for part in (("", node), *reversed(parts))])

    def _link(self, operator: str, node: Node, depth: int) -> Link:
        body = tuple(self.block([node], depth + 1))
        choose = partial(choice_of, self.words, [node])
        return Link(operator, body, choose, succeeds=succeeds(self.tree, node))

    def _if(self, children: Sequence[Node], depth: int) -> Iterator[Statement]:
        then = next((place for place, child in enumerate(children) if child.type == "then"), len(children))
        conditions = [child for child in children[1:then] if child.is_named]
        yield from self.block(conditions, depth + 1)
        rest = children[then + 1 :]
        first = next(
            (place for place, child in enumerate(rest) if child.type in ("elif_clause", "else_clause")),
            len(rest),
        )
        body = tuple(self.block([child for child in rest[:first] if child.is_named], depth + 1))
        clauses = [child for child in rest[first:] if child.is_named]
        other: Block = ()
        if clauses and depth < DEEPEST:
            if clauses[0].type == "else_clause":
                other = tuple(self.block(clauses[0].named_children, depth + 1))
            else:
                other = tuple(self._if([*clauses[0].children, *clauses[1:]], depth + 1))
        yield choice_of(self.words, conditions, body, other)

    def _case(self, node: Node, depth: int) -> Iterator[Statement]:
        value = node.child_by_field_name("value")
        items = [child for child in node.named_children if child.type == "case_item"]
        branches: list[Branch] = []
        if value is None:
            return
        yield from self._inside(value, depth)
        case = f"case {self.tree.text_of(value)}"
        for item in items:
            values = item.children_by_field_name("value")
            patterns = [pattern(self.words.word(word), glob=True) for word in values]
            bodies = [child for child in item.named_children if child not in values]
            known = tuple(text for text in patterns if text is not None)
            everything = "*" in known or len(known) < len(patterns)
            label = f"{case} in {' | '.join(map(self.tree.text_of, values))}"
            body = tuple(self.block(bodies, depth + 1))
            branches.append(Branch(label, None if everything else known, body))
        if all(branch.patterns is not None for branch in branches):
            branches.append(Branch(f"{case} is none of these", None, ()))
        condition = self.tree.cut(node.start_byte, items[0].start_byte) if items else case
        yield Choice(condition, tuple(branches), self.words.word(value))

    def _while(self, node: Node, depth: int) -> Iterator[Statement]:
        conditions = node.children_by_field_name("condition")
        body = node.child_by_field_name("body")
        yield from self.block([child for child in conditions if child.is_named], depth + 1)
        if body is not None:
            statements = tuple(self.block([body], depth + 1))
            head = self.tree.cut(node.start_byte, body.start_byte).strip()
            statements = (Loop("", (), statements, head),)
            yield Choice(head, (Branch(head, None, statements), Branch(f"never {head}", None, ())))

    def _for(self, node: Node, depth: int) -> Iterator[Statement]:
        name, body = node.child_by_field_name("variable"), node.child_by_field_name("body")
        if name is None or body is None:
            return
        values = node.children_by_field_name("value")
        for value in values:
            yield from self._inside(value, depth)
        words = tuple(parts for parts, _ in self.words.words(values))
        statements = tuple(self.block([body], depth + 1))
        yield Loop(
            self.tree.text_of(name),
            words,
            statements,
            self.tree.cut(node.start_byte, body.start_byte).strip(" \t\n;"),
        )
