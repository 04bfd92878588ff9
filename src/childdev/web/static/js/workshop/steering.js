// What the facilitator has beside the cards: the run sheet, the clock, who has spoken, what is still to do.
import { ask, field } from "./dialog.js";
import { button, fill, h, later, mark } from "./dom.js";
import { finish } from "./finish.js";
import { card, cards, phase } from "./state.js";
import { DECISIONS, count, sums } from "./words.js";

/** Keep the facilitator's panel up to date; returns what its buttons do. */
export function steer(room) {
  const at = (id) => document.getElementById(id);
  let agreement = { cards: [], silent: [] };
  let proposal = { unfinished: [] };
  const show = () => {
    fill(at("now"), now(room));
    fill(at("people"), people(room, agreement));
    fill(at("spread"), spread(room, agreement));
    fill(at("unfinished"), unfinished(room, proposal));
    for (const id of ["now", "joining", "closing"]) at(id).hidden = Boolean(room.state.closed);
    at("closed").hidden = !room.state.closed;
  };
  const ask = later(async () => {
    agreement = (await room.connection.get("agreement")) ?? agreement;
    if (Object.values(room.state.cards ?? {}).some((c) => c.decision))
      proposal = (await room.connection.get("proposal")) ?? proposal;
    else proposal = { unfinished: [] };
    show();
  }, 700);
  room.watch(show);
  room.hear(ask);
  ask();
  return { ...ACTS, finish, close: (r) => close(r, proposal.unfinished ?? []) };
}

function now(room) {
  const { state } = room;
  const phases = state.setup.phases;
  const here = phase(state);
  const next = phases[phases.indexOf(here) + 1];
  const running = Boolean(state.timer);
  return [
    h("p", { class: "kicker" }, `Part ${phases.indexOf(here) + 1} of ${phases.length}`),
    h("h2", {}, here?.label ?? ""),
    here?.say &&
      h("div", { class: "say" }, h("p", { class: "quiet" }, "Say, in your own words:"), h("p", {}, here.say)),
    h(
      "div",
      { class: "row" },
      running
        ? [button("2 minutes more", "more-time"), button("Stop the clock", "stop-clock")]
        : button(`Start the clock: ${count(here?.minutes ?? 10, "minute")}`, "start-clock"),
      state.frozen ? button("Open the cards again", "thaw") : button("Pause the cards", "freeze"),
      state.focus && button("Show all cards again", "unfocus"),
    ),
    next &&
      h(
        "div",
        { class: "row" },
        h("button", { type: "button", "data-act": "phase", "data-phase": next.key }, `Go on to: ${next.label}`),
      ),
    h(
      "details",
      { class: "more", "data-key": "sheet" },
      h("summary", {}, "The whole run sheet"),
      h(
        "ol",
        { class: "sheet-list" },
        phases.map((p) =>
          h(
            "li",
            { "aria-current": p === here ? "step" : null },
            h("strong", {}, p.label),
            ` ${count(p.minutes, "minute")} `,
            p !== here && button("Go there", "phase", { "data-phase": p.key }),
          ),
        ),
      ),
    ),
  ].filter(Boolean);
}

function people(room, agreement) {
  const { state } = room;
  const all = Object.values(state.participants ?? {});
  const others = all.filter((p) => p.part === "participant");
  return [
    h("h2", {}, "People"),
    h(
      "p",
      {},
      `${count(others.length, "person has", "people have")} joined; ${count(room.visitors, "is", "are")} here now.`,
    ),
    agreement.silent.length
      ? h(
          "div",
          { class: "silent" },
          h("p", {}, h("strong", {}, "Not heard yet:")),
          h(
            "ul",
            {},
            agreement.silent.map((s) => h("li", {}, `${s.label} (${s.people})`)),
          ),
        )
      : h(
          "p",
          { class: "quiet" },
          others.length ? "Every role has been heard." : "Nobody has joined yet. Show the code.",
        ),
    others.length && !state.closed
      ? h(
          "details",
          { class: "more", "data-key": "undo" },
          h("summary", {}, "Take back someone's last act"),
          h(
            "ul",
            { class: "people" },
            others.map((p) =>
              h(
                "li",
                { "data-key": p.number },
                h("span", {}, mark(p), `${p.label}, number ${p.number}`),
                button("Take back their last", "undo", { "data-participant": p.number }),
              ),
            ),
          ),
        )
      : null,
  ].filter(Boolean);
}

