"""The kinds of change: what each is called with, as plain data that JSON carries.

Things are named as "kind/slug" (`feature/walks-alone`), relations and properties by their short names
(`buildsOn`, `skos:definition`). Ages are whole months after birth, negative before it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

ThingName = Annotated[str, StringConstraints(pattern=r"^[a-z-]+/[A-Za-z0-9-]+$")]
PropertyName = Annotated[str, StringConstraints(pattern=r"^([a-z]+:)?[A-Za-z_-]+$")]
Months = Annotated[int, Field(ge=-9, le=300)]


class Strict(BaseModel):
    """Plain data that never changes and knows no other fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(Strict):
    """On what a link stands. Sources are slugs; without one, the strength is a workshop view."""

    strength: Literal["established", "emerging", "contested", "workshop-view"] = "workshop-view"
    basis: Literal["read", "named", "reasoned", "unread"] = "reasoned"
    sources: tuple[str, ...] = ()
    explanation: str = ""
    locator: str = ""
    talk_from_months: Months | None = None


class Value(Strict):
    """One value of a property: words in a language, a number, a plain text, a web address, or a thing."""

    property: PropertyName
    text: str
    type: Literal["words", "text", "number", "address", "truth", "thing"] = "words"
    language: str = "en-gb"


class AddThing(Strict):
    """A new thing: its kind and name, and what is said of it. Its links come as changes of their own."""

    change: Literal["add-thing"] = "add-thing"
    thing: ThingName
    classes: tuple[str, ...] = Field((), description="Short names of its classes; that of its kind if not given")
    values: tuple[Value, ...]
    ages: Evidence | None = Field(None, description="On what the range of ages of a feature stands")


class SetValue(Strict):
    """One value of a property is another (reword, correct), is new (no `before`), or goes (no `after`)."""

    change: Literal["set-value"] = "set-value"
    thing: ThingName
    before: Value | None = None
    after: Value | None = None


class SetAges(Strict):
    """The range of ages in which a feature is usually seen, and on what it stands if that changes too."""

    change: Literal["set-ages"] = "set-ages"
    thing: ThingName
    first: Months
    last: Months
    evidence: Evidence | None = None


class Link(Strict):
    """A link between two things. Links that carry meaning have evidence; those that only place a thing have none."""

    change: Literal["link"] = "link"
    subject: ThingName
    relation: PropertyName
    object: ThingName
    evidence: Evidence | None = None


class Unlink(Strict):
    """A link goes, with its claim."""

    change: Literal["unlink"] = "unlink"
    subject: ThingName
    relation: PropertyName
    object: ThingName


class ReEvidence(Strict):
    """A link (or, without object, a range of ages) stands on other evidence."""

    change: Literal["re-evidence"] = "re-evidence"
    subject: ThingName
    relation: PropertyName
    object: ThingName | None = None
    evidence: Evidence


class Retire(Strict):
    """A thing is no longer used. It keeps its page, with the reason and what to use instead."""

    change: Literal["retire"] = "retire"
    thing: ThingName
    successors: tuple[ThingName, ...] = ()
    reason: str


class Merge(Strict):
    """Two things are one: the links of the first move to the second, and the first is retired."""

    change: Literal["merge"] = "merge"
    thing: ThingName
    into: ThingName
    reason: str


class Split(Strict):
    """One thing is several, which are there already: its links go with the first, and it is retired."""

    change: Literal["split"] = "split"
    thing: ThingName
    into: tuple[ThingName, ...] = Field(min_length=2)
    reason: str


class Disagree(Strict):
    """A position for or against a claim, or a link's claim, by whom in their role. Kept, not averaged away."""

    change: Literal["disagree"] = "disagree"
    claim: ThingName
    stance: Literal["for", "against"]
    words: str
    role: str
    source: str = ""


class Other(Strict):
    """What is in no other kind, as lines of N-Quads: edits of the vocabulary, or of single statements."""

    change: Literal["other"] = "other"
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


Change = Annotated[
    AddThing | SetValue | SetAges | Link | Unlink | ReEvidence | Retire | Merge | Split | Disagree | Other,
    Field(discriminator="change"),
]
CHANGES: TypeAdapter[tuple[Change, ...]] = TypeAdapter(tuple[Change, ...])
