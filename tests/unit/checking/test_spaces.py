"""The verdict on a space: by its axes, as going through its points would say."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import fallback_spaces, spaces

from accelkit import (
    ComposeError,
    Recipe,
    SchemaError,
    bundled,
    check,
    each,
    first_of,
    hvf,
    kvm,
    multi,
    one_insn_per_tb,
    option,
    single,
    tb_size,
    tcg,
    thread,
    unset,
    verdict,
)
from accelkit.checking.problem import is_fatal
from accelkit.checking.spaces import judge_space
from accelkit.schemas.default import schema_for

SCHEMA = bundled("10.0")


@given(spaces() | fallback_spaces(), st.sampled_from(["5.2", "7.2", "10.0", "11.1"]))
def test_judging_by_axes_finds_what_judging_each_point_does(space: Any, version: str) -> None:
    schema = bundled(version)
    judged = judge_space(space, schema_for(None, schema))
    verdicts = [(point, verdict(point, schema)) for point in space]
    problems = {problem for _, one in verdicts for problem in one.problems}
    assert set(judged.problems) == problems
    for problem, of in judged.problems.items():
        holders = [point for point, one in verdicts if problem in one.problems]
        assert of.number == len(holders)
        assert list(of.examples) == holders[:3]
    assert judged.refused == sum(one.accepted is False for _, one in verdicts)
    assert judged.looked == judged.size == len(space)
    assert judged.accepted is verdict(space, schema).accepted is (judged.refused == 0)
    assert [is_fatal(problem) for problem in judged.problems] == sorted(map(is_fatal, problems), reverse=True)


def huge(axes: int) -> Any:
    space: Any = tcg() | tb_size(each(8, 64))
    for axis in range(axes):
        space = space | each(*(option(f"x{axis}", str(k)) for k in range(10)))
    return space


def test_a_space_that_nobody_could_go_through_is_judged_at_once() -> None:
    space = huge(30) | thread(each(single, multi))
    problems = check(space, SCHEMA)
    assert len(problems) == 300
    assert {of.number for of in problems.points} == {4 * 10**29}
    assert problems.looked == space.size
    assert str(problems).startswith(
        "✗ QEMU 10.0.13 (x86_64) refuses all 4,000,000,000,000,000,000,000,000,000,000 configurations\n"
    )


def test_the_points_that_are_refused_are_counted_though_several_axes_refuse() -> None:
    bad = [option(f"x{axis}", "1") for axis in range(8)]
    space = tcg()
    for step in bad:
        space = space | each(Recipe(), step)
    judged = judge_space(space, schema_for(None, SCHEMA))
    assert (judged.refused, judged.size, [of.number for of in judged.problems.values()]) == (
        255,
        256,
        [128] * 8,
    )


def test_an_axis_that_writes_what_another_has_written_hides_it() -> None:
    space = (
        tcg()
        | tb_size(each(8, 1 << 31))
        | each(tb_size(64), unset("x"), unset(tb_size))
        | thread(each(single, multi))
    )
    problems = check(space, SCHEMA)
    assert [(problem.value, of.number) for problem, of in zip(problems, problems.points, strict=True)] == [
        ("2147483648", 2)
    ]
    assert problems.points[0].examples[0] == space[8]


def test_fallbacks_are_gone_through_and_of_many_a_sample_is_judged() -> None:
    few = check(first_of(each(tcg(), tcg() | option("x", "1")), kvm(), each(hvf(), tcg())), SCHEMA)
    assert [(problem.kind, of.number) for problem, of in zip(few, few.points, strict=True)] == [
        ("refused", 2), ("ignored", 2), ("ignored", 1), ("ignored", 1),
    ]  # fmt: skip
    assert few.headline == "✗ QEMU 10.0.13 (x86_64) refuses 2 of 4 configurations"
    many = first_of(tcg() | tb_size(each(*range(1, 2001))) | option("x", "1"), kvm())
    problems = check(many, SCHEMA)
    assert problems.looked == 1000
    assert (
        problems.headline
        == "✗ QEMU 10.0.13 (x86_64) refuses all 1,000 that were looked at, of 2,000 configurations"
    )
    assert {of.number for of in problems.points} == {1000}


def test_some_points_are_judged_one_by_one() -> None:
    space = tcg() | each(*(option("x", str(k)) for k in range(3000))) | tb_size(each(1, 2))
    few = check(space[:4], SCHEMA)
    assert (few.looked, [of.number for of in few.points]) == (4, [2, 2])
    assert (
        check(space.sample(5, seed=1), SCHEMA).headline
        == "✗ QEMU 10.0.13 (x86_64) refuses all 5 configurations"
    )
    many = check(space[:2001], SCHEMA)
    assert (many.looked, many.points[1].examples[0]) == (667, space[3])
    assert verdict(space[:0], SCHEMA) == (True, ())


def test_a_point_without_an_accelerator_is_refused_as_its_recipe_is() -> None:
    for space in (tb_size(each(1, 2)), each(tcg(), tb_size(1)) | tb_size(each(1, 2))):
        with pytest.raises(ComposeError, match="chooses no accelerator; begin with one"):
            check(space, SCHEMA)


def test_a_space_wants_a_schema_as_a_recipe_does() -> None:
    with pytest.raises(SchemaError, match=r"check: got '10\.0'"):
        check(tcg() | tb_size(each(1, 2)), "10.0")  # pyright: ignore


def test_it_is_shown_with_how_many_and_an_example() -> None:
    space = tcg() | one_insn_per_tb(each(True, False)) | thread(each(single, multi))
    problems = check(space, bundled("7.2"))
    assert str(problems) == (
        "✗ QEMU 7.2.22 (x86_64) refuses all 4 configurations\n\n"
        "✗ refused  tcg,one-insn-per-tb=on: tcg of QEMU 7.2.22 (x86_64) has no property 'one-insn-per-tb'\n"
        "           -> take QEMU 8.1 or newer, or leave it out\n"
        "           in 2 of 4, such as tcg() | one_insn_per_tb(on) | thread(single)\n"
        "✗ refused  tcg,one-insn-per-tb=off: tcg of QEMU 7.2.22 (x86_64) has no property 'one-insn-per-tb'\n"
        "           -> take QEMU 8.1 or newer, or leave it out\n"
        "           in 2 of 4, such as tcg() | one_insn_per_tb(off) | thread(single)"
    )
    assert "configurations</th>" in problems._repr_html_()
    assert "in 2 of 4, such as tcg() | one_insn_per_tb(on) | thread(single)" in problems._repr_html_()
    again = pickle.loads(pickle.dumps(problems))
    assert (again, str(again), again.points) == (problems, str(problems), problems.points)
    assert "in all 2" in str(check(tcg() | option("x", "1") | tb_size(each(1, 2)), SCHEMA))
    assert (
        str(check(tcg() | tb_size(each(1, 2)), SCHEMA))
        == "✓ QEMU 10.0.13 (x86_64) takes each of 2 configurations"
    )


def test_a_text_that_writes_a_space_is_judged_as_the_space() -> None:
    text = "tcg,tb-size={8,2147483648},thread={single,both}"
    for same in (
        text,
        "tcg() | tb_size(each(8, 2147483648)) | each(thread(single), option('thread', 'both'))",
    ):
        problems = check(same, SCHEMA)
        assert problems.headline == "✗ QEMU 10.0.13 (x86_64) refuses 2 of 4 configurations"
        assert [of.number for of in problems.points] == [2, 2]
        assert verdict(same, SCHEMA).accepted is False
