"""Problem and Verdict as values and as text."""

from __future__ import annotations

import pickle
from typing import get_args

import pytest
from support.check_cases import CASES

from accelkit import (
    Problem,
    Verdict,
    bundled,
    verdict,
)
from accelkit.checking.problem import KINDS, ProblemKind


def test_the_kinds_are_seven_and_listed_once() -> None:
    assert get_args(ProblemKind) == KINDS
    assert len(set(KINDS)) == 7
    assert {kind for _, _, kinds, _ in CASES for kind in kinds.split()} == set(KINDS) - {"unknown"}


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("host", "kvm", "rapl", "on", "why", "do"), "kvm,rapl=on: why; do"),
        (Problem("host", "kvm", "rapl", "", "why", "do"), "kvm,rapl=: why; do"),
        (Problem("host", "kvm", "rapl", None, "why", "do"), "kvm,rapl: why; do"),
        (Problem("host", "kvm", None, "norapl", "why", "do"), "kvm norapl: why; do"),
        (Problem("host", "kvm", None, None, "why", "do"), "kvm: why; do"),
        (Problem("host", None, "-machine x", "1", "why", "do"), "-machine x=1: why; do"),
        (Problem("host", None, None, "-x", "why", "do"), "-x: why; do"),
        (Problem("host", None, None, None, "why", "do"), "why; do"),
    ],
)
def test_the_text_of_a_problem_is_place_reason_and_remedy(problem: Problem, text: str) -> None:
    assert str(problem) == text
    assert pickle.loads(pickle.dumps(problem)) == problem
    assert eval(repr(problem)) == problem


def test_as_kind_changes_only_the_kind_and_the_reason() -> None:
    problem = Problem("refused", "kvm", "a", "b", "why", "do")
    assert problem.as_kind("host") == Problem("host", "kvm", "a", "b", "why", "do")
    assert problem.as_kind("host", "because") == Problem("host", "kvm", "a", "b", "because", "do")


def test_the_text_of_a_verdict_is_one_line_of_fatal_problems() -> None:
    assert str(verdict("kvm,norapl", bundled("10.0"))) == "accept"
    assert str(verdict("-accel tcg,thread=a,thread=b -x", bundled("10.0"))) == (
        "reject\t-x: QEMU 10.0.13 (x86_64) has no such option; see qemu -help; leave it out"
        " | tcg,thread=a: a is not a thread setting; write single or multi"
        " | tcg,thread=b: b is not a thread setting; write single or multi"
    )
    assert str(Verdict(True, ())) == "accept"
