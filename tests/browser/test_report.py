"""The report as a page: its charts are drawn for the width, in a light and in a dark scheme."""

from __future__ import annotations

import pytest
from browser.accessibility import violations
from browser.conftest import ARTEFACTS
from browser.fits import misfits, tab_reaches_a_table
from support.known_result import FAILING, known_result
from support.tools import module

module("altair", "study")
module("vl_convert", "study")


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The file of a report with all kinds of charts, with everything unfolded."""
    file = tmp_path_factory.mktemp("report") / "report.html"
    result = known_result(blocks=20, failing=[FAILING])
    file.write_text(result.html().replace("<details>", "<details open>"), encoding="utf-8")
    return file


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 600, 1400])
def test_charts_fit_the_page_and_no_name_is_broken(chromium, report, scheme, width):
    page = chromium.new_context(viewport={"width": width, "height": 2000}, color_scheme=scheme).new_page()
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(report.as_uri())
    page.screenshot(path=ARTEFACTS / f"report-{scheme}-{width}.png")
    body = page.locator("html")
    assert misfits(body, least=0.75 if width == 360 else 0.9) == []
    if width == 600:  # colours and names are the same at each width
        assert violations(page, "body") == []
    answer, chart, table = (
        page.locator(selector).first.bounding_box()["y"] for selector in ("p", "figure", "table")
    )
    assert answer < chart < table
    assert width == 1400 or tab_reaches_a_table(page)
    assert requests == [report.as_uri()]
    page.context.close()


def test_a_page_that_drops_styles_shows_the_wide_drawing(chromium, report):
    page = chromium.new_page()
    page.goto(report.as_uri())
    page.evaluate("() => document.querySelectorAll('style').forEach(e => e.remove())")
    page.set_viewport_size({"width": 360, "height": 900})
    wide, narrow = page.locator("figure").first.locator("svg").all()
    assert wide.is_visible()
    assert not narrow.is_visible()
    page.close()
