// Where everything lies on the canvas: the same for all who look, and nothing on top of anything else.
import { card, grouped, lines } from "./state.js";

export const TILE = { width: 220, height: 132 };
export const STEP = 20;
const GAP = 20;
const HEAD = 52;
const COLUMNS = 5;

/** Places of all: {tiles: id → box, groups: [{group, box, cards}], things: reference → box, width, height}. */
export function layout(state) {
  const taken = [];
  const tiles = new Map();
  const groups = [];
  const parts = grouped(state);
  for (const { group, cards } of parts.filter((p) => p.group)) {
    const columns = cards.length < 4 ? 1 : cards.length < 9 ? 2 : 3;
    const rows = Math.ceil(cards.length / columns);
    const size = { width: columns * (TILE.width + 8) + 4, height: HEAD + rows * (TILE.height + 8) };
    const box = free(taken, { ...wished(cards[0]), ...size });
    groups.push({ group, box, cards });
    cards.forEach((c, i) =>
      tiles.set(c.id, {
        x: box.x + 6 + (i % columns) * (TILE.width + 8),
        y: box.y + HEAD + Math.floor(i / columns) * (TILE.height + 8),
        ...TILE,
      }),
    );
  }
  const loose = parts.filter((p) => !p.group).flatMap((p) => p.cards);
  const placed = (c) => c.x || c.y;
  for (const c of loose.filter(placed)) tiles.set(c.id, free(taken, { x: c.x, y: c.y, ...TILE }));
  let slot = 0;
  for (const c of loose.filter((c) => !placed(c))) {
    let box = slotBox(slot);
    while (taken.some((t) => overlap(t, box))) box = slotBox(++slot);
    taken.push(box);
    tiles.set(c.id, box);
  }
  const right = Math.max(COLUMNS * (TILE.width + GAP) + GAP, ...taken.map((t) => t.x + t.width + GAP));
  const things = new Map();
  const ends = lines(state)
    .flatMap(({ tie }) => [tie.start, tie.end])
    .filter((end) => !end.startsWith("card/"));
  [...new Set(ends)].forEach((end, i) =>
    things.set(end, { x: right + 60, y: GAP + i * (92 + GAP), width: TILE.width, height: 92 }),
  );
  const all = [...taken, ...things.values()];
  return {
    tiles,
    groups,
    things,
    width: Math.max(...all.map((t) => t.x + t.width), 600) + 2 * GAP,
    height: Math.max(...all.map((t) => t.y + t.height), 480) + 5 * GAP,
  };
}

const slotBox = (slot) => ({
  x: GAP + (slot % COLUMNS) * (TILE.width + GAP),
  y: GAP + Math.floor(slot / COLUMNS) * (TILE.height + GAP),
  ...TILE,
});
const wished = (c) => (c.x || c.y ? { x: c.x, y: c.y } : { x: GAP, y: GAP });
const overlap = (a, b) =>
  a.x < b.x + b.width + 6 && b.x < a.x + a.width + 6 && a.y < b.y + b.height + 6 && b.y < a.y + a.height + 6;

/** The wished place, or the next one below or beside it where nothing lies yet. */
function free(taken, box) {
  let found = { ...box };
  for (
    let hit = taken.find((t) => overlap(t, found)), i = 0;
    hit && i < 200;
    hit = taken.find((t) => overlap(t, found)), i++
  ) {
    const below = hit.y + hit.height + GAP;
    found = below > 2400 ? { ...found, x: hit.x + hit.width + GAP, y: box.y } : { ...found, y: below };
  }
  taken.push(found);
  return found;
}

/** The box of what a line leads to. */
export const boxOf = (places, state, reference) =>
  reference.startsWith("card/") ? places.tiles.get(card(state, reference.slice(5))?.id) : places.things.get(reference);

/** On the grid, within the canvas. */
export const snapped = (n) => Math.min(9980, Math.max(STEP, Math.round(n / STEP) * STEP));
