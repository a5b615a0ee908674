"""Explanation: what ``explain`` returns, as text, as Markdown and as HTML."""

from __future__ import annotations

from dataclasses import dataclass

from accelkit.document import Block, Heading, Mono, Paragraph, Shown, Table


@dataclass(frozen=True, slots=True, repr=False)
class Explanation(Shown):
    """What ``explain`` returns. Prints as text; a notebook shows it as a table.

    ``parts`` are explanations that stand below it: those of the parts of what was asked.
    """

    title: str
    summary: str
    rows: tuple[tuple[str, str], ...] = ()
    parts: tuple[Explanation, ...] = ()

    @property
    def document(self) -> tuple[Block, ...]:
        """The explanation as blocks of ``accelkit.document``: a heading, a sentence, a table."""
        own: tuple[Block, ...] = (Heading(Mono(self.title)), Paragraph((self.summary,)))
        if self.rows:
            own += (Table((), self.rows, row_headers=True),)
        return own + tuple(block for part in self.parts for block in part.document)
