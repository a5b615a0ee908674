"""StudyCost: how many points a sweep has and how long a study of them would take."""

from __future__ import annotations

from typing import Any, cast

from accelkit.recipes.space import Space
from accelkit.study.progress import study_time
from accelkit.widgets.look import Look
from accelkit.widgets.toolkit import w


class StudyCost(w.VBox):
    """Shows nothing but for a space: then two fields, blocks and seconds a boot, and what they come to."""

    def __init__(self, look: Look) -> None:
        wide: Any = {"layout": look.field, "style": look.description}
        self.blocks = w.BoundedIntText(value=5, min=1, max=10_000, description="blocks", **wide)
        self.seconds = w.BoundedFloatText(
            value=1.0, min=0.01, max=86_400, description="seconds a boot", **wide
        )
        self.said = look.below()
        self._points = 0
        for field in (self.blocks, self.seconds):
            field.observe(self._say, names="value")
        super().__init__(layout=look.column)  # pyright: ignore[reportUnknownMemberType]  # the base has no types

    def show(self, value: object) -> None:
        """Take another value, a space or not."""
        is_space = isinstance(value, Space)
        self._points = cast("Space[Any]", value).size if is_space else 0
        children = (self.blocks, self.seconds, self.said) if is_space else ()
        if self.children != children:
            self.children = children
        self._say()

    def _say(self, _: Any = None) -> None:
        if self._points:
            time = study_time(self._points, self.blocks.value, self.seconds.value)
            self.said.value = f'<div class="ak-time" role="status">{time}</div>'
