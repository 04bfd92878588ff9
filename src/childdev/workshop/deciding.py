"""From a command to what happens: a pure function of the state, the person and the command.

Nothing is stored here and no clock is read, so that every rule can be tried by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from childdev.errors import WorkshopError
from childdev.workshop import commands as c
from childdev.workshop.permissions import may
from childdev.workshop.roles import ROLES
from childdev.workshop.state import Change, Path, State, changes

#: what a thing of the model is called, or None where there is none of this name
Label = Callable[[str], str | None]
#: a clash of meaning by its key, as the room is shown it, or None where there is none (any more)
Clash = Callable[[str], Mapping[str, Any] | None]
Wanted = dict[Path, Any]


@dataclass(frozen=True)
class Asking:
    """A command in its circumstances: who sends it, to what state, when, and the sequence its event would have."""

    state: State
    who: Mapping[str, Any]
    at: str
    sequence: int
    label: Label
    clash: Clash = lambda _: None

    @property
    def by(self) -> int:
        """The number of who asks."""
        return int(self.who["number"])

    @property
    def steers(self) -> bool:
        """Whether a facilitator asks."""
        return bool(self.who["part"] == "facilitator")

    def card(self, card: str) -> Mapping[str, Any]:
        """A card on the canvas.

        Raises:
            WorkshopError: there is none.
        """
        found: Mapping[str, Any] | None = self.state.get("cards", {}).get(card)
        if found is None or found.get("withdrawn") or found.get("merged_into"):
            raise WorkshopError(404, "This card is no longer on the canvas.")
        return found

    def own(self, thing: Mapping[str, Any], what: str) -> None:
        """Refuse unless it is one's own, or a facilitator asks."""
        if thing["by"] != self.by and not self.steers:
            raise WorkshopError(403, f"Only who made this {what}, or the facilitator, can do this.")

    def labels(self, references: Iterable[str]) -> Wanted:
        """The names of the things that are referred to, to be kept beside the cards.

        Raises:
            WorkshopError: there is no such card or thing.
        """
        wanted: Wanted = {}
        for reference in references:
            kind, _, name = reference.partition("/")
            if kind == "card":
                self.card(name)
            elif (label := self.label(reference)) is None:
                raise WorkshopError(404, f"The model has nothing called '{reference}'.")
            else:
                wanted["labels", reference] = label
        return wanted


Rule = Callable[[Asking, Any], tuple[str, Wanted | tuple[Change, ...]]]
RULES: dict[type[BaseModel], Rule] = {}


def rule(command: type[BaseModel]) -> Callable[[Rule], Rule]:
    """Register what a command does."""

    def register(found: Rule) -> Rule:
        RULES[command] = found
        return found

    return register


def decide(asking: Asking, command: c.Command) -> tuple[str, tuple[Change, ...]]:
    """The kind of event and its patch; an empty patch where all is so already.

    Raises:
        WorkshopError: it is not allowed, or not now; says why.
    """
    if not may(str(asking.who["part"]), command.command):
        raise WorkshopError(403, "Only the facilitator can do this.")
    if asking.state.get("closed"):
        raise WorkshopError(410, "This workshop is closed. Nothing can be added any more.")
    if asking.state.get("frozen") and not asking.steers:
        raise WorkshopError(423, "The facilitator has paused the cards for a moment. Yours waits until then.")
    kind, wanted = RULES[type(command)](asking, command)
    return kind, wanted if isinstance(wanted, tuple) else changes(asking.state, wanted)


def texts(command: BaseModel) -> list[str]:
    """Everything that a person wrote in a command, for the screen for personal data."""
    return list(_texts(command.model_dump()))


_WRITTEN = frozenset({"text", "definition", "everyday_words", "why", "reason", "name", "words", "paper"})


def _texts(value: Mapping[str, Any]) -> Iterable[str]:
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            yield from _texts(inner)
        elif key in _WRITTEN and isinstance(inner, str) and inner:
            yield inner


def references(fields: Mapping[str, Any]) -> list[str]:
    """What a card refers to."""
    tie = fields.get("tie") or {}
    stands = (fields.get("details") or {}).get("stands_for")
    return [*fields.get("about", ()), *(tie[end] for end in ("start", "end") if tie), *([stands] if stands else [])]


def check_tie(tie: Mapping[str, Any] | None) -> None:
    """Refuse a line from a thing to itself."""
    if tie and tie["start"] == tie["end"]:
        raise WorkshopError(422, "A line needs two different ends.")


def role_of(who: Mapping[str, Any], paper_role: str | None, steers: bool) -> str:
    """The role that a card stands for: its writer's, where a facilitator keys in a paper card."""
    if paper_role is None:
        return str(who["role"])
    if not steers:
        raise WorkshopError(403, "Only the facilitator can give the role of who wrote a paper card.")
    if paper_role not in ROLES:
        raise WorkshopError(422, "Choose a role from the list.")
    return paper_role
