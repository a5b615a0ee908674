"""The dashboard in a real browser: a small real study is started, stopped, resumed, and watched from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from browser.accessibility import violations
from browser.conftest import ARTEFACTS, IDLE, write_notebook
from browser.fits import misfits
from browser.servers import voila
from support.tools import module

from accelkit.study.store.reader import read_store

module("altair", "study")
module("vl_convert", "study")

BLOCKS = 15
STUDY = f"""
from accelkit import *
from accelkit.study import prepare
from accelkit.widgets import dashboard
prepared = prepare(
    tcg() | thread(each(single, multi)) | tb_size(each(1, 64)), ["cpu"], store="tcg.sqlite",
    blocks={BLOCKS}, run_seconds=0.2, race=False,
)
panel = dashboard(prepared, every=0.5)
panel"""
WATCH = """
from accelkit.widgets import dashboard
dashboard("tcg.sqlite", every=0.5)"""
TRIALS = 4 * BLOCKS
LONG = 90_000
THEME = "name => jupyterapp.commands.execute('apputils:change-theme', { theme: `JupyterLab ${name}` })"


def needs_qemu(test):
    return pytest.mark.qemu(pytest.mark.usefixtures("qemu")(test))


def numbers(page):
    return page.locator(".ak-numbers")


def state(page):
    return page.locator(".ak-state b")


def button(page, name):
    return page.locator(".ak-dashboard").get_by_role("button", name=name, exact=True)


def done(page):
    return int(re.search(r"(\d+)(?: of \d+)? trials", numbers(page).text_content())[1])


@needs_qemu
def test_a_real_study_is_started_stopped_resumed_and_watched_from_elsewhere(run, lab, page):
    from playwright.sync_api import expect

    store = lab.folder / "tcg.sqlite"
    run(STUDY, "1 + 1", name="study.ipynb")
    expect(state(page)).to_have_text("not started", timeout=LONG)
    place = button(page, "stop").bounding_box()
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
    expect(page.locator(".ak-chart svg:visible")).to_be_visible(timeout=LONG)
    first = page.locator(".ak-verdicts").inner_text()
    expect(page.locator(".ak-verdicts")).not_to_have_text(first, timeout=LONG)
    page.screenshot(path=ARTEFACTS / "dashboard-running.png")
    assert button(page, "stop").bounding_box() == place, "what the user is about to press has moved"

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
    # On a busy host the study may end before this page has loaded.
    expect(state(page)).to_have_text(re.compile("running elsewhere|not running"), timeout=LONG)
    expect(page.locator(".ak-chart svg:visible")).to_be_visible(timeout=LONG)
    page.screenshot(path=ARTEFACTS / "dashboard-elsewhere.png")
    expect(state(page)).to_have_text("not running", timeout=LONG)
    expect(numbers(page)).to_contain_text(f"{TRIALS} trials", timeout=LONG)
    elsewhere = page.locator(".ak-verdicts").inner_text()
    with read_store(store) as stored:
        ids = [record.trial.id for record in stored.records()]
    assert len(ids) == len(set(ids)) == TRIALS

    # The first tab again: its kernel ran on.
    page.goto(lab.page("study.ipynb"))
    page.wait_for_function(IDLE, timeout=90_000)
    expect(state(page)).to_have_text("finished", timeout=LONG)
    expect(numbers(page)).to_contain_text(f"{TRIALS} of {TRIALS} trials")
    assert page.locator(".ak-verdicts").inner_text() == elsewhere
    dashboard = page.locator(".ak-dashboard").first
    for theme in ("Light", "Dark"):
        page.evaluate(THEME, theme)
        for width in (600, 1400):
            page.set_viewport_size({"width": width, "height": 1800})
            page.wait_for_timeout(1200)
            dashboard.screenshot(path=ARTEFACTS / f"dashboard-{theme.lower()}-{width}.png")
            assert misfits(dashboard) == []
            assert violations(page, ".ak-dashboard") == []
            assert in_order(page) == sorted(in_order(page))
    # What cannot be done is not offered, and says why.
    for name, why in (("resume", "its budget is used up"), ("stop", "it does not run here")):
        expect(button(page, name)).to_be_disabled()
        assert button(page, name).get_attribute("title").startswith(why)


def in_order(page):
    """Where the answer, the winner, the chart and the table begin."""
    parts = (".ak-answer", ".ak-winner", ".ak-chart", ".ak-verdicts")
    return [page.locator(part).first.bounding_box()["y"] for part in parts]


DECIDED = """
from support.known_result import known_result
from accelkit.widgets import dashboard
dashboard(known_result(["tcg", "tcg,thread=multi", "tcg,tb-size=64"], ["smp", "cpu"], blocks=20))"""


def test_the_winner_is_copied_in_the_form_that_is_chosen(run, page):
    from playwright.sync_api import expect

    run(DECIDED, name="winner.ipynb")
    box = page.locator(".ak-winners")
    copy = box.locator(".ak-copy")
    expect(copy).to_be_enabled(timeout=LONG)
    for form, text in (
        ("shell words", "-accel tcg,thread=multi"),
        ("JSON", '["-accel", "tcg,thread=multi"]'),
        ("Python", "from accelkit import multi, tcg, thread\n\nrecipe = tcg() | thread(multi)"),
    ):
        box.get_by_label("copy as").select_option(form)
        expect(box.locator("code")).to_have_text(text)
        copy.click()
        expect(copy).to_have_text("copied")
        assert page.evaluate("() => navigator.clipboard.readText()") == text
    box.get_by_label("copy as").select_option("libvirt XML")
    expect(copy).to_be_disabled()
    expect(box).to_contain_text("libvirt has no element for it")
    box.get_by_label("deploy").select_option("tcg (cpu)")
    expect(box.locator("code")).to_have_text("<domain type='qemu'/>")
    expect(copy).to_be_enabled()


FLAKY = """#!/bin/sh
case "$*" in *tb-size=1*) exec qemu-system-x86_64 "$@" -device no-such-device ;; esac
exec qemu-system-x86_64 "$@"
"""
FAILING = """
from accelkit import *
from accelkit.study import prepare
from accelkit.widgets import dashboard
prepared = prepare(tcg() | tb_size(each(32, 1)), qemu="./flaky", store="flaky.sqlite", blocks=300, run_seconds=0.1)
panel = dashboard(prepared, every=0.2)
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
    words = "tcg,tb-size=1 on cpu: refused, QEMU rejected an option or the machine"
    expect(log.locator("li").first).to_contain_text(words, timeout=LONG)
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
    assert f"{len(failed)} failed" in numbers(page).inner_text()
    assert {record.why for record in failed} == {own}


