"""What the commands of everyone do: cards, groups, lines, dots and stances."""

from __future__ import annotations

from typing import Any

from childdev.errors import WorkshopError
from childdev.workshop import commands as c
from childdev.workshop.deciding import Asking, Wanted, check_tie, references, role_of, rule
from childdev.workshop.state import cards, look

Decided = tuple[str, Wanted]


@rule(c.AddCard)
def add_card(a: Asking, command: c.AddCard) -> Decided:
    """A new card, called by the id of the command."""
    given = command.card.model_dump(mode="json", exclude_defaults=True)
    given |= {"kind": command.card.kind, "text": command.card.text, "x": command.card.x, "y": command.card.y}
    if command.card.kind not in a.state["setup"]["kinds"]:
        raise WorkshopError(422, "This workshop has no cards of this kind.")
    check_tie(given.get("tie"))
    made: dict[str, Any] = {
        "id": command.id,
        "number": 1 + max((card["number"] for card in a.state.get("cards", {}).values()), default=0),
        **given,
        "by": a.by,
        "role": role_of(a.who, command.paper_role, a.steers),
        "revision": a.sequence,
        "edited_by": a.by,
    }
    if command.paper:
        if any(card.get("paper") == command.paper for card in cards(a.state)):
            raise WorkshopError(409, f"The paper card {command.paper} is keyed in already.")
        made["paper"] = command.paper
    return "card-added", {**a.labels(references(given)), ("cards", command.id): made}


@rule(c.EditCard)
def edit_card(a: Asking, command: c.EditCard) -> Decided:
    """Other words on one's own card; a facilitator may on any."""
    a.own(a.card(command.card), "card")
    return "card-edited", rewritten(a, command, command.card, command.base)


def rewritten(a: Asking, command: c.EditCard | c.FillIn, card: str, base: int) -> Wanted:
    """The fields that a command gives anew, if the card is still as its sender saw it."""
    now = a.card(card)
    given = command.model_dump(mode="json", exclude_unset=True, exclude={"id", "command", "card", "base"})
    if (base and base != now["revision"]) or (not base and now["edited_by"] != a.by):
        raise WorkshopError(
            409,
            "Someone has changed this card meanwhile. Look at both wordings, then choose.",
            {"current": dict(now), "yours": given},
        )
    fields = {**given, **({"details": _filled(given["details"])} if given.get("details") else {})}
    check_tie(fields.get("tie"))
    wanted: Wanted = {("cards", card, field): value or None for field, value in fields.items()}
    if "text" in fields and fields["text"] is None:
        raise WorkshopError(422, "A card needs words.")
    if all(look(a.state, path) == value for path, value in wanted.items()):
        return {}
    return {
        **a.labels(references(fields)),
        **wanted,
        ("cards", card, "revision"): a.sequence,
        ("cards", card, "edited_by"): a.by,
    }


def _filled(details: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in details.items() if v is not None and v != "" and v != []}


@rule(c.MoveCard)
def move_card(a: Asking, command: c.MoveCard) -> Decided:
    """Another place; another group where one is given."""
    card = a.card(command.card)
    wanted: Wanted = {("cards", command.card, "x"): command.x, ("cards", command.card, "y"): command.y}
    if "group" in command.model_fields_set and command.group != card.get("group"):
        if command.group is not None:
            _group(a, command.group)
        wanted["cards", command.card, "group"] = command.group
        wanted |= emptied(a, {command.card})
    return "card-moved", wanted


@rule(c.GroupCards)
def group_cards(a: Asking, command: c.GroupCards) -> Decided:
    """Cards together, in a new group or one that is there."""
    group = command.group or command.id
    wanted: Wanted = {}
    if command.group is None:
        wanted["groups", group] = {"id": group, "name": command.name}
    else:
        _group(a, group)
        if command.name:
            wanted["groups", group, "name"] = command.name
    for card in command.cards:
        a.card(card)
        wanted["cards", card, "group"] = group
    moved = {card for card in command.cards if look(a.state, ("cards", card, "group")) != group}
    return "cards-grouped", {**wanted, **emptied(a, moved)}


