"""The explorer in a real browser: clicks and keys give the argv that render writes."""

from __future__ import annotations

import json
import re

import pytest
from browser.accessibility import poor_contrasts, violations
from browser.conftest import ARTEFACTS, write_notebook
from browser.servers import voila

from accelkit import (
    ACCELERATORS,
    PROPERTIES,
    doubling,
    each,
    kernel_irqchip,
    kvm,
    notify_vmexit,
    notify_window,
    option,
    rapl,
    render,
    shell,
    tb_size,
    tcg,
    thread,
    written,
    xen_gnttab_max_frames,
)
from accelkit.libvirt import to_libvirt
from accelkit.recipes.domains import Int, OnOff, Size, Text, Words
from accelkit.recipes.recipe import Recipe

EXPLORE = "from accelkit import *\nfrom accelkit.widgets import explore\npanel = explore()\npanel"


def form(page):
    return page.locator(".accelkit").first


def code_of(page):
    return page.locator(".ak-output code")


def choose_form(page, name):
    """Show the code in one of its forms."""
    page.locator(".ak-tabs").get_by_role("button", name=name, exact=True).click()


def shows(page, recipe):
    """The code is the recipe's as JSON, which must be the form that is shown."""
    from playwright.sync_api import expect

    expect(code_of(page)).to_have_text(json.dumps(render(recipe)), timeout=15_000)


def shows_python(page, value):
    from playwright.sync_api import expect

    expect(page.locator(".ak-python code")).to_have_text(written(value, "python"), timeout=15_000)


def opened(page, key):
    """The row of a property, open."""
    row = page.locator(f".ak-row-{key}")
    if "ak-opened" not in row.get_attribute("class").split():
        row.locator(":scope > button").first.click()
        row.locator(".ak-editor").wait_for()
    return row


def set_by_hand(row, prop):
    """Set the control of ``prop`` once, each kind in its own way; the value that it then has."""
    match prop.domain:
        case OnOff():
            row.get_by_role("button", name="on", exact=True).click()
            return True
        case Words(words):
            row.locator("select").focus()
            row.locator("select").press("End")
            return words[-1]
        case Size(scale=scale):
            row.locator("input[type=text]").first.fill("1GiB")
            return (1 << 30) // scale
        case Int(power_of_two=True):
            row.locator(".noUi-handle").focus()
            for _ in range(11):
                row.locator(".noUi-handle").press("ArrowRight")
            return 1024
        case Int():
            row.locator("input[type=text]").first.fill("7")
            return 7
        case Text():
            row.locator("input[type=text]").first.fill("/run/a, b")
            return "/run/a, b"
        case _:
            raise AssertionError(prop.domain)


def test_every_control_of_every_accelerator_writes_what_render_writes(run):
    from playwright.sync_api import expect

    page = run(EXPLORE)
    page.set_viewport_size({"width": 1400, "height": 900})
    shows_python(page, kvm())
    choose_form(page, "JSON")
    shows(page, kvm())
    form(page).get_by_label("QEMU", exact=True).select_option("any QEMU: nothing is checked")
    count = 0
    for accelerator in ACCELERATORS.values():
        form(page).get_by_label("accelerator").select_option(accelerator.name)
        recipe: Recipe = accelerator()
        # Options that both accelerators have stay.
        expect(code_of(page)).to_have_text(re.compile(rf'^\["-accel", "{accelerator.name}[,"]'))
        assert bottom_of_code(page) <= 900, accelerator
        for prop in PROPERTIES.values():
            if accelerator.name in prop.accels:
                recipe = recipe | prop(set_by_hand(opened(page, prop.key), prop))
                shows(page, recipe)
                assert_in_view(page, code_of(page))
                count += 1
        shows(page, recipe)
    assert count == sum(len(prop.accels) for prop in PROPERTIES.values())


def bottom_of_code(page):
    """Where the code ends, in px below the top of the explorer."""
    return page.evaluate("""() => document.querySelector(".ak-output").getBoundingClientRect().bottom
      - document.querySelector(".ak-explorer").getBoundingClientRect().top""")


