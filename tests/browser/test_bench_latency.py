"""The time from a change in the browser to the new argv in the page; prints ratios, asserts nothing."""

from __future__ import annotations

from statistics import median

import pytest

pytestmark = pytest.mark.bench

CELLS = (
    "import ipywidgets as w\nfrom accelkit import *\nfrom accelkit.widgets import explore",
    "w.interact(lambda x: print(render(kvm() | notify_vmexit(x))), x=w.Dropdown(options=list(notify_vmexit.domain.words)));",
    "panel = explore(kvm() | notify_vmexit(run))\npanel",
)
#: Chooses each word in turn; the time until its argv is in the text of ``place``.
CHANGES = """async ([control, root, place, words, rounds]) => {
  const select = document.querySelector(control), times = [];
  const text = () => document.querySelector(place)?.textContent ?? "";
  for (let n = 0; n < rounds; n++) {
    const word = words[n % words.length];
    select.value = [...select.options].find(o => o.textContent.trim() === word).value;
    const begin = performance.now();
    const arrived = new Promise(done => {
      const shows = () => text().includes(`notify-vmexit=${word}'`);
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
    page.locator(".ak-argv code").wait_for(timeout=60_000)
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
    milliseconds = page.evaluate("""async () => {
      const shell = window.jupyterapp.shell.currentWidget, begin = performance.now();
      shell.content.activeCellIndex = 2;
      const old = document.querySelector(".ak-argv");
      await jupyterapp.commands.execute("notebook:run-cell");
      while (!document.querySelector(".ak-argv code") || document.querySelector(".ak-argv") === old)
        await new Promise(done => setTimeout(done, 10));
      return performance.now() - begin;
    }""")
    with capsys.disabled():
        print()
        for explore, interact in rows:
            print(f"explore {explore:.0f} ms, interact {interact:.0f} ms, ratio {explore / interact:.2f}")
        print(f"explore() on the screen {milliseconds:.0f} ms after its cell ran")
