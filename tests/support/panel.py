"""The controls of an explorer as the page sets them, without a browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from support.property_texts import sweep_text

from accelkit.recipes.domains import Domain
from accelkit.recipes.property import Property
from accelkit.widgets.editors import Editor, FieldEditor, WordEditor
from accelkit.widgets.explorer import Explorer
from accelkit.widgets.field_text import field_text
from accelkit.widgets.property_row import PropertyRow
from accelkit.widgets.sweep_editor import ValuesSweepEditor, WordsSweepEditor


def row_of(panel: Explorer, prop: Property[Any, Any]) -> PropertyRow:
    """The row of a property, open."""
    row = panel.properties.row(prop.key)
    if not row.opened:
        row.fold.click()
    return row


def set_by_hand(editor: Editor, domain: Domain, texts: Sequence[str]) -> None:
    """Set the widgets of an editor to ``texts`` with the messages that the page sends."""
    match editor:
        case WordEditor(widgets=[widget]):
            widget.set_state({"index": [value for _, value in widget.options].index(texts[0])})
        case FieldEditor(widgets=[field, *_]):
            field.set_state({"value": field_text(domain, texts[0])})
        case WordsSweepEditor(widgets=boxes):
            for box in boxes:
                box.set_state({"value": box.description in texts})
        case ValuesSweepEditor(field=field, chips=chips):
            for button in reversed(chips.children):
                button.click()
            field.set_state({"value": sweep_text(domain, texts)})
        case _:
            raise AssertionError(editor)


def note_of(row: PropertyRow) -> str:
    """The note beside the control, as HTML."""
    return row._note.value
