"""The pieces of a shell's words."""

from __future__ import annotations

import pytest

from accelkit.lint.bash_words import Words
from accelkit.lint.grammars import SyntaxTree
from accelkit.lint.script import Parts, Text, Use


def word(text: str) -> Parts:
    tree = SyntaxTree(f"x {text}", "shell")
    command = tree.root.named_children[0]
    nodes = command.children_by_field_name("argument")
    return Words(tree).words(nodes)[0][0]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("a", [("a", 3)]),
        ("'a b'", [("a b", 4)]),
        ('"a b"', [("a b", 4)]),
        (r"a\ b", [("a", 3), (" ", 4), ("b", 6)]),
        (r'"a\"\$\x"', [("a", 4), ('"', 5), ("$", 7), (r"\x", 9)]),
        ("$'a\\n'", [("a\n", 3)]),
        ("''", [("", 4)]),
        ('""', [("", 3)]),
        ("a'b'\"c\"", [("a", 3), ("b", 5), ("c", 8)]),
    ],
)
def test_fixed_text_is_unquoted_and_keeps_its_place(text: str, pieces: list[tuple[str, int]]) -> None:
    parts = word(text)
    assert all(isinstance(piece, Text) for piece in parts)
    found = [(piece.text, piece.column) for piece in parts if isinstance(piece, Text)]
    assert [piece for piece in found if piece[0] or text in ("''", '""')] == pieces


@pytest.mark.parametrize(
    ("text", "name", "splits", "every", "element"),
    [
        ("$A", "A", True, False, 0),
        ('"$A"', "A", False, False, 0),
        ("${A}", "A", True, False, 0),
        ("$1", "@", True, False, 0),
        ("${12}", "@", True, False, 11),
        ('"$@"', "@", False, True, 0),
        ('"${a[@]}"', "a", False, True, 0),
        ("${a[*]}", "a", True, True, 0),
        ('"${a[2]}"', "a", False, False, 2),
        ('"$*"', "", False, True, 0),
        ("$0", "", True, False, -1),
        ("$#", "", True, False, 0),
        ("${A%.*}", "", True, False, 0),
        ("${#A}", "", True, False, 0),
        ("${!A}", "", True, False, 0),
        ("$(nproc)", "", True, False, 0),
        ('"`nproc`"', "", False, False, 0),
        ("$((1+2))", "", False, False, 0),
        ("${A:?no}", "A", True, False, 0),
    ],
)
def test_a_use_says_which_value_goes_there(
    text: str, name: str, splits: bool, every: bool, element: int
) -> None:
    (use,) = [piece for piece in word(text) if isinstance(piece, Use)]
    assert (use.name, use.splits, use.every, use.element) == (name, splits, every, element)
    assert use.written == text.strip('"')


@pytest.mark.parametrize("operator", [":-", "-", ":=", "="])
def test_what_stands_for_no_value(operator: str) -> None:
    (use,) = word(f"${{A{operator}kvm,$B}}")
    assert isinstance(use, Use)
    assert use.name == "A"
    assert use.otherwise is not None
    assert [p.name if isinstance(p, Use) else p.text for p in use.otherwise] == ["kvm,", "B"]


def test_what_stands_for_a_value() -> None:
    (use,) = word('${a[@]+"${a[@]}"}')
    assert isinstance(use, Use)
    assert use.instead is not None
    assert [piece.name for piece in use.instead if isinstance(piece, Use)] == ["a"]


def test_uses_in_uses_of_any_depth_are_one_unknown_value() -> None:
    (use,) = word("${a:-" * 500 + "}" * 500)
    assert isinstance(use, Use)
    assert use.name == ""
