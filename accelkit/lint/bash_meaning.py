"""What some commands of a shell mean: comparisons with fixed text, and builtins that change variables."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import TYPE_CHECKING, Final

from accelkit.lint.bash_words import Words
from accelkit.lint.grammars import SyntaxTree
from accelkit.lint.script import (
    ARGUMENTS,
    UNASSIGNED,
    Assign,
    Block,
    Branch,
    Choice,
    Compared,
    Condition,
    End,
    Forget,
    Joined,
    Parts,
    Statement,
    Text,
)
from accelkit.parsing.sources.programs import NAMES_QEMU

if TYPE_CHECKING:
    from tree_sitter import Node

_NAME: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)

#: Commands that are of interest whatever their name is; a name that is plain; those of the shell itself.
_COUNTS: Final = re.compile(rb"%s|^\s*[$\"'({]|\n" % NAMES_QEMU.pattern.encode(), re.IGNORECASE)
_NAMES_QEMU: Final = re.compile(NAMES_QEMU.pattern.encode(), re.IGNORECASE)
_ASSIGNED: Final = re.compile(rb"(?<![\w$])([A-Za-z_]\w*)\+?=([^\n]*)")
_DEEPEST_CONDITION: Final = 20
_MOST_HOLDERS: Final = 256
_FIRST: Final = re.compile(rb"[\w.:/+-]+(?![^\s])")
_SPECIAL: Final = frozenset(
    b"read mapfile readarray getopts printf exit return shift set : . source break continue".split()
)
#: Commands that never fail, or behind which the list does not go on.
_SUCCEEDS: Final = re.compile(
    r"(?:echo|printf|true|:|break|continue|exit|return|export|local|declare|readonly)(?!\S)"
)
_ASSIGNS: Final = frozenset(
    "variable_assignment variable_assignments declaration_command unset_command".split()
)
_SUBSTITUTION: Final = re.compile(r"\$\([^(]|`")


def condition_of(words: Words, nodes: Sequence[Node], depth: int = 0) -> Condition | None:
    """What a condition compares; None for one that only running can tell."""
    if len(nodes) != 1 or depth > _DEEPEST_CONDITION:
        return None
    (node,) = nodes
    if node.type == "negated_command":
        inner = condition_of(words, node.named_children, depth + 1)
        return inner._replace(unlike=not inner.unlike) if isinstance(inner, Compared) else None
    if node.type in ("list", "binary_expression") and len(node.children) == 3:
        operator = words.tree.text_of(node.children[1])
        if operator in ("&&", "||"):
            left, right = (condition_of(words, [node.children[at]], depth + 1) for at in (0, 2))
            return None if left is right is None else Joined(operator, left, right)
    text_of = words.tree.text_of
    if node.type == "test_command" and len(node.named_children) == 1:
        (inner_node,) = node.named_children
        inner = condition_of(words, [inner_node], depth + 1) if text_of(node).startswith("[[") else None
        if isinstance(inner, Joined):
            return inner
        return _comparison(words, inner_node.children, glob=text_of(node).startswith("[["))
    if node.type == "command" and text_of(node).startswith("test "):
        return _comparison(words, node.children_by_field_name("argument"), glob=False)
    if node.type in ("unary_expression", "binary_expression"):  # a part of [[ … && … ]]
        return _comparison(words, node.children, glob=True)
    return None


def _comparison(words: Words, nodes: Sequence[Node], *, glob: bool) -> Compared | None:
    text_of = words.tree.text_of
    if any(node.type.endswith("_expression") for node in nodes):  # [ a = b -a -n c ]
        return None
    if len(nodes) == 2 and text_of(nodes[0]) in ("-z", "-n"):
        return Compared(words.word(nodes[1]), "", text_of(nodes[0]) == "-n")
    if len(nodes) != 3 or (operator := text_of(nodes[1])) not in ("=", "==", "!="):
        return None
    right = pattern(words.word(nodes[2]), glob=glob)
    return None if right is None else Compared(words.word(nodes[0]), right, operator == "!=")


def succeeds(tree: SyntaxTree, node: Node) -> bool:
    """Whether a command always succeeds: one that assigns what no command prints, says something, or goes elsewhere.

    >>> tree = SyntaxTree("A=1; A=$(ls); echo x; ls; { ls; A=1; }", "shell")
    >>> [succeeds(tree, node) for node in tree.root.named_children]
    [True, False, True, False, True]
    """
    while node.type in ("compound_statement", "redirected_statement") and node.named_children:
        node = node.named_children[-1 if node.type == "compound_statement" else 0]
    if node.type == "command":
        return _SUCCEEDS.match(tree.text_of(node)) is not None
    return node.type in _ASSIGNS and _SUBSTITUTION.search(tree.text_of(node)) is None


def choice_of(words: Words, conditions: Sequence[Node], then: Block, otherwise: Block) -> Choice:
    """What a condition decides: ``then`` where it holds, ``otherwise`` where it does not."""
    written = " ".join(map(words.tree.text_of, conditions))
    found = condition_of(words, conditions)
    if not isinstance(found, Compared):
        branches = (Branch(f"if {written}", None, then), Branch(f"unless {written}", None, otherwise))
        return Choice(written, branches, test=found)
    yes, no = (
        Branch(f"if {written}", (found.pattern,), then),
        Branch(f"unless {written}", None, otherwise),
    )
    if found.unlike:
        yes, no = no._replace(patterns=(found.pattern,)), yes._replace(patterns=None)
    return Choice(written, (yes, no), found.subject)


def pattern(parts: Parts, *, glob: bool) -> str | None:
    """A word of fixed text as a pattern of fnmatch; None where a variable is in it."""
    made = ""
    for piece in parts:
        if not isinstance(piece, Text):
            return None
        made += piece.text if glob and not piece.quoted else re.sub(r"([*?[])", r"[\1]", piece.text)
    return made


def special(words: Sequence[Parts]) -> list[Statement] | None:
    """What a command of the shell itself does to the script's variables; None for any other command."""
    texts = ["".join(piece.text if isinstance(piece, Text) else "$" for piece in parts) for parts in words]
    match texts:
        case ["read" | "mapfile" | "readarray" | "getopts" | "printf", *names]:
            if texts[0] == "printf" and names[:1] != ["-v"]:
                return None
            return [Forget(tuple(name for name in names if _NAME.fullmatch(name)))]
        case ["exit", *_]:
            return [End()]
        case ["return", *_]:
            return [End("function")]
        case ["break" | "continue", *_]:
            return [End("turn")]
        case ["shift", *_]:
            return [Forget((ARGUMENTS,))]
        case ["." | "source", *_]:
            return [Forget((UNASSIGNED,))]
        case ["set", "--", *_]:
            return [Assign(ARGUMENTS, tuple(words[2:]), array=True)]
        case [":", *_]:
            uses = (parts[0] for parts in words[1:] if len(parts) == 1)
            return [
                Assign(use.name, ((use,),))
                for use in uses
                if not isinstance(use, Text) and use.otherwise is not None and use.name
            ]
        case _:
            return None


