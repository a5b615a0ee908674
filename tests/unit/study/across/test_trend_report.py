"""The report of a trend as text, Markdown and HTML, against golden files; and what it says of few stores."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.golden import compare_with_golden
from support.stores import study_store
from support.two_stores import known_trend

from accelkit.study.across import trend_report
from accelkit.study.across.trend import trend


def test_the_report_is_that_of_the_golden_files(tmp_path: Path) -> None:
    found = known_trend(tmp_path)
    compare_with_golden("trend.txt", trend_report.text(found) + "\n")
    compare_with_golden("trend.md", trend_report.markdown(found))
    page = trend_report.html(found)
    compare_with_golden(
        "trend.html", re.sub(r"<figure.*?</figure>", "<figure></figure>", page, flags=re.DOTALL)
    )
    assert page.index("14 stores, from") < page.index("<svg") < page.index("<table")
    assert "<script" not in page


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "One store shows no trend: give more, or look at it with accelkit report."),
        (
            2,
            "2 stores cannot show a change of level: 10 are the fewest for 2 series, as nobody knows how much sessions differ.",
        ),
        (
            3,
            "Until then compare two of them with accelkit compare, or ask for fewer series with --guest and --configuration.",
        ),
    ],
)
def test_of_few_stores_it_says_what_to_do(tmp_path: Path, count: int, words: str) -> None:
    assert words in trend_report.text(known_trend(tmp_path, count))


def test_stores_that_have_nothing_in_common_are_told(tmp_path: Path) -> None:
    stores = [study_store(tmp_path / f"{guest}.sqlite", guests=(guest,)) for guest in ("cpu", "smp")]
    text = str(trend(stores))
    assert "No two stores have a value of one configuration with one guest that can be compared." in text
    assert "'tcg' on 'cpu': only one store has a value in cpu" in text
