// What part of the picture is seen, and how large. Nothing moves unless people ask, and then at once.

const LEAST = 0.02;
const MOST = 3;
const READ = 0.85; // the scale at which a thing is shown when it is looked for
const PLAIN = 0.6; // below this scale the whole is too small to be read, and the picture opens on its middle
const HEAD = 34; // room for the heads of columns
const NAMES = 150; // room for the names of lanes

/** What a picture's things and lanes take up, in its own units. */
export function bounds(data) {
  const named = data.lanes.some((lane) => lane.label);
  return {
    left: Math.min(named ? -NAMES : -20, ...data.nodes.map((n) => n.x - 20)),
    top: Math.min(data.columns.length ? -6 : -20, ...data.nodes.map((n) => n.y - HEAD)),
    right: Math.max(data.width + 20, ...data.nodes.map((n) => n.x + n.w + 20)),
    bottom: Math.max(data.height + 16, ...data.nodes.map((n) => n.y + n.h + 16)),
  };
}

export class Camera {
  constructor(network, holder) {
    this.network = network;
    this.holder = holder;
  }

  /** Take what there is to see. */
  take(data) {
    this.all = bounds(data);
  }

  get scale() {
    return this.network.getScale();
  }

  get #size() {
    return { w: this.holder.clientWidth, h: this.holder.clientHeight };
  }

  /** The scale at which everything is seen. */
  scaleOfAll() {
    const { left, right, top, bottom } = this.all;
    return Math.max(LEAST, Math.min(1, this.#size.w / (right - left), this.#size.h / (bottom - top)));
  }

  /** Show everything. */
  fit() {
    const { left, right, top, bottom } = this.all;
    this.#to({ x: (left + right) / 2, y: (top + bottom) / 2 }, this.scaleOfAll());
  }

  /** The view on opening: everything if it can be read, else the thing in question at a readable size. */
  open(node) {
    if (!node || this.scaleOfAll() >= PLAIN) this.fit();
    else this.centre(node, READ);
  }

  /** Bring a thing to the middle, readable, and no more emptiness into sight than must be. */
  centre(node, scale = Math.min(1, Math.max(this.scale, READ))) {
    const { w, h } = this.#size;
    const { left, right, top, bottom } = this.all;
    const at = middle(node);
    this.#to({ x: within(at.x, left, right, w / scale), y: within(at.y, top, bottom, h / scale) }, scale);
  }

  /** Closer or further; what lies at `at` (on the screen) stays there. */
  zoom(by, at = { x: this.#size.w / 2, y: this.#size.h / 2 }) {
    const before = this.network.DOMtoCanvas(at);
    this.#to(this.network.getViewPosition(), Math.max(LEAST, Math.min(MOST, this.scale * by)));
    const now = this.network.canvasToDOM(before);
    this.pan(at.x - now.x, at.y - now.y);
  }

  /** Move the picture by a way on the screen. */
  pan(dx, dy) {
    const at = this.network.getViewPosition();
    this.#to({ x: at.x - dx / this.scale, y: at.y - dy / this.scale }, this.scale);
  }

  /** Move no more than is needed to see all of a thing. */
  see(node) {
    const at = this.network.canvasToDOM(middle(node));
    const [w, h] = [(node.w * this.scale) / 2 + 12, (node.h * this.scale) / 2 + 12];
    const over = (low, high, size) => (low < 0 ? -low : high > size ? size - high : 0);
    const dx = over(at.x - w, at.x + w, this.#size.w);
    const dy = over(at.y - h - 24, at.y + h, this.#size.h);
    if (dx || dy) this.pan(dx, dy);
  }

  /** Where on the screen a thing stands. */
  where(node) {
    return this.network.canvasToDOM(middle(node));
  }

  /** What is seen now, in the picture's units. */
  seen() {
    const a = this.network.DOMtoCanvas({ x: 0, y: 0 });
    const b = this.network.DOMtoCanvas({ x: this.#size.w, y: this.#size.h });
    return { left: a.x, top: a.y, right: b.x, bottom: b.y };
  }

  #to(position, scale) {
    this.network.moveTo({ position, scale, animation: false });
  }
}

/** The middle of a box, whose place is its left upper corner. */
export const middle = (node) => ({ x: node.x + node.w / 2, y: node.y + node.h / 2 });

function within(at, low, high, size) {
  if (high - low <= size) return (low + high) / 2;
  return Math.max(low + size / 2, Math.min(at, high - size / 2));
}
