"""A document of headings, paragraphs, lists, tables and pictures, rendered as text, Markdown and HTML. Pure."""

from accelkit.document.html import html_text, to_html
from accelkit.document.markdown import to_markdown
from accelkit.document.model import (
    BREAK,
    Badge,
    Block,
    Bullets,
    Code,
    Folded,
    Heading,
    Inline,
    Mono,
    Paragraph,
    Picture,
    Table,
    TableCell,
    Tone,
)
from accelkit.document.shown import Shown
from accelkit.document.text import to_text

__all__ = [
    "BREAK",
    "Badge",
    "Block",
    "Bullets",
    "Code",
    "Folded",
    "Heading",
    "Inline",
    "Mono",
    "Paragraph",
    "Picture",
    "Shown",
    "Table",
    "TableCell",
    "Tone",
    "html_text",
    "to_html",
    "to_markdown",
    "to_text",
]
