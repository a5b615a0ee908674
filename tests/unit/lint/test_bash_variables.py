"""What assignments of a shell give to its variables."""

from __future__ import annotations

import pytest

from accelkit.lint.bash_variables import assignment, declaration
from accelkit.lint.bash_words import Words
from accelkit.lint.grammars import SyntaxTree
from accelkit.lint.script import UNASSIGNED, Assign, Forget, Statement, text_of


def made(text: str) -> list[Statement]:
    tree = SyntaxTree(text, "shell")
    (node,) = tree.root.named_children
    read = declaration if node.type == "declaration_command" else assignment
    return list(read(Words(tree), node))


@pytest.mark.parametrize(
    ("text", "words", "array", "append", "local"),
    [
        ("A=x", ["x"], False, False, False),
        ("A=", [""], False, False, False),
        ("A+=x", ["x"], False, True, False),
        ("A=(x 'y z')", ["x", "y z"], True, False, False),
        ("A+=(x)", ["x"], True, True, False),
        ("A=(x{1,2})", ["x1", "x2"], True, False, False),
        ("export A=x", ["x"], False, False, False),
        ("local A=x", ["x"], False, False, True),
        ("local A", [], False, False, True),
    ],
)
def test_a_variable_gets_these_words(
    text: str, words: list[str], array: bool, append: bool, local: bool
) -> None:
    (assign,) = made(text)
    assert isinstance(assign, Assign)
    assert [text_of(word) for word in assign.words] == words
    assert assign[:1] + assign[2:] == ("A", array, append, local)


@pytest.mark.parametrize(
    ("text", "names"),
    [("A[1]=x", ("A",)), ("A=([k]=v)", ("A",)), ("export $(cat .env)", (UNASSIGNED,))],
)
def test_what_cannot_be_followed_is_forgotten(text: str, names: tuple[str, ...]) -> None:
    assert made(text) == [Forget(names)]


def test_a_reference_is_not_followed() -> None:
    assert made("declare -n A=B")[-1] == Forget(("A",))
