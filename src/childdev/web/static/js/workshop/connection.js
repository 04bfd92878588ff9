// Events in, commands out. Says at every moment how the connection is: "connected", "catching-up", "offline", "out".
// The stream is read by fetch, so that the signs of life in it and its status are seen: a phone often doesn't notice
// that a connection died while it slept.

const SILENCE = 40_000;
const sleep = (wait) => new Promise((done) => setTimeout(done, wait));

export class Connection {
  status = "catching-up";
  /** How far the server's clock is ahead of this one, in milliseconds. */
  ahead = 0;
  #address;
  #outbox;
  #on;
  #abort = null;
  #wake = null;
  #sending = false;
  #failures = 0;

  /** `on`: after() → last sequence, event(e), presence(p), ready(), paused(), status(). */
  constructor(code, outbox, on) {
    this.#address = `/workshops/${code}`;
    this.#outbox = outbox;
    this.#on = on;
    window.addEventListener("online", () => this.again());
    window.addEventListener("offline", () => this.#abort?.abort());
    document.addEventListener("visibilitychange", () => document.hidden || this.status === "connected" || this.again());
    window.addEventListener("pageshow", (e) => e.persisted && this.again());
  }

  /** Follow for as long as the page is open. */
  async follow() {
    for (;;) {
      const read = await this.#once();
      if (this.status === "out") return;
      this.#failures = read ? 0 : this.#failures + 1;
      this.#say(navigator.onLine && this.#failures < 2 ? "catching-up" : "offline");
      const pause = Math.min(8000, 250 * 2 ** this.#failures) * (0.7 + 0.6 * Math.random());
      await Promise.race([sleep(pause), new Promise((done) => (this.#wake = done))]);
    }
  }

  /** Try at once. */
  again() {
    this.#failures = 0;
    this.#abort?.abort();
    this.#wake?.();
    this.flush();
  }

  /** Ask the server for something; the JSON, or null where it can't be had. */
  async get(path, signal) {
    try {
      const response = await fetch(`${this.#address}/${path}`, { headers: { Accept: "application/json" }, signal });
      this.#clock(response);
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }

  async #once() {
    const abort = (this.#abort = new AbortController());
    let watch = 0;
    const alive = () => {
      clearTimeout(watch);
      watch = setTimeout(() => abort.abort(), SILENCE);
    };
    let read = false;
    try {
      alive();
      const response = await fetch(`${this.#address}/events?after=${this.#on.after()}`, {
        headers: { Accept: "text/event-stream" },
        signal: abort.signal,
        cache: "no-store",
      });
      if (response.status === 401 || response.status === 404) this.#say("out");
      if (!response.ok) return false;
      this.#clock(response);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return read;
        alive();
        read = true;
        const parts = (rest + value).split("\n\n");
        rest = parts.pop();
        for (const part of parts) this.#take(part, abort);
      }
    } catch {
      return read; // the network went, the server stopped, or the phone slept: come again
    } finally {
      clearTimeout(watch);
    }
  }

  #take(part, abort) {
    let kind = "message";
    let data = "";
    for (const line of part.split("\n")) {
      if (line.startsWith("event: ")) kind = line.slice(7);
      else if (line.startsWith("data: ")) data += line.slice(6);
    }
    if (!data) return;
    const told = JSON.parse(data);
    if (kind === "change") {
      if (told.sequence > this.#on.after() + 1)
        abort.abort(); // something is missing: ask again from where we are
      else this.#on.event(told);
    } else if (kind === "presence") this.#on.presence(told);
    else if (kind === "ready") {
      this.#say("connected");
      this.#on.ready();
      this.flush();
    }
  }

  /** Send what waits, in order, one after another. */
  async flush() {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let entry = this.#outbox.next(); entry; entry = this.#outbox.next()) {
        const wait = await this.#send(entry);
        if (wait < 0) return; // when the connection is back
        if (wait > 0) await sleep(wait);
      }
    } finally {
      this.#sending = false;
    }
  }

  async #send(entry) {
    let response;
    try {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 15_000);
      const csrf = document.querySelector("input[name=csrf]")?.value;
      const headers = {
        "Content-Type": "application/json",
        Accept: "application/json",
        ...(csrf ? { "X-CSRF": csrf } : {}),
      };
      response = await fetch(`${this.#address}/commands`, {
        method: "POST",
        headers,
        body: JSON.stringify(entry.command),
        signal: abort.signal,
      });
      this.#clock(response);
    } catch {
      if (this.status === "connected") this.#abort?.abort(); // the stream will tell when there is a connection again
      return -1;
    }
    if (response.ok) {
      const { event, sequence } = await response.json();
      if (event === null) this.#outbox.remove(entry.key);
      else {
        this.#outbox.stored(entry, sequence ?? event.sequence);
        this.#on.event(event);
      }
      return 0;
    }
    if (response.status === 401) {
      this.#say("out");
      return -1;
    }
    if (response.status === 423) return this.#on.paused() ? -1 : 500; // the event that ends the pause sends it
    if (response.status === 429 || response.status >= 500)
      return 1000 * (Number(response.headers.get("Retry-After")) || 2);
    const problem = await response.json().catch(() => ({}));
    this.#outbox.refused(entry, {
      status: response.status,
      detail: problem.detail ?? "This could not be taken.",
      findings: problem.findings,
      current: problem.current,
      yours: problem.yours,
    });
    return 0;
  }

  #clock(response) {
    const told = Date.parse(response.headers.get("Date") ?? "");
    if (told) this.ahead = told + 500 - Date.now();
  }

  #say(status) {
    if (this.status === status) return;
    this.status = status;
    this.#on.status();
  }
}
