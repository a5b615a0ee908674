"""The algebra: what holds for every recipe, map, fallback and space, whatever was put in."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import textwrap
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.strategies import (
    alike,
    axes,
    fallback_spaces,
    fallbacks,
    fragments,
    keys,
    option_maps,
    recipes,
    spaces,
    texts,
    values_of,
)
from toolz import compose_left, juxt, pipe

import accelkit
from accelkit import (
    ACCELERATORS,
    PROPERTIES,
    ComposeError,
    Each,
    Fallback,
    MiB,
    OptionMap,
    Points,
    Put,
    Recipe,
    Space,
    auto,
    check,
    device,
    doubling,
    each,
    first_of,
    fold,
    kernel_irqchip,
    kvm,
    notify,
    on,
    option,
    parse,
    rapl,
    recipe_of,
    recipes_of,
    render,
    run,
    shadow_mem,
    split,
    tb_size,
    tcg,
    thread,
    unset,
)
from accelkit.recipes._compiled import compiled_argvs
from accelkit.recipes._shape import _MOST, shape_of
from accelkit.recipes.property import MEMO_LIMIT
from accelkit.syntax.qemuopts import split as split_text

NAMES = vars(accelkit)
accels = st.sampled_from(sorted(ACCELERATORS))


def source(x: object) -> Any:
    """What the repr of ``x`` makes when it is run as code, with accelkit's names."""
    return eval(repr(x), {}, dict(NAMES))  # repr is documented to be code


# ---- recipes compose ----


@given(alike(3))
def test_then_is_associative(parts: tuple[Recipe[Any], ...]) -> None:
    a, b, c = parts
    left, right = (a | b) | c, a | (b | c)
    assert left == right
    assert hash(left) == hash(right)
    assert repr(left) == repr(right)
    assert left.accels == right.accels
    assert left.steps == right.steps == a.steps + b.steps + c.steps
    assert pickle.dumps(left) == pickle.dumps(right)


@given(alike(1))
def test_the_empty_recipe_changes_nothing(parts: tuple[Recipe[Any], ...]) -> None:
    (a,) = parts
    for same in (Recipe() | a, a | Recipe()):
        assert same == a
        assert hash(same) == hash(a)
        assert repr(same) == repr(a)
        assert same.accels == a.accels


@given(alike(2), option_maps())
def test_folding_a_composition_is_folding_one_after_the_other(
    parts: tuple[Recipe[Any], ...], start: OptionMap
) -> None:
    a, b = parts
    assert (a | b)(start) == b(a(start))
    assert fold(a | b) == b(fold(a))


@given(fragments("kvm"), option_maps())
def test_a_recipe_leaves_the_map_it_is_given_as_it_was(recipe: Recipe[Any], start: OptionMap) -> None:
    before = dict(start)
    recipe(start)
    assert dict(start) == before


@given(st.data(), st.sampled_from(list(PROPERTIES.values())))
def test_the_last_write_of_a_property_wins(data: st.DataObject, row: Any) -> None:
    first, last = data.draw(values_of(row)), data.draw(values_of(row))
    begun = row.accelerators[0]()
    assert fold(begun | row(first) | row(last)) == fold(begun | row(last))
    assert render(begun | row(first) | row(last)) == render(begun | row(last))


@given(st.data(), st.sampled_from(list(PROPERTIES.values())))
def test_unset_takes_away_what_was_written_before_it_and_nothing_after(data: st.DataObject, row: Any) -> None:
    begun, value = row.accelerators[0](), data.draw(values_of(row))
    assert fold(begun | row(value) | unset(row)) == fold(begun)
    assert render(begun | row(value) | unset(row)) == render(begun)
    assert fold(begun | unset(row) | row(value)) == fold(begun | row(value))
    assert fold(begun | unset(row)) == fold(begun)
    assert fold(begun | row(value) | unset(row.key)) == fold(begun)


@given(alike(3), option_maps())
def test_pipe_and_compose_left_and_juxt_of_toolz_take_recipes(
    parts: tuple[Recipe[Any], ...], start: OptionMap
) -> None:
    whole = parts[0] | parts[1] | parts[2]
    assert pipe(start, *parts) == whole(start)
    assert compose_left(*parts)(start) == whole(start)
    assert juxt(*parts)(start) == tuple(part(start) for part in parts)


