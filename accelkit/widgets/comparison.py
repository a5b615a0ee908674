"""RecipeComparison: recipes side by side, and what each QEMU says to each of them. Pure; shows in any notebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from string import ascii_uppercase
from typing import Any, Final

from accelkit.checking.check import Checkable, command_line, verdict
from accelkit.checking.problem import Problem
from accelkit.errors import ComposeError
from accelkit.parsing.recipes import option_maps
from accelkit.schemas.schema import Schema
from accelkit.syntax.option_map import OptionMap
from accelkit.widgets.notes import KIND_WORDS

_UNSET: Final = "–"
_STYLE: Final = "text-align:left;vertical-align:top;border:1px solid currentColor;padding:2px 8px"


@dataclass(frozen=True, slots=True, repr=False)
class RecipeComparison:
    """What ``compare`` returns: prints as text, shows as tables in a notebook.

    ``options`` has a row for each option: its name, then its text in each recipe (None: not set).
    ``verdicts`` has a row for each recipe: a tuple of problems for each QEMU, or None where accepted.
    """

    recipes: tuple[Any, ...]
    schemas: tuple[Schema, ...]
    options: tuple[tuple[str, tuple[str | None, ...]], ...]
    verdicts: tuple[tuple[tuple[bool, tuple[Problem, ...]], ...], ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """A letter for each recipe: A, B, …, Z, A2, …"""
        return tuple(
            ascii_uppercase[place % 26] + (str(place // 26 + 1) if place >= 26 else "")
            for place in range(len(self.recipes))
        )

    @property
    def different(self) -> tuple[str, ...]:
        """The options whose text is not the same in all of them."""
        return tuple(key for key, row in self.options if len(set(row)) > 1)

    def _tables(self) -> Iterator[list[list[str]]]:
        """The two tables: options with a mark at each difference, then the matrix of verdicts."""
        yield [
            ["option", *self.labels, ""],
            *(
                [
                    key,
                    *(_UNSET if text is None else text or "''" for text in row),
                    "≠" if key in self.different else "",
                ]
                for key, row in self.options
            ),
        ]
        yield [
            ["", *(schema.name for schema in self.schemas)],
            *([label, *(_cell(*each) for each in row)] for label, row in zip(self.labels, self.verdicts, strict=True)),
        ]  # fmt: skip

    def _notes(self) -> list[str]:
        """Every problem once, with the recipes and QEMUs that have it."""
        found: dict[str, list[str]] = {}
        for label, row in zip(self.labels, self.verdicts, strict=True):
            for schema, (_, problems) in zip(self.schemas, row, strict=True):
                for problem in problems:
                    place = f"{label} on {'.'.join(map(str, schema.version))} ({schema.target})"
                    found.setdefault(f"{KIND_WORDS[problem.kind]}: {problem}", []).append(place)
        return [f"{text} [{', '.join(dict.fromkeys(places))}]" for text, places in found.items()]

    def __str__(self) -> str:
        lines = [f"{label}  {recipe!r}" for label, recipe in zip(self.labels, self.recipes, strict=True)]
        for table in self._tables():
            widths = [max(map(len, column)) for column in zip(*table, strict=True)]
            lines += ["", *("  ".join(map(str.ljust, row, widths)).rstrip() for row in table)]
        notes = self._notes()
        return "\n".join([*lines, *([""] if notes else []), *notes])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        shown = "".join(
            f"<div><b>{label}</b> <code>{escape(repr(recipe))}</code></div>"
            for label, recipe in zip(self.labels, self.recipes, strict=True)
        )
        tables = "".join(map(_table_html, self._tables()))
        notes = "".join(f"<li>{escape(note)}</li>" for note in self._notes())
        return f'<div style="overflow-x:auto">{shown}{tables}<ul>{notes}</ul></div>'


def _cell(accepted: bool, problems: tuple[Problem, ...]) -> str:
    """One verdict in a few words, mark and word both."""
    kinds = list(dict.fromkeys(KIND_WORDS[problem.kind] for problem in problems))
    if accepted:
        return "; ".join(["✓ taken", *kinds])
    return "; ".join(kinds) or "✗ refused"


def _table_html(table: list[list[str]]) -> str:
    """A table whose differing rows are bold as well as marked."""
    head, *body = table
    cells = "".join(f'<th scope="col" style="{_STYLE}">{escape(text)}</th>' for text in head)
    rows = [f"<tr>{cells}</tr>"]
    for first, *rest in body:
        weight = ";font-weight:bold" if rest and rest[-1] == "≠" else ""
        cells = "".join(f'<td style="{_STYLE}{weight}">{escape(text)}</td>' for text in rest)
        rows.append(f'<tr><th scope="row" style="{_STYLE}">{escape(first)}</th>{cells}</tr>')
    return f'<table style="border-collapse:collapse;margin:8px 0">{"".join(rows)}</table>'


def comparison(recipes: Sequence[Checkable], schemas: Sequence[Schema]) -> RecipeComparison:
    """Recipes side by side on some QEMUs. Raises ComposeError for none, or what has no option map."""
    if not recipes:
        raise ComposeError("compare(): nothing to compare; give recipes, as in compare(kvm(), tcg())")
    maps = [option_maps(command_line(recipe)) for recipe in recipes]
    judged = tuple(
        tuple((found.accepted, found.problems) for found in (verdict(recipe, schema) for schema in schemas))
        for recipe in recipes
    )
    return RecipeComparison(tuple(recipes), tuple(schemas), _options(maps), judged)


def _options(maps: Sequence[tuple[OptionMap, ...]]) -> tuple[tuple[str, tuple[str | None, ...]], ...]:
    """A row for each option of each alternative, in the order in which they are rendered."""
    most = max(map(len, maps))
    rows: list[tuple[str, tuple[str | None, ...]]] = []
    for place in range(most):
        columns = [row[place] if place < len(row) else OptionMap() for row in maps]
        every = Counter(key for column in columns for key in column)
        prefix = f"{place + 1}. " if most > 1 else ""
        rows += [
            (prefix + key, tuple(column.get(key) for column in columns))
            for key in OptionMap(dict.fromkeys(every, ""))
        ]
    return tuple(rows)
