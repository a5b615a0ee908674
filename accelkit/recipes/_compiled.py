"""The argv of every point of a sweep, from prepared pieces of text. Only ``space.py`` imports this speed-up.

The slow factors write the same for many points in a row: their pieces stay, and between them go the columns of pieces
that the fast factors write, joined point by point. No recipe and no option map is made for a point. What is prepared
grows with the sum of the axes, not with their product, and costs the same for every order of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, groupby, islice, product, repeat
from typing import Any, Final

from accelkit.recipes.recipe import Recipe
from accelkit.recipes.render import render
from accelkit.syntax.option_map import rank_of

#: Options by name, with the piece of text that writes each: a comma before it, but for the accelerator, which is first.
#: Empty if the option is removed.
Pieces = dict[str, str]
#: How many choices, and for every option that one of them writes: the piece of each choice.
Table = tuple[int, dict[str, list[str]]]
#: Every text of some factors, after the pieces that others have written before.
Write = Callable[[Pieces], Iterator[str]]

#: Where a choice leaves an option as it is. No piece has a NUL.
_KEPT: Final = "\0"
#: Points of several fast factors that are prepared together, and argv that are made at once.
_MOST: Final = 512
_AT_ONCE: Final = 64


def compiled_argvs(factors: Sequence[Any]) -> Callable[[], Iterator[list[str]]]:
    """A function that returns the argv of every point, leftmost factor slowest. Every point must choose an accelerator."""
    first = factors[0]
    if hasattr(first, "parts"):
        return lambda: _fallbacks(first.parts)
    if any(_has_fallbacks(choice) for choice in getattr(first, "choices", ())):
        several = [_argvs_of(choice) for choice in first.choices]
        return lambda: chain.from_iterable(argvs() for argvs in several)
    write = _written(factors)

    def argvs() -> Iterator[list[str]]:
        texts = write({})
        # Lists of argv: a generator of them takes twice the time.
        return chain.from_iterable(iter(lambda: [["-accel", text] for text in islice(texts, _AT_ONCE)], []))

    return argvs


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


# Fallbacks: several -accel a point


def _has_fallbacks(choice: Any) -> bool:
    return hasattr(choice, "alternatives") or "first_of" in getattr(choice, "kinds", ())


def _argvs_of(x: Any) -> Callable[[], Iterator[list[str]]]:
    """A function that returns the argv of every point of ``x``: a recipe, a fallback or a space."""
    if hasattr(x, "argvs"):
        return x.argvs
    argv = render(x)
    return lambda: iter(([*argv],))


def _fallbacks(parts: Sequence[Any]) -> Iterator[list[str]]:
    """The argv of every fallback with one point of each part, the first part slowest."""
    rest = [_argvs_of(part) for part in parts]
    sizes = [getattr(part, "size", 1) for part in parts]
    tails: list[list[str]] = [[]]
    while rest and sizes[-1] * len(tails) <= _MOST:
        sizes.pop()
        tails = [[*one, *two] for one in rest.pop()() for two in tails]
    return ([*head, *tail] for head in _heads(rest) for tail in tails)


def _heads(rest: list[Callable[[], Iterator[list[str]]]]) -> Iterator[list[str]]:
    """One argv of each of ``rest``, joined, the first slowest; they are made again rather than kept."""
    if not rest:
        return iter(([],))
    if len(rest) == 1:
        return rest[0]()
    return ([*one, *two] for one in _heads(rest[:-1]) for two in rest[-1]())


# One -accel a point


def _written(factors: Sequence[Any]) -> Write:
    """The texts of all points of ``factors``."""
    for number, factor in enumerate(factors):
        if _is_large(factor):
            parts = _parts(factor)
            outer = [_rows(_table(_recipes(before))) for before in factors[:number]]
            writes = [_written((*part, *factors[number + 1 :])) for part in parts]
            return lambda given: chain.from_iterable(
                write(before) for before in _after(given, outer) for write in writes
            )
    return _filled([_table(_recipes(factor)) for factor in factors])


def _is_large(factor: Any) -> bool:
    """Whether so many points are in spaces among the choices of ``factor`` that they are not gone through at once."""
    return getattr(factor, "size", 1) > len(_choices(factor)) + _MOST


def _parts(factor: Any) -> list[tuple[Any, ...]]:
    """``factor`` in parts, one after another, each as factors: a space is its own factors, recipes are one list."""
    parts: list[tuple[Any, ...]] = []
    for single, choices in groupby(_choices(factor), key=lambda choice: isinstance(choice, Recipe)):
        parts += [([*choices],)] if single else [choice.factors for choice in choices]
    return parts


def _choices(factor: Any) -> Sequence[Any]:
    return factor if isinstance(factor, list) else getattr(factor, "choices", (factor,))


def _recipes(factor: Any) -> list[Recipe[Any]]:
    """The points of ``factor``."""
    return [
        recipe
        for choice in _choices(factor)
        for recipe in ((choice,) if isinstance(choice, Recipe) else choice)
    ]


def _table(recipes: Sequence[Recipe[Any]]) -> Table:
    """What each of ``recipes`` writes."""
    rows = [
        {put.key: put.text if put.key == "accel" or not put.text else f",{put.text}" for put in recipe.steps}
        for recipe in recipes
    ]
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
    for rows in product(*outer):
        pieces = given.copy()
        for row in rows:
            pieces.update(row)
        yield pieces


def _filled(tables: list[Table]) -> Write:
    """The texts of the product of ``tables``.

    The fastest tables are joined into one. If the one before it is longer, that one is gone through instead, for
    every row of the fastest, and the texts are taken in turn.
    """
    fast: Table = (1, {})
    while tables and tables[-1][0] * fast[0] <= _MOST:
        fast = _both(tables.pop(), fast)
    turns: list[Pieces] = [{}]
    if tables and tables[-1][0] > fast[0]:
        fast, turns = tables.pop(), _rows(fast)
    outer = [_rows(table) for table in tables]
    texts = _texts_of(fast)
    if turns == [{}]:
        return lambda given: chain.from_iterable(texts(before, {}) for before in _after(given, outer))
    return lambda given: chain.from_iterable(
        chain.from_iterable(zip(*[texts(before, turn) for turn in turns], strict=True))
        for before in _after(given, outer)
    )


def _texts_of(table: Table) -> Callable[[Pieces, Pieces], Iterator[str]]:
    """A function from the pieces that are written before and after ``table`` to the text for each of its choices."""
    size, columns = table
    partial = {key for key, column in columns.items() if _KEPT in column}

    @lru_cache(maxsize=64)
    def layout(before: tuple[str, ...], after: tuple[str, ...]) -> list[tuple[bool, tuple[str, ...]]]:
        """The options in order, in runs; of each whether the table writes it."""
        keys = sorted({*before, *columns, *after}, key=rank_of)
        runs = groupby(keys, key=lambda key: key in columns and key not in after)
        return [(varies, tuple(run)) for varies, run in runs]

    @lru_cache(maxsize=64)
    def column(run: tuple[str, ...], kept: tuple[str, ...]) -> list[str]:
        """The joined pieces of a run, for each choice; ``kept`` are the pieces of options that a choice may leave."""
        left = dict(zip([key for key in run if key in partial], kept, strict=True))
        whole: Iterable[Iterable[str]] = [
            [left[key] if piece is _KEPT else piece for piece in columns[key]]
            if key in left
            else columns[key]
            for key in run
        ]
        return columns[run[0]] if len(run) == 1 and not left else [*map("".join, zip(*whole, strict=True))]

    def texts(before: Pieces, after: Pieces) -> Iterator[str]:
        pieces = before | after if after else before
        parts: list[Iterable[str]] = []
        for varies, run in layout(tuple(before), tuple(after)):
            if varies:
                kept = tuple([before.get(key, "") for key in run if key in partial]) if partial else ()
                parts.append(column(run, kept))
            else:
                parts.append(repeat("".join([pieces[key] for key in run]), size))
        return map("".join, zip(*parts, strict=True))

    return texts
