"""evaluate: reads recipes and nothing else of Python, so that text from anywhere is safe."""

from __future__ import annotations

import ast
import builtins
import difflib  # what errors import on the way, so that the watch below sees evaluate itself
import json
import keyword
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.strategies import fallback_spaces, fallbacks, recipes, spaces

import accelkit
from accelkit import Fallback, Recipe, Space
from accelkit.errors import AccelkitError, ComposeError
from accelkit.parsing.notation import NAMES, evaluate

assert difflib


def tried(text: str) -> Recipe[Any] | Fallback | Space[Any] | AccelkitError:
    """What ``text`` is, or the error that says why it is nothing."""
    try:
        return evaluate(text)
    except AccelkitError as refusal:
        return refusal


RECIPES = [
    "kvm()",
    "kvm() | shadow_mem(64 * MiB)",
    "kvm() | shadow_mem('64MiB') | kernel_irqchip(split) | notify(run, window=1000)",
    "tcg() | tb_size(64) | thread(single) | split_wx(True)",
    "kvm() | shadow_mem(-1)",
    "kvm() | xen_version(0x40011)",
    "tcg() | option('x-new', 'a,b') | unset(tb_size) | unset('x-new')",
    "first_of(kvm(), tcg() | tb_size(256))",
    "tcg() | tb_size(each(32, 256)) | thread(each(single, multi))",
    "tcg() | tb_size(doubling(32, 256))",
    "each(kvm(), tcg() | tb_size(each(32, 256)))",
    "first_of(kvm(), tcg() | tb_size(each(32, 256)))",
    "kvm() | notify(each(run, disable), window=each(1, 2))",
    "  (\n  kvm()\n  | dirty_ring_size(4096)  # entries\n)  ",
]


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


