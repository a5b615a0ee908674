r"""The variables of a Makefile, as far as it says for certain what they hold. Pure."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from accelkit.parsing.sources.rewritten import Rewritten

_REFERENCE: Final = re.compile(r"\$(?:\$|\((?P<round>[\w.-]+)\)|\{(?P<curly>[\w.-]+)\}|(?P<short>[^\s({$]))")
_AUTOMATIC: Final = "<^%+|"
_MOST: Final = 65536
"""Characters that variables may add to a text of any length, besides as many as it has."""
_DEEPEST: Final = 50


class _Variable(NamedTuple):
    value: Rewritten
    recursive: bool
    """Whether it is read anew wherever it is used, as those set with = are."""


class Variables:
    """What the lines read so far have assigned."""

    def __init__(self, length: int) -> None:
        self._left = length + _MOST
        self._held: dict[str, _Variable] = {}
        self._uncertain: set[str] = set()

    def forget(self, name: str) -> None:
        """Nothing is known of the variable from here on."""
        self._held.pop(name, None)
        self._uncertain.add(name)

    def assign(self, name: str, kind: str, value: Rewritten, *, certain: bool) -> None:
        """Reads ``name KIND= value``; where it is not certain that make reads it, the variable is not known."""
        held = self._held.get(name)
        if kind == "+" and held is not None:
            added = Rewritten()
            added.extend(held.value)
            added.put(" ", value.origin(0))
            if certain:
                added.extend(value if held.recursive else self.expanded(value))
            else:  # what is known stays, and the name stands for the rest
                added.put(f"$({name})", value.origin(0))
            self._left -= added.length
            if self._left < 0:
                self.forget(name)
            else:
                self._held[name] = held._replace(value=added)
        elif not certain or kind == "!" or (kind == "+" and name in self._uncertain):
            self.forget(name)
        elif kind != "?" or (held is None and name not in self._uncertain):
            recursive = not kind.startswith(":")
            self._uncertain.discard(name)
            self._held[name] = _Variable(value if recursive else self.expanded(value), recursive)

    def expanded(self, line: Rewritten) -> Rewritten:
        """The line as the shell gets it; what is not known stands in it as it was written."""
        made = Rewritten()
        self._expand(line, made, ())
        return made

    def _expand(self, line: Rewritten, made: Rewritten, within: tuple[str, ...]) -> None:
        place = 0
        text = line.text()
        for reference in _REFERENCE.finditer(text):
            made.extend(line, place, reference.start())
            place = reference.end()
            name = reference["round"] or reference["curly"] or reference["short"]
            held = self._held.get(name) if name else None
            if name is None:
                made.put("$", line.origin(reference.start()))
            elif name in _AUTOMATIC:
                made.put(f"$({name})", line.origin(reference.start()))
            elif held is None or name in within or len(within) > _DEEPEST or held.value.length > self._left:
                made.extend(line, reference.start(), place)
            else:
                self._left -= held.value.length
                if held.recursive:
                    self._expand(held.value, made, (*within, name))
                else:
                    made.extend(held.value)
        made.extend(line, place)
