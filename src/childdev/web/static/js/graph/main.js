// A picture of how things hang together. The address says what is shown; every act asks for another address, and the
// picture and all that stands around it are taken from what the server makes of that.
import { asked, closing, focusing, opening, pinning, read, written } from "./address.js";
import { gestures } from "./gestures.js";
import { goToRow, markRows, wire } from "./listing.js";
import { save, seen, whole } from "./paper.js";
import { dataOf, pageOf, replace, unfold } from "./parts.js";
import { Picture } from "./picture.js";
import { NotShown, Source } from "./source.js";
import { fillToolbar, showTools } from "./toolbar.js";
import { Walk } from "./walking.js";
import { foundWords, lineWords, thingWords, whichWords } from "./words.js";

const at = (id) => document.getElementById(id);
const [holder, bar, status] = [at("network"), at("toolbar"), at("chosen")];
const source = new Source();
let shown = location.pathname + location.search;
let picture = null;
let walk = null;
let moveWithOne = null;

/** Say something, again too where it was just said. */
function say(words) {
  status.textContent = "";
  requestAnimationFrame(() => (status.textContent = words));
}

const query = () => read(location.search);
const depth = () => history.state?.depth ?? 0;
const chosen = () => picture.byId.get(picture.chosen) ?? null;

/** Show what an address says; `keep` is the thing that stays where it is. */
async function go(next, { keep = picture.chosen, push = true, words = "" } = {}) {
  const address = location.pathname + (next.size ? `?${written(next)}` : "");
  if (address === shown && push) return;
  const waiting = setTimeout(() => say("One moment …"), 300);
  try {
    const text = await source.ask(address);
    if (text === null) return;
    if (push) history.pushState({ depth: depth() + 1 }, "", address);
    const page = pageOf(text);
    shown = address;
    replace(page);
    take(dataOf(page), keep);
    say([words, words ? "" : summary()].filter(Boolean).join(" "));
  } catch (error) {
    if (!(error instanceof NotShown)) throw error;
    if (!push) history.replaceState(history.state, "", shown);
    picture.show(picture.data, keep);
    say(`${error.message} The picture is as it was.`);
  } finally {
    clearTimeout(waiting);
  }
}

function take(data, keep) {
  picture.show(data, keep);
  walk.stop();
  wire();
  mark();
}

/** What is shown now, and how it came about. */
function summary() {
  const text = query().get("q");
  const found = text ? foundWords(text, picture.data.nodes.filter((node) => node.match).length) : "";
  return `${found} ${at("said")?.textContent.split("The same as a list")[0].trim() ?? picture.data.hidden.sentence}`.trim();
}

function mark() {
  const node = chosen();
  const edges = picture.data.edges;
  markRows(picture.chosen, picture.line, edges);
  showTools(bar, node, {
    lines: node && edges.some((edge) => edge.from === node.id || edge.to === node.id),
    focus: query().get("focus"),
    marked: picture.searching,
  });
}

function words(id) {
  return thingWords(picture.byId.get(id), picture.linesOf(id, false).length, picture.linesOf(id, true).length);
}

/** Choose a thing, and the line on which one came to it. */
function choose(id, line = null, more = "") {
  picture.choose(id, line);
  mark();
  say(`${line ? `${lineWords(picture.edges.get(line))}${more} ` : ""}${words(id)}`);
}

function chooseLine(id) {
  picture.choose(null, id);
  mark();
  say(lineWords(picture.edges.get(id)));
}

function step(found) {
  if (found) choose(found.id, found.line, whichWords(found.at, found.of));
  else say("Nothing more that way.");
}

function start() {
  const node = chosen() ?? picture.about();
  if (node && !chosen()) choose(node.id);
  return node?.id;
}

/** What can be done, by the name that buttons and keys give it. */
const ACTS = {
  fit: () => picture.camera.fit(),
  closer: () => picture.camera.zoom(1.3),
  further: () => picture.camera.zoom(1 / 1.3),
  centre: () => picture.camera.centre(chosen() ?? picture.about()),
  undo: () => (depth() ? history.back() : say("There is nothing to undo.")),
  copy: copyLink,
  move: (button) => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    moveWithOne(on);
    say(on ? "One finger now moves the picture." : "One finger now moves the page.");
  },
  seen: () => saved(seen, "seen"),
  whole: () => saved(whole, "all"),
  open: () => open(start()),
  close: () => start() && go(closing(query(), picture.chosen), { words: "What hangs on it is closed." }),
  pin: () => pin(start()),
  focus: () => start() && go(focusing(query(), picture.chosen), { keep: null }),
  "next-line": () => nextLine(),
  "next-found": () => nextFound(),
};

function open(id) {
  const node = picture.byId.get(id);
  if (!node?.cluster && !node?.more) say("Nothing more hangs on it.");
  else go(opening(query(), id));
}

