"""The widgets with which several values are chosen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.panel import set_by_hand
from support.property_texts import ROWS, texts_of

from accelkit.widgets.look import Look
from accelkit.widgets.sweep_editor import sweep_editor_for


@given(ROWS, st.data())
def test_the_editor_of_a_sweep_reads_what_it_shows_and_reports_only_changes_by_hand(row, data):
    editor, changes = sweep_editor_for(row, Look()), []
    editor.changed = lambda: changes.append(editor.read())
    choices = data.draw(st.lists(texts_of(row), max_size=3, unique=True))
    editor.show(tuple(choices) or None)
    assert sorted(editor.read() or ()) == sorted(choices)
    assert changes == []
    texts = data.draw(st.lists(texts_of(row), min_size=1, max_size=3, unique=True))
    set_by_hand(editor, row.domain, texts)
    assert sorted(editor.read()) == sorted(texts)
    if set(texts) != set(choices):
        assert changes[-1] == editor.read()
