// Walking through the picture: along lines, among several of them, and up and down a column.

export class Walk {
  #along = null; // the lines among which one can choose, and on which of them one came

  constructor(picture) {
    this.picture = picture;
  }

  /** Along the first line onward, or back; gives the new place, or null where no line leads. */
  along(from, onward) {
    const lines = this.picture.linesOf(from, onward);
    if (!lines.length) return null;
    const y = this.picture.byId.get(from).y;
    const away = (edge) => Math.abs(this.#end(edge, onward).y - y);
    const nearest = lines.reduce((best, edge, i) => (away(edge) < away(lines[best]) ? i : best), 0);
    return this.#go({ lines, onward, at: nearest, to: this.#end(lines[nearest], onward).id });
  }

  /** Another of the lines on which one could have come; else the next thing above or below. */
  across(from, down) {
    const along = this.#along;
    if (along?.to === from && along.lines.length > 1) {
      const at = (along.at + (down ? 1 : along.lines.length - 1)) % along.lines.length;
      return this.#go({ ...along, at, to: this.#end(along.lines[at], along.onward).id });
    }
    const here = this.picture.byId.get(from);
    const side = (node) => Math.abs(node.x - here.x);
    const found = [...this.picture.byId.values()]
      .filter((node) => (down ? node.y > here.y : node.y < here.y) && side(node) < here.w)
      .sort((a, b) => Math.abs(a.y - here.y) + side(a) - Math.abs(b.y - here.y) - side(b))[0];
    this.#along = null;
    return found ? { id: found.id, line: null, at: 0, of: 0 } : null;
  }

  /** The next thing that a search marked, after this one, from left to right. */
  marked(from) {
    const found = [...this.picture.byId.values()].filter((n) => n.match).sort((a, b) => a.x - b.x || a.y - b.y);
    this.#along = null;
    return found[(found.findIndex((node) => node.id === from) + 1) % (found.length || 1)]?.id ?? null;
  }

  /** Forget on which line one came. */
  stop() {
    this.#along = null;
  }

  #end(edge, onward) {
    return this.picture.byId.get(onward ? edge.to : edge.from);
  }

  #go(along) {
    this.#along = along;
    return { id: along.to, line: along.lines[along.at].id, at: along.at, of: along.lines.length };
  }
}
