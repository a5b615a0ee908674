"""What QEMU printed, as messages that are known: each with the words of it in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from accelkit.explain.explanation import Explanation
from accelkit.explain.message_table import MESSAGES, Message

LONGEST: Final = 1 << 16
"""Characters of a pasted text that are searched: a message has some hundreds."""

#: A terminal may have broken the line of a message at a blank.
_COMPILED: Final = tuple((re.compile(message.pattern.replace(" ", r"\s+")), message) for message in MESSAGES)


class Found(NamedTuple):
    """A message in a text: its words there, and the name in it that is to be explained, too (or empty)."""

    message: Message
    words: str
    subject: str

    @property
    def explanation(self) -> Explanation:
        """What it means and what to do."""
        rows = (
            ("Do", self.message.remedy),
            ("QEMU", self.message.releases),
            ("Source", self.message.source),
        )
        return Explanation(
            self.words, self.message.means, tuple((label, text) for label, text in rows if text)
        )


def messages_in(text: str) -> Iterator[Found]:
    """The messages in what QEMU printed, in its order, each once.

    >>> [found.words for found in messages_in("qemu: -accel kvm,x=1: Property 'kvm-accel.x' not found")]
    ["Property 'kvm-accel.x' not found"]
    """
    plain = text[:LONGEST]
    taken: list[tuple[int, int, Found]] = []
    for pattern, message in _COMPILED:
        match = pattern.search(plain)
        if match is not None and not any(
            start < match.end() and match.start() < end for start, end, _ in taken
        ):
            subject = match.groupdict().get("subject") or ""
            taken.append((*match.span(), Found(message, " ".join(match[0].split()), subject)))
    for _, _, found in sorted(taken, key=lambda place: place[:2]):
        yield found