function pin(id, place) {
  const node = picture.byId.get(id);
  if (!node) return;
  const free = node.pinned && !place;
  const where = free ? null : (place ?? { x: node.x, y: node.y });
  go(pinning(query(), id, where), { keep: null, words: free ? `“${node.label}” is let go.` : `“${node.label}” is pinned here.` });
}

function nextLine() {
  const lines = [...picture.linesOf(start(), false), ...picture.linesOf(picture.chosen, true)];
  const line = lines[(lines.findIndex((edge) => edge.id === picture.line) + 1) % lines.length];
  picture.choose(picture.chosen, line.id);
  mark();
  say(lineWords(line));
}

function nextFound() {
  const id = walk.marked(picture.chosen);
  if (id) choose(id);
  else say("Nothing is marked. Search first.");
}

async function saved(make, name) {
  const legend = document.querySelector(".legend")?.textContent.replace(/\s+/g, " ").trim() ?? "";
  say("The image is being made …");
  save(await make(picture, legend), `childdev-${picture.data.view}-${name}.png`);
  say("The image is saved.");
}

async function copyLink() {
  const address = location.origin + picture.data.url;
  const [place, field] = [bar.querySelector(".copied"), at("copied")];
  try {
    await navigator.clipboard.writeText(address);
    place.hidden = true;
    say("The link is copied. It shows just this picture, as at this version.");
  } catch {
    place.hidden = false;
    field.value = address;
    field.focus();
    field.select();
    say("Copy the address that is shown. It brings back just this picture.");
  }
}

const KEYS = {
  ArrowLeft: () => step(walk.along(start(), false)),
  ArrowRight: () => step(walk.along(start(), true)),
  ArrowUp: () => step(walk.across(start(), false)),
  ArrowDown: () => step(walk.across(start(), true)),
  Enter: () => enter(start()),
  e: ACTS.open, c: ACTS.close, p: ACTS.pin, f: ACTS.focus, u: ACTS.undo, n: nextFound,
  l: () => goToRow() || say("Choose something first."),
  "+": ACTS.closer, "=": ACTS.closer, "-": ACTS.further, 0: ACTS.fit,
  Escape: leave,
};

/** To the list, which follows the picture. */
function leave() {
  const head = at("list").querySelector("h2, summary");
  if (head.tagName !== "SUMMARY") head.tabIndex = -1;
  head.focus();
}

function enter(id) {
  const node = picture.byId.get(id);
  if (node?.url) location.href = node.url;
  else if (node) open(id);
}

function listen() {
  holder.addEventListener("keydown", (event) => {
    const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  holder.addEventListener("focus", () => start());
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (!button) return;
    button.closest("details")?.removeAttribute("open");
    ACTS[button.dataset.act](button);
  });
  document.addEventListener("click", followed);
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "filters") return;
    event.preventDefault();
    go(asked(event.target), { keep: null });
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches?.('#filters input[type="checkbox"]')) event.target.form.requestSubmit();
  });
  addEventListener("beforeprint", unfold);
  addEventListener("popstate", () => location.pathname + location.search !== shown && go(query(), { push: false }));
}

/** Links to the same view, and the list's ways into the picture. */
function followed(event) {
  const show = event.target.closest(".show");
  if (show) {
    if (show.dataset.line) chooseLine(show.dataset.line);
    else choose(show.dataset.thing);
    holder.scrollIntoView({ block: "nearest" });
    return;
  }
  const link = event.target.closest("main a[href]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button || link.target) return;
  if (link.pathname !== location.pathname || link.origin !== location.origin || link.closest("#take")) return;
  if (link.search === location.search) return;
  event.preventDefault();
  go(read(link.search));
}

function begin() {
  const data = dataOf(document);
  holder.hidden = false;
  holder.tabIndex = 0;
  holder.setAttribute("role", "application");
  holder.setAttribute("aria-label", "Picture. Arrow keys walk along the lines, Enter opens the page, Escape leaves. The list below says the same.");
  picture = new Picture(holder, data, {
    chose: (id) => choose(id),
    line: chooseLine,
    hovered: (id) => id && say(lineWords(picture.edges.get(id))),
    opened: enter,
    placed: (id, place) => pin(id, place),
  });
  holder.picture = picture;
  walk = new Walk(picture);
  document.documentElement.classList.add("drawn");
  performance.mark("picture drawn");
  fillToolbar(bar, { touch: matchMedia("(any-pointer: coarse)").matches });
  moveWithOne = gestures(holder, picture);
  listen();
  if (!history.state) history.replaceState({ depth: 0 }, "");
  say(picture.camera.scaleOfAll() < 0.6 ? "Drag the picture to see more, or choose “Show all”." : "");
  requestAnimationFrame(() => setTimeout(wire)); // a long list takes longer than the picture
}

if (window.vis && at("graph")) {
  try {
    begin();
  } catch (error) {
    document.documentElement.classList.add("not-drawn"); // the still picture and the list remain
    holder.hidden = bar.hidden = true;
    unfold();
    throw error;
  }
} else {
  document.documentElement.classList.add("not-drawn");
  unfold();
}
