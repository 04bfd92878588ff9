// The lines of a picture: they leave a box at its side and come to the next at its side, so that no words are crossed
// out; weight says how strong the evidence is, dashes that it is contested.

const WEIGHTS = { established: 3.5, emerging: 2.2, "workshop-view": 1.2, contested: 1.8 };
const MANY = 300; // lines from which they are drawn fainter, so that things stay readable
const STEPS = 16; // points of a curve that are looked at when something is pointed at
const TIP = 9;

/** The curve between two boxes, as eight numbers: start, two handles, end. */
export function curve(a, b) {
  const [y1, y2] = [a.y + a.h / 2, b.y + b.h / 2];
  if (b.x >= a.x + a.w) return bent(a.x + a.w, y1, b.x, y2, (b.x - a.x - a.w) / 2);
  if (b.x + b.w <= a.x) return bent(a.x, y1, b.x + b.w, y2, -(a.x - b.x - b.w) / 2);
  const out = Math.max(a.x + a.w, b.x + b.w) + 46; // one above the other: round at the right, past what lies between
  return [a.x + a.w, y1, out, y1, out, y2, b.x + b.w, y2];
}

const bent = (x1, y1, x2, y2, way) => [x1, y1, x1 + way, y1, x2 - way, y2, x2, y2];

/** A point of a curve, `t` from 0 (start) to 1 (end). */
export function along([x1, y1, hx1, hy1, hx2, hy2, x2, y2], t) {
  const [a, b, c, d] = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t ** 3];
  return { x: a * x1 + b * hx1 + c * hx2 + d * x2, y: a * y1 + b * hy1 + c * hy2 + d * y2 };
}

export class Lines {
  #curves = new Map();
  #groups = [];

  /** Take the lines with the boxes (by id) that they join. `faint` says which to draw lightly. */
  take(edges, boxes, faint) {
    this.edges = edges;
    this.many = edges.length > MANY;
    this.#curves = new Map(edges.map((edge) => [edge.id, curve(boxes.get(edge.from), boxes.get(edge.to))]));
    const groups = Map.groupBy(edges, (edge) => `${edge.strength}|${edge.contested}|${faint(edge)}`);
    this.#groups = [...groups.values()].map((some) => ({ edge: some[0], faint: faint(some[0]), ...this.#paths(some) }));
  }

  #paths(edges) {
    const [strokes, tips] = [new Path2D(), new Path2D()];
    for (const edge of edges) {
      const at = this.#curves.get(edge.id);
      strokes.moveTo(at[0], at[1]);
      strokes.bezierCurveTo(at[2], at[3], at[4], at[5], at[6], at[7]);
      const side = at[4] <= at[6] ? -TIP : TIP;
      tips.moveTo(at[6], at[7]);
      tips.lineTo(at[6] + side, at[7] - TIP / 2);
      tips.lineTo(at[6] + side, at[7] + TIP / 2);
      tips.closePath();
    }
    return { strokes, tips };
  }

  /** Draw all; those with these ids again on top, in the colour of what is chosen. */
  draw(context, colours, chosen, line) {
    for (const group of this.#groups) this.#one(context, group, colours.quiet, group.faint ? 0.18 : this.many ? 0.5 : 0.85, 0);
    for (const edge of chosen) {
      const more = edge.id === line ? 2.5 : 0.6;
      this.#one(context, { edge, ...this.#paths([edge]) }, colours.accent, 1, more);
    }
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  #one(context, { edge, strokes, tips }, colour, alpha, more) {
    context.globalAlpha = alpha;
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = (WEIGHTS[edge.strength] ?? 1.5) + more;
    context.setLineDash(edge.contested ? [7, 5] : []);
    context.stroke(strokes);
    context.fill(tips);
  }

  /** The middle of a line. */
  middle(id) {
    return along(this.#curves.get(id), 0.5);
  }

  /** The line nearest to a point, if it is within `reach`. */
  near(at, reach) {
    let [found, least] = [null, reach];
    for (const [id, points] of this.#curves) {
      const [xs, ys] = [points.filter((_, i) => i % 2 === 0), points.filter((_, i) => i % 2)];
      if (at.x < Math.min(...xs) - reach || at.x > Math.max(...xs) + reach) continue;
      if (at.y < Math.min(...ys) - reach || at.y > Math.max(...ys) + reach) continue;
      const away = distance(points, at);
      if (away < least) [found, least] = [id, away];
    }
    return found;
  }
}

function distance(points, at) {
  let least = Infinity;
  let from = along(points, 0);
  for (let step = 1; step <= STEPS; step += 1) {
    const to = along(points, step / STEPS);
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const t = Math.max(0, Math.min(1, ((at.x - from.x) * dx + (at.y - from.y) * dy) / (dx * dx + dy * dy || 1)));
    least = Math.min(least, Math.hypot(from.x + t * dx - at.x, from.y + t * dy - at.y));
    from = to;
  }
  return least;
}
