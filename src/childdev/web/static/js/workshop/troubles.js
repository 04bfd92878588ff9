// What the server did not take: each with the reason, the words kept, and what can be done now.
import { edit } from "./acts.js";
import { button, fill, h, uuid } from "./dom.js";
import { card, called } from "./state.js";

const written = (command) => command.card?.text ?? command.text ?? command.name ?? command.reason ?? command.why ?? "";

/** Show the troubles in `place`; nothing where there is none. */
export function showTroubles(room, place) {
  const found = room.outbox.troubles();
  place.hidden = found.length === 0;
  fill(
    place,
    found.length
      ? [
          h("h2", {}, found.length === 1 ? "One thing needs you" : `${found.length} things need you`),
          h(
            "ul",
            {},
            found.map((entry) => item(room, entry)),
          ),
        ]
      : [],
  );
}

function item(room, entry) {
  const { trouble, command } = entry;
  const to = { "data-entry": entry.key };
  const findings = (trouble.findings ?? []).map((f) => f.message).filter((m) => m && !trouble.detail.includes(m));
  if (trouble.current && trouble.yours?.text)
    return h(
      "li",
      { "data-key": entry.key },
      h("p", {}, h("strong", {}, "This card was changed by someone else meanwhile. Which words should stand?")),
      h(
        "div",
        { class: "both" },
        h(
          "div",
          {},
          h("p", { class: "quiet" }, "As it is now"),
          h("blockquote", {}, trouble.current.text),
          button("Keep these", "drop", to),
        ),
        h(
          "div",
          {},
          h("p", { class: "quiet" }, "Yours"),
          h("blockquote", {}, trouble.yours.text),
          button("Use mine", "mine", to),
          button("Mend mine first…", "mend", to),
        ),
      ),
    );
  return h(
    "li",
    { "data-key": entry.key },
    h("p", {}, h("strong", {}, trouble.detail), findings.length ? ` ${findings.join(" ")}` : ""),
    written(command) && h("blockquote", {}, written(command)),
    !written(command) &&
      command.tie &&
      h(
        "blockquote",
        {},
        `${called(room.state, command.tie.start)} ${room.relations[command.tie.relation]} ${called(room.state, command.tie.end)}`,
      ),
    h(
      "div",
      { class: "row" },
      ["add-card", "edit-card"].includes(command.command) && trouble.status !== 410 && button("Mend it", "mend", to),
      button("Leave it", "drop", to),
    ),
  );
}

/** What the buttons in it do. */
export function troubleActs(compose) {
  const entry = (room, { entry: key }) => room.outbox.troubles().find((e) => e.key === key);
  return {
    drop: (room, data) => room.outbox.remove(data.entry),
    mine(room, data) {
      const { command, trouble, key } = entry(room, data);
      room.outbox.remove(key);
      room.send({ ...command, id: uuid(), base: trouble.current.revision });
    },
    mend(room, data) {
      const { command, trouble, key } = entry(room, data);
      if (command.command === "add-card") {
        room.outbox.remove(key);
        compose.mend(command, trouble.detail);
        return;
      }
      const now = trouble.current ?? card(room.state, command.card);
      if (now) edit(room, now, command.text, now.revision, () => room.outbox.remove(key));
    },
  };
}
