// After a thing was found: which of the statements about it is meant. So a view that differs stands beside its claim.
import { h } from "./dom.js";

let made = 0;

/** A choice that follows a picker; `value` is the statement chosen, else what the picker has. */
export function statements(room, about) {
  const id = `statement-${made++}`;
  const select = h("select", { id });
  const element = h(
    "div",
    { class: "field", hidden: true },
    h("label", { for: id }, "What is said of it that you see differently?"),
    select,
  );
  const of = () => (/^(card|claim)\//.test(about.value) ? "" : about.value);
  const look = async () => {
    const asked = of();
    element.hidden = true;
    select.replaceChildren();
    const told = asked && (await room.connection.get(`claims?of=${encodeURIComponent(asked)}`));
    if (!told || !told.claims.length || of() !== asked) return;
    select.replaceChildren(
      h("option", { value: "" }, "Something else, or all of it"),
      ...told.claims.map((c) => h("option", { value: c.name }, c.label)),
    );
    element.hidden = false;
  };
  about.element.addEventListener("chosen", look);
  about.input.addEventListener("input", look);
  if (about.value) look();
  return {
    element,
    get value() {
      return select.value || about.value;
    },
  };
}
