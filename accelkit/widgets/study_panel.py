"""StudyPanel: from a sweep to a study: what it takes, its code, and a button that starts it in a dashboard below."""

from __future__ import annotations

import threading
from shutil import which
from typing import TYPE_CHECKING, Any, Final, cast

from accelkit.document import html_text
from accelkit.errors import AccelkitError
from accelkit.guests.catalogue import guest
from accelkit.qemu.binary import find
from accelkit.recipes.space import Space
from accelkit.schemas import targets
from accelkit.schemas.schema import Schema
from accelkit.study.standards import DEFAULT_BLOCKS, RUN_SECONDS
from accelkit.widgets.chips import Chips
from accelkit.widgets.look import Look, quietly
from accelkit.widgets.notes import problems_html
from accelkit.widgets.study_form import (
    StudyForm,
    guest_label,
    guest_meaning,
    guests_for,
    proposed,
    swept_options,
)
from accelkit.widgets.toolkit import w

if TYPE_CHECKING:
    from accelkit.study.prepared import PreparedStudy
    from accelkit.widgets.dashboards import Dashboard

EVERY: Final = 2.0
"""Seconds between two updates of the dashboard."""

_START: Final = "boot the guests and measure; each trial is stored as it ends"
_PREPARING: Final = "preparing: a boot of each guest tells how much work takes so long"
_RUNNING: Final = "a study runs below: stop it first"


