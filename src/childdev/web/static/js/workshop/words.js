// Sentences, in one place.

export const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

export const STANCES = { agree: "Agree", unsure: "Unsure", differ: "I see it differently" };
const SUMS = {
  agree: (n) => (n === 1 ? "1 agrees" : `${n} agree`),
  unsure: (n) => (n === 1 ? "1 is unsure" : `${n} are unsure`),
  differ: (n) => (n === 1 ? "1 sees it differently" : `${n} see it differently`),
};

/** "3 agree · 1 is unsure · 4 dots"; empty where nothing is. */
export function sums(stances, dots) {
  const parts = Object.keys(SUMS)
    .filter((s) => stances[s])
    .map((s) => SUMS[s](stances[s]));
  if (dots) parts.push(count(dots, "dot"));
  return parts.join(" · ");
}

export const DECISIONS = { accept: "Taken up", "not-now": "Not now", "open-question": "Stays an open question" };

/** How the connection is, and what waits. */
export function band(status, waiting, paused) {
  const cardsOnly = waiting.every((e) => e.command.command === "add-card");
  const what = waiting.length ? count(waiting.length, cardsOnly ? "card" : "change") : "";
  if (status === "out") return "You are no longer in this workshop from here.";
  if (status === "offline") {
    if (!what) return "No connection. You can go on writing: it is kept here and sent later.";
    return `No connection: ${what} ${waiting.length === 1 ? "waits here and will be sent" : "wait here and will be sent"}.`;
  }
  if (status === "catching-up") return what ? `Catching up… ${what} still to send.` : "Catching up…";
  if (what && paused)
    return `Connected. ${what} ${waiting.length === 1 ? "waits" : "wait"} here until the pause is over.`;
  return what ? `Connected. Sending ${what}…` : "Connected";
}

/** "4:05", or "time is up". */
export function clock(milliseconds) {
  if (milliseconds <= 0) return "time is up";
  const seconds = Math.ceil(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** What to call a group. */
export const groupName = (group) => group?.name || "Not named yet";

/** What happened, for the polite voice: event kind → (n → words). */
export const HAPPENED = {
  "card-added": (n) => count(n, "new card"),
  "card-edited": (n) => (n === 1 ? "1 card was changed" : `${n} cards were changed`),
  "cards-grouped": (n) => (n === 1 ? "Cards were put together" : `Cards were put together ${n} times`),
  "group-named": () => "A group has a new name",
  connected: (n) => count(n, "new connection"),
  voted: (n) => count(n, "dot given or taken back", "dots given or taken back"),
  "stance-taken": (n) => (n === 1 ? "1 person said how they see a card" : `${n} answers to cards`),
  "card-withdrawn": (n) => (n === 1 ? "1 card was taken back" : `${n} cards were taken back`),
  "cards-merged": () => "Cards that say the same were made one",
  decided: (n) => (n === 1 ? "A decision was noted" : `${n} decisions were noted`),
  "conflict-resolved": () => "A question to the room was settled",
  parked: (n) => (n === 1 ? "1 card went to the parking lot" : `${n} cards went to the parking lot`),
  frozen: () => "The facilitator has paused the cards",
  unfrozen: () => "The cards are open again",
  "timer-started": () => "The clock is running",
  "timer-extended": () => "There is more time",
  undone: () => "Something was taken back",
  closed: () => "The workshop is closed",
};
