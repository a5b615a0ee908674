"""From a sweep to a study in a real browser: chips by keys, the code, and a real study below the controls."""

from __future__ import annotations

import re
import shlex

import pytest
from browser.accessibility import poor_contrasts, violations
from browser.conftest import ARTEFACTS
from browser.fits import misfits, tab_reaches_a_table
from support.tools import module

module("altair", "study")
module("vl_convert", "study")

LONG = 180_000
EXPLORE = """
from accelkit import *
from accelkit.widgets import explore
panel = explore(tcg() | tb_size(each(8, 64)), bundled("7.2"))
panel"""
THEME = "name => jupyterapp.commands.execute('apputils:change-theme', { theme: `JupyterLab ${name}` })"


def python(page):
    return page.locator(".ak-python code")


def chips(page, where):
    return [text.removesuffix(" ×") for text in page.locator(f"{where} .ak-chip").all_text_contents()]


def enter(field, text):
    field.fill(text)
    field.press("Enter")


def start_of(page):
    return page.get_by_role("button", name="start the study")


def test_values_of_a_sweep_are_added_removed_and_folded_by_keys_alone(run):
    from playwright.sync_api import expect

    page = run(EXPLORE)
    row = page.locator(".ak-row-tb-size")
    field = row.locator("input[type=text]").first
    expect(row.locator(".ak-chip")).to_have_count(2, timeout=LONG)
    enter(field, "128MiB..512MiB, 100")
    expect(row.locator(".ak-chip")).to_have_count(6)
    assert chips(page, ".ak-row-tb-size") == ["8 MiB", "64 MiB", "128 MiB", "256 MiB", "512 MiB", "100 MiB"]
    expect(field).to_have_value("")
    expect(field).to_be_focused()

    # A bad value stays in the field with its reason; the values stay.
    enter(field, "64MB")
    expect(row.locator(".ak-reason")).to_contain_text("write '64MiB'")
    expect(field).to_have_value("64MB")
    assert page.locator(".ak-bad").count() == 1
    enter(field, "64")
    expect(row.locator(".ak-reason")).to_contain_text("64 MiB: is among the values")
    enter(field, "")
    expect(page.locator(".ak-bad")).to_have_count(0)
    assert len(chips(page, ".ak-row-tb-size")) == 6

    # A chip goes by Delete, Backspace, Enter and a click; the focus stays among the chips, and no cell is lost.
    second = row.locator(".ak-chip").nth(1)
    second.focus()
    for key, left in (("Delete", 5), ("Backspace", 4), ("Enter", 3), ("d", 3), ("d", 3)):
        page.keyboard.press(key)
        expect(row.locator(".ak-chip")).to_have_count(left)
        expect(second).to_be_focused()
    assert chips(page, ".ak-row-tb-size") == ["8 MiB", "512 MiB", "100 MiB"]
    second.click()
    last = row.locator(".ak-chip").nth(1)
    expect(last).to_have_text("100 MiB ×")
    last.press("Delete")
    expect(row.locator(".ak-chip").first).to_be_focused()
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(1)
    expect(python(page)).to_contain_text("tb_size(each(8))")

    # Of many the first are shown.
    enter(field, ",".join(str(number) for number in range(100, 152)))
    rest = row.locator(".ak-rest")
    expect(rest).to_have_text("… and 41 more")
    assert len(chips(page, ".ak-row-tb-size")) == 12
    rest.press("Enter")
    expect(row.locator(".ak-chip")).to_have_count(53)
    expect(rest).to_have_text("show fewer")


def test_the_study_is_copied_as_python_and_for_a_shell(run):
    from playwright.sync_api import expect

    page = run(EXPLORE)
    panel = page.locator(".ak-study")
    expect(panel.locator(".ak-time")).to_contain_text("2 points × 20 blocks × 1 guest", timeout=LONG)
    assert chips(page, ".ak-study") == ["tb-thrash"]
    options = panel.get_by_label("guest").locator("option").all_text_contents()
    shown = options[1].replace("\xa0", " ")
    assert shown == "indirect: calls of functions in random order; shows tb-size"
    panel.get_by_label("guest").select_option(next(text for text in options if text.startswith("smp:")))
    expect(panel.locator(".ak-chip")).to_have_count(2)
    enter(panel.get_by_label("store"), "my study.sqlite")
    enter(panel.get_by_label("blocks"), "12")
    expect(panel.locator(".ak-time")).to_contain_text("2 points × 12 blocks × 2 guests: 48 trials")
    for place, words in (
        (0, "study(tcg() | tb_size(each(8, 64)), ['tb-thrash', 'smp'], blocks=12, store='my study.sqlite')"),
        (1, "accelkit study"),
    ):
        panel.locator(".ak-copy").nth(place).click()
        expect(panel.locator(".ak-copy").nth(place)).to_have_text("copied")
        copied = page.evaluate("() => navigator.clipboard.readText()")
        assert words in copied
        assert copied == panel.locator("code").nth(place).text_content()
    assert shlex.split(copied)[3:] == [
        "--guest", "tb-thrash", "--guest", "smp", "--blocks", "12", "--store", "my study.sqlite",
    ]  # fmt: skip


