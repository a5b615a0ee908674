"""Control: one property as a widget by itself, for a user's ``interact``."""

from __future__ import annotations

from typing import Any

from accelkit.errors import DomainError
from accelkit.recipes.domains import Words
from accelkit.recipes.property import Property
from accelkit.syntax.option_map import OptionMap
from accelkit.widgets.editors import editor_for
from accelkit.widgets.guard import Guard
from accelkit.widgets.look import Look
from accelkit.widgets.notes import problems_html
from accelkit.widgets.toolkit import t, w


class Control(w.VBox, w.ValueWidget):
    """A property's control. ``value`` is the last valid value; an invalid one is explained below the control."""

    value: Any = t.Any(help="a value that the property takes: int, bool or text")
    description = t.Unicode(help="the label; the property's name unless another is given")

    def __init__(self, row: Property[Any, Any], value: Any = None) -> None:
        look = Look()
        self.row = row
        self._editor = editor_for(row, look, optional=False)
        self._note = look.below()
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  # the base has no types
            children=(*self._editor.widgets, self._note, look.sheet(), Guard()),
            layout=look.column,
        )
        self.add_class("accelkit")
        self.description = row.name
        self._editor.changed = self._follow
        self.value = _first(row) if value is None else value

    def __repr__(self) -> str:
        return f"control({self.row!r}, {self.value!r})"

    @t.validate("value")
    def _valid(self, proposal: Any) -> Any:
        text = self.row.domain.write(proposal.value, self.row.name)
        return self.row.read(OptionMap({self.row.key: text}))

    @t.observe("value")
    def _show(self, change: Any) -> None:
        text = self.row.domain.write(change.new, self.row.name)
        if self._read() != text:
            self._editor.show(text)
        self._note.value = ""

    @t.observe("description")
    def _label(self, change: Any) -> None:
        self._editor.widgets[0].description = change.new

    def _read(self) -> Any:
        """The text in the editor; None where the property does not take it."""
        try:
            return self._editor.read()
        except DomainError:
            return None

    def _follow(self) -> None:
        error, text = "", None
        try:
            text = self._editor.read()
        except DomainError as refusal:
            error = str(refusal)
        if text is None:
            self._note.value = problems_html((), error or f"takes {self.row.domain.allowed}")
        else:
            self._note.value = ""
            self.value = text


def _first(row: Property[Any, Any]) -> Any:
    """The initial value of a control: the first word, or 0, off or the usual path."""
    if isinstance(row.domain, Words):
        return row.domain.words[0]
    for text in ("0", "off", row.default.split()[0], "-1"):
        value = row.domain.read(text)
        if value is not None and not (isinstance(value, str) and not value.startswith("/")):
            return value
    return ""
