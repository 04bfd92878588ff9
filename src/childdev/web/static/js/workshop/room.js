// One workshop as this browser knows it: the state told by the server, what waits here, and who looks on.
import { Connection } from "./connection.js";
import { uuid } from "./dom.js";
import { Outbox } from "./outbox.js";
import { ahead, apply } from "./state.js";

export class Room {
  presence = { here: {}, people: 0 };
  ready = false;
  #told;
  #view = null;
  #due = false;
  #cost = 0;
  #watchers = [];
  #hearers = [];

  /** `given`: what the page carries: code, you, snapshot, kinds, relations, choices. */
  constructor(given) {
    Object.assign(this, {
      code: given.code,
      you: given.you,
      kinds: given.kinds,
      relations: given.relations,
      choices: given.choices ?? {},
      roles: given.roles ?? {},
    });
    this.sequence = given.snapshot.sequence;
    this.#told = given.snapshot.state;
    this.outbox = new Outbox(this.code, () => this.#change());
    this.outbox.came(this.sequence);
    this.connection = new Connection(this.code, this.outbox, {
      after: () => this.sequence,
      event: (event) => this.#event(event),
      presence: (presence) => {
        this.presence = presence;
        this.#change();
      },
      ready: () => {
        this.ready = true;
        this.#change();
      },
      paused: () => this.paused,
      status: () => this.#change(),
    });
  }

  /** The state, with what waits here already in it and marked. */
  get state() {
    return (this.#view ??= ahead(
      this.#told,
      this.outbox.waiting().map((e) => e.command),
      this.you,
    ));
  }

  /** The room as the server told it last, as a page carries it. */
  get snapshot() {
    return { sequence: this.sequence, state: this.#told };
  }

  /** The server's time. */
  now() {
    return Date.now() + this.connection.ahead;
  }

  /** How many are here besides the facilitator. */
  get visitors() {
    return this.presence.people - (this.presence.here.facilitator ?? 0);
  }

  get steers() {
    return this.you.part === "facilitator";
  }

  /** Whether nothing can be done for now by this person. */
  get paused() {
    return Boolean(this.state.closed || (this.state.frozen && !this.steers) || this.you.part === "projector");
  }

  /** Do something: it is kept here until the server has it. Returns its id. */
  send(command) {
    const full = { id: uuid(), ...command };
    this.outbox.add(full);
    this.connection.flush();
    return full.id;
  }

  /** Call `show` now and, gathered, after every change. */
  watch(show) {
    this.#watchers.push(show);
    show();
  }

  /** Call `heard` with each event. */
  hear(heard) {
    this.#hearers.push(heard);
  }

  start() {
    this.connection.follow();
  }

  #event(event) {
    if (event.sequence !== this.sequence + 1) return; // known already, or the stream will bring what is between
    apply(this.#told, event.patch);
    this.sequence = event.sequence;
    this.outbox.came(event.sequence, event.id);
    for (const heard of this.#hearers) heard(event);
    if (event.kind === "unfrozen" || event.kind === "undone") this.connection.flush();
    this.#change();
  }

  #change() {
    this.#view = null;
    if (this.#due) return;
    this.#due = true;
    setTimeout(
      () => {
        this.#due = false;
        const begun = performance.now();
        this.outbox.came(this.sequence);
        this.#view = null;
        for (const show of this.#watchers) show();
        this.#cost = performance.now() - begun;
      },
      Math.max(25, 3 * this.#cost),
    ); // a slow phone shows less often, and stays usable
  }
}

/** What the page carries for the script. */
export const given = () => JSON.parse(document.getElementById("given").textContent);
