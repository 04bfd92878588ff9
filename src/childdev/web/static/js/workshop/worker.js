// Brings the page of a room from the network, and from what is kept where the network does not answer.
const KEPT = "childdev.workshop"; // as in kept.js
const PATIENCE = 4000;
const A_DAY = 24 * 3600 * 1000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  const isPage = mode === "navigate" && /^\/workshops\/[a-z]{6}$/i.test(pathname);
  if (method !== "GET" || origin !== self.location.origin || !(isPage || pathname.startsWith("/static/"))) return;
  event.respondWith(freshOrKept(event, pathname, isPage));
});

async function freshOrKept(event, key, isPage) {
  const kept = await caches.open(KEPT);
  const found = await kept.match(key);
  try {
    const fresh = await Promise.race([fetch(event.request), ...(found ? [late()] : [])]);
    if (fresh.ok) event.waitUntil(kept.put(key, fresh.clone()));
    else if (fresh.status < 500) event.waitUntil(kept.delete(key)); // gone, or no longer for this person
    return fresh;
  } catch (e) {
    if (!found) throw e;
    if (!isPage) return found;
    if (Date.now() - Date.parse(found.headers.get("date")) < A_DAY) return marked(found);
    await caches.delete(KEPT); // a workshop of the past stays on nobody's phone
    throw e;
  }
}

const late = () => new Promise((_, fail) => setTimeout(() => fail(new Error("The network is too slow.")), PATIENCE));

/** The kept page, which says of itself that it is kept. */
async function marked(found) {
  const page = await found.text();
  return new Response(page.replace("<body ", "<body data-kept "), { headers: found.headers });
}
