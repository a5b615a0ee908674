"""ProblemsBox: the problems of a value, each with a button that applies its fix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from accelkit.checking.problem import Problem
from accelkit.schemas.schema import Schema
from accelkit.widgets.look import Look
from accelkit.widgets.notes import error_html, is_absent, problem_html
from accelkit.widgets.toolkit import w


class ProblemsBox(w.VBox):
    """A line for each problem; calls ``apply(problem)`` when the user clicks its button."""

    def __init__(self, look: Look, apply: Callable[[Problem], None]) -> None:
        self._look = look
        self._apply = apply
        self._problems: tuple[Problem, ...] = ()
        self._error = look.note_of("")
        self._lines: list[tuple[Any, Any, Any]] = []  # text, button, and the box of both
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  # the base has no types
            layout=look.column, _dom_classes=("ak-problems",)
        )

    def show(
        self,
        problems: Sequence[Problem],
        fixable: Callable[[Problem], bool],
        error: str = "",
        schema: Schema | None = None,
    ) -> None:
        """Show ``error``, then ``problems`` of the QEMU of ``schema``, with a button where ``fixable`` says so."""
        self._error.value = error_html(error)
        self._problems = tuple(problems)
        children: tuple[Any, ...] = (self._error,) if error else ()
        for number, problem in enumerate(problems):
            if number == len(self._lines):
                self._lines.append(self._line(number))
            text, button, box = self._lines[number]
            text.value = problem_html(problem, absent=is_absent(problem, schema))
            parts: tuple[Any, ...] = (text, button) if fixable(problem) else (text,)
            button.tooltip = problem.remedy
            if box.children != parts:
                box.children = parts
            children = (*children, box)
        if self.children != children:
            self.children = children

    def buttons(self) -> tuple[Any, ...]:
        """The buttons on the screen."""
        shown = self._lines[: len(self._problems)]
        return tuple(button for _, button, box in shown if button in box.children)

    def _line(self, number: int) -> tuple[Any, Any, Any]:
        text = self._look.note_of("")
        button = w.Button(description="fix", layout=self._look.small, style=self._look.button)
        button.on_click(partial(self._clicked, number))
        return text, button, w.HBox(layout=self._look.line, _dom_classes=("ak-fix",))

    def _clicked(self, number: int, _: Any) -> None:
        if number < len(self._problems):
            self._apply(self._problems[number])
