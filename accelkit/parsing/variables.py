"""Variables whose value is not known: each stands as one character while a command line is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, TypeVar, cast

_Read = TypeVar("_Read")

#: The first of the characters that stand for variables: hieroglyphs, which messages show as they are.
_FIRST: Final = 0x13000
_MOST: Final = 1000


def hide(words: Sequence[str], variables: Sequence[str]) -> list[str]:
    """The words with a character in the place of each of ``variables``.

    >>> hide(["tcg,tb-size=${SIZE:-1,2}"], ["${SIZE:-1,2}"]) == ["tcg,tb-size=" + chr(0x13000)]
    True
    """
    signs = _signs(variables)
    if not signs:
        return [*words]
    names = re.compile("|".join(map(re.escape, signs)))  # the first of them that fits is the longest
    return [names.sub(lambda found: signs[found[0]], word) for word in words]


def show(value: _Read, variables: Sequence[str]) -> _Read:
    """``value`` with the variables again, in every text of a tuple of any depth.

    >>> show(("a", (chr(0x13000) + "b",)), ["$X"])
    ('a', ('$Xb',))
    """
    return cast("_Read", _shown(value, {sign: name for name, sign in _signs(variables).items()}))


def _signs(variables: Sequence[str]) -> dict[str, str]:
    """The character of each variable; the longest come first, because ``$A`` begins ``$AB`` too."""
    longest = sorted(dict.fromkeys(variables), key=len, reverse=True)[:_MOST]
    return {name: chr(_FIRST + number) for number, name in enumerate(longest)}


def _shown(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        return "".join([names.get(character, character) for character in value])
    if isinstance(value, tuple):
        kept = cast("tuple[Any, ...]", value)
        items = [_shown(item, names) for item in kept]
        return type(kept)(*items) if hasattr(kept, "_fields") else tuple(items)
    return value