@given(st.data(), accels, accels)
def test_recipes_for_different_accelerators_never_compose(data: st.DataObject, one: str, other: str) -> None:
    assume(one != other)
    left, right = data.draw(recipes(one)), data.draw(recipes(other))
    with pytest.raises(ComposeError):
        left | right


@given(alike(2))
def test_composing_leaves_both_sides_as_they_were(parts: tuple[Recipe[Any], ...]) -> None:
    a, b = parts
    before = repr(a), repr(b), a.steps, b.steps, a.accels, b.accels
    a | b
    assert (repr(a), repr(b), a.steps, b.steps, a.accels, b.accels) == before


def test_equality_is_of_steps_as_written_and_folds_compare_the_effect() -> None:
    written_twice = tcg() | tb_size(1) | tb_size(64)
    assert written_twice != tcg() | tb_size(64)
    assert fold(written_twice) == fold(tcg() | tb_size(64))
    assert tb_size(64) == tb_size("64MiB") == tb_size("0x40")
    assert tcg() != fold(tcg())
    assert tcg() != "tcg()"


def test_a_step_is_itself_a_function_from_map_to_map() -> None:
    assert Put("a", "1", "…")(OptionMap({"b": "2"})) == OptionMap({"a": "1", "b": "2"})
    assert Put("a", None, "…")(OptionMap({"a": "1", "b": "2"})) == OptionMap({"b": "2"})
    assert Put("a", None, "…")(OptionMap()) == OptionMap()


# ---- repr is code, pickles are values ----


@given(fragments("kvm") | fragments("tcg") | recipes())
def test_the_repr_of_a_recipe_is_code_that_makes_it(recipe: Recipe[Any]) -> None:
    again = source(recipe)
    assert again == recipe
    assert repr(again) == repr(recipe)
    assert again.accels == recipe.accels


@given(fallbacks())
def test_the_repr_of_a_fallback_is_code_that_makes_it(fallback: Fallback) -> None:
    assert source(fallback) == fallback
    assert repr(source(fallback)) == repr(fallback)


@given(spaces() | fallback_spaces())
def test_the_repr_of_a_space_is_code_that_makes_it(space: Space[Any]) -> None:
    assert source(space) == space
    assert repr(source(space)) == repr(space)


@given(option_maps())
def test_the_repr_of_a_map_is_code_that_makes_it(options: OptionMap) -> None:
    assert source(options) == options


@given(fragments("kvm") | recipes() | fallbacks() | spaces() | fallback_spaces() | option_maps())
def test_every_value_comes_back_from_its_pickle(value: Any) -> None:
    again = pickle.loads(pickle.dumps(value))
    assert again == value
    assert hash(again) == hash(value)
    assert repr(again) == repr(value)


def test_every_row_pickles_to_itself() -> None:
    for row in [*ACCELERATORS.values(), *PROPERTIES.values()]:
        assert pickle.loads(pickle.dumps(row)) is row


REPRESENTATIVE = (
    Recipe(),
    kvm() | shadow_mem(64 * MiB) | kernel_irqchip(split) | notify(run, window=1000),
    tcg() | option("x-new", "a,b=ü") | unset(tb_size) | unset("foo"),
    first_of(kvm() | device("/dev/a,b"), tcg() | tb_size(256)),
    each(kvm(), tcg() | tb_size(doubling(32, 256))),
    first_of(kvm() | rapl(each(True, False)), tcg()),
    kvm() | accelkit.honor_guest_pat(each(on, auto)) | shadow_mem(each(-1, "1MiB")),
    (tcg() | tb_size(each(1, 2, 3)))[1:],
    (tcg() | tb_size(each(1, 2, 3))).sample(2, seed=5),
    each(32, 256),
    OptionMap({"accel": "tcg", "tb-size": "64", "x": ",=ü"}),
    fold(kvm() | shadow_mem(-1)),
    (tb_size, kvm, tb_size.domain, tb_size(64)),
)


