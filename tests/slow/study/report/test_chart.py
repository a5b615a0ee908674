"""A chart as SVG and PNG: the same bytes each time, well-formed, drawn without network access."""

from __future__ import annotations

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
        inline = chart.svg(inline=True)
        assert "<style" not in inline  # the page's own colours
        assert 'id="' not in inline  # of several charts in one page none may meet
        assert "#000" not in inline
        assert "black" not in inline


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
