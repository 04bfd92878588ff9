"""What people in a workshop may ask for: each command as plain data that JSON carries.

A command has an `id` that the browser makes (a UUID). To send the same again is safe: it is done once and gives the
same answer. What a command makes (a card, a group, a connection) is called by the id of that command, so a browser
without network knows the name already.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from childdev.contribution.changes.kinds import Months

#: a card (`card/<id>`) or a thing of the model (`feature/walks-alone`)
Reference = Annotated[str, StringConstraints(pattern=r"^[a-z-]+/[A-Za-z0-9-]+$", max_length=200)]
Id = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", to_lower=True)
]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$", max_length=80)]


def _one_space(text: str) -> str:
    return " ".join(text.split())


Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(_one_space)
]
MaybeWords = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), AfterValidator(_one_space)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80), AfterValidator(_one_space)]

CardKind = Literal["feature", "help", "asset", "link", "wording", "question", "disagreement"]
Relation = Literal["grows-from", "can-also-grow-from", "helps", "gets-in-the-way", "held-by"]
#: what a wording is of; `retire` says that the thing should go
Part = Literal["name", "definition", "everyday-words", "retire"]
Stance = Literal["agree", "unsure", "differ"]
Decision = Literal["accept", "not-now", "open-question"]

#: relation → how it reads between what it starts from and what it leads to
RELATIONS: dict[str, str] = {
    "grows-from": "usually grows from",
    "can-also-grow-from": "can also grow from",
    "helps": "helps",
    "gets-in-the-way": "may get in the way of",
    "held-by": "is held by",
}


class Strict(BaseModel):
    """Plain data that knows no other fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Tie(Strict):
    """Two things and how they hang together, read as a sentence: `start` `relation` `end`."""

    start: Reference
    relation: Relation
    end: Reference


class Details(Strict):
    """What a new thing of the model needs besides its name; `stands_for` is a thing that the card means already.

    All may wait until the room agrees. Months are those in which a feature is usually seen; stages, domain, level and
    capital are slugs. The everyday words are for families; of what helps, they say how it works.
    """

    definition: MaybeWords = ""
    everyday_words: MaybeWords = ""
    first_months: Months | None = None
    last_months: Months | None = None
    stages: tuple[Slug, ...] = ()
    domain: Slug | None = None
    level: Slug | None = None
    capital: Slug | None = None
    stands_for: Reference | None = None


class Card(Strict):
    """What a person writes on a card."""

    kind: CardKind
    text: Words
    about: tuple[Reference, ...] = Field((), max_length=12)
    tie: Tie | None = Field(None, description="A link, or a disagreement about one")
    part: Part | None = Field(None, description="A wording: what of the thing it words anew")
    details: Details = Details()
    x: int = Field(0, ge=0, le=9999)
    y: int = Field(0, ge=0, le=9999)


class _Command(Strict):
    id: Id


class AddCard(_Command):
    """Put a card on the canvas."""

    command: Literal["add-card"] = "add-card"
    card: Card
    paper: Name = Field("", description="The code of the printed card, where it comes from paper")
    paper_role: Slug | None = Field(None, description="The role of who wrote it on paper; only a facilitator gives it")


class EditCard(_Command):
    """Change one's own card. `base` is the revision that was seen; a later one is
    not overwritten. 0 stands for one's own last change, whose revision is not known yet (in an outbox)."""

    command: Literal["edit-card"] = "edit-card"
    card: Id
    base: int = Field(ge=0)
    text: Words | None = None
    about: tuple[Reference, ...] | None = Field(None, max_length=12)
    tie: Tie | None = None
    part: Part | None = None
    details: Details | None = None


class MoveCard(_Command):
    """Put a card elsewhere on the canvas, and into a group or out of all (`group` null) where that is given."""

    command: Literal["move-card"] = "move-card"
    card: Id
    x: int = Field(ge=0, le=9999)
    y: int = Field(ge=0, le=9999)
    group: Id | None = None


class GroupCards(_Command):
    """Put cards together. Without `group` they are a new group, called by this command's id."""

    command: Literal["group-cards"] = "group-cards"
    cards: tuple[Id, ...] = Field(min_length=1, max_length=200)
    group: Id | None = None
    name: Name = ""


class NameGroup(_Command):
    """Give a group a name."""

    command: Literal["name-group"] = "name-group"
    group: Id
    name: Name