def test_values_made_here_are_equal_and_hash_equal_in_another_process() -> None:
    """A hash of text differs from process to process, so none may travel in a pickle."""
    child = textwrap.dedent("""
        import pickle, sys
        from accelkit import *
        for value, code, argv in pickle.load(sys.stdin.buffer):
            again = eval(code) if code else value
            assert again == value, (again, value)
            assert hash(again) == hash(value), code
            assert {again: 1}[value] == 1, code
            assert argv is None or render(value) == argv, code
        print("all equal")
    """)
    for value in REPRESENTATIVE:
        hash(value)  # kept inside where any are kept
    table = [
        (
            value,
            "" if isinstance(value, Points | tuple) else repr(value),
            render(value) if isinstance(value, OptionMap | Fallback) else None,
        )
        for value in REPRESENTATIVE
    ]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", child], input=pickle.dumps(table), capture_output=True, timeout=60,
        env={**os.environ, "PYTHONHASHSEED": "77"}, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr, done.returncode) == (b"all equal\n", b"", 0)


# ---- maps, argv and back ----


@given(recipes())
def test_rendering_a_recipe_is_rendering_what_it_folds_to(recipe: Recipe[Any]) -> None:
    assert render(recipe) == render(fold(recipe))


@given(recipes())
def test_parse_undoes_render_for_recipes(recipe: Recipe[Any]) -> None:
    assert parse(render(recipe)) == (fold(recipe),)


@given(option_maps())
def test_parse_undoes_render_for_maps(options: OptionMap) -> None:
    assert parse(render(options)) == (options,)


@given(fallbacks())
def test_parse_undoes_render_for_fallbacks(fallback: Fallback) -> None:
    maps = parse(render(fallback))
    assert maps == tuple(map(fold, fallback))
    assert render(maps) == render(fallback)
    assert render(list(maps)) == render(fallback)


@given(option_maps())
def test_no_value_can_smuggle_an_option_in(options: OptionMap) -> None:
    word, text = render(options)
    writes = split_text(text, "accel")
    assert word == "-accel"
    assert [(write.key, write.value, write.flag) for write in writes] == [
        (key, value, None) for key, value in options.items()
    ]


@given(option_maps(), st.randoms(use_true_random=False))
def test_equal_maps_are_written_equally_whatever_the_order_of_writing(
    options: OptionMap, random: Any
) -> None:
    entries = list(options.items())
    random.shuffle(entries)
    shuffled = OptionMap(entries)
    assert shuffled == options
    assert hash(shuffled) == hash(options)
    assert repr(shuffled) == repr(options)
    assert list(shuffled) == list(options)
    assert render(shuffled) == render(options)
    assert pickle.dumps(shuffled) == pickle.dumps(options)


@given(st.dictionaries(keys, texts, max_size=5), st.randoms(use_true_random=False))
def test_recipes_that_write_different_keys_render_equally_in_any_order(
    entries: dict[str, str], random: Any
) -> None:
    steps = [option(key, value) for key, value in entries.items()]
    begun = tcg()
    for step in steps:
        begun = begun | step
    shuffled = [tcg(), *steps]
    random.shuffle(shuffled)
    other: Recipe[Any] = Recipe()
    for step in shuffled:
        other = other | step
    assert render(other) == render(begun)
    assert fold(other) == fold(begun)
    assert hash(fold(other)) == hash(fold(begun))


@given(option_maps())
def test_recipe_of_a_map_makes_a_map_of_the_same_meaning(options: OptionMap) -> None:
    again = fold(recipe_of(options))
    assert again.keys() == options.keys()
    for key, text in options.items():
        row = PROPERTIES.get(key)
        if row is None or options["accel"] not in row.accels or row.domain.read(text) is None:
            assert again[key] == text
        else:
            assert row.read(again) == row.read(options)
    assert fold(recipe_of(again)) == again


@given(recipes())
def test_recipe_of_what_combinators_write_gives_it_back_exactly(recipe: Recipe[Any]) -> None:
    options = fold(recipe)
    canonical = {
        key: PROPERTIES[key].domain.write(value, key)
        for key, text in options.items()
        if key in PROPERTIES
        and options["accel"] in PROPERTIES[key].accels
        and (value := PROPERTIES[key].domain.read(text)) is not None
    }
    assert fold(recipe_of(options)) == {**options, **canonical}


@given(st.lists(option_maps(), min_size=1, max_size=3))
def test_recipes_of_parsed_maps_render_as_they_do(maps: list[OptionMap]) -> None:
    canonical = tuple(fold(recipe_of(options)) for options in maps)
    assert render(recipes_of(tuple(maps))) == render(canonical)


# ---- spaces ----


