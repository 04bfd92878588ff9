// The shared canvas: cards on a grid, groups around them, lines with words between them.
// By pointer: drag; click to choose. By keyboard: arrows walk, Space chooses, arrows then move what is chosen, Enter
// opens what can be done, Esc lets go. The list says the same.
import { connect, group, nameGroup } from "./acts.js";
import { ask } from "./dialog.js";
import { button, fill, h } from "./dom.js";
import { groupBox, inside, lineLayers, thing, tile } from "./drawing.js";
import { STEP, TILE, layout, snapped } from "./layout.js";
import { card } from "./state.js";
import { count } from "./words.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Canvas {
  #room;
  #place;
  #announcer;
  #tools;
  #chosen = new Set();
  #at = null;
  #places = null;
  #held = null;

  constructor(room, place, tools, announcer) {
    this.#room = room;
    this.#place = place;
    this.#tools = tools;
    this.#announcer = announcer;
    this.#place.append(h("div", { class: "sheet" }));
    this.#place.addEventListener("keydown", (e) => this.#key(e));
    this.#place.addEventListener("focusin", (e) => this.#enter(e.target.closest(".tile")?.dataset.card));
    this.#place.addEventListener("pointerdown", (e) => this.#take(e));
    this.#place.addEventListener("pointermove", (e) => this.#drag(e));
    this.#place.addEventListener("pointerup", (e) => this.#drop(e));
    this.#place.addEventListener("pointercancel", () => this.#letGo());
    this.#tools.addEventListener("click", (e) => this.#tool(e.target.closest("button")?.dataset.tool));
  }

  show() {
    const { state } = this.#room;
    for (const id of this.#chosen) if (!card(state, id)) this.#chosen.delete(id);
    this.#places = layout(state);
    const { tiles, groups, things, width, height } = this.#places;
    if (!tiles.has(this.#at)) this.#at = tiles.keys().next().value ?? null;
    const sheet = this.#place.firstElementChild;
    sheet.style.width = `${width}px`;
    sheet.style.height = `${height}px`;
    const [drawn, words] = lineLayers(this.#room, this.#places);
    const held = this.#held?.moved ? this.#held.element.dataset.key : null;
    fill(
      sheet,
      [
        ...groups.map((g) => groupBox(g, held === `group-${g.group.id}`)),
        drawn,
        ...[...tiles.keys()].map((id) =>
          tile(this.#room, card(state, id), {
            chosen: this.#chosen.has(id),
            held: held === id,
            current: id === this.#at,
          }),
        ),
        ...[...things.keys()].map((name) => thing(this.#room, name)),
        words,
        tiles.size ? null : h("p", { class: "quiet empty", "data-key": "empty" }, "No cards yet."),
      ].filter(Boolean),
    );
    this.#put(sheet);
    this.#showTools();
  }

  /** Everything to its place. Styles set by script are allowed where inline ones are not. */
  #put(sheet) {
    const at = (element, box) => {
      if (!element || element === this.#held?.element) return;
      Object.assign(element.style, {
        left: `${box.x}px`,
        top: `${box.y}px`,
        width: `${box.width}px`,
        height: `${box.height}px`,
      });
    };
    const elements = new Map([...sheet.children].map((e) => [e.dataset.key, e]));
    for (const [id, box] of this.#places.tiles) at(elements.get(id), box);
    for (const { group: g, box } of this.#places.groups) at(elements.get(`group-${g.id}`), box);
    for (const [name, box] of this.#places.things) at(elements.get(name), box);
  }

  // ---- choosing and doing

  #showTools() {
    const n = this.#chosen.size;
    const grouped = [...this.#chosen].filter((id) => card(this.#room.state, id)?.group);
    const tool = (words, name, enabled = true) =>
      button(words, "", { "data-tool": name, "data-key": name, disabled: !enabled || this.#room.paused });
    fill(this.#tools, [
      h(
        "span",
        { class: "tools-said", "data-key": "said" },
        n
          ? `${count(n, "card")} chosen:`
          : matchMedia("(pointer: coarse)").matches
            ? "Tap a card to choose it."
            : "Click a card to choose it, drag it to move it.",
      ),
      ...(n
        ? [
            tool(n > 1 ? "Put together" : "Put together with…", "group"),
            tool("Connect…", "connect"),
            tool("Take out of the group", "ungroup", grouped.length > 0),
            tool("Name the group…", "name", grouped.length > 0),
            tool("←", "ArrowLeft"),
            tool("→", "ArrowRight"),
            tool("↑", "ArrowUp"),
            tool("↓", "ArrowDown"),
            tool("Let go", "none"),
          ]
        : []),
    ]);
    for (const [name, words] of [
      ["ArrowLeft", "Move left"],
      ["ArrowRight", "Move right"],
      ["ArrowUp", "Move up"],
      ["ArrowDown", "Move down"],
    ])
      this.#tools.querySelector(`[data-tool=${name}]`)?.setAttribute("aria-label", words);
  }

  #tool(name) {
    const ids = [...this.#chosen];
    if (!name) return;
    if (ARROWS[name]) return this.#move(ids, ARROWS[name], 3);
    if (name === "group") this.#together(ids);
    else if (name === "connect") connect(this.#room, `card/${ids[0]}`, ids[1] ? `card/${ids[1]}` : "");
    else if (name === "ungroup")
      this.#room.send({ command: "ungroup", cards: ids.filter((id) => card(this.#room.state, id)?.group) });
    else if (name === "name")
      nameGroup(
        this.#room,
        card(
          this.#room.state,
          ids.find((id) => card(this.#room.state, id)?.group),
        ).group,
      );
    if (name === "none" || name === "ungroup") this.#chosen.clear();
    this.show();
  }

  #together(ids) {
    const there = ids.map((id) => card(this.#room.state, id)?.group).find(Boolean);
    if (ids.length > 1) {
      this.#room.send({ command: "group-cards", cards: ids, ...(there ? { group: there } : {}) });
      this.#announcer.say(`${count(ids.length, "card")} put together.`);
      this.#chosen.clear();
    } else group(this.#room, ids, () => this.#chosen.clear());
  }

  #toggle(id) {
    if (this.#chosen.has(id)) this.#chosen.delete(id);
    else this.#chosen.add(id);
    this.#announcer.say(
      this.#chosen.has(id)
        ? `Chosen. ${count(this.#chosen.size, "card")} chosen. Arrow keys move, Enter for more.`
        : "Let go.",
    );
    this.show();
  }

  #enter(id) {
    if (!id || id === this.#at) return;
    this.#at = id;
    for (const tile of this.#place.querySelectorAll(".tile")) tile.tabIndex = tile.dataset.card === id ? 0 : -1;
  }

  // ---- by keyboard

  #key(e) {
    const id = e.target.closest(".tile")?.dataset.card;
    if (!id || e.ctrlKey || e.altKey || e.metaKey) return;
    if (ARROWS[e.key])
      this.#chosen.size && !this.#room.paused
        ? this.#move([...this.#chosen], ARROWS[e.key], e.shiftKey ? 5 : 1)
        : this.#walk(id, ARROWS[e.key]);
    else if (e.key === " ") this.#toggle(id);
    else if (e.key === "Enter") this.#menu(id);
    else if (e.key === "Escape" && this.#chosen.size) {
      this.#chosen.clear();
      this.#announcer.say("Let go.");
      this.show();
    } else return;
    e.preventDefault();
  }

  #walk(id, [dx, dy]) {
    const here = this.#places.tiles.get(id);
    const near = [...this.#places.tiles]
      .filter(([other]) => other !== id)
      .map(([other, box]) => ({
        other,
        along: (box.x - here.x) * dx + (box.y - here.y) * dy,
        aside: Math.abs((box.x - here.x) * dy) + Math.abs((box.y - here.y) * dx),
      }))
      .filter((o) => o.along > 10)
      .sort((a, b) => a.along + 2 * a.aside - b.along - 2 * b.aside)[0];
    if (near) this.#place.querySelector(`[data-card="${near.other}"]`).focus();
  }

  #menu(id) {
    if (!this.#chosen.has(id)) this.#chosen.add(id);
    this.show();
    const ids = [...this.#chosen];
    const tools = [...this.#tools.querySelectorAll("button:not([disabled])")].map((b) =>
      h("li", {}, button(b.getAttribute("aria-label") ?? b.textContent, "", { "data-choose": b.dataset.tool })),
    );
    const dialog = ask(
      ids.length > 1 ? `${count(ids.length, "card")} chosen` : card(this.#room.state, id).text,
      h("ul", { class: "menu" }, tools),
      "",
      () => {},
    );
    dialog.addEventListener("click", (e) => {
      const tool = e.target.dataset.choose;
      if (!tool) return;
      dialog.close();
      this.#place.querySelector(`[data-card="${id}"]`)?.focus();
      this.#tool(tool);
    });
  }

  #move(ids, [dx, dy], steps) {
    for (const c of ids.map((id) => card(this.#room.state, id)).filter(Boolean)) {
      const lead = c.group ? this.#places.groups.find((g) => g.group.id === c.group) : null;
      const box = lead ? lead.box : this.#places.tiles.get(c.id);
      if (lead && ids.some((id) => id !== c.id && card(this.#room.state, id)?.group === c.group && id < c.id)) continue; // a group moves once
      this.#room.send({
        command: "move-card",
        card: lead ? lead.cards[0].id : c.id,
        x: snapped(box.x + dx * STEP * steps),
        y: snapped(box.y + dy * STEP * steps),
      });
    }
  }

  // ---- by pointer

  #take(e) {
    const element = e.target.closest(".tile, .group-box");
    if (!element || e.button !== 0) return;
    const box = element.dataset.card
      ? this.#places.tiles.get(element.dataset.card)
      : this.#places.groups.find((g) => g.group.id === element.dataset.group).box;
    this.#held = { element, box, x: e.clientX, y: e.clientY, moved: false, pointer: e.pointerId };
  }

  #drag(e) {
    const held = this.#held;
    if (!held || this.#room.paused) return;
    const [dx, dy] = [e.clientX - held.x, e.clientY - held.y];
    if (!held.moved && Math.hypot(dx, dy) < 6) return;
    if (!held.moved) {
      held.moved = true;
      held.element.setPointerCapture(held.pointer);
      held.element.classList.add("held");
    }
    held.element.style.left = `${held.box.x + dx}px`;
    held.element.style.top = `${held.box.y + dy}px`;
  }

  #drop(e) {
    const held = this.#held;
    if (!held) return;
    this.#letGo();
    const id = held.element.dataset.card;
    if (!held.moved) return id ? this.#toggle(id) : undefined;
    const [x, y] = [held.box.x + e.clientX - held.x, held.box.y + e.clientY - held.y];
    if (!id) {
      const { cards } = this.#places.groups.find((g) => g.group.id === held.element.dataset.group);
      this.#room.send({ command: "move-card", card: cards[0].id, x: snapped(x), y: snapped(y) });
    } else this.#dropCard(card(this.#room.state, id), x, y);
    this.show();
  }

  #dropCard(c, x, y) {
    const middle = { x: x + TILE.width / 2, y: y + TILE.height / 2 };
    const into = this.#places.groups.find(({ box }) => inside(box, middle))?.group.id ?? null;
    const onto = [...this.#places.tiles].find(
      ([id, box]) =>
        id !== c.id &&
        !card(this.#room.state, id)?.group &&
        inside({ x: box.x + 40, y: box.y + 20, width: box.width - 80, height: box.height - 40 }, middle),
    )?.[0];
    if (onto && !into) this.#room.send({ command: "group-cards", cards: [onto, c.id] });
    else
      this.#room.send({
        command: "move-card",
        card: c.id,
        x: snapped(x),
        y: snapped(y),
        ...(into === (c.group ?? null) ? {} : { group: into }),
      });
  }

  #letGo() {
    this.#held?.element.classList.remove("held");
    this.#held = null;
  }
}
