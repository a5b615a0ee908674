"""Explanation: what ``explain`` returns, as text, as Markdown and as HTML."""

from __future__ import annotations

from dataclasses import dataclass

from accelkit.document import Badge, Block, Heading, Mono, Paragraph, Shown, Table, TableCell


@dataclass(frozen=True, slots=True, repr=False)
class Explanation(Shown):
    """What ``explain`` returns. Prints as text; a notebook shows it as a table.

    ``parts`` are explanations that stand below it: those of the parts of what was asked. ``mark`` stands before the
    text of the first row, where that tells of a value that QEMU refuses.
    """

    title: str
    summary: str
    rows: tuple[tuple[str, str], ...] = ()
    parts: tuple[Explanation, ...] = ()
    mark: Badge | None = None

    @property
    def document(self) -> tuple[Block, ...]:
        """The explanation as blocks of ``accelkit.document``: a heading, a sentence, a table."""
        own: tuple[Block, ...] = (Heading(Mono(self.title)), Paragraph((self.summary,)))
        if self.rows:
            (label, text), *others = self.rows
            first = TableCell((text,) if self.mark is None else (self.mark, f" {text}"))
            own += (Table((), ((label, first), *others), row_headers=True),)
        return own + tuple(block for part in self.parts for block in part.document)
