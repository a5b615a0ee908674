"""Entry: what stands in a field, to and from the text of an option; sweeps written as text. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from accelkit.errors import ArgvError, DomainError
from accelkit.recipes.choices import doubling
from accelkit.recipes.domains import Domain, GiB, Int, KiB, MiB, Size, Text
from accelkit.recipes.property import Property
from accelkit.syntax.qemuopts import escape, split

#: Sizes that a slider offers lie between these, in bytes; others are typed.
_SLIDER: Final = (4 * KiB, 64 * GiB)
_RANGE: Final = ".."


def unit_of(domain: Domain) -> str:
    """The unit in which a bare number counts; empty where there is none."""
    return domain.unit if isinstance(domain, (Int, Size)) else ""


def field_text(domain: Domain, text: str) -> str:
    """What a field shows for an option's text: sizes with a binary suffix, all else as it is.

    >>> from accelkit import tb_size
    >>> field_text(tb_size.domain, "512")
    '512MiB'
    """
    number = domain.read(text) if isinstance(domain, Size) else None
    if isinstance(domain, Size) and number and number > 0:
        for suffix, factor in (("GiB", GiB), ("MiB", MiB), ("KiB", KiB)):
            if number * domain.scale % factor == 0:
                return f"{number * domain.scale // factor}{suffix}"
    return text


def read_field(row: Property[Any, Any], shown: str) -> str | None:
    """The option's text that a field means; None where it is empty. Raises DomainError.

    >>> from accelkit import shadow_mem
    >>> read_field(shadow_mem, "64MiB")
    '67108864'
    """
    if not shown.strip():
        return None
    return row.domain.write(shown if isinstance(row.domain, Text) else shown.strip(), row.name)


def sweep_text(domain: Domain, texts: Iterable[str]) -> str:
    """What the field of a sweep shows; commas inside a value are doubled, as in QEMU."""
    return ", ".join(field_text(domain, text).replace(",", ",,") for text in texts)


def read_sweep(row: Property[Any, Any], shown: str) -> tuple[str, ...]:
    """The options' texts that a sweep's field means: values after commas, ``a..b`` for doubling.

    Empty where the field is. Raises DomainError, also for a value that is there twice.

    >>> from accelkit import tb_size
    >>> read_sweep(tb_size, "8, 32MiB..128MiB")
    ('8', '32', '64', '128')
    """
    found: list[str] = []
    for item in shown.replace(",,", "\0").split(","):
        value = item.replace("\0", ",")
        if isinstance(row.domain, (Int, Size)) and _RANGE in value:
            low, high = (row.domain.write(end.strip(), row.name) for end in value.split(_RANGE, 1))
            numbers = doubling(int(low, 0), int(high, 0)).values
            found += [row.domain.write(number, row.name) for number in numbers]
            continue
        text = read_field(row, value.removeprefix(" "))
        if text is not None:
            found.append(text)
    twice = next((text for text in found if found.count(text) > 1), None)
    if twice is not None:
        raise DomainError(f"{row.name}: {field_text(row.domain, twice)} is there twice; name each value once")
    return tuple(found)


def powers(domain: Domain) -> tuple[tuple[str, str], ...]:
    """The steps of a slider, (what is shown, option's text): powers of two; none if it has no slider.

    >>> from accelkit import shadow_mem
    >>> powers(shadow_mem.domain)[:2]
    (('256KiB', '262144'), ('512KiB', '524288'))
    """
    if isinstance(domain, Size):
        low, high = _SLIDER[0] // domain.scale, _SLIDER[1] // domain.scale
    elif isinstance(domain, Int) and domain.power_of_two:
        low, high = 1, domain.high
    else:
        return ()
    numbers = (1 << bit for bit in range(max(domain.high, 1).bit_length()))
    found = (str(number) for number in numbers if low <= number <= high and domain.read(str(number)))
    return tuple((field_text(domain, text), text) for text in found)


def nearest_power(domain: Domain, text: str | None) -> str:
    """The step of the slider at or below an option's text; empty where there is none."""
    number = None if text is None else domain.read(text)
    if not isinstance(number, int) or isinstance(number, bool):
        return ""
    return next((step for _, step in reversed(powers(domain)) if int(step) <= number), "")


def others_text(options: Iterable[tuple[str, str]]) -> str:
    """Options without a control, as QEMU writes them: ``x-new=1,y=a,,b``."""
    return ",".join(f"{key}={escape(text)}" for key, text in options)


def read_others(shown: str) -> dict[str, str]:
    """The options in such a text. Raises ArgvError where QEMU could not be given them.

    >>> read_others("x-new=1,y=a,,b")
    {'x-new': '1', 'y': 'a,b'}
    """
    if not shown.strip():
        return {}
    found: dict[str, str] = {}
    for write in split(shown, ""):
        if not write.key or write.flag is not None:
            raise ArgvError(
                f"{shown!r}: {write.flag or write.value!r} has no name or value; write name=value"
            )
        if write.key == "accel":
            raise ArgvError("accel: the accelerator has a control of its own; choose it there")
        found[write.key] = write.value
    return found
