"""Sweep editors: the widgets with which the user chooses several values of one property."""

from __future__ import annotations

from typing import Any, assert_never

from accelkit.recipes.domains import Int, OnOff, Size, Text, Words
from accelkit.recipes.property import Property
from accelkit.widgets.alternative import Choice, texts
from accelkit.widgets.editors import Editor, ExactText
from accelkit.widgets.field_text import field_text, nearest_power, powers, read_sweep, sweep_text
from accelkit.widgets.look import Look, quietly
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


class FieldSweepEditor(Editor):
    """Values separated by commas, or ``a..b`` for doubling; a slider with two handles sets the latter."""

    def __init__(self, row: Property[Any, Any], field: Any, slider: Any = None) -> None:
        super().__init__(*((field,) if slider is None else (field, slider)))
        self._row = row
        self._text = ExactText(field)
        self._slider = slider

    def follow(self, moved: Any) -> None:
        if moved is self._slider:
            low, high = (field_text(self._row.domain, end) for end in moved.value)
            with quietly(self):
                self._text.show(low if low == high else f"{low}..{high}")

    def show(self, choice: Choice | None) -> None:
        with quietly(self):
            self._text.show("" if choice is None else sweep_text(self._row.domain, texts(choice)))
            if choice is not None and self._slider is not None:
                ends = (
                    nearest_power(self._row.domain, texts(choice)[0]),
                    nearest_power(self._row.domain, texts(choice)[-1]),
                )
                if all(ends):
                    self._slider.value = tuple(sorted(ends, key=int))

    def read(self) -> Choice | None:
        return read_sweep(self._row, self._text.read()) or None


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
            hint = (
                "values separated by commas"
                if isinstance(domain, Text)
                else "8, 64, 512 or 8..512 (doubling)"
            )
            field = w.Text(description=row.name, placeholder=hint, layout=look.field, style=look.text)
            if not steps:
                return FieldSweepEditor(row, field)
            return FieldSweepEditor(row, field, w.SelectionRangeSlider(
                options=steps, index=(0, 0), description="from, to", layout=look.field, style=look.slider,
                readout=False,
            ))  # fmt: skip
        case _:
            assert_never(domain)
