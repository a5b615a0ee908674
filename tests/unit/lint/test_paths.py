"""How many ways are followed, and which."""

from __future__ import annotations

import pytest

from accelkit.lint.expansion import Value
from accelkit.lint.paths import MOST_WAYS, Path, fewer, forks, narrow
from accelkit.lint.script import Branch, Choice, Text, Use

ONE, TWO = Value(((Text("1", 1, 1),),)), Value(((Text("2", 1, 1),),))


def test_paths_without_a_difference_are_one_and_forget_what_made_none() -> None:
    paths = [Path({"A": ONE}, {"x": "if x", "y": "if y"}), Path({"A": ONE}, {"x": "unless x", "y": "if y"})]
    (left,) = fewer(paths)
    assert left.chosen == {"y": "if y"}
    assert len(fewer([Path({"A": ONE}, {}), Path({"A": TWO}, {})])) == 2


def test_there_are_never_more_than_the_most() -> None:
    paths = [Path({"A": Value(())}, {}) for _ in range(100)]
    assert 1 < len(fewer(paths)) <= MOST_WAYS


@pytest.mark.parametrize(("count", "paths"), [(2, 3), (2, 16), (40, 1), (40, 16), (3, 0)])
def test_each_branch_is_taken_and_no_path_is_lost(count: int, paths: int) -> None:
    before = [Path({}, {"n": str(n)}) for n in range(paths)]
    taken = list(forks(count, before, 1))
    if paths:
        assert {place for place, _ in taken} == set(range(count))
        assert {id(path) for _, path in taken} == set(map(id, before))
    assert len(taken) <= max(MOST_WAYS, count)
    assert taken == list(forks(count, before, 1))


def test_a_branch_says_what_the_compared_variable_is() -> None:
    use = Use("A", "$A", 3, 4)
    path = Path({}, {})
    one = Branch("a", ("kvm",), ())
    narrow(Choice("case $A", (one,), (use,)), one, path)
    assert path.values == {"A": Value(((Text("kvm", 3, 4),),))}
    for patterns in (None, ("k*",), ("a", "b")):
        other = Path({}, {})
        narrow(Choice("c", (), (use,)), Branch("a", patterns, ()), other)
        assert other.values == {}


def test_a_copy_changes_nothing_of_the_first() -> None:
    path = Path({"A": ONE}, {"x": "if x"})
    copy = path.copy()
    copy.values["A"] = TWO
    copy.chosen["y"] = "if y"
    assert (path.values, path.chosen) == ({"A": ONE}, {"x": "if x"})
