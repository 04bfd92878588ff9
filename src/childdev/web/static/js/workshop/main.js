// The page of a workshop for who takes part and for who steers.
import { listen } from "./acts.js";
import { Announcer } from "./announce.js";
import { Canvas } from "./canvas.js";
import { kindWords } from "./cards.js";
import { runClock } from "./clock.js";
import { Compose } from "./compose.js";
import { fill, h, later, mark } from "./dom.js";
import { keep, withLastSeen } from "./kept.js";
import { showList } from "./list.js";
import { Room, given } from "./room.js";
import { resolver, showConflicts } from "./settle.js";
import { card, phase } from "./state.js";
import { steer } from "./steering.js";
import { showTroubles, troubleActs } from "./troubles.js";
import { band } from "./words.js";

const at = (id) => document.getElementById(id);
const room = new Room(await withLastSeen(given()));
const announcer = new Announcer(at("voice"));
const compose = new Compose(room, at("compose"), announcer);
const canvas = new Canvas(room, at("canvas"), at("tools"), announcer);
let conflicts = [];

function showBand() {
  const words = band(room.connection.status, room.outbox.waiting(), room.paused);
  const place = at("band");
  place.dataset.status = room.connection.status;
  if (at("band-words").textContent !== words) at("band-words").textContent = words;
  at("again").hidden = room.connection.status !== "offline";
  at("rejoin").hidden = room.connection.status !== "out";
}

function showTop() {
  const here = phase(room.state);
  at("phase").textContent = here?.label ?? "";
  document.body.dataset.phase = room.state.phase ?? "";
  if (compose.phase !== room.state.phase) {
    compose.phase = room.state.phase; // when cards are weighed, writing new ones steps back; but not while someone writes
    const writing =
      document.activeElement?.matches("#writing input, #writing textarea, #writing select") || at("text")?.value;
    if (!writing) at("writing").open = !room.steers && !["weigh", "agree"].includes(room.state.phase);
  }
  document.body.classList.toggle("closed", Boolean(room.state.closed));
  const notice = room.state.closed
    ? "This workshop is closed. Thank you! Nothing more can be added."
    : room.state.frozen
      ? room.steers
        ? "You have paused the cards: only you can act."
        : "The facilitator has paused the cards for a moment. You can go on writing; it is kept."
      : "";
  at("notice").hidden = !notice;
  if (at("notice").textContent !== notice) at("notice").textContent = notice;
  at("record-link").hidden = !room.state.closed;
  const focus = room.state.focus && card(room.state, room.state.focus);
  at("focus").hidden = !focus;
  fill(
    at("focus"),
    focus
      ? [
          h("p", { class: "kicker" }, "Look at this one together: ", kindWords(room, focus.kind)),
          h("p", { class: "focus-text" }, focus.text),
          h("p", {}, h("a", { href: `#card-${focus.id}` }, `Go to card ${focus.number}`)),
        ]
      : [],
  );
}

const showCards = () => {
  if (!at("canvas-part").hidden) canvas.show();
  if (!at("list").hidden) showList(room, at("list"), !room.steers);
};

/** The canvas and the list say the same; which one is shown is remembered. */
function choose(view) {
  at("canvas-part").hidden = view !== "canvas";
  at("list").hidden = view !== "list";
  for (const b of document.querySelectorAll("[data-view]"))
    b.setAttribute("aria-pressed", String(b.dataset.view === view));
  try {
    localStorage.setItem("childdev.workshop.view", view);
  } catch {
    // not remembered, then
  }
  showCards();
}

/** The room is asked when it weighs and agrees; who steers sees it coming. */
const showClashes = () =>
  showConflicts(room, at("conflicts"), room.steers || ["weigh", "agree"].includes(room.state.phase) ? conflicts : []);

const askConflicts = later(async () => {
  conflicts = (await room.connection.get("conflicts"))?.conflicts ?? conflicts;
  showClashes();
}, 900);

fill(at("you"), [mark(room.you), room.you.label ?? ""].filter(Boolean));
at("canvas-part").hidden = true;
at("list").replaceChildren();
for (const b of document.querySelectorAll("[data-view]")) b.addEventListener("click", () => choose(b.dataset.view));
at("again").addEventListener("click", () => room.connection.again());
const acts = {
  "undo-own": () => room.send({ command: "undo", participant: room.you.number }),
  ...troubleActs(compose),
  resolve: resolver(() => conflicts),
  ...(room.steers ? steer(room) : {}),
};
listen(room, document.body, announcer, acts);
room.watch(showBand);
room.watch(showTop);
room.watch(() => compose.show());
room.watch(() => showTroubles(room, at("troubles")));
room.watch(showCards);
room.watch(showClashes);
runClock(room, document.querySelectorAll("[data-clock]"));
room.hear((event) => {
  if (event.by !== room.you.number) announcer.note(event.kind);
  if (event.kind === "phase-set") announcer.say(`Now: ${phase(room.state)?.label}.`);
  if (!["joined", "voted", "card-moved"].includes(event.kind)) askConflicts();
});
window.addEventListener("hashchange", () => location.hash.startsWith("#card-") && choose("list"));
document.body.addEventListener("click", (e) => {
  const link = e.target.closest("a[href^='#card-']");
  if (!link) return;
  e.preventDefault();
  choose("list");
  const found = document.querySelector(link.getAttribute("href"));
  found?.scrollIntoView({ block: "center" });
  found?.focus({ preventScroll: true });
});
let view = window.innerWidth >= 1000 ? "canvas" : "list";
try {
  view = (window.innerWidth >= 700 && localStorage.getItem("childdev.workshop.view")) || view;
} catch {
  // as the width tells
}
choose(view);
askConflicts();
document.body.classList.add("live");
room.start();
keep(room);
