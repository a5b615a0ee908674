"""Standards of a study: delta, confidence; and how a time or a share is written, as ``10m`` or ``2%``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from accelkit.errors import DomainError, StudyError


@dataclass(frozen=True, slots=True)
class Standards:
    """How strictly :func:`accelkit.study.analysis.compare.compare` judges.

    ``delta`` is the share below which a difference does not matter. ``confidence`` is the probability that
    all intervals hold at once. ``anytime`` is True if blocks were added until the intervals looked narrow
    enough, for which they must be wider. Raises DomainError for a share or a confidence out of range.

    >>> Standards(confidence=95)
    Traceback (most recent call last):
        ...
    accelkit.errors.DomainError: confidence: got 95; takes a probability between 0 and 1, as 0.95 for 95%
    """

    delta: float = 0.01
    confidence: float = 0.95
    anytime: bool = False

    def __post_init__(self) -> None:
        wrong: list[str] = []
        for name, value, allowed in (
            ("delta", self.delta, "a share between 0 and 1, as 0.01 for 1%"),
            ("confidence", self.confidence, "a probability between 0 and 1, as 0.95 for 95%"),
        ):
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1:  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
                wrong.append(f"{name}: got {value!r}; takes {allowed}")
        if wrong:
            raise DomainError(" | ".join(wrong))


DEFAULT_BLOCKS: Final = 20
"""The blocks of a study to which nothing else sets an end."""

RUN_SECONDS: Final = 0.5
"""About how long, in seconds, a run of a bundled guest lasts whose work is calibrated, unless the user says otherwise."""

_UNITS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
TIMES: Final = "takes seconds, or text such as '90s', '10m' or '2h'"
SHARES: Final = "takes a share such as 0.02, or text such as '2%'"


def seconds_of(time: float | str | None, what: str = "time") -> float | None:
    """Seconds from a number, or from text such as ``90s``, ``10m`` or ``1.5h``.

    Raises StudyError for anything else; its message begins with ``what``.

    >>> seconds_of("10m")
    600.0
    """
    if time is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd]?)", _decimal(time))
    if match is None or isinstance(time, bool) or float(match[1]) <= 0:
        raise StudyError(f"{what}: got {time!r}; {TIMES}")
    return float(match[1]) * _UNITS[match[2] or "s"]


def share_of(share: float | str | None, what: str = "precision") -> float | None:
    """A share from a number below 1, or from text such as ``2%``.

    Raises StudyError for anything else; its message begins with ``what``.

    >>> share_of("2%")
    0.02
    >>> share_of(95, "confidence")
    Traceback (most recent call last):
        ...
    accelkit.errors.StudyError: confidence: got 95; takes a share such as 0.02, or text such as '2%'; did you mean '95%'?
    """
    if share is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(%?)", _decimal(share))
    number = None if match is None else float(match[1]) / (100 if match[2] else 1)
    if number is None or isinstance(share, bool) or not 0 < number < 1:
        is_percentage = match is not None and not match[2] and 1 <= float(match[1]) < 100
        hint = f"; did you mean '{match[1]}%'?" if match and is_percentage else ""
        raise StudyError(f"{what}: got {share!r}; {SHARES}{hint}")
    return number


def _decimal(value: float | str) -> str:
    """``value`` as text, without the exponent that Python writes for very small and very large numbers."""
    return f"{value:.15f}" if isinstance(value, float) else str(value).strip()
