// The list that says the same: every line in it can be shown in the picture, and what is chosen is marked in it too.
import { h } from "../workshop/dom.js";

/** Give every sentence of the list its way into the picture, and every thing its way too. */
export function wire() {
  for (const row of document.querySelectorAll("#list li")) {
    if (row.querySelector(".show")) continue;
    const { edge, node } = row.dataset;
    const what = edge ? { "data-line": edge } : { "data-thing": node };
    const sentence = row.querySelector(".name").textContent;
    row.querySelector(".line").append(
      h("button", { type: "button", class: "show", ...what }, "show in picture", h("span", { class: "hidden" }, `: ${sentence}`)),
    );
  }
}

/** Mark what is chosen: the line, and the lines at the thing. */
export function markRows(chosen, line, edges) {
  for (const row of document.querySelectorAll("#list .chosen, #list .near")) row.classList.remove("chosen", "near");
  for (const show of document.querySelectorAll(`#list .show[aria-pressed="true"]`)) show.setAttribute("aria-pressed", "false");
  const near = new Set(edges.filter((edge) => edge.from === chosen || edge.to === chosen).map((edge) => edge.id));
  for (const show of document.querySelectorAll("#list .show")) {
    const { line: id, thing } = show.dataset;
    if (near.has(id)) show.closest("li").classList.add("near");
    if ((id && id === line) || (thing && thing === chosen)) {
      show.closest("li").classList.add("chosen");
      show.setAttribute("aria-pressed", "true");
    }
  }
}

/** Go to what is chosen in the list. */
export function goToRow() {
  const row = document.querySelector("#list li.chosen") ?? document.querySelector("#list li.near");
  const show = row?.querySelector(".show");
  show?.focus();
  row?.scrollIntoView({ block: "center" });
  return Boolean(show);
}
