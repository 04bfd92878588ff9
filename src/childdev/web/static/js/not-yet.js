// "Not there yet?" without leaving anything behind: forms are sent and their answers shown in place, so that the browser
// keeps no entry with what was ticked. Once all that could be said for an age is here, the answer is put together on the
// device: no ticks leave it, and it works without a network. The words come from the server alone.

const main = document.getElementById("content");
const GONE = "There is no connection just now. Nothing was lost; try again in a moment, or print this page.";
let pieces = null; // a template with all that could be said for the age asked about
let back = []; // what stood here before, to go back to

function forms() {
  for (const form of main.querySelectorAll("form[data-here]")) {
    if (form.dataset.heard) continue;
    form.dataset.heard = "yes";
    form.addEventListener("submit", sent);
    if ("ticks" in form.dataset) fetchPieces(form);
  }
  for (const form of main.querySelectorAll("form[data-file]")) {
    if (form.dataset.heard) continue;
    form.dataset.heard = "yes";
    form.addEventListener("submit", saved);
  }
  for (const button of main.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.onclick = () => print();
  }
}

async function post(address, form) {
  const fields = new FormData(form);
  const body = form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
  return fetch(address, { method: "POST", body, cache: "no-store", referrerPolicy: "no-referrer", headers: { Accept: "text/html" } });
}

async function fetchPieces(form) {
  const status = form.querySelector("[data-status]");
  pieces = null;
  try {
    const asked = document.createElement("form");
    for (const field of form.querySelectorAll("input[type=hidden]")) asked.append(field.cloneNode());
    const answer = await post("/not-yet/pieces", asked);
    if (!answer.ok) return;
    const found = document.createElement("template");
    found.innerHTML = await answer.text();
    pieces = found;
    form.dataset.ready = "yes";
    status.textContent = "Nothing that you tick is kept, and it does not leave your device. From here on this works without a network.";
  } catch {
    // the answer will come from the server
  }
}

async function sent(event) {
  const form = event.target;
  event.preventDefault();
  if ("ticks" in form.dataset && pieces) return show(composed(form));
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const answer = await post(form.action, form);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const content = page.getElementById("content");
    if (!content) throw new Error("no page");
    show([...content.childNodes], answer.status === 422);
  } catch {
    tell(form, GONE);
  } finally {
    button.disabled = false;
  }
}

// a file is fetched and handed over, so that this page stays whatever the network does
async function saved(event) {
  const form = event.target;
  event.preventDefault();
  try {
    const answer = await post(form.action, form);
    if (!answer.ok) throw new Error("no file");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = form.dataset.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    form.querySelector("[data-told]")?.remove();
  } catch {
    tell(form, GONE);
  }
}

function tell(form, words) {
  let place = form.querySelector("[data-told]");
  if (!place) {
    place = document.createElement("p");
    place.dataset.told = "";
    place.setAttribute("role", "status");
    form.append(place);
  }
  place.textContent = words;
}

// a form that was refused stands where it stood; else what stood here is kept to go back to
function show(nodes, again = false) {
  const before = document.createDocumentFragment();
  before.append(...main.childNodes);
  if (!again) back.push(before);
  main.append(...nodes);
  if (back.length) main.prepend(backButton());
  settle();
}

function backButton() {
  const p = document.createElement("p");
  p.className = "no-print";
  p.dataset.back = "";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "second";
  button.textContent = "Back";
  button.onclick = () => {
    main.replaceChildren(back.pop());
    settle();
  };
  p.append(button);
  return p;
}

function settle() {
  forms();
  scrollTo(0, 0);
  (main.querySelector("#summary") ?? main.querySelector("h1"))?.focus({ preventScroll: true });
}

// ------------------------------------------------ putting the answer together

function composed(form) {
  const ticks = new Map();
  for (const [name, value] of new FormData(form)) if (name.startsWith("f.")) ticks.set(name.slice(2), value);
  const now = (slug) => ticks.get(slug) ?? "none";
  const answer = pieces.content.cloneNode(true);
  const all = (selector) => answer.querySelectorAll(selector);
  const keep = (selector, wanted) => all(selector).forEach((e) => wanted(e) || e.remove());
  const some = [...ticks.values()].includes("not-yet");

  keep("[data-when]", (e) => (e.dataset.when === "some") === some);
  keep("[data-onward]", () => some);
  keep("[data-feature]", (e) => now(e.dataset.feature) === "not-yet");
  keep("[data-of]", (e) => now(e.dataset.of) === "not-yet");
  keep("[data-shared] [data-root]", (e) => now(e.dataset.root) !== "seen" && e.querySelectorAll("[data-of]").length > 1);
  const shared = new Set([...all("[data-shared] [data-root]")].map((e) => e.dataset.root));
  keep("[data-roots] [data-root]", (e) => now(e.dataset.root) !== "seen" && !shared.has(e.dataset.root));
  keep("[data-shared], [data-roots]", (e) => e.querySelector("[data-root]"));
  keep("[data-state]", (e) => e.dataset.state === now(e.closest("[data-root]").dataset.root));
  keep("[data-helper]", (e) => e.querySelector("[data-of]"));
  keep("[data-helpers]", (e) => e.querySelector("[data-helper]"));
  for (const list of all("[data-first]")) {
    const rest = list.nextElementSibling;
    rest.querySelector("ul").append(...[...list.children].slice(Number(list.dataset.first)));
    if (!rest.querySelector("li")) rest.remove();
  }
  keep("[data-unsure]", (e) => now(e.dataset.unsure) === "not-sure");
  keep("[data-unsure-list]", (e) => e.querySelector("[data-unsure]"));
  keep('input[name="feature"]', (e) => now(e.value) === "not-yet");
  return [...answer.childNodes];
}

// who comes back by the browser's own button finds nothing of what was ticked
addEventListener("pagehide", () => {
  back = [];
  pieces = null;
  for (const form of main.querySelectorAll("form")) form.reset();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

forms();
