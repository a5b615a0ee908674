"""Values that were probably meant where QEMU refuses the one that is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from accelkit.errors import DomainError
from accelkit.recipes.domains import Int, OnOff, Size, Words
from accelkit.recipes.table import PROPERTIES
from accelkit.syntax import literals

_SIZE: Final = re.compile(r"(\d+(?:\.\d+)?) *([kmgtpe]?)(?:i?b)?", re.ASCII)
#: The longest value in which a slip is looked for.
_LONGEST: Final = 30


def meant_for(key: str, text: str) -> Iterator[str]:
    """Texts that ``text`` may have been meant to be, the likeliest first. Whether a QEMU takes them is to be checked.

    >>> list(meant_for("tb-size", "64MB")), list(meant_for("kernel-irqchip", "Split"))[0]
    (['64'], 'split')
    """
    plain = text.strip().strip("'\"").lower()
    if len(plain) > _LONGEST:
        return
    row = PROPERTIES.get(key)
    domain = row.domain if row is not None else None
    if isinstance(domain, (Size, Int)):
        yield from _numbers(domain, key, plain)
        return
    yield plain.replace("_", "-")
    if (switch := literals.switch_for(plain)) is not None:
        yield switch
    if isinstance(domain, (OnOff, Words)):
        from difflib import get_close_matches  # imported here: only errors need it

        words = domain.words if isinstance(domain, Words) else ("on", "off")
        yield from get_close_matches(plain, words, n=1, cutoff=0.7)


def _numbers(domain: Size | Int, key: str, plain: str) -> Iterator[str]:
    """Numbers of the domain's unit."""
    size = _SIZE.fullmatch(plain)
    number = literals.read_int(plain)
    if isinstance(domain, Size) and size is not None and not plain.isdecimal():
        number_text, suffix = size.groups()
        try:
            yield domain.write(f"{number_text}{suffix.upper()}{'iB' if suffix else ''}", key)
        except DomainError:
            return
    elif number is None and (grouped := plain.replace("_", "").replace(" ", "")).isdecimal():
        yield grouped
    elif isinstance(domain, Int) and domain.power_of_two and number is not None and number > 0:
        power = 1 << (number - 1).bit_length()
        yield str(min(max(power, 1024), domain.high))
    elif isinstance(domain, Size) and number is not None and domain.scale > 1 and number % domain.scale == 0:
        yield str(number // domain.scale)  # it was meant in bytes
