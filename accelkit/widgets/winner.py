"""WinnerBox: what a study says to deploy, in the form in which it is needed, with a button that copies it."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from accelkit.document import html_text
from accelkit.errors import AccelkitError, shortened
from accelkit.parsing.sources import programs
from accelkit.recipes.forms import FORMS, Form, written
from accelkit.study.model import Build, Configuration
from accelkit.study.report.answers import DECIDED, answers
from accelkit.study.report.labels import MOST_NAME
from accelkit.study.report.phrases import listed
from accelkit.tuning.tuned import Tuned
from accelkit.widgets.look import Look, quietly
from accelkit.widgets.toolkit import w
from accelkit.widgets.watched import Shown

LABELS: Final[dict[Form, str]] = {
    "shell": "shell words", "argv": "a word a line", "python": "Python", "json": "JSON", "libvirt": "libvirt XML",
    "systemd": "systemd words",
}  # fmt: skip


class Winner(NamedTuple):
    """A configuration that a study says to deploy, where, and the architecture there."""

    configuration: Configuration
    places: str
    target: str


def winners(shown: Shown) -> tuple[Winner, ...]:
    """What is to be deployed, each configuration once, with the guests, and builds if there are several.

    Of several that may be the best one all are winners. Of a tuning that is over it is the pick, decided or not.
    """
    if isinstance(shown, Tuned):
        doubt = "" if shown.decided else ", not decided"
        build = next(build for build in shown.result.plan.builds if build.name == shown.build)
        winner = Winner(shown.configuration, f"{listed([*shown.guests])}{doubt}", target_of(build))
        return (winner,) if shown.candidates and (shown.decided or shown.search.is_over) else ()
    result = shown
    places: dict[str, list[tuple[Build, str]]] = {}
    for answer in answers(result) if result.records else ():
        if answer.kind in DECIDED:
            for name in (answer.choice, *(answer.rivals if answer.kind == "either" else ())):
                places.setdefault(name, []).append((answer.build, answer.guest))
    named = {point.name: point for point in result.plan.configurations}
    several = len(result.plan.builds) > 1
    return tuple(
        Winner(
            named[name],
            listed([f"{guest} on {build.name}" if several else guest for build, guest in where]),
            target_of(where[0][0]),
        )
        for name, where in places.items()
    )


def target_of(build: Build) -> str:
    """The architecture of a build by the name of its program; x86_64 where that has none.

    >>> target_of(Build("11.1", ("chroot", "/b", "qemu-system-aarch64"), "11.1.3"))
    'aarch64'
    """
    return next(filter(None, map(programs.target_of, build.command)), "x86_64")


def winner_html(winner: Winner | None, form: Form, why: str = "") -> str:
    """The winner as text to copy, with its button; where there is none, a button that is disabled, and ``why``."""
    text = ""
    if winner is not None:
        recipe = winner.configuration.recipe
        try:
            if recipe is None:
                why = "this version cannot read its recipe; the table has the words that QEMU was given"
            else:
                text = written(recipe, form, target=winner.target)
        except AccelkitError as error:
            why = str(error)
    off = "" if text else " disabled"
    title = f"copy it as {LABELS[form]}" if text else why
    shown = (
        f"<pre><code>{html_text(text)}</code></pre>"
        if text
        else f'<div class="ak-none">{html_text(why)}</div>'
    )
    return (
        f'<div class="ak-output ak-winner">{shown}<button type="button" class="ak-copy jupyter-button"'
        f' title="{html_text(title)}"{off}>copy</button></div>'
    )


class WinnerBox(w.HBox):
    """Shows the winners of a result; the user chooses one of several, and the form to copy."""

    def __init__(self, look: Look) -> None:
        self.quiet = False
        self._winners: tuple[Winner, ...] = ()
        self._why = ""
        plain: Any = {"layout": look.word_button, "style": look.tight}
        self.which = w.Dropdown(description="deploy", **plain)
        self.form = w.Dropdown(
            description="copy as", options=[(LABELS[form], form) for form in FORMS], value=FORMS[0], **plain
        )
        self.text = look.beside()
        self.which.observe(self._changed, names="value")
        self.form.observe(self._changed, names="value")
        super().__init__(layout=look.line)  # pyright: ignore[reportUnknownMemberType]  # the base has no types
        self.add_class("ak-winners")

    def show(self, shown: Shown) -> None:
        """Show the winners of what is ``shown``, or that there is none."""
        self._winners = winners(shown)
        what = "tuning" if isinstance(shown, Tuned) else "study"
        self._why = (
            "" if self._winners else f"Nothing to copy yet: the {what} has not decided what to deploy."
        )
        labels = [
            (
                f"{shortened(winner.configuration.name, MOST_NAME)} ({winner.places})",
                winner.configuration.name,
            )
            for winner in self._winners
        ]
        with quietly(self):
            if list(self.which.options) != labels:
                before = self.which.value
                self.which.options = labels
                if any(before == name for _, name in labels):
                    self.which.value = before
                elif labels:
                    self.which.value = labels[0][1]
        self.form.disabled = not self._winners
        children = (*([self.which] if len(labels) > 1 else []), self.form, self.text)
        if self.children != children:
            self.children = children
        self._changed(None)

    def _changed(self, _: Any) -> None:
        if not self.quiet:
            winner = next((row for row in self._winners if row.configuration.name == self.which.value), None)
            self.text.value = winner_html(winner, self.form.value, self._why)
