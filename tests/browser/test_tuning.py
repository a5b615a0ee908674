"""A tuning in a real browser: its dashboard while it searches and at its end, and its report as a page."""

from __future__ import annotations

import pytest
from browser.accessibility import violations
from browser.conftest import ARTEFACTS
from browser.fits import misfits, tab_reaches_a_table
from support.tools import module
from support.tuned import tuned

module("altair", "study")
module("vl_convert", "study")

LONG = 90_000
THEME = "name => jupyterapp.commands.execute('apputils:change-theme', { theme: `JupyterLab ${name}` })"
TUNING = """
import time
from support.known_tuning import SPACE, measured
from accelkit.tuning import prepare
from accelkit.widgets import dashboard

def slow(trial):
    time.sleep(0.02)
    return measured(trial)

prepared = prepare(
    SPACE, {"smp": 2, "tb-thrash": 1}, trials=320, store="tune.sqlite", measure=slow, goals={"time": 1, "max_rss": 0.1}
)
panel = dashboard(prepared, every=0.5)
panel"""


def test_a_tuning_is_started_stopped_resumed_and_decided(run, page):
    from playwright.sync_api import expect

    run(TUNING, name="tune.ipynb")
    state = page.locator(".ak-state b")
    dashboard = page.locator(".ak-dashboard")
    expect(state).to_have_text("not started", timeout=LONG)
    dashboard.get_by_role("button", name="start", exact=True).click()
    expect(page.locator(".ak-numbers")).to_contain_text("search of", timeout=LONG)
    expect(page.locator(".ak-incumbent")).to_contain_text("times the baseline's cost", timeout=LONG)
    expect(page.locator(".ak-chart svg:visible")).to_be_visible(timeout=LONG)
    dashboard.get_by_role("button", name="stop", exact=True).click()
    expect(state).to_have_text("stopped", timeout=LONG)
    dashboard.screenshot(path=ARTEFACTS / "tuning-stopped.png")
    dashboard.get_by_role("button", name="resume", exact=True).click()
    expect(state).to_have_text("finished", timeout=LONG)
    expect(page.locator(".ak-answer strong").first).to_contain_text("Use tcg")
    expect(page.locator(".ak-winner code")).to_contain_text("-accel tcg")
    expect(page.locator(".ak-verdicts")).to_contain_text("The front: ")
    for theme in ("Light", "Dark"):
        page.evaluate(THEME, theme)
        for width in (600, 1400):
            page.set_viewport_size({"width": width, "height": 1400})
            page.wait_for_timeout(400)
            assert misfits(dashboard) == [], (theme, width)
            dashboard.screenshot(path=ARTEFACTS / f"tuning-{theme.lower()}-{width}.png")
        assert violations(page, ".ak-dashboard") == [], theme


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The file of the report, with everything unfolded."""
    file = tmp_path_factory.mktemp("report") / "tuning.html"
    file.write_text(tuned("time and memory").html().replace("<details>", "<details open>"), encoding="utf-8")
    return file


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [600, 1400])
def test_the_report_fits_the_page_and_loads_nothing(chromium, report, scheme, width):
    page = chromium.new_context(viewport={"width": width, "height": 2000}, color_scheme=scheme).new_page()
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(report.as_uri())
    page.screenshot(path=ARTEFACTS / f"tuning-report-{scheme}-{width}.png", full_page=True)
    assert misfits(page.locator("html"), least=0.9) == []
    if width == 600:  # colours and names are the same at each width
        assert violations(page, "body") == []
        assert tab_reaches_a_table(page)
    answer, chart, table = (
        page.locator(selector).first.bounding_box()["y"] for selector in ("p", "figure", "table")
    )
    assert answer < chart < table
    assert requests == [report.as_uri()]
    page.context.close()