def assert_in_view(page, locator):
    """Nothing has to be scrolled to see all of it."""
    box = locator.bounding_box()
    view = page.locator(".jp-WindowedPanel-outer").bounding_box()
    assert view["y"] <= box["y"], (box, view)
    assert box["y"] + box["height"] <= view["y"] + view["height"], (box, view)


def test_paste_sweep_copy_bad_values_and_keys(run):
    from playwright.sync_api import expect

    own = "from accelkit.widgets import control\nfrom ipywidgets import interact\n"
    own += "interact(lambda mode: mode, mode=control(notify_vmexit));"
    page = run(EXPLORE, own, "x = 1")
    page.set_viewport_size({"width": 1400, "height": 900})
    shows_python(page, kvm())
    paste = form(page).get_by_label("paste")
    paste.fill("qemu-system-x86_64 -M q35 -accel kvm,kvm-shadow-mem=64M -m 1G")
    paste.press("Enter")
    expect(form(page).get_by_label("other options")).to_have_value("")
    expect(page.locator(".ak-row-kvm-shadow-mem")).to_contain_text("64M")
    expect(paste).to_have_value("")  # the explorer empties the field after reading it: do not type before
    paste.fill("-accel tcg,tb-size=64,thread=single,x-new=1")
    paste.press("Enter")
    expect(form(page).get_by_label("tb_size", exact=True)).to_have_value("64MiB")
    expect(form(page).get_by_label("thread", exact=True)).to_have_value("single")
    expect(form(page).get_by_label("other options")).to_have_value("x-new=1")
    expect(paste).to_have_value("")
    recipe = tcg() | tb_size(64) | thread("single") | option("x-new", "1")

    # A wrong text changes nothing and says as what it was read.
    paste.fill("-accel kmv")
    paste.press("Enter")
    expect(
        form(page).get_by_text("read as a QEMU command line with -accel kmv; nothing changed")
    ).to_be_visible()
    expect(paste).to_have_value("-accel kmv")
    expect(paste).to_have_attribute("aria-invalid", "true")
    shows_python(page, recipe)

    # A bad value is explained beside its control, which is marked, and the last good recipe stays.
    field = form(page).get_by_label("tb_size", exact=True)
    expect(field).to_have_attribute("aria-invalid", "false")
    field.fill("64MB")
    row = page.locator(".ak-row-tb-size")
    expect(row.get_by_role("status")).to_contain_text("write '64MiB'")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_css("border-top-width", "2px")
    shows_python(page, recipe)

    paste.fill("tcg() | tb_size(64)")
    paste.press("Enter")
    shows_python(page, tcg() | tb_size(64))
    expect(field).to_have_attribute("aria-invalid", "false")
    expect(paste).to_have_value("")
    row.get_by_role("button", name="sweep").click()
    # Wait until the field for several values has replaced the field for one.
    shows_python(page, tcg() | tb_size(each(64)))
    several = row.locator("input[type=text]").first
    chip = row.get_by_role("button", name="64 MiB ×")
    chip.press("Delete")
    expect(chip).to_have_count(0)
    several.fill("32MiB..256MiB")
    several.press("Enter")
    space = tcg() | tb_size(doubling(32, 256))
    shows_python(page, space)
    expect(page.locator(".ak-time")).to_have_text(
        "4 points × 20 blocks × 1 guest: 80 trials, about 44 s; enough to decide 3 comparisons (at least 7 blocks)"
    )

    # What is shown is copied at one click.
    for name, text in (
        ("Python", written(space, "python")),
        ("libvirt", "\n".join(map(to_libvirt, space))),
        ("shell", "\n".join(map(shell, space))),
    ):
        choose_form(page, name)
        output = page.locator(f".ak-{name.lower()}")
        output.locator(".ak-copy").click()
        expect(output.locator(".ak-copy")).to_have_text("copied")
        assert page.evaluate("() => navigator.clipboard.readText()") == text
        assert output.locator("code").text_content() == text

    # No key loses a cell, wherever the focus is.
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    expect(cells).to_have_count(3)
    form(page).get_by_label("accelerator").select_option("kvm")
    expect(page.locator(".ak-row-rapl")).to_be_visible()
    for key in ("notify-vmexit", "rapl", "dirty-ring-size", "notify-window"):
        opened(page, key)
    for control in (
        form(page).get_by_label("notify_vmexit", exact=True),
        page.locator(".ak-row-rapl").get_by_role("button", name="off", exact=True),
        page.locator(".ak-row-rapl").get_by_role("button", name="sweep"),
        page.locator(".ak-row-rapl > button").first,
        page.locator(".ak-row-rapl summary"),
        page.locator(".ak-row-dirty-ring-size .noUi-handle"),
        form(page).get_by_role("button", name="add an alternative"),
        page.locator(".ak-tabs button").first,
        page.locator(".ak-copy"),
        form(page).get_by_label("notify_window", exact=True),
        page.locator(".widget-interact select"),
        form(page).get_by_label("accelerator"),  # last: these keys choose another accelerator
    ):
        control.focus()
        for key in ("d", "d", "ArrowDown", "x", "a", "b"):
            control.press(key)
        expect(cells).to_have_count(3)
        expect(control).to_be_focused()
    form(page).get_by_label("accelerator").select_option("kvm")
    page.locator(".ak-row-rapl").get_by_role("button", name="sweep").click()
    box = page.locator(".ak-row-rapl").get_by_label("on", exact=True)
    box.focus()
    for key in ("d", "d", "x"):
        box.press(key)
    expect(cells).to_have_count(3)
    handle = opened(page, "kvm-shadow-mem").locator(".noUi-handle")
    handle.focus()
    assert handle.get_attribute("aria-label") == "shadow_mem, slider"


