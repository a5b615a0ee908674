"""ResultPanel: what the controls amount to: verdict, code, problems, changes, and the study of a sweep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from accelkit.checking.problem import Problem
from accelkit.recipes.forms import Form as Written
from accelkit.schemas.schema import Schema
from accelkit.widgets.changes import changes_html
from accelkit.widgets.form import Form, Value
from accelkit.widgets.look import Look
from accelkit.widgets.notes import verdict_html
from accelkit.widgets.outputs import TABS, output_html
from accelkit.widgets.problems_box import ProblemsBox
from accelkit.widgets.study_panel import StudyPanel
from accelkit.widgets.toolkit import w

#: The guest's architecture where no QEMU is chosen.
_TARGET: Final = "x86_64"


class ResultPanel(w.VBox):
    """Stands beside the controls where there is room, else above them with the code folded to one line.

    Calls ``apply(problem)`` when the user clicks the fix of a problem.
    """

    def __init__(self, look: Look, apply: Callable[[Problem], None]) -> None:
        self._value: Value | None = None
        self._target = _TARGET
        self.verdict = look.note_of("")
        self.tabs = w.ToggleButtons(
            options=TABS, description="form of the code", layout=look.tabs, style=look.tab,
            _dom_classes=("ak-tabs",),
        )  # fmt: skip
        self.code = look.note_of("")
        self.more = w.ToggleButton(
            description="more", tooltip="show all of the code, and its other forms",
            layout=look.small, style=look.toggle, _dom_classes=("ak-more",),
        )  # fmt: skip
        self.problems = ProblemsBox(look, apply)
        self.changes = look.note_of("")
        self.study = StudyPanel(look)
        self.tabs.observe(self._write, names="value")
        self.more.observe(self._unfold, names="value")
        head = w.HBox(children=(self.verdict, self.more), layout=look.line, _dom_classes=("ak-head",))
        self._code_box = w.VBox(
            children=(head, self.tabs, self.code), layout=look.column, _dom_classes=("ak-code",)
        )
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  # the base has no types
            children=(self._code_box, self.problems, self.changes, self.study),
            layout=look.column, _dom_classes=("ak-result",),
        )  # fmt: skip

    def show(self, value: Value, form: Form | None, schema: Schema | None) -> None:
        """Show the code of ``value``, what ``form`` changes against the defaults, and the cost of a sweep."""
        self._value = value
        self._target = schema.target if schema is not None else _TARGET
        self._write()
        self.changes.value = changes_html(form)
        self.study.show(value, schema)

    def judge(
        self,
        schema: Schema | None,
        problems: Sequence[Problem],
        fixable: Callable[[Problem], bool],
        error: str,
    ) -> None:
        """Show the verdict, and the problems with their fixes; ``error`` if the controls compose to no value."""
        self.verdict.value = verdict_html(self._value, schema, problems, error)
        self.problems.show(problems, fixable, error, schema)

    def _write(self, _: Any = None) -> None:
        if self._value is not None:
            form: Written = self.tabs.value
            self.code.value = output_html(self._value, form, self._target)

    def _unfold(self, change: Any) -> None:
        self._code_box._dom_classes = ("ak-code", *(("ak-unfolded",) if change.new else ()))  # noqa: SLF001  # sent once; add_class would be, too