function spread(room, agreement) {
  const told = agreement.cards.filter((c) => c.agree + c.unsure + c.differ + c.dots > 0).slice(0, 30);
  if (!told.length)
    return [h("h2", {}, "How the room sees it"), h("p", { class: "quiet" }, "Nobody has given dots or answers yet.")];
  return [
    h("h2", {}, "How the room sees it"),
    h(
      "ul",
      { class: "spread" },
      told.map((c) =>
        h(
          "li",
          { "data-key": c.id },
          h("a", { href: `#card-${c.id}` }, c.text),
          h("span", { class: "quiet" }, sums(c, c.dots)),
          c.spread.length
            ? h(
                "ul",
                {},
                c.spread.map((s) => h("li", {}, `${s.label}: ${sums(s, 0)}`)),
              )
            : null,
          c.differing
            .filter((d) => d.reason)
            .map((d) => h("p", { class: "reason" }, h("strong", {}, `${d.label}: `), d.reason)),
          decided(room, c.id),
        ),
      ),
    ),
  ];
}

/** The decision on a card that people weighed, or the way to it: what has most dots is looked at first. */
function decided(room, id) {
  const decision = card(room.state, id)?.decision?.decision;
  const open = room.state.phase === "agree" && !room.state.closed;
  return (decision || open) && h(
    "div",
    { class: "row" },
    decision && h("strong", {}, DECISIONS[decision]),
    open && button(decision ? "Decide anew…" : "Decide…", "decide", { "data-card": id }),
  );
}

function unfinished(room, proposal) {
  const taken = cards(room.state).filter((c) => c.decision?.decision === "accept");
  if (!taken.length)
    return [
      h("h2", {}, "Taken up"),
      h("p", { class: "quiet" }, "When the room takes up a card, what it still needs is listed here."),
    ];
  const open = proposal.unfinished ?? [];
  return [
    h("h2", {}, `Taken up (${taken.length})`),
    h(
      "p",
      {},
      open.length
        ? `${count(open.length, "card needs", "cards need")} more before ${open.length === 1 ? "it" : "they"} can be proposed.`
        : "All of them have what they need.",
    ),
    h(
      "ul",
      { class: "people" },
      taken.map((c) => {
        const missing = open.find((u) => u.card === c.id)?.missing ?? [];
        return h(
          "li",
          { "data-key": c.id },
          h(
            "span",
            {},
            c.text,
            missing.length
              ? h("span", { class: "quiet" }, ` Missing: ${missing.join(", ")}.`)
              : h("span", { class: "quiet" }, " Complete."),
          ),
          !room.state.closed && button(missing.length ? "Fill in…" : "Look again…", "finish", { "data-card": c.id }),
        );
      }),
    ),
  ];
}

const ACTS = {
  phase: (room, data) => room.send({ command: "set-phase", phase: data.phase }),
  "start-clock": (room) => room.send({ command: "start-timer", seconds: 60 * (phase(room.state)?.minutes ?? 10) }),
  "more-time": (room) => room.send({ command: "extend-timer", seconds: 120 }),
  "stop-clock": (room) => room.send({ command: "stop-timer" }),
  freeze: (room) => room.send({ command: "freeze" }),
  thaw: (room) => room.send({ command: "unfreeze" }),
  undo: (room, data) => room.send({ command: "undo", participant: Number(data.participant) }),
  async projector(room) {
    const csrf = document.querySelector("input[name=csrf]")?.value;
    const response = await fetch(`/workshops/${room.code}/projector`, {
      method: "POST",
      headers: { Accept: "application/json", ...(csrf ? { "X-CSRF": csrf } : {}) },
    }).catch(() => null);
    const told = response?.ok ? await response.json() : null;
    const box = h("input", { type: "text", readonly: true, value: told?.url ?? "" });
    ask(
      "Link for the projector",
      told
        ? [
            field(
              "Open this address on the computer of the projector",
              box,
              "It only shows the room; nothing can be changed with it. It is told only this once.",
            ),
          ]
        : h("p", {}, "There is no link just now. Try again when you are connected."),
      "",
      () => {},
    );
    box.select();
  },
};

function close(room, open) {
  const words = h("textarea", { name: "words", rows: "3", maxlength: "1000" });
  const left = open.length
    ? h(
        "p",
        { class: "note-box caution" },
        `${count(open.length, "card", "cards")} that the room took up still ${open.length === 1 ? "lacks" : "lack"} something and would not be proposed. Fill ${open.length === 1 ? "it" : "them"} in first; after closing that can't be done.`,
      )
    : null;
  ask(
    "Close the workshop",
    [
      left,
      h(
        "p",
        {},
        "Nobody can add anything after that. Then you find the record here, and what can be proposed for the model.",
      ),
      field("Last words for the record (if you like)", words),
    ],
    "Close it",
    (answers) => void room.send({ command: "close", words: answers.get("words").trim() }),
  );
}
