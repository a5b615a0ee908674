"""Reading a property: from a recipe, a map, a dict, one of them alone; several and others are refused in words."""

from __future__ import annotations

from typing import Any

import pytest

from accelkit import (
    ComposeError,
    DomainError,
    OptionMap,
    each,
    first_of,
    kvm,
    parse,
    rapl,
    recipe_of,
    shadow_mem,
    tb_size,
    tcg,
    thread,
)

RECIPE = tcg() | tb_size("1GiB") | thread("multi")


@pytest.mark.parametrize(
    "x",
    [
        RECIPE,
        OptionMap({"accel": "tcg", "tb-size": "0x400"}),
        {"tb-size": "1024"},
        first_of(RECIPE),
        parse("tcg,tb-size=1024"),
        [RECIPE],
        tcg() | tb_size(8) | RECIPE,
    ],
    ids=repr,
)
def test_a_property_is_read_from_what_has_one_value_of_it(x: Any) -> None:
    assert tb_size.read(x) == 1024


def test_a_value_has_its_python_type_and_none_is_no_value() -> None:
    assert (rapl.read(kvm() | rapl("yes")), rapl.read(kvm())) == (True, None)
    assert shadow_mem.read(kvm() | shadow_mem("64MiB")) == 64 << 20
    assert thread.read(RECIPE) == "multi"
    with pytest.raises(DomainError, match="tb-size: got 'x'; takes 0 to"):
        tb_size.read({"tb-size": "x"})


@pytest.mark.parametrize(
    ("x", "says"),
    [
        (first_of(kvm(), RECIPE), "tb_size.read: got 2 alternatives; write [tb_size.read(part) for part in fallback]"),
        (parse("-accel kvm -accel tcg"), "tb_size.read: got 2 alternatives; write [tb_size.read(part) for part in maps]"),
        (tcg() | tb_size(each(1, 2)), "tb_size.read: a space has many points; write [tb_size.read(point) for point in space]"),
        ("tcg,tb-size=64", "tb_size.read: got 'tcg,tb-size=64'; takes a recipe or an option map; of text write tb_size.read(recipe_of('tcg,tb-size=64'))"),
        (5, "tb_size.read: got 5; takes a recipe or an option map"),
        (None, "tb_size.read: got None; takes a recipe or an option map"),
        ([5], "tb_size.read: got [5]; takes a recipe or an option map"),
    ],
)  # fmt: skip
def test_what_has_no_one_value_is_refused_with_what_to_write(x: Any, says: str) -> None:
    with pytest.raises(ComposeError) as caught:
        tb_size.read(x)
    assert str(caught.value) == says


def test_what_the_messages_offer_reads() -> None:
    fallback, maps, space = (
        first_of(kvm(), RECIPE),
        parse("-accel kvm -accel tcg"),
        tcg() | tb_size(each(1, 2)),
    )
    assert [tb_size.read(part) for part in fallback] == [None, 1024]
    assert [tb_size.read(part) for part in maps] == [None, None]
    assert [tb_size.read(point) for point in space] == [1, 2]
    assert tb_size.read(recipe_of("tcg,tb-size=64")) == 64
