"""Compiled sweeps: the argv of every kind of space are those of rendering each point, from few prepared pieces."""

from __future__ import annotations

import sys
import tracemalloc
from itertools import islice
from typing import Any

import pytest

from accelkit import (
    ComposeError,
    Put,
    Recipe,
    Space,
    each,
    first_of,
    kvm,
    multi,
    notify_window,
    off,
    on,
    one_insn_per_tb,
    option,
    rapl,
    render,
    shadow_mem,
    single,
    split_wx,
    tb_size,
    tcg,
    thread,
    unset,
)
from accelkit.recipes import _compiled
from accelkit.recipes._compiled import compiled_argv

LARGE = tb_size(each(*range(700)))
TWO = thread(each(single, multi))

SPACES = [
    tcg() | tb_size(each(1, 2)),
    kvm() | rapl(each(on, "off")) | shadow_mem(each(-1, "1MiB")) | option("x", "%s,{}"),
    each(kvm(), tcg()),
    tcg() | each(option("%s", "%d"), option("%s", "%%")),
    each(kvm(), tcg() | tb_size(1)),  # the choices set different options
    tb_size(each(1, 2)) | tcg(),
    each(option("accel", "a=b"), option("accel", "a,b"), kvm()),
    # An option is removed, written again, or left by some choices
    tcg() | tb_size(each(1, 2)) | unset(tb_size),
    tcg() | tb_size(each(1, 2)) | each(unset(tb_size), thread(single), tb_size(3)),
    tcg() | LARGE | TWO | unset(tb_size),
    tcg() | LARGE | each(unset(tb_size), thread(single)),
    tcg() | tb_size(each(1, 2)) | LARGE | TWO,
    tcg() | tb_size(each(1, 2)) | each(*(option(f"x{k % 3}", str(k)) | thread(single) for k in range(600)), tb_size(3)) | TWO,
    tcg() | LARGE | each(Recipe(), tb_size(3) | tb_size(4)),
    Space((tcg(), Recipe(), tb_size(each(1, 2)).factors[0], Recipe())),
    # In every order
    tcg() | LARGE | TWO | split_wx(each(on, off)),
    tcg() | TWO | LARGE | split_wx(each(on, off)),
    tcg() | TWO | split_wx(each(on, off)) | LARGE,
    tcg() | one_insn_per_tb(each(on, off)) | each(*(tb_size(k) | thread(single) for k in range(600))) | split_wx(each(on, off)),
    kvm() | shadow_mem(each(*(k << 20 for k in range(1, 30)))) | notify_window(each(*range(30))),
    # Spaces among the choices
    each(tcg() | tb_size(each(1, 2)), tcg() | tb_size(3)),
    each(tcg() | LARGE, tcg() | TWO, kvm()) | option("x", "1"),
    tcg() | TWO | each(LARGE, tb_size(each(8, 9)), split_wx(on), tb_size(5)) | split_wx(each(on, off)),
    tcg() | TWO | each(each(LARGE, split_wx(on)), LARGE | split_wx(off)),
    # Fallbacks
    first_of(kvm(), tcg() | tb_size(each(1, 2))),
    first_of(kvm() | notify_window(each(*range(5))), tcg() | LARGE, tcg() | TWO),
    first_of(tcg() | LARGE, kvm() | notify_window(each(1, 2)), kvm()),
    first_of(kvm() | notify_window(each(1, 2, 3)), tcg() | LARGE | TWO, kvm()),
    first_of(kvm(), tcg() | LARGE | TWO),
    first_of(each(kvm(), tcg()), each(tcg() | TWO, kvm())),
    each(first_of(kvm(), tcg()), tcg()),
    each(first_of(kvm(), tcg()), first_of(kvm(), tcg() | tb_size(each(1, 2))), tcg() | TWO),
]  # fmt: skip


@pytest.mark.parametrize("space", SPACES, ids=range(len(SPACES)))
def test_argvs_are_those_of_rendering_each_point_and_so_they_are_again(space: Space[Any]) -> None:
    plain = [render(point) for point in space]
    assert list(space.argvs()) == plain
    two = zip(space.argvs(), space.argvs(), strict=True)  # which do not disturb each other
    assert [argv for pair in two for argv in pair] == [argv for argv in plain for _ in range(2)]


