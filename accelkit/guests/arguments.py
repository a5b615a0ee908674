"""Checks what the makers of guests are given: names, words for a program, paths, patterns, exit statuses."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Final, cast

from accelkit.errors import ArgvError, GuestError, shown, visible_line
from accelkit.syntax.limits import refuse_long

#: Characters of the longest name: it stands in tables, charts and columns of a store.
LONGEST_NAME: Final = 100


def refuse_name(name: object, where: str) -> None:
    """Raises GuestError unless ``name`` is text of 1 to 100 characters that can be seen; ``where`` begins the message.

    >>> refuse_name("boot of Debian 12", "linux: name")
    """
    if type(name) is not str or not name.strip() or len(name) > LONGEST_NAME or visible_line(name) != name:
        raise GuestError(
            f"{where}={shown(name)} is not a name; give text of 1 to {LONGEST_NAME} characters that can be seen"
        )


def argument_of(name: str, what: str, text: object) -> str:
    """``text`` as a plain str. Raises GuestError unless a program can get it as an argument.

    >>> argument_of("linux", "append", "quiet")
    'quiet'
    """
    if not isinstance(text, str):
        raise GuestError(f"guest {name!r}: {what}={shown(text)} is not text; give text")
    plain = str.__str__(text)
    try:
        refuse_long(plain, what)
        os.fsencode(plain)
    except ArgvError as error:
        raise GuestError(f"guest {name!r}: {error}") from None
    except UnicodeEncodeError as error:
        fault = f"has a surrogate at position {error.start}; remove it"
        raise GuestError(f"guest {name!r}: {what}={shown(plain)} {fault}") from None
    if "\0" in plain:
        raise GuestError(f"guest {name!r}: {what}={shown(plain)} has a NUL, which no argument has; remove it")
    return plain


def arguments_of(name: str, what: str, words: object) -> tuple[str, ...]:
    """``words`` as a tuple. Raises GuestError unless they are a list of text that a program can get as arguments."""
    if not isinstance(words, (list, tuple)):
        raise GuestError(f"guest {name!r}: {what}={shown(words)} is not a list of words; give a list of text")
    return tuple(argument_of(name, what, word) for word in cast("Sequence[object]", words))


def path_of(name: str, what: str, path: object) -> str:
    """``path`` as text. Raises GuestError for anything but text or a path."""
    try:
        text: object = path if isinstance(path, str) else os.fspath(cast("os.PathLike[str]", path))
    except Exception:  # noqa: BLE001  # no path, or one of the caller's that fails
        text = path
    return argument_of(name, what, text)


def pattern_of(name: str, what: str, pattern: object) -> str:
    """``pattern`` as a plain str. Raises GuestError unless it is a regular expression."""
    if not isinstance(pattern, str):
        raise GuestError(f"guest {name!r}: {what}: {shown(pattern)} is not text; give a regular expression")
    plain = str.__str__(pattern)
    try:
        re.compile(plain.encode())
    except (re.error, ValueError, OverflowError, RecursionError) as error:
        raise GuestError(
            f"guest {name!r}: {what}: {shown(plain)} is not a regular expression: {error}; "
            "escape literal characters with \\"
        ) from None
    return plain


def statuses_of(name: str, passing: object) -> tuple[int, ...]:
    """``passing`` as a tuple. Raises GuestError unless they are exit statuses.

    >>> statuses_of("linux", [0, 3])
    (0, 3)
    """
    if isinstance(passing, (list, tuple, set, frozenset, range)):
        statuses = cast("Sequence[object]", passing)
        whole = [status for status in statuses if type(status) is int and 0 <= status <= 255]
        if 0 < len(whole) == len(statuses):
            return tuple(whole)
    raise GuestError(
        f"guest {name!r}: passing={shown(cast('object', passing))}: give one or more exit statuses from 0 to 255"
    )
