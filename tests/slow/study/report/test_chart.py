"""A chart as SVG and PNG: the same bytes each time, well-formed, drawn without network access."""

from __future__ import annotations

import re
import socket
import sys
from xml.etree import ElementTree as ET

import pytest
from support.known_result import known_result, sweep

from accelkit.errors import StudyError


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def all_charts(result):
    return [result.plot(), result.plot("tb-size"), result.plot("tb-size", "thread"), result.plot_trials()]


@pytest.mark.usefixtures("no_network")
def test_svg_is_the_same_bytes_for_the_same_result() -> None:
    first, second = (
        [chart.svg() for chart in all_charts(known_result(sweep(sizes=[8, 32]), ["tb-thrash"], blocks=12))]
        for _ in range(2)
    )
    assert first == second
    assert len(set(first)) == 4


@pytest.mark.usefixtures("no_network")
def test_svg_is_well_formed_and_loads_nothing() -> None:
    for chart in all_charts(known_result(blocks=12)):
        svg = chart.svg()
        ET.fromstring(svg)
        assert "<script" not in svg
        assert svg.count("http") == svg.count("http://www.w3.org/")
        assert "prefers-color-scheme:dark" in svg
        assert "currentColor" in svg
        inside = chart.html()
        assert "color:" not in inside.split("<svg")[0]  # the page's own colours
        assert 'id="' not in inside  # of several charts in one page none may meet
        assert "#000" not in inside
        assert "black" not in inside


def test_a_page_gets_a_wide_and_a_narrow_drawing_and_shows_the_narrow_one_where_the_wide_would_shrink() -> (
    None
):
    for chart in all_charts(known_result(blocks=12)):
        page = ET.fromstring(chart.html())
        assert page.get("style") == "container-type:inline-size"
        style, wide, narrow = page[0]
        (drawing,), (other,) = wide, narrow
        assert float(other.get("width")) <= 440 < float(drawing.get("width"))
        threshold = int(re.search(r"max-width:(\d+)px", style.text)[1])
        assert 0.85 <= threshold / float(drawing.get("width")) <= 0.95
        assert narrow.get("style") == "display:none"  # where styles are dropped the wide one shows
        assert page[0].get("class") in style.text
        words = [
            " ".join("".join(text.itertext()).split())
            for text in other.iter("{http://www.w3.org/2000/svg}text")
        ]
        assert any(chart.says.startswith(word.split(" ")[0]) for word in words if word)


def test_a_narrow_drawing_has_every_name_and_verdict_whole() -> None:
    chart = known_result(blocks=12).plot()
    page = ET.fromstring(chart.html())
    wide, narrow = (
        ["".join(text.itertext()) for text in part.iter("{http://www.w3.org/2000/svg}text")]
        for part in page[0][1:]
    )
    said = [text for text in wide if "▼" in text or "baseline" in text]
    assert len(said) > 3
    assert set(said) <= {
        *narrow,
        "95% intervals, all at once; grey band: no difference of more than 1%; ▼ left of 1 is faster",
        "Time beside the baseline",
    }


def test_a_single_configuration_is_drawn() -> None:
    assert "baseline" in known_result(["tcg"], ["smp"], blocks=1).plot().svg()


def test_names_are_escaped_in_svg() -> None:
    svg = known_result(["tcg", "tcg,x=<b>&\"'"], ["smp"], blocks=1).plot().svg()
    ET.fromstring(svg)
    assert "<b>" not in svg


def test_a_value_with_quotes_is_a_label_not_code() -> None:
    points = ["tcg", "tcg,x='];alert(1);['", 'tcg,x="\\']
    ET.fromstring(known_result(points, ["smp"], blocks=1).plot("x").svg())


@pytest.mark.usefixtures("no_network")
def test_charts_are_written_as_svg_and_png(tmp_path) -> None:
    chart = known_result(["tcg"], ["smp"], blocks=1).plot()
    chart.save(tmp_path / "a.svg")
    chart.save(tmp_path / "a.PNG")
    assert (tmp_path / "a.svg").read_text("utf-8") == chart.svg()
    assert (tmp_path / "a.PNG").read_bytes().startswith(b"\x89PNG")
    assert chart.png(dark=True) != chart.png()
    with pytest.raises(StudyError, match=r"a chart is written as \.svg or \.png"):
        chart.save(tmp_path / "a.pdf")


def test_a_notebook_gets_svg_and_text() -> None:
    chart = known_result(["tcg"], ["smp"], blocks=1).plot()
    shown = chart._repr_mimebundle_()
    assert shown == {"image/svg+xml": chart._repr_svg_(), "text/plain": repr(chart)}
    assert repr(chart).startswith("Chart('Time beside the baseline. smp: tcg 1.000")


def test_without_vl_convert_the_error_names_what_to_install(monkeypatch) -> None:
    chart = known_result(["tcg"], ["smp"], blocks=1).plot()
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(StudyError, match=r"pip install 'accelkit\[study\]'"):
        chart.svg()
