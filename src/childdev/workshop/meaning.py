"""What the lines of a workshop mean in the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal

from childdev.contribution.changes.names import term, thing
from childdev.model.stated import Stated
from childdev.workshop.commands import RELATIONS
from childdev.workshop.near import THINGS
from childdev.workshop.state import State, cards

#: relation of a workshop, kind it starts from, kind it leads to → relation of the model
_RELATIONS = {
    ("grows-from", "feature", "feature"): "buildsOn",
    ("can-also-grow-from", "feature", "feature"): "canAlsoGrowFrom",
    ("helps", "environment", "feature"): "enables",
    ("helps", "factor", "feature"): "strengthens",
    ("helps", "asset", "environment"): "supports",
    ("helps", "asset", "feature"): "supports",
    ("gets-in-the-way", "factor", "feature"): "weakens",
    ("held-by", "asset", "agency"): "heldBy",
}
#: relations of the model that say that something helps, and that it gets in the way
HELPING, HINDERING = ("enables", "strengthens", "supports"), ("weakens",)
_WORDED = {"name": "skos:prefLabel", "definition": "skos:definition", "everyday-words": "everydayWords"}


@dataclass(frozen=True)
class Line:
    """A line that somebody drew, or a card that says as much. Ends are things of the model where they are known."""

    id: str
    start: str
    relation: str
    end: str
    why: str
    by: int
    role: str
    card: str | None = None


def end(state: State, reference: str) -> str:
    """What a reference means: the thing of the model that a card stands for, where it stands for one."""
    kind, _, name = reference.partition("/")
    card = state.get("cards", {}).get(name) if kind == "card" else None
    stands = (card or {}).get("details", {}).get("stands_for")
    return str(stands) if stands else reference


def lines(state: State) -> Iterator[Line]:
    """All lines: those drawn, and those of link cards. A disagreement's line is none."""
    for line in state.get("connections", {}).values():
        yield _line(state, line, line["tie"], line.get("why", ""), None)
    for card in cards(state):
        if card["kind"] == "link" and card.get("tie"):
            yield _line(state, card, card["tie"], card["text"], card["id"])


def _line(state: State, of: Mapping[str, Any], tie: Mapping[str, Any], why: str, card: str | None) -> Line:
    start, to = end(state, tie["start"]), end(state, tie["end"])
    return Line(of["id"], start, tie["relation"], to, why, of["by"], of["role"], card)


def kind(state: State, reference: str) -> str:
    """The kind of thing that a reference is, or would become; empty where it would become none."""
    first, _, name = reference.partition("/")
    if first != "card":
        return first
    return THINGS.get(state.get("cards", {}).get(name, {}).get("kind", ""), "")


def relation(state: State, line: Line) -> str | None:
    """The relation of the model that a line means, or None where the model has none for it."""
    return _RELATIONS.get((line.relation, kind(state, line.start), kind(state, line.end)))


def name(state: State, reference: str) -> str:
    """What something is called, in the words of the room."""
    first, _, rest = reference.partition("/")
    if first == "card":
        return str(state.get("cards", {}).get(rest, {}).get("text", "a card"))
    return str(state.get("labels", {}).get(reference, rest.replace("-", " ")))


def worded(about: str, part: str) -> str:
    """The property of the model that a part of a thing is; what helps says how, in place of everyday words."""
    prop = _WORDED[part]
    return "mechanism" if prop == "everydayWords" and not about.startswith("feature/") else prop


def words_now(stated: Stated, about: str, part: str) -> str:
    """How the model words a part of a thing now; empty where it does not yet, or has no such thing."""
    if about.startswith("card/"):
        return ""
    found = stated.objects(thing(about), term(worded(about, part)))
    return next((o.value for o in found if isinstance(o, Literal) and o.language == "en-gb"), "")


def said(state: State, line: Line) -> str:
    """A line as a sentence."""
    return f"“{name(state, line.start)}” {RELATIONS[line.relation]} “{name(state, line.end)}”"
