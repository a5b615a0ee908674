"""The text in a field, to and from the text of an option; sweeps as text. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from accelkit.errors import ArgvError, DomainError
from accelkit.recipes.choices import doubling
from accelkit.recipes.domains import Domain, GiB, Int, KiB, MiB, Size, Text
from accelkit.recipes.property import Property
from accelkit.syntax.qemuopts import escape, split

#: The range of sizes that a slider offers, in bytes; the user types others.
_SLIDER: Final = (4 * KiB, 64 * GiB)
_RANGE: Final = ".."


def unit_of(domain: Domain) -> str:
    """The unit of a plain number; empty where there is none."""
    return domain.unit if isinstance(domain, (Int, Size)) else ""


def field_text(domain: Domain, text: str) -> str:
    """The text in the field for an option's text: sizes get a binary suffix, everything else stays.

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


def read_field(row: Property[Any, Any], typed: str) -> str | None:
    """The option's text for the text in its field; None where that is empty. Raises DomainError.

    >>> from accelkit import shadow_mem
    >>> read_field(shadow_mem, "64MiB")
    '67108864'
    """
    if not typed.strip():
        return None
    return row.domain.write(typed if isinstance(row.domain, Text) else typed.strip(), row.name)


def read_sweep(row: Property[Any, Any], typed: str) -> tuple[str, ...]:
    """The option's texts for the text in a sweep's field: values separated by commas, ``a..b`` for doubling.

    Empty where the field is. Raises DomainError, also for a value that occurs twice.

    >>> from accelkit import tb_size
    >>> read_sweep(tb_size, "8, 32MiB..128MiB")
    ('8', '32', '64', '128')
    """
    texts: list[str] = []
    for item in typed.replace(",,", "\0").split(","):
        value = item.replace("\0", ",")
        if isinstance(row.domain, (Int, Size)) and _RANGE in value:
            low, high = (row.domain.write(end.strip(), row.name) for end in value.split(_RANGE, 1))
            numbers = doubling(int(low, 0), int(high, 0)).values
            texts += [row.domain.write(number, row.name) for number in numbers]
            continue
        text = read_field(row, value.removeprefix(" "))
        if text is not None:
            texts.append(text)
    twice = next((text for text in texts if texts.count(text) > 1), None)
    if twice is not None:
        raise DomainError(f"{row.name}: {field_text(row.domain, twice)} occurs twice; write each value once")
    return tuple(texts)


def powers(domain: Domain) -> tuple[tuple[str, str], ...]:
    """The steps of a slider, pairs of label and option's text: powers of two; empty for a domain without slider.

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
    texts = (str(number) for number in numbers if low <= number <= high and domain.read(str(number)))
    return tuple((field_text(domain, text), text) for text in texts)


def nearest_power(domain: Domain, text: str | None) -> str:
    """The step of the slider at or below an option's text; empty where there is none."""
    number = None if text is None else domain.read(text)
    if not isinstance(number, int) or isinstance(number, bool):
        return ""
    return next((step for _, step in reversed(powers(domain)) if int(step) <= number), "")


def others_text(options: Iterable[tuple[str, str]]) -> str:
    """Options without a control, as QEMU writes them: ``x-new=1,y=a,,b``."""
    return ",".join(f"{key}={escape(text)}" for key, text in options)


def read_others(typed: str) -> dict[str, str]:
    """The options in a text such as QEMU reads. Raises ArgvError for options that QEMU could not get.

    >>> read_others("x-new=1,y=a,,b")
    {'x-new': '1', 'y': 'a,b'}
    """
    if not typed.strip():
        return {}
    options: dict[str, str] = {}
    for write in split(typed, ""):
        if not write.key or write.flag is not None:
            raise ArgvError(
                f"{typed!r}: {write.flag or write.value!r} has no name or no value; write name=value"
            )
        if write.key == "accel":
            raise ArgvError("accel: the accelerator has its own control; choose it there")
        options[write.key] = write.value
    return options