SLOW = """
from accelkit import *
from accelkit.study import prepare
from accelkit.widgets import dashboard
prepared = prepare(tcg() | tb_size(each({sizes})), store={store!r}, blocks={blocks}, run_seconds={seconds}, race=False)
panel = dashboard(prepared, every=0.2)
panel"""


def qemus(size):
    """The processes of QEMU with such a tb-size, which no other test uses."""
    pids = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:  # not a process, or it has ended
            continue
        if b"qemu-system" in words[0] and any(f"tb-size={size}".encode() in word for word in words):
            pids.append(entry.name)
    return pids


def stored_in(store):
    with read_store(store) as stored:
        return {record.trial.id: record for record in stored.records()}


def run_all(page):
    page.wait_for_function(IDLE, timeout=LONG)
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells') }")


@needs_qemu
def test_restarting_the_kernel_during_a_study_leaves_no_qemu_and_loses_no_trial(run, lab):
    from playwright.sync_api import expect

    store = lab.folder / "restart.sqlite"
    page = run(
        SLOW.format(sizes="37, 38", store="restart.sqlite", blocks=6, seconds=0.25), name="restart.ipynb"
    )
    expect(state(page)).to_have_text("not started", timeout=LONG)
    button(page, "start").click()
    expect(numbers(page)).to_contain_text(re.compile("[3-9] of 12 trials"), timeout=LONG)
    while not (running := qemus(37) + qemus(38)):
        page.wait_for_timeout(10)
    page.evaluate("() => jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart()")
    end = time.monotonic() + 10
    while left := set(running) & {*qemus(37), *qemus(38)}:
        assert time.monotonic() < end, f"QEMU {left} outlives its kernel"
        page.wait_for_timeout(50)
    before = stored_in(store)
    assert 3 <= len(before) < 12
    page.wait_for_timeout(1000)
    assert stored_in(store) == before, "no process measures now"
    assert qemus(37) + qemus(38) == []

    run_all(page)
    expect(state(page)).to_have_text("stopped", timeout=LONG)
    expect(numbers(page)).to_contain_text(f"{len(before)} of 12 trials")
    button(page, "resume").click()
    expect(state(page)).to_have_text("finished", timeout=LONG)
    expect(numbers(page)).to_contain_text("12 of 12 trials")
    after = stored_in(store)
    assert len(after) == 12
    assert {name: after[name] for name in before} == before


