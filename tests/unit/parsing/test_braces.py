"""braces: text is read into a tree, and every text that a choice stands for is a value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit import ArgvError
from accelkit.parsing.braces import DEEPEST, MOST_AXES, MOST_VALUES, Choice, parts_of, swept_writes
from accelkit.syntax.qemuopts import split


@given(st.text("ano=,", max_size=12))
def test_without_braces_the_writes_are_those_of_qemu(text: str) -> None:
    assert [(key, *values) for key, values in swept_writes(text, "accel")] == [
        (write.key, write.value) for write in split(text, "accel")
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("{a,b}", "a b"),
        ("{a,b}c", "ac bc"),
        ("x{1,2}y{3,4}", "x1y3 x1y4 x2y3 x2y4"),
        ("{a,{b,c}}", "a b c"),
        ("{{a,b},c}d", "ad bd cd"),
        ("{a,b{c,d}e}", "a bce bde"),
        ("{a=1,b}", "a=1 b"),
        ("{../a,b}", "../a b"),
        ("{a,b},,{c,d}", "a,c a,d b,c b,d"),
        ("a,,{b,c},,", "a,b, a,c,"),
    ],
)
def test_a_value_stands_for_what_a_shell_makes_of_it(text: str, values: str) -> None:
    assert swept_writes(f"tcg,x={text},y=z", "accel")[1].values == tuple(values.split())


def test_the_tree_is_of_literal_text_and_choices() -> None:
    assert parts_of("a={b,{c,d}e}") == ["a", "=", Choice((("b",), (Choice((("c",), ("d",))), "e")))]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("x={", "a brace has no partner at position 2"),
        ("x=}", "a brace has no partner at position 2"),
        ("x={a,{b}", "{b} has no alternatives; write b, or {a,b}"),
        ("x={a,b}}", "a brace has no partner at position 7"),
        ("x={}", "{} has no alternatives; write a value, or {a,b}"),
        ("x={a,}", "have an empty value"),
        ("x={,a}", "have an empty value"),
        ("x={{a,b}}", "{{a,b}} has no alternatives"),
        ("x={1..9}", "name each value, or write Python: tb_size(doubling(1, 9))"),
        ("x={..}", "tb_size(doubling(8, 64))"),
        ("{a,b}=1", "braces hold the values of a property"),
        ("tcg,{a,b}", "braces hold the values of a property"),
        ("tcg,no{a,b}", "braces hold the values of a property"),
        ("{tcg,x=1}", "braces hold values, not key=value"),
        *((f"x={{a,b}}{letter}", "has a meaning of its own in a shell") for letter in " \t\n'\"\\|()$`;&<>"),
        ("x=" + "{a," * (DEEPEST + 1) + "b" + "}" * (DEEPEST + 1), f"more than {DEEPEST} deep at position"),
        ("x=" + "{a,b}" * 17, f"more values than fit: at most {MOST_VALUES}"),
        ("x=" + "{a,b}" * 20_000, f"more values than fit: at most {MOST_VALUES}"),
        ("x={" + "a," * 5000 + "b}" + "c" * 5000, "of 6291456 characters together"),
        (",".join(["x={a,b}"] * (MOST_AXES + 1)), f"more than {MOST_AXES} properties have braces"),
        ("x={" + "9" * 5000, "a brace has no partner at position 2"),
        ("x={" + "9" * 5000 + "}", "has no alternatives"),
    ],
    ids=lambda text: repr(text)[:30],
)  # fmt: skip
def test_what_a_shell_reads_in_another_way_is_refused(text: str, fault: str) -> None:
    with pytest.raises(ArgvError) as refused:
        swept_writes(text, "accel")
    assert fault in str(refused.value)
    assert len(str(refused.value)) < 500
