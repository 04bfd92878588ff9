// The tools above the picture, in words; and what can be done with the thing that is chosen.
import { h } from "../workshop/dom.js";
import { KEYS } from "./words.js";

const button = (words, act, more = {}) => h("button", { type: "button", class: "second", "data-act": act, ...more }, words);

/** Fill the toolbar; `touch` says whether fingers are used, `search` whether the page has a form to search with. */
export function fillToolbar(bar, { touch }) {
  bar.replaceChildren(
    h("div", { class: "tools" },
      button("Undo", "undo"), button("Show all", "fit"), button("Closer", "closer"), button("Further", "further"), button("Centre", "centre"),
      touch && button("Move with one finger", "move", { "aria-pressed": "false" }),
      button("Copy link", "copy"),
      h("details", { class: "menu" }, h("summary", {}, "Save picture"),
        h("div", {}, button("What is seen (PNG)", "seen"), button("All of it (PNG)", "whole"), h("a", { href: "#take" }, "Other forms"))),
      h("details", { class: "menu keys" }, h("summary", {}, "Keys"),
        h("dl", {}, KEYS.map(([keys, words]) => [h("dt", {}, keys), h("dd", {}, words)])))),
    h("div", { class: "tools chosen-tools", role: "group", "aria-label": "With what is chosen", hidden: true }),
    h("p", { class: "copied", hidden: true }, h("label", { for: "copied" }, "Copy this address: "), h("input", { id: "copied", type: "text", readonly: true })),
  );
  bar.hidden = false;
}

/** Show what can be done with a thing. */
export function showTools(bar, node, state) {
  const place = bar.querySelector(".chosen-tools");
  const had = document.activeElement?.closest?.(".chosen-tools") && document.activeElement.dataset.act;
  place.hidden = !node;
  place.replaceChildren(...(node ? tools(node, state) : []));
  if (had) (place.querySelector(`[data-act="${had}"]:not([disabled])`) ?? place.querySelector("a, button"))?.focus();
}

function tools(node, { lines, focus, marked }) {
  return [
    h("span", { class: "which" }, node.label),
    node.url && h("a", { class: "button second", href: node.url }, "Open its page"),
    (node.more || node.cluster) && button(node.cluster ? "Open the box" : `Show ${node.more} more`, "open"),
    !node.cluster && lines && button("Close what hangs on it", "close"),
    button(node.pinned ? "Let go" : "Pin", "pin"),
    button(focus === node.id ? "Show all again" : "Only what is linked", "focus"),
    lines && button("Next line", "next-line"),
    marked && button("Next found", "next-found"),
  ].filter(Boolean);
}
