// The polite voice for who listens: what others did, gathered, so that it never talks without end.
import { HAPPENED } from "./words.js";

const PAUSE = 4000;

export class Announcer {
  #place;
  #counts = new Map();
  #last = 0;
  #timer = 0;

  constructor(place) {
    this.#place = place;
  }

  /** Something happened by someone else; told with all that happens within a few seconds. */
  note(kind) {
    if (!HAPPENED[kind]) return;
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    if (!this.#timer) this.#timer = setTimeout(() => this.#tell(), Math.max(500, this.#last + PAUSE - Date.now()));
  }

  /** Something that the person did themselves, told at once. */
  say(words) {
    this.#place.textContent = "";
    setTimeout(() => (this.#place.textContent = words), 60);
  }

  #tell() {
    this.#timer = 0;
    this.#last = Date.now();
    const told = [...this.#counts].map(([kind, n]) => HAPPENED[kind](n));
    this.#counts.clear();
    if (told.length) this.say(`${told.join(". ")}.`);
  }
}
