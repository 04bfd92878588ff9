// What a card that was taken up still needs before it can be proposed for the model; filled in with the room.
import { ask, choice, field } from "./dialog.js";
import { h } from "./dom.js";
import { picker } from "./picker.js";
import { card } from "./state.js";
import { statements } from "./statements.js";

const area = (name, value, rows = 3) => {
  const box = h("textarea", { name, rows, maxlength: "1000" });
  box.value = value ?? "";
  return box;
};
const months = (name, value) =>
  h("input", { type: "number", name, min: "-9", max: "216", value: value ?? null, inputmode: "numeric" });
const oneOf = (name, options, chosen) =>
  choice(name, [["", "Choose…"], ...(options ?? []).map((o) => [o.key, o.label])], chosen ?? "");

/** Ask for the details of a card. */
export function finish(room, { card: id }) {
  const found = card(room.state, id);
  const details = found.details ?? {};
  const { kind } = found;
  const { choices } = room;
  const about = picker(room, kind === "help" ? "What does it help with?" : "What is it about?", {
    withCards: true,
    chosen: found.about?.[0] ?? "",
    not: () => `card/${id}`,
  });
  const statement = kind === "disagreement" ? statements(room, about) : null;
  const ends =
    kind === "link"
      ? [
          picker(room, "This…", { chosen: found.tie?.start ?? "" }),
          picker(room, "…that", { chosen: found.tie?.end ?? "" }),
        ]
      : null;
  const relation = choice("relation", Object.entries(room.relations), found.tie?.relation ?? "helps");
  const thing = ["feature", "help", "asset"].includes(kind);
  const parts = [
    h("blockquote", {}, found.text),
    thing &&
      field(
        "What does it mean?",
        area("definition", details.definition),
        "One or two sentences that anyone understands.",
      ),
    thing &&
      field(
        kind !== "feature" ? "How does it help? In one line." : "How would you say it to a family?",
        area("everyday_words", details.everyday_words, 2),
      ),
    kind === "feature" &&
      h(
        "div",
        { class: "pair" },
        field("Usually seen from (months)", months("first_months", details.first_months)),
        field("Usually seen by (months)", months("last_months", details.last_months)),
      ),
    kind === "feature" &&
      h(
        "fieldset",
        { class: "field" },
        h("legend", {}, "Stage"),
        (choices.stages ?? []).map((s) =>
          h(
            "label",
            { class: "tick" },
            h("input", {
              type: "checkbox",
              name: "stages",
              value: s.key,
              checked: (details.stages ?? []).includes(s.key),
            }),
            h("span", {}, s.label),
          ),
        ),
      ),
    kind === "feature" && field("Aspect of development", oneOf("domain", choices.domains, details.domain)),
    kind === "help" && field("Where does it happen?", oneOf("level", choices.levels, details.level)),
    kind === "asset" && field("What kind of strength is it?", oneOf("capital", choices.capitals, details.capital)),
    kind === "wording" &&
      field(
        "What does it word better?",
        choice(
          "part",
          [
            ["name", "its name"],
            ["definition", "what it means"],
            ["everyday-words", "how to say it to a family"],
          ],
          found.part ?? "everyday-words",
        ),
      ),
    ends
      ? [ends[0].element, field("How do they hang together?", relation), ends[1].element]
      : kind !== "feature" && [about.element, statement?.element],
  ].filter(Boolean);
  ask("Finish the details", parts, "Save", (answers) => {
    const number = (name) => (answers.get(name) ? Number(answers.get(name)) : null);
    const filled = { ...details };
    if (thing)
      Object.assign(filled, {
        definition: answers.get("definition").trim(),
        everyday_words: answers.get("everyday_words").trim(),
      });
    if (kind === "feature")
      Object.assign(filled, {
        first_months: number("first_months"),
        last_months: number("last_months"),
        stages: answers.getAll("stages"),
        domain: answers.get("domain") || null,
      });
    if (kind === "help") filled.level = answers.get("level") || null;
    if (kind === "asset") filled.capital = answers.get("capital") || null;
    if (filled.first_months !== null && filled.last_months !== null && filled.first_months > filled.last_months)
      return "The first age is later than the last one.";
    const command = { command: "fill-in", card: id, base: found.revision, details: filled };
    if (ends) {
      if (!ends[0].value || !ends[1].value) return "Choose both ends from the list that opens while you write.";
      command.tie = { start: ends[0].value, relation: answers.get("relation"), end: ends[1].value };
    } else if (about.value) command.about = [(statement ?? about).value, ...(found.about ?? []).slice(1)];
    if (kind === "wording") command.part = answers.get("part");
    room.send(command);
  });
}