class Ungroup(_Command):
    """Take cards out of their groups; a group without cards goes."""

    command: Literal["ungroup"] = "ungroup"
    cards: tuple[Id, ...] = Field(min_length=1, max_length=200)


class Connect(_Command):
    """Draw a line from a card or thing to another."""

    command: Literal["connect"] = "connect"
    tie: Tie
    why: MaybeWords = ""


class Disconnect(_Command):
    """Take a line away: one's own; a facilitator any."""

    command: Literal["disconnect"] = "disconnect"
    connection: Id


class Vote(_Command):
    """Give a dot, or take one back."""

    command: Literal["vote"] = "vote"
    card: Id
    dots: Literal[1, -1] = 1


class TakeStance(_Command):
    """Agree, be unsure, or differ; null takes it back."""

    command: Literal["stance"] = "stance"
    card: Id
    stance: Stance | None
    reason: MaybeWords = ""


class Park(_Command):
    """Put a card in the parking lot."""

    command: Literal["park"] = "park"
    card: Id


class Unpark(_Command):
    """Take a card out of the parking lot."""

    command: Literal["unpark"] = "unpark"
    card: Id


class WithdrawCard(_Command):
    """Take a card back: one's own; a facilitator any."""

    command: Literal["withdraw-card"] = "withdraw-card"
    card: Id


class SetPhase(_Command):
    """Go to a phase of the run sheet."""

    command: Literal["set-phase"] = "set-phase"
    phase: Slug


class StartTimer(_Command):
    """Start the clock."""

    command: Literal["start-timer"] = "start-timer"
    seconds: int = Field(ge=10, le=4 * 3600)


class StopTimer(_Command):
    """Stop the clock."""

    command: Literal["stop-timer"] = "stop-timer"


class ExtendTimer(_Command):
    """Give more time."""

    command: Literal["extend-timer"] = "extend-timer"
    seconds: int = Field(ge=10, le=4 * 3600)


class Focus(_Command):
    """Show everyone one card, or (null) all again."""

    command: Literal["focus"] = "focus"
    card: Id | None


class Freeze(_Command):
    """Let only the facilitator act for a while."""

    command: Literal["freeze"] = "freeze"


class Unfreeze(_Command):
    """Let everyone act again."""

    command: Literal["unfreeze"] = "unfreeze"


class Undo(_Command):
    """Take back one event (`event`), or the last act of one person (`participant`), and nothing else."""

    command: Literal["undo"] = "undo"
    event: int | None = Field(None, ge=1)
    participant: int | None = Field(None, ge=1)


class MergeCards(_Command):
    """Cards say the same: votes, stances and lines of all go to one, which keeps its text."""

    command: Literal["merge-cards"] = "merge-cards"
    into: Id
    cards: tuple[Id, ...] = Field(min_length=1, max_length=50)


class Decide(_Command):
    """What the room decided of a card, and why; null opens it again."""

    command: Literal["decide"] = "decide"
    card: Id
    decision: Decision | None
    reason: MaybeWords = ""


class ResolveConflict(_Command):
    """What the room chose where meanings clash, and why."""

    command: Literal["resolve-conflict"] = "resolve-conflict"
    conflict: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$", max_length=80)]
    choice: Slug
    reason: MaybeWords = ""


class FillIn(_Command):
    """What a card still needs to become a thing of the model; done by the facilitator with the room."""

    command: Literal["fill-in"] = "fill-in"
    card: Id
    base: int = Field(ge=0)
    details: Details
    about: tuple[Reference, ...] | None = Field(None, max_length=12)
    tie: Tie | None = None
    part: Part | None = None


class Close(_Command):
    """End the workshop. Nothing can be added after."""

    command: Literal["close"] = "close"
    words: MaybeWords = ""


Command = Annotated[
    AddCard
    | EditCard
    | MoveCard
    | GroupCards
    | NameGroup
    | Ungroup
    | Connect
    | Disconnect
    | Vote
    | TakeStance
    | Park
    | Unpark
    | WithdrawCard
    | SetPhase
    | StartTimer
    | StopTimer
    | ExtendTimer
    | Focus
    | Freeze
    | Unfreeze
    | Undo
    | MergeCards
    | Decide
    | ResolveConflict
    | FillIn
    | Close,
    Field(discriminator="command"),
]
COMMAND: TypeAdapter[Command] = TypeAdapter(Command)