def by_hand(space: Space[Any]) -> list[Any]:
    """The points of a space of plain factors, by Python's own product: leftmost slowest."""
    choices = [
        [factor] if isinstance(factor, Recipe) else [factor.point(k) for k in range(factor.size)]
        for factor in space.factors
    ]
    points = []
    for chosen in product(*choices):
        point = chosen[0]
        for part in chosen[1:]:
            point = point | part
        points.append(point)
    return points


@given(spaces() | fallback_spaces())
def test_a_space_is_the_product_of_its_factors_leftmost_slowest(space: Space[Any]) -> None:
    points = by_hand(space)
    assert len(space) == space.size == len(points)
    assert list(space) == points
    assert [space[k] for k in range(len(space))] == points
    assert [space[k - len(space)] for k in range(len(space))] == points


@given(spaces())
def test_points_are_numbered_in_order_and_end_with_an_index_error(space: Space[Any]) -> None:
    for outside in (len(space), -len(space) - 1, 1 << 80):
        with pytest.raises(IndexError, match=f"point {outside} of a space of {len(space)}"):
            space[outside]


@given(spaces() | fallback_spaces())
def test_argvs_are_what_rendering_each_point_gives(space: Space[Any]) -> None:
    assert list(space.argvs()) == [render(point) for point in space]


@given(st.data())
def test_argvs_hold_for_spaces_that_take_options_away_again(data: st.DataObject) -> None:
    space = data.draw(spaces("tcg")) | unset(tb_size) | data.draw(axes("tcg"))
    assert list(space.argvs()) == [render(point) for point in space]


@pytest.mark.parametrize(
    ("space", "compiled"),
    [
        (tcg() | tb_size(each(1, 2)), True),
        (kvm() | rapl(each(on, "off")) | shadow_mem(each(-1, "1MiB")) | option("x", "%s,%"), True),
        (each(kvm(), tcg()), True),
        (tcg() | each(option("%s", "%d"), option("%s", "%%")), True),
        (each(kvm(), tcg() | tb_size(1)), False),  # the choices set different properties
        (tcg() | tb_size(each(1, 2)) | unset(tb_size), False),
        (tb_size(each(1, 2)), False),
        (first_of(kvm(), tcg() | tb_size(each(1, 2))), False),
        (each(first_of(kvm(), tcg()), tcg()), False),
        (each(tcg() | tb_size(each(1, 2)), tcg() | tb_size(3)), False),
    ],
)
def test_regular_spaces_are_rendered_from_compiled_text(space: Space[Any], compiled: bool) -> None:
    argvs = compiled_argvs(space.factors)
    assert (argvs is not None) == compiled
    if argvs is not None:
        assert list(argvs) == [render(point) for point in space]


@given(spaces(), st.slices(20), st.slices(5))
def test_a_slice_is_the_same_points_and_slices_again(space: Space[Any], one: slice, two: slice) -> None:
    points = list(space)
    assert list(space[one]) == points[one]
    assert len(space[one]) == len(points[one])
    assert list(space[one][two]) == points[one][two]
    assert list(space[one].argvs()) == [render(point) for point in points[one]]


@given(spaces(), st.integers(0, 30), st.integers())
def test_a_sample_is_distinct_points_and_the_same_for_the_same_seed(
    space: Space[Any], n: int, seed: int
) -> None:
    sample = space.sample(n, seed)
    assert list(sample) == list(space.sample(n, seed))
    assert len(sample) == min(n, len(space))
    assert len(set(sample.numbers)) == len(sample)
    assert list(sample) == [space[k] for k in sample.numbers]
    assert sorted(space.sample(len(space), seed).numbers) == list(range(len(space)))


def test_samples_differ_from_seed_to_seed() -> None:
    space = tcg() | tb_size(each(*range(1000)))
    assert len({space.sample(5, seed).numbers for seed in range(20)}) == 20


@given(alike(2), st.data())
def test_composing_with_a_space_is_associative(parts: tuple[Recipe[Any], ...], data: st.DataObject) -> None:
    a, b = parts
    space = data.draw(axes(min((a | b).accels or ACCELERATORS)))
    for left, right in (
        ((a | b) | space, a | (b | space)),
        ((a | space) | b, a | (space | b)),
        ((space | a) | b, space | (a | b)),
        ((space | a) | (b | space), space | ((a | b) | space)),
    ):
        assert left == right
        assert hash(left) == hash(right)
        assert repr(left) == repr(right)
        assert pickle.dumps(left) == pickle.dumps(right)
        assert list(left) == list(right)


