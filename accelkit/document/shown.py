"""Shown: a value that shows itself by its document: as text in a terminal, as Markdown, as tables in a notebook. Pure."""

from __future__ import annotations

from accelkit.document.html import TONE_COLOURS, to_html
from accelkit.document.markdown import to_markdown
from accelkit.document.model import Block, Tone
from accelkit.document.text import to_text


class Shown:
    """The base of results that print as text and that a notebook shows as tables: all of it is their ``document``."""

    __slots__ = ()

    @property
    def document(self) -> tuple[Block, ...]:
        """The blocks that are shown."""
        raise NotImplementedError

    @property
    def tone(self) -> Tone | None:
        """The tone of the line that a page draws beside the whole; None for none."""
        return None

    def __str__(self) -> str:
        return to_text(self.document).rstrip("\n")

    def __repr__(self) -> str:
        return str(self)

    def markdown(self) -> str:
        """It as GitHub's Markdown, as for an issue tracker."""
        return to_markdown(self.document).rstrip("\n")

    def _repr_html_(self) -> str:
        # What is too wide for the page all the same can be scrolled to.
        style = "overflow-x:auto"
        if self.tone is not None:
            style += f";border-left:4px solid {TONE_COLOURS[self.tone]};padding-left:8px"
        return f'<div style="{style}">{to_html(self.document)}</div>'
