// Finding a card of the room or a thing of the model by writing a few letters (the combobox pattern).
import { h, later } from "./dom.js";
import { called, cards } from "./state.js";

let made = 0;

/** A box that finds things. `value` of what it returns is the reference chosen, or "". */
export function picker(
  room,
  label,
  { withCards = true, kind = "", chosen = "", not = () => "", hint = "Write a few letters, then choose." } = {},
) {
  const id = `pick-${made++}`;
  const input = h("input", {
    type: "text",
    id,
    role: "combobox",
    autocomplete: "off",
    "aria-expanded": "false",
    "aria-autocomplete": "list",
    "aria-controls": `${id}-list`,
    "aria-describedby": `${id}-hint`,
  });
  const list = h("ul", { id: `${id}-list`, role: "listbox", class: "options", "aria-label": label, hidden: true });
  const element = h(
    "div",
    { class: "field picker" },
    h("label", { for: id }, label),
    h("p", { class: "hint", id: `${id}-hint` }, hint),
    input,
    list,
  );
  const found = { element, value: chosen, input };
  if (chosen) input.value = called(room.state, chosen);
  let at = -1;

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (option) => {
    found.value = option.dataset.name;
    input.value = option.dataset.words;
    room.state.labels ??= {};
    close();
    element.dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
  };
  const show = (options) => {
    list.replaceChildren(
      ...options.map((o, i) =>
        h(
          "li",
          { role: "option", id: `${id}-${i}`, "data-name": o.name, "data-words": o.words, "aria-selected": "false" },
          o.words,
          h("span", { class: "quiet" }, ` ${o.note}`),
        ),
      ),
    );
    at = -1;
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(options.length > 0));
  };
  const look = later(async () => {
    const text = input.value.trim().toLowerCase();
    if (text.length < 2) return close();
    const own = withCards
      ? cards(room.state)
          .filter((c) => `card/${c.id}` !== not() && c.text.toLowerCase().includes(text))
          .slice(0, 5)
      : [];
    const told = await room.connection.get(`find?q=${encodeURIComponent(text)}${kind ? `&kind=${kind}` : ""}`);
    const begins = (t) => (t.label.toLowerCase().startsWith(text) ? 0 : 1);
    const things = (told?.things ?? []).sort((a, b) => begins(a) - begins(b)).slice(0, 6);
    if (input.value.trim().toLowerCase() !== text || found.value) return;
    show([
      ...own.map((c) => ({
        name: `card/${c.id}`,
        words: c.text,
        note: c.number ? `(card ${c.number})` : "(your card)",
      })),
      ...things.map((t) => ({ name: t.name, words: t.label, note: `(${t.kind})` })),
    ]);
  }, 200);

  input.addEventListener("input", () => {
    found.value = "";
    look();
  });
  input.addEventListener("keydown", (e) => {
    const options = [...list.children];
    if (e.key === "Escape" && !list.hidden) {
      close();
      e.preventDefault();
      e.stopPropagation();
    } else if (e.key === "Enter" && at >= 0) {
      choose(options[at]);
      e.preventDefault();
    } else if ((e.key === "ArrowDown" || e.key === "ArrowUp") && options.length && !list.hidden) {
      at = (at + (e.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
      options.forEach((o, i) => o.setAttribute("aria-selected", String(i === at)));
      input.setAttribute("aria-activedescendant", options[at].id);
      options[at].scrollIntoView({ block: "nearest" });
      e.preventDefault();
    }
  });
  list.addEventListener("pointerdown", (e) => e.preventDefault());
  list.addEventListener("click", (e) => {
    const option = e.target.closest("[role=option]");
    if (option) choose(option);
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  return found;
}
