"""The picture of a trend: levels and changes in words, and that many series are drawn as some."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.stores import BEGUN, study_store
from support.two_stores import known_trend

from accelkit.errors import StudyError
from accelkit.study.across.trend import trend
from accelkit.study.across.trend_chart import MOST_LINES, chart_of_course


def test_the_picture_says_the_levels_and_where_they_change(tmp_path: Path) -> None:
    chart = chart_of_course(known_trend(tmp_path))
    assert "tcg,thread=single 1.15 from night-09 on" in chart.says
    assert "tcg, time 1.000" in chart.says
    assert chart.svg().count("<svg") == 1


def test_of_many_series_some_are_drawn(tmp_path: Path) -> None:
    names = {"tcg": 1.0, **{f"tcg,tb-size={size}": 1.0 for size in range(1, 12)}}
    stores = [
        study_store(tmp_path / f"{n}.sqlite", names, blocks=6, created=BEGUN + n, seed=n) for n in range(2)
    ]
    assert chart_of_course(trend(stores)).says.count("tb-size=") == MOST_LINES - 1


def test_without_a_series_nothing_is_drawn(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="there is no series to draw"):
        trend([study_store(tmp_path / "a.sqlite")]).plot()
