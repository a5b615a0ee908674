"""Space: length, samples, points without an accelerator, and errors when it is composed."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

import pytest

from accelkit import (
    ComposeError,
    DomainError,
    OptionMap,
    Recipe,
    each,
    first_of,
    kvm,
    on,
    option,
    rapl,
    tb_size,
    tcg,
    thread,
)


def test_a_space_is_a_sequence_to_those_that_ask_for_one() -> None:
    space = tcg() | tb_size(each(1, 2, 4, 8))
    assert isinstance(space, Sequence)
    assert random.Random(1).choice(space) in space
    assert len(set(random.Random(1).sample(space, 3))) == 3
    assert list(reversed(space)) == list(space)[::-1]
    with pytest.raises(
        ComposeError,
        match=r"do not change; for random order write space.sample\(len\(space\)\), for a list that changes list\(space\)$",
    ):
        random.shuffle(space)  # pyright: ignore
    assert sorted(space.sample(len(space)).numbers) == [0, 1, 2, 3]


def test_a_huge_space_is_a_sequence_too() -> None:
    space: Any = tcg()
    for axis in range(70):
        space = space | each(option(f"x{axis}", "0"), option(f"x{axis}", "1"))
    assert next(reversed(space)) == space[-1]
    assert space[-1] in space
    assert space.index(space[1 << 65]) == 1 << 65


def test_an_index_begins_and_ends_where_it_is_told() -> None:
    space = tcg() | tb_size(each(1, 2, 4))
    assert space.index(space[1], 1) == space.index(space[1], 0, 2) == space.index(space[1], -2) == 1
    for start, stop in ((2, None), (0, 1)):
        with pytest.raises(
            DomainError, match=r"^index: tcg\(\) \| tb_size\(2\) is not among these points of tcg"
        ):
            space.index(space[1], start, stop)
    step = option("x", "0")
    twice = each(Recipe(), step) | each(Recipe(), step)
    assert [twice.index(step), twice.index(step, 2), list(twice).index(step, 2)] == [1, 2, 2]
    with pytest.raises(ValueError, match="is not among these points"):
        twice.index(step, 3)


def test_samples_differ_from_seed_to_seed() -> None:
    space = tcg() | tb_size(each(*range(1000)))
    assert len({space.sample(5, seed).numbers for seed in range(20)}) == 20


@pytest.mark.parametrize(
    "write",
    [
        lambda: first_of(each(kvm(), tb_size(1)), tcg()),
        lambda: first_of(tcg(), each(kvm() | rapl(on), rapl(on))),
        lambda: each(first_of(kvm(), tcg()), kvm()) | rapl(on),
        lambda: kvm() | each(first_of(kvm(), tcg()), kvm()),
        lambda: each(kvm(), each(tcg(), kvm() | rapl(on))) | rapl(each(on, "off")),
    ],
    ids=range(5),
)
def test_a_mistake_in_a_later_choice_is_refused_when_it_is_composed(write: Any) -> None:
    with pytest.raises(ComposeError):
        write()


def test_a_space_too_long_for_len_names_its_number_of_points() -> None:
    space: Any = tcg()
    for axis in range(70):
        space = space | each(option(f"x{axis}", "0"), option(f"x{axis}", "1"))
    assert space.size == 1 << 70
    with pytest.raises(OverflowError, match=rf"^{1 << 70} points are too many for len\(\); read space.size$"):
        len(space)
    sample = space.sample(50, seed=3)
    assert len(set(sample.numbers)) == 50
    assert sample.numbers == space.sample(50, seed=3).numbers
    assert sample.numbers != space.sample(50, seed=4).numbers
    assert max(sample.numbers) >= 1 << 60


def test_a_space_without_an_accelerator_has_points_but_no_argv() -> None:
    space = tb_size(each(1, 2)) | thread(each("single", "multi"))
    assert len(space) == 4
    assert space[3] == tb_size(2) | thread("multi")
    with pytest.raises(ComposeError, match="chooses no accelerator"):
        list(space.argvs())


def test_a_notebook_shows_the_code_and_the_number_of_points() -> None:
    shown: list[str] = []

    class Printer:
        text = shown.append

    for value in (tcg(), first_of(kvm(), tcg()), tcg() | tb_size(each(1, 2))):
        value._repr_pretty_(Printer(), False)
    assert shown == ["tcg()", "first_of(kvm(), tcg())", "tcg() | tb_size(each(1, 2))  # 2 points"]


@pytest.mark.parametrize("operand", [5, None, "kvm", {}, OptionMap(), [tcg()]], ids=repr)
def test_other_operands_are_refused(operand: Any) -> None:
    for value in (tcg(), tcg() | tb_size(each(1, 2))):
        with pytest.raises(ComposeError, match=rf"^{re.escape(repr(value))} \| …: got ") as right:
            value | operand
        with pytest.raises(ComposeError, match=rf"^… \| {re.escape(repr(value))}: got ") as left:
            operand | value
        assert str(right.value).partition(": got ")[2] == str(left.value).partition(": got ")[2]
        assert value != operand
