// The stylesheet's colours, read once and again when the theme changes.

const NAMES = ["paper", "soft", "ink", "quiet", "line", "edge", "accent", "accent-soft", "focus", "focus-ink", "caution"];
const FAMILIES = ["body", "talk", "thinking", "feelings", "together"];
const ALL = [...NAMES, ...FAMILIES, ...FAMILIES.map((name) => `${name}-soft`)];

export const FACE = '"Atkinson Hyperlegible", sans-serif';

/** Colours by name, as the page has them now. */
export function palette() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(ALL.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** Call `act` when the page's theme changes; gives what ends it. */
export function whenChanged(act) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", act);
  return () => dark.removeEventListener("change", act);
}
