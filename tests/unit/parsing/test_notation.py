"""sweep and evaluate: sweeps in QEMU's and in Python's notation, and what is refused."""

from __future__ import annotations

import ast
import builtins
import json
import keyword
from typing import Any

import pytest
from support.python_texts import RECIPES, REFUSED

import accelkit
from accelkit import (
    Fallback,
    Recipe,
    Space,
)
from accelkit.errors import AccelkitError, ComposeError
from accelkit.parsing.notation import NAMES, evaluate


def tried(text: str) -> Recipe[Any] | Fallback | Space[Any] | AccelkitError:
    """What ``text`` is, or the error that says why it is nothing."""
    try:
        return evaluate(text)
    except AccelkitError as refusal:
        return refusal


@pytest.mark.parametrize("text", RECIPES)
def test_a_recipe_is_what_python_makes_of_the_same_text(text: str) -> None:
    assert evaluate(text) == eval(text.strip(), vars(accelkit).copy())


@pytest.mark.parametrize("text", RECIPES)
def test_what_evaluate_gives_prints_as_text_that_it_reads_again(text: str) -> None:
    value = evaluate(text)
    assert evaluate(repr(value)) == value
    assert repr(evaluate(repr(value))) == repr(value)


@pytest.mark.parametrize(
    ("text", "kind"), [("kvm()", Recipe), ("first_of(kvm())", Fallback), ("each(kvm(), tcg())", Space)]
)
def test_recipes_fallbacks_and_spaces_are_read(text: str, kind: type[Any]) -> None:
    assert isinstance(evaluate(text), kind)


def test_the_names_are_accelkits_own_and_mean_the_same() -> None:
    for name, value in NAMES.items():
        if name == "Recipe":
            assert value() == accelkit.Recipe()
            continue
        meant = {"True": True, "False": False}.get(name, getattr(accelkit, name, None))
        assert value is meant, name
    words = {name for name in accelkit.__all__ if isinstance(getattr(accelkit, name), str | int)}
    rows = {
        row.name
        for table in (accelkit.ACCELERATORS, accelkit.PROPERTIES)
        for row in table.values()
    }  # fmt: skip
    composing = {"notify", "each", "doubling", "first_of", "option", "unset", "Recipe"}
    assert set(NAMES) == words | rows | composing | {"True", "False"}


@pytest.mark.parametrize("name", sorted({*dir(builtins), *keyword.kwlist} - NAMES.keys()))
def test_no_name_of_pythons_is_known(name: str) -> None:
    for text in (name, f"{name}()", f"kvm() | {name}", f"kvm() | device({name})"):
        with pytest.raises(AccelkitError):
            evaluate(text)


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_other_python_is_refused_with_a_compose_error_of_one_line(text: str) -> None:
    with pytest.raises(ComposeError) as refusal:
        evaluate(text)
    assert "\n" not in str(refusal.value)
    assert "accelkit.parsing" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kvm() | tb_sise(64)", "'tb_sise' is not an accelerator, property or word; did you mean 'tb_size'?"),
        ("qemu()", "'qemu' is not an accelerator, property or word; see accelkit explain"),
        ("kvm(", "'kvm(': '(' was never closed at column 4; write as in tcg() | tb_size(64)"),
        ("kvm().steps", "'kvm().steps' has no place in a recipe; it takes calls, '|', numbers and text"),
        ("kvm() | device('x' * 3)", "\"'x' * 3\": only whole numbers are multiplied; write 64 * MiB"),
        ("run()", "run is a word and is not called; leave the () out"),
        ("tb_size", "'tb_size' is not a recipe; begin with an accelerator, as in kvm() | …"),
    ],
)
def test_a_refusal_names_the_place_and_what_to_write(text: str, message: str) -> None:
    with pytest.raises(ComposeError) as refusal:
        evaluate(text)
    assert str(refusal.value) == message


