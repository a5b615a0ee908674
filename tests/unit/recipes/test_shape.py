"""Shapes: what is rendered and in which order, that few are remembered, and who may import the speed-ups."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import accelkit
from accelkit import option, render, tb_size, tcg
from accelkit.recipes._shape import _MOST, _remembered, shape_of

ROOT = Path(accelkit.__file__).parent
TCG, KVM = frozenset({"tcg"}), frozenset({"kvm"})


def test_the_last_set_text_of_each_option_is_picked_in_the_order_of_the_manual() -> None:
    marks = (
        ("thread", True),
        ("accel", True),
        ("tb-size", True),
        ("thread", True),
        ("x", True),
        ("x", False),
    )
    picked = shape_of(marks, TCG).picked
    assert picked is not None
    assert picked(["first", "tcg", "size", "last", "x", ""]) == ("tcg", "size", "last")


def test_without_an_accelerator_nothing_is_picked() -> None:
    assert shape_of((("thread", True),), TCG).picked is None
    assert shape_of((("accel", True), ("accel", False)), None).picked is None


def test_joined_shapes_keep_the_accelerators_that_know_both() -> None:
    one, other = shape_of((("a", True),), TCG | KVM), shape_of((("b", True),), TCG)
    joined = one.join(other)
    assert joined is not None
    assert (joined.marks, joined.accels) == ((("a", True), ("b", True)), TCG)
    assert one.join(shape_of((("c", True),), None)).accels == TCG | KVM  # type: ignore[union-attr]
    assert other.join(shape_of((("d", True),), KVM)) is None


def test_shapes_that_are_remembered_stay_few_and_forgetting_changes_nothing() -> None:
    before = tcg() | tb_size(7) | option("k0", "v")
    for number in range(_MOST + 100):
        tcg() | option(f"k{number}", "v")
    assert len(tcg()._shape.joined) <= _MOST
    assert _remembered.cache_info().currsize <= _MOST
    after = tcg() | tb_size(7) | option("k0", "v")
    assert (after, hash(after), render(after)) == (before, hash(before), render(before))
    assert render(before | after) == render(before)


@pytest.mark.parametrize(("speed_up", "importer"), [("_shape", "recipe"), ("_compiled", "space")])
def test_one_module_alone_imports_a_speed_up(speed_up: str, importer: str) -> None:
    importers = [
        path.relative_to(ROOT).with_suffix("").as_posix()
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        and (str(node.module).endswith(f".{speed_up}") or speed_up in [alias.name for alias in node.names])
    ]
    assert importers == [f"recipes/{importer}"]