@given(spaces())
def test_the_empty_recipe_changes_no_space(space: Space[Any]) -> None:
    for same in (Recipe() | space, space | Recipe()):
        assert same == space
        assert repr(same) == repr(space)
        assert hash(same) == hash(space)


@settings(max_examples=20)
@given(st.data(), accels)
def test_no_space_composes_with_a_foreign_accelerator(data: st.DataObject, accel: str) -> None:
    foreign = data.draw(st.sampled_from(sorted(ACCELERATORS)).filter(lambda name: name != accel))
    with pytest.raises(ComposeError):
        data.draw(spaces(accel)) | ACCELERATORS[foreign]()
    with pytest.raises(ComposeError):
        ACCELERATORS[foreign]() | data.draw(spaces(accel))
    with pytest.raises(ComposeError):
        each(ACCELERATORS[accel](), ACCELERATORS[foreign]()) | ACCELERATORS[accel]()


@pytest.mark.parametrize(
    "write",
    [
        lambda: first_of(each(kvm(), tb_size(1)), tcg()),
        lambda: first_of(tcg(), each(kvm() | rapl(on), rapl(on))),
        lambda: each(first_of(kvm(), tcg()), kvm()) | rapl(on),
        lambda: kvm() | each(first_of(kvm(), tcg()), kvm()),
        lambda: each(kvm(), each(tcg(), kvm() | rapl(on))) | rapl(each(on, "off")),
    ],
    ids=range(5),
)
def test_a_mistake_in_a_later_choice_is_refused_when_it_is_composed(write: Any) -> None:
    with pytest.raises(ComposeError):
        write()


@given(fallback_spaces())
def test_every_point_of_a_varying_fallback_is_a_row_of_recipes(space: Space[Any]) -> None:
    for point in space:
        assert all(isinstance(part, Recipe) for part in (point if isinstance(point, Fallback) else [point]))
        assert source(point) == point
        assert parse(render(point))


def test_a_fallback_among_the_choices_of_an_alternative_is_flattened() -> None:
    space = first_of(each(kvm(), first_of(kvm(), tcg())), tcg() | tb_size(1))
    assert list(space) == [first_of(kvm(), tcg() | tb_size(1)), first_of(kvm(), tcg(), tcg() | tb_size(1))]
    assert [source(point) for point in space] == list(space)
    assert check(space[1], accelkit.bundled()) == ()


BIG = textwrap.dedent("""
    import pickle, resource
    resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))  # 10^12 of anything is far more
    resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
    from accelkit import *
    space = tcg()
    for axis in "abcd":
        space = space | each(*(option(axis, str(value)) for value in range(1000)))
    assert len(space) == space.size == 10**12
    assert render(space[123456789012]) == ["-accel", "tcg,a=123,b=456,c=789,d=12"]
    assert render(space[-1]) == ["-accel", "tcg,a=999,b=999,c=999,d=999"]
    assert len(space[::7]) == -(-10**12 // 7) and render(space[5:][::2][1]) == render(space[7])
    assert len(set(space.sample(1000, seed=1).numbers)) == 1000
    assert next(iter(space)) == space[0] and next(space.argvs()) == render(space[0])
    assert next(space[10**11:].argvs()) == render(space[10**11])
    again = pickle.loads(pickle.dumps(space))
    assert again == space and hash(again) == hash(space) and repr(again) == repr(space)
    assert (space | option("e", "1")).size == 10**12
    assert first_of(kvm(), space)[10**12 - 1] == first_of(kvm(), space[-1])
    wider = space
    for axis in "efg":
        wider = wider | each(*(option(axis, str(value)) for value in range(1000)))
    assert wider.size == 10**21 and render(wider[-1])[1].endswith("g=999")
    assert len(wider.sample(100, seed=1)) == 100 and len(wider[:5]) == 5
    try:
        len(wider)
    except OverflowError as error:
        assert str(error) == f"{10**21} points are too many for len(); read space.size"
    print("answered")
""")


def test_a_space_of_a_million_million_points_answers_without_enumeration() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BIG], capture_output=True, text=True, timeout=120, check=False
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("answered\n", "")


