"""Operands of ``|``: for each thing that is no recipe, from both sides, what to write instead."""

from __future__ import annotations

from typing import Any

import pytest

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


def test_a_numpy_array_lists_no_points() -> None:
    numpy = pytest.importorskip("numpy")
    huge: Any = tcg() | tb_size(each(*range(1000)))
    for value in (huge, tcg()):
        with pytest.raises(
            ComposeError, match=r"^… \| .*: got array\(\[0, 1, 2\]\) \(ndarray\); takes a recipe"
        ):
            numpy.arange(3) | value
