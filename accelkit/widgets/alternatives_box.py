"""AlternativesBox: a row for each alternative of a form, with buttons to edit, move and remove; ``add`` stands elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from accelkit.document import html_text
from accelkit.errors import AccelkitError
from accelkit.widgets.form import Form
from accelkit.widgets.look import Look, quietly
from accelkit.widgets.toolkit import w


class AlternativesBox(w.VBox):
    """Shows the alternatives of a form; calls ``changed(form, place)`` with the form and place after a click."""

    def __init__(self, look: Look, changed: Callable[[Form, int], None]) -> None:
        self._look = look
        self._changed = changed
        self._form = Form()
        self._place = 0
        self.quiet = False
        self._rows: list[tuple[Any, tuple[Any, ...]]] = []
        self.combine = w.Dropdown(
            options=(("QEMU tries them in order: first_of", "first_of"), ("a study compares them: each", "each")),
            description="alternatives", layout=look.field, style=look.short,
        )  # fmt: skip
        self.combine.observe(self._combined, names="value")
        self.add = self._button("add an alternative", "another accelerator to fall back to, or to compare")
        self.add.on_click(partial(self._clicked, lambda: (self._form.added(), len(self._form.alternatives))))
        super().__init__(layout=look.column)  # pyright: ignore[reportUnknownMemberType]  # the base has no types

    def show(self, form: Form, place: int) -> None:
        """Show ``form``, of which the user edits the alternative at ``place``."""
        self._form, self._place = form, place
        count = len(form.alternatives) if len(form.alternatives) > 1 else 0
        while len(self._rows) < count:
            self._rows.append(self._row(len(self._rows)))
        for number, (summary, buttons) in enumerate(self._rows[:count]):
            summary.value = _summary(form, number, edited=number == place)
            edit, earlier, later, _ = buttons
            edit.disabled = number == place
            earlier.disabled = number == 0
            later.disabled = number == count - 1
        with quietly(self):
            self.combine.value = form.combine
        boxes = [summary.box for summary, _ in self._rows[:count]]
        children = (self.combine, *boxes) if count else ()
        if self.children != children:
            self.children = children

    def buttons(self, place: int) -> tuple[Any, ...]:
        """The buttons of a row: edit, earlier, later, remove."""
        return self._rows[place][1]

    def _row(self, place: int) -> tuple[Any, tuple[Any, ...]]:
        summary = self._look.beside()
        actions: dict[str, Callable[[], tuple[Form, int]]] = {
            "edit": lambda: (self._form, place),
            "earlier": lambda: (self._form.moved(place, -1), self._after_move(place, -1)),
            "later": lambda: (self._form.moved(place, 1), self._after_move(place, 1)),
            "remove": lambda: (self._form.without(place), self._place - (place < self._place)),
        }
        buttons: list[Any] = []
        for name, action in actions.items():
            button = self._button(name, f"{name}: alternative {place + 1}")
            button.on_click(partial(self._clicked, action))
            buttons.append(button)
        together = w.HBox(children=buttons, layout=self._look.together)
        summary.box = w.HBox(children=(summary, together), layout=self._look.line)
        summary.box.add_class("ak-alternative")
        return summary, tuple(buttons)

    def _clicked(self, action: Callable[[], tuple[Form, int]], _: Any) -> None:
        self._changed(*action())

    def _after_move(self, place: int, by: int) -> int:
        """The place of the edited alternative after the one at ``place`` has moved by ``by``."""
        swapped = {place: place + by, place + by: place}
        return swapped.get(self._place, self._place)

    def _button(self, name: str, tooltip: str) -> Any:
        return w.Button(description=name, tooltip=tooltip, layout=self._look.small, style=self._look.button)

    def _combined(self, change: Any) -> None:
        if not self.quiet:
            self._changed(Form(self._form.alternatives, change.new), self._place)


def _summary(form: Form, place: int, *, edited: bool) -> str:
    """One alternative as a line, with a mark at the edited one."""
    try:
        line = repr(form.alternatives[place].recipe())
    except AccelkitError as error:
        line = str(error)
    mark = " ← shown below" if edited else ""
    return f"{place + 1}. <code>{html_text(line)}</code>{mark}"
