"""Explanation: what ``explain`` returns, as text, as Markdown and as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from accelkit.document import Block

# accelkit.document is imported in functions: it loads html, which `import accelkit` does not need.


class Explanation(NamedTuple):
    """What ``explain`` returns. Prints as text; a notebook shows it as a table.

    ``parts`` are explanations that stand below it: those of the parts of what was asked.
    """

    title: str
    summary: str
    rows: tuple[tuple[str, str], ...] = ()
    parts: tuple[Explanation, ...] = ()

    @property
    def document(self) -> tuple[Block, ...]:
        """The explanation as blocks of ``accelkit.document``."""
        from accelkit.document import Heading, Mono, Paragraph, Table

        own: tuple[Block, ...] = (Heading(Mono(self.title)), Paragraph((self.summary,)))
        if self.rows:
            own += (Table((), self.rows, row_headers=True),)
        return own + tuple(block for part in self.parts for block in part.document)

    def __str__(self) -> str:
        from accelkit.document import to_text

        return to_text(self.document).rstrip("\n")

    __repr__ = __str__

    def markdown(self) -> str:
        """The explanation as Markdown: a heading, a sentence, a table."""
        from accelkit.document import to_markdown

        return to_markdown(self.document).rstrip("\n")

    def _repr_html_(self) -> str:
        from accelkit.document import to_html

        return to_html(self.document)
