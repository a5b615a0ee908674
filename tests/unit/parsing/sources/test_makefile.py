"""Makefiles: rules, conditions, recipes."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.makefile import read
from accelkit.parsing.sources.places import Source


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A = -m 1G # c\nx:\n\tkvm $(A) ${A} $(B)\n", "kvm -m 1G -m 1G $(B)"),
        ("x: y\n\t-@kvm -m $$M $@ $^ \n", "kvm -m $M $@ $^"),
        ("A = $(B)\nB = 1G\nx:\n\tkvm -m $(A)\n", "kvm -m 1G"),
        ("A := $(B)\nB = 1G\nx:\n\tkvm -m $(A)\n", "kvm -m $(B)"),
        ("A ?= 1G\nA ?= 2G\nx:\n\tkvm -m $(A)\n", "kvm -m 1G"),
        ("A = -m\nA += 1G\nx:\n\tkvm $(A)\n", "kvm -m 1G"),
        ("ifdef Y\nA = 1G\nelse\nA = 2G\nendif\nx:\n\tkvm -m $(A)\n", "kvm -m $(A)"),
        ("define A\n-m 1G\nendef\nx:\n\tkvm -m $(A)\n", "kvm -m $(A)"),
        ("x: A = 1G\nx:\n\tkvm -m $(A)\n", "kvm -m $(A)"),
        ("A = $(A)\nx:\n\tkvm -m $(A)\n", "kvm -m $(A)"),
        ("K=k\nA := 1\nx:\n\tcd /; kvm -kernel $K/a\n", "kvm -kernel k/a"),
        ("A := 1\nx:\n\tkvm -m $(shell free -m | head)\n", "kvm -m $(shell␣free␣-m␣|␣head)"),
    ],
)
def test_words(text: str, words: str) -> None:
    (command,) = read(Source(text))
    assert command.argv == tuple(word.replace("␣", " ") for word in words.split())


def test_a_word_of_a_variable_stands_where_it_is_set() -> None:
    (command,) = read(Source("A := -m 1G\nx:\n\tkvm $(A) -smp 2\n"))
    assert [word[1:] for word in command.words] == [(3, 2), (1, 6), (1, 9), (3, 11), (3, 16)]


def test_a_recipe_whose_tabs_a_page_has_made_blanks_is_read() -> None:
    assert read(Source("A := 1G\nx:\n    kvm -m $(A)\n"))[0].argv == ("kvm", "-m", "1G")


def test_each_line_has_a_shell_of_its_own() -> None:
    (command,) = read(Source("A := 1\nx:\n\tM=1G\n\tkvm -m $$M\n"))
    assert command.variables == ("$M",)
