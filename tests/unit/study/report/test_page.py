"""A page loads nothing, runs nothing, and escapes its title."""

from __future__ import annotations

from accelkit.document import Heading
from accelkit.study.report.page import STYLE, page


def test_a_page_loads_and_runs_nothing() -> None:
    html = page("<b> & c", [Heading("a < b", 1)])
    assert "<title>&lt;b&gt; &amp; c</title>" in html
    assert "<h1>a &lt; b</h1>" in html
    assert "default-src 'none'" in html
    assert STYLE in html
    assert "http" not in html.replace("http-equiv", "")
