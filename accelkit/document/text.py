"""A document as plain text for a terminal: aligned columns that fit its width, no markup, no pictures. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

from accelkit.document.model import (
    Block,
    Bullets,
    Code,
    Folded,
    Heading,
    Paragraph,
    Picture,
    Table,
    lines_of,
    notes_of,
    one_line,
)
from accelkit.errors import visible

GAP: Final = "  "
"""Stands between two columns."""

NARROWEST: Final = 12
"""Characters that a column keeps when its cells are broken into several lines."""


def to_text(blocks: Iterable[Block], *, tables: int | None = None, sentences: int | None = None) -> str:
    """``blocks`` as plain text: aligned columns, no markup, no pictures.

    ``tables`` is the most characters that a line of a table may have: a wider table loses its spare columns, then its
    longest cells are broken. ``sentences`` is the same for paragraphs and lists. None leaves them as long as they are.

    >>> rows = (("thread", "multi", "in threads of the host"), ("tb-size", "64 MiB", "a cache"))
    >>> print(to_text([Table(("property", "value", "means"), rows, spare=((2,),))], tables=36), end="")
    property  value
    --------  ------
    thread    multi
    tb-size   64 MiB
    >>> print(to_text([Table(("property", "value", "means"), rows)], tables=36), end="")
    property  value   means
    --------  ------  ------------------
    thread    multi   in threads of the
                      host
    tb-size   64 MiB  a cache
    """
    texts = [_text(block, tables, sentences) for block in blocks]
    return "\n\n".join(filter(None, texts)) + "\n"


def _text(block: Block, tables: int | None, sentences: int | None) -> str:
    match block:
        case Heading(text, level):
            line = one_line(text)
            return f"{line}\n{('=' if level == 1 else '-') * len(line)}"
        case Paragraph(words):
            return _filled("".join(words), sentences)
        case Bullets(items):
            return "\n".join(_filled("- " + "".join(words), sentences, "  ") for words in items)
        case Table():
            caption = [_filled(block.caption, sentences), ""] if block.caption else []
            lines, columns = _aligned(block, tables)
            notes = notes_of(block, columns)
            below = ["", _text(notes, tables, sentences or tables)] if notes else []
            return "\n".join([*caption, *lines, *below])
        case Code(text):
            return "\n".join(f"    {line}" for line in visible(text).rstrip("\n").split("\n"))
        case Picture():
            return ""
        case Folded(summary, inside, instead):
            if instead is not None:
                return _filled("".join(instead), sentences)
            heading = Heading("".join(summary), 2)
            return to_text([heading, *inside], tables=tables, sentences=sentences).rstrip("\n")


def _filled(text: str, width: int | None, indent: str = "") -> str:
    """``text`` on lines of at most ``width`` characters, words whole; those after the first begin with ``indent``."""
    line = one_line(text)
    if width is None or len(line) <= width:
        return line
    return textwrap.fill(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _aligned(table: Table, width: int | None) -> tuple[list[str], list[int]]:
    """The lines of a table, and the columns that they have."""
    head = [table.head] if any(table.head) else []
    rows = [
        [[one_line("".join(line)) for line in lines_of(cell)] for cell in row] for row in (*head, *table.rows)
    ]
    if table.groups:  # what a group has is indented below its title
        for row in rows[len(head) :]:
            row[0] = [f"  {line}" for line in row[0]]
    columns = list(range(len(rows[0]))) if rows else []
    widths = [max(len(line) for cell in column for line in cell) for column in zip(*rows, strict=True)]
    for spare in table.spare:
        if width is None or _total(widths[column] for column in columns) <= width:
            break
        columns = [column for column in columns if column not in spare]
    if width is not None:
        _narrow(widths, [column for column in columns if column not in table.numbers], columns, width)
    lines: list[str] = []
    for number, row in enumerate(rows):
        if (title := table.groups.get(number - len(head))) is not None:
            whole = one_line("".join(title))
            lines += [whole] if width is None else _broken(whole, width)
        lines += _row(row, columns, widths, table.numbers)
        if head and number == 0:
            lines.append(GAP.join("-" * widths[column] for column in columns))
    return lines, columns


def _total(widths: Iterable[int]) -> int:
    known = list(widths)
    return sum(known) + len(GAP) * (len(known) - 1)


def _narrow(widths: list[int], texts: Sequence[int], columns: Sequence[int], width: int) -> None:
    """Makes the widest of the columns of ``texts`` narrower until the line fits, in place."""
    while (over := _total(widths[column] for column in columns) - width) > 0 and texts:
        widest = max(texts, key=lambda column: widths[column])
        if widths[widest] <= NARROWEST:
            return
        widths[widest] = max(NARROWEST, widths[widest] - over)


def _row(
    cells: Sequence[Sequence[str]], columns: Sequence[int], widths: Sequence[int], numbers: frozenset[int]
) -> list[str]:
    """The lines of one row: one, or as many as its longest cell has or is broken into."""
    broken = {
        column: [part for line in cells[column] for part in _broken(line, widths[column])]
        for column in columns
    }
    lines: list[str] = []
    for place in range(max(map(len, broken.values()), default=0)):
        parts = ((column, (broken[column][place : place + 1] or [""])[0]) for column in columns)
        line = GAP.join(
            part.rjust(widths[column]) if column in numbers else part.ljust(widths[column])
            for column, part in parts
        )
        lines.append(line.rstrip())
    return lines


def _broken(cell: str, width: int) -> list[str]:
    """A cell on lines of at most ``width`` characters: broken at a space, else behind a comma, else anywhere.

    >>> _broken("tb-size=512,thread=multi", 14), _broken("in 12 blocks", 8)
    (['tb-size=512,', 'thread=multi'], ['in 12', 'blocks'])
    """
    lines: list[str] = []
    while len(cell) > width:
        at = max(cell.rfind(" ", 0, width + 1), cell.rfind(",", 0, width) + 1)
        at = at if at > 0 else width
        lines.append(cell[:at].rstrip())
        cell = cell[at:].lstrip()
    return [*lines, cell]
