"""A guest of the user's own, from the text of the call that makes it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Final

from accelkit.errors import AccelkitError, GuestError, nearest
from accelkit.guests.foreign import Foreign, command, disk, linux

MAKERS: Final[Mapping[str, Callable[..., Foreign]]] = {"linux": linux, "disk": disk, "command": command}


def written(text: str) -> Foreign:
    """The guest that ``text`` makes: a call of ``linux``, ``disk`` or ``command`` with plain values.

    Nothing else of Python is read, so text from anywhere is safe, but for the files it names. Raises
    GuestError for other text, and for what the call itself refuses.

    >>> written('command(["-M", "none", "-version"], name="version")').name
    'version'
    >>> written("dsik('debian.img')")
    Traceback (most recent call last):
        ...
    accelkit.errors.GuestError: guest "dsik('debian.img')": 'dsik' makes no guest; did you mean 'disk'?
    """
    shown = f"guest {text[:200]!r}"
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise GuestError(f"{shown}: {error}; write as in linux('vmlinuz', until='login:')") from None
    match tree:
        case ast.Call(func=ast.Name(id=name), args=positional, keywords=keywords):
            pass
        case _:
            raise GuestError(f"{shown}: is no call; write as in linux('vmlinuz', until='login:')")
    if name not in MAKERS:
        raise GuestError(f"{shown}: {name!r} makes no guest; {nearest(name, MAKERS)}")
    try:
        arguments = [ast.literal_eval(node) for node in positional]
        named = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in keywords}
        return MAKERS[name](*arguments, **named)
    except AccelkitError:
        raise
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        raise GuestError(f"{shown}: {error}; it takes text, numbers, [lists] and {{'a': 'mapping'}}") from None
