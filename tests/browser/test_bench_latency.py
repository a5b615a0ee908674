"""The time from a change in the browser to the new argv in the page; prints ratios, asserts nothing."""

from __future__ import annotations

from statistics import median

import pytest

pytestmark = pytest.mark.bench

CELLS = (
    "import ipywidgets as w\nfrom accelkit import *\nfrom accelkit.widgets import explore",
    "w.interact(lambda x: print(render(kvm() | notify_vmexit(x))), x=w.Dropdown(options=list(notify_vmexit.domain.words)));",
    "panel = explore(kvm() | notify_vmexit(run))\npanel",
    """recipe = kvm()
for row in PROPERTIES.values():
    if 'kvm' in row.accels and row not in (eager_split_size, riscv_aia):
        text = next(text for text in ('1024', 'on', 'run', '1048576', '/x') if row.domain.read(text) is not None)
        recipe = recipe | recipe_of(OptionMap({row.key: text}))
explore(recipe)""",
)
#: Runs a cell; the controls of its explorer, and the time until it shows the last of them.
ON_SCREEN = """async (cell) => {
  const shell = window.jupyterapp.shell.currentWidget;
  const output = () => shell.content.widgets[cell].node.querySelector(".ak-explorer");
  const old = output();
  shell.content.activeCellIndex = cell;
  const begin = performance.now();
  const done = jupyterapp.commands.execute("notebook:run-cell");
  let last = 0, count = 0, ended = false;
  done.then(() => { ended = true; });
  while (!ended || !count || performance.now() - last < 700) {
    await new Promise(next => setTimeout(next, 5));
    const fresh = output() === old ? 0 : output()?.querySelectorAll("select,button,input,[tabindex]").length ?? 0;
    if (fresh !== count) { count = fresh; last = performance.now(); }
  }
  return [count, last - begin];
}"""
#: Chooses each word in turn; the time until its argv is in the text of ``place``.
CHANGES = """async ([control, root, place, words, rounds]) => {
  const select = document.querySelector(control), times = [];
  const text = () => document.querySelector(place)?.textContent ?? "";
  for (let n = 0; n < rounds; n++) {
    const word = words[n % words.length];
    select.value = [...select.options].find(o => o.textContent.trim() === word).value;
    const begin = performance.now();
    const arrived = new Promise(done => {
      const shows = () => text().includes(`notify-vmexit=${word}`);
      const observer = new MutationObserver(() => { if (shows()) { observer.disconnect(); done(performance.now()); } });
      observer.observe(document.querySelector(root), { childList: true, subtree: true, characterData: true });
    });
    select.dispatchEvent(new Event("change", { bubbles: true }));
    times.push(await arrived - begin);
    await new Promise(done => setTimeout(done, 60));
  }
  return times.slice(3);
}"""
WORDS = ["disable", "internal-error", "run"]


def test_latency_of_explore_against_interact(run, capsys):
    page = run(*CELLS)
    page.locator(".ak-tabs").get_by_role("button", name="argv", exact=True).click(timeout=60_000)
    page.locator(".ak-argv code").wait_for()
    page.locator(".widget-interact select").wait_for()
    page.wait_for_timeout(1500)
    rows = []
    for _ in range(4):
        interact = median(
            page.evaluate(
                CHANGES, [".widget-interact select", ".widget-interact", ".widget-interact", WORDS, 33]
            )
        )
        explore = median(
            page.evaluate(CHANGES, [".ak-row-notify-vmexit select", ".accelkit", ".ak-argv", WORDS, 33])
        )
        rows.append((explore, interact))
    shown = {}
    for cell, name in ((2, "folded"), (3, "all of kvm's options open")):
        runs = [page.evaluate(ON_SCREEN, cell) for _ in range(5)]
        shown[name] = (min(controls for controls, _ in runs), median(time for _, time in runs))
    with capsys.disabled():
        print()
        for explore, interact in rows:
            print(f"explore {explore:.0f} ms, interact {interact:.0f} ms, ratio {explore / interact:.2f}")
        for name, (controls, time) in shown.items():
            print(f"explore(), {name}: {controls} controls on the screen {time:.0f} ms after its cell ran")
