// What was written here and is not yet known to be with the server. It outlives a reload and a phone that sleeps.
// Each command has a place of its own, so that two tabs of one phone never write over each other.

export class Outbox {
  #prefix;
  #store;
  #count = 0;
  #changed;

  /** `code` of the workshop; `changed` is called after every change. */
  constructor(code, changed = () => {}) {
    this.#prefix = `childdev.workshop.${code}.out.`;
    this.#changed = changed;
    this.#store = kept();
    window.addEventListener("storage", (e) => e.key?.startsWith(this.#prefix) && this.#changed());
  }

  /** Everything in it, oldest first: {key, command, trouble?, sequence?}. */
  entries() {
    const keys = Object.keys(this.#store)
      .filter((k) => k.startsWith(this.#prefix))
      .sort();
    return keys.map((key) => ({ key, ...JSON.parse(this.#store[key]) }));
  }

  /** The next to be sent. */
  next() {
    return this.entries().find((e) => !e.trouble && !e.sequence);
  }

  /** The commands that count already in what is shown here: those to be sent, and those whose event has not come. */
  waiting() {
    return this.entries().filter((e) => !e.trouble);
  }

  /** What the server refused and the person has to look at. */
  troubles() {
    return this.entries().filter((e) => e.trouble);
  }

  add(command) {
    const key = `${this.#prefix}${String(Date.now()).padStart(14, "0")}.${String(this.#count++).padStart(5, "0")}.${command.id}`;
    this.#put(key, { command });
  }

  /** The server has it, as this event; it stays until that event has come. */
  stored(entry, sequence) {
    this.#put(entry.key, { command: entry.command, sequence });
  }

  refused(entry, trouble) {
    this.#put(entry.key, { command: entry.command, trouble });
  }

  remove(key) {
    delete this.#store[key];
    this.#changed();
  }

  /** The events up to this one have come, the last of them made by the command of this id. */
  came(sequence, id) {
    for (const entry of this.entries())
      if ((entry.sequence && entry.sequence <= sequence) || entry.command.id === id) delete this.#store[entry.key];
  }

  #put(key, value) {
    try {
      this.#store[key] = JSON.stringify(value);
    } catch {
      this.#store = { ...this.#store, [key]: JSON.stringify(value) }; // the phone keeps no more: keep it as long as the page is open
    }
    this.#changed();
  }
}

function kept() {
  try {
    localStorage.setItem("childdev.workshop", "1");
    localStorage.removeItem("childdev.workshop");
    return localStorage;
  } catch {
    return {};
  }
}
