// The box in which a card is written. What stands in it outlives a reload; close cards are shown while writing.
import { button, fill, h, later } from "./dom.js";
import { picker } from "./picker.js";
import { card } from "./state.js";
import { statements } from "./statements.js";

/** What a kind of card asks for besides its words. */
const ASKS = {
  help: ["about"],
  link: ["tie"],
  wording: ["about", "part"],
  question: ["about"],
  disagreement: ["about"],
};
/** What a card would become, and how alike (of 100) a thing of the model is to be worth a question. */
const THINGS = { feature: "feature", help: "environment", asset: "asset" };
const ALIKE = 55;
const ABOUT = {
  help: "What does it help with? (if you know)",
  wording: "For what?",
  question: "About what? (if it is about one thing)",
  disagreement: "About what?",
};
const TEXT = {
  link: "How do they hang together? Say it in your words.",
  wording: "Your words for it",
  disagreement: "How do you see it?",
};

export class Compose {
  phase = null;
  #room;
  #form;
  #announcer;
  #near;
  #problem;
  #fields = {};
  #asked = null;
  #sent = null;

  constructor(room, form, announcer) {
    this.#room = room;
    this.#form = form;
    this.#announcer = announcer;
    this.#near = document.getElementById("near");
    this.#problem = document.getElementById("compose-problem");
    this.#draft(true);
    form.addEventListener("submit", (e) => this.#submit(e));
    form.elements.kind.addEventListener("change", () => this.#shape());
    form.elements.text.addEventListener(
      "input",
      later(() => this.#look(), 250),
    );
    form.elements.text.addEventListener(
      "input",
      later(() => this.#draft(false), 300),
    );
    form.elements.text.addEventListener(
      "keydown",
      (e) => (e.ctrlKey || e.metaKey) && e.key === "Enter" && form.requestSubmit(),
    );
    this.#near.addEventListener("click", (e) => this.#chosen(e.target.closest("button")));
    this.#shape();
  }

  /** Close the box while the cards are paused. */
  show() {
    const { frozen, closed } = this.#room.state;
    this.#form.hidden = Boolean(closed);
    const sending = this.#form.querySelector("button[type=submit]");
    const words = frozen && !this.#room.steers ? "Keep it until the cards open again" : "Put it up";
    if (sending.textContent !== words) sending.textContent = words;
    this.#refused();
  }

  /** Put words back into the box, to be mended. */
  mend(command, words) {
    this.#form.elements.kind.value = command.card.kind;
    this.#form.elements.text.value = command.card.text;
    this.#shape();
    this.#draft(false);
    this.#wrong(words);
    this.#form.elements.text.focus();
  }

  #shape() {
    const kind = this.#form.elements.kind.value;
    const info = this.#room.kinds.find((k) => k.key === kind);
    document.getElementById("kind-hint").textContent = info?.hint ?? "";
    document.getElementById("text-label").textContent = TEXT[kind] ?? "Your card";
    this.#fields = {};
    const parts = [];
    for (const asked of ASKS[kind] ?? []) parts.push(...this.#field(asked, kind));
    const more = document.getElementById("compose-more");
    more.replaceChildren(...parts);
    const box = this.#form.elements.text.closest(".field");
    if (kind === "link" || kind === "wording") box.before(more);
    else box.after(more);
    this.#wrong("");
    this.#look();
  }

  #field(asked, kind) {
    if (asked === "about") {
      const about = (this.#fields.about = picker(this.#room, ABOUT[kind]));
      if (kind !== "disagreement") return [about.element];
      this.#fields.statement = statements(this.#room, about);
      return [about.element, this.#fields.statement.element];
    }
    if (asked === "part") {
      const id = "compose-part";
      const select = h(
        "select",
        { id },
        [
          ["name", "its name"],
          ["definition", "what it means"],
          ["everyday-words", "how to say it to a family"],
        ].map(([k, w]) => h("option", { value: k }, w)),
      );
      this.#fields.part = select;
      return [h("div", { class: "field" }, h("label", { for: id }, "What do you word better?"), select)];
    }
    const [start, end] = [picker(this.#room, "This…"), picker(this.#room, "…that")];
    const relation = h(
      "select",
      { id: "compose-relation" },
      Object.entries(this.#room.relations).map(([k, w]) => h("option", { value: k, selected: k === "helps" }, w)),
    );
    Object.assign(this.#fields, { start, end, relation });
    return [
      start.element,
      h("div", { class: "field" }, h("label", { for: "compose-relation" }, "how they hang together"), relation),
      end.element,
    ];
  }

  #card() {
    const kind = this.#form.elements.kind.value;
    const made = { kind, text: this.#form.elements.text.value.trim() };
    const { about, statement, part, start, end, relation } = this.#fields;
    if (start) {
      const typed = start.input.value.trim() || end.input.value.trim();
      if (typed && !(start.value && end.value))
        return "Choose both ends from the lists that open while you write; or leave both empty.";
      if (typed) made.tie = { start: start.value, relation: relation.value, end: end.value };
    }
    if (about?.input.value.trim() && !about.value)
      return "Choose from the list that opens while you write; or leave that box empty.";
    if (about?.value) made.about = [(statement ?? about).value];
    if (part && about.value) made.part = part.value;
    if (!made.text) return "Write a few words first.";
    return made;
  }

  #submit(e, more = {}) {
    e?.preventDefault();
    const made = this.#card();
    if (typeof made === "string") {
      this.#wrong(made);
      (made.startsWith("Write") ? this.#form.elements.text : (this.#fields.start ?? this.#fields.about).input).focus();
      return;
    }
    const id = this.#room.send({ command: "add-card", card: { ...made, ...more } });
    this.#sent = id;
    this.#clear();
    const { connection, state } = this.#room;
    this.#announcer.say(
      connection.status === "connected" && !state.frozen
        ? "Your card is up."
        : "Your card is kept here and sent later.",
    );
  }

  /** The card just sent was not taken: its words come back into the box, with the reason. */
  #refused() {
    const entry = this.#sent && this.#room.outbox.troubles().find((t) => t.command.id === this.#sent);
    if (!entry || this.#form.elements.text.value.trim()) return;
    this.#sent = null;
    this.#room.outbox.remove(entry.key);
    const found = (entry.trouble.findings ?? [])
      .map((f) => f.message)
      .filter((m) => m && !entry.trouble.detail.includes(m));
    this.mend(entry.command, [entry.trouble.detail, ...found].join(" "));
  }

  #clear() {
    this.#form.elements.text.value = "";
    this.#shape();
    this.#draft(false);
    fill(this.#near, []);
  }

  #wrong(words) {
    const [first, ...rest] = words.split(/(?<=[.?!]) /);
    fill(this.#problem, words ? [h("strong", {}, first), rest.length ? ` ${rest.join(" ")}` : ""].filter(Boolean) : []);
    this.#form.elements.text.toggleAttribute("aria-invalid", Boolean(words));
    if (words) this.#form.elements.text.setAttribute("aria-invalid", "true");
  }

  #draft(read) {
    const key = `childdev.workshop.${this.#room.code}.draft`;
    const { kind, text } = this.#form.elements;
    try {
      if (!read) localStorage.setItem(key, JSON.stringify({ kind: kind.value, text: text.value }));
      else if (!text.value) {
        const kept = JSON.parse(localStorage.getItem(key) ?? "{}");
        text.value = kept.text ?? "";
        if (kept.kind && [...kind.options].some((o) => o.value === kept.kind)) kind.value = kept.kind;
      }
    } catch {
      // a browser that keeps nothing: the words last as long as the page
    }
  }

  async #look() {
    const { kind, text } = this.#form.elements;
    const words = text.value.trim();
    this.#asked?.abort();
    if (words.length < 4 || this.#room.connection.status !== "connected") return fill(this.#near, []);
    this.#asked = new AbortController();
    const asked = this.#asked;
    const near = await this.#room.connection.get(
      `near?text=${encodeURIComponent(words)}&kind=${kind.value}`,
      asked.signal,
    );
    if (!asked.signal.aborted) fill(this.#near, near ? this.#close(near, kind.value) : []);
  }

  #close(near, kind) {
    const found = near.cards
      .map((c) => card(this.#room.state, c.id))
      .filter((c) => c && c.kind === kind)
      .slice(0, 2);
    const things = near.things.filter((t) => t.name.startsWith(`${THINGS[kind]}/`) && t.score >= ALIKE).slice(0, 2);
    if (!found.length && !things.length) return [];
    return [
      h("p", { class: "near-title" }, "Is it this one?"),
      h(
        "ul",
        {},
        found.map((c) =>
          h(
            "li",
            { "data-key": c.id },
            h("span", {}, c.text, h("span", { class: "quiet" }, ` (card ${c.number})`)),
            button("Yes, I support it", "support", { "data-card": c.id }),
          ),
        ),
        things.map((t) =>
          h(
            "li",
            { "data-key": t.name },
            h("span", {}, t.label, h("span", { class: "quiet" }, " (in the model already)")),
            button("Yes, I mean this", "same", { "data-name": t.name }),
          ),
        ),
      ),
      h("p", { class: "quiet" }, "If not, just put yours up."),
    ];
  }

  #chosen(from) {
    if (!from) return;
    const { act, card: id, name } = from.dataset;
    if (act === "support") {
      this.#room.send({ command: "stance", card: id, stance: "agree" });
      this.#clear();
      this.#announcer.say("You agree with that card.");
    } else if (act === "same") {
      this.#room.state.labels ??= {};
      this.#submit(null, { details: { stands_for: name } });
    }
    this.#form.elements.text.focus();
  }
}
