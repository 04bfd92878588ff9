// One card of the list: what it says, by whom, what people think of it, and what can be done with it.
import { button, h, mark } from "./dom.js";
import { called, dots, dotsLeft, stances } from "./state.js";
import { DECISIONS, STANCES, sums } from "./words.js";

/** What a wording is for, around the name of the thing. */
const PARTS = {
  name: (it) => `A name for ${it}`,
  definition: (it) => `What ${it} means`,
  "everyday-words": (it) => `How to say ${it} to a family`,
  retire: (it) => `${it} should go`,
};

/** The kind of a card in words. */
export const kindWords = (room, kind) => room.kinds.find((k) => k.key === kind)?.label ?? kind;

/** What a card is about, as a sentence; empty where it names nothing. */
export function about(room, card) {
  const state = room.state;
  const parts = [];
  if (card.tie)
    parts.push(`${called(state, card.tie.start)} ${room.relations[card.tie.relation]} ${called(state, card.tie.end)}`);
  const names = (card.about ?? []).map((r) => called(state, r));
  if (names.length)
    parts.push(
      card.kind === "help"
        ? `Helps with: ${names.join("; ")}`
        : card.part
          ? PARTS[card.part](names.map((n) => `“${n}”`).join("; "))
          : `About: ${names.join("; ")}`,
    );
  if (card.details?.stands_for) parts.push(`Is the same as “${called(state, card.details.stands_for)}” in the model`);
  return parts.join(". ");
}

const roleOf = (room, card) => {
  const person = room.state.participants?.[card.by];
  return person?.role === card.role ? person.label : (room.roles[card.role] ?? person?.label ?? card.role);
};

/** How it stands with what was not told by the server yet. */
export const waits = (room) =>
  room.connection.status !== "connected"
    ? "Waits here for the connection"
    : room.paused
      ? "Waits here until the pause is over"
      : "Sending…";

/** A card as an item of the list. */
export function cardItem(room, card) {
  const { state, you } = room;
  const mine = card.by === you.number;
  const aboutWords = about(room, card);
  const decision = card.decision;
  return h(
    "li",
    {
      class: `card${mine ? " mine" : ""}${card.waiting ? " waiting" : ""}${state.focus === card.id ? " in-focus" : ""}`,
      id: `card-${card.id}`,
      "data-key": card.id,
      tabindex: "-1",
    },
    h(
      "p",
      { class: "card-kind" },
      kindWords(room, card.kind),
      h("span", { class: "card-number" }, card.number ? `Card ${card.number}` : "new"),
    ),
    h("p", { class: "card-text" }, card.text),
    aboutWords && h("p", { class: "card-about" }, aboutWords),
    h(
      "p",
      { class: "card-by" },
      mark(state.participants?.[card.by]),
      roleOf(room, card),
      mine && " (you)",
      card.paper && `, paper card ${card.paper}`,
    ),
    card.waiting && h("p", { class: "card-waits" }, waits(room)),
    decision &&
      h(
        "p",
        { class: `card-decision ${decision.decision}` },
        h("strong", {}, DECISIONS[decision.decision]),
        decision.reason && `: ${decision.reason}`,
      ),
    views(room, card),
    !room.paused && !card.waiting && doings(room, card),
  );
}

function views(room, card) {
  const sum = stances(room.state, card.id);
  const words = sums(sum, dots(room.state, card.id));
  if (!words) return null;
  const reasons = sum.reasons.map((r) =>
    h("li", {}, mark(r.who), h("strong", {}, `${r.who?.label ?? "Someone"}: `), r.reason),
  );
  return h(
    "div",
    { class: "card-views", "data-key": "views" },
    h("p", { class: "card-sums" }, words),
    reasons.length ? h("ul", { class: "reasons" }, reasons) : null,
  );
}

function doings(room, card) {
  const weighing = ["weigh", "agree"].includes(room.state.phase) && !room.steers;
  return h(
    "div",
    { class: "card-doings", "data-key": "doings" }, // keyed, so that what one is writing stays when others act
    weighing && [stanceButtons(room, card), dotButtons(room, card)],
    room.steers &&
      room.state.phase === "agree" &&
      h(
        "div",
        { class: "row", "data-key": "decide" },
        button(card.decision ? "Decide anew…" : "Decide…", "decide", { "data-card": card.id }),
      ),
    h(
      "details",
      { class: "more", "data-key": "more" },
      h("summary", {}, h("span", {}, "More"), h("span", { class: "hidden" }, ` to do with card ${card.number ?? ""}`)),
      !weighing && [stanceButtons(room, card), dotButtons(room, card)],
      h("div", { class: "row" }, others(room, card)),
    ),
  );
}

function stanceButtons(room, card) {
  const own = room.state.stances?.[card.id]?.[room.you.number];
  return [
    h(
      "div",
      { class: "row", "data-key": "stances", role: "group", "aria-label": `How do you see card ${card.number ?? ""}?` },
      Object.entries(STANCES).map(([key, words]) =>
        button(words, "stance", {
          "data-stance": key,
          "data-card": card.id,
          "aria-pressed": String(own?.stance === key),
        }),
      ),
    ),
    own &&
      own.stance !== "agree" &&
      h(
        "form",
        {
          class: "why row",
          "data-act": "why",
          "data-card": card.id,
          "data-stance": own.stance,
          "data-key": `why-${card.id}`,
        },
        h("label", { for: `why-${card.id}` }, own.reason ? "Your reason" : "Why? The room will see it with your role."),
        h("input", {
          type: "text",
          id: `why-${card.id}`,
          name: "reason",
          maxlength: "500",
          value: own.reason,
          autocomplete: "off",
        }),
        h("button", { class: "small-button second" }, "Say why"),
      ),
  ];
}

function dotButtons(room, card) {
  const mine = room.state.votes?.[card.id]?.[room.you.number] ?? 0;
  const left = dotsLeft(room.state, room.you.number);
  return h(
    "div",
    { class: "row dots-row", "data-key": "dots" },
    mine > 0 && h("span", { class: "dots", "aria-hidden": "true" }, "●".repeat(mine)),
    button(mine ? `One more dot (${left} left)` : `Give a dot (${left} left)`, "vote", {
      "data-card": card.id,
      disabled: left === 0,
    }),
    mine > 0 && button("Take one back", "unvote", { "data-card": card.id }),
  );
}

function others(room, card) {
  const own = card.by === room.you.number || room.steers;
  const to = { "data-card": card.id };
  return [
    own && button("Change the words", "edit", to),
    button("Connect with…", "connect", to),
    button("Put together with…", "group", to),
    card.group && button("Take out of the group", "ungroup", to),
    card.parked ? button("Back from the parking lot", "unpark", to) : button("Into the parking lot", "park", to),
    own && button("Take the card back", "withdraw", to),
    room.steers && [
      room.state.focus === card.id
        ? button("Show all cards again", "unfocus", to)
        : button("Show this one to all", "focus", to),
      button("Says the same as…", "merge", to),
      room.state.phase !== "agree" && button("Decide…", "decide", to),
      ["accept"].includes(card.decision?.decision) && button("Finish its details…", "finish", to),
    ],
  ];
}
