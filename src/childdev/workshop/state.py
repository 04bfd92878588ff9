"""The state of a workshop, and the events that lead from one state to the next.

The state is plain JSON. An event carries its own effect: for each place in the state what was there before and what
is there after. So to apply one needs to know no kind of event, an old log can always be replayed, the browser does
the same in ten lines, and what an event did can be taken back. A state is never changed: applying makes a new one
that shares what stayed the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

State = Mapping[str, Any]
Path = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One place of the state: what was there and what is there then. None stands for nothing there."""

    path: Path
    before: Any
    after: Any


@dataclass(frozen=True)
class Event:
    """What happened: its place in the log (from 1, without gap), the command that made it, when, and by whom.

    `by` is the number of a participant, 0 for the workshop itself.
    """

    sequence: int
    id: str
    at: str
    by: int
    kind: str
    patch: tuple[Change, ...]

    def plain(self) -> dict[str, Any]:
        """As JSON carries it."""
        patch = [{"path": list(c.path), "before": c.before, "after": c.after} for c in self.patch]
        return {
            "sequence": self.sequence,
            "id": self.id,
            "at": self.at,
            "by": self.by,
            "kind": self.kind,
            "patch": patch,
        }


def patch_text(patch: Iterable[Change]) -> str:
    """A patch as the log keeps it."""
    return compact([[c.path, c.before, c.after] for c in patch])


def patch_of(text: str) -> tuple[Change, ...]:
    """A patch from the log."""
    return tuple(Change(tuple(path), before, after) for path, before, after in json.loads(text))


def compact(value: Any) -> str:
    """JSON in the fewest characters, on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def look(state: State, path: Path) -> Any:
    """What is at a place, or None."""
    found: Any = state
    for part in path:
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


def change(state: State, path: Path, after: Any) -> Change | None:
    """What it takes to have `after` at a place, or None where that is so already."""
    before = look(state, path)
    return None if before == after else Change(path, before, after)


def changes(state: State, wanted: Mapping[Path, Any]) -> tuple[Change, ...]:
    """What it takes to have all of these, in the order given."""
    found = (change(state, path, after) for path, after in wanted.items())
    return tuple(c for c in found if c is not None)


def applied(state: State, patch: Iterable[Change]) -> State:
    """The state after a patch."""
    for c in patch:
        state = _put(state, c.path, c.after)
    return state


def _put(state: State, path: Path, value: Any) -> dict[str, Any]:
    made = dict(state)
    first, rest = path[0], path[1:]
    if rest:
        inner = made.get(first)
        made[first] = _put(inner if isinstance(inner, Mapping) else {}, rest, value)
    elif value is None:
        made.pop(first, None)
    else:
        made[first] = value
    return made


def replay(events: Iterable[Event], state: State | None = None) -> State:
    """The state after these events, from nothing or from a state."""
    found: State = state or {}
    for event in events:
        found = applied(found, event.patch)
    return found


def cards(state: State) -> list[dict[str, Any]]:
    """The cards on the canvas, in the order in which they came: neither withdrawn nor merged into another."""
    found = [c for c in state.get("cards", {}).values() if not c.get("withdrawn") and not c.get("merged_into")]
    return sorted(found, key=lambda c: int(c["number"]))
