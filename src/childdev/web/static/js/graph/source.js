// The page as the server makes it for an address. What was shown is kept, so that going back is at once.

const PATIENCE = 20_000;
const KEPT = 20;

/** Why nothing new could be shown, as a sentence for people. */
export class NotShown extends Error {}

export class Source {
  #known = new Map();
  #asked = null;

  /** The text of the page at an address; null if another was asked meanwhile. Throws NotShown. */
  async ask(address) {
    this.#asked?.abort("another");
    if (this.#known.has(address)) return this.#known.get(address);
    const asked = (this.#asked = new AbortController());
    const waiting = setTimeout(() => asked.abort("late"), PATIENCE);
    try {
      const response = await fetch(address, { signal: asked.signal, headers: { Accept: "text/html" } });
      const text = await response.text();
      if (!response.ok) throw new NotShown(reason(text));
      this.#keep(address, text);
      return text;
    } catch (error) {
      if (error instanceof NotShown) throw error;
      if (asked.signal.reason === "another") return null;
      throw new NotShown("The server can't be reached at the moment. Try again in a minute.");
    } finally {
      clearTimeout(waiting);
    }
  }

  #keep(address, text) {
    this.#known.set(address, text);
    if (this.#known.size > KEPT) this.#known.delete(this.#known.keys().next().value);
  }
}

/** What an error page says. */
function reason(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  return page.querySelector("main .lead, main h1 + p, main p")?.textContent.trim() || "The server could not answer.";
}
