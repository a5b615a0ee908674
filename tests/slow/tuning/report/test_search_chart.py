"""The chart of a search: the incumbent, the points, and what the confirming study says, in words and as a drawing."""

from __future__ import annotations

from support.tuned import tuned


def rows(chart, mark: str) -> list[dict[str, object]]:
    (panel,) = chart.altair.to_dict()["vconcat"]
    layers = [layer for layer in panel["layer"] if layer["mark"]["type"] == mark]
    return [row for layer in layers for row in layer["data"]["values"]]


def test_the_incumbent_is_a_line_and_each_point_a_dot() -> None:
    chart = tuned().plot()
    line = rows(chart, "line")
    assert [row["trials"] for row in line] == sorted(row["trials"] for row in line)
    assert line[-1]["ratio"] < 0.4
    usable = [point for point in tuned().search.tried if point.name not in tuned().search.unusable]
    assert len([row for row in rows(chart, "point") if "verdict" not in row]) == len(usable)


def test_the_confirming_study_stands_at_the_end() -> None:
    (pick,) = [row for row in rows(tuned().plot(), "point") if "verdict" in row]
    assert pick["trials"] == tuned().search.trials + tuned().search.confirming
    assert pick["low"] < pick["ratio"] < pick["high"]
    assert pick["verdict"] == "faster"
    assert "; confirmed 0.38" in tuned().plot().says


def test_it_is_drawn_for_wide_and_narrow_pages() -> None:
    html = tuned().plot().html()
    assert html.count("<svg") == 2
    assert "cost, ratio to the baseline" in tuned("time and memory").plot().html()


def test_the_page_is_complete_and_loads_nothing() -> None:
    page = tuned().html()
    assert page.startswith("<!DOCTYPE html>")
    assert "<script" not in page
    assert "src=" not in page
    assert page.count("<svg") == 2 * 4  # the search, effects, intervals, trials; each wide and narrow
