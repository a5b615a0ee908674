"""Explorer: a control for every option of an accelerator. Its state is a recipe, its output is code."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from accelkit.checking.problem import Problem, fatal_first
from accelkit.errors import AccelkitError
from accelkit.recipes.domains import OnOff, Words
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.space import Space
from accelkit.recipes.table import ACCELERATORS, PROPERTIES
from accelkit.schemas.schema import Schema
from accelkit.widgets.alternative import Alternative, Choice
from accelkit.widgets.alternatives_box import AlternativesBox
from accelkit.widgets.fixes import fixed
from accelkit.widgets.form import Form, FormProblems, Value, form_of, judged, problems_of
from accelkit.widgets.guard import Guard
from accelkit.widgets.history import History, State
from accelkit.widgets.look import Look, quietly
from accelkit.widgets.notes import accel_label, problems_html
from accelkit.widgets.other_fields import OtherFields
from accelkit.widgets.paste_field import PasteField
from accelkit.widgets.property_list import PropertyList
from accelkit.widgets.property_row import PropertyRow
from accelkit.widgets.qemus import qemus
from accelkit.widgets.result_panel import ResultPanel
from accelkit.widgets.toolkit import t, w

_NO_CONTROLS: Final = (
    "There are no controls for a space that varies like this one. It stays as it is, with its code beside; "
    "assign or paste another value to use the controls."
)


class Explorer(w.VBox, w.ValueWidget):
    """Controls -> form -> value -> result; assigning ``value`` sets form and controls.

    ``value`` is always the last valid Recipe, Space or Fallback. ``schema`` is the QEMU whose rules apply;
    None applies none. Only choosing an installed QEMU blocks, while that binary answers.
    """

    value: Any = t.Any(help="the recipe, space or fallback that the controls show")
    schema = t.Instance(Schema, allow_none=True, help="the QEMU whose rules apply; None applies none")

    def __init__(self, value: Value, schema: Schema | None) -> None:
        self._look = look = Look()
        self._form: Form | None = Form()
        self._place = 0  # of the alternative that the controls show
        self._composed: Any = None  # the value that came from the controls last
        self._history: History | None = None
        self.quiet = False  # while code sets the controls
        self._fault = ""  # why the controls do not compose to a value
        self._qemus = qemus(schema)
        half: Any = {"layout": look.half, "style": look.short}
        self.accel = w.Dropdown(options=(("choose one", ""),), description="accelerator", **half)
        self.qemu = w.Dropdown(options=tuple(self._qemus), description="QEMU", **half)
        self.paste = PasteField(look, self._pasted)
        self.undo = self._button("undo", "undo (Alt+Z)", self._undone)
        self.redo = self._button("redo", "redo (Alt+Shift+Z)", self._redone)
        self.reset = self._button("reset all", "reset all options to QEMU's defaults", self._reset)
        self.alternatives = AlternativesBox(look, self._reform)
        self.properties = PropertyList(look, self._chosen)
        self.others = OtherFields(look, self._others_typed, self._axes_typed)
        self.general = look.note_of("")
        self.result = ResultPanel(look, self._fix)
        self.accel.observe(self._accel_chosen, names="value")
        self.qemu.observe(self._qemu_chosen, names="value")
        top = w.HBox(children=(self.accel, self.qemu), layout=look.line, _dom_classes=("ak-top",))
        tools = w.HBox(
            children=(self.undo, self.redo, self.reset, self.alternatives.add),
            layout=look.line,
            _dom_classes=("ak-tools",),
        )
        controls = w.VBox(
            children=(
                top, self.paste, tools, self.alternatives, self.properties, self.others, self.general,
            ),
            layout=look.column, _dom_classes=("ak-controls",),
        )  # fmt: skip
        columns = w.Box(children=(controls, self.result), layout=look.columns, _dom_classes=("ak-columns",))
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  # the base has no types
            children=(columns, self.result.study.below, look.sheet(), Guard()), layout=look.column,
            _dom_classes=("accelkit", "ak-explorer"),
        )  # fmt: skip
        self.schema = schema
        self.value = value

    def __repr__(self) -> str:
        return f"explore({self.value!r})"

    def rows(self) -> tuple[PropertyRow, ...]:
        """The rows of the properties of the chosen accelerator, as they are on the screen."""
        return self.properties.rows()

    def _button(self, name: str, tooltip: str, clicked: Callable[[], None]) -> Any:
        look = self._look
        kind = name.partition(" ")[0]
        button = w.Button(
            description=name,
            tooltip=tooltip,
            layout=look.small,
            style=look.button,
            _dom_classes=(f"ak-{kind}",),
        )
        button.on_click(partial(_without_button, clicked))
        return button

    # From an assigned value to the controls.

    @t.validate("value")
    def _valid(self, proposal: Any) -> Any:
        value: object = proposal.value
        if not isinstance(value, (Recipe, Space, Fallback)):
            kind = type(value).__name__
            raise t.TraitError(f"value: got {kind}; takes a recipe, a space or first_of(…), as in kvm() | …")
        return proposal.value

    @t.observe("value")
    def _assigned(self, change: Any) -> None:
        assigned = change.new is not self._composed
        if assigned:
            self._composed = None
            self._form, self._place, self._fault = form_of(change.new), 0, ""
            self._remember(change.new)
        self._show(afresh=assigned, anew=assigned)

    def _remember(self, value: Value, mark: Hashable = None) -> None:
        state = State(value, self._form, self._place)
        self._history = History(state) if self._history is None else self._history.then(state, mark)

    @t.observe("schema")
    def _judge_changed(self, change: Any) -> None:
        name = "any QEMU: nothing is checked" if change.new is None else change.new.name
        if name not in self._qemus:
            name = f"{name}, your schema"
            self._qemus.setdefault(name, lambda: change.new)
        if not self.quiet:
            self._set(self.qemu, options=tuple(self._qemus))
            self._set(self.qemu, value=name)
        if self.value is not None:
            self._show(afresh=False)

    def _set(self, widget: Any, **traits: Any) -> None:
        """Set the traits of a control that differ."""
        with quietly(self):
            for name, value in traits.items():
                if getattr(widget, name) != value:
                    setattr(widget, name, value)

    def _show(self, *, afresh: bool, anew: bool = False) -> None:
        """Update everything on the screen from form, value and schema: first the code, for which the user waits."""
        form, history = self._form, self._history
        self.result.show(self.value, form, self.schema)
        self.accel.disabled = form is None
        self.others.disable(form is None)
        if form is None:
            self.properties.clear()
        else:
            self._show_alternative(form.alternatives[self._place], afresh, anew)
            self.alternatives.show(form, self._place)
        self._show_problems(form)
        self.undo.disabled = history is None or not history.past
        self.redo.disabled = history is None or not history.future
        self.reset.disabled = form is None or self._plain == self._alternative

    def _show_alternative(self, alternative: Alternative, afresh: bool, anew: bool) -> None:
        accel = alternative.accel
        names = dict.fromkeys((*ACCELERATORS, *(() if accel is None else (accel,))))
        options = tuple((accel_label(name, self.schema), name) for name in names)
        self._set(self.accel, options=options if accel is not None else (("choose one", ""), *options))
        self._set(self.accel, value=accel or "")
        self.properties.show(alternative, self.schema, afresh=afresh, anew=anew)
        self.others.show(alternative, afresh=afresh)

    def _show_problems(self, form: Form | None) -> None:
        problems, error = FormProblems({}, ()), self._fault
        if self.schema is not None and not error:
            try:
                if form is None:
                    problems = FormProblems({}, problems_of(self.value, self.schema))
                else:
                    problems = judged(form, self.schema)
            except AccelkitError as fault:  # such as no accelerator
                error = str(fault)
        beside = {key: own for (place, key), own in problems.beside.items() if place == self._place}
        self.properties.judge(self.schema, beside)
        everything = dict.fromkeys(
            (*problems.general, *(one for own in problems.beside.values() for one in own))
        )
        self.result.judge(self.schema, fatal_first(everything), self._fixable, error)
        self.general.value = "" if form is not None else f"<div>{_NO_CONTROLS}</div>"

    # From the controls to the value.

    def _reform(self, form: Form, place: int, mark: Hashable = None) -> None:
        """Take ``form`` from the controls; where it does not compose to a value the last valid one stays."""
        moved = place != self._place or len(form.alternatives) != len(
            self._form.alternatives if self._form else ()
        )
        self._form, self._place = form, min(place, len(form.alternatives) - 1)
        value = self._compose(form)
        self._remember(value, mark)
        self._take(value, afresh=moved)

    def _compose(self, form: Form) -> Value:
        """The value of ``form``; the last valid one where it has none."""
        try:
            value, self._fault = form.value(), ""
        except AccelkitError as error:
            value, self._fault = self.value, str(error)
        return value

    def _take(self, value: Value, *, afresh: bool) -> None:
        """Make the value that the form composes the value of the explorer."""
        before = self.value
        self._composed = value
        self.value = value
        if afresh or value == before:  # an equal value notifies nobody
            self._show(afresh=afresh)

    def _edit(self, alternative: Alternative, mark: Hashable = None) -> None:
        if self._form is not None:
            self._reform(self._form.with_alternative(self._place, alternative), self._place, mark)

    @property
    def _alternative(self) -> Alternative:
        return Alternative() if self._form is None else self._form.alternatives[self._place]

    @property
    def _plain(self) -> Alternative:
        """The alternative without any option."""
        return Alternative(self._alternative.accel)

    def _chosen(self, key: str, choice: Choice | None) -> None:
        typed = not isinstance(PROPERTIES[key].domain, (OnOff, Words))  # letter by letter, or with a slider
        several = isinstance(self._alternative.choices.get(key) if choice is None else choice, tuple)
        mark = (self._place, key, several) if typed else None
        self._edit(self._alternative.with_choice(key, choice), mark)

    def _accel_chosen(self, change: Any) -> None:
        if not self.quiet and change.new:
            self._edit(self._alternative.with_accel(change.new))

    def _others_typed(self, options: dict[str, str]) -> None:
        self._edit(self._alternative.with_others(options), (self._place, "other options"))

    def _axes_typed(self, axes: Space[Any] | None) -> None:
        self._edit(replace(self._alternative, axes=axes))

    def _qemu_chosen(self, change: Any) -> None:
        if self.quiet:
            return
        with quietly(self):
            try:
                self.schema = self._qemus[change.new]()
            except AccelkitError as error:
                self.qemu.value = change.old
                self.general.value = problems_html((), str(error))

    def _pasted(self, value: Value) -> None:
        self.value = value

    def _fixable(self, problem: Problem) -> bool:
        return self._form is not None and fixed(self._form, problem) is not None

    def _fix(self, problem: Problem) -> None:
        form = None if self._form is None else fixed(self._form, problem)
        if form is not None:
            self._reform(form, self._place)

    def _reset(self) -> None:
        self._edit(self._plain)
        self._show(afresh=True)

    def _undone(self) -> None:
        if self._history is not None:
            self._return(self._history.undone())

    def _redone(self) -> None:
        if self._history is not None:
            self._return(self._history.redone())

    def _return(self, history: History) -> None:
        """Show the state of ``history``; rows stay where they are."""
        self._history = history
        value, self._form, self._place = history.now
        self._fault = ""
        if self._form is not None:
            self._compose(self._form)  # for the fault that it may have
        self._take(value, afresh=True)


def _without_button(clicked: Callable[[], None], _: Any) -> None:
    clicked()