@rule(c.NameGroup)
def name_group(a: Asking, command: c.NameGroup) -> Decided:
    """A name for a group."""
    _group(a, command.group)
    return "group-named", {("groups", command.group, "name"): command.name}


@rule(c.Ungroup)
def ungroup(a: Asking, command: c.Ungroup) -> Decided:
    """Cards out of their groups."""
    for card in command.cards:
        a.card(card)
    wanted: Wanted = {("cards", card, "group"): None for card in command.cards}
    return "cards-ungrouped", {**wanted, **emptied(a, set(command.cards))}


def _group(a: Asking, group: str) -> None:
    if group not in a.state.get("groups", {}):
        raise WorkshopError(404, "This group is no longer there.")


def emptied(a: Asking, leaving: set[str]) -> Wanted:
    """The groups that have no card left once these have left them."""
    left = {look(a.state, ("cards", card, "group")) for card in leaving} - {None}
    staying = {card.get("group") for card in cards(a.state) if card["id"] not in leaving}
    return {("groups", group): None for group in sorted(left - staying)}


@rule(c.Connect)
def connect(a: Asking, command: c.Connect) -> Decided:
    """A line between two things."""
    tie = command.tie.model_dump(mode="json")
    check_tie(tie)
    made = {"id": command.id, "tie": tie, "why": command.why, "by": a.by, "role": a.who["role"]}
    return "connected", {**a.labels([tie["start"], tie["end"]]), ("connections", command.id): made}


@rule(c.Disconnect)
def disconnect(a: Asking, command: c.Disconnect) -> Decided:
    """A line goes."""
    found = a.state.get("connections", {}).get(command.connection)
    if found is None:
        raise WorkshopError(404, "This line is no longer there.")
    a.own(found, "line")
    return "disconnected", {("connections", command.connection): None}


@rule(c.Vote)
def vote(a: Asking, command: c.Vote) -> Decided:
    """A dot given or taken back, within what each person has."""
    a.card(command.card)
    me = str(a.by)
    now = look(a.state, ("votes", command.card, me)) or 0
    spent = sum(given.get(me, 0) for given in a.state.get("votes", {}).values())
    if command.dots > 0 and spent >= a.state["setup"]["dots"]:
        raise WorkshopError(409, "All your dots are used. Take one back first.")
    if now + command.dots < 0:
        raise WorkshopError(409, "You have no dot on this card.")
    return "voted", {("votes", command.card, me): now + command.dots or None}


@rule(c.TakeStance)
def take_stance(a: Asking, command: c.TakeStance) -> Decided:
    """How one stands to a card."""
    a.card(command.card)
    stance = {"stance": command.stance, "reason": command.reason} if command.stance else None
    return "stance-taken", {("stances", command.card, str(a.by)): stance}


@rule(c.Park)
def park(a: Asking, command: c.Park) -> Decided:
    """Into the parking lot."""
    a.card(command.card)
    return "parked", {("cards", command.card, "parked"): True}


@rule(c.Unpark)
def unpark(a: Asking, command: c.Unpark) -> Decided:
    """Out of the parking lot."""
    a.card(command.card)
    return "unparked", {("cards", command.card, "parked"): None}


@rule(c.WithdrawCard)
def withdraw_card(a: Asking, command: c.WithdrawCard) -> Decided:
    """Taken back, with its dots and lines."""
    a.own(a.card(command.card), "card")
    name = f"card/{command.card}"
    lines = [i for i, line in a.state.get("connections", {}).items() if name in line["tie"].values()]
    return "card-withdrawn", {
        ("cards", command.card, "withdrawn"): True,
        ("cards", command.card, "group"): None,
        ("votes", command.card): None,
        **{("connections", i): None for i in lines},
        **emptied(a, {command.card}),
        **({("focus",): None} if a.state.get("focus") == command.card else {}),
    }
