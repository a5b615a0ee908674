"""The picture of a comparison: what it says in words, and that many changes are drawn as some."""

from __future__ import annotations

from pathlib import Path

from support.stores import study_store
from support.two_stores import known_comparison

from accelkit.study.across.compare import compare_stores
from accelkit.study.across.compare_chart import MOST_DRAWN, chart_of_changes


def test_the_picture_says_each_ratio_and_what_fails(tmp_path: Path) -> None:
    chart = chart_of_changes(known_comparison(tmp_path))
    assert "qemu-11.1.sqlite beside qemu-7.2.sqlite" in chart.says
    assert "tcg,tb-size=8 × fails now" in chart.says
    assert "tcg,thread=single 1.34 [1.33, 1.34] ▲ slower" in chart.says
    assert "<b>" not in chart.svg().replace("&lt;b&gt;", "")


def test_of_many_the_farthest_are_drawn(tmp_path: Path) -> None:
    names = {"tcg": 1.0, **{f"tcg,tb-size={size}": 1.0 for size in range(1, 30)}}
    one = study_store(tmp_path / "a.sqlite", names)
    two = study_store(tmp_path / "b.sqlite", {**names, "tcg,tb-size=29": 3.0}, seed=2)
    says = chart_of_changes(compare_stores(one, two)).says
    assert says.count("tcg,tb-size=") <= MOST_DRAWN
    assert "tcg,tb-size=29 3.0" in says
