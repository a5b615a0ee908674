// Turns JupyterLab's single-key shortcuts (d d, arrows) off while a control of a form has focus,
// names the elements that ipywidgets leaves without a name, and copies on a click.
// Tables and figures that scroll take the focus in some browsers.
const FOCUSABLE = "select,button,input,textarea,[tabindex],.ak-report table,.ak-report figure";

function mark(root) {
  for (const e of root.querySelectorAll(FOCUSABLE)) e.setAttribute("data-lm-suppress-shortcuts", "true");
  for (const e of root.querySelectorAll(".ak-alternative button")) e.setAttribute("aria-label", e.title);
  for (const row of root.querySelectorAll(".ak-row")) {
    const name = row.querySelector("label")?.textContent;
    if (!name) continue;
    const handles = [...row.querySelectorAll(".noUi-handle")];
    handles.forEach((e, n) => e.setAttribute("aria-label", `${name}, ${handles[1] ? ["from", "to"][n] : "slider"}`));
    row.querySelector(":scope > .widget-toggle-button")?.setAttribute("aria-label", `sweep ${name}`);
    for (const e of row.querySelectorAll(".widget-toggle-buttons")) {
      e.setAttribute("role", "group");
      e.setAttribute("aria-label", name);
    }
  }
}

async function copy(button) {
  const text = button.parentElement.querySelector("code").textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {  // no secure context, or no permission: use the older interface
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.textContent = "copied";
  setTimeout(() => { button.textContent = "copy"; }, 1500);
}

export default {
  render({ el }) {
    let root, timer;
    const observer = new MutationObserver(() => mark(root));
    const clicked = (event) => {
      const button = event.target.closest(".ak-copy");
      if (button) copy(button);
    };
    const pressed = (event) => {  // a chip goes by the keys that remove text, too
      const chip = event.target.closest(".ak-chip");
      if (!chip || !["Delete", "Backspace"].includes(event.key)) return;
      event.preventDefault();
      chip.click();
    };
    const arm = () => {  // the guard is rendered before it is in the page
      root = el.isConnected && el.closest(".accelkit");
      if (!root) { timer = setTimeout(arm, 20); return; }
      root.classList.add("ak-guarded");
      mark(root);
      observer.observe(root, { childList: true, subtree: true });
      root.addEventListener("click", clicked);
      root.addEventListener("keydown", pressed);
    };
    arm();
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      root?.removeEventListener?.("click", clicked);
      root?.removeEventListener?.("keydown", pressed);
    };
  },
};
