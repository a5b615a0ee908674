"""A sweep compiled: every point's argv from ready pieces of text, one table for each axis.

Where all choices of an axis write the same properties, the text of a point is that of its outer
factors with holes, filled from a table of the inner ones; neither recipe nor map is made on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, groupby, product
from typing import Any, Final, cast

from accelkit.recipes.recipe import Recipe
from accelkit.syntax.option_map import rank_of

Texts = dict[str, str | None]
#: Points of the inner table; enough that the outer template's cost is lost among them.
_WORTH_A_TABLE: Final = 64


def compiled_argvs(factors: Sequence[Any]) -> Iterator[list[str]] | None:
    """Every point's argv, leftmost factor slowest; None where the factors are not that regular.

    Regular: each factor a recipe or an axis whose choices are recipes that set the same properties,
    take none away, and choose an accelerator somewhere.
    """
    tables = _tables(factors)
    if not tables:
        return None
    owner = _owner(tables)
    keys = sorted(owner, key=rank_of)
    inner = _inner([len(table) for table in tables])
    # Neighbouring options that vary together are one piece of text; the rest is the outer template.
    runs = [(varies, list(run)) for varies, run in groupby(keys, key=lambda key: owner[key] >= inner)]
    mine = [run for varies, run in runs if varies]
    rows = [
        tuple(",".join([texts[key] for key in run]) for run in mine)
        for texts in map(_merged, product(*tables[inner:]))
    ]
    return _filled(tables[:inner], runs, rows)


def compiled_argv(factors: Sequence[Any]) -> Callable[[int], list[str]] | None:
    """What gives the argv of the k-th point, where the factors are regular; else None."""
    tables = _tables(factors)
    if not tables:
        return None
    owner = _owner(tables)
    columns: list[tuple[int, list[Any]]] = [
        (owner[key], [texts[key] for texts in tables[owner[key]]]) for key in sorted(owner, key=rank_of)
    ]
    wheels = [(place, len(table)) for place, table in reversed([*enumerate(tables)])]

    def argv(k: int) -> list[str]:
        digits = [0] * len(tables)
        for place, size in wheels:
            k, digits[place] = divmod(k, size)
        return ["-accel", ",".join([column[digits[place]] for place, column in columns])]

    return argv


def _tables(factors: Sequence[Any]) -> list[list[Texts]]:
    """What each choice of each factor writes; empty where the factors are not regular."""
    tables = [_texts(factor) for factor in factors]
    if not all(tables) or any(table[0].keys() != row.keys() for table in tables for row in table):
        return []
    if any(None in row.values() for table in tables for row in table):
        return []
    return tables if any("accel" in table[0] for table in tables) else []


def _owner(tables: list[list[Texts]]) -> dict[str, int]:
    """Each option's key, to the factor that writes it last."""
    return {key: place for place, table in enumerate(tables) for key in table[0]}


def _inner(sizes: list[int]) -> int:
    """Where the inner factors begin: the fastest ones, as few as give a table worth its making."""
    inner, points = len(sizes), 1
    while inner and points < _WORTH_A_TABLE:
        inner -= 1
        points *= sizes[inner]
    return inner


def _merged(texts: tuple[Texts, ...]) -> dict[str, Any]:
    """What steps that write ``texts`` one after another have written in the end."""
    merged: dict[str, Any] = {}
    for written in texts:
        merged.update(written)
    return merged


def _filled(
    outer: list[list[Texts]], runs: list[tuple[bool, list[str]]], rows: list[tuple[str, ...]]
) -> Iterator[list[str]]:
    """For each point of the outer factors its text with holes, and every row put into them."""

    def filled(texts: tuple[Texts, ...]) -> list[list[str]]:
        fixed = _merged(texts)
        template = ",".join(
            "%s" if varies else ",".join([fixed[key] for key in run]).replace("%", "%%")
            for varies, run in runs
        )
        return [["-accel", template % row] for row in rows]  # a list: a generator costs as much again

    return chain.from_iterable(map(filled, product(*outer)))


def _texts(factor: Any) -> list[Texts]:
    """What each choice of ``factor`` writes; empty where a choice is no recipe."""
    choices = cast(
        "tuple[Any, ...]", (factor,) if isinstance(factor, Recipe) else getattr(factor, "choices", ())
    )
    if not all(isinstance(choice, Recipe) for choice in choices):
        return []
    return [{put.key: None if put.value is None else put.text for put in choice.steps} for choice in choices]
