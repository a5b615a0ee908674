"""Numbers as text, with three significant digits, and parts of sentences. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

NOTHING: Final = "–"
"""Stands where there is no number."""

SIGNS: Final[Mapping[str, str]] = {
    "faster": "▼",
    "slower": "▲",
    "no difference": "=",
    "undecided": "?",
    "baseline": "·",
    "failed": "×",
}
"""A sign for each verdict, so that colour is never the only difference; ▼ means less time."""


COUNTED: Final[Mapping[str, str]] = {
    "tb-flushes": "how often QEMU's cache of translated code was full and was emptied",
    "tb-invalidations": "translated blocks that were dropped as the guest wrote to their code",
}
"""What QEMU's counters mean."""


def ratio(x: float) -> str:
    """``x`` with three significant digits; with three decimals from 0.9995 to 1.0995, so that 1 is as precise as 0.999.

    >>> [ratio(x) for x in (0.58792, 1.7, 63.24, 9.996, 1234.5, float("nan"), float("inf"))]
    ['0.588', '1.70', '63.2', '10.0', '1234', '–', '∞']
    >>> [ratio(x) for x in (0.9961, 1, 1.0042, 1.0996)]
    ['0.996', '1.000', '1.004', '1.10']
    """
    if math.isnan(x):
        return NOTHING
    if math.isinf(x):
        return "∞"
    if x == 0:
        return "0"
    if 0.9995 <= x < 1.0995:
        return f"{x:.3f}"
    magnitude = math.floor(math.log10(abs(x)))
    if round(abs(x), 2 - magnitude) >= 10 ** (magnitude + 1):
        magnitude += 1
    return f"{x:.{max(0, 2 - magnitude)}f}"


def interval(low: float, high: float) -> str:
    """The interval in brackets; empty if both ends are unknown (0 and infinity).

    >>> interval(0.5621, 0.6208), interval(0.0, float("inf")), interval(0.9, float("inf"))
    ('[0.562, 0.621]', '', '[0.900, ∞]')
    """
    return "" if low <= 0 and math.isinf(high) else f"[{ratio(low)}, {ratio(high)}]"


def inverse(x: float) -> float:
    """1 / ``x``; infinity for 0."""
    return math.inf if x == 0 else 1 / x


UNSETTLED: Final = 1.5
"""From this factor between the ends of an interval on, a sentence says the smaller end instead of the middle."""


def times(middle: float, low: float, high: float) -> tuple[str, str]:
    """A ratio of times as words, and its interval in the same terms: below 1 how fast, otherwise how long.

    Where the size is not settled, the words say what it is at least.

    >>> times(0.588, 0.562, 0.621), times(5.3, 4.9, 5.9)
    (('1.70 times as fast as', '[1.61, 1.78]'), ('5.30 times as long as', '[4.90, 5.90]'))
    >>> times(0.03, 0.01, 0.05)
    ('at least 20.0 times as fast as', '[20.0, 100]')
    """
    sure = low > 0 and high < UNSETTLED * low
    if middle < 1:
        size = ratio(inverse(middle)) if sure or high > 1 else f"at least {ratio(inverse(high))}"
        return f"{size} times as fast as", interval(inverse(high), inverse(low))
    size = ratio(middle) if sure or low < 1 else f"at least {ratio(low)}"
    return f"{size} times as long as", interval(low, high)


def amount(x: float, unit: str) -> str:
    """A value with its unit; from 10,000 on in thousands, millions and so on.

    >>> amount(25_312_000, "ticks"), amount(0.51234, "s"), amount(950, "ticks")
    ('25.3 M ticks', '0.512 s', '950 ticks')
    """
    for power, prefix in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(x) >= power:
            return f"{ratio(x / (1e3 if prefix == 'k' else power))} {prefix} {unit}"
    return f"{count(x)} {unit}"


def count(x: float) -> str:
    """A count: all digits of a whole number below 100,000, otherwise three.

    >>> count(27.0), count(26.5), count(0), count(8_000_011)
    ('27', '26.5', '0', '8.00 M')
    """
    if math.isfinite(x) and x == int(x) and abs(x) < 1e5:
        return str(int(x))
    return amount(x, "").rstrip() if abs(x) >= 1e4 else ratio(x)


def percent(share: float) -> str:
    """A share in percent, with up to six significant digits.

    >>> percent(0.01), percent(0.005), percent(0.999)
    ('1%', '0.5%', '99.9%')
    """
    return f"{100 * share:.6g}%"


def listed(words: Sequence[str], conjunction: str = "and") -> str:
    """The words as a list in a sentence, as in ``a, b and c``.

    >>> listed(["a", "b", "c"]), listed(["a"]), listed([])
    ('a, b and c', 'a', '')
    """
    return f" {conjunction} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def plural(n: int, word: str) -> str:
    """A number of things, as in ``1 block`` and ``2 blocks``."""
    return f"{n} {word}" if n == 1 else f"{n} {word}s"
