"""One line of plain words, which most of what is checked is: read by itself, in a fraction of the time. Pure."""

from __future__ import annotations

import re
from typing import Final

from accelkit.parsing.sources.command import Command, Word
from accelkit.parsing.sources.programs import starts_qemu, target_of

#: One line of words that mean to a shell just what they are.
_PLAIN: Final = re.compile(r"[ \t]*+[-\w=,./:+@]++(?:[ \t]++[-\w=,./:+@]++)*+[ \t]*+\n?", re.ASCII)
_WORD: Final = re.compile(r"[^ \t\n]+")


def plain_command(text: str) -> Command | None:
    """The command of a text that is one line of plain words, in a fraction of the time; None for any other text.

    >>> plain_command("kvm -m 1G").argv, plain_command("kvm -name 'my vm'")
    (('kvm', '-m', '1G'), None)
    """
    if _PLAIN.fullmatch(text) is None:
        return None
    words = tuple([Word(found[0], 1, found.start() + 1) for found in _WORD.finditer(text)])
    first = words[0].text
    if first[0] == "-":
        return Command(words, "shell") if first.lstrip("-")[:1].isalpha() and first[:3] != "---" else None
    if "=" in first or not starts_qemu([word.text for word in words]):
        return None
    return Command(words, "shell", target_of(first))
