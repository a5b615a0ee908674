"""PasteField: the field that takes a value in any notation, and what it says of a text that is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accelkit.errors import AccelkitError
from accelkit.widgets.form import Value
from accelkit.widgets.look import Look
from accelkit.widgets.notes import problems_html
from accelkit.widgets.pasted import not_taken, pasted
from accelkit.widgets.toolkit import w


class PasteField(w.VBox):
    """Calls ``taken(value)`` with what the user pasted, and is empty again; a wrong text stays, with the reason."""

    def __init__(self, look: Look, taken: Callable[[Value], None]) -> None:
        self._taken = taken
        self.field = w.Text(
            description="paste", continuous_update=False, layout=look.field, style=look.short_text,
            placeholder="a QEMU command line, an -accel argument, domain XML or Python; then Enter",
        )  # fmt: skip
        self.note = look.note_of("")
        self.field.observe(self._pasted, names="value")
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  # the base has no types
            children=(self.field, self.note), layout=look.column, _dom_classes=("ak-field",)
        )

    def _pasted(self, change: Any) -> None:
        if not change.new.strip():
            return
        try:
            value = pasted(change.new)
        except AccelkitError as error:
            self.note.value = problems_html((), not_taken(change.new, error))
            self._mark(invalid=True)
            return
        self.note.value = ""
        self._mark(invalid=False)
        self.field.value = ""
        self._taken(value)

    def _mark(self, *, invalid: bool) -> None:
        self._dom_classes = ("ak-field", "ak-invalid") if invalid else ("ak-field",)
