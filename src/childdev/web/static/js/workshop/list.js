// The plain list of what the room has: the equal twin of the canvas.
import { cardItem, waits } from "./cards.js";
import { button, fill, h } from "./dom.js";
import { cards, grouped, lines, parked, called } from "./state.js";
import { count, groupName } from "./words.js";

/** Show all cards in `place`, by groups; with `mine`, one's own in a part of their own before. */
export function showList(room, place, mine = true) {
  const own = mine ? cards(room.state).filter((c) => c.by === room.you.number) : [];
  const groups = grouped(room.state);
  const total = groups.reduce((n, g) => n + g.cards.length, 0);
  const lot = parked(room.state);
  fill(
    place,
    [
      own.length
        ? part(
            room,
            "mine",
            `Your cards (${own.length})`,
            own,
            h("p", { class: "row" }, !room.paused && button("Take back the last thing I did", "undo-own")),
          )
        : null,
      h(
        "section",
        { class: "room-cards", "data-key": "room", "aria-labelledby": "room" },
        h("h2", { id: "room", tabindex: "-1" }, `The room (${count(total, "card")})`),
        total ? null : h("p", { class: "quiet" }, "No cards yet. The first one can be yours."),
        groups.map((g) =>
          h(
            "section",
            { class: g.group ? "card-group" : "card-group loose", "data-key": g.group?.id ?? "loose" },
            groups.length > 1 || g.group
              ? h(
                  "h3",
                  { "data-key": "head" },
                  g.group ? groupName(g.group) : "Not in a group",
                  ` (${g.cards.length})`,
                  g.group && !room.paused && button("Name it…", "name-group", { "data-group": g.group.id }),
                )
              : null,
            h(
              "ul",
              { class: "cards", "data-key": "cards" },
              g.cards.map((c) => cardItem(room, c)),
            ),
          ),
        ),
      ),
      connections(room),
      lot.length
        ? part(
            room,
            "lot",
            `Parking lot (${lot.length})`,
            lot,
            h("p", { class: "quiet" }, "For later; nothing here is lost."),
          )
        : null,
    ].filter(Boolean),
  );
}

function part(room, key, heading, found, before = null) {
  const items = found.map((c) => (key === "mine" ? ownLine(room, c) : cardItem(room, c)));
  return h(
    "section",
    { "data-key": key, class: `part-${key}`, "aria-labelledby": `h-${key}` },
    h("h2", { id: `h-${key}` }, heading),
    before,
    h("ul", { class: key === "mine" ? "own-lines" : "cards" }, items),
  );
}

/** One's own card in short; the whole card stands among those of the room. */
function ownLine(room, card) {
  return h(
    "li",
    { "data-key": `own-${card.id}` },
    card.number ? h("a", { href: `#card-${card.id}` }, card.text) : card.text,
    card.waiting
      ? h("span", { class: "card-waits" }, waits(room))
      : h("span", { class: "quiet" }, `Card ${card.number}`),
  );
}

function connections(room) {
  const found = lines(room.state);
  if (!found.length) return null;
  return h(
    "section",
    { "data-key": "lines", "aria-labelledby": "h-lines" },
    h("h2", { id: "h-lines" }, `Connections (${found.length})`),
    h(
      "ul",
      { class: "lines" },
      found.map((line) =>
        h(
          "li",
          { "data-key": `line-${line.id}` },
          h(
            "span",
            {},
            called(room.state, line.tie.start),
            h("strong", {}, ` ${room.relations[line.tie.relation]} `),
            called(room.state, line.tie.end),
          ),
          line.waiting && h("span", { class: "card-waits" }, "Waits here"),
          line.drawn && line.why && h("span", { class: "quiet" }, `Because: ${line.why}`),
          line.drawn &&
            !line.waiting &&
            !room.paused &&
            (line.by === room.you.number || room.steers) &&
            button("Take it away", "disconnect", { "data-line": line.id }),
        ),
      ),
    ),
  );
}
