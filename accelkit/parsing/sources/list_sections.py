r"""A program and its words that stand under keys of their own, side by side: ``command = "…"``, ``args = […]``. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from accelkit.parsing.sources.building import Raw
from accelkit.parsing.sources.list_values import PROGRAM_KEYS, WORDS_KEYS, Names
from accelkit.parsing.sources.programs import is_program


class Sections:
    """The keys of one table after the other, as they are read.

    >>> names = Names(0)
    >>> names.held["args"] = [Raw("-m", 9)]
    >>> sections = Sections(names)
    >>> sections.add("command", [Raw("qemu-kvm", 0)], 0)
    >>> sections.add("args", None, 0)
    >>> [[word.text for word in words] for words in sections.found()]
    [['qemu-kvm', '-m']]
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._keys: dict[str, Sequence[Raw] | None] = {}
        self._indent = 0
        self._found: list[Sequence[Raw]] = []

    def add(self, name: str, words: Sequence[Raw] | None, indent: int) -> None:
        """Takes a key with its words; None where they are a list that the name holds."""
        key = name.lower()
        if key not in PROGRAM_KEYS and key not in WORDS_KEYS:
            return
        if key in self._keys or indent != self._indent:
            self.end()
        self._indent = indent
        self._keys[key] = words

    def end(self) -> None:
        """The end of the table. What its program and its words make together no name holds any more."""
        keys, self._keys = self._keys, {}
        held = {key: self._names.held.get(key, []) if words is None else words for key, words in keys.items()}
        program = next((key for key, words in held.items() if _is_alone(key, words)), "")
        for key, words in held.items() if program else ():
            is_words = key != program and key in WORDS_KEYS and bool(words) and keys[key] is None
            if is_words and not is_program(words[0].text) and key not in self._names.used:
                self._found.append((*held[program], *words))
                del self._names.held[key]
                self._names.held.pop(program, None)
                return

    def found(self) -> list[Sequence[Raw]]:
        """The words of each table that has both."""
        self.end()
        return self._found


def _is_alone(key: str, words: Sequence[Raw]) -> bool:
    return key in PROGRAM_KEYS and len(words) >= 1 and is_program(words[0].text)
