"""Values as one reads them, with the unit that the table knows: 64 MiB for 67108864 bytes. Pure."""

from __future__ import annotations

from typing import Final

from accelkit.recipes.domains import Int, Size
from accelkit.recipes.table import PROPERTIES

_UNITS: Final = tuple(
    (1 << 10 * power, f"{prefix}iB") for power, prefix in reversed(tuple(enumerate("KMGTPE", 1)))
)


def amount(key: str, text: str) -> str:
    """The value ``text`` of the property ``key`` with its unit; the text itself where there is no unit.

    An amount of memory has the largest binary unit of which it is a whole number. A text that QEMU does not read as a
    number of the property's range stays as it is. Source of the units: accelkit/recipes/table.py.

    >>> amount("kvm-shadow-mem", "67108864"), amount("kvm-shadow-mem", "-1"), amount("tb-size", "0x400")
    ('64 MiB', "the kernel's default", '1 GiB')
    >>> amount("dirty-ring-size", "4096"), amount("thread", "multi"), amount("tb-size", "lots")
    ('4096 entries a vCPU', 'multi', 'lots')
    """
    row = PROPERTIES.get(key)
    if row is None or not isinstance(row.domain, (Int, Size)):
        return text
    domain = row.domain
    number = domain.read(text)
    if number is None or domain.unit.startswith("("):
        return text
    if isinstance(domain, Size):
        for special, meaning in domain.special:
            if number == special:
                return meaning
        for factor, unit in _UNITS:
            if number and number * domain.scale % factor == 0:
                return f"{number * domain.scale // factor} {unit}"
    return f"{number} {domain.unit}"


def amount_and_text(key: str, text: str) -> str:
    """The value with its unit, and as it is written where that tells something else.

    >>> (
    ...     amount_and_text("kvm-shadow-mem", "67108864"),
    ...     amount_and_text("tb-size", "64"),
    ...     amount_and_text("device", ""),
    ... )
    ('64 MiB (67108864)', '64 MiB', "''")
    """
    worded = amount(key, text)
    if not text:
        return repr(text)
    return worded if worded == text or worded.startswith(f"{text} ") else f"{worded} ({text})"
