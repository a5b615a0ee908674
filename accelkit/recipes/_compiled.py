"""The argv of every point of a sweep, from prepared pieces of text. Only ``space.py`` imports this speed-up.

The slow factors write the same for many points in a row: their pieces stay, and between them go the columns of pieces
that the fast factors write, joined point by point. No recipe and no option map is made for a point. What is prepared
grows with the sum of the axes, not with their product, and costs the same for every order of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, reduce
from itertools import chain, groupby, islice, product, repeat
from operator import attrgetter, itemgetter
from typing import Any, Final, cast

from accelkit.recipes.recipe import Recipe
from accelkit.recipes.render import render
from accelkit.syntax.option_map import rank_of

#: Options by name, with the piece of text that writes each: a comma before it, but for the accelerator, which is first.
#: Empty if the option is removed.
Pieces = dict[str, str]
#: How many choices, and for every option that one of them writes: the piece of each choice.
Table = tuple[int, dict[str, list[str]]]
#: Some argv, made at once: a list takes half the time of a generator.
Block = list[list[str]]
#: The argv of all points of some factors, after the pieces that others have written before.
Write = Callable[[Pieces], Iterator[Block]]

#: What is read of each choice of an axis, at the speed of C.
_SHAPE, _STEPS, _TEXT = attrgetter("_shape"), attrgetter("_steps"), attrgetter("text")
#: Where a choice leaves an option as it is. No piece has a NUL.
_KEPT: Final = "\0"
#: Points of several fast factors that are prepared together.
MOST: Final = 1024
#: Argv in a block.
_AT_ONCE: Final = 128
#: Argv of an alternative that are kept for the next point of the one before it: 16,384 take 4 MB.
_KEPT_MOST: Final = 1 << 14


def compiled_argvs(factors: Sequence[Any]) -> Callable[[], Iterator[list[str]]]:
    """A function that returns the argv of every point, leftmost factor slowest. Every point must choose an accelerator."""
    blocks = _blocks(factors)
    return lambda: chain.from_iterable(blocks())


def compiled_argv(factors: Sequence[Any]) -> Callable[[int], list[str]] | None:
    """A function from k to the argv of the k-th point; None if the choices of a factor write different options."""
    tables: list[Table] = []
    for factor in factors:
        if not all(isinstance(choice, Recipe) for choice in _choices(factor)):
            return None
        tables.append(_table(_choices(factor)))
    if any(_KEPT in column for _, columns in tables for column in columns.values()):
        return None
    last = {
        key: (number, column) for number, (_, columns) in enumerate(tables) for key, column in columns.items()
    }
    columns = [last[key] for key in sorted(last, key=rank_of)]
    sizes = [(number, size) for number, (size, _) in reversed([*enumerate(tables)])]

    def argv(k: int) -> list[str]:
        digits = [0] * len(tables)
        for factor, size in sizes:
            k, digits[factor] = divmod(k, size)
        return ["-accel", "".join([column[digits[factor]] for factor, column in columns])]

    return argv


def _blocks(factors: Sequence[Any]) -> Callable[[], Iterator[Block]]:
    """A function that returns the argv of every point in blocks."""
    first = factors[0]  # a space with a fallback has no other factor
    if not isinstance(first, Recipe) and hasattr(first, "parts"):
        return _fallbacks(first.parts)
    if any(_has_fallbacks(choice) for choice in _choices(first)):
        several = [_blocks_of(choice) for choice in _choices(first)]
        return lambda: chain.from_iterable(blocks() for blocks in several)
    write = _written(factors)
    return lambda: write({})


# Fallbacks: several -accel a point


def _has_fallbacks(choice: Any) -> bool:
    # Whether a recipe has an attribute is dear to ask: the answer no is an error in words.
    return type(choice) is not Recipe and (hasattr(choice, "alternatives") or "first_of" in choice.kinds)


def _blocks_of(x: Any) -> Callable[[], Iterator[Block]]:
    """A function that returns the argv of every point of ``x``: a recipe, a fallback or a space."""
    if not isinstance(x, Recipe) and hasattr(x, "factors"):
        return _blocks(x.factors)
    argv = render(cast("Any", x))
    return lambda: iter(([[*argv]],))


def _fallbacks(parts: Sequence[Any]) -> Callable[[], Iterator[Block]]:
    """A function that returns the argv of every fallback with one point of each part, the first part slowest."""
    sizes = [1 if isinstance(part, Recipe) else getattr(part, "size", 1) for part in parts]
    several = [_blocks_of(part) for part in parts]
    tails: Block = [[]]
    while several and sizes[-1] * len(tails) <= MOST:
        sizes.pop()
        tails = [one + two for one in chain.from_iterable(several.pop()()) for two in tails]
    if tails == [[]]:
        return lambda: _in_turn(several, sizes)
    at_once = max(1, _AT_ONCE // len(tails))

    def blocks() -> Iterator[Block]:
        heads = chain.from_iterable(_in_turn(several, sizes))
        return iter(lambda: [head + tail for head in islice(heads, at_once) for tail in tails], [])

    return blocks


def _in_turn(several: Sequence[Callable[[], Iterator[Block]]], sizes: Sequence[int]) -> Iterator[Block]:
    """The argv of one point of each, joined, the first slowest. They are kept for the next time where they are few."""
    if not several:
        yield [[]]
        return
    *before, last = several
    if not before:
        yield from last()
        return
    kept: list[Block] = []
    for number, head in enumerate(chain.from_iterable(_in_turn(before, sizes[:-1]))):
        if number == 1 and sizes[-1] <= _KEPT_MOST:
            kept = [*last()]
        for block in kept or last():
            yield [head + tail for tail in block]


# One -accel a point


def _written(factors: Sequence[Any]) -> Write:
    """What writes all points of ``factors``."""
    for number, factor in enumerate(factors):
        if _is_large(factor):
            outer = [_rows(_table(_recipes(before))) for before in factors[:number]]
            writes = [_written((*part, *factors[number + 1 :])) for part in _parts(factor)]
            return lambda given: chain.from_iterable(
                write(before) for before in _after(given, outer) for write in writes
            )
    return _product([_table(_recipes(factor)) for factor in factors])


def _is_large(factor: Any) -> bool:
    """Whether so many points are in spaces among the choices of ``factor`` that they are not gone through at once."""
    return not isinstance(factor, (Recipe, list)) and factor.size > len(_choices(factor)) + MOST


def _parts(factor: Any) -> list[tuple[Any, ...]]:
    """``factor`` in parts, one after another, each as factors: a space is its own factors, recipes are one list."""
    parts: list[tuple[Any, ...]] = []
    for single, choices in groupby(_choices(factor), key=lambda choice: isinstance(choice, Recipe)):
        some = [*choices]
        parts += [(some,)] if single else [choice.factors for choice in some]
    return parts


def _choices(factor: Any) -> Sequence[Any]:
    if isinstance(factor, (Recipe, list)):
        return cast("list[Any]", factor) if isinstance(factor, list) else (cast("Any", factor),)
    return getattr(factor, "choices", (factor,))


def _recipes(factor: Any) -> list[Recipe[Any]]:
    """The points of ``factor``."""
    choices = _choices(factor)
    if {*map(type, choices)} == {Recipe}:  # as those of a property are
        return [*choices]
    recipes: list[Recipe[Any]] = []
    for choice in choices:
        recipes += (choice,) if isinstance(choice, Recipe) else choice
    return recipes


def _table(recipes: Sequence[Recipe[Any]]) -> Table:
    """What each of ``recipes`` writes."""
    if len({*map(_SHAPE, recipes)}) == 1:  # all write the same options, as those of a property do
        steps = [*map(_STEPS, recipes)]
        numbers = enumerate(recipes[0].steps)
        return len(recipes), {put.key: [*map(_TEXT, map(itemgetter(n), steps))] for n, put in numbers}
    rows = [{put.key: put.text for put in recipe.steps} for recipe in recipes]
    keys = dict.fromkeys(chain.from_iterable(rows))
    return len(rows), {key: [row.get(key, _KEPT) for row in rows] for key in keys}


def _both(left: Table, right: Table) -> Table:
    """What each choice of ``left``, and then each of ``right``, writes."""
    (many, mine), (few, theirs) = left, right
    kept_left, kept_right = [_KEPT] * many, [_KEPT] * few
    return many * few, {
        key: [
            before if after is _KEPT else after
            for before in mine.get(key, kept_left)
            for after in theirs.get(key, kept_right)
        ]
        for key in mine | theirs
    }


def _rows(table: Table) -> list[Pieces]:
    """What each choice writes, without the options that it leaves."""
    size, columns = table
    return [
        {key: column[number] for key, column in columns.items() if column[number] is not _KEPT}
        for number in range(size)
    ]


def _after(given: Pieces, outer: list[list[Pieces]]) -> Iterator[Pieces]:
    """The pieces that are left when one row of each of ``outer`` is written after ``given``, the first slowest."""
    return (reduce(dict[str, str].__or__, rows, given) for rows in product(*outer))


def _product(tables: list[Table]) -> Write:
    """What writes the product of ``tables``.

    The fastest tables are joined into one. If the one before it is longer, that one is gone through instead, and
    the rows of the fastest take turns.
    """
    fast: Table = (1, {})
    while tables and tables[-1][0] * fast[0] <= MOST:
        fast = _both(tables.pop(), fast)
    turns: list[Pieces] = [{}]
    if tables and tables[-1][0] > fast[0]:
        fast, turns = tables.pop(), _rows(fast)
    outer = [_rows(table) for table in tables]
    size, frame = fast[0], _frames(fast)
    at_once = max(1, _AT_ONCE // len(turns))

    def blocks(before: Pieces) -> Iterator[Block]:
        frames = [frame(before, turn) for turn in turns]
        columns = frames[0][1]
        if len(columns) != 1 or any(others != columns for _, others in frames):
            texts = chain.from_iterable(zip(*[_joined(size, *frame) for frame in frames], strict=True))
            yield from iter(lambda: [["-accel", text] for text in islice(texts, _AT_ONCE)], [])
            return
        ends = [(head, tail) for (head, tail), _ in frames]
        for start in range(0, size, at_once):
            some = columns[0][start : start + at_once]
            if len(ends) == 1:  # nearly always; half the time of the other
                head, tail = ends[0]
                yield [["-accel", f"{head}{piece}{tail}"] for piece in some]
            else:
                yield [["-accel", f"{head}{piece}{tail}"] for piece in some for head, tail in ends]

    return lambda given: chain.from_iterable(map(blocks, _after(given, outer)))


def _joined(size: int, fixed: list[str], columns: list[list[str]]) -> Iterator[str]:
    """The texts with each row of ``columns`` between the ``fixed`` pieces."""
    between = chain.from_iterable(
        (repeat(piece, size), column) for piece, column in zip(fixed, columns, strict=False)
    )
    return map("".join, zip(*between, repeat(fixed[-1], size), strict=True))


def _frames(table: Table) -> Callable[[Pieces, Pieces], tuple[list[str], list[list[str]]]]:
    """A function from the pieces that are written before and after ``table`` to the pieces that stay, and its columns.

    The columns go between the pieces that stay.
    """
    _, columns = table
    partial = {key for key, column in columns.items() if _KEPT in column}

    @lru_cache(maxsize=64)
    def layout(before: tuple[str, ...], after: tuple[str, ...]) -> list[tuple[bool, tuple[str, ...]]]:
        """The options in order, in runs; of each whether the table writes it."""
        keys = sorted({*before, *columns, *after}, key=rank_of)
        runs = groupby(keys, key=lambda key: key in columns and key not in after)
        return [(varies, tuple(run)) for varies, run in runs]

    @lru_cache(maxsize=64)
    def column(run: tuple[str, ...], kept: tuple[str, ...]) -> list[str]:
        """The joined pieces of a run, for each choice; ``kept`` are those of the options that a choice may leave."""
        left = dict(zip([key for key in run if key in partial], kept, strict=True))
        filled = {key: [left[key] if piece is _KEPT else piece for piece in columns[key]] for key in left}
        whole = [filled.get(key, columns[key]) for key in run]
        return whole[0] if len(whole) == 1 else ["".join(pieces) for pieces in zip(*whole, strict=True)]

    def frame(before: Pieces, after: Pieces) -> tuple[list[str], list[list[str]]]:
        pieces = before | after if after else before
        fixed: list[str] = [""]
        between: list[list[str]] = []
        for varies, run in layout(tuple(before), tuple(after)):
            if varies:
                kept = tuple([before.get(key, "") for key in run if key in partial]) if partial else ()
                between.append(column(run, kept))
                fixed.append("")
            else:
                fixed[-1] = "".join([pieces[key] for key in run])
        return fixed, between

    return frame
