"""guest_from: text such as ``linux('vmlinuz')`` to the guest that this call makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, get_args

from accelkit.errors import AccelkitError, GuestError, nearest, shown
from accelkit.guests.catalogue import guest
from accelkit.guests.makers import AnyGuest, command, disk, linux
from accelkit.guests.small_linux import linux_guest
from accelkit.syntax.python_calls import Grammar, evaluate_calls

MAKERS: Final[Mapping[str, Callable[..., AnyGuest]]] = {
    "linux": linux, "linux_guest": linux_guest, "disk": disk, "command": command, "guest": guest,
}  # fmt: skip
_EXAMPLE: Final = "linux('vmlinuz', until='login:')"
_ARGUMENTS: Final = "it takes text, numbers, [lists] and {'a': 'mapping'}"


def _error(reason: str) -> GuestError:
    return GuestError(f"guest: {reason}")


def _unknown(name: str) -> str:
    return f"{shown(name)} makes no guest; {nearest(name, MAKERS)}"


_GUEST: Final = Grammar(
    MAKERS,
    _error,
    _unknown,
    outside=f"is neither a call that makes a guest nor a plain value; write as in {_EXAMPLE}",
    example=_EXAMPLE,
    arguments=_ARGUMENTS,
    containers=True,
    methods={"with_work": "guest"},
)


def guest_from(text: str) -> AnyGuest:
    """The guest that ``text`` makes: a call of ``linux``, ``linux_guest``, ``disk``, ``command`` or ``guest``.

    Their arguments are plain values; ``.with_work(…)`` with plain values may follow ``guest(…)``. accelkit reads no
    other Python, so text from anywhere is safe; only the files that it names are opened, and ``linux_guest``
    writes to accelkit's cache. Raises GuestError for other text, and for
    arguments that the call refuses.

    >>> guest_from('command(["-M", "none", "-version"], name="version")').name
    'version'
    >>> guest_from("guest('memory').with_work(size=1048576)").size
    1048576
    >>> guest_from("dsik('debian.img')")
    Traceback (most recent call last):
        ...
    accelkit.errors.GuestError: guest: 'dsik' makes no guest; did you mean 'disk'?
    """
    try:
        value: Any = evaluate_calls(text, _GUEST)
    except AccelkitError:
        raise
    except (ValueError, AttributeError) as error:
        raise _error(f"{shown(text)}: {error}; {_ARGUMENTS}") from None
    if not isinstance(value, get_args(AnyGuest)):
        raise _error(f"{shown(text)} is not a call; write as in {_EXAMPLE}")
    return value
