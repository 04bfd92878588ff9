"""Taking back one event without touching what others did.

The event's own patch says what was there before. That comes back, by an event of its own, where every place is
still as the event left it and nothing later rests on what it made; else the reason is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from childdev.errors import WorkshopError
from childdev.workshop.commands import Undo
from childdev.workshop.deciding import Asking
from childdev.workshop.state import Change, Event, State, look

_NEVER = frozenset({"opened", "joined", "closed", "undone"})
_CHANGED = "It can't be taken back by itself, because it was changed again after. Take back the later change first."
_RESTS = "It can't be taken back by itself, because {} since. Take that back first, or withdraw the card."


def undo(a: Asking, command: Undo, events: Sequence[Event]) -> tuple[str, tuple[Change, ...]]:
    """The patch that takes back the event asked for.

    Raises:
        WorkshopError: there is none, it is someone else's, or later ones rest on it.
    """
    event = _asked(a, command, events)
    if event.by != a.by and not a.steers:
        raise WorkshopError(403, "You can take back only what you did yourself.")
    patch = [_back(a, c) for c in reversed(event.patch) if c.path[0] != "labels"]
    for c in event.patch:
        _check_nothing_rests(a.state, c, event)
    if not patch:
        raise WorkshopError(409, "There is nothing in it to take back.")
    return "undone", (*patch, Change(("undone", str(event.sequence)), None, a.sequence))


def _asked(a: Asking, command: Undo, events: Sequence[Event]) -> Event:
    done = a.state.get("undone", {})
    if command.event is not None:
        if command.event > len(events):
            raise WorkshopError(404, "There is no such event.")
        event = events[command.event - 1]
        if event.kind in _NEVER:
            raise WorkshopError(409, "This can't be taken back.")
        if str(event.sequence) in done:
            raise WorkshopError(409, "This is taken back already.")
        return event
    person = command.participant if command.participant is not None else a.by
    for event in reversed(events):
        if event.by == person and event.kind not in _NEVER and str(event.sequence) not in done:
            return event
    raise WorkshopError(404, "There is nothing left to take back.")


def _back(a: Asking, c: Change) -> Change:
    """The change that takes one back. A card's revision never goes back, so that no one writes over it unseen."""
    if c.path[0] == "cards" and c.path[2:] == ("revision",):
        return Change(c.path, look(a.state, c.path), a.sequence)
    if c.path[0] == "cards" and c.path[2:] == ("edited_by",):
        return Change(c.path, look(a.state, c.path), a.by)
    if look(a.state, c.path) != c.after:
        raise WorkshopError(409, _CHANGED)
    if c.path[0] == "cards" and len(c.path) == 3 and _gone(a.state, c.path[1]):
        raise WorkshopError(409, _CHANGED)
    return Change(c.path, c.after, c.before)


def _gone(state: State, card: str) -> bool:
    found = state.get("cards", {}).get(card)
    return found is None


def _check_nothing_rests(state: State, c: Change, event: Event) -> None:
    """Refuse to take away a card or group that later acts refer to, or to bring back what leads to nothing."""
    if len(c.path) == 2 and c.before is None and c.path[0] == "cards":
        reason = next(iter(_resting(state, c.path[1])), None)
        if reason:
            raise WorkshopError(409, _RESTS.format(reason))
    if len(c.path) == 2 and c.before is None and c.path[0] == "groups":
        own = {x.path[1] for x in event.patch if x.path[0] == "cards"}
        if any(card.get("group") == c.path[1] for i, card in state.get("cards", {}).items() if i not in own):
            raise WorkshopError(409, "It can't be taken back by itself, because others put cards into the group since.")
    if c.path[0] == "connections" and c.before is not None and not _leads(state, c.before["tie"].values(), event):
        raise WorkshopError(409, "It can't be taken back, because a card that the line led to is gone since.")
    if c.path[0] == "cards" and c.path[2:] == ("group",) and c.before is not None:
        remade = any(x.path == ("groups", c.before) and x.before is not None for x in event.patch)
        if c.before not in state.get("groups", {}) and not remade:
            raise WorkshopError(409, "It can't be taken back, because the group is gone since.")


def _resting(state: State, card: str) -> Iterable[str]:
    name = f"card/{card}"
    if state.get("votes", {}).get(card):
        yield "dots were put on the card"
    if state.get("stances", {}).get(card):
        yield "people said how they see the card"
    if any(name in line["tie"].values() for line in state.get("connections", {}).values()):
        yield "lines were drawn to the card"
    for i, other in state.get("cards", {}).items():
        tie: dict[str, Any] = other.get("tie") or {}
        if i != card and (name in other.get("about", ()) or name in tie.values() or other.get("merged_into") == card):
            yield "another card refers to it"
    if state.get("focus") == card:
        yield "the card was put in focus"


def _leads(state: State, ends: Iterable[str], event: Event) -> bool:
    """Whether both ends of a line are there, or come back with it."""
    back = {c.path[1] for c in event.patch if c.path[0] == "cards" and c.path[2:] in {("withdrawn",), ("merged_into",)}}
    for end in ends:
        kind, _, name = end.partition("/")
        card = state.get("cards", {}).get(name) if kind == "card" else {}
        if card is None or ((card.get("withdrawn") or card.get("merged_into")) and name not in back):
            return False
    return True
