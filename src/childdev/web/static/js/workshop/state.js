// The state of a workshop: the events applied one after another, and what can be read from it.

/** Put the effect of an event into a state. */
export function apply(state, patch) {
  for (const { path, after } of patch) {
    let place = state;
    for (const part of path.slice(0, -1)) place = place[part] ??= {};
    const last = path[path.length - 1];
    if (after === null) delete place[last];
    else place[last] = structuredClone(after);
  }
}

const byNumber = (a, b) => (a.number ?? Infinity) - (b.number ?? Infinity);
const values = (map) => Object.values(map ?? {});

/** The cards that are on the canvas, in the order in which they came; waiting ones last. */
export const cards = (state) =>
  values(state.cards)
    .filter((c) => !c.withdrawn && !c.merged_into)
    .sort(byNumber);

/** A card by its id, if it is on the canvas; one merged into another stands for that. */
export function card(state, id) {
  let found = state.cards?.[id];
  for (let i = 0; found?.merged_into && i < 20; i++) found = state.cards?.[found.merged_into];
  return found && !found.withdrawn ? found : null;
}

/** The cards of each group, of none, and the parked ones: [{group or null, cards}]. */
export function grouped(state) {
  const here = cards(state).filter((c) => !c.parked);
  const groups = values(state.groups).map((group) => ({ group, cards: here.filter((c) => c.group === group.id) }));
  const loose = here.filter((c) => !c.group || !state.groups?.[c.group]);
  return [
    ...groups.filter((g) => g.cards.length).sort((a, b) => byNumber(a.cards[0], b.cards[0])),
    ...(loose.length ? [{ group: null, cards: loose }] : []),
  ];
}

export const parked = (state) => cards(state).filter((c) => c.parked);

/** What a reference is called: a card's text, or the name of a thing of the model. */
export function called(state, reference) {
  const [kind, name] = [reference.slice(0, reference.indexOf("/")), reference.slice(reference.indexOf("/") + 1)];
  if (kind === "card") return card(state, name)?.text ?? "a card that is gone";
  return state.labels?.[reference] ?? name.replaceAll("-", " ");
}

/** How many agree, are unsure, differ, and the reasons of those who differ or are unsure. */
export function stances(state, id) {
  const sums = { agree: 0, unsure: 0, differ: 0, reasons: [] };
  for (const [number, { stance, reason }] of Object.entries(state.stances?.[id] ?? {})) {
    sums[stance] += 1;
    if (reason) sums.reasons.push({ who: state.participants?.[number], stance, reason });
  }
  return sums;
}

export const dots = (state, id) => values(state.votes?.[id]).reduce((a, b) => a + b, 0);

/** How many dots a participant still has. */
export function dotsLeft(state, number) {
  const spent = values(state.votes).reduce((sum, given) => sum + (given[number] ?? 0), 0);
  return Math.max(0, (state.setup?.dots ?? 5) - spent);
}

export const phase = (state) => state.setup?.phases?.find((p) => p.key === state.phase) ?? null;

/** Lines between cards and things: those that were drawn, and the cards that are links themselves. */
export function lines(state) {
  const drawn = values(state.connections).map((c) => ({
    id: c.id,
    tie: c.tie,
    why: c.why,
    by: c.by,
    role: c.role,
    drawn: true,
    waiting: c.waiting,
  }));
  const written = cards(state)
    .filter((c) => c.tie && c.kind === "link")
    .map((c) => ({ id: c.id, tie: c.tie, why: c.text, by: c.by, role: c.role, drawn: false, waiting: c.waiting }));
  return [...drawn, ...written].filter(({ tie }) =>
    [tie.start, tie.end].every((end) => !end.startsWith("card/") || card(state, end.slice(5))),
  );
}

/** What the state would be with what waits in the outbox; all of it is marked as waiting. */
export function ahead(state, commands, you) {
  if (!commands.length) return state;
  const next = structuredClone(state);
  for (const command of commands) WAITING[command.command]?.(next, command, you);
  return next;
}

const changed = (state, id, fields) => {
  const found = state.cards?.[id];
  if (found) Object.assign(found, fields, { waiting: true });
};
const WAITING = {
  "add-card": (s, c, you) => {
    (s.cards ??= {})[c.id] ??= {
      id: c.id,
      ...c.card,
      x: c.card.x ?? 0,
      y: c.card.y ?? 0,
      by: you.number,
      role: c.paper_role ?? you.role,
      revision: 0,
      paper: c.paper,
      waiting: true,
    };
  },
  "edit-card": (s, c) => changed(s, c.card, { text: c.text ?? s.cards?.[c.card]?.text }),
  "move-card": (s, c) => {
    const found = s.cards?.[c.card];
    if (found) Object.assign(found, { x: c.x, y: c.y }, c.group === undefined ? {} : { group: c.group });
  },
  "group-cards": (s, c) => {
    const group = c.group ?? c.id;
    if (!c.group) (s.groups ??= {})[group] ??= { id: group, name: c.name ?? "" };
    for (const id of c.cards) changed(s, id, { group });
  },
  ungroup: (s, c) => c.cards.forEach((id) => changed(s, id, { group: null })),
  "name-group": (s, c) => s.groups?.[c.group] && (s.groups[c.group].name = c.name),
  connect: (s, c, you) => {
    (s.connections ??= {})[c.id] ??= {
      id: c.id,
      tie: c.tie,
      why: c.why,
      by: you.number,
      role: you.role,
      waiting: true,
    };
  },
  disconnect: (s, c) => delete s.connections?.[c.connection],
  vote: (s, c, you) => {
    const given = ((s.votes ??= {})[c.card] ??= {});
    given[you.number] = Math.max(0, (given[you.number] ?? 0) + (c.dots ?? 1));
  },
  stance: (s, c, you) => {
    const taken = ((s.stances ??= {})[c.card] ??= {});
    if (c.stance) taken[you.number] = { stance: c.stance, reason: c.reason ?? "" };
    else delete taken[you.number];
  },
  park: (s, c) => changed(s, c.card, { parked: true }),
  unpark: (s, c) => changed(s, c.card, { parked: false }),
  "withdraw-card": (s, c) => changed(s, c.card, { withdrawn: true }),
};
