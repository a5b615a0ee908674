r"""What a shell's text does to a command that its words do not show: lines that QEMU never gets, marks that are none.

Pure. Nothing is mended: a word stays as QEMU would get it, and the note says what to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from accelkit.errors import brief
from accelkit.parsing.sources.command import Note, NoteEffect
from accelkit.parsing.sources.lexer import Piece
from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.programs import typographic_dash
from accelkit.parsing.sources.statements import Simple
from accelkit.parsing.sources.values import Reading
from accelkit.parsing.sources.wrappers import ASSIGNMENT
from accelkit.syntax.typography import BLANKS, DASHES

#: After the end of a command, over blank lines and comments: a line that begins with an option.
_LOST: Final = re.compile(rf"\n(?:[ \t]*(?:#[^\n]*)?\n)*+[ \t]*(?:--?|[{DASHES}])[A-Za-z][\w-]*(?=[\s=]|\Z)")
_QUOTES: Final = re.compile("[“”„‟«»‘‚]|(?<!\\w)’|’(?!\\w)")
_BLANKS: Final = re.compile(f"[{BLANKS}]")
_UNSEEN: Final = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


def notes_of(
    simple: Simple,
    wrapper: Sequence[Reading],
    command: Sequence[Reading],
    source: Source,
    open_quotes: Iterable[int],
) -> Iterator[Note]:
    """Each note on the command, with its place."""
    for place in open_quotes:
        text = "this quote is not closed, so a shell waits for more lines; close it"
        yield Note(text, *source.place(place), "fatal")
    for word in command:
        if not word.text.isascii():
            for text, effect in _typography(word):
                yield Note(text, *source.place(word.start), effect)
    yield from _set_too_late(wrapper, command, source)
    for written, place in dict.fromkeys((word.braces, word.start) for word in command if word.braces):
        why = f"{brief(written)}: a shell makes several words of the braces, and QEMU takes all but the first for disk images"
        remedy = "put it in quotes, or give the -accel argument alone to sweep its values"
        yield Note(f"{why}; {remedy}", *source.place(place), "fatal")
    lost = simple.closer == "\n" and _LOST.match(source.text, simple.end) is not None
    if (blank := _escaped_blank(command, source.text)) is not None:
        line, column = source.place(blank.start)
        never = " and never gets the lines after it" if lost else ""
        yield Note(
            f"the \\ at the end of line {line} has a blank behind it, so it joins no line: QEMU gets the blank as a "
            f"word{never}; remove the blank behind the \\",
            line,
            column,
        )
    elif lost:
        yield _lost(simple, source)


def _set_too_late(wrapper: Sequence[Reading], command: Sequence[Reading], source: Source) -> Iterator[Note]:
    variables = {piece.text for word in command for piece in word.pieces if not piece.known}
    for word in wrapper:
        if variables and (assigned := ASSIGNMENT.match(word.text)) is not None:
            name = assigned[0].rstrip("+=")
            if variables & {f"${name}", f"${{{name}}}"}:
                text = f"the shell puts in ${name} before it sets {name} for this command; set {name} on a line before"
                yield Note(text, *source.place(word.start))


def _lost(simple: Simple, source: Source) -> Note:
    text, end = source.text, simple.end
    line, column = source.place(end)
    never = "so QEMU never gets the lines after it"
    if simple.comment is not None:
        line, column = source.place(simple.comment.start)
        starts = text.rfind("\n", 0, simple.comment.start) + 1
        joined = (
            ""
            if text[starts : simple.comment.start].isspace() or starts == simple.comment.start
            else (f', and end line {line} with " \\"')
        )
        why = f"the comment at line {line} ends the command, {never}; move the comment above the command{joined}"
    elif text[text.rfind("\n", 0, end) + 1 : end].strip() == "":
        why = f"line {line} is empty and ends the command, {never}; remove line {line}"
    else:
        why = f'the shell ends the command at line {line}, {never}; add " \\" at the end of line {line}'
    return Note(why, line, column)


def _escaped_blank(command: Sequence[Reading], text: str) -> Reading | None:
    last = command[-1] if command else None
    is_blank = last is not None and last.text in (" ", "\t") and text.startswith("\\", last.start)
    return last if is_blank else None


def _typography(word: Reading) -> Iterator[tuple[str, NoteEffect]]:
    name = brief(word.text)
    if dash := typographic_dash(word.text):
        right = "-" + word.text.lstrip("-" + DASHES)
        why = f"{name} begins with a typographic dash (U+{ord(dash):04X}), so QEMU takes it for a disk image"
        yield f"{why}; write {brief(right)}", "word"
    for marks, is_what, todo in (
        (_QUOTES, "a typographic quote ({}), which QEMU gets as a part of the word", "write \" or '"),
        (_BLANKS, "a blank ({}) that divides no words", "write a plain blank"),
        (_UNSEEN, "a character that cannot be seen ({})", "remove it"),
    ):
        if mark := next(filter(None, (_unquoted(piece, marks) for piece in word.pieces)), ""):
            yield f"{name} has {is_what.format(f'U+{ord(mark):04X}')}; {todo}", "lost"


def _unquoted(piece: Piece, marks: re.Pattern[str]) -> str:
    found = marks.search(piece.text) if piece.known and not piece.quoted else None
    return found[0] if found else ""
