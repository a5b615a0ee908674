"""Documents as HTML: escaped, and complete without a style sheet."""

from __future__ import annotations

from typing import get_args
from xml.etree import ElementTree as ET

import pytest
from support.colours import contrast
from support.documents import NASTY

from accelkit.document import (
    Picture,
    Table,
    Tone,
    to_html,
    to_markdown,
)
from accelkit.document.html import TONE_COLOURS


def test_html_is_escaped() -> None:
    page = to_html(NASTY)
    assert "<b>" not in page
    assert "<i>" not in page
    assert "<h1>A &lt;b&gt; *c*</h1>" in page
    assert "<code>`q` | &lt;i&gt;</code>" in page
    assert "<pre>```\nlines &lt;x&gt;</pre>" in page
    assert '<td style="text-align:right">22</td>' in page
    ET.fromstring(f"<div>{page}</div>")


def test_headers_of_columns_and_rows_say_what_they_are_headers_of() -> None:
    root = ET.fromstring(to_html([Table(("option", "A"), (("thread", "multi"),), row_headers=True)]))
    assert [(cell.get("scope"), cell.text) for cell in root.iter("th")] == [
        ("col", "option"), ("col", "A"), ("row", "thread"),
    ]  # fmt: skip
    assert [cell.text for cell in root.iter("td")] == ["multi"]
    plain = ET.fromstring(to_html([Table(("option", "A"), (("thread", "multi"),))]))
    assert [cell.text for cell in plain.iter("td")] == ["thread", "multi"]


def test_strong_rows_are_bold_without_a_style_sheet() -> None:
    root = ET.fromstring(to_html([Table(("a",), (("1",), ("2",)), strong=frozenset({1}))]))
    assert [row.get("style") for row in root.iter("tr")] == [None, None, "font-weight:bold"]


def test_a_picture_is_in_html_with_its_description() -> None:
    page = to_html([Picture("<svg></svg>", 'a "line"')])
    assert page == '<figure role="img" aria-label="a &quot;line&quot;"><svg></svg></figure>'
    assert to_markdown([Picture("<svg></svg>", "a line")]) == "\n"


@pytest.mark.parametrize("tone", get_args(Tone))
def test_the_words_of_a_badge_can_be_read_in_a_light_and_a_dark_page(tone: Tone) -> None:
    assert contrast(TONE_COLOURS[tone], "#ffffff") >= 4.5


@pytest.mark.parametrize("ground", ["#ffffff", "#111111"])
def test_the_line_beside_a_verdict_is_seen_on_every_ground(ground: str) -> None:
    for tone in ("good", "bad", "unknown"):
        assert contrast(TONE_COLOURS[tone], ground) >= 3


def test_a_word_too_long_for_a_narrow_page_is_broken_and_leaves_its_column_some_width() -> None:
    short, long = ET.fromstring(to_html([Table((), (("a b", "kvm," * 10),))])).iter("td")
    assert "overflow-wrap" not in short.attrib["style"]
    assert "overflow-wrap:anywhere;min-width:11em" in long.attrib["style"]
