"""Braces that a shell split: the words of ``tcg,tb-size={8,64}`` without quotes, told apart from words that were meant. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

from accelkit.cli.command_parser import CommandParser, takes_value
from accelkit.errors import ArgvError, shortened
from accelkit.recipes.table import ACCELERATORS
from accelkit.syntax.shell_words import shell_line

#: Commands that take one configuration or sweep.
_OF_ONE: Final = ("run", "study", "tune")
#: Commands that take several, and answer each: braces matter to them only after -accel, which takes one word.
_OF_SEVERAL: Final = ("check", "parse", "render")
_ACCEL: Final = ("-accel", "--accel")
#: Words that braces are looked for in, at most; and characters of what an error quotes.
_MOST: Final = 1000
_MOST_QUOTED: Final = 300


def refuse_split_braces(words: Sequence[str], top: CommandParser) -> None:
    """Raises ArgvError where a shell split the braces of a sweep and that changes the meaning; ``top`` parses the words.

    The message has the line to type. ``accelkit check tcg kvm`` is two arguments, and no error.
    """
    command = top.commands.get(words[0]) if words else None
    if command is None or words[0] not in (*_OF_ONE, *_OF_SEVERAL):
        return
    for start, end in _runs(words, command):
        after_accel = words[start - 1] in _ACCEL
        if not after_accel and words[0] not in _OF_ONE:
            continue
        text = rejoined(words[start:end])
        if text is not None:
            name = "study" if words[0] == "run" else words[0]
            options = () if after_accel else _guest(words) if words[0] == "run" else words[end:]
            before = [word for word in words[1:start] if word not in _ACCEL]
            line = shell_line(["accelkit", name, *(before if name == words[0] else ()), text, *options])
            several = "; accelkit study compares several configurations" if words[0] == "run" else ""
            raise ArgvError(
                f"{words[0]}: got {end - start} words where one was meant: quote it, your shell split the braces{several}: "
                f"{shortened(line, _MOST_QUOTED)}"
            )


def _guest(words: Sequence[str]) -> Sequence[str]:
    """The guest that ``accelkit run`` was told, as the study's option."""
    place = words.index("--guest") if "--guest" in words else len(words)
    return words[place : place + 2]


def _runs(words: Sequence[str], command: CommandParser) -> Iterator[tuple[int, int]]:
    """Where two or more -accel arguments of one accelerator stand in a row; values of accelkit's own options are none."""
    place = 1
    while place < len(words):
        option = command.options.get(words[place])
        if option is not None:
            place += 2 if takes_value(option) else 1
            continue
        end, accel = place, words[place].partition(",")[0]
        while end < min(len(words), place + _MOST) and words[end].partition(",")[0] == accel in ACCELERATORS:
            end += 1
        if end - place > 1:
            yield place, end
        place = max(end, place + 1)


def rejoined(words: Sequence[str]) -> str | None:
    """The text with braces that a shell expands to ``words``, in their order; None if there is none.

    >>> rejoined(["tcg,tb-size=8", "tcg,tb-size=64"]), rejoined(["tcg,tb-size=8", "tcg,thread=multi"])
    ('tcg,tb-size={8,64}', None)
    >>> rejoined(["tcg,a=1,b=on", "tcg,a=1,b=off", "tcg,a=2,b=on", "tcg,a=2,b=off"])
    'tcg,a={1,2},b={on,off}'
    """
    columns = list(zip(*(word.split(",") for word in words), strict=False))
    if len(words) < 2 or any(word.count(",") != len(columns) - 1 for word in words):
        return None
    values = [tuple(dict.fromkeys(column)) for column in columns]
    if [",".join(point) for point in product(*values)] != list(words):
        return None
    texts = [_braced(column) for column in values]
    return None if None in texts else ",".join(map(str, texts))


def _braced(values: Sequence[str]) -> str | None:
    """Values of one key with braces around what differs; None for several keys."""
    if len(values) == 1:
        return values[0]
    keys = {value.partition("=")[0] for value in values if "=" in value}
    if len(keys) != 1 or not all("=" in value for value in values):
        return None
    return f"{keys.pop()}={{{','.join(value.partition('=')[2] for value in values)}}}"
