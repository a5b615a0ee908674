"""Checks of a study's plain arguments: each is answered by name, all of them at once, before anything runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import wraps
from inspect import signature
from operator import index
from typing import Any, Final, ParamSpec, TypeVar, cast

from accelkit.errors import AccelkitError, StudyError, nearest, shown
from accelkit.study.standards import share_of

P = ParamSpec("P")
T = TypeVar("T")

MOST_BLOCKS: Final = 1_000_000

IN_SHELL: Final[Mapping[str, str]] = {"guests": "--guest"}
"""Arguments that ``accelkit study`` spells otherwise than by ``--`` and their name."""


class Problems:
    """Collects what is wrong with arguments, so that a user reads all of it at once.

    >>> problems = Problems()
    >>> problems.take(1, whole, "blocks", "20", 1), problems.take(60.0, number, "timeout", -1, 0.001, 9)
    (1, 60.0)
    >>> problems.raise_all()
    Traceback (most recent call last):
        ...
    accelkit.errors.StudyError: 2 problems before anything runs: blocks: got '20'; takes a whole number from 1 to \
1000000 | timeout: got -1; takes a number from 0.001 to 9
    """

    def __init__(self) -> None:
        self._errors: list[AccelkitError] = []

    def take(self, fallback: T, check: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``check`` makes of an argument; ``fallback`` where it raises, and the error is noted."""
        try:
            return check(*args, **kwargs)
        except AccelkitError as error:
            self._errors.append(error)
            return fallback

    def raise_all(self) -> None:
        """Raises the only error as it is, several as one StudyError; does nothing without errors."""
        if len(self._errors) == 1:
            raise self._errors[0] from None
        if self._errors:
            text = " | ".join(map(str, self._errors))
            raise StudyError(f"{len(self._errors)} problems before anything runs: {text}")


def whole(name: str, value: object, least: int, most: int = MOST_BLOCKS) -> int:
    """``value`` as a whole number in the range. Raises StudyError for anything else, also for True and for text."""
    try:
        number = None if isinstance(value, bool) else index(cast("Any", value))
    except TypeError:
        number = None
    if number is None or not least <= number <= most:
        raise StudyError(f"{name}: got {shown(value)}; takes a whole number from {least} to {most}")
    return number


def number(name: str, value: object, least: float, most: float) -> float:
    """``value`` as a float in the range. Raises StudyError for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        raise StudyError(f"{name}: got {shown(value)}; takes a number from {least:g} to {most:.0f}")
    return float(value)


def share(name: str, value: float | str) -> float:
    """``value``, which :class:`accelkit.study.standards.Standards` checks; text such as ``1%`` as a number.

    Raises StudyError for other text.
    """
    return share_of(value, name) or 0.0 if isinstance(value, str) else value


def flag(name: str, value: object) -> bool:
    """``value``, if it is True or False. Raises StudyError for anything else."""
    if not isinstance(value, bool):
        raise StudyError(f"{name}: got {shown(value)}; takes True or False")
    return value


def function(name: str, value: T) -> T:
    """``value``, if it can be called. Raises StudyError for anything else."""
    if not callable(value):
        raise StudyError(f"{name}: got {shown(value)}; takes a function like map")
    return value


def path_of(store: object) -> str | None:
    """The path of a store as text; None for None. Raises StudyError for what names no file."""
    if store is None:
        return None
    path = plain_path(store)
    if not isinstance(path, str) or not path:
        raise StudyError(f"store: got {shown(store)}; takes the name of a file, such as 'tcg.sqlite'")
    if "\0" not in path and not os.path.isdir(os.path.dirname(path) or os.curdir):
        raise StudyError(f"store={path!r}: its folder does not exist; make it first, or give another place")
    return path


def plain_path(value: object) -> object:
    """The text of a path; anything else as it is.

    >>> from pathlib import Path
    >>> plain_path(Path("tcg.sqlite")), plain_path(3)
    ('tcg.sqlite', 3)
    """
    return os.fspath(cast("os.PathLike[str]", value)) if isinstance(value, os.PathLike) else value


def spelled(name: str, value: object, *, in_shell: bool) -> str:
    """An argument as the user writes it, in Python or in a shell.

    >>> spelled("blocks", 9, in_shell=False), spelled("blocks", 9, in_shell=True)
    ('blocks=9', '--blocks 9')
    >>> spelled("anyway", True, in_shell=True)
    '--anyway'
    """
    if not in_shell:
        return f"{name}={value!r}"
    option = IN_SHELL.get(name, f"--{name.replace('_', '-')}")
    return option if value is True else f"{option} {value}"


def front(function: Callable[P, T]) -> Callable[P, T]:
    """``function`` as users call it: an unknown argument is answered with the nearest name, by TypeError.

    Python names it from 3.13 on. An interrupt passes without accelkit's own lines in its traceback: nobody has to
    know in which of them a study waited.
    """
    known = list(signature(function).parameters)

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        if unknown := [name for name in kwargs if name not in known]:
            told = "; ".join(f"has no argument {name}=, {nearest(name, known)}" for name in unknown)
            raise TypeError(f"{function.__name__}() {told}")
        try:
            return function(*args, **kwargs)
        except KeyboardInterrupt as stop:
            raise stop.with_traceback(None) from None

    return called
