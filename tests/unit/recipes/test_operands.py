"""Operands of ``|``: for each thing that is no recipe, from both sides, what to write instead."""

from __future__ import annotations

from typing import Any

import pytest
from support.tools import module

import accelkit
from accelkit import (
    ComposeError,
    OptionMap,
    Recipe,
    each,
    fold,
    kvm,
    notify,
    option,
    recipe_of,
    run,
    tb_size,
    tcg,
)

SPACE = tcg() | tb_size(each(1, 2, 3))
NAMES = {name: getattr(accelkit, name) for name in accelkit.__all__}

#: What stands beside a recipe, and what the message offers.
REFUSED: list[tuple[Any, str]] = [
    (None, 'got None; for "nothing" write Recipe(), as in kvm() | (notify(run) if noisy else Recipe())'),
    ({"shadow_mem": "64MiB"}, "got {'shadow_mem': '64MiB'} (dict); of option names and values write recipe_of({'shadow_mem': '64MiB'})"),
    ([tb_size(1)], "got [tb_size(1)] (list); join recipes with |, as in tcg() | tb_size(64); to try one after the other write each(*recipes)"),
    ((tb_size(1),), "got (tb_size(1),) (tuple); join recipes with |, as in tcg() | tb_size(64); to try one after the other write each(*recipes)"),
    ("kvm", "got 'kvm' (str); text is no recipe; call it by its name: kvm()"),
    ("tb-size=64", "got 'tb-size=64' (str); write the property, as in tb_size(64); one that accelkit lacks is option('tb-size', '64')"),
    ("kvm,rapl=on", "got 'kvm,rapl=on' (str); text is read by recipe_of('kvm,kernel-irqchip=split')"),
    ("-accel kvm", "got '-accel kvm' (str); text is read by recipe_of('kvm,kernel-irqchip=split')"),
    (each, "got each (function); call it: each(…)"),
    (notify, "got notify (function); call it: notify(…)"),
    (Recipe, "got Recipe (type); call it: Recipe()"),
    (SPACE[1:], "got <2 of the 3 points of tcg() | tb_size(each(1, 2, 3))> (Points); some points of a space are many recipes; write each(*points)"),
    (OptionMap({"accel": "kvm"}), "got OptionMap({'accel': 'kvm'}) (OptionMap); to run a recipe on an option map call it, recipe(options); of the map itself write recipe_of(options)"),
    (5, "got 5 (int); takes a recipe, as in tcg() | tb_size(64)"),
    ({"a"}, "got {'a'} (set); takes a recipe, as in tcg() | tb_size(64)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("operand", "says"), REFUSED, ids=[type(operand).__name__ + says[4:20] for operand, says in REFUSED]
)
@pytest.mark.parametrize("value", [kvm(), SPACE], ids=["recipe", "space"])
def test_each_operand_is_answered_with_what_to_write(value: Any, operand: Any, says: str) -> None:
    with pytest.raises(ComposeError) as right:
        value | operand
    with pytest.raises(ComposeError) as left:
        operand | value
    assert str(right.value) == f"{value!r} | …: {says}"
    assert str(left.value) == f"… | {value!r}: {says}"


@pytest.mark.parametrize("name", ["kvm", "tb_size"])
def test_a_row_that_is_not_called_says_so_on_both_sides(name: str) -> None:
    for value in (kvm(), SPACE):
        for join in (lambda: value | NAMES[name], lambda: NAMES[name] | value):  # noqa: B023  # called at once
            with pytest.raises(
                ComposeError,
                match=rf"{name}( \| …)?: (call the accelerator first|the property needs a value)",
            ):
                join()


def test_what_the_messages_offer_is_code_that_runs() -> None:
    for noisy in (True, False):
        names = {**NAMES, "noisy": noisy}
        assert eval("kvm() | (notify(run) if noisy else Recipe())", names) == (
            kvm() | notify(run) if noisy else kvm()
        )
    assert kvm() | recipe_of({"shadow_mem": "64MiB"}) == kvm() | accelkit.shadow_mem("64MiB")
    assert fold(tcg() | option("tb-size", "64")) == fold(tcg() | tb_size(64))
    assert list(each(*SPACE[1:])) == list(SPACE[1:])
    assert recipe_of("kvm,kernel-irqchip=split") == kvm() | accelkit.kernel_irqchip("split")


FIRST_GUESSES = [
    ("kvm(shadow_mem='64MiB')", "kvm(shadow_mem='64MiB'): an accelerator takes nothing; join its properties: kvm() | shadow_mem('64MiB')"),
    ("tcg(64)", "tcg(64): an accelerator takes nothing; join its properties: tcg() | tb_size(64)"),
    ("kvm() + rapl(True)", "recipes are joined with |; write kvm() | rapl(on)"),
    ("kvm() & rapl(True)", "recipes are joined with |; write kvm() | rapl(on)"),
    ("kvm() >> rapl(True)", "recipes are joined with |; write kvm() | rapl(on)"),
    ("kvm()(rapl(True))", "a recipe takes an option map, got Recipe; to join recipes write a | b"),
    ("render('kvm')", "render takes a recipe, option map or first_of(…), got str; of text write recipe_of('kvm')"),
    ("fold('kvm')", "fold takes one recipe, got str; write fold(recipe_of('kvm'))"),
    ("first_of('kvm', 'tcg')", "first_of takes recipes, got 'kvm'; of text write recipe_of('kvm')"),
    ("first_of({kvm(), tcg()})", "a set has no order; write first_of(*sorted(…))"),
    ("recipe_of(5)", "recipe_of: got 5; takes text, as in recipe_of('kvm'), or a mapping"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "says"), FIRST_GUESSES)
def test_a_first_guess_is_answered_with_what_to_write(code: str, says: str) -> None:
    with pytest.raises(ComposeError) as caught:
        eval(code, dict(NAMES))
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("name", "write"),
    [("argv", "render(recipe)"), ("render", "render(recipe)"), ("shell", "shell(recipe)"), ("options", "fold(recipe)"),
     ("json", 'f"{recipe:json}"'), ("check", "check(recipe)"), ("accel", 'fold(recipe)["accel"]'), ("code", "repr(recipe)")],
)  # fmt: skip
def test_what_is_no_attribute_is_named_with_the_function_that_gives_it(name: str, write: str) -> None:
    recipe = kvm() | notify(run)
    with pytest.raises(AttributeError) as caught:
        getattr(recipe, name)
    assert str(caught.value) == f"a recipe has no attribute {name!r}; write {write}"
    assert eval(write, {**NAMES, "recipe": recipe}) is not None
    assert not hasattr(recipe, name)


def test_a_property_is_no_attribute() -> None:
    with pytest.raises(
        AttributeError, match=r"no attribute 'shadow_mem'; a property is read as in tb_size.read\(recipe\)"
    ):
        kvm().shadow_mem  # pyright: ignore


def test_what_is_a_recipe_already_is_itself() -> None:
    recipe, fallback = kvm() | notify(run), accelkit.first_of(kvm(), tcg())
    assert recipe_of(recipe) is accelkit.recipes_of(recipe) is recipe
    assert accelkit.recipes_of(fallback) is fallback
    assert recipe_of(accelkit.parse("kvm")) == kvm()
    assert accelkit.first_of([kvm(), tcg()]) == fallback


def test_a_numpy_array_lists_no_points() -> None:
    numpy: Any = module("numpy")
    huge: Any = tcg() | tb_size(each(*range(1000)))
    for value in (huge, tcg()):
        with pytest.raises(
            ComposeError, match=r"^… \| .*: got array\(\[0, 1, 2\]\) \(ndarray\); takes a recipe"
        ):
            numpy.arange(3) | value
