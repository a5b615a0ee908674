"""A chart that shows itself as SVG: in notebooks, files and pages, without network or script.

Vega-Lite is drawn by vl-convert, which brings its own copy. Text and lines are ``currentColor``: in a
page they are the page's, alone they follow the reader's light or dark scheme.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from accelkit.errors import StudyError

if TYPE_CHECKING:
    import altair as alt

INK: Final = "currentColor"
LIGHT: Final = ("#1a1a1a", "#ffffff")
DARK: Final = ("#e6e6e6", "#181818")
FAINT: Final = 0.15

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
    """A chart: shown in a notebook as it is, written by :meth:`save`; ``says`` is what it shows, in words.

    ``altair`` is Altair's own chart, to change what one likes.
    """

    altair: alt.TopLevelMixin
    says: str
    _drawn: dict[str, str] = field(default_factory=dict[str, str], compare=False)

    def svg(self, *, inline: bool = False) -> str:
        """SVG, the same bytes for the same chart; ``inline`` leaves its colours to the page around it."""
        if "svg" not in self._drawn:
            convert: Any = _converter()
            self._drawn["svg"] = convert.vegalite_to_svg(self._spec(), vl_version=_version())
        drawn = self._drawn["svg"]
        name = f"chart-{hashlib.blake2b(drawn.encode(), digest_size=4).hexdigest()}"
        open_, _, rest = drawn.partition(">")
        if inline:  # shrinks with the page
            return f'{open_} style="max-width:100%;height:auto">{rest}'
        style = (
            f"<style>#{name}{{color:{LIGHT[0]};background:{LIGHT[1]}}}"
            f"@media(prefers-color-scheme:dark){{#{name}{{color:{DARK[0]};background:{DARK[1]}}}}}</style>"
        )
        return f'{open_} id="{name}">{style}{rest}'

    def png(self, *, dark: bool = False, scale: float = 2.0) -> bytes:
        """PNG on a white ground, or a dark one."""
        convert: Any = _converter()
        ink, ground = DARK if dark else LIGHT
        text = json.dumps(self._spec()).replace(f'"{INK}"', f'"{ink}"')
        spec = json.loads(text)
        spec["config"]["background"] = ground
        return bytes(convert.vegalite_to_png(spec, vl_version=_version(), scale=scale))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes an .svg or .png file; StudyError for another ending."""
        shown = os.fspath(path)
        ending = os.path.splitext(shown)[1].lower()
        if ending not in (".svg", ".png"):
            raise StudyError(f"{shown!r}: a chart is written as .svg or .png; give one of these endings")
        data = self.svg().encode() if ending == ".svg" else self.png()
        with open(shown, "wb") as file:
            file.write(data)

    def _spec(self) -> dict[str, Any]:
        return {**self.altair.to_dict(), "config": CONFIG}

    def _repr_svg_(self) -> str:
        return self.svg()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"image/svg+xml": self.svg(), "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"Chart({self.says!r})"


def _converter() -> Any:
    try:
        import vl_convert  # heavy; only who draws pays
    except ImportError:
        raise StudyError(
            "charts are drawn by vl-convert, which is not installed; pip install 'accelkit[study]'"
        ) from None
    return vl_convert


def _version() -> str:
    """Vega-Lite's version as vl-convert calls it: of those it has, the one that Altair writes."""
    import altair as alt  # heavy, and here already

    return "_".join(alt.SCHEMA_VERSION.split(".")[:2])