def test_undo_redo_reset_and_fix_by_button_and_key(run):
    from playwright.sync_api import expect

    page = run(EXPLORE.replace("explore()", "explore(tcg() | tb_size(64), bundled('7.2'))"), "x = 1")
    page.set_viewport_size({"width": 1400, "height": 900})
    shows_python(page, tcg() | tb_size(64))
    expect(form(page).get_by_role("button", name="undo")).to_be_disabled()
    field = form(page).get_by_label("tb_size", exact=True)
    field.focus()
    field.press("End")
    field.press("Control+a")
    for letter in "128MiB":
        field.press(letter)
    shows_python(page, tcg() | tb_size(128))
    row = opened(page, "thread")
    row.locator("select").select_option("multi")
    shows_python(page, tcg() | tb_size(128) | thread("multi"))

    undo, redo = (form(page).get_by_role("button", name=name, exact=True) for name in ("undo", "redo"))
    expect(undo).to_be_enabled()  # the code comes first
    row.locator("select").press("Alt+z")
    shows_python(page, tcg() | tb_size(128))
    field.press("Alt+z")  # in a text field, too; all that was typed is one step
    shows_python(page, tcg() | tb_size(64))
    expect(field).to_have_value("64MiB")
    expect(redo).to_be_enabled()
    field.press("Alt+Shift+Z")
    shows_python(page, tcg() | tb_size(128))
    field.press("Control+z")  # the field's own undo, not the explorer's
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(2)
    redo.click()
    row.get_by_role("button", name="reset thread").click()
    expect(row).not_to_have_class(re.compile("ak-set"))
    form(page).get_by_role("button", name="reset all").click()
    shows_python(page, tcg())

    paste = form(page).get_by_label("paste")
    paste.fill("kvm,rapl=on")
    paste.press("Enter")
    expect(page.locator(".ak-verdict")).to_have_text("✗ refused by QEMU 7.2.22 (x86_64)")
    page.locator(".ak-fix").get_by_role("button", name="fix: take QEMU 9.1 or newer, or leave it out").click()
    expect(page.locator(".ak-verdict")).to_have_text("✓ accepted by QEMU 7.2.22 (x86_64)")
    shows_python(page, kvm())


