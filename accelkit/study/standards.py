"""By what a study is judged, and how a budget is written: shares, confidence, seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from accelkit.errors import DomainError, StudyError


@dataclass(frozen=True, slots=True)
class Standards:
    """What :func:`accelkit.study.analysis.compare.compare` is asked with.

    ``delta`` is the share below which a difference is not worth having, ``confidence`` the chance that
    all intervals hold; ``anytime`` says that blocks were added until the intervals looked good, for
    which they must be wider. Raises DomainError for shares that make no sense.

    >>> Standards(confidence=95)
    Traceback (most recent call last):
        ...
    accelkit.errors.DomainError: confidence: got 95; takes a chance between 0 and 1, as 0.95 for 95%
    """

    delta: float = 0.01
    confidence: float = 0.95
    anytime: bool = False

    def __post_init__(self) -> None:
        for name, given, takes in (
            ("delta", self.delta, "a share between 0 and 1, as 0.01 for 1%"),
            ("confidence", self.confidence, "a chance between 0 and 1, as 0.95 for 95%"),
        ):
            if isinstance(given, bool) or not isinstance(given, (int, float)) or not 0 < given < 1:  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
                raise DomainError(f"{name}: got {given!r}; takes {takes}")


_UNITS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
TIMES: Final = "takes seconds, or text such as '90s', '10m' or '2h'"
SHARES: Final = "takes a share such as 0.02, or text such as '2%'"


def seconds_of(time: float | str | None) -> float | None:
    """Seconds from a number, or text such as ``90s``, ``10m``, ``1.5h``; raises StudyError.

    >>> seconds_of("10m")
    600.0
    """
    if time is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd]?)", _written(time))
    if match is None or isinstance(time, bool) or float(match[1]) <= 0:
        raise StudyError(f"time: got {time!r}; {TIMES}")
    return float(match[1]) * _UNITS[match[2] or "s"]


def share_of(share: float | str | None, what: str = "precision") -> float | None:
    """A share from a number below 1, or text such as ``2%``; raises StudyError, which says ``what`` it is.

    >>> share_of("2%")
    0.02
    >>> share_of(95, "confidence")
    Traceback (most recent call last):
        ...
    accelkit.errors.StudyError: confidence: got 95; takes a share such as 0.02, or text such as '2%'; did you mean '95%'?
    """
    if share is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(%?)", _written(share))
    found = None if match is None else float(match[1]) / (100 if match[2] else 1)
    if found is None or isinstance(share, bool) or not 0 < found < 1:
        meant = (
            f"; did you mean '{match[1]}%'?" if match and not match[2] and 1 <= float(match[1]) < 100 else ""
        )
        raise StudyError(f"{what}: got {share!r}; {SHARES}{meant}")
    return found


def _written(given: float | str) -> str:
    """``given`` as text without an exponent, which the smallest and largest numbers have in Python."""
    return f"{given:.15f}" if isinstance(given, float) else str(given).strip()
