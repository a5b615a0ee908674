"""Text to bool, number or size, as QEMU reads it; None where QEMU refuses the text.

Source: ``util/cutils.c`` (``qemu_strtou64``, ``do_strtosz``), ``qapi/qapi-util.c``
(``qapi_bool_parse``), ``qapi/qobject-input-visitor.c``; measured on QEMU 5.2, 7.2, 10.0, 11.1.
"""

from __future__ import annotations

import re

Version = tuple[int, int, int]

_BOOL = {"on": True, "yes": True, "true": True, "y": True,
         "off": False, "no": False, "false": False, "n": False}  # fmt: skip
_NUMBER = re.compile(r"[ \t\n\v\f\r]*([+-]?)(?:(0[xX][0-9a-fA-F]+)|(0[bB][01]+)|(0[0-7]*)|([1-9][0-9]*))\Z")
_SIZE = re.compile(r"(0[xX][0-9a-fA-F]+|\d*(?:\.\d*)?(?:[eE][+]?\d+(?![\dKMGTPE]))?)([bBkKmMgGtTpPeE]?)\Z",
                   re.ASCII)  # fmt: skip
#: A number with more decimal digits is out of every range. Python itself refuses to convert some thousands.
MOST_DIGITS = 400
_SHIFT = {"": 0, "B": 0, "K": 10, "M": 20, "G": 30, "T": 40, "P": 50, "E": 60}


def read_bool(text: str) -> bool | None:
    """True for on, yes, true, y; False for off, no, false, n; None for other text. Case matters."""
    return _BOOL.get(text)


def _number(text: str, binary: bool) -> int | None:
    """The number that ``strtoull(text, NULL, 0)`` reads from all of ``text``, before it wraps."""
    match = _NUMBER.match(text)
    if match is None:
        return None
    sign, hexadecimal, binary_digits, octal, decimal = match.groups()
    if hexadecimal:
        number = int(hexadecimal, 16)
    elif binary_digits:
        if not binary:
            return None
        number = int(binary_digits, 2)
    elif octal:
        number = int(octal, 8)
    elif len(decimal) > MOST_DIGITS:
        return None
    else:
        number = int(decimal)
    return -number if sign == "-" else number


def read_int(text: str, binary: bool = False) -> int | None:
    """The signed number in ``text``: decimal, ``0x`` hexadecimal or ``0`` octal; leading space is allowed.

    ``binary``: whether ``0b101`` is a number too; that depends on the C library of the QEMU.

    >>> read_int("0x40"), read_int("010"), read_int("08"), read_int("64M")
    (64, 8, None, None)
    """
    return _number(text, binary)


def read_int64(text: str, binary: bool = False) -> int | None:
    """The number in ``text`` if it fits int64, else None."""
    number = _number(text, binary)
    return number if number is not None and -(1 << 63) <= number < 1 << 63 else None


def read_uint(text: str, bits: int, binary: bool = False) -> int | None:
    """The number in ``text`` if it fits ``bits`` bits, else None. A negative number wraps modulo 2^64 first, as in C.

    >>> read_uint("-1", 32), read_uint("-18446744073709550592", 32)
    (None, 1024)
    """
    number = _number(text, binary)
    if number is None or not -(1 << 64) < number < 1 << 64:
        return None
    number %= 1 << 64
    return number if number < 1 << bits else None


def read_size(text: str, version: Version) -> int | None:
    """The number of bytes in ``text`` as QEMU ``version`` reads a ``size``, else None.

    Decimal with an optional fraction and one of the suffixes B K M G T P E, or hexadecimal without a suffix.
    What differs between versions: hexadecimal with a suffix is read until 9.x, ``.5k`` by all but 7.2, an exponent
    and ``-0`` before 6.0, 2^64-1 after 5.2.
    """
    if text == "-0":
        return 0 if version < (6, 0, 0) else None
    match = _SIZE.match(text)
    if match is None:
        return None
    digits, suffix = match.groups()
    suffix = suffix.upper()
    if digits[:2].lower() == "0x":
        if suffix and version >= (10, 0, 0):
            return None
        number = int(digits, 16) << _SHIFT[suffix]
    else:
        mantissa, _, exponent = digits.lower().partition("e")
        whole, dot, fraction = mantissa.partition(".")
        if not whole + fraction or (exponent and version >= (6, 0, 0)):
            return None
        exponent = exponent.lstrip("+0")
        if len(exponent) > 3 or len(whole + fraction) + int(exponent or 0) > MOST_DIGITS:
            return None
        if dot and not whole and (7, 2, 0) <= version < (8, 0, 0):
            return None
        if fraction and suffix in ("", "B") and fraction.strip("0"):
            return None
        scaled = int(whole + fraction or "0") << _SHIFT[suffix]
        number = scaled * 10 ** int(exponent or 0) // 10 ** len(fraction)
    limit = (1 << 64) - (1 if version < (6, 0, 0) else 0)
    return number if number < limit else None


_SWITCHES = {
    **dict.fromkeys(("on", "1", "true", "yes", "y", "enable", "enabled"), "on"),
    **dict.fromkeys(("off", "0", "false", "no", "n", "disable", "disabled", "none"), "off"),
}


def switch_for(text: str) -> str | None:
    """``on`` or ``off`` for a word that means it somewhere, whether or not a QEMU takes it; None for any other.

    >>> switch_for("TRUE"), switch_for("0"), switch_for("off"), switch_for("maybe")
    ('on', 'off', 'off', None)
    """
    return _SWITCHES.get(text.lower())
