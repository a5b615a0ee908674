"""PropertyRow: one property in the explorer, folded to its name and meaning, or open with its controls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accelkit.checking.problem import FATAL, Problem
from accelkit.errors import DomainError
from accelkit.recipes.property import Property
from accelkit.schemas.schema import Schema
from accelkit.widgets.alternative import Choice, texts
from accelkit.widgets.changes import choice_text
from accelkit.widgets.editors import Editor, editor_for
from accelkit.widgets.look import Look, quietly
from accelkit.widgets.notes import folded_html, lacking, property_html
from accelkit.widgets.sweep_editor import sweep_editor_for
from accelkit.widgets.toolkit import w


class PropertyRow(w.HBox):
    """Shows a choice; calls ``chosen(key, choice)`` when the user makes one.

    The controls are built when the row is first opened. The button with the name stays in its place then, so that it
    keeps the focus.
    """

    def __init__(
        self,
        row: Property[Any, Any],
        accel: str,
        look: Look,
        chosen: Callable[[str, Choice | None], None],
    ) -> None:
        self.row = row
        self.quiet = False
        self.opened = False
        self._accel = accel
        self._look = look
        self._chosen = chosen
        self._choice: Choice | None = None
        self._error = ""
        self._missing = ""
        self._problems: tuple[Problem, ...] = ()
        self._shown: tuple[Any, ...] = ()  # what the note, marks and controls were last brought in line with
        self._editor: Editor | None = None  # the one of the two that is shown
        self._value_editor: Editor | None = None
        self._sweep_editor: Editor | None = None
        self.fold = w.Button(description=row.name, tooltip=row.doc, layout=look.name, style=look.button)
        self.fold.on_click(self._folded)
        self._note = look.note_of(folded_html(row))
        self._classes = ("ak-row", f"ak-row-{row.key}")
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  # the base has no types
            children=(self.fold, self._note), layout=look.property, _dom_classes=self._classes
        )

    def __repr__(self) -> str:
        return f"PropertyRow({self.row!r})"

    @property
    def editor(self) -> Editor:
        """The editor that the row shows, or would show if it were open."""
        if self._editor is None:
            self._build()
        assert self._editor is not None
        return self._editor

    @property
    def in_use(self) -> bool:
        """Whether the row has something that the user may not lose: a choice, or text that is no value."""
        return self._choice is not None or bool(self._error)

    def settle(self, choice: Choice | None) -> None:
        """Show ``choice`` of a value that is new to the form: open if it is set, else folded."""
        self.show(choice, afresh=True)
        self._open(choice is not None)

    def show(self, choice: Choice | None, *, afresh: bool) -> None:
        """Set the controls to ``choice``; unless ``afresh``, leave half-typed text alone."""
        if not afresh and choice == self._choice:
            return
        appeared = choice is not None and self._choice is None
        self._error = ""
        self._choice = choice
        if self._editor is not None:
            self._use_editor(isinstance(choice, tuple))
            self.editor.show(choice)
        if appeared:
            self._open(True)

    def judge(self, schema: Schema | None, problems: tuple[Problem, ...]) -> None:
        """Show the problems, and grey out a property that this QEMU lacks, unless it is set."""
        self._missing = lacking(self.row, self._accel, schema)
        self._problems = problems
        self._refresh()

    def _refresh(self) -> None:
        """Bring note, marks and disabled controls in line with choice, error and problems."""
        state = (self.opened, self._choice, self._error, self._missing, self._problems, self._editor)
        if state == self._shown:
            return
        self._shown = state
        idle = bool(self._missing) and not self.in_use
        if self._editor is not None:
            for editor in filter(None, (self._value_editor, self._sweep_editor)):
                editor.disable(idle)
            self.sweep.disabled = idle
            self.reset.disabled = not self.in_use
        if self.opened:
            self._note.value = property_html(
                self.row, self._accel, self._missing, self._error, self._problems
            )
        else:
            value = "" if self._choice is None else choice_text(self.row.key, self._choice)
            self._note.value = folded_html(self.row, value)
        kinds = {problem.kind for problem in self._problems}
        refused = not kinds.isdisjoint(FATAL)
        marks = {
            "ak-opened": self.opened,
            "ak-set": self._choice is not None,
            "ak-invalid": bool(self._error),
            "ak-refused": refused and not self._missing,
            "ak-absent": refused and bool(self._missing),
            "ak-host": not refused and not kinds.isdisjoint(("host", "machine")),
        }
        classes = (*self._classes, *(mark for mark, holds in marks.items() if holds))
        if self._dom_classes != classes:
            self._dom_classes = classes

    def _folded(self, _: Any) -> None:
        self._open(not self.opened)

    def _open(self, opened: bool) -> None:
        if opened == self.opened:
            return
        self.opened = opened
        if opened:
            self.editor.show(self._choice)
            self.children = (self.fold, self._box, self.sweep, self.reset, self._note)
        else:
            self.children = (self.fold, self._note)
        self._refresh()

    def _build(self) -> None:
        """Make the controls."""
        name, look = self.row.name, self._look
        self.sweep = w.ToggleButton(
            description="sweep", tooltip=f"try several values of {name}", layout=look.small, style=look.toggle
        )
        self.sweep.observe(self._switched, names="value")
        self.reset = w.Button(
            description="reset",
            tooltip=f"reset {name} to QEMU's default",
            layout=look.small,
            style=look.button,
        )
        self.reset.on_click(self._unset)
        self._box = w.VBox(layout=look.editor, _dom_classes=("ak-editor",))
        self._use_editor(isinstance(self._choice, tuple))
        self.editor.show(self._choice)

    def _watched(self, editor: Editor) -> Editor:
        editor.changed = self._edited
        return editor

    def _use_editor(self, several: bool) -> None:
        """Show the editor for one value, or the one for several."""
        if several and self._sweep_editor is None:
            self._sweep_editor = self._watched(sweep_editor_for(self.row, self._look))
        if not several and self._value_editor is None:
            self._value_editor = self._watched(editor_for(self.row, self._look))
        editor = self._sweep_editor if several else self._value_editor
        if editor is not None and editor is not self._editor:
            self._editor = editor
            self._box.children = editor.widgets
        with quietly(self):
            self.sweep.value = several

    def _switched(self, change: Any) -> None:
        if self.quiet:
            return
        several = bool(change.new)
        values = () if self._choice is None else texts(self._choice)
        choice: Choice | None = (values or None) if several else (values[0] if values else None)
        self._error = ""
        self._use_editor(several)
        self.editor.show(choice)
        self._choose(choice)

    def _unset(self, _: Any) -> None:
        self._error = ""
        self._use_editor(several=False)
        self.editor.show(None)
        self._choose(None)

    def _edited(self) -> None:
        try:
            choice = self.editor.read()
        except DomainError as error:
            self._error = str(error)
            choice = self._choice
        else:
            self._error = ""
        self._choose(choice)

    def _choose(self, choice: Choice | None) -> None:
        self._choice = choice
        self._chosen(self.row.key, choice)
        self._refresh()
