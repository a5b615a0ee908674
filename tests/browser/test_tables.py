"""compare, check, diff and explain in JupyterLab: at 600 and 1,400 px, light and dark, nothing is cut and all can be read."""

from __future__ import annotations

import pytest
from browser.conftest import ARTEFACTS

SETUP = """
from accelkit import *
from accelkit.widgets import compare
tuned = kvm() | shadow_mem("64MiB") | kernel_irqchip(split) | notify(run, window=1000)"""
CELLS = {
    "compare": "compare(old=kvm(), new=tuned)",
    "compare-many": "compare(tcg() | tb_size(64), tcg() | tb_size(1024) | one_insn_per_tb(True), tuned, first_of(kvm() | rapl(on), tcg()))",
    "check": 'check("$ sudo qemu-system-x86_64 -M q35 -tb-size 64 -no-kvm -accel kvm,rapl=on,notify-vmexit=no -accel tcg", bundled("10.0"))',
    "check-accepted": 'check(tuned, bundled("10.0"))',
    "diff": 'diff(tuned, "kvm,kvm-shadow-mem=1073741824,kernel-irqchip=split,dirty-ring-size=4096")',
    "diff-schemas": 'diff(bundled("7.2"), bundled("11.1"))',
    "explain": 'explain("thread=multi")',
    "explain-refused": 'explain("tb-size=64MB")',
}
THEME = "name => jupyterapp.commands.execute('apputils:change-theme', { theme: `JupyterLab ${name}` })"
#: What of an output is wider than its place: the whole page, a cell of a table, a word.
CUT = """output => {
    const edge = output.getBoundingClientRect().right + 1;
    const shown = [...output.querySelectorAll('td, th, p, pre, h2, summary, li, span, code')];
    return shown.filter(part => part.getBoundingClientRect().right > edge || part.scrollWidth > part.clientWidth + 1
                                && getComputedStyle(part).display !== 'inline')
                .map(part => part.outerHTML.slice(0, 120));
}"""
#: The least contrast of a text with its ground, by WCAG 2, of all elements that have text of their own.
CONTRAST = """output => {
    const channel = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    const ground = part => {
        for (; part; part = part.parentElement) {
            const colour = numbers(getComputedStyle(part).backgroundColor);
            if (colour.length < 4 || colour[3] === 1) return colour;
        }
        return [255, 255, 255];
    };
    let least = [99, ''];
    for (const part of output.querySelectorAll('*')) {
        if (![...part.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())) continue;
        const [one, other] = [light(numbers(getComputedStyle(part).color)), light(ground(part))];
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        if (ratio < least[0]) least = [ratio, part.outerHTML.slice(0, 200)];
    }
    return least;
}"""


@pytest.fixture
def outputs(run):
    """The outputs of the cells by name, in JupyterLab."""
    from playwright.sync_api import expect

    page = run(SETUP, *CELLS.values(), name="tables.ipynb")
    found = page.locator(".jp-OutputArea-output.jp-RenderedHTML")
    expect(found).to_have_count(len(CELLS), timeout=90_000)
    return page, {name: found.nth(number) for number, name in enumerate(CELLS)}


@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize("width", [600, 1400])
def test_nothing_is_cut_and_every_text_can_be_read(outputs, width, theme):
    page, shown = outputs
    page.evaluate(THEME, theme)
    page.set_viewport_size({"width": width, "height": 2200})
    page.evaluate(f"() => jupyterapp.shell.{'collapseLeft' if width < 1000 else 'expandLeft'}()")
    page.wait_for_timeout(500)
    for name, output in shown.items():
        output.scroll_into_view_if_needed()
        output.screenshot(path=ARTEFACTS / f"{name}-{width}-{theme.lower()}.png")
        assert output.evaluate(CUT) == [], name
        ratio, where = output.evaluate(CONTRAST)
        assert ratio >= 4.5, (name, where)
