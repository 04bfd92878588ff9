// How the picture is put into words.

const DOTS = { established: "●●●", emerging: "●●○", "workshop-view": "●○○", contested: "◐" };

/** The sign that stands before the word for a strength of evidence. */
export const dots = (strength) => DOTS[strength] ?? "";

const count = (n, one, many) => `${n} ${n === 1 ? one : many}`;

/** What a line says, with its evidence. */
export const lineWords = (edge) => `${edge.sentence}${edge.strength_words ? ` (evidence: ${edge.strength_words})` : ""}.`;

/** What a thing is, and what it hangs together with in the picture. */
export function thingWords(node, into, onward) {
  const about = node.ages ? `${node.label}, ${node.ages}` : node.label;
  const lines = [
    into && `${count(into, "line leads", "lines lead")} here`,
    onward && `${count(onward, "line leads", "lines lead")} on`,
  ].filter(Boolean);
  return [
    `${about}.`,
    node.note,
    lines.length ? `${lines.join(", ")}.` : "No line is shown from here.",
    node.cluster ? "E opens it." : node.more ? `E shows ${node.more} more around it.` : "",
    node.pinned ? "It is pinned." : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/** Which of several lines one has gone along. */
export const whichWords = (at, all) => (all > 1 ? ` Line ${at + 1} of ${all}: Up and Down choose another.` : "");

/** What a search marked. */
export function foundWords(text, found) {
  if (!found) return `Nothing shown here has “${text}” in its words.`;
  return `${count(found, "thing is", "things are")} marked for “${text}”. N goes through them.`;
}

export const KEYS = [
  ["← →", "walk along lines: to what comes before or after"],
  ["↑ ↓", "choose among several lines, or go to the next thing above or below"],
  ["Enter", "open the page of a thing"],
  ["E", "show more around it, or open a box that stands for many"],
  ["C", "close what hangs on it"],
  ["P", "pin it where it stands, or let it go"],
  ["F", "show only what is linked with it, or all again"],
  ["N", "go to the next thing that a search marked"],
  ["U", "undo"],
  ["L", "go to it in the list"],
  ["+ − 0", "closer, further, show all"],
  ["Esc", "leave the picture"],
];
