"""The record of a workshop, which writes itself from the log: what anyone may read afterwards. Roles, never people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from childdev.workshop.agreement import differing, dots, silent, stances
from childdev.workshop.commands import RELATIONS
from childdev.workshop.meaning import name
from childdev.workshop.roles import ROLES
from childdev.workshop.run_sheets import CARD_KINDS
from childdev.workshop.state import Event, State, cards


@dataclass(frozen=True)
class Written:
    """A card in the record: what it says, from which role, how the room stood, and what was decided and why.

    `also` holds the earlier wordings, the oldest first, and the cards that were merged into it.
    """

    number: int
    kind: str
    text: str
    role: str
    says: str
    dots: int
    agree: int
    unsure: int
    differ: int
    decision: str
    reason: str
    dissent: tuple[Mapping[str, Any], ...]
    parked: bool
    also: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """What a workshop asked, who took part by role, and what came of it. Times are ISO in UTC."""

    code: str
    title: str
    question: str
    opened_at: str
    closed_at: str
    words: str
    model: str
    people: tuple[tuple[str, int], ...]
    silent: tuple[tuple[str, int], ...]
    accepted: tuple[Written, ...]
    not_now: tuple[Written, ...]
    open_questions: tuple[Written, ...]
    undecided: tuple[Written, ...]
    parked: tuple[Written, ...]
    groups: tuple[tuple[str, tuple[Written, ...]], ...]
    lines: tuple[tuple[str, str, str], ...]
    resolutions: tuple[Mapping[str, Any], ...]
    withdrawn: int
    phases: tuple[tuple[str, str], ...]


def record_of(state: State, events: Sequence[Event]) -> Record:
    """The record from the state and the log."""
    setup = state["setup"]
    also = _earlier(state, events)
    written = {card["id"]: _written(state, card, also.get(card["id"], ())) for card in cards(state)}
    decided = {i: (state["cards"][i].get("decision") or {}).get("decision") for i in written}
    there = {i: w for i, w in written.items() if not w.parked or decided[i]}

    def those(decision: str | None) -> tuple[Written, ...]:
        return tuple(w for i, w in there.items() if decided[i] == decision)

    people = Counter(p["label"] for p in state["participants"].values())
    closed = state.get("closed") or {}
    return Record(
        code=setup["code"],
        title=setup["title"],
        question=setup["question"],
        opened_at=setup["opened_at"],
        closed_at=closed.get("at", ""),
        words=closed.get("words", ""),
        model=setup["model"],
        people=tuple(sorted(people.items())),
        silent=tuple((s["label"], s["people"]) for s in silent(state)),
        accepted=those("accept"),
        not_now=those("not-now"),
        open_questions=(*those("open-question"), *(w for w in those(None) if w.kind == "question")),
        undecided=tuple(w for w in those(None) if w.kind != "question"),
        parked=tuple(w for i, w in written.items() if w.parked and not decided[i]),
        groups=tuple(_group(state, group, written) for group in state.get("groups", {}).values()),
        lines=tuple(_line(state, line) for line in state.get("connections", {}).values()),
        resolutions=tuple(state.get("resolutions", {}).values()),
        withdrawn=sum(bool(card.get("withdrawn")) for card in state.get("cards", {}).values()),
        phases=_phases(state, events),
    )


def _written(state: State, card: Mapping[str, Any], also: Sequence[str]) -> Written:
    counted = Counter(stance["stance"] for _, stance in stances(state, card["id"]))
    decision = card.get("decision") or {}
    return Written(
        number=card["number"],
        kind=card["kind"],
        text=card["text"],
        role=ROLES[card["role"]].label,
        says=_says(state, card),
        dots=dots(state, card["id"]),
        agree=counted["agree"],
        unsure=counted["unsure"],
        differ=counted["differ"],
        decision=decision.get("decision", ""),
        reason=decision.get("reason", ""),
        dissent=tuple(differing(state, card["id"])),
        parked=bool(card.get("parked")),
        also=tuple(also),
    )


def _says(state: State, card: Mapping[str, Any]) -> str:
    """What kind of card it is, and what it is about."""
    if card.get("tie"):
        tie = card["tie"]
        return f"“{name(state, tie['start'])}” {RELATIONS[tie['relation']]} “{name(state, tie['end'])}”"
    about = ", ".join(f"“{name(state, ref)}”" for ref in card.get("about", ()))
    return CARD_KINDS[card["kind"]][0] + (f", about {about}" if about else "")


def _group(state: State, group: Mapping[str, Any], written: Mapping[str, Written]) -> tuple[str, tuple[Written, ...]]:
    inside = tuple(w for i, w in written.items() if state["cards"][i].get("group") == group["id"])
    return group["name"] or "Without a name", inside


def _line(state: State, line: Mapping[str, Any]) -> tuple[str, str, str]:
    tie = line["tie"]
    said = f"“{name(state, tie['start'])}” {RELATIONS[tie['relation']]} “{name(state, tie['end'])}”"
    return said, line.get("why", ""), ROLES[line["role"]].label


def _earlier(state: State, events: Sequence[Event]) -> dict[str, list[str]]:
    """The earlier wordings of each card, and the words of those merged into it; what was undone is left out."""
    found: dict[str, list[str]] = {}
    for event in events:
        for c in event.patch:
            if str(event.sequence) in state.get("undone", {}) or c.path[0] != "cards" or len(c.path) != 3:
                continue
            if c.path[2] == "text" and event.kind in ("card-edited", "filled-in"):
                found.setdefault(c.path[1], []).append(str(c.before))
            elif c.path[2] == "merged_into" and c.after:
                found.setdefault(str(c.after), []).append(state["cards"][c.path[1]]["text"])
    return found


def _phases(state: State, events: Sequence[Event]) -> tuple[tuple[str, str], ...]:
    """When each phase began, in order."""
    labels = {phase["key"]: phase["label"] for phase in state["setup"]["phases"]}
    begun = ((e.at, c.after) for e in events for c in e.patch if c.path == ("phase",) and c.after)
    return tuple((labels[phase], at) for at, phase in begun)
