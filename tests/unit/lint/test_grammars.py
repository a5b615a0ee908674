"""Syntax trees, and the places of their nodes in characters."""

from __future__ import annotations

import sys
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.lint import grammars
from accelkit.lint.grammars import GRAMMARS, SyntaxTree


@given(st.text(st.sampled_from("ab é漢\U0001f600\n"), max_size=700))
def test_every_character_has_the_line_and_column_that_an_editor_shows(text: str) -> None:
    tree = SyntaxTree(text, "shell")
    for place in range(len(text) + 1):
        before = text[:place]
        byte = len(before.encode())
        assert tree.place_at(byte) == (before.count("\n") + 1, place - before.rfind("\n"))
        assert tree.cut(0, byte) == before


@given(st.text(max_size=60), st.sampled_from(sorted(GRAMMARS)))
def test_any_text_has_a_tree_in_any_language(text: str, language: str) -> None:
    tree = SyntaxTree(text, language)
    assert tree.text_of(tree.root) == tree.cut(tree.root.start_byte, tree.root.end_byte)


@pytest.mark.parametrize("absent", ["tree_sitter", "tree_sitter_bash"])
def test_without_the_packages_the_extra_is_named(absent: str) -> None:
    grammars._parser.cache_clear()
    with mock.patch.dict(sys.modules, {absent: None}), pytest.raises(ImportError) as error:
        SyntaxTree("", "shell")
    assert f"lint needs {absent}, not installed here" in str(error.value)
    assert "pip install 'accelkit[lint]'" in str(error.value)
