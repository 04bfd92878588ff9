// What the picture shows is said by its address alone; these read a query and make another, leaving the old as it is.

/** A query as its address has it. */
export const read = (search) => new URLSearchParams(search);

/** The text of a query, readable in an address bar. */
export const written = (query) => query.toString().replaceAll("%2F", "/").replaceAll("%3A", ":").replaceAll("%2C", ",");

/** The query with these values for a name and no others; empty ones are left out. */
export function having(query, name, ...values) {
  const next = new URLSearchParams(query);
  next.delete(name);
  for (const value of values) if (value) next.append(name, value);
  return next;
}

const adding = (query, name, value) => having(query, name, ...query.getAll(name), value);
const dropping = (query, name, value) => having(query, name, ...query.getAll(name).filter((one) => one !== value));

/** The query with more shown around a thing. */
export function opening(query, id) {
  return query.getAll("closed").includes(id) ? dropping(query, "closed", id) : adding(dropping(query, "open", id), "open", id);
}

/** The query without what hangs on a thing. */
export function closing(query, id) {
  return query.getAll("open").includes(id) ? dropping(query, "open", id) : adding(dropping(query, "closed", id), "closed", id);
}

/** The query with a thing held at a place, in the picture's units, or let go where no place is given. */
export function pinning(query, id, place) {
  const others = query.getAll("pin").filter((pin) => pin.slice(0, pin.lastIndexOf(":")) !== id);
  return having(query, "pin", ...others, place && `${id}:${Math.round(place.x)},${Math.round(place.y)}`);
}

/** The query that shows only what is linked with a thing, or everything again. */
export const focusing = (query, id) => having(query, "focus", query.get("focus") === id ? null : id);

/** The query that a form asks for; what it does not name is not kept, as when it is sent without script. */
export function asked(form) {
  const given = [...new FormData(form)].filter(([, value]) => value !== "");
  return new URLSearchParams(given);
}
