"""A document of headings, sentences, tables and pictures: as text, Markdown and HTML. Pure.

What is quoted (options, names, what QEMU printed) is ``Mono``, all else is plain words, so that nothing
has to be guessed about what a name with a ``*`` or a ``<`` in it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import zip_longest


class Mono(str):
    """Inline that are quoted as they are: ``tcg,tb-size=8``."""

    __slots__ = ()


#: Plain and quoted words, in order.
Inline = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """Begins a part; 1 is the document's own."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One or more sentences."""

    words: Inline
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list in no order."""

    items: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A head and rows; the columns in ``numbers`` stand to the right, the rows in ``strong`` stand out."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    strong: frozenset[int] = frozenset()
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """Lines that are kept as they are: commands, and what a program printed."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG; ``says`` stands for it where no picture can be. Only HTML shows it."""

    svg: str = field(repr=False)
    says: str = ""


@dataclass(frozen=True, slots=True)
class Folded:
    """Blocks that a page shows when ``summary`` is opened; text and Markdown have ``instead`` in their place."""

    summary: Inline
    blocks: tuple[Block, ...]
    instead: Inline


Block = Heading | Paragraph | Bullets | Table | Code | Picture | Folded


def to_text(blocks: Iterable[Block]) -> str:
    """For a terminal: aligned columns, no markup."""
    return _tame("\n\n".join(filter(None, map(_text, blocks))) + "\n")


def _text(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{text}\n{('=' if level == 1 else '-') * len(text)}"
        case Paragraph(words):
            return "".join(words)
        case Bullets(items):
            return "\n".join("- " + "".join(words) for words in items)
        case Table():
            lines = [*([block.caption, ""] if block.caption else []), *_aligned(block)]
            return "\n".join(lines)
        case Code(text):
            return "\n".join(f"    {line}" for line in text.splitlines())
        case Picture():
            return ""
        case Folded(_, _, instead):
            return "".join(instead)


def _aligned(table: Table) -> list[str]:
    columns = list(zip_longest(table.head, *table.rows, fillvalue=""))
    widths = [max(map(len, column)) for column in columns]
    lines: list[str] = []
    for row in (table.head, *table.rows):
        cells = [
            cell.rjust(width) if place in table.numbers else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    ruler = [lines[0], "  ".join("-" * width for width in widths)] if any(table.head) else []
    return [*ruler, *lines[1:]]


def to_markdown(blocks: Iterable[Block]) -> str:
    """For an issue tracker: GitHub's Markdown, without pictures."""
    return _tame("\n\n".join(filter(None, map(_markdown, blocks))) + "\n")


def _markdown(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * (level + 1)} {_marked(text)}"
        case Paragraph(words, strong):
            text = _marked_words(words)
            return f"**{text}**" if strong else text
        case Bullets(items):
            return "\n".join(f"- {_marked_words(words)}" for words in items)
        case Table():
            ruler = ("---:" if place in block.numbers else "---" for place in range(len(block.head)))
            lines = [_row(map(_cell, block.head)), _row(ruler)]
            for place, row in enumerate(block.rows):
                cells = map(_cell, row)
                strong = place in block.strong
                lines.append(_row(f"**{cell}**" if strong and cell else cell for cell in cells))
            caption = f"{_marked(block.caption)}\n\n" if block.caption else ""
            return caption + "\n".join(lines)
        case Code(text):
            fence = "`" * max(3, _longest_run(text, "`") + 1)
            return f"{fence}\n{text.rstrip()}\n{fence}"
        case Picture():
            return ""
        case Folded(_, _, instead):
            return _marked_words(instead)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return _marked(text).replace("|", "\\|")


def _marked_words(words: Sequence[str]) -> str:
    return "".join(map(_marked, words))


def _marked(text: str) -> str:
    if isinstance(text, Mono):
        return _quoted(" ".join(text.split()))
    text = re.sub(r"\s*[\r\n]+\s*", " ", text)
    # A lone [ ] or an _ within a word means nothing; what could make a link, a tag or a style does.
    return re.sub(r"[\\`*<#~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|(?<=\])\(", r"\\\g<0>", text)


def _quoted(text: str) -> str:
    if not text:
        return ""
    fence = "`" * (_longest_run(text, "`") + 1)
    pad = " " if "`" in (text[0], text[-1]) else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _longest_run(text: str, character: str) -> int:
    longest = run = 0
    for each in text:
        run = run + 1 if each == character else 0
        longest = max(longest, run)
    return longest


def to_html(blocks: Iterable[Block]) -> str:
    """A fragment: escaped, without script, and with no colour but the reader's own."""
    return _tame("\n".join(map(_html, blocks)))


#: What a terminal would obey, and what turns the direction of writing round.
_CONTROLS = re.compile("[\0-\b\v-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _tame(text: str) -> str:
    """``text`` with control characters, as a program under test may have printed them, shown by their codes."""
    return _CONTROLS.sub(lambda found: repr(found[0])[1:-1], text)


def _html(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"<h{level}>{escape(text)}</h{level}>"
        case Paragraph(words, strong):
            text = _html_words(words)
            return f"<p><strong>{text}</strong></p>" if strong else f"<p>{text}</p>"
        case Bullets(items):
            return "<ul>" + "".join(f"<li>{_html_words(words)}</li>" for words in items) + "</ul>"
        case Table():
            return _html_table(block)
        case Code(text):
            return f"<pre>{escape(text.rstrip())}</pre>"
        case Picture(svg, says):
            return f'<figure role="img" aria-label="{escape(says)}">{svg}</figure>'
        case Folded(summary, blocks):
            inside = "\n".join(map(_html, blocks))
            return f"<details><summary>{_html_words(summary)}</summary>\n{inside}\n</details>"


def _html_words(words: Sequence[str]) -> str:
    return "".join(
        f"<code>{escape(each)}</code>" if isinstance(each, Mono) else escape(each) for each in words
    )


def _html_table(table: Table) -> str:
    def cell(tag: str, place: int, text: str) -> str:
        side = "right" if place in table.numbers else "left"
        # In the element itself: notebooks set all cells to the right.
        return f'<{tag} style="text-align:{side}">{_html_words((text,))}</{tag}>'

    head = "".join(cell("th", place, text) for place, text in enumerate(table.head))
    head = f"<thead><tr>{head}</tr></thead>\n" if any(table.head) else ""
    rows = "\n".join(
        ('<tr class="strong">' if number in table.strong else "<tr>")
        + "".join(cell("td", place, text) for place, text in enumerate(row))
        + "</tr>"
        for number, row in enumerate(table.rows)
    )
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    return f"<table>{caption}{head}<tbody>{rows}</tbody></table>"
