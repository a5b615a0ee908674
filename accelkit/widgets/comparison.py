"""RecipeComparison: recipes side by side, and the verdict of each QEMU on each. Pure; shows in any notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from accelkit.checking.across import releases_of, runs_of, said_once
from accelkit.checking.check import verdict
from accelkit.checking.problem import Verdict, subject_of
from accelkit.checking.shown import KIND_WORDS, VERDICT_TONES, kind_badge
from accelkit.checking.subject import Checkable, command_line
from accelkit.comparing.names import names_of
from accelkit.comparing.options import OptionRow, blocks_of, rows_of
from accelkit.document import BREAK, Badge, Block, Mono, Paragraph, Shown, Table, TableCell
from accelkit.errors import ComposeError, brief, shortened, shown
from accelkit.parsing.recipes import option_maps
from accelkit.schemas.schema import Schema, check_schema
from accelkit.syntax.option_map import OptionMap

_ACCEPTED: Final = Badge("✓ accepted", "good")
MOST_RECIPE: Final = 300
"""Characters of a recipe above the table, at most."""
MOST_NAME: Final = 60
"""Characters of a name, at most."""


@dataclass(frozen=True, slots=True, repr=False)
class RecipeComparison(Shown):
    """The result of ``compare``: prints as text, shows as tables in a notebook.

    ``names`` has a name for each recipe. ``rows`` has a row for each option, with its text in each recipe (None: not
    set). ``verdicts`` has a row for each recipe: the verdict of each QEMU.
    """

    names: tuple[str, ...]
    recipes: tuple[Any, ...]
    schemas: tuple[Schema, ...]
    rows: tuple[OptionRow, ...]
    verdicts: tuple[tuple[Verdict, ...], ...]

    @property
    def different(self) -> tuple[str, ...]:
        """The options whose text is not the same in all recipes."""
        return tuple(row.name for row in self.rows if row.differs)

    @property
    def document(self) -> tuple[Block, ...]:
        """The recipes, the options that differ, the verdicts by release, and every problem once."""
        recipes = tuple(
            (name, Mono(shortened(recipe if isinstance(recipe, str) else repr(recipe), MOST_RECIPE)))
            for name, recipe in zip(self.names, self.recipes, strict=True)
        )
        blocks: list[Block] = [Table((), recipes, row_headers=True), *blocks_of(self.names, self.rows)]
        if len(self.recipes) > 1 and not self.different:
            blocks.insert(1, Paragraph(("✓ no difference: QEMU gets the same options",)))
        return (*blocks, *self._verdicts(), *self._problems())

    def _verdicts(self) -> tuple[Block, ...]:
        """A table of the verdicts, with a column for each run of releases that say the same."""
        if not self.schemas:
            return ()
        columns = [tuple(map(_badge, column)) for column in zip(*self.verdicts, strict=True)]
        runs = runs_of(columns, self.schemas)
        kinds: dict[str, list[str]] = {}
        for schema in self.schemas:
            version, _, kind = schema.name.removeprefix("QEMU ").partition(" ")
            kinds.setdefault(kind, []).append(version)
        asked = "; ".join(f"{', '.join(versions)} {kind}" for kind, versions in kinds.items())
        head = tuple(f"QEMU {releases_of(run, self.schemas)}" for run in runs)
        rows = tuple(
            (name, *(TableCell((columns[run[0]][place],)) for run in runs))
            for place, name in enumerate(self.names)
        )
        return (
            Table(("", *head), rows, row_headers=True),
            Paragraph((f"Asked: QEMU {asked}.",)),
        )

    def _problems(self) -> tuple[Block, ...]:
        """Every problem once, with the releases that have it, and the recipes where there are several."""
        rows = tuple(
            (
                TableCell((kind_badge(problem.kind),)),
                TableCell((
                    f"{self._where(places)}: ",
                    *((Mono(subject), ": ") if (subject := subject_of(problem)) else ()),
                    problem.why, BREAK, f"→ {problem.remedy}",
                )),
            )
            for problem, places in said_once(self.verdicts, self.schemas)
        )  # fmt: skip
        return (Table((), rows),) if rows else ()

    def _where(self, places: Mapping[int, tuple[int, ...]]) -> str:
        """The recipes and releases of a problem: ``5.2 to 7.2, old``; the releases alone if there is one recipe."""
        by_releases: dict[str, list[str]] = {}
        for subject, qemus in places.items():
            by_releases.setdefault(releases_of(qemus, self.schemas), []).append(self.names[subject])
        if len(self.names) == 1:
            return "; ".join(by_releases)
        return "; ".join(f"{releases}, {' and '.join(names)}" for releases, names in by_releases.items())


def _badge(answer: Verdict) -> Badge:
    """One verdict in a few words: refused, unknown, accepted, or what decides."""
    tone = VERDICT_TONES[answer.accepted]
    kinds = dict.fromkeys(problem.kind for problem in answer.problems)
    if answer.accepted is False:
        build = "build" in kinds and "refused" not in kinds
        return Badge(KIND_WORDS["build" if build else "refused"], tone)
    if answer.accepted is None:
        return Badge(KIND_WORDS["unknown"], tone)
    deciding = [kind for kind in ("machine", "host") if kind in kinds]
    if deciding:
        return Badge(f"▲ if the {' and '.join(deciding)} can", "depends")
    return Badge("● with a note", "note") if answer.problems else _ACCEPTED


def comparison(
    recipes: Sequence[Checkable | Mapping[str, Checkable]],
    named: Mapping[str, Checkable],
    schemas: Sequence[Schema],
) -> RecipeComparison:
    """The comparison of ``recipes`` on some QEMUs; ``named`` have the names that their user gave them.

    Raises ComposeError for none, and for one without option map; SchemaError for anything but schemas.
    """
    subjects = _subjects(recipes, named)
    if not subjects:
        raise ComposeError(
            "compare(): nothing to compare; give recipes, as in compare(kvm(), tcg()) or compare(old=kvm(), new=tcg())"
        )
    for schema in schemas:
        check_schema(schema, "compare")
    maps = [_maps(recipe) for _, recipe in subjects]
    given = [name for name, _ in subjects if name is not None]
    unnamed = iter(
        names_of([one for one, (name, _) in zip(maps, subjects, strict=True) if name is None], given)
    )
    return RecipeComparison(
        tuple(next(unnamed) if name is None else name for name, _ in subjects),
        tuple(recipe for _, recipe in subjects),
        tuple(schemas),
        rows_of(maps),
        tuple(tuple(verdict(recipe, schema) for schema in schemas) for _, recipe in subjects),
    )


def _subjects(recipes: Sequence[Any], named: Mapping[str, Any]) -> list[tuple[str | None, Any]]:
    """Every recipe with its name, None if it has none. Raises ComposeError for a name that comes twice, or is no text."""
    subjects: list[tuple[str | None, Any]] = []
    for recipe in recipes:
        if isinstance(recipe, Mapping) and not isinstance(recipe, OptionMap):
            subjects += recipe.items()
        else:
            subjects.append((None, recipe))
    subjects += named.items()
    names = [name for name, _ in subjects if name is not None]
    for name in names:
        if not isinstance(name, str) or not name.strip() or len(name) > MOST_NAME:  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
            raise ComposeError(
                f"compare: got the name {brief(shown(name), 80)}; takes text of 1 to {MOST_NAME} characters, as in "
                "{'old': kvm()}"
            )
        if names.count(name) > 1:
            raise ComposeError(f"compare: got the name {shown(name)} twice; give each recipe one of its own")
    return subjects


def _maps(recipe: Any) -> tuple[OptionMap, ...]:
    return option_maps(command_line(recipe))
