"""The explorer in a real browser: clicks and keys give the argv that render writes."""

from __future__ import annotations

import re

import pytest
from browser.conftest import ARTEFACTS, write_notebook
from browser.servers import voila

from accelkit import ACCELERATORS, PROPERTIES, doubling, kvm, render, tb_size, tcg
from accelkit.libvirt import to_libvirt
from accelkit.recipes.domains import Int, OnOff, Size, Text, Words
from accelkit.recipes.recipe import Recipe

EXPLORE = "from accelkit import *\nfrom accelkit.widgets import explore\npanel = explore()\npanel"


def form(page):
    return page.locator(".accelkit").first


def argv_of(page):
    return page.locator(".ak-argv code")


def shows(page, recipe):
    from playwright.sync_api import expect

    expect(argv_of(page)).to_have_text(repr(render(recipe)), timeout=15_000)


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
    page = run(EXPLORE)
    shows(page, kvm())
    form(page).get_by_label("QEMU", exact=True).select_option("any QEMU: nothing is checked")
    count = 0
    for accelerator in ACCELERATORS.values():
        form(page).get_by_label("accelerator").select_option(accelerator.name)
        recipe: Recipe = accelerator()
        for prop in PROPERTIES.values():
            if accelerator.name in prop.accels:
                recipe = recipe | prop(set_by_hand(page.locator(f".ak-row-{prop.key}"), prop))
                shows(page, recipe)
                count += 1
        shows(page, recipe)
    assert count == sum(len(prop.accels) for prop in PROPERTIES.values())


def test_paste_sweep_copy_bad_values_and_keys(run):
    from playwright.sync_api import expect

    own = "from accelkit.widgets import control\nfrom ipywidgets import interact\n"
    own += "interact(lambda mode: mode, mode=control(notify_vmexit));"
    page = run(EXPLORE, own, "x = 1")
    shows(page, kvm())
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

    # A bad value is explained beside its control, and the last good recipe stays.
    form(page).get_by_label("tb_size", exact=True).fill("64MB")
    row = page.locator(".ak-row-tb-size")
    expect(row.get_by_role("status")).to_contain_text("write '64MiB'")
    expect(page.locator(".ak-python code")).to_have_text(
        "tcg() | tb_size(64) | thread(single) | option('x-new', '1')"
    )

    paste.fill("tcg() | tb_size(64)")
    paste.press("Enter")
    shows(page, tcg() | tb_size(64))
    expect(paste).to_have_value("")
    row.get_by_role("button", name="sweep").click()
    # Wait until the field for several values has replaced the field for one.
    expect(page.locator(".ak-python code")).to_have_text("tcg() | tb_size(each(64))")
    several = row.locator("input[type=text]").first
    chip = row.get_by_role("button", name="64MiB ×")
    chip.press("Delete")
    expect(chip).to_have_count(0)
    several.fill("32MiB..256MiB")
    several.press("Enter")
    expect(page.locator(".ak-python code")).to_have_text(repr(tcg() | tb_size(doubling(32, 256))))
    expect(page.locator(".ak-time")).to_have_text(
        "4 points × 20 blocks × 1 guest: 80 trials, about 44 s; enough to decide 3 comparisons (at least 7 blocks)"
    )

    page.locator(".ak-python .ak-copy").click()
    expect(page.locator(".ak-python .ak-copy")).to_have_text("copied")
    assert page.evaluate("() => navigator.clipboard.readText()") == repr(tcg() | tb_size(doubling(32, 256)))

    xml = page.locator(".ak-libvirt")
    xml.locator(".ak-copy").click()
    expect(xml.locator(".ak-copy")).to_have_text("copied")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == "\n".join(map(to_libvirt, tcg() | tb_size(doubling(32, 256))))
    assert copied == xml.locator("code").text_content()

    # No key loses a cell, wherever the focus is.
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    expect(cells).to_have_count(3)
    form(page).get_by_label("accelerator").select_option("kvm")
    for control in (
        form(page).get_by_label("notify_vmexit", exact=True),
        page.locator(".ak-row-rapl").get_by_role("button", name="off", exact=True),
        page.locator(".ak-row-rapl").get_by_role("button", name="sweep"),
        page.locator(".ak-row-dirty-ring-size .noUi-handle"),
        form(page).get_by_role("button", name="add an alternative"),
        page.locator(".ak-python .ak-copy"),
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
    page.locator(".ak-row-kvm-shadow-mem .noUi-handle").focus()
    assert (
        page.locator(".ak-row-kvm-shadow-mem .noUi-handle").get_attribute("aria-label")
        == "shadow_mem, slider"
    )


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_screenshots_in_both_themes_and_widths(run, theme):
    from playwright.sync_api import expect

    page = run(
        "from accelkit import *\nfrom accelkit.widgets import compare, explore\n"
        "panel = explore(first_of(kvm() | kernel_irqchip(split) | shadow_mem(each('1MiB', '64MiB')) | rapl(on), tcg() | tb_size(64)),"
        " bundled('7.2'))\npanel",
        "compare(kvm() | honor_guest_pat(on), tcg() | one_insn_per_tb(on), tcg() | tb_size(64))",
    )
    page.evaluate(f"() => jupyterapp.commands.execute('apputils:change-theme', {{theme: '{theme}'}})")
    expect(page.locator(".ak-time")).to_be_visible(timeout=30_000)
    page.locator(".ak-row-kvm-shadow-mem input[type=text]").first.fill("64MB")
    expect(page.locator(".ak-row-kvm-shadow-mem")).to_contain_text("write '64MiB'")
    for width in (600, 1400):
        page.set_viewport_size({"width": width, "height": 2600})
        page.wait_for_timeout(1200)
        name = f"explore-{theme.split()[-1].lower()}-{width}.png"
        page.locator(".accelkit").evaluate("e => e.scrollIntoView()")
        page.screenshot(path=ARTEFACTS / name)
        page.locator(".jp-OutputArea-output:has(table)").screenshot(
            path=ARTEFACTS / f"compare-{name.removeprefix('explore-')}"
        )
        panel = page.locator(".accelkit").first
        assert panel.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), f"wider than the page at {width} px"