class StudyPanel(w.VBox):
    """For a space what a study of it takes, its code and a button that starts it; for another value nothing.

    ``dashboard`` is that of the study started last, None before; it stays when the value changes. It is in ``below``, a box
    for whoever shows the panel to place: a dashboard needs more room than a panel.
    """

    def __init__(self, look: Look) -> None:
        self.quiet = False
        self.dashboard: Dashboard | None = None
        self.below = w.VBox(layout=look.column)
        self._look = look
        self._controls: tuple[Any, ...] = ()  # built when the first space is shown
        self._form: StudyForm | None = None  # of the value on show, None where it is no space
        self._by_hand = False  # whether the user chose the guests
        self._preparing = False
        self._schema: Schema | None = None  # the QEMU whose rules the controls follow
        self._problem = ""  # why the last start failed
        self._note = ""  # what to know of the study below
        self._refused: StudyForm | None = None  # what it was
        self._starting = threading.Lock()
        self._showing = threading.RLock()  # the thread of a study shows its end, too
        super().__init__(layout=look.column)  # pyright: ignore[reportUnknownMemberType]  # the base has no types
        self.add_class("ak-study")

    def _build(self) -> None:
        look = self._look
        wide: Any = {"layout": look.field, "style": look.middle}
        self.size = look.below()
        self.guest = w.Dropdown(description="guest", options=(("add a guest", ""),), **wide)
        self.guests = Chips(look, self._guest_removed)
        self.meaning = look.below()
        self.meaning.add_class("ak-reason")
        self.blocks = w.BoundedIntText(value=DEFAULT_BLOCKS, min=1, max=10_000, description="blocks", **wide)
        self.seconds = w.BoundedFloatText(
            value=RUN_SECONDS, min=0.01, max=3600, step=0.1, description="seconds a boot", **wide
        )
        self.qemu = w.Combobox(
            description="run with", options=_programs(), layout=look.field, style=look.middle_text, continuous_update=False,
            placeholder="a program or a command line",
        )  # fmt: skip
        self.store = w.Text(
            description="store", layout=look.field, style=look.middle_text, continuous_update=False,
            placeholder="study-….sqlite",
        )  # fmt: skip
        self.start = w.Button(description="start the study", layout=look.word_button, style=look.button)
        self.fix = w.Button(layout=look.word_button, style=look.button)
        self.buttons = w.HBox(layout=look.line)
        self.message = look.below()
        self.code = look.below()
        self._controls = (
            self.size, self.guest, self.guests, self.meaning, self.blocks, self.seconds, self.qemu, self.store,
            self.buttons, self.message, self.code,
        )  # fmt: skip
        self.guest.observe(self._guest_added, names="value")
        for field in (self.blocks, self.seconds, self.qemu, self.store):
            field.observe(self._changed, names="value")
        self.fix.on_click(self._take_blocks)
        self.start.on_click(self._clicked)

    def show(self, value: object, schema: Schema | None = None) -> None:
        """Show what a study of ``value`` takes, if it is a space; guests and QEMU are for the target of ``schema``."""
        self._schema = schema
        if not isinstance(value, Space):
            self._form = None
        else:
            if not self._controls:
                self._build()
            space = cast("Space[Any]", value)
            target = "x86_64" if schema is None else schema.target
            before = self._form.target if self._form else ""
            guests = self._form.guests if self._form and self._by_hand and before == target else None
            if guests is None:
                self._by_hand, guests = False, proposed(swept_options(space), target)
            if before != target:
                with quietly(self):
                    self.qemu.value = f"qemu-system-{target}"
            self._form = StudyForm(space, guests, target)
        self._update()

    @property
    def form(self) -> StudyForm | None:
        """The study that the controls describe; None where the value is no space."""
        form = self._form
        return form and StudyForm(
            form.space, form.guests, form.target, self.blocks.value, self.seconds.value, self.qemu.value.strip(),
            self.store.value.strip(),
        )  # fmt: skip

    @property
    def running(self) -> bool:
        """Whether the study below is being prepared or runs."""
        return self._preparing or (
            self.dashboard is not None and self.dashboard.state in ("running", "stopping")
        )

    # What the user does.

    def _changed(self, _: Any) -> None:
        if not self.quiet:
            self._update()

    def _guest_added(self, change: Any) -> None:
        if not self.quiet and change.new and self._form:
            self._choose((*self._form.guests, change.new))

    def _guest_removed(self, place: int) -> None:
        if self._form:
            self._choose(tuple(name for number, name in enumerate(self._form.guests) if number != place))
            if not self.guests.focus_on(place):
                self.guest.focus()

    def _choose(self, guests: tuple[str, ...]) -> None:
        if self._form:
            self._by_hand = True
            self._form = StudyForm(self._form.space, guests, self._form.target)
            self._update()

    def _take_blocks(self, _: Any) -> None:
        if (form := self.form) and form.blocks_needed:
            self.blocks.value = form.blocks_needed

    def _clicked(self, _: Any) -> None:
        form = self.form
        with self._starting:
            if form is None or self.running or self._refusal(form):
                return
            self._preparing, self._problem = True, ""
        self._update()
        threading.Thread(target=self._prepare, args=(form,), name="accelkit prepare", daemon=True).start()

    # A thread prepares the study, as that boots the guests: the kernel stays free.

    def _prepare(self, form: StudyForm) -> None:
        try:
            from accelkit.study.setup import prepare  # needs numpy, which an explorer alone does not

            self._run(prepare(form.space, form.guests, **form.options))
        except AccelkitError as error:
            self._problem = str(error)
        except ModuleNotFoundError as error:
            self._problem = f"a study needs {error.name}; pip install 'accelkit[notebook,study]'"
        except Exception as error:  # noqa: BLE001  # shown here: a thread has no caller
            self._problem = f"{type(error).__name__}: {error}"
        self._refused = form if self._problem else None
        self._preparing = False
        self._update()

    def _run(self, prepared: PreparedStudy) -> None:
        from accelkit.widgets.dashboards import Dashboard

        before, self.dashboard = self.dashboard, Dashboard(prepared, EVERY)
        self._note = another_qemu(prepared.plan.builds[0].name, self._schema)
        self.dashboard.observe(self._changed, names="state")
        self.dashboard.start()
        if before is not None:  # it has ended, and its store keeps it
            before.close()

    # What is shown.

    def _refusal(self, form: StudyForm) -> str:
        if form.refusal:
            return form.refusal
        try:
            find(form.qemu or None, form.target)
        except AccelkitError as error:
            return str(error)
        return ""

    def _update(self) -> None:
        with self._showing:
            self._show_all(self.form)

    def _show_all(self, form: StudyForm | None) -> None:
        children: tuple[Any, ...] = ()
        if form is not None:
            self._show_guests(form)
            self._show_start(form)
            can_decide = (
                "" if form.blocks_needed else f"; {form.outlook}"
            )  # else the message says that it cannot
            self.size.value = (
                '<div class="ak-title">Study of this sweep</div>'
                f'<div class="ak-time" role="status">{html_text(form.size + can_decide)}</div>'
            )
            self.code.value = _code_html("as Python", form.python) + _code_html("in a shell", form.shell)
            children = self._controls
        below = () if self.dashboard is None else (self.dashboard,)
        if self.below.children != below:
            self.below.children = below
        if self.children != children:
            self.children = children

    def _show_guests(self, form: StudyForm) -> None:
        options = swept_options(form.space)
        self.guests.show(form.guests)
        rest = [item for item in guests_for(options, form.target) if item.name not in form.guests]
        labels = (("add a guest", ""), *((guest_label(item, options), item.name) for item in rest))
        with quietly(self):
            if self.guest.options != labels:
                self.guest.options = labels
            self.guest.value = ""
        self.meaning.value = "".join(
            f"<div>{html_text(guest_meaning(guest(name, form.target), options))}</div>"
            for name in form.guests
        )

    def _show_start(self, form: StudyForm) -> None:
        refusal = self._refusal(form)
        buttons = (self.start,)
        if form.blocks_needed:
            self.fix.description = f"take {form.blocks_needed} blocks"
            buttons = (self.start, self.fix)
        if self.buttons.children != buttons:
            self.buttons.children = buttons
        self.start.tooltip = (
            _PREPARING if self._preparing else _RUNNING if self.running else refusal or _START
        )
        self.start.disabled = self.running or bool(refusal)
        problem = refusal or (self._problem if form == self._refused else "")
        status = _PREPARING if self._preparing else "" if problem else self._note
        self.message.value = (
            f'<div role="status">{html_text(status)}</div>' if status else problems_html((), problem)
        )


def another_qemu(version: str, schema: Schema | None) -> str:
    """That a study runs on another QEMU than the one whose rules the controls follow; empty where it is the same.

    >>> from accelkit import bundled
    >>> another_qemu("7.2.22", bundled("11.1"))
    'The study runs on QEMU 7.2.22, which is installed; the controls follow QEMU 11.1.3 (x86_64).'
    """
    if schema is None or version.startswith(".".join(map(str, schema.version))):
        return ""
    return f"The study runs on QEMU {version}, which is installed; the controls follow {schema.name}."


def _code_html(where: str, text: str) -> str:
    return (
        f'<div class="ak-where">The study {where}:</div><div class="ak-output"><pre><code>{html_text(text)}</code></pre>'
        f'<button type="button" class="ak-copy jupyter-button" title="copy the study {where}">copy</button></div>'
    )


def _programs() -> tuple[str, ...]:
    """The QEMUs on PATH, by the names that distributions give them."""
    return tuple(name for target in targets() if which(name := f"qemu-system-{target}"))