def test_a_button_that_has_done_its_work_leaves_the_focus_in_the_form(run):
    """Else the next keys are JupyterLab's, and d d deletes the cell."""
    from playwright.sync_api import expect

    page = run(EXPLORE.replace("explore()", "explore(kvm() | rapl(on), bundled('7.2'))"), "x = 1")
    page.set_viewport_size({"width": 1400, "height": 900})
    shows_python(page, kvm() | rapl("on"))
    focused = page.locator(".ak-explorer :focus")
    buttons = page.locator(".ak-explorer")
    for name, value in (
        ("fix: take QEMU 9.1 or newer, or leave it out", kvm()),  # it vanishes
        ("undo", kvm() | rapl("on")),  # these are disabled
        ("redo", kvm()),
        ("undo", kvm() | rapl("on")),
        ("reset rapl", kvm()),
        ("undo", kvm() | rapl("on")),
        ("reset all", kvm()),
    ):
        button = buttons.get_by_role("button", name=name, exact=True)
        expect(button).to_be_enabled()  # the code comes first
        button.focus()
        button.press("Enter")
        shows_python(page, value)
        expect(focused).to_have_count(1)
        expect(focused).to_be_enabled()
        page.keyboard.press("d")
        page.keyboard.press("d")
        expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(2)


#: Where each row and heading is.
PLACES = """() => Object.fromEntries([...document.querySelectorAll(".ak-properties > *")]
  .map((e, n) => [n, Math.round(e.getBoundingClientRect().top)]))"""


def test_nothing_moves_and_the_focus_stays_while_the_user_types_and_turns(run):
    from playwright.sync_api import expect

    page = run(EXPLORE.replace("explore()", "explore(kvm() | kernel_irqchip(split))"))
    page.set_viewport_size({"width": 1400, "height": 900})
    shows_python(page, kvm() | kernel_irqchip("split"))
    row = opened(page, "notify-window")
    expect(row.locator(":scope > button").first).to_be_focused()  # it has opened the row
    field = form(page).get_by_label("notify_window", exact=True)
    before = page.evaluate(PLACES)
    for text, mark in (("7", "ak-set"), ("7x", "ak-invalid"), ("", "ak-row"), ("70", "ak-set")):
        field.fill(text)
        expect(row).to_have_class(re.compile(mark))
        expect(field).to_be_focused()
        assert page.evaluate(PLACES) == before, text
    select = opened(page, "notify-vmexit").locator("select")
    before = page.evaluate(PLACES)
    for word in ("disable", "run"):
        select.focus()
        select.select_option(word)
        shows_python(page, kvm() | kernel_irqchip("split") | notify_window(70) | notify_vmexit(word))
        expect(select).to_be_focused()
        assert page.evaluate(PLACES) == before, word
    sweep = opened(page, "kvm-shadow-mem").get_by_role("button", name="sweep")
    place = sweep.bounding_box()
    for pressed in ("true", "false"):
        sweep.click()
        expect(sweep).to_have_attribute("aria-pressed", pressed)
        expect(sweep).to_be_focused()
        assert sweep.bounding_box() == place


def test_voila_shows_it_live(page, tmp_path):
    from playwright.sync_api import expect

    write_notebook(tmp_path / "app.ipynb", [EXPLORE])
    page.set_viewport_size({"width": 1100, "height": 600})
    with voila(tmp_path / "app.ipynb", "dark") as server:
        page.goto(server.base)
        page.locator(".ak-row-xen-gnttab-max-frames > button").click(timeout=90_000)
        field = form(page).get_by_label("xen_gnttab_max_frames", exact=True)
        field.fill("7")
        code = page.locator(".ak-python code")
        expect(code).to_have_text(written(kvm() | xen_gnttab_max_frames(7), "python"))
        field.evaluate("e => e.scrollIntoView()")
        box = code.bounding_box()
        assert 0 <= box["y"] <= 600 - box["height"], "the code stays in view"
        page.screenshot(path=ARTEFACTS / "voila-dark.png")
        assert violations(page, ".ak-explorer") == []
        assert poor_contrasts(page, ".ak-explorer") == []
    # Voilà's page requests an icon font from elsewhere; nothing that we show needs it.
    assert {address.rpartition("/")[2] for address in page.outside} <= {"all.min.css", "v4-shims.min.css"}


