"""What a tuning says it will take."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accelkit.tuning.budget import Budget
from accelkit.tuning.forecast import TuningForecast

NEW = TuningForecast("t.sqlite", 200, Budget(400, None, 1, 0.2, 0.5), 3, 20, 6)


@pytest.mark.parametrize(
    ("forecast", "part"),
    [
        (NEW, "at most 400 trials, about 1 min 44 s: a search among 200 points, then a confirming study of up to 3"),
        (replace(NEW, budget=Budget(None, 1800.0, 1, 0.2, 0.5)), "t.sqlite: at most 30 min 0 s in all: a search"),
        (replace(NEW, budget=Budget(400, 60.0, 1)), "at most 400 trials, at most 1 min 0 s in all:"),
        (replace(NEW, budget=Budget(400, None, 1)), "at most 400 trials, how long is known after some:"),
        (replace(NEW, searched=100, spent=20.0), "100 of at most 400 trials stored, about 1 min 24 s to go:"),
        (
            replace(NEW, searched=300, confirmed=40, spent=80.0, has_ended=True),
            "about 20 s to go: the search among 200 points has ended, then a confirming study of 3 finalists and",
        ),
        (replace(NEW, finalists=1), "a confirming study of 1 finalist and the baseline in 20 fresh blocks"),
        (replace(NEW, blocks=3), "in 3 fresh blocks, too few to decide anything: that takes at least 6"),
        (replace(NEW, blocks=0, has_ended=True), "then no confirming study"),
        (replace(NEW, budget=Budget(None, 60.0, 1), searched=7, spent=3.0), "7 trials stored, at most 1 min 0 s in all"),
    ],
)  # fmt: skip
def test_a_forecast_is_one_line(forecast: TuningForecast, part: str) -> None:
    assert part in str(forecast)
    assert "\n" not in str(forecast)
