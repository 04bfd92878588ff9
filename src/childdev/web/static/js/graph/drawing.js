// How things, lanes, columns and what is pointed at are drawn. Places and sizes come from the server.
import { FACE } from "./colours.js";
import { mark, outline } from "./shapes.js";
import { dots } from "./words.js";

const READABLE = 0.34; // below this scale words would be too small to read and are left out
const FAINT = 0.3;

/** Words broken into lines that fit; the font shrinks once before words are cut. */
function broken(context, words, width, height) {
  for (const [size, step] of [[15, 17], [13.5, 15]]) {
    context.font = `${size}px ${FACE}`;
    const most = Math.max(1, Math.floor((height - 6) / step));
    const lines = [""];
    for (const word of words.split(" ")) {
      const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
      if (context.measureText(longer).width <= width || !lines.at(-1)) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    if (lines.length <= most || size < 15) return { size, step, lines: cut(context, lines, most, width) };
  }
}

function cut(context, lines, most, width) {
  if (lines.length <= most) return lines;
  let last = lines[most - 1];
  while (last && context.measureText(`${last}…`).width > width) last = last.slice(0, -1);
  return [...lines.slice(0, most - 1), `${last.trimEnd()}…`];
}

/** Draws the things of a picture; remembers how their words were broken. */
export class Boxes {
  #broken = new Map();

  constructor(look) {
    this.look = look; // { colours, scale(), faint(node), chosen() }
  }

  forget() {
    this.#broken.clear();
  }

  draw(context, node, x, y, hovered) {
    const { colours } = this.look;
    const [left, top, chosen] = [x - node.w / 2, y - node.h / 2, this.look.chosen() === node.id];
    const family = colours[node.family] ?? colours.edge;
    context.globalAlpha = this.look.faint(node) ? FAINT : 1;
    if (node.cluster) this.#behind(context, node, left, top, family);
    outline(context, node.of ?? node.kind, left, top, node.w, node.h);
    context.fillStyle = chosen || hovered ? colours["accent-soft"] : node.centre ? (colours[`${node.family}-soft`] ?? colours["accent-soft"]) : colours.paper;
    context.fill();
    context.lineWidth = chosen ? 5 : node.centre || node.match ? 3.5 : 1.5;
    context.strokeStyle = chosen || node.match ? colours.accent : family;
    context.stroke();
    if (this.look.scale() >= READABLE) this.#words(context, node, left, top, family);
  }

  #behind(context, node, left, top, family) {
    outline(context, node.of, left + 5, top + 5, node.w, node.h);
    context.fillStyle = this.look.colours.paper;
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = family;
    context.stroke();
  }

  #words(context, node, left, top, family) {
    const { colours } = this.look;
    const start = node.family ? 28 : node.of === "environment" ? 18 : 12;
    const room = node.w - start - (node.pinned || node.more ? 26 : 10);
    const known = this.#broken.get(node.id) ?? broken(context, node.words, room, node.h);
    this.#broken.set(node.id, known);
    context.fillStyle = family;
    if (node.family) mark(context, node.family, left + 15, top + node.h / 2, 6);
    context.fillStyle = colours.ink;
    context.font = `${known.size}px ${FACE}`;
    context.textBaseline = "middle";
    context.textAlign = "left";
    const first = top + node.h / 2 - ((known.lines.length - 1) * known.step) / 2 + 1;
    for (const [i, line] of known.lines.entries()) context.fillText(line, left + start, first + i * known.step);
    context.textAlign = "right";
    context.font = `13px ${FACE}`;
    context.fillStyle = colours.quiet;
    const more = node.more ? `+${node.more}` : "";
    if (more) context.fillText(more, left + node.w - 7, top + node.h - 10);
    if (node.pinned) pin(context, left + node.w - 12, top + 12, colours.accent);
    context.textAlign = "left";
  }
}

function pin(context, x, y, colour) {
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x - 5, y + 8);
  context.stroke();
  context.beginPath();
  context.arc(x, y - 1, 4.5, 0, 2 * Math.PI);
  context.fill();
}

/** Bands of families behind the things. */
export function lanes(context, data, colours) {
  for (const lane of data.lanes) {
    context.fillStyle = colours[`${lane.family}-soft`] ?? colours.soft;
    context.fillRect(-14, lane.y, data.width + 28, lane.height);
  }
}

/** Heads of columns, kept in sight at the top, and names of lanes at their left. `seen` is in the picture's units. */
export function heads(context, data, colours, seen, scale) {
  const size = Math.max(13 / scale, 15);
  context.font = `${size}px ${FACE}`;
  context.textBaseline = "middle";
  for (const lane of data.lanes) name(context, lane, colours, Math.min(size, 24));
  if (!data.columns.length) return;
  const strip = size * 1.8;
  context.fillStyle = colours.soft;
  context.fillRect(seen.left, seen.top, seen.right - seen.left, strip);
  context.font = `${size}px ${FACE}`;
  context.fillStyle = colours.quiet;
  let free = -Infinity;
  for (const column of data.columns) {
    if (column.x < free) continue;
    context.fillText(column.label, column.x, seen.top + strip / 2);
    free = column.x + context.measureText(column.label).width + size;
  }
}

function name(context, lane, colours, size) {
  const y = lane.y + lane.height / 2;
  context.font = `${size}px ${FACE}`;
  context.fillStyle = colours[lane.family] ?? colours.quiet;
  const width = context.measureText(lane.label).width;
  context.fillText(lane.label, -28 - width, y);
  if (colours[lane.family]) mark(context, lane.family, -28 - width - size * 0.7, y - 1, size * 0.36);
}

/** The sentence of a line beside it, as large on the screen at every scale, and never out of sight. */
export function saying(context, edge, middle, colours, seen, scale) {
  const unit = 1 / scale;
  const width = Math.min(320 * unit, (seen.right - seen.left) * 0.9);
  context.font = `${15 * unit}px ${FACE}`;
  const lines = [""];
  const evidence = edge.strength_words ? ` ${dots(edge.strength)} ${edge.strength_words}` : "";
  for (const word of `${edge.sentence}${evidence ? "." : ""}${evidence}`.split(" ")) {
    if (lines.at(-1) && context.measureText(`${lines.at(-1)} ${word}`).width > width) lines.push(word);
    else lines[lines.length - 1] = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
  }
  const w = Math.max(...lines.map((line) => context.measureText(line).width)) + 20 * unit;
  const h = lines.length * 19 * unit + 12 * unit;
  const within = (at, low, high) => Math.max(low, Math.min(at, Math.max(low, high)));
  const x = within(middle.x - w / 2, seen.left + 6 * unit, seen.right - w - 6 * unit);
  const y = within(middle.y + 14 * unit, seen.top + 30 * unit, seen.bottom - h - 6 * unit);
  context.beginPath();
  context.roundRect(x, y, w, h, 6 * unit);
  context.fillStyle = colours.paper;
  context.fill();
  context.lineWidth = 2 * unit;
  context.strokeStyle = colours.accent;
  context.stroke();
  context.fillStyle = colours.ink;
  context.textBaseline = "middle";
  for (const [i, line] of lines.entries()) context.fillText(line, x + 10 * unit, y + (15.5 + 19 * i) * unit);
}
