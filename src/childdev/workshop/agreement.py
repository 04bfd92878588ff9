"""How the room stands: stances by sector, those who differ and why, and which roles have not spoken."""

from __future__ import annotations

from collections import Counter
from typing import Any

from childdev.workshop.roles import ROLES, SECTORS
from childdev.workshop.state import State, cards

_STANCES = ("agree", "unsure", "differ")


def agreement(state: State, here: dict[str, int] | None = None) -> dict[str, Any]:
    """For each card how its stances spread, most dots first; and who has not spoken."""
    spread = sorted((_card(state, card) for card in cards(state)), key=lambda c: (-c["dots"], c["number"]))
    return {"cards": spread, "silent": silent(state), "here": here or {}}


def _card(state: State, card: dict[str, Any]) -> dict[str, Any]:
    taken = stances(state, card["id"])
    by_sector = {
        key: Counter(stance["stance"] for role, stance in taken if ROLES[role].sector == key) for key in SECTORS
    }
    total = Counter(stance["stance"] for _, stance in taken)
    return {
        "id": card["id"],
        "number": card["number"],
        "text": card["text"],
        "dots": dots(state, card["id"]),
        **{s: total[s] for s in _STANCES},
        "spread": [
            {"sector": key, "label": SECTORS[key], **{s: counted[s] for s in _STANCES}}
            for key, counted in by_sector.items()
            if counted
        ],
        "differing": differing(state, card["id"]),
    }


def stances(state: State, card: str) -> list[tuple[str, dict[str, Any]]]:
    """The stances on a card, each with the role of who took it."""
    people = state.get("participants", {})
    taken = state.get("stances", {}).get(card, {})
    return [(people[number]["role"], stance) for number, stance in sorted(taken.items(), key=lambda x: int(x[0]))]


def differing(state: State, card: str) -> list[dict[str, Any]]:
    """Who differs, by role, and why: kept, not averaged away."""
    return [
        {"role": role, "label": ROLES[role].label, "reason": stance["reason"]}
        for role, stance in stances(state, card)
        if stance["stance"] == "differ"
    ]


def dots(state: State, card: str) -> int:
    """The dots on a card."""
    return sum(state.get("votes", {}).get(card, {}).values())


def silent(state: State) -> list[dict[str, Any]]:
    """The roles of which nobody has put a card or taken a stance, and how many people that is."""
    people = state.get("participants", {})
    spoken = {card["role"] for card in cards(state)}
    spoken |= {people[n]["role"] for taken in state.get("stances", {}).values() for n in taken}
    counted = Counter(p["role"] for p in people.values() if p["part"] == "participant")
    return [
        {"role": role, "label": ROLES[role].label, "people": count}
        for role, count in sorted(counted.items())
        if role not in spoken
    ]
