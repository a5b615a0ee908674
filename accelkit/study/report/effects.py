"""ShownEffects: the effects of a study or a tuning as a notebook shows them, with their chart and frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from accelkit.document import to_html, to_text
from accelkit.study.analysis.analysis import Analysis
from accelkit.study.analysis.effects import Effects
from accelkit.study.report.effect_text import effect_blocks
from accelkit.study.report.frames import frame

if TYPE_CHECKING:
    from accelkit.study.report.chart import Chart


ONE_LOOK: Final = (
    "They are for one look at the trials: other than those of the verdicts, they do not widen with each."
)
"""What is said of the effects in a study whose other intervals hold at any time."""


class ShownEffects(Effects):
    """The effects of the properties that vary. A notebook shows what matters and the table.

    >>> effects = Result.from_store("tcg.sqlite").effects("smp")  # doctest: +SKIP
    >>> effects.guests[0].of("matters")  # doctest: +SKIP
    ('thread',)
    """

    __slots__ = ()

    def plot(self) -> Chart:
        """Main effects and interactions in one chart: a line for each value, and for each two properties.

        Raises StudyError if Altair is not installed.
        """
        from accelkit.study.report.effect_charts import (
            effect_chart,
        )  # Altair is heavy, and needed for drawing alone

        return effect_chart(self)

    def frame(self, *, library: Literal["pandas", "polars"] | None = None) -> Any:
        """A frame of :meth:`rows`, made by ``library``, by default by pandas, else by polars.

        Raises StudyError if it is not installed.
        """
        return frame(self.rows(), library)

    def __str__(self) -> str:
        return to_text(list(effect_blocks(self))).rstrip("\n")

    def __repr__(self) -> str:
        return f"<Effects: {', '.join(group.guest for group in self.guests)}>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": to_html(list(effect_blocks(self))), "text/plain": str(self)}

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))


def effects_shown(result: Analysis, guest: str | None = None, build: str | None = None) -> ShownEffects:
    """The effects in ``result``, those of one ``guest``, or on one ``build``, if it is given."""
    groups = (row for row in result.all_effects if guest in (None, row.guest) and build in (None, row.build))
    return ShownEffects(tuple(groups), result.delta, result.confidence, ONE_LOOK * result.anytime)
