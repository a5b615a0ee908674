"""QEMU's option strings, ``name,key=value,flag``: split into writes, and values escaped.

Source: ``util/qemu-option.c`` (``get_opt_name_value``, ``get_opt_value``, ``opts_do_parse``). The
rules are the same in QEMU 5.2 to 11.1.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from accelkit.errors import ArgvError, shown

IDENTIFIER_RULE = "letters, digits, '-', '.' and '_', beginning with a letter"


@cache
def _no_argument() -> re.Pattern[str]:
    """What ``os.fsencode`` refuses, and line breaks. It writes U+DC80 to U+DCFF as the bytes 0x80 to 0xff."""
    return re.compile("[\0\n\r\ud800-\udc7f\udd00-\udfff]")


class Write(NamedTuple):
    """One ``key=value`` of an option string; ``flag`` is the bare word that it was written as, if it was."""

    key: str
    value: str
    flag: str | None = None


def split(text: str, implied: str) -> tuple[Write, ...]:
    """The writes in ``text``, left to right, as QEMU's own parser reads them.

    A first element without ``=`` is the value of ``implied``. A later element without ``=`` is a flag: ``foo`` means
    ``foo=on``, and ``nofoo`` means ``foo=off``, for every word that begins with ``no``. ``,,`` in a value is one
    comma. One comma at the end is ignored.

    >>> split("kvm,device=/dev/a,,b,norapl", "accel")[1:]
    (Write(key='device', value='/dev/a,b', flag=None), Write(key='rapl', value='off', flag='norapl'))
    """
    writes: list[Write] = []
    start, length = 0, len(text)
    while start < length:
        end = text.find(",", start)
        end = length if end < 0 else end
        equals = text.find("=", start, end)
        if equals >= 0:
            value, after = _value(text, equals + 1)
            writes.append(Write(text[start:equals], value))
        elif start == 0:
            value, after = _value(text, 0)
            writes.append(Write(implied, value))
        else:
            flag, after = text[start:end], end + 1
            key, value = (flag[2:], "off") if flag.startswith("no") else (flag, "on")
            writes.append(Write(key, value, flag))
        start = after
    return tuple(writes)


def _value(text: str, start: int) -> tuple[str, int]:
    """The value that begins at ``start``, with ``,,`` turned into ``,``, and the index after its comma."""
    end = text.find(",", start)
    while end >= 0 and text.startswith(",,", end):
        end = text.find(",", end + 2)
    value = text[start:] if end < 0 else text[start:end]
    if ",," in value:
        value = value.replace(",,", ",")
    return value, len(text) if end < 0 else end + 1


def escape(value: str) -> str:
    """``value`` with each comma doubled, so that QEMU reads it as a part of the value.

    >>> escape("/run/a,b")
    '/run/a,,b'
    """
    return value.replace(",", ",,") if "," in value else value


def is_identifier(text: str) -> bool:
    """Whether QEMU accepts ``text`` as an ``id=`` (``id_wellformed`` in ``util/id.c``)."""
    plain = text.replace("-", "").replace(".", "").replace("_", "")
    return text[:1].isalpha() and text.isascii() and plain.isalnum()


def refuse_control(text: str, where: str) -> str:
    """``text`` unchanged. Raises ArgvError if it contains what no line of argv can contain.

    That is a NUL, a line break, and a surrogate, except those that stand for the bytes of an argument that is not UTF-8.
    """
    if not text.isprintable() and (match := _no_argument().search(text)) is not None:
        name = {"\0": "NUL", "\n": "line break", "\r": "carriage return"}.get(match[0], "surrogate")
        raise ArgvError(
            f"{where}: {shown(text)} has a {name} at position {match.start()}; "
            "an option is one line of text; remove it"
        )
    return text
