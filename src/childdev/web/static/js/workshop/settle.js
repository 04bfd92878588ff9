// Where meanings clash: each clash is a question to the room, with the choices there are.
import { ask, choice, field } from "./dialog.js";
import { button, fill, h } from "./dom.js";

/** Show the clashes in `place`: who steers can note what the room chose. */
export function showConflicts(room, place, conflicts) {
  const open = conflicts.filter((c) => !c.resolved);
  const settled = conflicts.filter((c) => c.resolved);
  place.hidden = conflicts.length === 0;
  fill(
    place,
    [
      h("h2", {}, open.length ? `To settle together (${open.length})` : "Settled together"),
      ...open.map((c) =>
        h(
          "div",
          { class: "conflict", "data-key": c.key },
          h("p", { class: "what" }, c.what),
          room.steers && !room.state.closed
            ? h(
                "div",
                { class: "row" },
                c.choices.map((o) => button(o.label, "resolve", { "data-conflict": c.key, "data-choice": o.key })),
              )
            : h(
                "ul",
                {},
                c.choices.map((o) => h("li", {}, o.label)),
              ),
        ),
      ),
      settled.length
        ? h(
            "details",
            { class: "more", "data-key": "settled" },
            h("summary", {}, `Settled (${settled.length})`),
            h(
              "ul",
              {},
              settled.map((c) =>
                h(
                  "li",
                  {},
                  c.what,
                  " ",
                  h("strong", {}, c.resolved.label),
                  c.resolved.reason ? ` (${c.resolved.reason})` : "",
                ),
              ),
            ),
          )
        : null,
    ].filter(Boolean),
  );
}

/** Note what the room chose, and why. */
export const resolver =
  (conflicts) =>
  (room, { conflict: key, choice: chosen }) => {
    const found = conflicts().find((c) => c.key === key);
    const reason = h("input", { type: "text", name: "reason", maxlength: "500", autocomplete: "off" });
    ask(
      "What did the room choose?",
      [
        h("p", {}, found.what),
        field(
          "Choice",
          choice(
            "choice",
            found.choices.map((o) => [o.key, o.label]),
            chosen,
          ),
        ),
        field("Why?", reason, "Goes into the record."),
      ],
      "Note it",
      (answers) => {
        room.send({
          command: "resolve-conflict",
          conflict: key,
          choice: answers.get("choice"),
          reason: answers.get("reason"),
        });
      },
    );
  };
