"""Sweep editors: the widgets with which the user chooses several values of one property."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

from accelkit.errors import AccelkitError
from accelkit.recipes.domains import Int, OnOff, Size, Text, Words
from accelkit.recipes.property import Property
from accelkit.widgets.alternative import Choice, texts
from accelkit.widgets.changes import choice_text
from accelkit.widgets.chips import Chips
from accelkit.widgets.editors import Editor
from accelkit.widgets.field_text import field_text, nearest_power, powers, read_sweep
from accelkit.widgets.look import Look, quietly
from accelkit.widgets.notes import problems_html
from accelkit.widgets.toolkit import w


class WordsSweepEditor(Editor):
    """Several words: a checkbox for each."""

    def __init__(self, boxes: dict[str, Any]) -> None:
        super().__init__(*boxes.values())
        self._boxes = boxes

    def show(self, choice: Choice | None) -> None:
        with quietly(self):
            for word, box in self._boxes.items():
                box.value = choice is not None and word in texts(choice)

    def read(self) -> Choice | None:
        return tuple(word for word, box in self._boxes.items() if box.value) or None


class ValuesSweepEditor(Editor):
    """Each value a chip; a field adds values, or a range ``a..b`` by doubling; a slider with two handles sets a range.

    What the field cannot take stays in it, marked, with the reason below it; the values stay as they are.
    """

    def __init__(self, row: Property[Any, Any], look: Look, slider: Any = None) -> None:
        self.field = w.Text(
            description=row.name, placeholder=f"{_example(row)}; then Enter",
            continuous_update=False, layout=look.field, style=look.text,
        )  # fmt: skip
        self.chips = Chips(look, self._removed)
        self.reason = look.below()
        self.reason.add_class("ak-reason")
        self._row = row
        self._slider = slider
        self._texts: tuple[str, ...] = ()
        controls = (self.field,) if slider is None else (self.field, slider)
        super().__init__(*controls)
        self.widgets = (self.field, self.reason, self.chips, *controls[1:])

    def _handle(self, change: Any) -> None:
        if not self.quiet and (self._slid() if change.owner is self._slider else self._added()):
            self.changed()

    def disable(self, disabled: bool) -> None:
        self.field.disabled = disabled
        if self._slider is not None:
            self._slider.disabled = disabled
        self.chips.disable(disabled)

    def show(self, choice: Choice | None) -> None:
        self._take(() if choice is None else texts(choice))
        if self._texts and self._slider is not None:
            ends = [nearest_power(self._row.domain, text) for text in (self._texts[0], self._texts[-1])]
            if all(ends):
                with quietly(self):
                    self._slider.value = tuple(sorted(ends, key=int))

    def read(self) -> Choice | None:
        return self._texts or None

    def _take(self, values: Sequence[str]) -> None:
        """Show these values, and an empty field."""
        self._texts = tuple(values)
        self.chips.show([choice_text(self._row.key, text) for text in self._texts])
        with quietly(self):
            self.field.value = ""
        self._say("")

    def _say(self, reason: str) -> None:
        """Mark the field, with the reason below it; empty for none."""
        self.field.add_class("ak-bad") if reason else self.field.remove_class("ak-bad")
        self.reason.value = problems_html((), reason) if reason else ""

    def _added(self) -> bool:
        """Whether the field had new values, which are chips now."""
        typed = self.field.value
        try:
            values = read_sweep(self._row, typed)
        except AccelkitError as error:
            self._say(str(error))
            return False
        new = [text for text in values if text not in self._texts]
        if values and not new:
            known = choice_text(self._row.key, values[:3])
            self._say(f"{known}: {'is' if len(values) == 1 else 'are'} among the values; add another")
            return False
        self._take((*self._texts, *new))
        return bool(new)

    def _slid(self) -> bool:
        low, high = (field_text(self._row.domain, end) for end in self._slider.value)
        self._take(read_sweep(self._row, low if low == high else f"{low}..{high}"))
        return True

    def _removed(self, place: int) -> None:
        self._take([text for number, text in enumerate(self._texts) if number != place])
        if place >= len(self._texts) and not self.chips.focus_on(place):
            self.field.focus()  # the chip that had the focus is gone
        self.changed()


def _example(row: Property[Any, Any]) -> str:
    """What the field takes, in a few words."""
    if isinstance(row.domain, Text):
        return "add values, with commas between"
    return "add 8, 64 or 8..512"


def sweep_editor_for(row: Property[Any, Any], look: Look) -> Editor:
    """The editor with which the user chooses several values of ``row``."""
    domain = row.domain
    match domain:
        case OnOff() | Words():
            words = ("on", "off") if isinstance(domain, OnOff) else domain.words
            return WordsSweepEditor({
                word: w.Checkbox(description=word, indent=False, layout=look.word, style=look.checkbox)
                for word in words
            })  # fmt: skip
        case Int() | Size() | Text():
            steps = powers(domain)
            if not steps:
                return ValuesSweepEditor(row, look)
            return ValuesSweepEditor(row, look, w.SelectionRangeSlider(
                options=steps, index=(0, 0), description="from, to", layout=look.field, style=look.slider,
                readout=False,
            ))  # fmt: skip
        case _:
            assert_never(domain)
