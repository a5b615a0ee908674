"""By what a study's trials are judged. Kept with them, so that every report says the same."""

from __future__ import annotations

from dataclasses import dataclass

from accelkit.errors import DomainError


@dataclass(frozen=True, slots=True)
class Standards:
    """What :func:`accelkit.study.stats.compare` is asked with.

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