@needs_qemu
def test_a_page_closed_unsaved_and_opened_again_shows_the_study_that_runs(run, lab):
    from playwright.sync_api import expect

    page = run(
        SLOW.format(sizes="41, 42", store="closed.sqlite", blocks=500, seconds=0.1), name="closed.ipynb"
    )
    expect(state(page)).to_have_text("not started", timeout=LONG)
    button(page, "start").click()
    expect(state(page)).to_have_text("running")
    expect(numbers(page)).to_contain_text("of 1000 trials", timeout=LONG)
    context, before = page.context, done(page)
    page.close()

    again = context.new_page()
    again.goto(lab.page("closed.ipynb"))
    run_all(again)  # the page was not saved, so its output is gone; the kernel is the same
    expect(state(again)).to_have_text("running", timeout=LONG)
    assert done(again) >= before
    button(again, "stop").click()
    expect(state(again)).to_have_text("stopped")
    expect(numbers(again)).to_contain_text(f"{len(stored_in(lab.folder / 'closed.sqlite'))} of 1000 trials")


WRITER = """
import sys
sys.path[:0] = {path!r}
from accelkit.study.store.writer import open_store
from support.fake_study import PLAN, fake
with open_store("fake.sqlite", PLAN) as store:
    for trial in [trial for block in range(3) for trial in PLAN.block(block)]:
        input()
        store.append(fake(trial))
"""
WATCH_FAKE = WATCH.replace("tcg.sqlite", "fake.sqlite")


def test_a_store_that_another_process_writes_is_refreshed_until_it_ends_and_after(run, lab):
    from playwright.sync_api import expect

    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER.format(path=sys.path)], cwd=lab.folder, stdin=subprocess.PIPE, text=True
    )
    with writer:

        def more(trials):
            writer.stdin.write("\n" * trials)
            writer.stdin.flush()

        more(1)
        page = run(WATCH_FAKE, name="fake.ipynb")
        expect(state(page)).to_have_text("running elsewhere", timeout=LONG)
        expect(numbers(page)).to_have_text("block 1, 1 trial")
        expect(page.locator(".ak-unknown")).to_contain_text("a store keeps no budget")
        more(2)
        expect(numbers(page)).to_contain_text("block 1, 3 trials")
        more(1)
        expect(numbers(page)).to_contain_text("block 2, 4 trials")
        expect(page.locator(".ak-chart svg:visible")).to_be_visible()
        more(5)
    expect(state(page)).to_have_text("not running")
    expect(numbers(page)).to_have_text("block 3, 9 trials")
    run(WATCH_FAKE, name="finished.ipynb")
    expect(state(page)).to_have_text("not running", timeout=LONG)
    expect(numbers(page)).to_have_text("block 3, 9 trials")


@needs_qemu
def test_voila_shows_the_dashboard_and_starts_the_study(page, tmp_path):
    from playwright.sync_api import expect

    cell = SLOW.format(sizes="43, 44", store="voila.sqlite", blocks=6, seconds=0.1)
    write_notebook(tmp_path / "app.ipynb", [cell])
    with voila(tmp_path / "app.ipynb") as server:
        page.goto(server.base)
        expect(state(page)).to_have_text("not started", timeout=LONG)
        button(page, "start").click()
        expect(state(page)).to_have_text("finished", timeout=LONG)
        expect(numbers(page)).to_contain_text("12 of 12 trials")
        expect(page.locator(".ak-chart svg:visible")).to_be_visible()
        page.screenshot(path=ARTEFACTS / "dashboard-voila.png")
    assert len(stored_in(tmp_path / "voila.sqlite")) == 12
    assert not [address for address in page.outside if not address.endswith((".min.css", "v4-shims.min.css"))]
