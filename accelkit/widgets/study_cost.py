"""StudyCost: the number of points of a sweep, how long a study of them would take, and whether it could decide."""

from __future__ import annotations

from typing import Any, cast

from accelkit.recipes.space import Space
from accelkit.study.analysis.families import families
from accelkit.study.forecast import outlook
from accelkit.study.progress import study_time
from accelkit.study.standards import DEFAULT_BLOCKS, Standards
from accelkit.widgets.look import Look
from accelkit.widgets.toolkit import w


class StudyCost(w.VBox):
    """For a space, two fields (blocks, seconds per boot) and the time of a study; for other values nothing."""

    def __init__(self, look: Look) -> None:
        wide: Any = {"layout": look.field, "style": look.description}
        self.blocks = w.BoundedIntText(value=DEFAULT_BLOCKS, min=1, max=10_000, description="blocks", **wide)
        self.seconds = w.BoundedFloatText(
            value=1.0, min=0.01, max=86_400, description="seconds per boot", **wide
        )
        self.time = look.below()
        self._points = 0
        for field in (self.blocks, self.seconds):
            field.observe(self._update, names="value")
        super().__init__(layout=look.column)  # pyright: ignore[reportUnknownMemberType]  # the base has no types

    def show(self, value: object) -> None:
        """Show the cost of ``value``, if it is a space."""
        is_space = isinstance(value, Space)
        self._points = cast("Space[Any]", value).size if is_space else 0
        children = (self.blocks, self.seconds, self.time) if is_space else ()
        if self.children != children:
            self.children = children
        self._update()

    def _update(self, _: Any = None) -> None:
        if self._points:
            text = study_time(self._points, self.blocks.value, self.seconds.value)
            verdict = outlook(self.blocks.value, families(self._points, 1, 1, Standards()))
            self.time.value = f'<div class="ak-time" role="status">{text}; {verdict}</div>'
