"""A document of headings, paragraphs, lists, tables and pictures, rendered as text, Markdown and HTML. Pure.

Text that is quoted (options, names, what QEMU printed) is ``Mono``, everything else is plain words. So a renderer
never guesses what a ``*`` or ``<`` in a name means. Texts are shown as errors.visible does; ``Code`` keeps their lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from accelkit.errors import visible


class Mono(str):
    """Text that is quoted as it is, in a fixed-width font: ``tcg,tb-size=8``."""

    __slots__ = ()


#: Plain and quoted words, in order.
Inline = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section; level 1 is the title of the document."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One or more sentences."""

    words: Inline
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """An unordered list."""

    items: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class TableCell:
    """A table cell that is more than one string: plain and quoted words, and what only HTML shows.

    ``title`` is the tooltip of the cell, ``style`` what its style attribute has beyond that of every cell.
    """

    words: Inline
    title: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: column names and rows, each row with a cell (text, ``Mono`` or ``TableCell``) for each column.

    Columns whose index is in ``numbers`` are aligned to the right, rows whose index is in ``strong`` are bold.
    ``row_headers`` marks the first cell of each row as the name of that row. A table without column names has an
    empty ``head``.

    >>> rows = (
    ...     ("thread", Mono("multi")),
    ...     ("tb-size", TableCell((Mono("64"), " MiB"), title="67108864 bytes")),
    ... )
    >>> print(to_text([Table(("property", "value"), rows)]), end="")
    property  value
    --------  ------
    thread    multi
    tb-size   64 MiB
    >>> print(to_markdown([Table((), rows, row_headers=True)]), end="")
    |  |  |
    | --- | --- |
    | thread | `multi` |
    | tb-size | `64` MiB |
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str | TableCell, ...], ...]
    numbers: frozenset[int] = frozenset()
    strong: frozenset[int] = frozenset()
    caption: str = ""
    row_headers: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """Lines that are kept as they are: commands, and what a program printed."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG, which only HTML shows; ``says`` is its description for readers who do not see it."""

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
    """``blocks`` as plain text for a terminal: aligned columns, no markup, no pictures."""
    return "\n\n".join(filter(None, map(_text, blocks))) + "\n"


def _text(block: Block) -> str:
    match block:
        case Heading(text, level):
            line = _one_line(text)
            return f"{line}\n{('=' if level == 1 else '-') * len(line)}"
        case Paragraph(words):
            return _one_line("".join(words))
        case Bullets(items):
            return "\n".join("- " + _one_line("".join(words)) for words in items)
        case Table():
            return "\n".join([*([_one_line(block.caption), ""] if block.caption else []), *_aligned(block)])
        case Code(text):
            return "\n".join(f"    {line}" for line in visible(text).rstrip("\n").split("\n"))
        case Picture():
            return ""
        case Folded(_, _, instead):
            return _one_line("".join(instead))


def _words(cell: str | TableCell) -> Inline:
    return cell.words if isinstance(cell, TableCell) else (cell,)


