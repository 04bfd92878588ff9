// Around the picture stand parts that the server makes: what is hidden, filters, legend, the still picture for paper and
// the list. When the picture changes they are taken from the new page as they are, so both always say the same.

const WHOLE = ["title", "main > h1", "#said", "#choose form", "#still", ".legend", "#list", "#take"];

/** The picture's data in a page. */
export const dataOf = (page) => JSON.parse(page.getElementById("graph").textContent);

/** A page from its text. */
export const pageOf = (text) => new DOMParser().parseFromString(text, "text/html");

/** The still picture lies as text in `noscript`, as a large one would hold up the other; lay it out for paper. */
export function unfold() {
  const folded = document.querySelector("#still noscript");
  if (folded) folded.parentNode.innerHTML = folded.textContent;
}

/** Put the parts of a new page in the place of the old ones. Who is at work in a form goes on there. */
export function replace(page) {
  const focused = document.activeElement;
  const held = focused?.name && { name: focused.name, value: focused.value, id: focused.id };
  const folded = page.querySelector("#still noscript"); // a page made from text has no script: it is laid out there
  folded?.replaceWith(...folded.childNodes);
  for (const place of WHOLE) {
    const [old, made] = [document.querySelector(place), page.querySelector(place)];
    if (old && made) old.replaceChildren(...made.childNodes);
  }
  between(page);
  if (held && !focused.isConnected) again(held)?.focus({ preventScroll: true });
}

function again({ name, value, id }) {
  const form = document.getElementById("filters");
  return [...(form?.elements ?? [])].find((one) => one.name === name && (one.value === value || (id && one.id === id)));
}

/** What stands between the filters and the picture: what is in focus or pinned, when something is. */
function between(page) {
  const notes = (where) => {
    const [from, to] = [where.getElementById("choose"), where.getElementById("toolbar")];
    const found = [];
    for (let at = from?.nextElementSibling; at && at !== to && !at.contains(to); at = at.nextElementSibling) found.push(at);
    return found;
  };
  for (const old of notes(document)) old.remove();
  document.getElementById("choose")?.after(...notes(page));
}

