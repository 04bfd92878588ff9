// One small window for what needs an answer. Esc or "Never mind" closes it and changes nothing.
import { h } from "./dom.js";

/** Ask something. `parts` are the fields; `done(form)` is called with the answers' form, and may return a sentence that says what is missing. */
export function ask(title, parts, words, done) {
  const wrong = h("p", { class: "problem", role: "alert" });
  const form = h(
    "form",
    { method: "dialog" },
    h("h2", { id: "dialog-title" }, title),
    parts,
    wrong,
    h(
      "div",
      { class: "row" },
      words && h("button", {}, words),
      h("button", { type: "button", class: "second", "data-close": true }, words ? "Never mind" : "Close"),
    ),
  );
  const dialog = h("dialog", { class: "ask", "aria-labelledby": "dialog-title" }, form);
  const before = document.activeElement;
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    const missing = done(new FormData(form), form);
    if (missing) wrong.textContent = missing;
    else dialog.close();
  });
  dialog.addEventListener("click", (e) => e.target.hasAttribute("data-close") && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before?.isConnected) before.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A labelled field. */
export function field(label, input, hint = "") {
  const id = input.id || (input.id = `f-${Math.random().toString(36).slice(2)}`);
  if (hint) input.setAttribute("aria-describedby", `${id}-hint`);
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    hint && h("p", { class: "hint", id: `${id}-hint` }, hint),
    input,
  );
}

/** A drop-down from [key, words] pairs. */
export const choice = (name, pairs, chosen = "") =>
  h(
    "select",
    { name },
    pairs.map(([key, words]) => h("option", { value: key, selected: key === chosen }, words)),
  );
