"""Editors: the standard widgets with which the user makes one choice; one kind for each domain.

An editor shows a choice and reads one back. It reports changes made by hand and never those made by ``show``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, assert_never

from accelkit.errors import visible_line
from accelkit.recipes.domains import Int, OnOff, Size, Text, Words
from accelkit.recipes.property import Property
from accelkit.widgets.alternative import Choice, texts
from accelkit.widgets.field_text import field_text, nearest_power, powers, read_field
from accelkit.widgets.look import Look, quietly
from accelkit.widgets.toolkit import w

#: The option of a dropdown or of buttons that means "not set".
UNSET: Final = ""


class Editor:
    """The widgets of one property; calls ``changed`` when the user changes one of them."""

    def __init__(self, *widgets: Any) -> None:
        self.widgets: tuple[Any, ...] = widgets
        self.changed: Callable[[], None] = lambda: None
        self.quiet = False
        for widget in widgets:
            widget.observe(self._handle, names="value")

    def _handle(self, change: Any) -> None:
        if not self.quiet:
            self.follow(change.owner)
            self.changed()

    def disable(self, disabled: bool) -> None:
        """Grey out the widgets, or not."""
        for widget in self.widgets:
            widget.disabled = disabled

    def follow(self, moved: Any) -> None:
        """Bring the other widgets in line with the one that the user moved."""

    def show(self, choice: Choice | None) -> None:
        """Set the widgets to ``choice``."""
        raise NotImplementedError

    def read(self) -> Choice | None:
        """The choice that the widgets show. Raises DomainError with a message for the user."""
        raise NotImplementedError


class ExactText:
    """The text behind a field, which shows by its code what is not seen: no notebook could send half a character.

    As long as the user does not edit the field, it means the exact text.
    """

    def __init__(self, field: Any) -> None:
        self._field = field
        self._text = ""

    def show(self, text: str) -> None:
        """Set the field to ``text``."""
        self._text = text
        self._field.value = visible_line(text)

    def read(self) -> str:
        """The text that the field means."""
        shown: str = self._field.value
        return self._text if shown == visible_line(self._text) else shown


class WordEditor(Editor):
    """One word of several, or unset: a dropdown or buttons."""

    def __init__(self, widget: Any) -> None:
        super().__init__(widget)
        self._options = tuple(widget.options)

    def show(self, choice: Choice | None) -> None:
        [widget] = self.widgets
        text = UNSET if choice is None else texts(choice)[0]
        known = any(text == value for _, value in self._options)
        with quietly(self):
            options = self._options if known else (*self._options, (visible_line(text), text))
            if tuple(widget.options) != options:
                widget.options = options
            widget.value = text

    def read(self) -> Choice | None:
        return self.widgets[0].value or None


class FieldEditor(Editor):
    """A text field, and a slider over powers of two where the domain has one."""

    def __init__(self, row: Property[Any, Any], field: Any, slider: Any = None) -> None:
        super().__init__(*((field,) if slider is None else (field, slider)))
        self._row = row
        self._text = ExactText(field)
        self._slider = slider

    def follow(self, moved: Any) -> None:
        with quietly(self):
            if moved is self._slider:
                self._text.show(field_text(self._row.domain, moved.value))
            elif self._slider is not None:
                try:
                    step = nearest_power(self._row.domain, read_field(self._row, self._text.read()))
                except ValueError:
                    return  # leave the slider where it is until the text is a value
                self._slider.value = (
                    step if any(step == value for _, value in self._slider.options) else self._slider.value
                )

    def show(self, choice: Choice | None) -> None:
        text = None if choice is None else texts(choice)[0]
        with quietly(self):
            self._text.show("" if text is None else field_text(self._row.domain, text))
            self.follow(self.widgets[0])

    def read(self) -> Choice | None:
        return read_field(self._row, self._text.read())


def editor_for(row: Property[Any, Any], look: Look, *, optional: bool = True, name: str = "") -> Editor:
    """The editor that fits the domain of ``row``; the user can leave an ``optional`` one unset."""
    name = name or row.name
    unset = (("unset", UNSET),) if optional else ()
    domain = row.domain
    match domain:
        case OnOff():
            return WordEditor(w.ToggleButtons(
                options=(*unset, ("on", "on"), ("off", "off")), description=name,
                layout=look.field, style=look.buttons,
            ))  # fmt: skip
        case Words(words):
            return WordEditor(w.Dropdown(
                options=(*unset, *((word, word) for word in words)), description=name,
                layout=look.field, style=look.description,
            ))  # fmt: skip
        case Int() | Size() | Text():
            hint = "unset" if optional else "value"
            steps = powers(domain)
            field = w.Text(description=name, placeholder=hint, layout=look.field, style=look.text)
            if not steps:
                return FieldEditor(row, field)
            return FieldEditor(row, field, w.SelectionSlider(
                options=(*unset, *steps), description=" ", layout=look.field, style=look.slider,
                readout=False,  # it looks like a field, but ignores what is typed; the field shows the value
            ))  # fmt: skip
        case _:
            assert_never(domain)
