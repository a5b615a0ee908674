"""PropertyList: the properties of one accelerator, those that are set first, the others by purpose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from accelkit.checking.problem import Problem
from accelkit.recipes.property import Property
from accelkit.recipes.purposes import PURPOSES
from accelkit.recipes.table import PROPERTIES
from accelkit.schemas.schema import Schema
from accelkit.widgets.alternative import Alternative, Choice
from accelkit.widgets.look import Look
from accelkit.widgets.notes import lacking, lacking_html, purpose_html
from accelkit.widgets.property_row import PropertyRow
from accelkit.widgets.toolkit import w


class PropertyList(w.VBox):
    """Shows the choices of an alternative; calls ``chosen(key, choice)`` when the user makes one.

    Which rows come first is decided when the form shows a value that is new to it: assigned, pasted, or of another
    accelerator. A row that the user sets is marked where it is, so nothing moves below the pointer.
    """

    def __init__(self, look: Look, chosen: Callable[[str, Choice | None], None]) -> None:
        self._look = look
        self._chosen = chosen
        self._accel = ""
        self._rows: dict[tuple[str, str], PropertyRow] = {}
        self._first: dict[str, tuple[str, ...]] = {}
        self._headings: dict[str, Any] = {}
        self._lacking = look.note_of("")
        super().__init__(layout=look.column, _dom_classes=("ak-properties",))  # pyright: ignore[reportUnknownMemberType]  # the base has no types

    def rows(self) -> tuple[PropertyRow, ...]:
        """The rows on the screen."""
        return tuple(child for child in self.children if isinstance(child, PropertyRow))

    def row(self, key: str) -> PropertyRow:
        """The row of a property of the accelerator; built when it is first asked for."""
        if (self._accel, key) not in self._rows:
            self._rows[self._accel, key] = PropertyRow(PROPERTIES[key], self._accel, self._look, self._chosen)
        return self._rows[self._accel, key]

    def show(self, alternative: Alternative, schema: Schema | None, *, afresh: bool, anew: bool) -> None:
        """Set the controls to ``alternative``; unless ``afresh``, leave half-typed text alone.

        ``anew`` if its value is new to the form: then the rows that are set come first, and open.
        """
        accel = alternative.accel or ""
        anew = anew or accel not in self._first
        self._accel = accel
        own = [row for row in PROPERTIES.values() if accel in row.accels]
        if anew:
            self._first[accel] = tuple(row.key for row in own if row.key in alternative.choices)
        missing: list[Property[Any, Any]] = []
        present: list[Property[Any, Any]] = []
        for row in own:
            choice = alternative.choices.get(row.key)
            built = self._rows.get((accel, row.key))
            in_use = choice is not None or (built is not None and built.opened and not anew)
            if lacking(row, accel, schema) and not in_use:
                missing.append(row)
                if built is None:
                    continue
            else:
                present.append(row)
            shown = self.row(row.key)
            if anew:
                shown.settle(choice)
            else:
                shown.show(choice, afresh=afresh)
        self._lay_out(present)
        self._lacking.value = lacking_html(missing, accel, schema)

    def judge(self, schema: Schema | None, problems: Mapping[str, tuple[Problem, ...]]) -> None:
        """Show the problems of each property, by its key."""
        for row in self.rows():
            row.judge(schema, problems.get(row.row.key, ()))

    def clear(self) -> None:
        """Show no rows: the value has no controls."""
        self.children = ()

    def _lay_out(self, present: list[Property[Any, Any]]) -> None:
        first = self._first[self._accel]
        children: list[Any] = []
        if set_rows := [self.row(row.key) for row in present if row.key in first]:
            children += [self._heading("set", "differs from QEMU's default"), *set_rows]
        others = [row for row in present if row.key not in first]
        for purpose, meaning in PURPOSES.items():
            if rows := [self.row(row.key) for row in others if row.purpose == purpose]:
                children += [self._heading(purpose, meaning), *rows]
        children.append(self._lacking)
        if self.children != tuple(children):
            self.children = children

    def _heading(self, title: str, meaning: str) -> Any:
        if title not in self._headings:
            self._headings[title] = self._look.note_of(purpose_html(title, meaning))
        return self._headings[title]
