// What the buttons of cards do. One listener for all; each act is a command, or asks first.
import { ask, choice, field } from "./dialog.js";
import { h } from "./dom.js";
import { picker } from "./picker.js";
import { card, cards } from "./state.js";
import { DECISIONS, STANCES, groupName } from "./words.js";

/** Let the buttons in `place` act. `more` are further acts by name. */
export function listen(room, place, announcer, more = {}) {
  const acts = { ...ACTS, ...more };
  place.addEventListener("click", (e) => {
    const from = e.target.closest("button[data-act]");
    if (from && acts[from.dataset.act]) acts[from.dataset.act](room, from.dataset, announcer);
  });
  place.addEventListener("submit", (e) => {
    if (e.target.dataset.act !== "why") return;
    e.preventDefault();
    const { card: id, stance } = e.target.dataset;
    room.send({ command: "stance", card: id, stance, reason: new FormData(e.target).get("reason") });
    announcer.say("Your reason is with the card.");
  });
}

const ACTS = {
  stance(room, { card: id, stance }, announcer) {
    const own = room.state.stances?.[id]?.[room.you.number]?.stance;
    const next = own === stance ? null : stance;
    room.send({ command: "stance", card: id, stance: next });
    announcer.say(next ? `You said: ${STANCES[next]}.` : "You took your answer back.");
  },
  vote: (room, { card: id }) => room.send({ command: "vote", card: id, dots: 1 }),
  unvote: (room, { card: id }) => room.send({ command: "vote", card: id, dots: -1 }),
  park: (room, { card: id }) => room.send({ command: "park", card: id }),
  unpark: (room, { card: id }) => room.send({ command: "unpark", card: id }),
  ungroup: (room, { card: id }) => room.send({ command: "ungroup", cards: [id] }),
  disconnect: (room, { line }) => room.send({ command: "disconnect", connection: line }),
  focus: (room, { card: id }) => room.send({ command: "focus", card: id }),
  unfocus: (room) => room.send({ command: "focus", card: null }),
  withdraw(room, { card: id }) {
    ask(
      "Take this card back?",
      h("blockquote", {}, card(room.state, id)?.text),
      "Take it back",
      () => void room.send({ command: "withdraw-card", card: id }),
    );
  },
  edit: (room, { card: id }) => edit(room, card(room.state, id)),
  connect: (room, { card: id }) => connect(room, `card/${id}`),
  group: (room, { card: id }) => group(room, [id]),
  "name-group": (room, { group: id }) => nameGroup(room, id),
  merge: (room, { card: id }) => merge(room, id),
  decide: (room, { card: id }) => decide(room, id),
};

/** Change the words of a card; `text`: what stands in the box at first; `saved` is called when they are sent. */
export function edit(room, found, text = found.text, base = found.revision, saved = () => {}) {
  const box = h("textarea", { name: "text", rows: "4", maxlength: "500", required: true });
  box.value = text;
  ask("Change the words", field("What the card says", box), "Save", (answers) => {
    const words = answers.get("text").trim();
    if (!words) return "A card needs words. To remove it, choose “Take the card back”.";
    if (words !== found.text)
      room.send({ command: "edit-card", card: found.id, base: found.waiting ? 0 : base, text: words });
    saved();
  });
}

/** Draw a line from something to something. */
export function connect(room, start, end = "") {
  const from = picker(room, "From", { chosen: start });
  const to = picker(room, "To", { chosen: end, not: () => from.value });
  const relation = choice("relation", Object.entries(room.relations), "helps");
  const why = h("input", { type: "text", name: "why", maxlength: "500", autocomplete: "off" });
  ask(
    "Connect",
    [from.element, field("How do they hang together?", relation), to.element, field("Why? (if you like)", why)],
    "Connect them",
    (answers) => {
      if (!from.value || !to.value) return "Choose both ends from the list that opens while you write.";
      if (from.value === to.value) return "A connection needs two different ends.";
      room.send({
        command: "connect",
        tie: { start: from.value, relation: answers.get("relation"), end: to.value },
        why: answers.get("why"),
      });
    },
  );
  (start ? to : from).input.focus();
}

const boxes = (found, name) =>
  h(
    "fieldset",
    { class: "field scroll-box" },
    h("legend", {}, "Which cards?"),
    found.map((c) =>
      h("label", { class: "tick" }, h("input", { type: "checkbox", name, value: c.id }), h("span", {}, c.text)),
    ),
  );

/** Put cards together with others, in a group that is there or a new one. */
export function group(room, ids, done = () => {}) {
  const groups = Object.values(room.state.groups ?? {});
  const loose = cards(room.state).filter((c) => !ids.includes(c.id) && !c.group && !c.parked);
  const into = choice("group", [["", "A new group"], ...groups.map((g) => [g.id, groupName(g)])]);
  const name = h("input", { type: "text", name: "name", maxlength: "80", autocomplete: "off" });
  ask(
    "Put together",
    [
      groups.length ? field("Into", into) : null,
      field("A name for the group (if you like)", name),
      loose.length ? boxes(loose, "cards") : null,
    ],
    "Put them together",
    (answers) => {
      const all = [...ids, ...answers.getAll("cards")];
      const there = answers.get("group");
      if (!there && all.length < 2) return "Choose at least one other card.";
      room.send({ command: "group-cards", cards: all, ...(there ? { group: there } : {}), name: answers.get("name") });
      done();
    },
  );
}

/** Give a group a name. */
export function nameGroup(room, id) {
  const name = h("input", { type: "text", name: "name", maxlength: "80", autocomplete: "off" });
  name.value = room.state.groups?.[id]?.name ?? "";
  ask(
    "Name of the group",
    field("What do these cards have in common?", name),
    "Save",
    (answers) => void room.send({ command: "name-group", group: id, name: answers.get("name").trim() }),
  );
}

function merge(room, id) {
  const into = card(room.state, id);
  const rest = cards(room.state).filter((c) => c.id !== id && c.kind === into.kind);
  ask(
    "These say the same",
    [
      h("p", {}, "This card keeps its words: ", h("strong", {}, into.text)),
      h("p", { class: "quiet" }, "Dots, answers and connections of the others go to it."),
      boxes(rest, "cards"),
    ],
    "Make them one",
    (answers) => {
      const chosen = answers.getAll("cards");
      if (!chosen.length) return "Choose at least one other card.";
      room.send({ command: "merge-cards", into: id, cards: chosen });
    },
  );
}

function decide(room, id) {
  const found = card(room.state, id);
  const pairs = [...Object.entries(DECISIONS), ["", "Not decided"]];
  const reason = h("input", { type: "text", name: "reason", maxlength: "500", autocomplete: "off" });
  reason.value = found.decision?.reason ?? "";
  ask(
    "What did the room decide?",
    [
      h("blockquote", {}, found.text),
      field("Decision", choice("decision", pairs, found.decision?.decision ?? "accept")),
      field("Why?", reason, "Goes into the record."),
    ],
    "Note it",
    (answers) => {
      room.send({
        command: "decide",
        card: id,
        decision: answers.get("decision") || null,
        reason: answers.get("reason"),
      });
    },
  );
}
