"""Which of the commands of a list are run."""

from __future__ import annotations

from itertools import product

import pytest

from accelkit.lint.and_or import Link, and_or
from accelkit.lint.flow import follow
from accelkit.lint.script import Assign, Block, Branch, Choice, Run, Text, Use


def _assign(number: int) -> Block:
    return (Assign("A", ((Text(f"{number}", 1, 1),),)),)


def _choose(number: int, then: Block, other: Block) -> Choice:
    return Choice(f"{number}", (Branch("if", None, then), Branch("unless", None, other)))


def _links(operators: tuple[str, ...], sure: tuple[bool, ...]) -> list[Link]:
    return [
        Link(
            operator, _assign(number), lambda then, other, n=number: _choose(n, then, other), succeeds=is_sure
        )
        for number, (operator, is_sure) in enumerate(zip(("", *operators), sure, strict=True))
    ]


def _last(operators: tuple[str, ...], outcomes: tuple[bool, ...]) -> int:
    """The number of the last command that a shell runs, if each ends as ``outcomes`` says."""
    last, status = 0, outcomes[0]
    for number, operator in enumerate(operators, 1):
        if status == (operator == "&&"):
            last, status = number, outcomes[number]
    return last


@pytest.mark.parametrize("operators", [o for n in range(5) for o in product(("&&", "||"), repeat=n)])
def test_what_is_run_last_is_what_a_shell_runs_last(operators: tuple[str, ...]) -> None:
    for sure in product((False, True), repeat=len(operators) + 1):
        block = and_or(_links(operators, sure))
        use = Run(((Text("kvm", 1, 1),), (Use("A", "$A", 1, 5),)), 1, 1)
        found = {way.words[1][0].text for way in follow((*block, use))[0].ways}  # type: ignore[union-attr]
        every = product(*(((True,) if is_sure else (True, False)) for is_sure in sure))
        assert found == {f"{_last(operators, outcomes)}" for outcomes in every}


def test_a_long_list_takes_the_time_of_its_length() -> None:
    links = _links(("&&", "||") * 500, (False,) * 1001)
    assert len(and_or(links)) == 1001