def _aligned(table: Table) -> list[str]:
    head = [table.head] if any(table.head) else []
    rows = [[_one_line("".join(_words(cell))) for cell in row] for row in (*head, *table.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.rjust(width) if column in table.numbers else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    ruler = ["  ".join("-" * width for width in widths)] if head else []
    return [*lines[: len(head)], *ruler, *lines[len(head) :]]


def _one_line(text: str) -> str:
    return re.sub(r"[ \t]*[\t\n][ \t\n]*", " ", visible(text))


def to_markdown(blocks: Iterable[Block]) -> str:
    """``blocks`` as GitHub's Markdown, as for an issue tracker; without pictures."""
    return "\n\n".join(filter(None, map(_markdown, blocks))) + "\n"


def _markdown(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * (level + 1)} {_marked(text)}"
        case Paragraph(words, strong):
            text = _begun(_marked_words(words))
            return f"**{text}**" if strong else text
        case Bullets(items):
            return "\n".join(f"- {_begun(_marked_words(words))}" for words in items)
        case Table():
            # Markdown has no table without a head.
            head = block.head or ("",) * max(map(len, block.rows), default=0)
            ruler = ("---:" if column in block.numbers else "---" for column in range(len(head)))
            lines = [_row(map(_cell, head)), _row(ruler)]
            for number, row in enumerate(block.rows):
                strong = number in block.strong
                lines.append(_row(f"**{cell}**" if strong and cell else cell for cell in map(_cell, row)))
            caption = f"{_marked(block.caption)}\n\n" if block.caption else ""
            return caption + "\n".join(lines)
        case Code(text):
            fence = "`" * max(3, _longest_run(text, "`") + 1)
            return f"{fence}\n{visible(text).rstrip()}\n{fence}"
        case Picture():
            return ""
        case Folded(_, _, instead):
            return _marked_words(instead)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: str | TableCell) -> str:
    # A | ends a cell, also inside of `…`. Some parsers count the backslashes before it, others look at the last one:
    # in `…` they stand for themselves, so where there are some, HTML has to quote.
    marked = (f"<code>{_marked(str(word))}</code>" if isinstance(word, Mono) and "\\|" in word else _marked(word)
              for word in _words(cell))  # fmt: skip
    return "".join(marked).strip().replace("|", "\\|")


def _marked_words(words: Sequence[str]) -> str:
    return "".join(map(_marked, words))


def _marked(text: str) -> str:
    line = _one_line(text)
    if isinstance(text, Mono):
        return _quoted(" ".join(line.split()))
    # A lone [ or ] and an _ inside a word mean nothing in Markdown; escape what could start anything else.
    return re.sub(r"[\\`*<#~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|(?<=\])[(:\[]|&(?=#?\w)", r"\\\g<0>", line)


def _begun(text: str) -> str:
    """A paragraph in Markdown, whose first characters begin neither a list nor a quotation nor a rule."""
    return re.sub(r"^(?=[-+=>])|^\d{1,9}(?=[.)](\s|$))", r"\g<0>\\", text.lstrip())


def _quoted(text: str) -> str:
    fence = "`" * (_longest_run(text, "`") + 1)
    pad = " " if "`" in (text[:1], text[-1:]) else ""
    return f"{fence}{pad}{text}{pad}{fence}" if text else ""


def _longest_run(text: str, character: str) -> int:
    return max(map(len, re.findall(f"{character}+", text)), default=0)


def to_html(blocks: Iterable[Block]) -> str:
    """``blocks`` as a fragment of HTML: escaped, without scripts, and without colours of its own."""
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
    return "".join(
        f"<code>{html_text(word)}</code>" if isinstance(word, Mono) else html_text(word) for word in words
    )


def _html_table(table: Table) -> str:
    def cell(content: str | TableCell, column: int, header: str = "") -> str:
        # The style is in the cell itself: notebooks align all cells to the right and have no class of ours.
        style = f"text-align:{'right' if column in table.numbers else 'left'}"
        style += ";vertical-align:top" if header == "row" else ""
        attributes = {"scope": header, "style": style}
        if isinstance(content, TableCell):
            attributes |= {"title": content.title, "style": ";".join(filter(None, (style, content.style)))}
        tag = "th" if header else "td"
        inside = "".join(f' {name}="{html_text(value)}"' for name, value in attributes.items() if value)
        return f"<{tag}{inside}>{_html_words(_words(content))}</{tag}>"

    head = "".join(cell(text, column, "col") for column, text in enumerate(table.head))
    head = f"<thead><tr>{head}</tr></thead>\n" if any(table.head) else ""
    rows = "\n".join(
        ('<tr style="font-weight:bold">' if number in table.strong else "<tr>")
        + "".join(
            cell(content, column, "row" if table.row_headers and column == 0 else "")
            for column, content in enumerate(row)
        )
        + "</tr>"
        for number, row in enumerate(table.rows)
    )
    caption = f"<caption>{html_text(table.caption)}</caption>" if table.caption else ""
    return f"<table>{caption}{head}<tbody>{rows}</tbody></table>"
