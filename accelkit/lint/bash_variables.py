"""What the assignments and declarations of a shell script give to its variables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from accelkit.lint.bash_words import Words
from accelkit.lint.script import UNASSIGNED, Assign, Forget, Statement, Text

if TYPE_CHECKING:
    from tree_sitter import Node

_LOCAL: Final = frozenset({"local", "declare", "typeset"})


def assignment(words: Words, node: Node, *, local: bool = False) -> Iterator[Statement]:
    """What ``A=x``, ``A+=x``, ``A=(x y)`` and ``A[1]=x`` do."""
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None:
        return
    if name.type == "subscript":  # one element of an array
        inner = name.child_by_field_name("name")
        yield Forget((words.tree.text_of(inner),) if inner is not None else ())
        return
    append = words.tree.code[name.end_byte : name.end_byte + 1] == b"+"
    text = words.tree.text_of(name)
    if value is None:
        yield Assign(text, ((),), append=append, local=local)
    elif value.type != "array":
        yield Assign(text, (words.word(value),), append=append, local=local)
    else:
        elements = tuple(parts for parts, _ in words.words(value.named_children))
        firsts = (parts[0] for parts in elements if parts)
        if any(isinstance(first, Text) and first.text.startswith("[") for first in firsts):
            yield Forget((text,))  # [key]=value
        else:
            yield Assign(text, elements, array=True, append=append, local=local)


def declaration(words: Words, node: Node) -> Iterator[Statement]:
    """What ``local``, ``declare``, ``export`` and ``readonly`` do."""
    local = node.children[0].type in _LOCAL
    options = [words.tree.text_of(child) for child in node.named_children if child.type == "word"]
    reference = any(option.startswith("-") and "n" in option for option in options)
    for child in node.named_children:
        if child.type == "variable_assignment":
            yield from assignment(words, child, local=local)
        if child.type == "variable_name" and (local or reference):
            yield Assign(words.tree.text_of(child), (), local=True)
        if reference and child.type == "variable_assignment":
            yield Forget((words.tree.text_of(child.named_children[0]),))
        if child.type == "command_substitution":  # export $(cat .env)
            yield Forget((UNASSIGNED,))
