"""Braces, which mean what they mean in a shell: ``{8,64}0`` is 80 and 640, ``{a,{b,c}}`` is a, b and c.

QEMU has no braces. The text is read into literal text and choices, and the commas and ``=`` outside of the choices
are QEMU's (``syntax/qemuopts.py``). What a shell reads in another way is refused, so a text that is accepted means
here what the shell makes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Final, NamedTuple

from accelkit.errors import ArgvError, shown

#: Choices inside choices, values of one property, properties with braces, characters of a property's values
#: together: a text of a few bytes would fill the memory.
DEEPEST: Final = 16
MOST_VALUES: Final = 65_536
MOST_AXES: Final = 256
MOST_CHARACTERS: Final = 6 << 20

_TOKEN: Final = re.compile("[^{},=]+|[{},=]")
#: Characters with a meaning of their own for a shell, none of them for QEMU.
_SHELL: Final = re.compile(r"[\s'\"\\|()$`;&<>]")
_PYTHON: Final = "or write Python, as in tcg() | tb_size(each(8, 64))"


class Choice(NamedTuple):
    """A ``{…,…}``: its alternatives, each in parts."""

    alternatives: tuple[tuple[Part, ...], ...]


#: Literal text, or a choice. A comma and an ``=`` are a part each.
Part = str | Choice


class SweptWrite(NamedTuple):
    """One ``key=value`` of an option string, with every value that its braces stand for, in order."""

    key: str
    values: tuple[str, ...]


def swept_writes(text: str, implied: str) -> tuple[SweptWrite, ...]:
    """The writes in ``text``, left to right, as ``qemuopts.split`` reads them, with the values of each.

    Raises ArgvError for braces that hold no alternatives, or stand where no value is.

    >>> swept_writes("tcg,tb-size={8,64}0", "accel")
    (SweptWrite(key='accel', values=('tcg',)), SweptWrite(key='tb-size', values=('80', '640')))
    """
    if (special := _SHELL.search(text)) is not None:
        raise _refused(
            text, f"{special[0]!r} at position {special.start()} has a meaning of its own in a shell, where braces "
            f"come from; leave it out, {_PYTHON}"
        )  # fmt: skip
    parts = parts_of(text)
    writes: list[SweptWrite] = []
    start, length = 0, len(parts)
    while start < length:
        end = _find(parts, ",", start, length)
        equals = _find(parts, "=", start, end)
        if equals < end:
            key = "".join(_literal(text, parts[start:equals]))
            value, start = _value(parts, equals + 1)
            writes.append(SweptWrite(key, _values(text, key, value)))
        elif start == 0:
            value, start = _value(parts, 0)
            values = _values(text, implied, value)
            if len(values) > 1 and any("=" in name for name in values):
                raise _refused(text, f"braces hold values, not key=value; write key={{a,b}}, {_PYTHON}")
            writes.append(SweptWrite(implied, values))
        else:
            flag = "".join(_literal(text, parts[start:end]))
            start = end + 1
            writes.append(
                SweptWrite(flag[2:], ("off",)) if flag.startswith("no") else SweptWrite(flag, ("on",))
            )
    if sum(len(write.values) > 1 for write in writes) > MOST_AXES:
        raise _refused(text, f"more than {MOST_AXES} properties have braces; write fewer")
    return tuple(writes)


def parts_of(text: str) -> list[Part]:
    """``text`` in parts. Raises ArgvError for a brace without a partner, and for one that holds no alternatives.

    >>> parts_of("x=a{b,{c,d}}")
    ['x', '=', 'a', Choice(alternatives=(('b',), (Choice(alternatives=(('c',), ('d',))),)))]
    """
    around: list[tuple[int, list[tuple[Part, ...]], list[Part]]] = []  # place, alternatives, parts before
    parts: list[Part] = []
    for match in _TOKEN.finditer(text):
        mark = match[0]
        if mark == "{":
            if len(around) == DEEPEST:
                raise _refused(text, f"braces are more than {DEEPEST} deep at position {match.start()}")
            around.append((match.start(), [], parts))
            parts = []
        elif mark == "}":
            if not around:
                raise _refused(text, f"a brace has no partner at position {match.start()}; write key={{a,b}}")
            start, alternatives, before = around.pop()
            alternatives.append(tuple(parts))
            parts = before
            parts.append(_choice(text, start, match.end(), alternatives))
        elif mark == "," and around:
            around[-1][1].append(tuple(parts))
            parts = []
        else:
            parts.append(mark)
    if around:
        raise _refused(text, f"a brace has no partner at position {around[-1][0]}; write key={{a,b}}")
    return parts


def _choice(text: str, start: int, end: int, alternatives: list[tuple[Part, ...]]) -> Choice:
    if len(alternatives) == 1:
        inside = text[start + 1 : end - 1]
        low, dots, high = inside.partition("..")
        if dots:
            raise _refused(
                text, f"{{{inside:.40}}} is a range, which is not read; name each value, or write Python: "
                f"tb_size(doubling({low or '8':.20}, {high or '64':.20}))"
            )  # fmt: skip
        raise _refused(
            text, f"{{{inside:.40}}} has no alternatives; write {inside or 'a value':.40}, or {{a,b}}"
        )
    if () in alternatives:
        raise _refused(
            text, f"the braces at position {start} have an empty value; write {{a,b}}; for a value with a comma "
            "write Python, as in device(each('a,b', 'c'))"
        )  # fmt: skip
    return Choice(tuple(alternatives))


def _find(parts: Sequence[Part], part: str, start: int, end: int) -> int:
    """The index of the first ``part`` from ``start`` on; ``end`` if there is none before it."""
    try:
        return parts.index(part, start, end)
    except ValueError:
        return end


def _literal(text: str, parts: Sequence[Part]) -> list[str]:
    """``parts``, which are a name. Raises ArgvError if it has braces."""
    names = [part for part in parts if isinstance(part, str)]
    if len(names) < len(parts):
        raise _refused(text, f"braces hold the values of a property; write key={{a,b}}, {_PYTHON}")
    return names


def _value(parts: Sequence[Part], start: int) -> tuple[list[Part], int]:
    """The parts of the value that begins at ``start``, with ``,,`` turned into ``,``, and the index after its comma."""
    value: list[Part] = []
    length = len(parts)
    while start < length:
        part = parts[start]
        if part == ",":
            if start + 1 == length or parts[start + 1] != ",":
                return value, start + 1
            start += 1
        value.append(part)
        start += 1
    return value, start


def _values(text: str, key: str, value: Sequence[Part]) -> tuple[str, ...]:
    """Every text that ``value`` stands for."""
    count, characters = _size(value)
    if count > MOST_VALUES or characters > MOST_CHARACTERS:
        raise _refused(
            text, f"{key:.40} has more values than fit: at most {MOST_VALUES}, of {MOST_CHARACTERS} characters "
            "together; write fewer"
        )  # fmt: skip
    return tuple(_expanded(value))


def _size(parts: Sequence[Part]) -> tuple[int, int]:
    """How many texts ``parts`` stand for, and their characters together; more than allowed is not counted on."""
    sizes = [
        (1, len(part)) if isinstance(part, str) else _sum(map(_size, part.alternatives)) for part in parts
    ]
    count = 1
    for texts, _ in sizes:
        count = min(count * texts, MOST_VALUES + 1)
    return count, sum(characters * (count // texts) for texts, characters in sizes)


def _sum(sizes: Iterable[tuple[int, int]]) -> tuple[int, int]:
    counts, characters = zip(*sizes, strict=True)
    return sum(counts), sum(characters)


def _expanded(parts: Sequence[Part]) -> list[str]:
    choices = [
        [part]
        if isinstance(part, str)
        else [text for inner in part.alternatives for text in _expanded(inner)]
        for part in parts
    ]
    return ["".join(texts) for texts in product(*choices)]


def _refused(text: str, why: str) -> ArgvError:
    return ArgvError(f"{shown(text)}: {why}")
