"""What type checkers must infer, and what they must refuse. Checked by pyright, never run.

A ``pyright: ignore`` marks a line that must be an error: one that stops being an error is itself an
error (reportUnnecessaryTypeIgnoreComment). ``assert_type`` compares the inferred type exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, assert_type

from accelkit import (
    Each,
    Fallback,
    MiB,
    OptionMap,
    Points,
    Property,
    Recipe,
    Schema,
    Space,
    Verdict,
    bundled,
    check,
    device,
    diff,
    dirty_ring_size,
    doubling,
    each,
    explain,
    first_of,
    fold,
    kernel_irqchip,
    kvm,
    notify,
    on,
    option,
    parse,
    probe,
    rapl,
    recipe_of,
    recipes_of,
    render,
    run,
    shadow_mem,
    shell,
    split,
    ssd,
    tb_size,
    tcg,
    thread,
    unset,
    verdict,
    whpx,
)
from accelkit.checking.shown import Problems
from accelkit.explain.explanation import Explanation
from accelkit.recipes.table import Hvf, Kvm, Tcg, Whpx
from accelkit.schemas.schema import Difference


def recipes_are_for_their_accelerators() -> None:
    assert_type(kvm(), Recipe[Kvm])
    assert_type(tcg(), Recipe[Tcg])
    assert_type(shadow_mem(64 * MiB), Recipe[Kvm])
    assert_type(shadow_mem("64MiB"), Recipe[Kvm])
    assert_type(tb_size(64), Recipe[Tcg])
    assert_type(thread("single"), Recipe[Tcg])
    assert_type(rapl(True), Recipe[Kvm])
    assert_type(rapl(on), Recipe[Kvm])
    assert_type(kernel_irqchip(split), Recipe[Kvm | Whpx | Hvf])
    assert_type(notify(run, window=1000), Recipe[Kvm])
    assert_type(notify(run), Recipe[Kvm])
    assert_type(unset(tb_size), Recipe[Tcg])
    assert_type(unset(notify), Recipe[Kvm])
    assert_type(option("x-new", "1"), Recipe[Any])


def then_keeps_the_accelerator() -> None:
    assert_type(kvm() | shadow_mem(1 * MiB) | rapl(True), Recipe[Kvm])
    assert_type(tcg() | tb_size(64) | thread("multi"), Recipe[Tcg])
    assert_type(kvm() | kernel_irqchip(split), Recipe[Kvm])
    assert_type(whpx() | kernel_irqchip(on) | ssd("auto"), Recipe[Whpx])
    assert_type(kvm() | unset(shadow_mem), Recipe[Kvm])


def a_recipe_for_several_is_one_for_each(shared: Recipe[Kvm | Whpx], only: Recipe[Kvm]) -> None:
    for_kvm: Recipe[Kvm] = shared
    for_whpx: Recipe[Whpx] = shared
    assert_type(kvm() | shared, Recipe[Kvm])
    assert_type(whpx() | shared, Recipe[Whpx])
    both: Recipe[Kvm | Whpx] = only  # pyright: ignore[reportAssignmentType]
    print(for_kvm, for_whpx, both)


def foreign_accelerators_and_properties_are_refused() -> None:
    kvm() | tcg()  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    kvm() | tb_size(1)  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    tb_size(1) | kvm()  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    tcg() | kernel_irqchip(split)  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    tcg() | notify(run)  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    shadow_mem(1 * MiB) | thread("single")  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    kvm() | ssd("on")  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    kvm() | unset(tb_size)  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    kvm() | tb_size(each(1, 2))  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    for_tcg: Recipe[Tcg] = shadow_mem(1 * MiB)  # pyright: ignore[reportAssignmentType]
    print(for_tcg)


def other_operands_are_refused() -> None:
    kvm() | 5  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    kvm() | None  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    kvm() | {"a": "1"}  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    kvm() | OptionMap()  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    "kvm" | tb_size(1)  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]


def values_of_another_type_are_refused() -> None:
    tb_size(1.5)  # pyright: ignore[reportCallIssue, reportArgumentType]
    tb_size(None)  # pyright: ignore[reportCallIssue, reportArgumentType]
    tb_size()  # pyright: ignore[reportCallIssue]
    tb_size(1, 2)  # pyright: ignore[reportCallIssue]
    thread(5)  # pyright: ignore[reportCallIssue, reportArgumentType]
    rapl(1)  # pyright: ignore[reportCallIssue, reportArgumentType]
    device(b"/dev/kvm")  # pyright: ignore[reportCallIssue, reportArgumentType]
    dirty_ring_size(1.0)  # pyright: ignore[reportCallIssue, reportArgumentType]
    tb_size(each(1.5, 2.5))  # pyright: ignore[reportCallIssue, reportArgumentType]
    notify(run, window=1.5)  # pyright: ignore[reportCallIssue, reportArgumentType]
    notify(5)  # pyright: ignore[reportCallIssue, reportArgumentType]
    kvm("fast")  # pyright: ignore[reportCallIssue]
    option("x", 5)  # pyright: ignore[reportArgumentType]
    OptionMap({"tb-size": 64})  # pyright: ignore[reportArgumentType]


def sweeps_are_spaces() -> None:
    assert_type(each(32, 256), Each[int])
    assert_type(each("single", "multi"), Each[str])
    assert_type(doubling(32, 256), Each[int])
    assert_type(each([32, 256]), Each[int])
    assert_type(each(range(8)), Each[int])
    assert_type(each(["single", "multi"]), Each[str])
    assert_type(each([kvm(), kvm()]), Space[Kvm])
    assert_type(tb_size(each([32, 256])), Space[Tcg])
    assert_type(tb_size(doubling("8MiB", "1GiB")), Space[Tcg])
    assert_type(thread(each(["single", "multi"])), Space[Tcg])
    assert_type(tb_size(each(32, 256)), Space[Tcg])
    assert_type(tb_size(doubling(32, 256)), Space[Tcg])
    assert_type(tb_size(each(32, "1GiB")), Space[Tcg])
    assert_type(thread(each("single", "multi")), Space[Tcg])
    assert_type(kernel_irqchip(each(on, split)), Space[Kvm | Whpx | Hvf])
    assert_type(notify(each("run", "disable")), Space[Kvm])
    assert_type(notify("run", window=each(0, 1000)), Space[Kvm])
    assert_type(notify(each("run", "disable"), each(0, 1000)), Space[Kvm])


def a_recipe_then_a_space_is_a_space() -> None:
    space = tcg() | tb_size(each(1, 2))
    assert_type(space, Space[Tcg])
    assert_type(space | thread("single"), Space[Tcg])
    assert_type(space | thread(each("single", "multi")), Space[Tcg])
    assert_type(tb_size(each(1, 2)) | tcg(), Space[Tcg])
    assert_type(each(kvm() | rapl(True), kvm()), Space[Kvm])
    assert_type(each(kvm(), kvm() | rapl(True)) | shadow_mem(each(1, 2)), Space[Kvm])
    assert_type(len(space), int)
    assert_type(space.size, int)
    assert_type(space[1:], Points)
    assert_type(space.sample(2, seed=1), Points)
    assert_type(space.argvs(), Iterator[list[str]])
    assert_type(space[1:].argvs(), Iterator[list[str]])
    space | shadow_mem(1 * MiB)  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    shadow_mem(1 * MiB) | space  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    space | 5  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    space["one"]  # pyright: ignore[reportCallIssue, reportArgumentType]


def fallbacks_hold_recipes() -> None:
    assert_type(first_of(kvm(), tcg() | tb_size(256)), Fallback)
    assert_type(first_of(first_of(kvm(), tcg()), tcg()), Fallback)
    assert_type(first_of(kvm(), tcg() | tb_size(each(1, 2))), Space[Any])
    first_of(kvm, tcg)  # pyright: ignore[reportCallIssue, reportArgumentType]
    first_of(5)  # pyright: ignore[reportCallIssue, reportArgumentType]
    for alternative in first_of(kvm(), tcg()):
        assert_type(alternative, Recipe[Any])


def maps_and_argv_are_text() -> None:
    assert_type(fold(tcg()), OptionMap)
    assert_type(fold(tcg())["accel"], str)
    assert_type(tcg()(OptionMap()), OptionMap)
    assert_type(render(tcg()), list[str])
    assert_type(render(first_of(kvm(), tcg())), list[str])
    assert_type(render(parse("kvm")), list[str])
    assert_type(shell(tcg()), str)
    assert_type(parse("kvm"), tuple[OptionMap, ...])
    assert_type(parse(["-accel", "kvm"]), tuple[OptionMap, ...])
    assert_type(recipe_of(OptionMap()), Recipe[Any])
    assert_type(recipes_of(parse("kvm")), Recipe[Any] | Fallback)
    assert_type(tb_size.read(fold(tcg())), int | None)
    assert_type(tb_size.read(tcg()), int | None)
    assert_type(tb_size.read({"tb-size": "64"}), int | None)
    assert_type(fold(tcg()).typed(), dict[str, bool | int | str])
    assert_type(tcg()({}), OptionMap)
    assert_type(OptionMap() | {"tb-size": "64"}, OptionMap)
    assert_type(recipe_of("kvm"), Recipe[Any])
    assert_type(recipe_of({"accel": "kvm", "shadow_mem": "64MiB"}), Recipe[Any])
    assert_type(rapl.read(fold(kvm())), bool | None)
    assert_type(thread.read(fold(tcg())), str | None)
    render(tcg() | tb_size(each(1, 2)))  # pyright: ignore[reportArgumentType]
    render(5)  # pyright: ignore[reportArgumentType]
    fold(tcg() | tb_size(each(1, 2)))  # pyright: ignore[reportArgumentType]
    tcg()({"tb-size": 64})  # pyright: ignore[reportArgumentType]
    tcg()(kvm())  # pyright: ignore[reportArgumentType]
    parse(5)  # pyright: ignore[reportArgumentType]


def checking_takes_recipes_and_lines(schema: Schema) -> None:
    assert_type(check(tcg(), schema), Problems)
    assert_type(check("-machine q35,accel=kvm", schema), Problems)
    assert_type(check(["-accel", "kvm"], schema), Problems)
    assert_type(check(parse("kvm"), schema), Problems)
    assert_type(verdict(first_of(kvm(), tcg()), schema), Verdict)
    assert_type(verdict("kvm", schema).accepted, bool | None)
    assert_type(bundled("10.0"), Schema)
    assert_type(bundled((10, 0), target="aarch64"), Schema)
    assert_type(probe(), Schema)
    assert_type(probe(["chroot", "/root5", "qemu-system-x86_64"]), Schema)
    assert_type(diff(schema, schema), Difference)
    assert_type(explain(tb_size), Explanation)
    check(5, schema)  # pyright: ignore[reportArgumentType]
    assert_type(check(tcg() | tb_size(each(1, 2)), schema), Problems)
    check(tcg())
    bundled(5.2)  # pyright: ignore[reportArgumentType]


def rows_can_be_handed_round(rows: Sequence[Property[int, Tcg]]) -> None:
    for row in [*rows, tb_size]:
        assert_type(row(64), Recipe[Tcg])
        assert_type(row.name, str)
    tb_size.unknown  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    tcg().steps = ()  # pyright: ignore[reportAttributeAccessIssue]
