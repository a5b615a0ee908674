"""The blocks of a Markdown text between fences, each a text of its own, and what stands around them. Pure.

Source: CommonMark 0.31, "Fenced code blocks".
"""

from __future__ import annotations

import re
from typing import Final

from accelkit.parsing.sources.places import Source

#: The fence with what stands before it in quotations and lists, and the words behind it.
_FENCE: Final = re.compile(
    r"^(?P<before>(?:[ \t]*>)*[ \t]*)(?:[-*+][ \t]+|\d{1,3}[.)][ \t]+)?(?P<fence>`{3,}|~{3,})(?P<words>[^`\n]*)$",
    re.MULTILINE,
)


def blocks(source: Source) -> tuple[Source, ...]:
    r"""The text around the fences, then each block; the text itself where it has no fences.

    >>> [block.text for block in blocks(Source("Run:\n```sh\nkvm -m 1G\n```\nor not\n"))]
    ['Run:\nor not\n', 'kvm -m 1G\n']
    """
    text = source.text
    if "```" not in text and "~~~" not in text:
        return (source,)
    around: list[tuple[int, int]] = []
    found: list[Source] = []
    opening: re.Match[str] | None = None
    place = 0
    for fence in _FENCE.finditer(text):
        if opening is None:
            around.append((place, fence.start()))
            opening = fence
        elif _closes(fence, opening):
            found.append(_inside(source, opening, fence.start()))
            opening = None
        else:
            continue
        place = min(fence.end() + 1, len(text))
    if opening is not None:  # its end was not pasted
        found.append(_inside(source, opening, len(text)))
    else:
        around.append((place, len(text)))
    return (source.taken(span for span in around if span[0] < span[1]), *found)


def _closes(fence: re.Match[str], opening: re.Match[str]) -> bool:
    is_long = len(fence["fence"]) >= len(opening["fence"])
    return fence["fence"][0] == opening["fence"][0] and is_long and not fence["words"].strip()


def _inside(source: Source, opening: re.Match[str], end: int) -> Source:
    """The lines of a block without the blanks and the signs of quotation that its fence stands behind too."""
    text, place = source.text, min(opening.end() + 1, end)
    before = opening["before"]
    spans: list[tuple[int, int]] = []
    while place < end:
        stop = text.find("\n", place, end)
        stop = end if stop < 0 else stop + 1
        skip = len(before) if text.startswith(before, place) else 0
        spans.append((place + skip, stop))
        place = stop
    return source.taken(spans)
