"""The options among the words of a command line, as QEMU separates them: name, value and place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from accelkit.syntax.qemu_options import FLAGS, REMOVED, VALUED

#: A word that stands where QEMU expects an option and begins with no dash: QEMU takes it for a disk image.
STRAY: Final = ""
#: A word with a dash that is no option of any QEMU.
UNKNOWN: Final = "?"

#: Options whose value is the next word; those that QEMU removed take theirs along.
_VALUED: Final = VALUED | {name for name, option in REMOVED.items() if option.valued}
_KNOWN: Final = _VALUED | FLAGS | REMOVED.keys()


def options_in(words: Sequence[str]) -> Iterator[tuple[str, str | None, int]]:
    """The name, value and place of each option; the name of other words is STRAY or UNKNOWN, their value the word.

    The value is None for an option that takes none, and for one that takes one and is the last word.

    >>> list(options_in(["-accel", "tcg", "-S", "disk.img", "-oops"]))
    [('accel', 'tcg', 0), ('S', None, 2), ('', 'disk.img', 3), ('?', '-oops', 4)]
    """
    place = 0
    while place < len(words):
        word = words[place]
        if not word.startswith("-"):
            yield STRAY, word, place
            place += 1
            continue
        name = word[2:] if word.startswith("--") else word[1:]
        if name in _VALUED:
            yield name, words[place + 1] if place + 1 < len(words) else None, place
            place += 2
            continue
        yield (name, None, place) if name in _KNOWN else (UNKNOWN, word, place)
        place += 1
