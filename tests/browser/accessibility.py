"""What axe-core and WCAG 2.2 say of an element of a page: names, roles, and the contrast of texts and of controls."""

from __future__ import annotations

from support.tools import module

#: Rules about whole pages, which are JupyterLab's, and about what a test checks with a better measure: whether Tab
#: reaches a table that scrolls, as it does in Chromium and Firefox.
NOT_OURS = (
    "region",
    "page-has-heading-one",
    "landmark-one-main",
    "heading-order",
    "scrollable-region-focusable",
)

#: The parts of controls that must be told from what they lie on, 3:1 (WCAG 2.2, 1.4.11): borders of fields, tracks and
#: handles of sliders, the mark of what is chosen, and the bar at a row that is set or has a problem.
PARTS = """root => {
  const rgb = colour => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const exact = colour => {  // any notation of a colour, as the page would draw it
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = colour => {
    const [r, g, b] = colour.map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = exact(getComputedStyle(e).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const poor = [];
  const look = (element, colour, what, behind = element.parentElement) => {
    const ratio = contrast(exact(colour), ground(behind));
    if (ratio < 3) poor.push(`${what}: ${ratio.toFixed(2)}: ${element.outerHTML.slice(0, 120)}`);
  };
  const each = (selector, act) => [...root.querySelectorAll(selector)].filter(e => e.checkVisibility()).forEach(act);
  let count = 0;
  each("input[type=text],input[type=number],select", e => { count++; look(e, getComputedStyle(e).borderTopColor, "border"); });
  each(".noUi-target", e => { count++; look(e, getComputedStyle(e).backgroundColor, "track"); });
  each(".noUi-handle", e => { count++; look(e, getComputedStyle(e).borderTopColor, "handle", root); });
  each(".ak-row.ak-set,.ak-row.ak-invalid,.ak-row.ak-refused,.ak-row.ak-host,.ak-row.ak-absent", e => {
    count++; look(e, getComputedStyle(e).borderLeftColor, "bar");
  });
  each(".mod-active", e => {
    count++; look(e, getComputedStyle(e).boxShadow.match(/(?:rgba?|color|oklab)\\([^)]*\\)/)?.[0] ?? "transparent", "chosen");
  });
  return { count, poor };
}"""


def violations(page, selector):
    """What axe-core finds wrong in the element, a line each; contrast of texts 4.5:1 included."""
    axe = module("axe_playwright_python.sync_playwright", "browser").Axe()
    # JupyterLab's body has no height and hides what overflows it: axe would take all in it for hidden.
    page.evaluate("() => { document.body.style.height = '100vh'; }")
    results = axe.run(page, context=selector, options={}).response
    page.evaluate("() => { document.body.style.height = ''; }")
    measured = [
        node
        for outcome in ("passes", "violations")
        for rule in results[outcome]
        if rule["id"] == "color-contrast"
        for node in rule["nodes"]
        if (node["any"][0].get("data") or {}).get("contrastRatio")
    ]
    assert len(measured) > 10, "the contrast of hardly any text was measured"
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:160]} {node.get('any', [{}])[:1]}"
        for rule in results["violations"]
        if rule["id"] not in NOT_OURS
        for node in rule["nodes"]
    ]


def poor_contrasts(page, selector):
    """The parts of controls in the element that stand out by less than 3:1. There must be some to look at."""
    parts = page.locator(selector).evaluate(PARTS)
    assert parts["count"] > 3, "nothing was looked at"
    return parts["poor"]
