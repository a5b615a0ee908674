// Turns JupyterLab's single-key shortcuts (d d, arrows) off while a control of a form has focus, names the elements
// that ipywidgets leaves without a name, says which are pressed, open or badly filled, keeps the focus in the form, undoes on
// keys, and copies on a click.
// Tables and figures that scroll take the focus in some browsers.
const FOCUSABLE = "select,button,input,textarea,summary,[tabindex],.ak-report table,.ak-report figure";

function mark(root) {
  for (const e of root.querySelectorAll(FOCUSABLE)) e.setAttribute("data-lm-suppress-shortcuts", "true");
  for (const e of root.querySelectorAll(".ak-alternative button")) e.setAttribute("aria-label", e.title);
  for (const e of root.querySelectorAll(".ak-fix button")) e.setAttribute("aria-label", `fix: ${e.title}`);
  for (const row of root.querySelectorAll(".ak-row")) markRow(row);
  for (const e of root.querySelectorAll(".ak-field")) markField(e);
  for (const e of root.querySelectorAll(".ak-tabs")) group(e, "form of the code");
  for (const e of root.querySelectorAll(".widget-toggle-button,.widget-toggle-buttons button")) markPressed(e);
}

function group(element, name) {
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", name);
}

function markRow(row) {
  const name = row.querySelector(":scope > button")?.textContent;
  if (!name) return;
  row.querySelector(":scope > button").setAttribute("aria-expanded", row.classList.contains("ak-opened"));
  const handles = [...row.querySelectorAll(".noUi-handle")];
  handles.forEach((e, n) => e.setAttribute("aria-label", `${name}, ${handles[1] ? ["from", "to"][n] : "slider"}`));
  for (const e of row.querySelectorAll(":scope > button:not(:first-child)")) e.setAttribute("aria-label", `${e.textContent} ${name}`);
  for (const e of row.querySelectorAll(".widget-toggle-buttons")) group(e, name);
  for (const e of row.querySelectorAll(".ak-editor input[type=text]")) {
    e.setAttribute("aria-invalid", row.classList.contains("ak-invalid"));
  }
}

function markField(field) {
  field.querySelector("input")?.setAttribute("aria-invalid", field.classList.contains("ak-invalid"));
}

function markPressed(button) {
  button.setAttribute("aria-pressed", button.classList.contains("mod-active"));
}

// A button that has done its work is disabled or gone; the focus would fall to the page, where d d deletes the cell.
function keepFocus(path) {
  const [lost] = path;
  if (!lost || (lost.isConnected && !lost.disabled)) return;
  const active = document.activeElement;
  if (active && active !== document.body && active !== lost) return;
  for (const place of path.slice(1)) {
    if (!place.isConnected) continue;
    const next = [...place.querySelectorAll(FOCUSABLE)].find((e) => !e.disabled && e.tabIndex >= 0 && e.checkVisibility());
    if (next) { next.focus({ preventScroll: true }); return; }
  }
}

function changed(root, records) {
  if (records.some((record) => record.type === "childList")) { mark(root); return; }
  for (const { target } of records) {
    if (target.matches(".ak-row")) markRow(target);
    else if (target.matches(".ak-field")) markField(target);
    else if (target.matches(".widget-toggle-button,.widget-toggle-buttons button")) markPressed(target);
  }
}

// Ctrl+Z belongs to the text fields, z to JupyterLab. Of the letter the place counts: with Alt it may write another.
function pressed(root, event) {
  if (event.code !== "KeyZ" || !event.altKey || event.ctrlKey || event.metaKey) return;
  const button = root.querySelector(event.shiftKey ? "button.ak-redo" : "button.ak-undo");
  if (!button) return;
  event.preventDefault();
  event.stopPropagation();
  button.click();
}

// A chip goes by the keys that remove text, too.
function removed(event) {
  const chip = event.target.closest(".ak-chip");
  if (!chip || !["Delete", "Backspace"].includes(event.key)) return;
  event.preventDefault();
  chip.click();
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
    let path = [];  // from the element that had the focus last up to the root
    const observer = new MutationObserver((records) => {
      changed(root, records);
      keepFocus(path);
    });
    const focused = (event) => {
      path = [];
      for (let e = event.target; e && e !== root.parentElement; e = e.parentElement) path.push(e);
    };
    const left = (event) => {  // to another element; a lost focus goes nowhere
      if (event.relatedTarget && !root.contains(event.relatedTarget)) path = [];
    };
    const clicked = (event) => {
      const button = event.target.closest(".ak-copy");
      if (button) copy(button);
    };
    const keyed = (event) => {
      pressed(root, event);
      removed(event);
    };
    const arm = () => {  // the guard is rendered before it is in the page
      root = el.isConnected && el.closest(".accelkit");
      if (!root) { timer = setTimeout(arm, 20); return; }
      root.classList.add("ak-guarded");
      mark(root);
      observer.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["class", "disabled"] });
      root.addEventListener("focusin", focused);
      root.addEventListener("focusout", left);
      root.addEventListener("click", clicked);
      root.addEventListener("keydown", keyed, true);  // the text fields of ipywidgets keep their keys to themselves
    };
    arm();
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      if (!root) return;
      root.removeEventListener("focusin", focused);
      root.removeEventListener("focusout", left);
      root.removeEventListener("click", clicked);
      root.removeEventListener("keydown", keyed, true);
    };
  },
};