def test_without_the_script_of_the_guard_the_code_of_the_study_is_there_to_select(run, page):
    from playwright.sync_api import expect

    page.route("**/anywidget/**", lambda route: route.abort())
    run(EXPLORE)
    code = page.locator(".ak-study code").first
    expect(code).to_contain_text(
        "study(tcg() | tb_size(each(8, 64)), ['tb-thrash'], blocks=20)", timeout=LONG
    )
    expect(page.locator(".ak-study .ak-copy").first).to_be_hidden()


@pytest.mark.qemu
@pytest.mark.usefixtures("qemu")
def test_a_study_is_started_once_below_the_controls_and_survives_them(run, lab):
    from playwright.sync_api import expect

    page = run(EXPLORE)
    panel = page.locator(".ak-study")
    expect(start_of(page)).to_be_enabled(timeout=LONG)
    enter(panel.get_by_label("blocks"), "4")
    expect(start_of(page)).to_be_disabled()
    expect(start_of(page)).to_have_attribute("title", re.compile("4 blocks cannot decide 1 comparison"))
    expect(panel).to_contain_text("4 blocks cannot decide 1 comparison, at least 6 are needed")
    page.screenshot(path=ARTEFACTS / "study-refused.png")
    panel.get_by_role("button", name="take 6 blocks").click()
    expect(panel.get_by_label("blocks")).to_have_value("6")
    enter(panel.get_by_label("blocks"), "24")
    enter(panel.get_by_label("seconds a boot"), "0.1")
    enter(panel.get_by_label("store"), "study.sqlite")
    expect(panel.locator("code").first).to_contain_text("store='study.sqlite'")
    assert not (lab.folder / "study.sqlite").exists(), "nothing runs before it is started"
    start_of(page).dblclick()
    expect(start_of(page)).to_be_disabled()
    state = page.locator(".ak-dashboard .ak-state b")
    expect(state).to_have_text("running", timeout=LONG)
    expect(page.locator(".ak-dashboard")).to_have_count(1)
    expect(start_of(page)).to_have_attribute("title", "a study runs below: stop it first")

    # The controls are turned meanwhile, to a sweep of another option and to no sweep at all.
    page.locator(".ak-row-tb-size").get_by_role("button", name="sweep").click()
    expect(panel.locator(".ak-time")).to_have_count(0)
    expect(state).to_have_text("running")
    page.locator(".ak-row-tb-size").get_by_role("button", name="sweep").click()
    expect(panel.locator(".ak-time")).to_have_count(1)
    expect(state).to_have_text("finished", timeout=LONG)
    expect(page.locator(".ak-answer")).to_contain_text("Deploy tcg,tb-size=64 for tb-thrash")
    expect(page.locator(".ak-dashboard .ak-numbers")).to_contain_text("48 of 48 trials")
    explorer = page.locator(".ak-explorer")
    for theme in ("Light", "Dark"):
        page.evaluate(THEME, theme)
        for width in (600, 1400):
            page.set_viewport_size({"width": width, "height": 2800})
            page.wait_for_timeout(1200)
            explorer.screenshot(path=ARTEFACTS / f"study-{theme.lower()}-{width}.png")
            assert misfits(page.locator(".ak-dashboard")) == []
            assert violations(page, ".ak-explorer") == []
            assert poor_contrasts(page, ".ak-explorer") == []
    page.set_viewport_size({"width": 600, "height": 2800})
    page.locator(".ak-winner .ak-copy").focus()
    assert tab_reaches_a_table(page)
    below = page.locator(".ak-dashboard").bounding_box()
    assert below["y"] >= panel.bounding_box()["y"] + panel.bounding_box()["height"]
    assert below["width"] > 0.9 * explorer.bounding_box()["width"]


@pytest.mark.qemu
@pytest.mark.usefixtures("qemu")
def test_what_the_installed_qemu_refuses_is_said_in_words(run):
    from playwright.sync_api import expect

    page = run(
        EXPLORE.replace(
            'tb_size(each(8, 64)), bundled("7.2")', 'one_insn_per_tb(each(on, off)), bundled("11.1")'
        )
    )
    expect(start_of(page)).to_be_enabled(timeout=LONG)
    start_of(page).click()
    problem = page.locator(".ak-study .ak-problem")
    expect(problem).to_contain_text("has no property 'one-insn-per-tb'", timeout=LONG)
    expect(start_of(page)).to_be_enabled()
    expect(page.locator(".ak-dashboard")).to_have_count(0)
