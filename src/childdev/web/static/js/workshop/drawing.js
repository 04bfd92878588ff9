// The parts of the canvas: tiles, groups, things of the model, and lines with their words.
import { about, kindWords } from "./cards.js";
import { h, mark, svg } from "./dom.js";
import { boxOf } from "./layout.js";
import { called, dots, lines, stances } from "./state.js";
import { groupName, sums } from "./words.js";

/** A card on the canvas. `how`: chosen, held, current (the one that Tab comes to). */
export function tile(room, c, how) {
  const { state } = room;
  const author = state.participants?.[c.by];
  const words = sums(stances(state, c.id), dots(state, c.id));
  const more = [
    kindWords(room, c.kind),
    about(room, c),
    author?.label,
    words,
    c.group && state.groups?.[c.group] && `in the group ${groupName(state.groups[c.group])}`,
    c.waiting && "not sent yet",
  ]
    .filter(Boolean)
    .join(". ");
  return h(
    "button",
    {
      type: "button",
      class: `tile${c.waiting ? " waiting" : ""}${how.chosen ? " chosen" : ""}${how.held ? " held" : ""}${state.focus === c.id ? " in-focus" : ""}`,
      "data-key": c.id,
      "data-card": c.id,
      tabindex: how.current ? "0" : "-1",
      "aria-pressed": String(how.chosen),
    },
    h("span", { class: "tile-kind" }, h("span", {}, kindWords(room, c.kind)), h("span", {}, c.number ?? "new")),
    h("span", { class: "tile-text" }, c.text),
    h("span", { class: "tile-foot", "aria-hidden": "true" }, mark(author), words || author?.label || ""),
    h("span", { class: "hidden" }, ` ${more}`),
  );
}

/** The box around a group; `held` while it is dragged. */
export function groupBox({ group: g, cards }, held) {
  return h(
    "div",
    { class: `group-box${held ? " held" : ""}`, "data-key": `group-${g.id}`, "data-group": g.id },
    h("span", { class: "group-name" }, groupName(g)),
    h("span", { class: "quiet" }, cards.length),
  );
}

/** Something of the model that a line leads to. */
export const thing = (room, name) =>
  h(
    "div",
    { class: "thing", "data-key": name },
    h("span", { class: "quiet" }, "In the model"),
    called(room.state, name),
  );

/** Lines, to lie under the cards, and their words, to lie above them. */
export function lineLayers(room, places) {
  const { state } = room;
  const { width, height } = places;
  const words = [];
  const parts = [
    svg(
      "defs",
      {},
      svg(
        "marker",
        { id: "tip", markerWidth: 9, markerHeight: 9, refX: 8, refY: 4.5, orient: "auto" },
        svg("path", { d: "M0 0L9 4.5L0 9z" }),
      ),
    ),
  ];
  for (const line of lines(state)) {
    const [a, b] = [boxOf(places, state, line.tie.start), boxOf(places, state, line.tie.end)];
    if (!a || !b) continue;
    const [p, q] = [edge(a, b), edge(b, a)];
    const { x, y } = clear(places, p, q);
    words.push(svg("text", { x, y: y - 4, "text-anchor": "middle" }, room.relations[line.tie.relation]));
    parts.push(
      svg(
        "g",
        { class: line.drawn ? "drawn" : "written" },
        svg("path", { d: `M${p.x} ${p.y}L${q.x} ${q.y}`, "marker-end": "url(#tip)" }),
      ),
    );
  }
  const layers = [parts, words].map((layer) =>
    svg(
      "svg",
      { class: "canvas-lines", width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
      ...layer,
    ),
  );
  layers[0].dataset.key = "lines";
  layers[1].dataset.key = "line-words";
  return layers;
}

/** A place on a line, near its middle, where words cover no card. */
function clear(places, p, q) {
  const on = (share) => ({ x: Math.round(p.x + (q.x - p.x) * share), y: Math.round(p.y + (q.y - p.y) * share) });
  const boxes = [...places.tiles.values()].map((b) => ({
    x: b.x - 30,
    y: b.y - 2,
    width: b.width + 60,
    height: b.height + 16,
  }));
  const share =
    [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.12, 0.88].find((s) => !boxes.some((b) => inside(b, on(s)))) ?? 0.5;
  return on(share);
}

/** Whether a point lies in a box. */
export const inside = (box, p) => p.x > box.x && p.x < box.x + box.width && p.y > box.y && p.y < box.y + box.height;

/** Where the line from the middle of one box to another leaves it. */
function edge(from, to) {
  const [cx, cy] = [from.x + from.width / 2, from.y + from.height / 2];
  const [dx, dy] = [to.x + to.width / 2 - cx, to.y + to.height / 2 - cy];
  const scale = Math.min(from.width / 2 / (Math.abs(dx) || 1e-6), from.height / 2 / (Math.abs(dy) || 1e-6));
  return { x: Math.round(cx + dx * scale), y: Math.round(cy + dy * scale) };
}
