"""Which branch known values lead to."""

from __future__ import annotations

import pytest

from accelkit.lint.bash import bash_statements
from accelkit.lint.deciding import branch_of
from accelkit.lint.expansion import Value
from accelkit.lint.script import Choice, Text

VALUES = {"A": Value(((Text("kvm", 1, 1),),)), "N": None}


def taken(condition: str) -> str | None:
    (choice,) = bash_statements(f"if {condition}; then B=1; fi")
    assert isinstance(choice, Choice)
    number = branch_of(choice, VALUES.get)
    return None if number is None else choice.branches[number].label.partition(" ")[0]


@pytest.mark.parametrize(
    ("condition", "label"),
    [
        ("[ $A = kvm ]", "if"),
        ("[ $A = tcg ]", "unless"),
        ("[ $A != tcg ]", "if"),
        ("! [ $A = kvm ]", "unless"),
        ("[ $N = kvm ]", None),
        ("[[ $A == k* ]]", "if"),
        ("[ $A = kvm ] && [ -n $A ]", "if"),
        ("[ $A = kvm ] && [ -z $A ]", "unless"),
        ("[ $A = kvm ] && x", None),
        ("[ $A = tcg ] && x", "unless"),
        ("[ $A = kvm ] || x", "if"),
        ("x || [ $A = kvm ]", "if"),
        ("x || [ $N = kvm ]", None),
        ("x && y", None),
        (" && ".join(["[ $A = kvm ]"] * 3000), None),
    ],
)
def test_a_condition_holds_as_far_as_values_are_known(condition: str, label: str | None) -> None:
    assert taken(condition) == label
