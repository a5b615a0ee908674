"""The argv of every point of a sweep, from prepared pieces of text. Only ``space.py`` imports this speed-up.

Where all choices of an axis write the same properties, the text of a point is a template of its outer factors, filled
from a table of the inner ones. No recipe and no option map is made for a point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, groupby, product
from typing import Any, Final, cast

from accelkit.recipes.recipe import Recipe
from accelkit.syntax.option_map import rank_of

Texts = dict[str, str | None]
#: Points of the inner table: enough that making the template of the outer factors costs little in comparison.
_WORTH_A_TABLE: Final = 64


def compiled_argvs(factors: Sequence[Any]) -> Iterator[list[str]] | None:
    """The argv of every point, leftmost factor slowest; None if the factors are not regular.

    Regular: every factor is a recipe, or an axis whose choices are recipes that set the same properties; no step
    removes a property; some factor chooses an accelerator.
    """
    tables = _tables(factors)
    if not tables:
        return None
    owner = _owner(tables)
    keys = sorted(owner, key=rank_of)
    inner = _inner([len(table) for table in tables])
    # Neighbouring options that the inner factors write are one piece of text; the rest is the template.
    runs = [(varies, list(run)) for varies, run in groupby(keys, key=lambda key: owner[key] >= inner)]
    varying = [run for varies, run in runs if varies]
    rows = [
        tuple(",".join([texts[key] for key in run]) for run in varying)
        for texts in map(_merged, product(*tables[inner:]))
    ]
    return _filled(tables[:inner], runs, rows)


def compiled_argv(factors: Sequence[Any]) -> Callable[[int], list[str]] | None:
    """A function from k to the argv of the k-th point; None if the factors are not regular."""
    tables = _tables(factors)
    if not tables:
        return None
    owner = _owner(tables)
    columns: list[tuple[int, list[Any]]] = [
        (owner[key], [texts[key] for texts in tables[owner[key]]]) for key in sorted(owner, key=rank_of)
    ]
    sizes = [(factor, len(table)) for factor, table in reversed([*enumerate(tables)])]

    def argv(k: int) -> list[str]:
        digits = [0] * len(tables)
        for factor, size in sizes:
            k, digits[factor] = divmod(k, size)
        return ["-accel", ",".join([column[digits[factor]] for factor, column in columns])]

    return argv


def _tables(factors: Sequence[Any]) -> list[list[Texts]]:
    """For every factor, the texts that each of its choices writes; empty if the factors are not regular."""
    tables = [_texts(factor) for factor in factors]
    if not all(tables) or any(table[0].keys() != row.keys() for table in tables for row in table):
        return []
    if any(None in row.values() for table in tables for row in table):
        return []
    return tables if any("accel" in table[0] for table in tables) else []


def _owner(tables: list[list[Texts]]) -> dict[str, int]:
    """The key of every option, with the index of the factor that writes it last."""
    return {key: factor for factor, table in enumerate(tables) for key in table[0]}


def _inner(sizes: list[int]) -> int:
    """The index of the first inner factor. The inner factors are the fastest, as few as make a table worth its cost."""
    inner, points = len(sizes), 1
    while inner and points < _WORTH_A_TABLE:
        inner -= 1
        points *= sizes[inner]
    return inner


def _merged(texts: tuple[Texts, ...]) -> dict[str, Any]:
    """The texts that are left when ``texts`` are written one after another."""
    merged: dict[str, Any] = {}
    for options in texts:
        merged.update(options)
    return merged


def _filled(
    outer: list[list[Texts]], runs: list[tuple[bool, list[str]]], rows: list[tuple[str, ...]]
) -> Iterator[list[str]]:
    """For each point of the outer factors: the argv of its template filled with every row."""

    def filled(texts: tuple[Texts, ...]) -> list[list[str]]:
        fixed = _merged(texts)
        template = ",".join(
            "%s" if varies else ",".join([fixed[key] for key in run]).replace("%", "%%")
            for varies, run in runs
        )
        return [["-accel", template % row] for row in rows]  # a list: a generator takes twice the time

    return chain.from_iterable(map(filled, product(*outer)))


def _texts(factor: Any) -> list[Texts]:
    """The texts that each choice of ``factor`` writes, None for a removed option; empty if a choice is not a recipe."""
    choices = cast(
        "tuple[Any, ...]", (factor,) if isinstance(factor, Recipe) else getattr(factor, "choices", ())
    )
    if not all(isinstance(choice, Recipe) for choice in choices):
        return []
    return [{put.key: None if put.value is None else put.text for put in choice.steps} for choice in choices]
