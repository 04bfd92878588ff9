"""What the commands of the facilitator do: phases, clock, focus, merging, deciding, closing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from childdev.errors import WorkshopError
from childdev.workshop import commands as c
from childdev.workshop.acts_cards import Decided, emptied, rewritten
from childdev.workshop.deciding import Asking, Wanted, rule
from childdev.workshop.state import look


@rule(c.SetPhase)
def set_phase(a: Asking, command: c.SetPhase) -> Decided:
    """To a phase of the run sheet; the clock of the last one stops."""
    if command.phase not in [phase["key"] for phase in a.state["setup"]["phases"]]:
        raise WorkshopError(404, "The run sheet has no such phase.")
    return "phase-set", {("phase",): command.phase, ("timer",): None}


@rule(c.StartTimer)
def start_timer(a: Asking, command: c.StartTimer) -> Decided:
    """The clock starts."""
    return "timer-started", {("timer",): {"ends_at": _later(a.at, command.seconds)}}


@rule(c.ExtendTimer)
def extend_timer(a: Asking, command: c.ExtendTimer) -> Decided:
    """More time, from its end or, where that is past, from now."""
    ends = look(a.state, ("timer", "ends_at"))
    if ends is None:
        raise WorkshopError(409, "The clock is not running. Start it first.")
    return "timer-extended", {("timer", "ends_at"): _later(max(ends, a.at), command.seconds)}


@rule(c.StopTimer)
def stop_timer(a: Asking, command: c.StopTimer) -> Decided:
    """The clock stops."""
    return "timer-stopped", {("timer",): None}


def _later(at: str, seconds: int) -> str:
    return (datetime.fromisoformat(at) + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


@rule(c.Focus)
def focus(a: Asking, command: c.Focus) -> Decided:
    """One card for all, or all again."""
    if command.card is not None:
        a.card(command.card)
    return "focused", {("focus",): command.card}


@rule(c.Freeze)
def freeze(a: Asking, command: c.Freeze) -> Decided:
    """Only the facilitator acts."""
    return "frozen", {("frozen",): True}


@rule(c.Unfreeze)
def unfreeze(a: Asking, command: c.Unfreeze) -> Decided:
    """All act again."""
    return "unfrozen", {("frozen",): None}


@rule(c.MergeCards)
def merge_cards(a: Asking, command: c.MergeCards) -> Decided:
    """Several cards become one, which takes on their dots, stances and lines; of two stances its own counts."""
    into, merged = command.into, dict.fromkeys(command.cards)
    a.card(into)
    if into in merged:
        raise WorkshopError(422, "A card can't be merged into itself.")
    votes = dict(a.state.get("votes", {}).get(into, {}))
    stances = dict(a.state.get("stances", {}).get(into, {}))
    wanted: Wanted = {}
    for card in merged:
        a.card(card)
        for person, dots in a.state.get("votes", {}).get(card, {}).items():
            votes[person] = votes.get(person, 0) + dots
        stances = {**a.state.get("stances", {}).get(card, {}), **stances}
        wanted |= {("cards", card, "merged_into"): into, ("cards", card, "group"): None}
        wanted |= {("votes", card): None, ("stances", card): None}
    wanted |= {("votes", into): votes or None, ("stances", into): stances or None}
    moved = {f"card/{card}": f"card/{into}" for card in merged}
    return "cards-merged", {**wanted, **_pointed_anew(a, moved, set(merged)), **emptied(a, set(merged))}


def _pointed_anew(a: Asking, moved: dict[str, str], merged: set[str]) -> Wanted:
    """What led to a merged card leads to the one it went into; a line from a card to itself goes."""
    wanted: Wanted = {}
    for i, line in a.state.get("connections", {}).items():
        tie = _moved_tie(line["tie"], moved)
        if tie != line["tie"]:
            wanted["connections", i] = None if tie["start"] == tie["end"] else {**line, "tie": tie}
    for i, card in a.state.get("cards", {}).items():
        about = list(dict.fromkeys(moved.get(r, r) for r in card.get("about", ())))
        if i not in merged and about != list(card.get("about", ())):
            wanted["cards", i, "about"] = [r for r in about if r != f"card/{i}"]
        if i not in merged and card.get("tie") and (tie := _moved_tie(card["tie"], moved)) != card["tie"]:
            wanted["cards", i, "tie"] = None if tie["start"] == tie["end"] else tie
    return wanted


def _moved_tie(tie: dict[str, Any], moved: dict[str, str]) -> dict[str, Any]:
    return {**tie, "start": moved.get(tie["start"], tie["start"]), "end": moved.get(tie["end"], tie["end"])}


@rule(c.Decide)
def decide_card(a: Asking, command: c.Decide) -> Decided:
    """What the room decided, and why."""
    a.card(command.card)
    decision = {"decision": command.decision, "reason": command.reason} if command.decision else None
    return "decided", {("cards", command.card, "decision"): decision}


@rule(c.ResolveConflict)
def resolve_conflict(a: Asking, command: c.ResolveConflict) -> Decided:
    """What the room chose where meanings clash, kept with the words in which it was asked."""
    clash = a.clash(command.conflict)
    if clash is None:
        raise WorkshopError(404, "This is no longer open: the cards have changed.")
    chosen = next((choice for choice in clash["choices"] if choice["key"] == command.choice), None)
    if chosen is None:
        raise WorkshopError(422, "Choose one of the choices given.")
    kept = {"kind": clash["kind"], "what": clash["what"], "choice": command.choice, **chosen}
    del kept["key"]
    return "conflict-resolved", {("resolutions", command.conflict): {**kept, "reason": command.reason}}


@rule(c.FillIn)
def fill_in(a: Asking, command: c.FillIn) -> Decided:
    """What a card needs to become a thing of the model."""
    return "filled-in", rewritten(a, command, command.card, command.base)


@rule(c.Close)
def close(a: Asking, command: c.Close) -> Decided:
    """The end: the clock stops, nothing is frozen or in focus."""
    return "closed", {
        ("closed",): {"at": a.at, "words": command.words},
        ("timer",): None,
        ("focus",): None,
        ("frozen",): None,
    }