def test_without_the_script_of_the_guard_the_controls_work_and_the_error_is_hidden(run, page):
    """As in VS Code offline, or any page that has ipywidgets but not anywidget."""
    from playwright.sync_api import expect

    aborted = []
    page.route("**/anywidget/**", lambda route: (aborted.append(route.request.url), route.abort()))
    run(EXPLORE)
    shows_python(page, kvm())
    assert aborted, "the page loads anywidget from another address"
    opened(page, "notify-vmexit").locator("select").select_option("disable")
    shows_python(page, kvm() | notify_vmexit("disable"))
    expect(page.get_by_text("Click to show javascript error")).to_have_count(1)
    expect(page.get_by_text("Click to show javascript error")).to_be_hidden()
    expect(page.locator(".ak-copy").first).to_be_hidden()  # it needs the script
    assert page.locator(".ak-row").first.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"


#: Numbers the elements that Tab should reach, in order; the HTML of each, for messages.
TABBABLE = """root => [...root.querySelectorAll("select,button,input,textarea,summary,[tabindex]")]
  .filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility())
  .map((e, n) => { e.dataset.n = n; return e.outerHTML.slice(0, 200); })"""
FOCUSED = """() => {
  const e = document.activeElement, look = getComputedStyle(e);
  const luminance = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(c => c / 255)
      .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = getComputedStyle(document.querySelector(".jp-Notebook")).backgroundColor;
  const [one, other] = [luminance(look.outlineColor), luminance(ground)].sort();
  return { n: e.dataset.n, html: e.outerHTML.slice(0, 200), style: look.outlineStyle, width: parseFloat(look.outlineWidth),
    contrast: (other + 0.05) / (one + 0.05) };
}"""
EVERYTHING = """from accelkit import *
from accelkit.widgets import explore
explore(first_of(kvm() | rapl(each(on, off)) | shadow_mem(each('1MiB', '64MiB')) | kernel_irqchip(split), tcg()))"""


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_tab_reaches_every_control_and_each_has_a_name_and_a_visible_focus(run, theme):
    from playwright.sync_api import expect

    page = run(EVERYTHING)
    page.evaluate(
        "name => jupyterapp.commands.execute('apputils:change-theme', { theme: `JupyterLab ${name}` })", theme
    )
    expect(page.locator(".ak-time")).to_be_visible(timeout=30_000)
    expect(page.locator(".accelkit.ak-guarded")).to_have_count(1)
    page.wait_for_timeout(1000)
    tabbable = form(page).evaluate(TABBABLE)
    assert len(tabbable) > 40
    names = []
    for number, html in enumerate(tabbable):
        if html.startswith("<summary"):
            continue  # it has its text as its name, and Playwright has no role for it
        snapshot = page.locator(f'.accelkit [data-n="{number}"]').aria_snapshot()
        match = re.match(r"""- '?(\w+) "(.+?)\"""", snapshot)
        assert match, f"{snapshot!r} has no name: {html}"
        names.append(match.groups())
    repeated = {name for role, name in names if names.count((role, name)) > 1}
    assert repeated <= {"copy", "unset", "on", "off"}  # these are in a named group, or have a title

    page.locator('.accelkit [data-n="0"]').focus()
    for number, html in enumerate(tabbable):
        focus = page.evaluate(FOCUSED)
        assert focus["n"] == str(number), f"{focus['html']} has the focus, not {html}"
        assert focus["style"] == "solid", html
        assert focus["width"] >= 2, html
        assert focus["contrast"] >= 3, html  # WCAG 2.2, 1.4.11
        page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["n"] != str(len(tabbable) - 1), "Tab leaves the form after its last control"
