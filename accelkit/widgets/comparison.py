"""RecipeComparison: recipes side by side, and the verdict of each QEMU on each. Pure; shows in any notebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any, Final

from accelkit.checking.check import verdict
from accelkit.checking.problem import Problem
from accelkit.checking.shown import KIND_WORDS
from accelkit.checking.subject import Checkable, command_line
from accelkit.document import Block, Bullets, Mono, Table, to_html, to_text
from accelkit.errors import ComposeError, shortened
from accelkit.parsing.recipes import option_maps
from accelkit.schemas.schema import Schema
from accelkit.syntax.option_map import OptionMap

_UNSET: Final = "–"
_DIFFERENT: Final = "≠"
MOST_NAME: Final = 120
"""Characters of a value in a table, at most."""


@dataclass(frozen=True, slots=True, repr=False)
class RecipeComparison:
    """The result of ``compare``: prints as text, shows as tables in a notebook.

    ``options`` has a row for each option: its name, then its text in each recipe (None: not set).
    ``verdicts`` has a row for each recipe: for each QEMU whether it accepts the recipe, and the problems.
    """

    recipes: tuple[Any, ...]
    schemas: tuple[Schema, ...]
    options: tuple[tuple[str, tuple[str | None, ...]], ...]
    verdicts: tuple[tuple[tuple[bool | None, tuple[Problem, ...]], ...], ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """A letter for each recipe: A, B, …, Z, A2, …"""
        return tuple(
            ascii_uppercase[place % 26] + (str(place // 26 + 1) if place >= 26 else "")
            for place in range(len(self.recipes))
        )

    @property
    def different(self) -> tuple[str, ...]:
        """The options whose text is not the same in all recipes."""
        return tuple(key for key, texts in self.options if len(set(texts)) > 1)

    def _blocks(self) -> list[Block]:
        """The recipes, their options with a mark at each difference, the verdicts, and every problem."""
        options = tuple(
            (
                key,
                *(_UNSET if text is None else shortened(text, MOST_NAME) or "''" for text in texts),
                _DIFFERENT if key in self.different else "",
            )
            for key, texts in self.options
        )
        different = frozenset(number for number, row in enumerate(options) if row[-1])
        verdicts = tuple(
            (label, *(_cell(accepted, problems) for accepted, problems in row))
            for label, row in zip(self.labels, self.verdicts, strict=True)
        )
        recipes = tuple((label, Mono(repr(x))) for label, x in zip(self.labels, self.recipes, strict=True))
        notes = tuple((note,) for note in self._notes())
        return [
            Table((), recipes, row_headers=True),
            Table(("option", *self.labels, ""), options, strong=different, row_headers=True),
            Table(("", *(schema.name for schema in self.schemas)), verdicts, row_headers=True),
            *([Bullets(notes)] if notes else []),
        ]

    def _notes(self) -> list[str]:
        """Every problem once, with the recipes and QEMUs that have it."""
        places: dict[str, list[str]] = {}
        for label, row in zip(self.labels, self.verdicts, strict=True):
            for schema, (_, problems) in zip(self.schemas, row, strict=True):
                for problem in problems:
                    place = f"{label} on {'.'.join(map(str, schema.version))} ({schema.target})"
                    places.setdefault(f"{KIND_WORDS[problem.kind]}: {problem}", []).append(place)
        return [f"{text} [{', '.join(dict.fromkeys(where))}]" for text, where in places.items()]

    def __str__(self) -> str:
        return to_text(self._blocks()).rstrip("\n")

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f'<div style="overflow-x:auto">{to_html(self._blocks())}</div>'


def _cell(accepted: bool | None, problems: tuple[Problem, ...]) -> str:
    """One verdict in a few words, each with its mark."""
    kinds = list(dict.fromkeys(KIND_WORDS[problem.kind] for problem in problems))
    if accepted:
        return "; ".join(["✓ accepted", *kinds])
    return "; ".join(kinds) or ("✗ refused" if accepted is False else "? unknown")


def comparison(recipes: Sequence[Checkable], schemas: Sequence[Schema]) -> RecipeComparison:
    """The comparison of ``recipes`` on some QEMUs. Raises ComposeError for none, or one without option map."""
    if not recipes:
        raise ComposeError("compare(): nothing to compare; give recipes, as in compare(kvm(), tcg())")
    maps = [option_maps(command_line(recipe)) for recipe in recipes]
    verdicts = tuple(
        tuple(
            (answer.accepted, answer.problems) for answer in (verdict(recipe, schema) for schema in schemas)
        )
        for recipe in recipes
    )
    return RecipeComparison(tuple(recipes), tuple(schemas), _options(maps), verdicts)


def _options(maps: Sequence[tuple[OptionMap, ...]]) -> tuple[tuple[str, tuple[str | None, ...]], ...]:
    """A row for each option of each alternative, in the order in which QEMU's command line has them."""
    most = max(map(len, maps))
    rows: list[tuple[str, tuple[str | None, ...]]] = []
    for place in range(most):
        columns = [alternatives[place] if place < len(alternatives) else OptionMap() for alternatives in maps]
        keys = Counter(key for column in columns for key in column)
        prefix = f"{place + 1}. " if most > 1 else ""
        rows += [
            (prefix + key, tuple(column.get(key) for column in columns))
            for key in OptionMap(dict.fromkeys(keys, ""))
        ]
    return tuple(rows)
