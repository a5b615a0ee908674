"""What only a shell knows is neither accepted nor refused."""

from __future__ import annotations

import pytest

from accelkit import bundled
from accelkit.checking.judge import judge
from accelkit.checking.variables import variable_in
from accelkit.parsing.reader import read_words

X = ("$X",)


@pytest.mark.parametrize(
    ("words", "accepted", "kinds"),
    [
        ("-accel tcg,tb-size=$X,thread=multi", None, "unknown"),
        ("-accel $X", None, "unknown"),
        ("-machine accel=$X", None, "unknown"),
        ("-machine $X -accel kvm", None, "unknown"),
        ("-machine q35,$X -accel kvm", None, "unknown"),
        ("-machine q35,kernel_irqchip=$X -accel kvm", None, "unknown"),
        ("-accel kvm,$X", None, "unknown"),
        ("-accel kvm -cpu $X", None, "unknown"),
        ("-accel tcg -icount $X", None, "unknown"),
        ("-accel kvm -device $X", None, "unknown"),
        ("-accel kvm -global $X", None, "unknown"),
        ("-accel kvm $X", None, "unknown"),
        ("-accel kvm -$X", None, "unknown"),
        ("-accel kvm,id=$X", None, "unknown"),
        ("-accel kvm -m $X -drive file=$X -name $X", True, ""),  # nothing that is judged
        ("-accel tcg,thread=both,tb-size=$X", False, "refused unknown"),
        ("-accel tcg,tb-size=$X -nosuch", False, "refused unknown"),
        ("-accel $X -accel foo", None, "unknown"),
        ("-accel $X -accel tcg", None, "unknown"),
    ],
)
def test_the_value_of_a_variable_decides(words: str, accepted: bool | None, kinds: str) -> None:
    verdict = judge(read_words(words.split(), X), bundled("10.0"))
    assert verdict.accepted is accepted
    assert [problem.kind for problem in verdict.problems] == kinds.split()


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("$X", "a shell variable"),
        ("${{ matrix.accel }}", "an expression of the workflow"),
        ("${X:-kvm}", "a shell variable"),
        ("%i", "a variable"),
        ("$(X)", "a variable"),
    ],
)
def test_the_problem_names_the_variable(name: str, what: str) -> None:
    (problem,) = judge(read_words(["-accel", f"tcg,tb-size={name}"], (name,)), bundled("10.0")).problems
    assert str(problem) == f"tcg,tb-size={name}: {name} is {what}; its value decides"


def test_a_text_has_the_first_variable() -> None:
    assert variable_in("a$Bc", ["$A", "$B"]) == "$B"
    assert variable_in(None, ["$A"]) is None
