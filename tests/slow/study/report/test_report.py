"""Reports with their charts: the golden page, and that it loads nothing."""

from __future__ import annotations

import math
import re
import socket
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest
from support.golden import compare_with_golden
from support.known_result import FAILING, known_result

from accelkit.errors import StudyError
from accelkit.study.model import Cell
from accelkit.study.report import report
from accelkit.study.report.phrases import percent
from accelkit.study.result import Result


@cache
def golden_result() -> Result:
    return known_result(failing=[FAILING])


@cache
def golden_page() -> str:
    return golden_result().html()


def without_drawings(page: str) -> str:
    """Charts are compared elsewhere: their text is as wide as the fonts of the machine."""
    page = re.sub(r"<svg.*?</svg>", "<svg/>", page, flags=re.DOTALL)
    page = re.sub(r"@container \(max-width:\d+px\)", "@container (max-width:…)", page)
    return re.sub(r"chart-[0-9a-f]{8}", "chart-…", page)


def test_html_is_that_of_the_golden_file() -> None:
    compare_with_golden("report.html", without_drawings(golden_page()))


def first_lines(result: Result) -> str:
    return str(result).split("\n\nTime beside the baseline")[0]


def test_a_report_without_records_or_comparisons() -> None:
    result = replace(known_result(["tcg"], ["smp"], blocks=1), records=())
    assert str(result) == "Nothing has been measured yet."
    assert "Nothing has been measured yet." in result.html()
    alone = known_result(["tcg"], ["smp"], blocks=3)
    assert first_lines(alone).startswith("Nothing was compared for smp on QEMU 7.2.22: only tcg ran.")


@pytest.mark.parametrize("delta", [0.005, 0.7, 0.99])
def test_delta_is_in_words_and_charts(delta: float) -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["cpu"]).judged(delta=delta)
    assert f"for cpu: nothing tried is more than {percent(delta)} faster" in str(result)
    assert f"no difference of more than {percent(delta)}" in result.html()


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_a_value_that_is_not_a_number_above_0_is_a_failure_everywhere(value: float) -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["cpu"], blocks=8)
    records = tuple(
        replace(record, value=value) if "multi" in record.trial.configuration else record
        for record in result.records
    )
    result = replace(result, records=records)
    assert len(result.failures) == 8
    summary = result.summaries[Cell("7.2.22", "cpu", "tcg,thread=multi")]
    assert (summary.done, summary.failed, summary.best) == (0, 8, None)
    assert "tcg,thread=multi on cpu: no-value, 8 of 8 trials" in str(result)
    assert "× failed, 8 of 8" in str(result)
    assert "8 of 16 trials failed (no-value 8)" in str(result)
    assert {row["value"] for row in result.rows() if row["configuration"] == "tcg,thread=multi"} == {None}
    assert "8 failed" in result.plot_trials().says
    assert "<svg" in result.html()


def test_every_form_has_host_versions_and_commands() -> None:
    result = golden_result()
    for text in (result.markdown(), golden_page()):
        for fact in ("box (1a2b3c4d)", "Linux 6.1.0", "Example CPU", "performance", "7.2.22 (Debian)", "seed 0",
                     "smp 1000", "qemu-7.2.22 -accel tcg,tb-size=8,thread=multi", "--blocks 20 --store again.sqlite"):  # fmt: skip
            assert fact in text.replace("\\_", "_"), fact


class Page(HTMLParser):
    """What a page asks for from elsewhere, and whether its elements close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.add(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "xlink:href", "srcset", "action") or name.startswith("on"):
                self.loads.append(f"{name}={value}")

    def handle_startendtag(self, tag, attrs) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag


def test_the_page_is_complete_and_loads_nothing(monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    text = known_result(failing=[FAILING]).html()
    page = Page()
    page.feed(text)
    assert page.open == []
    assert page.loads == []
    assert not page.tags & {"script", "link", "img", "iframe", "object", "form"}
    assert (
        text.count("<svg") == 2 * 6
    )  # intervals, along tb-size, along thread, effects, both, all trials; each wide and narrow
    assert "prefers-color-scheme: dark" in text
    assert "url(" not in text
    assert text == golden_page()


def test_names_and_output_are_escaped() -> None:
    result = known_result(
        ["tcg", "tcg,x=<script>"], ["<img src=x>"], failing=[("<img src=x>", "tcg,x=<script>")]
    )
    for text in (result.html(), report.fragment(result)):
        page = Page()
        page.feed(text)
        assert not page.tags & {"script", "img"}
    assert "<img" not in result.markdown().replace("\\<img", "").replace("`<img", "")


def test_control_characters_are_shown() -> None:
    result = known_result(["tcg", "tcg,x=1"], ["smp"], blocks=3, failing=[("smp", "tcg,x=1")])
    words = "\x1b[2J\x9b1m\u202ered\a\r"
    records = tuple(
        replace(record, why=words, stderr=f"{words}\n\ttab\n") if not record.ok else record
        for record in result.records
    )
    result = replace(result, records=records)
    for text in (str(result), result.markdown(), result.html(), report.fragment(result)):
        assert not set("\x1b\x9b\u202e\a\r") & set(text)
        assert r"\x1b" in text
        assert "\ttab" in text


def test_the_ending_of_a_file_decides_the_format(tmp_path) -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["smp"], blocks=2)
    result.save(tmp_path / "a.md")
    result.save(tmp_path / "a.HTML")
    assert (tmp_path / "a.md").read_text("utf-8") == result.markdown()
    assert (tmp_path / "a.HTML").read_text("utf-8") == result.html()
    with pytest.raises(StudyError, match=r"a report is written as \.html or \.md"):
        result.save(tmp_path / "a.pdf")
