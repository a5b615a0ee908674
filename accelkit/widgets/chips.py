"""Chips: short texts in a row, each of which the user can remove; of many, the first ones and how many more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from accelkit.widgets.look import Look
from accelkit.widgets.toolkit import w

FOLDED: Final = 12
"""So many chips are shown of more."""

MOST_SHOWN: Final = 200
"""So many chips are shown of more, once the user has asked for the rest: each is a widget."""


class Chips(w.HBox):
    """Shows texts as buttons; calls ``removed`` with the place of the one that the user presses.

    The button at a place stays the same while the texts move up, so it keeps the focus: pressing again removes the next.
    """

    def __init__(self, look: Look, removed: Callable[[int], None]) -> None:
        self._look = look
        self._removed = removed
        self._texts: tuple[str, ...] = ()
        self._buttons: list[Any] = []  # by place; made as they are needed
        self._unfolded = False
        self.more = w.Button(layout=look.word_button, style=look.button)
        self.more.add_class("ak-rest")
        self.more.on_click(self._fold)
        super().__init__(layout=look.line)  # pyright: ignore[reportUnknownMemberType]  # the base has no types
        self.add_class("ak-chips")

    def show(self, texts: Sequence[str]) -> None:
        """Show ``texts``, each once."""
        if tuple(texts) != self._texts:
            self._texts = tuple(texts)
            self._update()

    def disable(self, disabled: bool) -> None:
        """Grey out the chips, or not."""
        for button in self._buttons:
            button.disabled = disabled

    def focus_on(self, place: int) -> bool:
        """Whether there is a chip at ``place`` or before it, which then has the focus."""
        shown = self.children[: place + 1]
        if shown:
            shown[-1].focus()
        return bool(shown)

    def _update(self) -> None:
        many = len(self._texts) > FOLDED + 1
        most = MOST_SHOWN if self._unfolded else FOLDED
        shown = self._texts[:most] if many else self._texts
        while len(self._buttons) < len(shown):
            button = w.Button(layout=self._look.word_button, style=self._look.button)
            button.add_class("ak-chip")
            button.on_click(self._pressed)
            self._buttons.append(button)
        for button, text in zip(self._buttons, shown, strict=False):
            button.description, button.tooltip = f"{text} ×", f"remove {text}"
        rest = len(self._texts) - len(shown)
        self.more.description = "show fewer" if many and self._unfolded else f"… and {rest} more"
        self.more.tooltip = (
            f"{rest} more are not shown"
            if rest and self._unfolded
            else ""
            if self._unfolded
            else "show them all"
        )
        children = (*self._buttons[: len(shown)], *([self.more] if many else []))
        if self.children != children:
            self.children = children

    def _fold(self, _: Any) -> None:
        self._unfolded = not self._unfolded
        self._update()

    def _pressed(self, button: Any) -> None:
        self._removed(self._buttons.index(button))
