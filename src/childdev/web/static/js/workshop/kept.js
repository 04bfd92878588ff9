// What a phone keeps while its workshop is open, so that the page opens again without a connection: the page and what
// belongs to it, and the room as it was last seen. It goes when the workshop closes. Only secure pages can keep it.
const KEPT = "childdev.workshop"; // as in worker.js
const PAUSE = 2000;
const WORKER = "/static/js/workshop/worker.js";

const place = (code) => `/workshops/${code}/last-seen`;

/** What the page carries; where it is a kept page, with the room as it was last seen. */
export async function withLastSeen(given) {
  if (!("kept" in document.body.dataset)) return given;
  const found = await (await caches.open(KEPT)).match(place(given.code));
  return { ...given, snapshot: (await found?.json()) ?? given.snapshot };
}

/** Keep the page of who takes part, and the room after each change, until the workshop is closed. */
export async function keep(room) {
  if (!("serviceWorker" in navigator)) return;
  const isNew = !navigator.serviceWorker.controller; // else the worker has kept the page as it came
  const letGo = () => caches.delete(KEPT);
  if (room.steers || room.state.closed) return letGo();
  try {
    await navigator.serviceWorker.register(WORKER, { scope: "/workshops/" });
    const kept = await caches.open(KEPT);
    let due = 0;
    const save = () => {
      due = 0;
      return room.state.closed ? letGo() : kept.put(place(room.code), new Response(JSON.stringify(room.snapshot)));
    };
    room.watch(() => (due ||= setTimeout(save, PAUSE)));
    if (!isNew) return;
    const parts = performance.getEntriesByType("resource").map((entry) => new URL(entry.name).pathname);
    await kept.addAll([location.pathname, ...new Set(parts.filter((path) => path.startsWith("/static/")))]);
  } catch {
    // no room to keep it, or no connection now: the page works as long as it is open
  }
}