@pytest.mark.parametrize("space", SPACES, ids=range(len(SPACES)))
def test_no_two_points_share_an_argv(space: Space[Any]) -> None:
    for argv in space.argvs():
        argv.append("changed")
    assert list(space.argvs()) == [render(point) for point in space]


@pytest.mark.parametrize("space", SPACES, ids=range(len(SPACES)))
def test_the_argv_of_a_number_is_that_of_rendering_the_point(space: Space[Any]) -> None:
    argv = compiled_argv(space.factors)
    numbers = range(0, space.size, 1 + space.size // 50)
    if argv is not None:
        assert [argv(k) for k in numbers] == [render(space[k]) for k in numbers]
    assert list(space[:: 1 + space.size // 50].argvs()) == [render(space[k]) for k in numbers]


@pytest.mark.parametrize(
    "space",
    [
        tb_size(each(1, 2)) | thread(single),
        each(thread(single), tcg()),
        each(tcg(), thread(single) | tb_size(each(1, 2))),
        tcg() | each(tb_size(1), Recipe((Put("accel", None, "…"),))),
        tcg() | each(tb_size(1), each(Recipe((Put("accel", None, "…"),)), tb_size(2))),
    ],
    ids=range(5),
)
def test_a_point_without_an_accelerator_is_refused_when_its_turn_comes(space: Space[Any]) -> None:
    points = iter(space)
    with pytest.raises(ComposeError, match="chooses no accelerator"):  # noqa: PT012  # at which one, is the point
        for argv in space.argvs():
            assert argv == render(next(points))
    with pytest.raises(ComposeError, match="chooses no accelerator"):
        render(next(points))


# How much is prepared

SIZES = {
    "one axis": (8192,),
    "slow": (8192, 2, 2, 2),
    "fast": (2, 2, 2, 8192),
    "middle": (2, 8192, 2),
    "two": (1000, 1000),
    "of two": (2,) * 40,
    "10^12": (100,) * 6,
}


def space_of(sizes: tuple[int, ...]) -> Space[Any]:
    space: Any = tcg()
    for number, size in enumerate(sizes):
        space = space | each(*(option(f"x{number:02}", str(k)) for k in range(size)))
    return space


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
def test_before_the_first_point_no_more_is_prepared_than_the_axes_have_and_a_block(
    sizes: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def counted(name: str) -> None:
        plain = getattr(_compiled, name)

        def watch(*given: Any) -> Any:
            result = plain(*given)
            made.append(len(result) if isinstance(result, list) else result[0])
            return result

        monkeypatch.setattr(_compiled, name, watch)

    for name in ("_table", "_rows"):
        counted(name)
    space = space_of(sizes)
    first = next(space.argvs())
    assert first == render(space[0])
    assert 0 < sum(made) <= 2 * (sum(sizes) + len(sizes)) + 2 * _compiled.MOST


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
def test_memory_grows_with_the_axes_and_not_with_the_points_gone_through(sizes: tuple[int, ...]) -> None:
    space = space_of(sizes)

    def peak(points: int) -> int:
        fresh = Space(space.factors)
        tracemalloc.start()
        try:
            assert sum(1 for _ in islice(fresh.argvs(), points)) == min(points, space.size)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)
    first = peak(1)
    assert first < 400 * (sum(sizes) + 2 * _compiled.MOST)
    assert peak(20_000) < first + 200_000


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
def test_a_point_takes_a_small_part_of_a_call_in_every_order(sizes: tuple[int, ...]) -> None:
    space = space_of(sizes)
    points = min(space.size, 8192)
    next(space.argvs())  # what is prepared once, is prepared
    calls = 0

    def watch(_frame: object, event: str, _: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        seen = sum(map(len, islice(space.argvs(), points)))
    finally:
        sys.setprofile(before)
    assert seen == 2 * points
    assert 0 < calls < points / 8
