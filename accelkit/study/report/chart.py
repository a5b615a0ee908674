"""A chart that is shown as SVG in notebooks, files and pages, without network access or scripts.

vl-convert draws it with its own copy of Vega-Lite. Text and lines have the colour ``currentColor``: inside a page that
is the colour of the page's text; in a file of its own the chart follows the reader's light or dark scheme.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from accelkit.errors import StudyError, shortened, visible

if TYPE_CHECKING:
    import altair as alt

INK: Final = "currentColor"
LIGHT: Final = ("#1a1a1a", "#ffffff")
DARK: Final = ("#e6e6e6", "#181818")
FAINT: Final = 0.15

MOST_TEXT: Final = 1_000
"""Characters of one text in a chart, at most."""

SMALLEST: Final = 0.9
"""A page that would show the wide drawing at less of its size shows the narrow one: text stays readable."""

_WIDTH: Final = re.compile(r'<svg [^>]*?\bwidth="([0-9.]+)"')

EXPRESSIONS: Final = frozenset({"labelExpr", "expr"})
"""Keys of programs, which no one cuts."""

CONFIG: Final[dict[str, Any]] = {
    "background": "transparent",
    "font": "system-ui, 'DejaVu Sans', sans-serif",
    "padding": 8,
    "view": {"stroke": INK, "strokeOpacity": 0.3},
    "title": {"color": INK, "subtitleColor": INK, "anchor": "start", "fontSize": 13, "subtitleFontSize": 11},
    "axis": {
        "labelColor": INK, "titleColor": INK, "tickColor": INK, "domainColor": INK, "gridColor": INK,
        "gridOpacity": FAINT, "labelLimit": 360, "titleFontWeight": "normal", "labelFontSize": 11,
    },
    "legend": {"labelColor": INK, "titleColor": INK, "labelLimit": 360, "titleFontWeight": "normal"},
    "text": {"color": INK},
    "rule": {"color": INK},
}  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Chart:
    """A chart: a notebook shows it, :meth:`save` writes it to a file.

    ``says`` describes in words what it shows; ``altair`` is the Altair chart, which may be changed further. ``narrow``
    draws the same for a narrow page.
    """

    altair: alt.TopLevelMixin
    says: str
    narrow: Callable[[], alt.TopLevelMixin] = field(compare=False)
    _drawn: dict[str, str] = field(default_factory=dict[str, str], compare=False)

    def svg(self) -> str:
        """The chart as SVG, always the same bytes."""
        svg = self._svg("svg", lambda: self.altair)
        tag, _, rest = svg.partition(">")
        name = f"chart-{_digest(svg)}"
        style = (
            f"<style>#{name}{{color:{LIGHT[0]};background:{LIGHT[1]}}}"
            f"@media(prefers-color-scheme:dark){{#{name}{{color:{DARK[0]};background:{DARK[1]}}}}}</style>"
        )
        return f'{tag} id="{name}">{style}{rest}'

    def html(self) -> str:
        """The chart for a page around it, from which it takes its colours, and the room: a narrow one has another drawing.

        Where a page drops styles, the wide drawing shows, as wide as the page.
        """
        wide, narrow = self._svg("svg", lambda: self.altair), self._svg("narrow", self.narrow)
        name = f"chart-{_digest(wide)}"
        least = math.ceil(SMALLEST * _width_of(wide))
        style = (
            f"<style>@container (max-width:{least}px){{.{name}>div:first-of-type{{display:none}}"
            f".{name}>div:last-of-type{{display:block!important}}}}</style>"
        )
        # The container is a division around the other, as a query is never about the element itself.
        return (
            f'<div style="container-type:inline-size"><div class="{name}">{style}'
            f"<div>{_shrinking(wide)}</div>"
            f'<div style="display:none">{_shrinking(narrow)}</div></div></div>'
        )

    def _svg(self, kind: str, draw: Callable[[], alt.TopLevelMixin]) -> str:
        if kind not in self._drawn:
            convert: Any = _converter()
            self._drawn[kind] = convert.vegalite_to_svg(_spec(draw()), vl_version=_version())
        return self._drawn[kind]

    def png(self, *, dark: bool = False, scale: float = 2.0) -> bytes:
        """The chart as PNG, on a white background or a ``dark`` one; ``scale`` multiplies its pixels."""
        convert: Any = _converter()
        ink, ground = DARK if dark else LIGHT
        text = json.dumps(_spec(self.altair)).replace(f'"{INK}"', f'"{ink}"')
        spec = json.loads(text)
        spec["config"]["background"] = ground
        return bytes(convert.vegalite_to_png(spec, vl_version=_version(), scale=scale))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the chart to an .svg or .png file; raises StudyError for another ending."""
        name = os.fspath(path)
        ending = os.path.splitext(name)[1].lower()
        if ending not in (".svg", ".png"):
            raise StudyError(f"{name!r}: a chart is written as .svg or .png; give one of these endings")
        data = self.svg().encode() if ending == ".svg" else self.png()
        with open(name, "wb") as file:
            file.write(data)

    def _repr_svg_(self) -> str:
        return self.svg()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"image/svg+xml": self.svg(), "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"Chart({shortened(visible(self.says), MOST_TEXT)!r})"


def _spec(chart: alt.TopLevelMixin) -> dict[str, Any]:
    # The converter is native code, which ends the whole process at a control character; it is not asked to draw one.
    return {**_drawable(chart.to_dict()), "config": CONFIG}


def _digest(svg: str) -> str:
    return hashlib.blake2b(svg.encode(), digest_size=4).hexdigest()


def _width_of(svg: str) -> float:
    match = _WIDTH.search(svg)
    return float(match[1]) if match else 0.0


def _shrinking(svg: str) -> str:
    """An SVG that becomes smaller where the page is narrower than it is."""
    return svg.replace("<svg ", '<svg style="max-width:100%;height:auto" ', 1)


def _drawable(part: Any, most: int = MOST_TEXT) -> Any:
    """A part of a chart whose texts, those of its data among them, are visible and not too long to be measured."""
    if isinstance(part, str):
        return shortened(visible(part), most)
    if isinstance(part, dict):
        items = cast("dict[str, Any]", part).items()
        return {
            visible(key): _drawable(value, sys.maxsize if key in EXPRESSIONS else most)
            for key, value in items
        }
    return [_drawable(item, most) for item in cast("list[Any]", part)] if isinstance(part, list) else part


def _converter() -> Any:
    try:
        import vl_convert  # heavy, and needed for drawing alone
    except ImportError:
        raise StudyError(
            "charts are drawn by vl-convert, which is not installed; pip install 'accelkit[study]'"
        ) from None
    return vl_convert


def _version() -> str:
    """The version of Vega-Lite that Altair writes, in the notation of vl-convert."""
    import altair as alt  # heavy; whoever has a chart has imported it

    return "_".join(alt.SCHEMA_VERSION.split(".")[:2])
