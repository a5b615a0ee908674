"""PropertyRow: one property in the explorer: its entry, the switch to a sweep, and what is to say of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accelkit.checking.problem import Problem
from accelkit.errors import DomainError
from accelkit.recipes.property import Property
from accelkit.schemas.schema import Schema
from accelkit.widgets.alternative import Choice, texts
from accelkit.widgets.editors import Entry, entry_for, sweep_for
from accelkit.widgets.look import Look
from accelkit.widgets.notes import lacking, property_html
from accelkit.widgets.toolkit import w


class PropertyRow(w.HBox):
    """Shows a choice and, when one is made by hand, calls ``chosen(key, choice)``."""

    def __init__(
        self,
        row: Property[Any, Any],
        accel: str,
        look: Look,
        chosen: Callable[[str, Choice | None], None],
    ) -> None:
        self.row = row
        self._accel = accel
        self._look = look
        self._chosen = chosen
        self._choice: Choice | None = None
        self._error = ""
        self._said: tuple[Any, ...] = ()
        self.entry = self._ready(entry_for(row, look))
        self._single = self.entry
        self._several: Entry | None = None  # built when it is first wanted
        self.sweep = w.ToggleButton(
            description="sweep",
            tooltip=f"try several values of {row.name}",
            layout=look.small,
            style=look.toggle,
        )
        self.sweep.observe(self._switched, names="value")
        self._box = w.VBox(children=self.entry.widgets, layout=look.entry)
        self._note = look.beside()
        super().__init__(children=(self._box, self.sweep, self._note), layout=look.row)  # pyright: ignore[reportUnknownMemberType]  # the base has no types
        self.add_class("ak-row")
        self.add_class(f"ak-row-{row.key}")

    def _ready(self, entry: Entry) -> Entry:
        entry.changed = self._edited
        return entry

    def show(self, choice: Choice | None, *, afresh: bool) -> None:
        """Set the controls to ``choice``; unless ``afresh``, what is half typed is left alone."""
        if afresh or choice != self._choice:
            self._error = ""
            self._choice = choice
            self._take(isinstance(choice, tuple))
            self.entry.show(choice)

    def judge(self, schema: Schema | None, problems: tuple[Problem, ...]) -> None:
        """Say what is wrong, and grey out what this QEMU lacks, unless it is set."""
        said = (schema, problems, self._error)
        if said == self._said:
            return
        self._said = said
        missing = lacking(self.row, self._accel, schema)
        idle = bool(missing) and self._choice is None and not self._error
        for entry in filter(None, (self._single, self._several)):
            entry.disable(idle)
        self.sweep.disabled = idle
        self._note.value = property_html(self.row, self._accel, missing, self._error, problems)

    def _take(self, several: bool) -> None:
        """Have the entry for one value, or for several."""
        if several and self._several is None:
            self._several = self._ready(sweep_for(self.row, self._look))
        entry = self._several if several and self._several is not None else self._single
        if entry is not self.entry:
            self.entry = entry
            self._box.children = self._labelled(entry)
        if self.sweep.value != several:
            self.sweep.unobserve(self._switched, names="value")
            self.sweep.value = several
            self.sweep.observe(self._switched, names="value")

    def _labelled(self, entry: Entry) -> tuple[Any, ...]:
        """The widgets of an entry, below a name where they do not show it themselves."""
        if len(entry.widgets) and isinstance(entry.widgets[0], w.Checkbox):
            boxes = w.HBox(children=entry.widgets, layout=self._look.row)
            return (w.Label(self.row.name, layout=self._look.field), boxes)
        return entry.widgets

    def _switched(self, change: Any) -> None:
        several = bool(change.new)
        found = () if self._choice is None else texts(self._choice)
        choice: Choice | None = (found or None) if several else (found[0] if found else None)
        self._error = ""
        self._take(several)
        self.entry.show(choice)
        self._choice = choice
        self._chosen(self.row.key, choice)

    def _edited(self) -> None:
        try:
            choice = self.entry.read()
        except DomainError as error:
            self._error = str(error)
            choice = self._choice
        else:
            self._error = ""
        self._choice = choice
        self._chosen(self.row.key, choice)