def test_a_space_too_long_for_len_says_how_many_points_it_has() -> None:
    space: Any = tcg()
    for axis in range(70):
        space = space | each(option(f"x{axis}", "0"), option(f"x{axis}", "1"))
    assert space.size == 1 << 70
    with pytest.raises(OverflowError, match=rf"^{1 << 70} points are too many for len\(\); read space.size$"):
        len(space)
    sample = space.sample(50, seed=3)
    assert len(set(sample.numbers)) == 50
    assert sample.numbers == space.sample(50, seed=3).numbers
    assert sample.numbers != space.sample(50, seed=4).numbers
    assert max(sample.numbers) >= 1 << 60


def test_a_space_without_an_accelerator_has_points_but_no_argv() -> None:
    space = tb_size(each(1, 2)) | thread(each("single", "multi"))
    assert len(space) == 4
    assert space[3] == tb_size(2) | thread("multi")
    with pytest.raises(ComposeError, match="chooses no accelerator"):
        list(space.argvs())


def test_nothing_is_no_sweep() -> None:
    for write in (each, lambda: Each(()), first_of):
        with pytest.raises(ComposeError, match="nothing to try"):
            write()


def test_a_notebook_shows_the_code_and_the_number_of_points() -> None:
    shown: list[str] = []

    class Printer:
        text = shown.append

    for value in (tcg(), first_of(kvm(), tcg()), tcg() | tb_size(each(1, 2))):
        value._repr_pretty_(Printer(), False)
    assert shown == ["tcg()", "first_of(kvm(), tcg())", "tcg() | tb_size(each(1, 2))  # 2 points"]


@pytest.mark.parametrize("operand", [5, None, "kvm", {}, OptionMap(), [tcg()]], ids=repr)
def test_other_operands_are_left_to_python(operand: Any) -> None:
    for value in (tcg(), tcg() | tb_size(each(1, 2))):
        with pytest.raises(TypeError, match=r"^unsupported operand type\(s\) for \|: "):
            value | operand
        with pytest.raises(TypeError, match=r"^unsupported operand type\(s\) for \|: "):
            operand | value
        assert value != operand


@pytest.mark.parametrize(
    ("write", "culprit"),
    [
        (lambda: kvm() | (option("x", "1") | tb_size(1)), "tb_size(1)"),
        (lambda: (unset("x") | tb_size(1)) | kvm(), "tb_size(1)"),
        (lambda: kvm() | shadow_mem(-1) | (option("x", "1") | thread("single")), "thread(single)"),
    ],
    ids=range(3),
)
def test_the_step_that_does_not_fit_is_the_one_that_is_blamed(write: Any, culprit: str) -> None:
    with pytest.raises(ComposeError) as caught:
        write()
    blamed, _, rest = str(caught.value).partition(" is for ")
    assert culprit in blamed
    assert rest.startswith("tcg, not for kvm; ")


# ---- memos ----


def test_memos_stay_bounded_and_forgetting_changes_nothing() -> None:
    before = tcg() | tb_size(7) | option("k0", "v")
    for number in range(MEMO_LIMIT + 100):
        tb_size(number)
        tcg() | option(f"k{number}", "v")
        assert len(tb_size._memo[int]) <= MEMO_LIMIT
        assert len(tcg()._shape.joined) <= _MOST
    assert shape_of.cache_info().maxsize == _MOST
    after = tcg() | tb_size(7) | option("k0", "v")
    assert after == before
    assert hash(after) == hash(before)
    assert render(after) == render(before)
    assert render(before | after) == render(before)


def test_notify_takes_no_type_for_another() -> None:
    assert render(kvm() | notify(run, window=1)) == render(kvm() | notify(run, window="1"))
    for other in (True, 1.0):
        with pytest.raises(ValueError, match=f"^notify_window: got {other} "):
            notify(run, window=other)


def test_a_memo_never_takes_one_type_for_another() -> None:
    assert render(tcg() | tb_size(1))[1] == "tcg,tb-size=1"
    for other in (True, 1.0):
        with pytest.raises(ValueError, match="tb_size: got"):
            tb_size(other)
    assert render(kvm() | rapl(True))[1] == "kvm,rapl=on"
    with pytest.raises(ValueError, match="rapl: got 1"):
        rapl(1)
    assert thread(accelkit.single) == thread("single")
