"""The two rooms of a chart."""

from __future__ import annotations

import altair as alt
from hypothesis import given
from hypothesis import strategies as st

from accelkit.study.report.canvas import NARROW, WIDE, band, chart_of, data, line_at_one, stacked, wrapped


@given(st.lists(st.text("abc-,=", min_size=1, max_size=40), min_size=1), st.integers(1, 60))
def test_lines_break_no_word_and_lose_none(words, most) -> None:
    lines = wrapped(" ".join(words), most)
    assert " ".join(lines).split() == words
    assert all(len(line) <= most or " " not in line for line in lines)


def test_a_chart_is_drawn_for_the_wide_room_at_once_and_for_the_narrow_one_where_it_is_asked_for() -> None:
    seen = []

    def draw(canvas):
        seen.append(canvas)
        return alt.Chart(data([{"a": 1}])).mark_point()

    chart = chart_of(draw, "a point")
    assert (seen, chart.says) == ([WIDE], "a point")
    chart.narrow()
    assert seen == [WIDE, NARROW]


def test_a_long_subtitle_has_several_lines_in_the_narrow_room_alone() -> None:
    text = "95% intervals, all at once; grey band: no difference of more than 1%; ▼ left of 1 is faster"
    for canvas, lines in ((WIDE, 1), (NARROW, 2)):
        title = stacked(canvas, [alt.Chart(data([{"a": 1}])).mark_point()], "A title", [text]).to_dict()[
            "title"
        ]
        assert title["text"] == ["A title"]
        assert len(title["subtitle"]) == lines
        assert " ".join(title["subtitle"]) == text


def test_the_band_lies_around_the_line_at_one() -> None:
    scale, axis = alt.Scale(), alt.Axis()
    (rows,) = band(0.25, "y", scale, axis).to_dict()["data"]["values"]
    assert rows == {"from": 0.8, "to": 1.25}
    assert line_at_one("x", scale, axis).to_dict()["data"]["values"] == [{"at": 1}]
