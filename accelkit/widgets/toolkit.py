"""ipywidgets, traitlets and anywidget as Any: they have no types, and no other module imports them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

w: Any = import_module("ipywidgets")
t: Any = import_module("traitlets")
anywidget: Any = import_module("anywidget")
_widgets: Any = w.widgets

# Styles that ipywidgets does not export.
DescriptionStyle: Any = _widgets.widget_description.DescriptionStyle
CheckboxStyle: Any = _widgets.widget_bool.CheckboxStyle
ToggleButtonStyle: Any = _widgets.widget_bool.ToggleButtonStyle
HTMLStyle: Any = _widgets.widget_string.HTMLStyle
TextStyle: Any = _widgets.widget_string.TextStyle