REFUSED = {
    "an attribute": "kvm().__class__",
    "an attribute of text": "device('{0.__class__}'.format(kvm))",
    "a method": "kvm() | device('a'.upper())",
    "a subscript": "each(1, 2)[0]",
    "a power": "tcg() | tb_size(9**9**9)",
    "a shift": "tcg() | tb_size(1 << 99999999)",
    "a sum": "tcg() | tb_size(1 + 1)",
    "a division": "tcg() | tb_size(4 // 2)",
    "a product of text": "kvm() | device('x' * 999999999)",
    "a product of True": "tcg() | tb_size(True * 2)",
    "a product of floats": "tcg() | tb_size(1.5 * 2)",
    "a product of recipes": "kvm() * 2",
    "a comparison": "kvm() == kvm()",
    "and": "kvm() and tcg()",
    "or": "kvm() or tcg()",
    "not": "not kvm()",
    "an inversion": "tcg() | tb_size(~1)",
    "a sign before a name": "tcg() | tb_size(-MiB)",
    "a conditional": "kvm() if True else tcg()",
    "a function": "(lambda: kvm())()",
    "a comprehension": "each(*[tb_size(n) for n in (1, 2)])",
    "a generator": "first_of(kvm() for _ in 'ab')",
    "an assignment": "(x := kvm())",
    "a list": "render([kvm()])",
    "a tuple": "(kvm(), tcg())",
    "a dict": "each({1: 2})",
    "a set": "each({1})",
    "a starred argument": "each(*'ab')",
    "unpacked keywords": "notify(**{'mode': run})",
    "an f-string": "kvm() | device(f'{kvm}')",
    "bytes": "kvm() | device(b'/dev/kvm')",
    "None": "unset(None)",
    "an ellipsis": "kvm() | ...",
    "a complex number": "tcg() | tb_size(1j)",
    "await": "await kvm()",
    "yield": "(yield kvm())",
    "an import": "__import__('os').system('true')",
    "a statement": "import os",
    "two expressions": "kvm(); tcg()",
    "a call of a call": "kvm()()",
    "a call of a word": "run()",
    "an accelerator that is not called": "kvm",
    "a property without a value": "kvm() | shadow_mem",
    "a number": "1",
    "text": "'kvm'",
    "values": "each(1, 2)",
    "nothing": "",
    "a comment": "# kvm()",
    "a NUL": "kvm()\0",
    "half a character": "kvm() | device('\udcff",
    "an argument too many": "kvm(1)",
    "an argument too few": "kvm() | tb_size()",
    "an argument of another name": "tcg() | tb_size(value=1)",
    "an argument twice": "notify(run, mode=run)",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_whatever_is_no_recipe_is_refused_as_a_compose_error_of_one_line(text: str) -> None:
    with pytest.raises(ComposeError) as refusal:
        evaluate(text)
    assert "\n" not in str(refusal.value)
    assert "accelkit.parsing.notation" not in str(refusal.value)


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


def test_what_the_combinators_raise_comes_through() -> None:
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


@pytest.fixture(scope="module")
def effects() -> Iterator[list[str]]:
    """What is done to the system while the list is empty: files, processes, sockets, imports, code."""
    seen: list[str] = []
    watching = True

    def watch(event: str, _: tuple[object, ...]) -> None:
        if watching and event.startswith(
            ("open", "os.", "subprocess.", "socket.", "import", "exec", "shutil.")
        ):
            seen.append(event)

    sys.addaudithook(watch)  # stays for the process: Python has no way to take it back
    yield seen
    watching = False


@pytest.mark.parametrize("text", [*RECIPES, *REFUSED.values()])
def test_evaluate_has_no_effect_on_the_system(text: str, effects: list[str]) -> None:
    tried(text)  # something may still be imported for its error
    effects.clear()
    tried(text)
    assert effects == []


def test_the_watch_for_effects_sees_them(effects: list[str]) -> None:
    effects.clear()
    with open("/dev/null", "rb"):
        pass
    assert "open" in effects


# Random expressions, of what recipes are made of and of what they are not.

leaves = st.one_of(
    st.sampled_from([*NAMES]),
    st.sampled_from(
        ["open", "x", "__import__", "None", "...", "''", "'64MiB'", "1.5", "1j", "b''", "f'{kvm}'"]
    ),
    st.integers(-(2**70), 2**70).map(str),
    st.text(max_size=5).map(repr),
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arguments = st.lists(inner, max_size=3).map(", ".join)
    return st.one_of(
        st.tuples(st.sampled_from([*NAMES]), arguments).map("{0[0]}({0[1]})".format),
        st.tuples(inner, st.sampled_from(["|"] * 6 + ["*", "**", "+", "or", "==", "is", ","]), inner).map(
            "({0[0]} {0[1]} {0[2]})".format
        ),
        st.tuples(inner, st.sampled_from([".steps", "()", "[0]", "(window=1)", "(*'a')"])).map("".join),
        st.tuples(st.sampled_from(["-", "~", "not ", "await ", "*"]), inner).map("".join),
    )


expressions = st.recursive(leaves, grown, max_leaves=12)


@given(expressions)
@settings(max_examples=300)
@example("notify(notify)")
@example("each(each)")
@example("first_of(each(1))")
def test_any_expression_is_a_recipe_or_an_error_of_accelkits(text: str) -> None:
    value = tried(text)
    assert isinstance(value, Recipe | Fallback | Space | AccelkitError)
    assert "\n" not in str(value)


@given(st.text())
@example("'\\N{")
@example("\\")
@example("\f")
@example("1_000__0")
def test_any_text_is_a_recipe_or_an_error_of_accelkits(text: str) -> None:
    value = tried(text)
    assert isinstance(value, Recipe | Fallback | Space | AccelkitError)
    assert "\n" not in str(value)


@given(recipes() | fallbacks() | spaces() | fallback_spaces())
def test_whatever_accelkit_prints_evaluate_reads_as_python_does(value: Any) -> None:
    text = repr(value)
    assert evaluate(text) == value
    assert eval(text, vars(accelkit).copy()) == value
    assert repr(evaluate(text)) == text


def test_the_operators_of_a_recipe_are_two() -> None:
    taken = []
    for operator in [node() for node in ast.operator.__subclasses__()]:
        tree = ast.BinOp(ast.Constant(2), operator, ast.Constant(3))
        number = ast.unparse(ast.fix_missing_locations(ast.Expression(tree)))
        if isinstance(tried(f"tcg() | tb_size({number})"), Recipe):
            taken.append(type(operator).__name__)
    assert sorted(taken) == ["BitOr", "Mult"]


def test_json_and_other_text_that_parses_as_python_is_no_recipe() -> None:
    for data in ({}, [], "kvm()", 1, [1, {"a": None}]):
        with pytest.raises(ComposeError):
            evaluate(json.dumps(data))


# ---- however much of it there is ----


@pytest.mark.parametrize(
    "text",
    [
        "tcg() | tb_size(each(" + ", ".join(["*".join(["9" * 4000] * 60)] * 100) + "))",
        "tcg() | tb_size(" + "*".join(["9" * 4000] * 2) + ")",
        "tcg() | tb_size(" + "*".join(["1"] * 200_000) + ")",
        " | ".join(["tcg()"] + ["thread(single)"] * 100_000),
        "tcg() | tb_size(" + "(" * 100_000 + "1" + ")" * 100_000 + ")",
        "tcg() | tb_size(each(" + ", ".join(map(str, range(100_000))) + ", 1))",
        "tcg() | tb_size(each(" + "9" * 4000 + ", 1))",
        "x" * 1_000_000 + "()",
        "x" * 1_000_000 + "(",
        "tcg(" + "x" * 1_000_000 + "=1)",
        "tcg() | device('" + "x" * 1_000_000 + "')",
    ],
    ids=lambda text: text[:40],
)
def test_megabytes_are_refused_within_seconds_and_in_few_words(text: str) -> None:
    began = time.perf_counter()
    refusal = tried(text)
    assert isinstance(refusal, AccelkitError)
    assert len(str(refusal)) < 1000
    assert time.perf_counter() - began < 10  # of which a busy host takes most


def test_a_number_of_any_size_that_an_option_takes_may_be_a_product() -> None:
    assert evaluate(
        "nitro() | enclave_cid(4294967295 * 4294967297)"
    ) == accelkit.nitro() | accelkit.enclave_cid((1 << 64) - 1)
