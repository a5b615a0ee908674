"""A guest from the text of the call that makes it: one of the user's own, or a bundled one with other work."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from accelkit.errors import AccelkitError, GuestError, nearest
from accelkit.guests.catalogue import guest
from accelkit.guests.makers import AnyGuest, command, disk, linux

MAKERS: Final[Mapping[str, Callable[..., AnyGuest]]] = {
    "linux": linux, "disk": disk, "command": command, "guest": guest,
}  # fmt: skip


Made = TypeVar("Made", bound=AnyGuest)


def written(text: str) -> AnyGuest:
    """The guest that ``text`` makes: a call of ``linux``, ``disk``, ``command`` or ``guest`` with plain values.

    After ``guest`` may stand ``.with_work()``, with such values.

    Nothing else of Python is read, so text from anywhere is safe, but for the files it names. Raises
    GuestError for other text, and for what the call itself refuses.

    >>> written('command(["-M", "none", "-version"], name="version")').name
    'version'
    >>> written("guest('memory').with_work(size=1048576)").size
    1048576
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
    try:
        match tree:
            case ast.Call(func=ast.Name(id=name)) as call if name in MAKERS:
                return _called(MAKERS[name], call)
            case (
                ast.Call(
                    func=ast.Attribute(value=ast.Call(func=ast.Name(id="guest")) as made, attr="with_work")
                ) as call
            ):
                return _called(_called(guest, made).with_work, call)
            case ast.Call(func=ast.Name(id=name)):
                raise GuestError(f"{shown}: {name!r} makes no guest; {nearest(name, MAKERS)}")
            case _:
                raise GuestError(f"{shown}: is no call; write as in linux('vmlinuz', until='login:')")
    except AccelkitError:
        raise
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        raise GuestError(
            f"{shown}: {error}; it takes text, numbers, [lists] and {{'a': 'mapping'}}"
        ) from None


def _called(make: Callable[..., Made], call: ast.Call) -> Made:
    arguments = [ast.literal_eval(node) for node in call.args]
    return make(*arguments, **{str(each.arg): ast.literal_eval(each.value) for each in call.keywords})
