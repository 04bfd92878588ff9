// Keying in paper cards by keyboard alone: code, words, Enter, next.
import { Announcer } from "./announce.js";
import { fill, h } from "./dom.js";
import { Room, given } from "./room.js";
import { cards } from "./state.js";
import { showTroubles } from "./troubles.js";
import { kindWords } from "./cards.js";
import { band, count } from "./words.js";

const at = (id) => document.getElementById(id);
const carried = given();
const room = new Room(carried);
const announcer = new Announcer(at("voice"));
const form = at("key-in");
const { code, text, kind, role } = form.elements;
const printed = new Map((carried.printed ?? []).map((p) => [p.code.toUpperCase(), p]));
const plain = (typed) => typed.trim().toUpperCase();

/** The printed code tells the kind of card. */
function looked() {
  const known = printed.get(plain(code.value));
  if (known) kind.value = known.kind;
  const twice = cards(room.state).find((c) => c.paper && plain(c.paper) === plain(code.value));
  at("code-said").textContent = twice
    ? `This card is keyed in already: “${twice.text}”`
    : known
      ? kindWords(room, known.kind)
      : code.value.trim() && printed.size
        ? "Not a code of the printed sheets; that is fine too."
        : "";
  return twice;
}

code.addEventListener("input", looked);
form.addEventListener("submit", (e) => {
  e.preventDefault();
  if (looked()) return code.focus();
  if (!text.value.trim()) {
    at("wrong").textContent = "Write what stands on the card.";
    return text.focus();
  }
  at("wrong").textContent = "";
  const paper = plain(code.value);
  room.send({
    command: "add-card",
    card: { kind: kind.value, text: text.value.trim() },
    ...(paper ? { paper } : {}),
    ...(role?.value ? { paper_role: role.value } : {}),
  });
  announcer.say(paper ? `Card ${paper} is in.` : "The card is in.");
  code.value = "";
  text.value = "";
  at("code-said").textContent = "";
  code.focus();
});
text.addEventListener("keydown", (e) => {
  if (e.key === "Enter" && !e.shiftKey) {
    e.preventDefault();
    form.requestSubmit();
  }
});
at("troubles").addEventListener("click", (e) => {
  const from = e.target.closest("button[data-act]");
  const entry = from && room.outbox.troubles().find((t) => t.key === from.dataset.entry);
  if (!entry) return;
  room.outbox.remove(entry.key);
  if (from.dataset.act !== "mend") return;
  code.value = entry.command.paper ?? "";
  text.value = entry.command.card?.text ?? "";
  text.focus();
});
room.watch(() => {
  at("band").dataset.status = room.connection.status;
  at("band-words").textContent = band(room.connection.status, room.outbox.waiting(), room.paused);
  showTroubles(room, at("troubles"));
  const keyed = cards(room.state)
    .filter((c) => c.paper)
    .reverse();
  fill(at("keyed"), [
    h("h2", {}, `Keyed in (${count(keyed.length, "paper card")})`),
    h(
      "ul",
      { class: "own-lines" },
      keyed
        .slice(0, 30)
        .map((c) =>
          h(
            "li",
            { "data-key": c.id },
            h("strong", {}, c.paper),
            ` ${c.text}`,
            c.waiting ? h("span", { class: "card-waits" }, " waits here") : "",
          ),
        ),
    ),
  ]);
});
room.start();
