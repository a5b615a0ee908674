"""Look: the layouts and styles that all controls of one form share; each is a model of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from accelkit.widgets.toolkit import (
    CheckboxStyle,
    DescriptionStyle,
    HTMLStyle,
    TextStyle,
    ToggleButtonStyle,
    w,
)

_CSS: Final = (Path(__file__).parent / "look.css").read_text(encoding="utf-8")


class Look:
    """Made once a form: sharing halves the time it takes to put a form on the screen."""

    def __init__(self) -> None:
        self.row = w.Layout(flex_flow="row wrap", align_items="flex-start", width="100%")
        self.line = w.Layout(flex_flow="row wrap", align_items="center", width="100%")
        self.together = w.Layout(flex="0 0 auto", flex_flow="row nowrap")
        self.column = w.Layout(width="100%")
        self.properties = w.Layout(width="100%", flex_flow="column nowrap")
        self.entry = w.Layout(flex="0 1 420px", min_width="300px")
        self.field = w.Layout(width="calc(100% - 4px)")
        self.note = w.Layout(flex="1 1 300px", min_width="0", margin="0 0 0 8px")
        self.said = w.Layout(width="calc(100% - 4px)")
        self.small = w.Layout(width="auto", min_width="72px", align_self="flex-start")
        self.word = w.Layout(width="auto", margin="0 12px 0 0")
        self.description = DescriptionStyle(description_width="176px")
        self.text = TextStyle(description_width="176px")
        self.slider = w.SliderStyle(description_width="176px")
        self.buttons = w.ToggleButtonsStyle(description_width="176px", button_width="64px")
        self.checkbox = CheckboxStyle(description_width="initial")
        self.html = HTMLStyle()
        self.button = w.ButtonStyle()
        self.toggle = ToggleButtonStyle()

    def sheet(self) -> Any:
        """The style sheet, in a widget of the stock: no script has to be loaded for it."""
        return w.HTML(f"<style>{_CSS}</style>", layout=w.Layout(display="none"))

    def beside(self) -> Any:
        """Words beside a control; below it where the page is narrow."""
        return w.HTML(layout=self.note, style=self.html)

    def below(self) -> Any:
        """Words on lines of their own."""
        return w.HTML(layout=self.said, style=self.html)
