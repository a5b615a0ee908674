"""PropertyRow: one property in the explorer: its editor, the switch to a sweep, and the note beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accelkit.checking.problem import Problem
from accelkit.errors import DomainError
from accelkit.recipes.property import Property
from accelkit.schemas.schema import Schema
from accelkit.widgets.alternative import Choice, texts
from accelkit.widgets.editors import Editor, editor_for
from accelkit.widgets.look import Look, quietly
from accelkit.widgets.notes import lacking, property_html
from accelkit.widgets.sweep_editor import sweep_editor_for
from accelkit.widgets.toolkit import w


class PropertyRow(w.HBox):
    """Shows a choice; calls ``chosen(key, choice)`` when the user makes one."""

    def __init__(
        self,
        row: Property[Any, Any],
        accel: str,
        look: Look,
        chosen: Callable[[str, Choice | None], None],
    ) -> None:
        self.row = row
        self.quiet = False
        self._accel = accel
        self._look = look
        self._chosen = chosen
        self._choice: Choice | None = None
        self._error = ""
        self._verdict: tuple[Any, ...] = ()
        self.editor = self._watched(editor_for(row, look))
        self._value_editor = self.editor
        self._sweep_editor: Editor | None = None  # built when the user first sweeps
        self.sweep = w.ToggleButton(
            description="sweep",
            tooltip=f"try several values of {row.name}",
            layout=look.small,
            style=look.toggle,
        )
        self.sweep.observe(self._switched, names="value")
        self._box = w.VBox(children=self.editor.widgets, layout=look.editor)
        self._note = look.beside()
        super().__init__(children=(self._box, self.sweep, self._note), layout=look.row)  # pyright: ignore[reportUnknownMemberType]  # the base has no types
        self.add_class("ak-row")
        self.add_class(f"ak-row-{row.key}")

    def _watched(self, editor: Editor) -> Editor:
        editor.changed = self._edited
        return editor

    def show(self, choice: Choice | None, *, afresh: bool) -> None:
        """Set the controls to ``choice``; unless ``afresh``, leave half-typed text alone."""
        if afresh or choice != self._choice:
            self._error = ""
            self._choice = choice
            self._use_editor(isinstance(choice, tuple))
            self.editor.show(choice)

    def judge(self, schema: Schema | None, problems: tuple[Problem, ...]) -> None:
        """Show the problems, and grey out a property that this QEMU lacks, unless it is set."""
        verdict = (schema, problems, self._error)
        if verdict == self._verdict:
            return
        self._verdict = verdict
        missing = lacking(self.row, self._accel, schema)
        idle = bool(missing) and self._choice is None and not self._error
        for editor in filter(None, (self._value_editor, self._sweep_editor)):
            editor.disable(idle)
        self.sweep.disabled = idle
        self._note.value = property_html(self.row, self._accel, missing, self._error, problems)

    def _use_editor(self, several: bool) -> None:
        """Show the editor for one value, or the one for several."""
        if several and self._sweep_editor is None:
            self._sweep_editor = self._watched(sweep_editor_for(self.row, self._look))
        editor = self._sweep_editor if several and self._sweep_editor is not None else self._value_editor
        if editor is not self.editor:
            self.editor = editor
            self._box.children = self._labelled(editor)
        with quietly(self):
            self.sweep.value = several

    def _labelled(self, editor: Editor) -> tuple[Any, ...]:
        """The widgets of an editor, below the name of the property where they do not show it themselves."""
        if len(editor.widgets) and isinstance(editor.widgets[0], w.Checkbox):
            boxes = w.HBox(children=editor.widgets, layout=self._look.row)
            return (w.Label(self.row.name, layout=self._look.field), boxes)
        return editor.widgets

    def _switched(self, change: Any) -> None:
        if self.quiet:
            return
        several = bool(change.new)
        values = () if self._choice is None else texts(self._choice)
        choice: Choice | None = (values or None) if several else (values[0] if values else None)
        self._error = ""
        self._use_editor(several)
        self.editor.show(choice)
        self._choice = choice
        self._chosen(self.row.key, choice)

    def _edited(self) -> None:
        try:
            choice = self.editor.read()
        except DomainError as error:
            self._error = str(error)
            choice = self._choice
        else:
            self._error = ""
        self._choice = choice
        self._chosen(self.row.key, choice)