def test_errors_of_the_combinators_come_through() -> None:
    with pytest.raises(accelkit.DomainError, match="tb_size: got -1"):
        evaluate("tcg() | tb_size(-1)")
    with pytest.raises(ComposeError, match=r"tb_size\(1\) is for tcg, not for kvm"):
        evaluate("kvm() | tb_size(1)")


DEEP = {
    "parentheses": "(" * 10_000 + "kvm()" + ")" * 10_000,
    "a few parentheses too many": "(" * 250 + "kvm()" + ")" * 250,
    "open parentheses": "(" * 100_000,
    "calls": "each(" * 150 + "1" + ")" * 150,
    "more calls": "each(" * 5_000 + "1" + ")" * 5_000,
    "pipes": "kvm()" + "|kvm()" * 20_000,
    "pipes for evaluate alone": "kvm()" + "|device('/dev/kvm')" * 950,
    "products": "tcg() | tb_size(1" + "*1" * 20_000 + ")",
    "signs": "-" * 20_000 + "1",
    "attributes": "kvm()" + ".a" * 20_000,
    "calls of calls": "kvm" + "()" * 20_000,
    "nots": "not " * 20_000 + "kvm()",
    "functions": "lambda:" * 5_000 + "kvm()",
    "strings": "kvm() | device(" + "'a'" * 20_000 + ")",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_deep_nesting_is_read_or_refused_in_a_line_and_never_overflows(text: str) -> None:
    value = tried(text)
    assert isinstance(value, Recipe | AccelkitError)
    assert "\n" not in str(value)


HUGE = {
    "a long number": "9" * 5_000,
    "a long hexadecimal number": "0x" + "f" * 100_000,
    "minus a long hexadecimal number": "-0x" + "f" * 100_000,
    "a long octal number": "0o" + "7" * 100_000,
    "a product": "*".join(["9" * 4_000] * 50),
    "an infinite float": "9e9999",
    "a long number as text": repr("9" * 5_000),
    "a long size as text": repr("9" * 5_000 + "EiB"),
    "a long fraction as text": repr("0." + "0" * 5_000 + "1EiB"),
    "doubling without end": "doubling(1, 0x8" + "0" * 100_000 + ")",
    "doubling from a long number": "doubling(0x1" + "0" * 100_000 + ", 0x2" + "0" * 100_000 + ")",
}


@pytest.mark.parametrize("number", HUGE.values(), ids=HUGE)
@pytest.mark.parametrize(
    "row", ["tb_size", "notify_window", "shadow_mem", "xen_version", "eager_split_size", "thread"]
)
def test_huge_numbers_are_refused_in_a_line_that_can_be_read(number: str, row: str) -> None:
    with pytest.raises(AccelkitError) as refusal:
        evaluate(f"{row}({number})")
    message = str(refusal.value)
    assert "\n" not in message
    assert "Exceeds the limit" not in message or number.isdecimal()  # Python's own words on a literal


def test_the_operators_of_a_recipe_are_two() -> None:
    taken = []
    for operator in [node() for node in ast.operator.__subclasses__()]:
        tree = ast.BinOp(ast.Constant(2), operator, ast.Constant(3))
        number = ast.unparse(ast.fix_missing_locations(ast.Expression(tree)))
        if isinstance(tried(f"tcg() | tb_size({number})"), Recipe):
            taken.append(type(operator).__name__)
    assert sorted(taken) == ["BitOr", "Mult"]


def test_json_is_refused_although_it_parses_as_python() -> None:
    for data in ({}, [], "kvm()", 1, [1, {"a": None}]):
        with pytest.raises(ComposeError):
            evaluate(json.dumps(data))


def test_a_number_of_any_size_that_an_option_takes_may_be_a_product() -> None:
    assert evaluate(
        "nitro() | enclave_cid(4294967295 * 4294967297)"
    ) == accelkit.nitro() | accelkit.enclave_cid((1 << 64) - 1)
