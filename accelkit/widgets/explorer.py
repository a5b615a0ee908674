"""Explorer: every option of an accelerator as a control. State is a recipe; what comes out is code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from accelkit.errors import AccelkitError
from accelkit.libvirt import from_libvirt
from accelkit.parsing.notation import sweep as read_text
from accelkit.parsing.recipes import recipes_of
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.space import Space
from accelkit.recipes.table import ACCELERATORS, PROPERTIES
from accelkit.schemas.schema import Schema
from accelkit.widgets.alternative import Alternative, Choice, read_axes
from accelkit.widgets.alternatives_box import AlternativesBox
from accelkit.widgets.field_text import others_text, read_others
from accelkit.widgets.form import Form, FormProblems, form_of, judged, problems_of
from accelkit.widgets.guard import Guard
from accelkit.widgets.look import Look
from accelkit.widgets.notes import accel_label, problems_html
from accelkit.widgets.outputs import outputs_html
from accelkit.widgets.property_row import PropertyRow
from accelkit.widgets.qemus import qemus
from accelkit.widgets.study_cost import StudyCost
from accelkit.widgets.toolkit import t, w

_NO_CONTROLS: Final = (
    "This space varies in a way that has no controls. It is kept as it is: the code is below; "
    "assign or paste another to go on."
)


class Explorer(w.VBox, w.ValueWidget):
    """Controls -> form -> value -> what is shown; and the other way when ``value`` is assigned.

    ``value`` is always the last good Recipe, Space or Fallback. ``schema`` is the QEMU that judges;
    None judges nothing. Nothing here blocks but the choice of an installed QEMU, which is asked.
    """

    value: Any = t.Any(help="the recipe, space or fallback that the controls say")
    schema = t.Instance(Schema, allow_none=True, help="the QEMU that judges")

    def __init__(self, value: Recipe[Any] | Space[Any] | Fallback, schema: Schema | None) -> None:
        self._look = look = Look()
        self._form: Form | None = Form()
        self._place = 0  # of the alternative that the controls show
        self._editing = False  # whether the value comes from the controls
        self._showing = False  # whether controls are being set
        self._fault = ""  # why the controls cannot be composed
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
                             placeholder="name=value,name=value: what has no control")  # fmt: skip
        self.axes = w.Text(description="other axes", continuous_update=False, layout=look.field, style=look.text,
                           placeholder="each(…, …): what varies together; then Enter")  # fmt: skip
        self.general = look.below()
        self.outputs = look.below()
        self.cost = StudyCost(look)
        self.accel.observe(self._accel_chosen, names="value")
        self.qemu.observe(self._qemu_chosen, names="value")
        self.paste.observe(self._pasted, names="value")
        self.others.observe(self._others_typed, names="value")
        self.axes.observe(self._axes_typed, names="value")
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  # the base has no types
            children=(
                self.accel, self.qemu, self.paste, self.paste_note, self.alternatives, self.properties,
                self.others, self.axes, self.general, self.cost, self.outputs, look.sheet(), Guard(),
            ),
            layout=look.column,
        )  # fmt: skip
        self.add_class("accelkit")
        self.schema = schema
        self.value = value

    def __repr__(self) -> str:
        return f"explore({self.value!r})"

    def rows(self) -> tuple[PropertyRow, ...]:
        """The rows of the properties that are on show."""
        return self.properties.children

    # From the value, and from the code that assigns it, to the controls.

    @t.validate("value")
    def _valid(self, proposal: Any) -> Any:
        given: object = proposal.value
        if not isinstance(given, (Recipe, Space, Fallback)):
            kind = type(given).__name__
            raise t.TraitError(f"value: got {kind}; takes a recipe, a space or first_of(…), as in kvm() | …")
        return proposal.value

    @t.observe("value")
    def _assigned(self, _: Any) -> None:
        if not self._editing:
            self._form, self._place, self._fault = form_of(self.value), 0, ""
        self._show(afresh=not self._editing)

    @t.observe("schema")
    def _judge_changed(self, change: Any) -> None:
        name = "any QEMU: nothing is checked" if change.new is None else change.new.name
        if name not in self._qemus:
            name = f"{name}, given"
            self._qemus.setdefault(name, lambda: change.new)
        if not self._showing:
            self._quietly(self.qemu, options=tuple(self._qemus))
            self._quietly(self.qemu, value=name)
        if self.value is not None:
            self._show(afresh=False)

    def _quietly(self, widget: Any, **traits: Any) -> None:
        """Set traits of a control without hearing it."""
        before, self._showing = self._showing, True
        for name, wanted in traits.items():
            if getattr(widget, name) != wanted:
                setattr(widget, name, wanted)
        self._showing = before

    def _show(self, *, afresh: bool) -> None:
        """Bring everything on the screen in step with form, value and schema."""
        self.outputs.value = outputs_html(self.value, self.schema.target if self.schema else "x86_64")
        form = self._form
        self.accel.disabled = self.others.disabled = self.axes.disabled = form is None
        if form is None:
            self.properties.children = ()
        else:
            self._show_alternative(form.alternatives[self._place], afresh)
            self.alternatives.show(form, self._place)
        self._show_problems(form)
        self.cost.show(self.value)

    def _show_alternative(self, alternative: Alternative, afresh: bool) -> None:
        accel = alternative.accel
        names = dict.fromkeys((*ACCELERATORS, *(() if accel is None else (accel,))))
        options = tuple((accel_label(name, self.schema), name) for name in names)
        self._quietly(self.accel, options=options if accel is not None else (("choose one", ""), *options))
        self._quietly(self.accel, value=accel or "")
        rows = self._rows_of(alternative)
        if self.properties.children != rows:
            self.properties.children = rows
            afresh = True
        for row in rows:
            row.show(alternative.choices.get(row.row.key), afresh=afresh)
        others = alternative.others()
        if afresh or _others(self.others.value) != others:
            self._quietly(self.others, value=others_text(others.items()))
        if afresh or _axes(self.axes.value) != alternative.axes:
            self._quietly(self.axes, value="" if alternative.axes is None else repr(alternative.axes))

    def _rows_of(self, alternative: Alternative) -> tuple[PropertyRow, ...]:
        """A row for each property of the accelerator; built once, when it is first chosen."""
        accel = alternative.accel or ""
        if accel not in self._rows:
            known = [row for row in PROPERTIES.values() if accel in row.accels]
            self._rows[accel] = tuple(PropertyRow(row, accel, self._look, self._chosen) for row in known)
        return self._rows[accel]

    def _show_problems(self, form: Form | None) -> None:
        found, general, error = FormProblems({}, ()), (), self._fault
        if self.schema is not None and not error:
            try:
                if form is None:
                    general = problems_of(self.value, self.schema)
                else:
                    found = judged(form, self.schema)
                    general = found.general
            except AccelkitError as fault:  # no accelerator is chosen
                error = str(fault)
        on_show = {row.row.key for row in self.rows()}
        elsewhere = [
            problem for (place, key), problems in found.beside.items() for problem in problems
            if place != self._place or key not in on_show
        ]  # fmt: skip
        for row in self.rows():
            row.judge(self.schema, found.beside.get((self._place, row.row.key), ()))
        note = "" if form is not None else f"<div>{_NO_CONTROLS}</div>"
        self.general.value = note + problems_html((*general, *elsewhere), error)

    # From the controls to the value.

    def _reform(self, form: Form, place: int) -> None:
        """Take what the controls say now; where it cannot be composed the last good value stays."""
        moved = place != self._place or len(form.alternatives) != len(
            self._form.alternatives if self._form else ()
        )
        self._form, self._place = form, min(place, len(form.alternatives) - 1)
        try:
            value, self._fault = form.value(), ""
        except AccelkitError as error:
            value, self._fault = self.value, str(error)
        self._editing = True
        try:
            before = self.value
            self.value = value
            if self.value is before or moved or value == before:
                self._show(afresh=moved)
        finally:
            self._editing = False

    def _edit(self, alternative: Alternative) -> None:
        if self._form is not None:
            self._reform(self._form.with_alternative(self._place, alternative), self._place)

    @property
    def _alternative(self) -> Alternative:
        return Alternative() if self._form is None else self._form.alternatives[self._place]

    def _chosen(self, key: str, choice: Choice | None) -> None:
        self._edit(self._alternative.with_choice(key, choice))

    def _accel_chosen(self, change: Any) -> None:
        if not self._showing and change.new:
            self._edit(self._alternative.with_accel(change.new))

    def _others_typed(self, change: Any) -> None:
        if self._showing:
            return
        try:
            others = read_others(change.new)
        except AccelkitError as error:
            self.general.value = problems_html((), str(error))
            return
        self._edit(self._alternative.without_table(others))

    def _axes_typed(self, change: Any) -> None:
        if self._showing:
            return
        try:
            axes = read_axes(change.new)
        except AccelkitError as error:
            self.general.value = problems_html((), str(error))
            return
        self._edit(replace(self._alternative, axes=axes))

    def _qemu_chosen(self, change: Any) -> None:
        if self._showing:
            return
        self._showing = True
        try:
            self.schema = self._qemus[change.new]()
        except AccelkitError as error:
            self.qemu.value = change.old
            self.general.value = problems_html((), str(error))
        finally:
            self._showing = False

    def _pasted(self, change: Any) -> None:
        if not change.new.strip():
            return
        try:
            xml = change.new.lstrip().startswith("<")
            value = recipes_of(from_libvirt(change.new)) if xml else read_text(change.new)
        except AccelkitError as error:
            self.paste_note.value = problems_html((), str(error))
            return
        self.paste_note.value = ""
        self.paste.value = ""
        self.value = value


def _axes(text: str) -> Space[Any] | None:
    """The axes in the field; None where it cannot be read."""
    try:
        return read_axes(text)
    except AccelkitError:
        return None


def _others(text: str) -> dict[str, str] | None:
    """The options in the field; None where it cannot be read."""
    try:
        return read_others(text)
    except AccelkitError:
        return None