def test_voila_shows_it_live(page, tmp_path):
    write_notebook(tmp_path / "app.ipynb", [EXPLORE])
    with voila(tmp_path / "app.ipynb", "dark") as server:
        page.goto(server.base)
        page.locator(".ak-row-notify-vmexit select").select_option("disable", timeout=90_000)
        argv = page.locator(".ak-argv code")
        argv.filter(has_text=re.compile("notify-vmexit=disable")).wait_for()
        page.set_viewport_size({"width": 1000, "height": 2000})
        page.screenshot(path=ARTEFACTS / "voila-dark.png")
    # Voilà's page requests an icon font from elsewhere; nothing that we show needs it.
    assert {address.rpartition("/")[2] for address in page.outside} <= {"all.min.css", "v4-shims.min.css"}


def test_without_the_script_of_the_guard_the_controls_work_and_the_error_is_hidden(run, page):
    """As in VS Code offline, or any page that has ipywidgets but not anywidget."""
    from playwright.sync_api import expect

    aborted = []
    page.route("**/anywidget/**", lambda route: (aborted.append(route.request.url), route.abort()))
    run(EXPLORE)
    shows(page, kvm())
    assert aborted, "the page loads anywidget from another address"
    page.locator(".ak-row-notify-vmexit select").select_option("disable")
    expect(argv_of(page)).to_contain_text("notify-vmexit=disable")
    expect(page.get_by_text("Click to show javascript error")).to_have_count(1)
    expect(page.get_by_text("Click to show javascript error")).to_be_hidden()
    expect(page.locator(".ak-copy").first).to_be_hidden()  # it needs the script
    assert page.locator(".ak-row").first.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"


#: Numbers the elements that Tab should reach, in order; the HTML of each, for messages.
TABBABLE = """root => [...root.querySelectorAll("select,button,input,textarea,[tabindex]")]
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
