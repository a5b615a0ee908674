"""The one exit of the command: whatever it prints passes here, so that no terminal obeys what others wrote."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from accelkit.errors import shortened, visible

if TYPE_CHECKING:
    from accelkit.document import Block

LONGEST_LINE: Final = 20_000
"""Characters of a message, at most: one that quotes a whole file would scroll everything else away."""


class VisibleStream:
    """A text stream that writes what it gets as :func:`accelkit.errors.visible` shows it, to another ``stream``.

    A progress bar, which moves the cursor itself, writes to that ``stream``. Everything else passes through.
    """

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write ``text``, visible; the number of its characters."""
        self.stream.write(visible(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write each of ``lines``, visible."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def visible_output() -> Generator[None]:
    """A block in which standard output and standard error are visible streams that write any character.

    A stream whose encoding lacks a character, as under ``LANG=C``, gets its code. /dev/null is opened for each
    stream that ``>&-`` or the like closed: the next file would take its number.
    """
    streams: Any = sys  # whose types do not say that a stream may be None
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(streams, name) is None:
            setattr(streams, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115  # until the end
    before = sys.stdout, sys.stderr
    for stream in before:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    streams.stdout, streams.stderr = map(VisibleStream, before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def print_error(message: str) -> None:
    """Print ``message`` as one line on stderr."""
    print(shortened(" ".join(visible(message).split()), LONGEST_LINE), file=sys.stderr)


def width() -> int | None:
    """The columns of the terminal that standard output is; None where it is none: then nothing is broken into lines."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def print_blocks(blocks: Iterable[Block], indent: str = "") -> None:
    """Print a document in lines that fit the terminal, each behind ``indent``."""
    from accelkit.document import to_text  # imported here: most commands print lines of their own

    columns = width()
    most = None if columns is None else max(1, columns - len(indent))
    for line in to_text(blocks, tables=most, sentences=most).splitlines():
        print(f"{indent}{line}".rstrip())


def takes(text: str) -> bool:
    """Whether the encoding of standard output has all characters of ``text``."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
