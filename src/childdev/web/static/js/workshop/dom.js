// Making elements, and bringing what is shown to what should be shown without disturbing who is at work in it.

/** An element with attributes (false and null are left out) and children (strings, elements, nothing). */
export function h(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat(3).filter((c) => c !== null && c !== undefined && c !== false && c !== ""));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** An element of a picture. */
export function svg(tag, given = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const SHAPES = {
  circle: ["circle", { cx: 8, cy: 8, r: 7 }],
  square: ["rect", { x: 1.5, y: 1.5, width: 13, height: 13 }],
  triangle: ["path", { d: "M8 1l7.5 14H.5z" }],
  diamond: ["path", { d: "M8 0l8 8-8 8-8-8z" }],
  hexagon: ["path", { d: "M4 1h8l4 7-4 7H4L0 8z" }],
};

/** The mark of a participant: colour and shape; the words stand beside it. */
export function mark(person) {
  if (!person || !SHAPES[person.shape]) return null;
  const [tag, shape] = SHAPES[person.shape];
  return svg(
    "svg",
    { class: `mark f-${person.colour}`, viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" },
    svg(tag, shape),
  );
}

/** A button that does something of `acts`. */
export const button = (words, act, more = {}) =>
  h("button", { type: "button", class: "small-button second", "data-act": act, ...more }, words);

const key = (node) => node.dataset?.key;

/** Turn one node into another of the same kind, keeping it in the page; what is open and where it lies stays. */
export function morph(from, to) {
  if (from === to) return from;
  if (from.nodeName !== to.nodeName || key(from) !== key(to)) {
    from.replaceWith(to);
    return to;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return from;
  }
  for (const { name } of [...from.attributes])
    if (!to.hasAttribute(name) && name !== "open" && name !== "style") from.removeAttribute(name);
  for (const { name, value } of [...to.attributes])
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  fill(from, [...to.childNodes]);
  return from;
}

/** Let `parent` hold these children (elements, strings): those with the same data-key stay the elements they are. */
export function fill(parent, wanted) {
  const known = new Map([...parent.children].filter(key).map((child) => [key(child), child]));
  const focused = document.activeElement;
  let at = parent.firstChild;
  for (const one of wanted) {
    const child = typeof one === "string" ? document.createTextNode(one) : one;
    const old = key(child) ? known.get(key(child)) : at && !key(at) ? at : null;
    if (!old) parent.insertBefore(child, at);
    else {
      if (old !== at) parent.insertBefore(old, at);
      at = morph(old, child).nextSibling;
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
  if (focused && focused !== document.activeElement && focused.isConnected && parent.contains(focused))
    focused.focus({ preventScroll: true });
}

/** Call `act` once, `wait` milliseconds after the last time it was asked for. */
export function later(act, wait) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), wait);
  };
}

/** A new name that nobody else makes (crypto.randomUUID is only there over https). */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
