"""A document as a fragment of HTML. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Final

from accelkit.document.model import (
    Badge,
    Block,
    Bullets,
    Code,
    Folded,
    Heading,
    Mono,
    Paragraph,
    Picture,
    Table,
    TableCell,
    Tone,
    lines_of,
    notes_of,
)
from accelkit.errors import visible

#: The ground of a badge by its tone. White text on it has a contrast of at least 4.5, in a light and in a dark page
#: alike: the page's own colours play no part.
TONE_COLOURS: Final[Mapping[Tone, str]] = {
    "good": "#1b7340", "bad": "#c5221f", "depends": "#8a5300", "unknown": "#7b52bf", "note": "#50606e",
}  # fmt: skip
_BADGE: Final = "color:#fff;border-radius:3px;padding:1px 5px;white-space:nowrap;background:"
#: Characters of a word that would make its column wide: it is broken instead, and the column keeps some width.
_LONG_WORD: Final = 24
_BROKEN: Final = "overflow-wrap:anywhere;min-width:11em"


def to_html(blocks: Iterable[Block]) -> str:
    """``blocks`` as a fragment of HTML: escaped, without scripts, and without colours of its own but those of badges."""
    return "\n".join(map(_html, blocks))


def html_text(text: str) -> str:
    """``text`` as it stands in HTML, also in the value of an attribute."""
    return escape(visible(text))


def _html(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"<h{level}>{html_text(text)}</h{level}>"
        case Paragraph(words, strong):
            text = _html_words(words)
            return f"<p><strong>{text}</strong></p>" if strong else f"<p>{text}</p>"
        case Bullets(items):
            return "<ul>" + "".join(f"<li>{_html_words(words)}</li>" for words in items) + "</ul>"
        case Table():
            return _html_table(block)
        case Code(text):
            return f"<pre>{html_text(text.rstrip())}</pre>"
        case Picture(svg, says):
            return f'<figure role="img" aria-label="{html_text(says)}">{visible(svg)}</figure>'
        case Folded(summary, blocks):
            inside = "\n".join(map(_html, blocks))
            return f"<details><summary>{_html_words(summary)}</summary>\n{inside}\n</details>"


def _html_words(words: Sequence[str]) -> str:
    return "".join(map(_html_word, words))


def _html_word(word: str) -> str:
    text = html_text(word)
    if isinstance(word, Mono):
        return f"<code>{text}</code>"
    return (
        f'<span style="{_BADGE}{TONE_COLOURS[word.tone]}">{text}</span>' if isinstance(word, Badge) else text
    )


def _html_table(table: Table) -> str:
    def cell(content: str | TableCell, column: int, header: str = "") -> str:
        # The style is in the cell itself: notebooks align all cells to the right and have no class of ours.
        style = f"text-align:{'right' if column in table.numbers else 'left'}"
        style += ";vertical-align:top" if header == "row" else ""
        lines = lines_of(content)
        style += ";vertical-align:top" if several and not header else ""
        words = (word for line in lines for part in line for word in part.split())
        style += f";{_BROKEN}" if max(map(len, words), default=0) > _LONG_WORD else ""
        attributes = {"scope": header, "style": style}
        if isinstance(content, TableCell):
            attributes["title"] = content.title
        tag = "th" if header else "td"
        inside = "".join(f' {name}="{html_text(value)}"' for name, value in attributes.items() if value)
        return f"<{tag}{inside}>{'<br>'.join(map(_html_words, lines))}</{tag}>"

    several = any(len(lines_of(content)) > 1 for row in table.rows for content in row)

    head = "".join(cell(text, column, "col") for column, text in enumerate(table.head))
    head = f"<thead><tr>{head}</tr></thead>\n" if any(table.head) else ""

    def title(number: int) -> str:
        words = table.groups.get(number)
        if words is None:
            return ""
        style = "text-align:left;padding-top:.8em"
        return f'<tr><th colspan="{len(table.rows[number])}" scope="rowgroup" style="{style}">{_html_words(words)}</th></tr>\n'

    rows = "\n".join(
        title(number)
        + ('<tr style="font-weight:bold">' if number in table.strong else "<tr>")
        + "".join(
            cell(content, column, "row" if table.row_headers and column == 0 else "")
            for column, content in enumerate(row)
        )
        + "</tr>"
        for number, row in enumerate(table.rows)
    )
    caption = f"<caption>{html_text(table.caption)}</caption>" if table.caption else ""
    notes = notes_of(table, range(len(table.head)))
    below = f'\n<div style="font-size:.9em">{_html(notes)}</div>' if notes else ""
    return f"<table>{caption}{head}<tbody>{rows}</tbody></table>{below}"