def holders(code: bytes) -> re.Pattern[bytes]:
    r"""Finds the use of a variable that may hold a command of QEMU, and that of arguments.

    >>> [holders(b"A=qemu-kvm\nB=$A\nC=ls").search(use) is not None for use in (b"$A", b"${B}", b"$C", b"$@")]
    [True, True, False, True]
    """
    names: set[bytes] = set()
    assigned = _ASSIGNED.findall(code)
    while True:
        uses = re.compile(
            rb"\$\{?(?:" + b"|".join([b"[@*1-9]", *(name + rb"\b" for name in sorted(names))]) + b")"
        )
        new = {
            name
            for name, value in assigned
            if name not in names and (_NAMES_QEMU.search(value) or uses.search(value))
        }
        if not new or len(names) > _MOST_HOLDERS:
            return uses
        names |= new


def counts(code: bytes, functions: Container[bytes], holders: re.Pattern[bytes]) -> bool:
    """Whether a command may start a QEMU, or change a variable; most of a long script does neither.

    >>> [
    ...     counts(code, {b"start_vm"}, holders(b""))
    ...     for code in (b"rm log", b"sudo qemu-kvm", b"start_vm x", b'exec "$@"')
    ... ]
    [False, True, True, True]
    """
    if _COUNTS.search(code) is not None or holders.search(code) is not None:
        return True
    first = _FIRST.match(code)
    return first is None or first[0] in _SPECIAL or first[0] in functions
