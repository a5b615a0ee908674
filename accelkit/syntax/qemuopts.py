"""QEMU's option text: ``name,key=value,flag`` to writes and back. Knows commas, not meanings.

Source: ``util/qemu-option.c`` (``get_opt_name_value``, ``get_opt_value``, ``opts_do_parse``), the
same rules in QEMU 5.2 to 11.1.
"""

from __future__ import annotations

from typing import NamedTuple

from accelkit.errors import ArgvError

IDENTIFIER_RULE = "letters, digits, '-', '.' and '_', beginning with a letter"


class Write(NamedTuple):
    """One ``key=value`` in the order written; ``flag`` is the bare word, when it was one."""

    key: str
    value: str
    flag: str | None = None


def split(text: str, implied: str) -> tuple[Write, ...]:
    """The writes in ``text``, left to right, as QEMU's own parser sees them.

    The first element, when it has no ``=``, is the value of ``implied``. A later one without ``=``
    is a flag: ``foo`` is ``foo=on``, and whatever begins with ``no`` is the rest ``=off``.
    ``,,`` in a value is one comma; one comma at the end is ignored.

    >>> split("kvm,device=/dev/a,,b,norapl", "accel")[1:]
    (Write(key='device', value='/dev/a,b', flag=None), Write(key='rapl', value='off', flag='norapl'))
    """
    writes: list[Write] = []
    place, length = 0, len(text)
    while place < length:
        end = text.find(",", place)
        end = length if end < 0 else end
        equals = text.find("=", place, end)
        if equals >= 0:
            value, after = _value(text, equals + 1)
            writes.append(Write(text[place:equals], value))
        elif place == 0:
            value, after = _value(text, 0)
            writes.append(Write(implied, value))
        else:
            flag, after = text[place:end], end + 1
            key, value = (flag[2:], "off") if flag.startswith("no") else (flag, "on")
            writes.append(Write(key, value, flag))
        place = after
    return tuple(writes)


def _value(text: str, start: int) -> tuple[str, int]:
    """The value that begins at ``start``, with ``,,`` undone, and where what follows its comma begins."""
    end = text.find(",", start)
    while end >= 0 and text.startswith(",,", end):
        end = text.find(",", end + 2)
    value = text[start:] if end < 0 else text[start:end]
    if ",," in value:
        value = value.replace(",,", ",")
    return value, len(text) if end < 0 else end + 1


def escape(value: str) -> str:
    """``value`` as QEMU must be given it: each comma doubled, so that it cannot end the value.

    >>> escape("/run/a,b")
    '/run/a,,b'
    """
    return value.replace(",", ",,") if "," in value else value


def is_identifier(text: str) -> bool:
    """Whether QEMU takes ``text`` as an ``id=`` (``id_wellformed`` in ``util/id.c``)."""
    plain = text.replace("-", "").replace(".", "").replace("_", "")
    return text[:1].isalpha() and text.isascii() and plain.isalnum()


def refuse_control(text: str, where: str) -> str:
    """``text`` unchanged; ArgvError when it has a NUL or a line break, which no argv line survives."""
    for character, name in (("\0", "NUL"), ("\n", "line break"), ("\r", "carriage return")):
        if character in text:
            raise ArgvError(
                f"{where}: {text!r} has a {name} at position {text.index(character)}; "
                "an option is one line of text; remove it"
            )
    return text
