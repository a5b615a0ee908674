"""Reads streams and files up to a limit, so that a line or a file of any length takes little memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final, TextIO

#: Characters of a long line that are dropped at once.
_DROPPED: Final = 1 << 16


def bounded_lines(stream: TextIO, most: int) -> Iterator[tuple[str, bool]]:
    r"""Each line of ``stream`` without its end, and whether it is whole: of a longer one the first ``most`` characters.

    >>> from io import StringIO
    >>> [*bounded_lines(StringIO("kvm\ntoo long\ntcg"), most=3)]
    [('kvm', True), ('too', False), ('tcg', True)]
    """
    while line := stream.readline(most + 1):
        text = line.removesuffix("\n")
        if len(text) <= most:
            yield text, True
            continue
        while (rest := stream.readline(_DROPPED)) and not rest.endswith("\n"):
            pass
        yield text[:most], False


def read_bounded(file: BinaryIO, most: int) -> bytes | None:
    """All that is left in ``file``; None if that is more than ``most`` bytes.

    >>> from io import BytesIO
    >>> read_bounded(BytesIO(b"<domain/>"), 9), read_bounded(BytesIO(b"<domain/>"), 8)
    (b'<domain/>', None)
    """
    content = file.read(most + 1)
    return content if len(content) <= most else None
