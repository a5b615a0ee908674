"""OtherFields: two fields for what has no control: options that accelkit does not know, and joint axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accelkit.errors import AccelkitError
from accelkit.recipes.space import Space
from accelkit.widgets.alternative import Alternative
from accelkit.widgets.editors import ExactText
from accelkit.widgets.field_text import others_text, read_others
from accelkit.widgets.joint_axes import read_axes
from accelkit.widgets.look import Look, quietly
from accelkit.widgets.notes import problems_html
from accelkit.widgets.toolkit import w


class OtherFields(w.VBox):
    """Calls ``options_typed(options)`` and ``axes_typed(axes)`` with what the user typed, if it means something."""

    def __init__(
        self,
        look: Look,
        options_typed: Callable[[dict[str, str]], None],
        axes_typed: Callable[[Space[Any] | None], None],
    ) -> None:
        self.quiet = False
        self._options_typed = options_typed
        self._axes_typed = axes_typed
        wide: Any = {"layout": look.field, "style": look.short_text, "_dom_classes": ("ak-field",)}
        self.options = w.Text(
            description="other options",
            placeholder="name=value,name=value: options without a control",
            **wide,
        )
        self._options_text = ExactText(self.options)
        self.axes = w.Text(
            description="other axes", continuous_update=False,
            placeholder="each(…, …): options that vary together; then Enter", **wide,
        )  # fmt: skip
        self.note = look.note_of("")
        self.options.observe(self._read_options, names="value")
        self.axes.observe(self._read_axes, names="value")
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  # the base has no types
            children=(self.options, self.axes, self.note), layout=look.column
        )

    def disable(self, disabled: bool) -> None:
        """Grey out the fields, or not."""
        self.options.disabled = self.axes.disabled = disabled

    def show(self, alternative: Alternative, *, afresh: bool) -> None:
        """Set the fields to what ``alternative`` has; unless ``afresh``, leave half-typed text alone."""
        others = alternative.others()
        with quietly(self):
            if afresh or _options(self._options_text.read()) != others:
                self._options_text.show(others_text(others.items()))
            if afresh or _axes(self.axes.value) != alternative.axes:
                self.axes.value = "" if alternative.axes is None else repr(alternative.axes)
        if afresh:
            self._say("")

    def _say(self, error: str, field: Any = None) -> None:
        """Show why a field means nothing, and mark it."""
        self.note.value = problems_html((), error) if error else ""
        for one in (self.options, self.axes):
            one._dom_classes = ("ak-field", *(("ak-invalid",) if error and one is field else ()))  # noqa: SLF001  # one message, where add_class and remove_class are two

    def _read_options(self, change: Any) -> None:
        if self.quiet:
            return
        try:
            options = read_others(self._options_text.read())
        except AccelkitError as error:
            self._say(str(error), self.options)
            return
        self._say("")
        self._options_typed(options)

    def _read_axes(self, change: Any) -> None:
        if self.quiet:
            return
        try:
            axes = read_axes(change.new)
        except AccelkitError as error:
            self._say(str(error), self.axes)
            return
        self._say("")
        self._axes_typed(axes)


def _axes(text: str) -> Space[Any] | None:
    """The axes that the field means; None where it means none."""
    try:
        return read_axes(text)
    except AccelkitError:
        return None


def _options(text: str) -> dict[str, str] | None:
    """The options that the field means; None where it means none."""
    try:
        return read_others(text)
    except AccelkitError:
        return None
