"""Explorer: a control for every option of an accelerator. Its state is a recipe, its output is code."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from accelkit.errors import AccelkitError
from accelkit.parsing.recipes import sweep as read_text
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.space import Space
from accelkit.recipes.table import ACCELERATORS, PROPERTIES
from accelkit.schemas.schema import Schema
from accelkit.widgets.alternative import Alternative, Choice
from accelkit.widgets.alternatives_box import AlternativesBox
from accelkit.widgets.editors import ExactText
from accelkit.widgets.field_text import others_text, read_others
from accelkit.widgets.form import Form, FormProblems, form_of, judged, problems_of
from accelkit.widgets.guard import Guard
from accelkit.widgets.joint_axes import read_axes
from accelkit.widgets.look import Look, quietly
from accelkit.widgets.notes import accel_label, problems_html
from accelkit.widgets.outputs import outputs_html
from accelkit.widgets.property_row import PropertyRow
from accelkit.widgets.qemus import qemus
from accelkit.widgets.study_panel import StudyPanel
from accelkit.widgets.toolkit import t, w

_NO_CONTROLS: Final = (
    "There are no controls for a space that varies like this one. It stays as it is, with its code below; "
    "assign or paste another value to use the controls."
)

#: What a field of one line leaves of a backslash at the end of a line: it drops the end itself.
_LEFT_OVER: Final = re.compile(r"(?<=\s)\\(?=\s|$)")


class Explorer(w.VBox, w.ValueWidget):
    """Controls -> form -> value -> outputs; assigning ``value`` sets form and controls.

    ``value`` is always the last valid Recipe, Space or Fallback. ``schema`` is the QEMU whose rules apply;
    None applies none. Only choosing an installed QEMU blocks, while that binary answers.
    """

    value: Any = t.Any(help="the recipe, space or fallback that the controls show")
    schema = t.Instance(Schema, allow_none=True, help="the QEMU whose rules apply; None applies none")

    def __init__(self, value: Recipe[Any] | Space[Any] | Fallback, schema: Schema | None) -> None:
        self._look = look = Look()
        self._form: Form | None = Form()
        self._place = 0  # of the alternative that the controls show
        self._composed: Any = None  # the value that came from the controls last
        self.quiet = False  # while code sets the controls
        self._fault = ""  # why the controls do not compose to a value
        self._rows: dict[str, tuple[PropertyRow, ...]] = {}
        self._qemus = qemus(schema)
        wide: Any = {"layout": look.field, "style": look.description}
        self.accel = w.Dropdown(options=(("choose one", ""),), description="accelerator", **wide)
        self.qemu = w.Dropdown(options=tuple(self._qemus), description="QEMU", **wide)
        self.paste = w.Text(description="paste", continuous_update=False, layout=look.field, style=look.text,
                            placeholder="a QEMU command line, an -accel argument, domain XML or Python; then Enter")  # fmt: skip
        self.paste_note = look.below()
        self.alternatives = AlternativesBox(look, self._reform)
        self.properties = w.VBox(layout=look.properties)
        self.properties.add_class("ak-properties")
        self.others = w.Text(description="other options", layout=look.field, style=look.text,
                             placeholder="name=value,name=value: options without a control")  # fmt: skip
        self._others_text = ExactText(self.others)
        self.axes = w.Text(description="other axes", continuous_update=False, layout=look.field, style=look.text,
                           placeholder="each(…, …): options that vary together; then Enter")  # fmt: skip
        self.general = look.below()
        self.outputs = look.below()
        self.study = StudyPanel(look)
        self.accel.observe(self._accel_chosen, names="value")
        self.qemu.observe(self._qemu_chosen, names="value")
        self.paste.observe(self._pasted, names="value")
        self.others.observe(self._others_typed, names="value")
        self.axes.observe(self._axes_typed, names="value")
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  # the base has no types
            children=(
                self.accel, self.qemu, self.paste, self.paste_note, self.alternatives, self.properties,
                self.others, self.axes, self.general, self.study, self.outputs, look.sheet(), Guard(),
            ),
            layout=look.column,
        )  # fmt: skip
        self.add_class("accelkit")
        self.schema = schema
        self.value = value

    def __repr__(self) -> str:
        return f"explore({self.value!r})"

    def rows(self) -> tuple[PropertyRow, ...]:
        """The rows of the properties of the chosen accelerator."""
        return self.properties.children

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
        self._show(afresh=assigned)

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

    def _show(self, *, afresh: bool) -> None:
        """Update everything on the screen from form, value and schema."""
        self.outputs.value = outputs_html(self.value, self.schema.target if self.schema else "x86_64")
        form = self._form
        self.accel.disabled = self.others.disabled = self.axes.disabled = form is None
        if form is None:
            self.properties.children = ()
        else:
            self._show_alternative(form.alternatives[self._place], afresh)
            self.alternatives.show(form, self._place)
        self._show_problems(form)
        self.study.show(self.value, self.schema)

    def _show_alternative(self, alternative: Alternative, afresh: bool) -> None:
        accel = alternative.accel
        names = dict.fromkeys((*ACCELERATORS, *(() if accel is None else (accel,))))
        options = tuple((accel_label(name, self.schema), name) for name in names)
        self._set(self.accel, options=options if accel is not None else (("choose one", ""), *options))
        self._set(self.accel, value=accel or "")
        rows = self._rows_of(alternative)
        if self.properties.children != rows:
            self.properties.children = rows
            afresh = True
        for row in rows:
            row.show(alternative.choices.get(row.row.key), afresh=afresh)
        others = alternative.others()
        if afresh or _others(self._others_text.read()) != others:
            with quietly(self):
                self._others_text.show(others_text(others.items()))
        if afresh or _axes(self.axes.value) != alternative.axes:
            self._set(self.axes, value="" if alternative.axes is None else repr(alternative.axes))

    def _rows_of(self, alternative: Alternative) -> tuple[PropertyRow, ...]:
        """A row for each property of the accelerator; built once, when the user first chooses it."""
        accel = alternative.accel or ""
        if accel not in self._rows:
            properties = [row for row in PROPERTIES.values() if accel in row.accels]
            self._rows[accel] = tuple(PropertyRow(row, accel, self._look, self._chosen) for row in properties)
        return self._rows[accel]

    def _show_problems(self, form: Form | None) -> None:
        problems, general, error = FormProblems({}, ()), (), self._fault
        if self.schema is not None and not error:
            try:
                if form is None:
                    general = problems_of(self.value, self.schema)
                else:
                    problems = judged(form, self.schema)
                    general = problems.general
            except AccelkitError as fault:  # such as no accelerator
                error = str(fault)
        visible = {row.row.key for row in self.rows()}
        elsewhere = [
            problem for (place, key), own in problems.beside.items() for problem in own
            if place != self._place or key not in visible
        ]  # fmt: skip
        for row in self.rows():
            row.judge(self.schema, problems.beside.get((self._place, row.row.key), ()))
        note = "" if form is not None else f"<div>{_NO_CONTROLS}</div>"
        self.general.value = note + problems_html((*general, *elsewhere), error)

    # From the controls to the value.

    def _reform(self, form: Form, place: int) -> None:
        """Take ``form`` from the controls; where it does not compose to a value the last valid one stays."""
        moved = place != self._place or len(form.alternatives) != len(
            self._form.alternatives if self._form else ()
        )
        self._form, self._place = form, min(place, len(form.alternatives) - 1)
        try:
            value, self._fault = form.value(), ""
        except AccelkitError as error:
            value, self._fault = self.value, str(error)
        before = self.value
        self._composed = value
        self.value = value
        if moved or value == before:  # an equal value notifies nobody
            self._show(afresh=moved)

    def _edit(self, alternative: Alternative) -> None:
        if self._form is not None:
            self._reform(self._form.with_alternative(self._place, alternative), self._place)

    @property
    def _alternative(self) -> Alternative:
        return Alternative() if self._form is None else self._form.alternatives[self._place]

    def _chosen(self, key: str, choice: Choice | None) -> None:
        self._edit(self._alternative.with_choice(key, choice))

    def _accel_chosen(self, change: Any) -> None:
        if not self.quiet and change.new:
            self._edit(self._alternative.with_accel(change.new))

    def _others_typed(self, change: Any) -> None:
        if self.quiet:
            return
        try:
            others = read_others(self._others_text.read())
        except AccelkitError as error:
            self.general.value = problems_html((), str(error))
            return
        self._edit(self._alternative.with_others(others))

    def _axes_typed(self, change: Any) -> None:
        if self.quiet:
            return
        try:
            axes = read_axes(change.new)
        except AccelkitError as error:
            self.general.value = problems_html((), str(error))
            return
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

    def _pasted(self, change: Any) -> None:
        if not change.new.strip():
            return
        try:
            value = read_text(_LEFT_OVER.sub("", change.new))
        except AccelkitError as error:
            self.paste_note.value = problems_html((), str(error))
            return
        self.paste_note.value = ""
        self.paste.value = ""
        self.value = value


def _axes(text: str) -> Space[Any] | None:
    """The axes that the field means; None where it means none."""
    try:
        return read_axes(text)
    except AccelkitError:
        return None


def _others(text: str) -> dict[str, str] | None:
    """The options that the field means; None where it means none."""
    try:
        return read_others(text)
    except AccelkitError:
        return None
