"""How the explorer looks: two columns or one, both themes, contrast; and the picture of it for the README."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from browser.accessibility import poor_contrasts, violations
from browser.conftest import ARTEFACTS

from accelkit.recipes.purposes import PURPOSES

#: A value with a fix, an alternative, a sweep, what depends on the host, and a property that this QEMU lacks.
MUCH = (
    "from accelkit import *\nfrom accelkit.widgets import compare, explore\n"
    "panel = explore(first_of(kvm() | kernel_irqchip(split) | shadow_mem(each('1MiB', '64MiB')) | rapl(on)"
    " | notify_vmexit(run), tcg() | tb_size(64)), bundled('7.2'))\npanel"
)
#: The value of the picture in the README.
PICTURED = "tcg() | tb_size(each(32, 256)) | thread(multi)"
PICTURE = Path(__file__).parents[2] / "notebooks" / "explore.png"


def in_theme(page, theme):
    page.evaluate(
        "name => jupyterapp.commands.execute('apputils:change-theme', { theme: `JupyterLab ${name}` })", theme
    )


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_screenshots_and_contrasts_in_both_themes_and_widths(run, theme):
    from playwright.sync_api import expect

    page = run(MUCH, "compare(kvm() | honor_guest_pat(on), tcg() | one_insn_per_tb(on), tcg() | tb_size(64))")
    in_theme(page, theme)
    expect(page.locator(".ak-time")).to_be_visible(timeout=30_000)
    several = page.locator(".ak-row-kvm-shadow-mem input[type=text]").first
    several.fill("64MB")
    several.press("Enter")
    expect(page.locator(".ak-row-kvm-shadow-mem")).to_contain_text("write '64MiB'")
    panel = page.locator(".ak-explorer")
    for width in (600, 1400):
        page.set_viewport_size({"width": width, "height": 2600})
        page.wait_for_timeout(1200)
        name = f"{theme.lower()}-{width}.png"
        panel.evaluate("e => e.scrollIntoView()")
        page.screenshot(path=ARTEFACTS / f"explore-{name}")
        page.locator(".jp-OutputArea-output:has(table)").screenshot(path=ARTEFACTS / f"compare-{name}")
        assert panel.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), f"wider than the page at {width} px"
        assert violations(page, ".ak-explorer") == []
        assert poor_contrasts(page, ".ak-explorer") == []
    page.locator(".ak-more").evaluate("e => e.click()")  # also what is folded below 900 px
    page.set_viewport_size({"width": 600, "height": 2600})
    expect(page.locator(".ak-tabs")).to_be_visible()
    page.screenshot(path=ARTEFACTS / f"explore-unfolded-{theme.lower()}-600.png")
    assert violations(page, ".ak-explorer") == []
    page.add_style_tag(
        content=".ak-facts, .noUi-target { color: #8a8a8a !important; background: #777 !important }"
    )
    assert violations(page, ".ak-explorer"), "what is too faint would be seen"


#: The mark and words of three kinds of problems, and the bars at their rows: style and colour.
TOLD_APART = """() => ["refused", "host", "absent"].map(kind => {
  const bar = getComputedStyle(document.querySelector(`.ak-row.ak-${kind}`));
  return [document.querySelector(`.ak-result .ak-problem.ak-${kind} b`).textContent,
    `${bar.borderLeftStyle} ${bar.borderLeftColor}`];
})"""


def test_refused_host_dependent_and_absent_are_told_apart_by_words_and_by_colour(run):
    page = run(
        "from accelkit import *\nfrom accelkit.widgets import explore\n"
        "explore(kvm() | option('dirty-ring-size', '1000') | rapl(on) | honor_guest_pat(on), bundled('10.0'))"
    )
    page.locator(".ak-row.ak-host").wait_for(timeout=30_000)
    words, bars = zip(*page.evaluate(TOLD_APART), strict=True)
    assert words == ("✗ refused", "▲ depends on the host", "⊘ not in this QEMU")
    assert len(set(bars)) == 3
    assert page.locator(".ak-verdict").text_content() == "✗ refused by QEMU 10.0.13 (x86_64)"


@pytest.mark.parametrize("width", [600, 1400])
def test_the_code_stays_in_view_however_far_the_controls_are_scrolled(run, width):
    from playwright.sync_api import expect

    every = (
        "kvm() | device('/dev/kvm') | notify_window(5) | notify_vmexit(run) | shadow_mem('1MiB') | rapl(on)"
    )
    page = run(
        f"from accelkit import *\nfrom accelkit.widgets import explore\nexplore({every} | xen_version(0x40011))",
        *["1"] * 20,
    )
    page.set_viewport_size({"width": width, "height": 700})
    row = page.locator(".ak-row-xen-version")
    row.wait_for(timeout=30_000)
    page.wait_for_timeout(1000)
    row.evaluate("e => e.scrollIntoView({ block: 'center' })")
    row.locator("input[type=text]").fill("0x4000a")
    expect(page.locator(".ak-python code")).to_contain_text("xen_version(0x4000a)")
    view = page.locator(".jp-WindowedPanel-outer").bounding_box()
    code = page.locator(".ak-output").bounding_box()
    field = row.bounding_box()
    assert view["y"] <= code["y"] < code["y"] + code["height"] <= view["y"] + view["height"]
    if width == 600:
        assert code["y"] + code["height"] <= field["y"], "the code does not cover the row"
        assert code["height"] <= 48, "one line"
        expect(page.locator(".ak-tabs")).to_be_hidden()
    else:
        assert code["x"] >= field["x"] + field["width"], "beside it"
        expect(page.locator(".ak-tabs")).to_be_visible()
        expect(page.locator(".ak-more")).to_be_hidden()


def test_two_columns_follow_the_width_of_the_widget_not_of_the_window(run):
    """Side bars, and cells beside each other, take room from it."""
    from playwright.sync_api import expect

    page = run(
        "from accelkit import *\nfrom accelkit.widgets import explore\nimport ipywidgets as w\n"
        "w.HBox([w.VBox([explore(tcg())], layout=w.Layout(width='700px'))])"
    )
    page.set_viewport_size({"width": 1400, "height": 900})
    expect(page.locator(".ak-more")).to_be_visible(timeout=30_000)
    expect(page.locator(".ak-tabs")).to_be_hidden()


def test_folded_rows_are_grouped_by_purpose_and_open_with_their_facts(run):
    from playwright.sync_api import expect

    page = run("from accelkit import *\nfrom accelkit.widgets import explore\nexplore(kvm(), bundled('8.2'))")
    page.set_viewport_size({"width": 1400, "height": 900})
    row = page.locator(".ak-row-notify-vmexit")
    expect(row).to_contain_text("What to do when a guest keeps a CPU", timeout=30_000)
    titles = [title.lower() for title in page.locator(".ak-purpose b").all_text_contents()]
    assert titles == [purpose.lower() for purpose in PURPOSES if purpose.lower() in titles]
    assert len(titles) >= 5
    button = row.locator(":scope > button").first
    expect(button).to_have_attribute("aria-expanded", "false")
    button.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    details = row.locator("details")
    expect(details).to_contain_text("Takes run, internal-error")
    assert not details.evaluate("e => e.open")
    row.locator("summary").click()
    assert details.evaluate("e => e.open")
    summary = page.locator(".ak-lacking-list summary")
    expect(summary).to_contain_text("more in 11.1: ")
    expect(page.locator(".ak-row-rapl")).to_have_count(0)


def test_the_picture_of_the_readme(run):
    """Written to the artefacts; with ACCELKIT_UPDATE_PICTURES=1 to notebooks/explore.png, too."""
    from playwright.sync_api import expect

    page = run(f"from accelkit import *\nfrom accelkit.widgets import explore\n\nexplore({PICTURED})")
    in_theme(page, "Light")
    page.set_viewport_size({"width": 1300, "height": 1200})
    panel = page.locator(".ak-explorer")
    expect(panel.locator(".ak-verdict")).to_contain_text("accepted", timeout=30_000)
    page.wait_for_timeout(1200)
    page.mouse.move(1, 1)
    box, last = (
        part.bounding_box()
        for part in (panel, page.get_by_role("button", name="start the study", exact=True))
    )
    margin = 3
    picture = page.screenshot(
        path=ARTEFACTS / "explore.png",
        clip={
            "x": box["x"] - margin, "y": box["y"] - margin, "width": box["width"] + 2 * margin,
            "height": last["y"] + last["height"] - box["y"] + 2 * margin,
        },
    )  # fmt: skip
    assert len(picture) < 150_000
    if os.environ.get("ACCELKIT_UPDATE_PICTURES"):
        PICTURE.write_bytes(picture)
