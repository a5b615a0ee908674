"""Guard: the one anywidget, hidden, whose script makes a form safe to type in and its texts easy to copy."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from accelkit.widgets.toolkit import anywidget, w

_HERE: Final = Path(__file__).parent


class Guard(anywidget.AnyWidget):
    """Put it anywhere inside an element of class ``accelkit``; it shows nothing itself.

    JupyterLab acts on single keys while a dropdown, checkbox or button has focus: ``d d`` deletes the
    cell. The script turns these shortcuts off for every control of the form, names slider handles and button
    groups for screen readers, and copies the text beside a ``.ak-copy`` button. A page that cannot load the
    script, such as VS Code offline, still shows all controls; the error message is hidden with the guard.
    """

    _esm = (_HERE / "guard.js").read_text(encoding="utf-8")

    def __init__(self) -> None:
        super().__init__(layout=w.Layout(display="none"))  # pyright: ignore[reportUnknownMemberType]  # the base has no types

    def __repr__(self) -> str:
        return "Guard()"
