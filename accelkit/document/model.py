"""What a document is made of: headings, paragraphs, lists, tables, pictures, as values. Pure.

Text that is quoted (options, names, what QEMU printed) is ``Mono``, everything else is plain words. So a renderer
never guesses what a ``*`` or ``<`` in a name means. Texts are shown as errors.visible does; ``Code`` keeps their lines.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Self

from accelkit.errors import visible


class Mono(str):
    """Text that is quoted as it is, in a fixed-width font: ``tcg,tb-size=8``."""

    __slots__ = ()


#: What a badge tells at a glance. Its words tell it, too: nothing is told by colour alone.
Tone = Literal["good", "bad", "depends", "unknown", "note"]


class Badge(str):
    """A verdict in a word or two, which a page shows on the colour of its ``tone``: ``✗ refused``.

    Text and Markdown have the words alone, so they have to tell all.
    """

    __slots__ = ("tone",)
    tone: Tone

    def __new__(cls, text: str, tone: Tone) -> Self:
        made = super().__new__(cls, text)
        made.tone = tone
        return made

    def __reduce__(self) -> tuple[type[Badge], tuple[str, Tone]]:  # for pickle and copy
        return Badge, (str(self), self.tone)


#: A word of a table cell: what follows begins a new line of the cell. Elsewhere it is a blank.
BREAK: Final = "\n"

#: Plain and quoted words and badges, in order.
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
    """A table cell that is more than one string: plain and quoted words, badges, and ``BREAK`` between its lines.

    ``title`` is the tooltip of the cell, which only HTML shows.
    """

    words: Inline
    title: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: column names and rows, each row with a cell (text, ``Mono`` or ``TableCell``) for each column.

    Columns whose index is in ``numbers`` are aligned to the right, rows whose index is in ``strong`` are bold.
    ``row_headers`` marks the first cell of each row as the name of that row. A table without column names has an
    empty ``head``. Where a table is too wide, text leaves out the columns of the
    first of ``spare``, then those of the next.
    ``groups`` has titles of groups of rows, by the index of the first row of each, ``notes`` what columns mean, by
    their index: a list below the table, in text of the columns that are there.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str | TableCell, ...], ...]
    numbers: frozenset[int] = frozenset()
    strong: frozenset[int] = frozenset()
    caption: str = ""
    row_headers: bool = False
    spare: tuple[tuple[int, ...], ...] = ()
    groups: Mapping[int, Inline] = field(default_factory=dict[int, Inline])
    notes: Mapping[int, Inline] = field(default_factory=dict[int, Inline])


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
    """Blocks that a page shows when ``summary`` is opened.

    Text and Markdown have ``instead`` in their place; where that is None, text has the summary as a heading and the
    blocks below it, and Markdown folds them, too.
    """

    summary: Inline
    blocks: tuple[Block, ...]
    instead: Inline | None = None


Block = Heading | Paragraph | Bullets | Table | Code | Picture | Folded


def one_line(text: str) -> str:
    r"""``text`` on one line, as errors.visible shows it.

    >>> one_line("one\n  two")
    'one two'
    """
    return re.sub(r"[ \t]*[\t\n][ \t\n]*", " ", visible(text))


def words_of(cell: str | TableCell) -> Inline:
    """The words of a table cell, plain and quoted."""
    return cell.words if isinstance(cell, TableCell) else (cell,)


def notes_of(table: Table, columns: Collection[int]) -> Bullets | None:
    """The notes on ``columns``, each below the name of its column; None if there are none."""
    notes = tuple(
        (f"{table.head[column]}: ", *words) for column, words in table.notes.items() if column in columns
    )
    return Bullets(notes) if notes else None


def lines_of(cell: str | TableCell) -> list[Inline]:
    """The words of a table cell, line by line.

    >>> lines_of(TableCell(("why", BREAK, "-> ", Mono("thread=single"))))
    [('why',), ('-> ', 'thread=single')]
    """
    lines: list[list[str]] = [[]]
    for word in words_of(cell):
        if word == BREAK and type(word) is str:  # what is quoted may be a line feed
            lines.append([])
        else:
            lines[-1].append(word)
    return [tuple(line) for line in lines]
