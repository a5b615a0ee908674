"""Whether charts and tables fit their page: shown at their size, every name whole, nothing beside the page."""

from __future__ import annotations

#: The charts that show, as the part of their size at which they are drawn; of each figure there must be one.
CHARTS = """root => [...root.querySelectorAll("figure")].filter(e => e.checkVisibility()).map(figure => {
  const shown = [...figure.querySelectorAll("svg")].filter(e => e.checkVisibility());
  return shown.length === 1 ? shown[0].getBoundingClientRect().width / Number(shown[0].getAttribute("width")) : -shown.length;
})"""

#: The texts of charts that reach beyond their drawing.
CUT = """root => [...root.querySelectorAll("figure svg")].filter(e => e.checkVisibility()).flatMap(svg => {
  const { left, right } = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].filter(text => {
    const box = text.getBoundingClientRect();
    return box.width && (box.left < left - 1 || box.right > right + 1);
  }).map(text => text.textContent);
})"""

#: The names of configurations that are broken into two lines, where a line has room for them.
BROKEN = """root => [...root.querySelectorAll("td code, th code, p code, li code")].filter(e => e.checkVisibility())
  .filter(e => e.getClientRects().length > 1).map(e => e.textContent)"""


#: Whether the focus is on a table that scrolls.
ON_TABLE = "() => document.activeElement.matches('table') && document.activeElement.scrollWidth > document.activeElement.clientWidth"


def tab_reaches_a_table(page, most=40):
    """Whether Tab, pressed from where the focus is, comes to a table that scrolls, which the arrows then scroll."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(ON_TABLE):
            page.keyboard.press("ArrowRight")
            page.wait_for_function("() => document.activeElement.scrollLeft > 0")
            return True
    return False


def misfits(element, least=0.9):
    """What does not fit in ``element``, a line each: charts drawn at less than ``least`` of their size, cut or broken text."""
    charts = element.evaluate(CHARTS)
    assert charts, "there is no chart to look at"
    found = [f"a chart at {size:.2f} of its size" for size in charts if not least <= size <= 1.001]
    found += [f"cut: {text}" for text in element.evaluate(CUT)]
    found += [f"broken: {text}" for text in element.evaluate(BROKEN)]
    if element.evaluate("e => e.scrollWidth > e.clientWidth + 1"):
        found.append("wider than the page")
    return found
