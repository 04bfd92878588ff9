// What the projector shows: read from the back of a hall, with nothing to press.
import { runClock } from "./clock.js";
import { about, kindWords } from "./cards.js";
import { fill, h, later, mark } from "./dom.js";
import { Room, given } from "./room.js";
import { card, dots, grouped, phase, stances } from "./state.js";
import { count, groupName, sums } from "./words.js";

const at = (id) => document.getElementById(id);
const room = new Room(given());
let silent = [];
let conflicts = [];

function show() {
  const { state } = room;
  at("phase").textContent = phase(state)?.label ?? "";
  at("people").textContent = `${count(room.visitors, "person", "people")} here`;
  const status = {
    connected: "",
    "catching-up": "Catching up…",
    offline: "No connection. Trying again…",
    out: "This link no longer holds. Ask for a new one.",
  }[room.connection.status];
  at("band-words").textContent = state.closed
    ? "The workshop is closed. Thank you!"
    : status || (state.frozen ? "The cards are paused for a moment" : "");
  document.body.dataset.phase = state.phase ?? "";
  const gathering = state.phase === state.setup.phases[0].key && !state.closed;
  at("join").classList.toggle("large", gathering && !grouped(state).length);
  at("join").hidden = !gathering;
  fill(
    at("silent"),
    silent.length && !gathering ? [h("strong", {}, "Not heard yet: "), silent.map((s) => s.label).join(", ")] : [],
  );
  fill(at("wall"), wall());
  fit();
}

function wall() {
  const { state } = room;
  const focus = state.focus && card(state, state.focus);
  if (focus)
    return [
      h(
        "div",
        { class: "one", "data-key": "one" },
        h("p", {}, kindWords(room, focus.kind)),
        h("p", { class: "focus-text" }, focus.text),
        about(room, focus) && h("p", {}, about(room, focus)),
        h("p", {}, sums(stances(state, focus.id), dots(state, focus.id))),
      ),
    ];
  const open = conflicts.find((c) => !c.resolved);
  if (open && state.phase === "agree")
    return [
      h(
        "div",
        { class: "one asks", "data-key": "conflict" },
        h("p", {}, "To settle together"),
        h("p", { class: "focus-text" }, open.what),
        h(
          "ul",
          {},
          open.choices.map((c) => h("li", {}, c.label)),
        ),
      ),
    ];
  return grouped(state).map(({ group, cards }) =>
    h(
      "section",
      { "data-key": group?.id ?? "loose" },
      group || Object.keys(state.groups ?? {}).length ? h("h2", {}, group ? groupName(group) : "Not in a group") : null,
      h(
        "ul",
        {},
        [...cards]
          .reverse()
          .map((c) =>
            h(
              "li",
              { "data-key": c.id, class: `f-${state.participants?.[c.by]?.colour ?? "body"}` },
              h("span", { class: "wall-text" }, c.text),
              foot(state, c),
            ),
          ),
      ),
    ),
  );
}

function foot(state, c) {
  const words = sums(stances(state, c.id), dots(state, c.id));
  return words && ["weigh", "agree"].includes(state.phase)
    ? h("span", { class: "wall-foot" }, mark(state.participants?.[c.by]), words)
    : h(
        "span",
        { class: "wall-foot" },
        mark(state.participants?.[c.by]),
        [["feature", "help"].includes(c.kind) ? "" : kindWords(room, c.kind), room.roles[c.role] ?? ""]
          .filter(Boolean)
          .join(" · "),
      );
}

/** What does not fit is counted: letters never get smaller than the back row can read. */
function fit() {
  const place = at("wall");
  const items = [...place.querySelectorAll("li[data-key]")];
  for (const item of items) item.hidden = false;
  for (const section of place.children) section.hidden = false;
  let hidden = 0;
  const right = place.getBoundingClientRect().right + 1;
  for (let i = items.length - 1; i >= 0 && place.scrollWidth > place.clientWidth + 1; i--) {
    if (items[i].getBoundingClientRect().right <= right && i > 0) continue;
    items[i].hidden = true;
    hidden++;
    const section = items[i].closest("section");
    if (![...section.querySelectorAll("li[data-key]")].some((x) => !x.hidden)) section.hidden = true;
  }
  at("more").textContent = hidden ? `and ${count(hidden, "card")} more on your phones` : "";
}

const look = later(async () => {
  silent = (await room.connection.get("agreement"))?.silent ?? silent;
  conflicts = (await room.connection.get("conflicts"))?.conflicts ?? conflicts;
  show();
}, 900);

room.watch(show);
runClock(room, document.querySelectorAll("[data-clock]"));
room.hear(look);
window.addEventListener("resize", later(show, 200));
document.fonts?.ready.then(show);
look();
room.start();
