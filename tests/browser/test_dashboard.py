"""The dashboard in a real browser: a small real study is started, stopped, resumed, and seen from elsewhere."""

from __future__ import annotations

import re
import shutil

import pytest
from browser.conftest import ARTEFACTS, IDLE, write_notebook

from accelkit.study.stored import read_store

pytest.importorskip("altair")
pytest.importorskip("vl_convert")

BLOCKS = 15
STUDY = f"""
from accelkit import *
from accelkit.study.commissioning import commission
from accelkit.widgets import dashboard
asked = commission(
    tcg() | thread(each(single, multi)) | tb_size(each(1, 64)), ["cpu"], store="tcg.sqlite",
    blocks={BLOCKS}, run_seconds=0.2, race=False,
)
panel = dashboard(asked, every=0.5)
panel"""
WATCH = """
from accelkit.widgets import dashboard
dashboard("tcg.sqlite", every=0.5)"""
TRIALS = 4 * BLOCKS
LONG = 90_000
THEME = "name => jupyterapp.commands.execute('apputils:change-theme', { theme: `JupyterLab ${name}` })"


def needs_qemu(test):
    lacking = shutil.which("qemu-system-x86_64") is None
    return pytest.mark.qemu(pytest.mark.skipif(lacking, reason="needs qemu-system-x86_64")(test))


def far(page):
    return page.locator(".ak-far")


def state(page):
    return page.locator(".ak-state b")


def button(page, name):
    return page.locator(".ak-dashboard").get_by_role("button", name=name, exact=True)


def done(page):
    return int(re.search(r"(\d+)(?: of \d+)? trials", far(page).text_content())[1])


@needs_qemu
def test_a_real_study_is_started_stopped_resumed_and_seen_from_elsewhere(run, lab, page):
    from playwright.sync_api import expect

    store = lab.folder / "tcg.sqlite"
    run(STUDY, "1 + 1", name="study.ipynb")
    expect(state(page)).to_have_text("not started", timeout=LONG)
    button(page, "start").focus()
    for key in ("d", "d", "x"):
        page.keyboard.press(key)
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(state(page)).to_have_text("running", timeout=LONG)
    expect(page.locator(".ak-current")).to_contain_text("now: tcg,")

    # The kernel is free meanwhile, and the chart and the table are drawn as blocks finish.
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(1)
    cell.locator(".cm-content").fill("6 * 7")
    cell.locator(".cm-content").press("Shift+Enter")
    expect(cell.locator(".jp-OutputArea-output")).to_have_text("42")
    expect(state(page)).to_have_text("running")
    expect(page.locator(".ak-chart svg")).to_be_visible(timeout=LONG)
    first = page.locator(".ak-verdicts").inner_text()
    expect(page.locator(".ak-verdicts")).not_to_have_text(first, timeout=LONG)
    page.screenshot(path=ARTEFACTS / "dashboard-running.png")

    button(page, "stop").click()
    expect(state(page)).to_have_text("stopped", timeout=LONG)
    expect(button(page, "stop")).to_be_disabled()
    stopped = done(page)
    assert 0 < stopped < TRIALS
    with read_store(store) as stored:
        assert stored.count() == stopped
    page.wait_for_timeout(1500)
    assert done(page) == stopped

    # The tab is closed while the study runs, and opened again.
    button(page, "resume").click()
    expect(state(page)).to_have_text("running", timeout=LONG)
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_timeout(1000)
    page.goto("about:blank")

    # Another notebook, with a kernel of its own, sees the store grow, and after the end the same.
    write_notebook(lab.folder / "watch.ipynb", [WATCH])
    page.goto(lab.page("watch.ipynb"))
    page.wait_for_function(IDLE, timeout=90_000)
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells') }")
    # On a busy host the study may end before this page is there.
    expect(state(page)).to_have_text(re.compile("running elsewhere|not running"), timeout=LONG)
    expect(page.locator(".ak-chart svg")).to_be_visible(timeout=LONG)
    page.screenshot(path=ARTEFACTS / "dashboard-elsewhere.png")
    expect(state(page)).to_have_text("not running", timeout=LONG)
    expect(far(page)).to_contain_text(f"{TRIALS} trials", timeout=LONG)
    elsewhere = page.locator(".ak-verdicts").inner_text()
    with read_store(store) as stored:
        ids = [record.trial.id for record in stored.records()]
    assert len(ids) == len(set(ids)) == TRIALS

    # The first tab again: its kernel ran on.
    page.goto(lab.page("study.ipynb"))
    page.wait_for_function(IDLE, timeout=90_000)
    expect(state(page)).to_have_text("finished", timeout=LONG)
    expect(far(page)).to_contain_text(f"{TRIALS} of {TRIALS} trials")
    assert page.locator(".ak-verdicts").inner_text() == elsewhere
    for theme in ("Light", "Dark"):
        page.evaluate(THEME, theme)
        for width in (600, 1400):
            page.set_viewport_size({"width": width, "height": 1800})
            page.wait_for_timeout(1200)
            panel = page.locator(".ak-dashboard").first
            panel.screenshot(path=ARTEFACTS / f"dashboard-{theme.lower()}-{width}.png")
            assert panel.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), f"wider than {width} px"


FLAKY = """#!/bin/sh
case "$*" in *tb-size=1*) exec qemu-system-x86_64 "$@" -device no-such-device ;; esac
exec qemu-system-x86_64 "$@"
"""
FAILING = """
from accelkit import *
from accelkit.study import commission
from accelkit.widgets import dashboard
asked = commission(tcg() | tb_size(each(32, 1)), qemu="./flaky", store="flaky.sqlite", blocks=300, run_seconds=0.1)
panel = dashboard(asked, every=0.2)
panel"""


@needs_qemu
def test_failures_are_logged_while_the_study_runs_in_qemus_own_words(run, lab):
    from playwright.sync_api import expect

    flaky = lab.folder / "flaky"
    flaky.write_text(FLAKY)
    flaky.chmod(0o755)
    page = run(FAILING, name="failing.ipynb")
    expect(state(page)).to_have_text("not started", timeout=LONG)
    expect(page.locator(".ak-failures")).to_have_count(0)
    button(page, "start").click()
    log = page.locator(".ak-failures")
    said = "tcg,tb-size=1 on cpu: refused, QEMU did not take the options or the machine"
    expect(log.locator("li").first).to_contain_text(said, timeout=LONG)
    own = "qemu-system-x86_64: -device no-such-device: 'no-such-device' is not a valid device model name"
    expect(log.locator("li code").nth(1)).to_have_text(own)
    first = log.locator("h2").inner_text()
    expect(log.locator("h2")).not_to_have_text(first)  # it grows
    expect(state(page)).to_have_text("running")
    button(page, "stop").click()
    expect(state(page)).to_have_text("stopped")
    for theme, width in (("Light", 600), ("Dark", 1400)):
        page.evaluate(THEME, theme)
        page.set_viewport_size({"width": width, "height": 1800})
        page.wait_for_timeout(1000)
        panel = page.locator(".ak-dashboard")
        panel.screenshot(path=ARTEFACTS / f"dashboard-failures-{theme.lower()}-{width}.png")
        assert panel.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), f"wider than {width} px"
    with read_store(lab.folder / "flaky.sqlite") as stored:
        failed = [record for record in stored.records() if not record.ok]
    assert f"{len(failed)} failed" in far(page).inner_text()
    assert {record.why for record in failed} == {own}
