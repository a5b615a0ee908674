"""Look: the layouts and styles that the controls of one form share; quietly, which holds off the echo of a control."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

from accelkit.widgets.toolkit import (
    CheckboxStyle,
    DescriptionStyle,
    HTMLStyle,
    TextStyle,
    ToggleButtonStyle,
    w,
)

_CSS: Final = "".join(
    (Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("look.css", "explorer.css")
)


class Listener(Protocol):
    """Whoever handles the changes of controls; its handlers return at once while it is ``quiet``."""

    quiet: bool


@contextmanager
def quietly(listener: Listener) -> Generator[None]:
    """A block in which code sets the controls of ``listener``: only changes made by hand are to be handled."""
    before, listener.quiet = listener.quiet, True
    try:
        yield
    finally:
        listener.quiet = before


class Look:
    """One instance per form: each layout and style is a widget model, and sharing them halves the time to show a form."""

    def __init__(self) -> None:
        self.row = w.Layout(flex_flow="row wrap", align_items="flex-start", width="100%")
        self.line = w.Layout(flex_flow="row wrap", align_items="center", width="100%")
        self.together = w.Layout(flex="0 0 auto", flex_flow="row nowrap")
        self.column = w.Layout(width="100%")
        self.columns = w.Layout(width="100%")
        self.property = w.Layout(flex_flow="row wrap", align_items="center", width="100%")
        self.name = w.Layout(flex="0 0 190px", width="auto")
        self.editor = w.Layout(flex="1 1 220px", min_width="0")
        self.tabs = w.Layout(width="auto")
        self.text_note = w.Layout(width="auto", min_width="0", margin="0")
        self.half = w.Layout(flex="1 1 270px", width="auto", min_width="0")
        self.field = w.Layout(width="calc(100% - 4px)")
        self.note = w.Layout(flex="1 1 300px", min_width="0", margin="0 0 0 8px")
        self.lines = w.Layout(width="calc(100% - 4px)")
        self.small = w.Layout(width="auto", min_width="64px")
        self.steady = w.Layout(width="80px")  # as wide whatever the button says: its neighbour does not move
        self.word = w.Layout(width="auto", margin="0 12px 0 0")
        self.word_button = w.Layout(width="auto", max_width="100%", margin="2px 4px 2px 0")
        self.description = DescriptionStyle(description_width="176px")
        self.tight = DescriptionStyle(description_width="initial")
        self.middle = DescriptionStyle(description_width="104px")
        self.middle_text = TextStyle(description_width="104px")
        self.short = DescriptionStyle(description_width="92px")
        self.short_text = TextStyle(description_width="92px")
        self.tab = w.ToggleButtonsStyle(button_width="auto")
        self.text = TextStyle(description_width="176px")
        self.slider = w.SliderStyle(description_width="176px")
        self.buttons = w.ToggleButtonsStyle(description_width="176px", button_width="64px")
        self.checkbox = CheckboxStyle(description_width="initial")
        self.html = HTMLStyle()
        self.button = w.ButtonStyle()
        self.toggle = ToggleButtonStyle()

    def sheet(self) -> Any:
        """The style sheet in a standard HTML widget, which needs no script."""
        return w.HTML(f"<style>{_CSS}</style>", layout=w.Layout(display="none"))

    def beside(self) -> Any:
        """An empty text beside a control; below it where the page is narrow."""
        return w.HTML(layout=self.note, style=self.html)

    def note_of(self, text: str) -> Any:
        """A text that is as wide as the place it stands in."""
        return w.HTML(text, layout=self.text_note, style=self.html)

    def below(self) -> Any:
        """An empty text below the controls, as wide as the form."""
        return w.HTML(layout=self.lines, style=self.html)
