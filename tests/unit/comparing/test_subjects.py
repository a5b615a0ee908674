"""What diff takes, and its answer to everything else."""

from __future__ import annotations

from typing import Any

import pytest

from accelkit import (
    ArgvError,
    ComposeError,
    OptionMap,
    SchemaError,
    bundled,
    diff,
    each,
    first_of,
    fold,
    kvm,
    parse,
    tb_size,
    tcg,
)  # fmt: skip

QEMU = bundled("10.0")


@pytest.mark.parametrize(
    "form",
    [
        tcg() | tb_size(64), fold(tcg() | tb_size(64)), parse("-accel tcg,tb-size=64"), [fold(tcg() | tb_size(64))],
        "tcg,tb-size=64", "tcg() | tb_size(64)", "$ sudo qemu-system-x86_64 -m 1G -accel tcg,tb-size=64",
        {"accel": "tcg", "tb-size": "64"}, [{"accel": "tcg", "tb-size": "64"}],
        ["-accel", "tcg,tb-size=64"], ("qemu-kvm", "-accel", "tcg,tb-size=0x40"),
    ],
    ids=repr,
)  # fmt: skip
def test_a_recipe_in_each_of_its_forms_is_taken(form: Any) -> None:
    assert [change.key for change in diff(form, tcg())] == ["tb-size"]
    assert next(change.key for change in diff(first_of(kvm(), tcg()), form)) == "accel"


def test_a_command_without_an_accelerator_sets_nothing() -> None:
    assert [change.kind for change in diff("qemu-kvm -m 1G", "kvm")] == ["added"]


@pytest.mark.parametrize(
    ("old", "new", "error", "words"),
    [
        (QEMU, kvm(), ComposeError, ("diff: got a schema (QEMU 10.0.13 (x86_64)) and a recipe (kvm()); takes two recipes, or "
         "texts of them, or two schemas; for what that QEMU says of the recipe write check(kvm(), schema)")),
        ("kvm", QEMU, ComposeError, "diff: got a schema (QEMU 10.0.13 (x86_64)) and a text ('kvm'); takes two recipes"),
        (QEMU, 3, ComposeError, "diff: got a schema (QEMU 10.0.13 (x86_64)) and a value of type int (3); takes two"),
        (3, kvm(), ComposeError, "diff: got 3 (int); takes two recipes, or texts of them, or two schemas"),
        (kvm(), None, ComposeError, "diff: got None (NoneType); takes two recipes"),
        (kvm(), [], ComposeError, "diff: got [] (list); takes two recipes"),
        (kvm(), ["kvm", OptionMap()], ComposeError, "diff: got ['kvm', OptionMap({})] (list); takes two recipes"),
        (tcg() | tb_size(each(1, 2)), kvm(), ComposeError, "of a space give two points, as in diff(space[0], space[1])"),
        ("tcg,tb-size={1,2}", "tcg", ComposeError, "holds 2 configurations"),
        ("7.2", QEMU, SchemaError, "diff: got '7.2' for a schema; write bundled('7.2'), or probe() for the QEMU that is installed"),
        ("7.2", "10.0", SchemaError, "diff: got '7.2' for a schema; write bundled('7.2')"),
        ("bogus", "kvm", ArgvError, "-accel bogus: no QEMU has this accelerator"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_words(old: Any, new: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error) as caught:
        diff(old, new)
    assert words in str(caught.value)
