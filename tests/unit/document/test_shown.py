"""Shown: one document, shown in every form."""

from __future__ import annotations

from accelkit.document import Block, Mono, Paragraph, Shown, Tone
from accelkit.document.html import TONE_COLOURS


class Answer(Shown):
    def __init__(self, tone: Tone | None = None) -> None:
        self._tone = tone

    @property
    def document(self) -> tuple[Block, ...]:
        return (Paragraph(("a ", Mono("<b>"))),)

    @property
    def tone(self) -> Tone | None:
        return self._tone


def test_it_shows_its_document_as_text_as_markdown_and_as_a_page() -> None:
    answer = Answer()
    assert (str(answer), repr(answer), answer.markdown()) == ("a <b>", "a <b>", "a `<b>`")
    assert answer._repr_html_() == '<div style="overflow-x:auto"><p>a <code>&lt;b&gt;</code></p></div>'


def test_a_page_has_a_line_of_its_tone_beside_it() -> None:
    assert f"border-left:4px solid {TONE_COLOURS['bad']}" in Answer("bad")._repr_html_()
