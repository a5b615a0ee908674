"""Patches: what each file is after them, as far as it stands there. Pure.

Source: POSIX, ``diff -u``, "Diff -u or -U Output Format"; ``git format-patch`` writes a message before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from accelkit.parsing.sources.places import Source

_HUNK: Final = re.compile(r"@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@")
_FILE: Final = re.compile(r"diff --git |Index: |--- (?=[^\n]*\n\+\+\+ )|\+\+\+ ")
_PATCH: Final = re.compile(rf"^(?:{_HUNK.pattern}|--- [^\n]*\n\+\+\+ )", re.MULTILINE)
#: Lines that were taken away and lines that were added, and no others; + before a blank is a shell's trace.
_BARE: Final = re.compile(
    r"(?=(?:[+ \\][^\n]*\n)*-)(?=(?:[- \\][^\n]*\n)*\+[^\s+])(?:[-+ \\][^\n]*(?:\n|\Z))+\Z"
)


def patched(source: Source) -> tuple[Source, ...]:
    r"""The text around the patches, then the lines of each file that stay or are added; the text itself without patches.

    >>> [part.text for part in patched(Source("--- a\n+++ b\n@@ -1 +1,2 @@\n kvm \\\n--m 1G\n+-m 2G\n"))]
    ['', 'kvm \\\n-m 2G\n']
    """
    text = source.text
    if _PATCH.search(text) is not None:
        spans = list(_lines(text))
    elif text[:1] in "+-" and _BARE.match(text) is not None:
        spans = [(1, start, end) for start, end in _kept(text)]
    else:
        return (source,)
    files = sorted({number for number, _, _ in spans} | {0})
    return tuple(
        source.taken((start, end) for number, start, end in spans if number == file) for file in files
    )


def _kept(text: str) -> Iterator[tuple[int, int]]:
    place = 0
    for line in text.split("\n"):
        end = min(place + len(line) + 1, len(text))
        if line[:1] in ("+", " ") and line:
            yield place + 1, end
        place = end


def _lines(text: str) -> Iterator[tuple[int, int, int]]:
    """The lines after the patch: the number of the file, 0 for what is of none, and where each starts and ends."""
    file = place = 0
    in_hunk = False
    while place < len(text):
        stop = text.find("\n", place)
        end = len(text) if stop < 0 else stop + 1
        sign = text[place]
        if _HUNK.match(text, place) is not None:
            file += not file
            in_hunk = True
        elif not in_hunk or sign not in "+- \\\n":
            in_hunk = False
            if _FILE.match(text, place) is None:
                yield 0, place, end
            elif sign != "+":
                file += 1
        elif sign == "-" and _FILE.match(text, place) is not None:
            in_hunk = False
            file += 1
        elif sign == "\n":  # a blank line whose blank a mail has lost
            yield file, place, end
        elif sign in "+ ":
            yield file, place + 1, end
        place = end
