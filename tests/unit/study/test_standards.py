"""Standards, and how times and shares are written."""

from __future__ import annotations

import pytest

from accelkit.errors import DomainError, StudyError
from accelkit.study.standards import SHARES, TIMES, Standards, seconds_of, share_of


@pytest.mark.parametrize("name", ["delta", "confidence"])
@pytest.mark.parametrize("value", [0, 1, -0.1, 95, True, "0.9", float("nan")])
def test_standards_are_shares(name: str, value: float) -> None:
    with pytest.raises(DomainError, match=rf"^{name}: got {value!r}; takes a .* between 0 and 1, as 0\."):
        Standards(**{name: value})


@pytest.mark.parametrize(
    ("time", "seconds"),
    [
        (None, None),
        (90, 90.0),
        (1.5, 1.5),
        ("90", 90.0),
        ("90s", 90.0),
        (" 10 m ", 600.0),
        ("1.5h", 5400.0),
        ("2d", 172800.0),
        (1e-7, 1e-7),
    ],
)
def test_a_time_is_a_number_or_a_number_with_a_unit(time: float | str | None, seconds: float | None) -> None:
    assert seconds_of(time) == seconds


@pytest.mark.parametrize(
    "time", ["", "10 minutes", "-1s", "0", 0, -1.0, True, "1e3", float("inf"), float("nan")]
)
def test_any_other_time_is_refused(time: float | str) -> None:
    with pytest.raises(StudyError) as refused:
        seconds_of(time)
    assert str(refused.value) == f"time: got {time!r}; {TIMES}"


@pytest.mark.parametrize(
    ("share", "number"),
    [(None, None), (0.02, 0.02), ("0.02", 0.02), ("2%", 0.02), ("2.5 %", 0.025), (1e-6, 1e-6)],
)
def test_a_share_is_a_number_or_a_percentage(share: float | str | None, number: float | None) -> None:
    assert share_of(share) == number


@pytest.mark.parametrize(
    ("share", "hint"),
    [
        (2, "; did you mean '2%'?"),
        ("99.5", "; did you mean '99.5%'?"),
        (1, "; did you mean '1%'?"),
        (0, ""),
        ("0%", ""),
        ("100%", ""),
        (100, ""),
        ("-1%", ""),
        ("a lot", ""),
        (True, ""),
    ],
)
def test_any_other_share_is_refused(share: float | str, hint: str) -> None:
    with pytest.raises(StudyError) as refused:
        share_of(share, "margin")
    assert str(refused.value) == f"margin: got {share!r}; {SHARES}{hint}"
