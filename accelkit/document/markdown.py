"""A document as GitHub's Markdown. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from accelkit.document.html import html_text
from accelkit.document.model import (
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
    lines_of,
    notes_of,
    one_line,
)
from accelkit.errors import visible


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
                if (title := block.groups.get(number)) is not None:
                    lines.append(_row((f"**{_cell(TableCell(title))}**", *[""] * (len(head) - 1))))
                strong = number in block.strong
                lines.append(_row(f"**{cell}**" if strong and cell else cell for cell in map(_cell, row)))
            caption = f"{_marked(block.caption)}\n\n" if block.caption else ""
            notes = notes_of(block, range(len(head)))
            return caption + "\n".join(lines) + (f"\n\n{_markdown(notes)}" if notes else "")
        case Code(text):
            fence = "`" * max(3, _longest_run(text, "`") + 1)
            return f"{fence}\n{visible(text).rstrip()}\n{fence}"
        case Picture():
            return ""
        case Folded(summary, blocks, instead):
            if instead is not None:
                return _marked_words(instead)
            # HTML inside: GitHub reads Markdown again after an empty line.
            title = "".join(
                f"<code>{html_text(word)}</code>" if isinstance(word, Mono) else html_text(word)
                for word in summary
            )
            return f"<details><summary>{one_line(title)}</summary>\n\n{to_markdown(blocks)}\n</details>"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: str | TableCell) -> str:
    # A | ends a cell, also inside of `…`. Some parsers count the backslashes before it, others look at the last one:
    # in `…` they stand for themselves, so where there are some, HTML has to quote.
    def marked(word: str) -> str:
        return (
            f"<code>{_marked(str(word))}</code>"
            if isinstance(word, Mono) and "\\|" in word
            else _marked(word)
        )

    lines = ("".join(map(marked, line)).strip() for line in lines_of(cell))
    return "<br>".join(lines).replace("|", "\\|")


def _marked_words(words: Sequence[str]) -> str:
    return "".join(map(_marked, words))


def _marked(text: str) -> str:
    line = one_line(text)
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
