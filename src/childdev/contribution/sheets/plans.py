"""What each table holds: its columns, made from the fields of the kind of thing that its rows are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from childdev.contribution.changes.names import CLAIMED
from childdev.errors import NotFoundError
from childdev.validation.constraints import vocabulary
from childdev.validation.fields import EDITABLE, Choice, Field, field_of, fields

#: the name of a table → the kind of thing in its rows, and its title
KINDS = {
    "features": ("feature", "Features"),
    "environments": ("environment", "Environments"),
    "factors": ("factor", "Factors"),
    "assets": ("asset", "Assets"),
    "agencies": ("agency", "Agencies"),
    "sources": ("source", "Sources"),
    "links": ("", "Links"),
}
#: what starts a row that is not read: notes and examples
UNREAD = "#"
#: what stands in a cell whose value is to be taken away
NOTHING = "-"

#: columns that are no fields of a thing
CODE, STRENGTH, WHY, LOCATOR = "code", "evidence:strength", "evidence:explanation", "evidence:locator"
FROM, RELATION, TO, SOURCES, TALK, REMOVE = "from", "relation", "to", "evidence:sources", "evidence:talk", "remove"


@dataclass(frozen=True)
class Column:
    """One column: its heading in plain words, what to write there, and what may stand in it.

    `name` is the short name of the property, or one of the names above. `targets` are the kinds of thing that it names,
    `target` the one class of them where it is narrower.
    """

    heading: str
    name: str
    note: str
    required: bool = False
    many: bool = False
    choices: tuple[Choice, ...] = ()
    targets: tuple[str, ...] = ()
    target: str = ""
    example: tuple[str, ...] = ()
    number: bool = False


@dataclass(frozen=True)
class Plan:
    """A table: its name, the kind of thing in its rows (none for links), its title and its columns."""

    name: str
    kind: str
    title: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """One column, by its name."""
        return next(c for c in self.columns if c.name == name)


@cache
def plan(name: str) -> Plan:
    """A table, by its name.

    Raises:
        NotFoundError: there is no such table.
    """
    if name not in KINDS:
        raise NotFoundError(f"There is no table '{name}'. Choose one of: {', '.join(KINDS)}.", [("Tables", "/tables")])
    kind, title = KINDS[name]
    return Plan(name, kind, title, _of_things(kind) if kind else _of_links())


def plans() -> tuple[Plan, ...]:
    """All tables."""
    return tuple(plan(name) for name in KINDS)


@cache
def relations() -> dict[str, tuple[str, ...]]:
    """The relations that carry meaning → the kinds from which they start, as the table of links offers them."""
    return {
        name: tuple(k for k in EDITABLE if any(f.property == name for f in fields(k)))
        for name in sorted(CLAIMED)
        if not name.startswith("skos:")
    }


def heading_key(heading: str) -> str:
    """A heading as it is compared: without what stands in brackets, stars, spaces and capitals."""
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"\([^)]*\)", "", heading.casefold())).strip()


def _of_things(kind: str) -> tuple[Column, ...]:
    code = Column(
        "Code", CODE, "Leave it empty for something new. For something that is in the model already, write its code."
    )
    found = [code, *(_of_field(f) for f in fields(kind) if f.property != "mayIndicate")]
    if any(f.property in (*CLAIMED, "typicalFromMonths") for f in fields(kind)):
        of_what = "of the ages and new links in this row" if kind == "feature" else "of the new links in this row"
        found += [
            c for c in _evidence(of_what) if heading_key(c.heading) not in {heading_key(f.heading) for f in found}
        ]
    return tuple(found)


def _of_field(one: Field) -> Column:
    needed = "" if not one.required else "Needed. " if not one.when else f"Needed for: {_words_of(one, one.when)}. "
    ways = [
        "Choose one." if one.choices and not one.many else "",
        f"Whole number from {one.minimum} to {one.maximum}." if one.minimum is not None else "",
        "Whole number." if one.type == "number" and one.minimum is None else "",
        "Several: with a bar between them (a | b)." if one.many else "",
    ]
    return Column(
        heading=one.label,
        name=one.property,
        note=needed + " ".join(filter(None, [one.help, *ways])),
        required=one.required and not one.when,
        many=one.many,
        choices=one.choices,
        targets=one.targets,
        target=one.target,
        example=one.example,
        number=one.type == "number",
    )


def _words_of(one: Field, class_: str) -> str:
    return vocabulary()[class_].label.lower() if class_ in vocabulary() else one.label.lower()


def _evidence(of_what: str) -> list[Column]:
    strength = field_of("claim", "strength")
    return [
        Column(
            "Strength of evidence",
            STRENGTH,
            f"How strong the evidence is {of_what}; a workshop view if empty. Others need a source in this row.",
            choices=strength.choices,
            example=("workshop-view",),
        ),
        Column("Why", WHY, f"In one sentence, why: {of_what}.", example=("Two words follow many single ones.",)),
        Column("Where in the source", LOCATOR, field_of("claim", "locator").help),
    ]


def _of_links() -> tuple[Column, ...]:
    kinds = tuple(dict.fromkeys(k for names in relations().values() for k in names))
    targets = tuple(dict.fromkeys(t for name, of in relations().items() for t in field_of(of[0], name).targets))
    chosen = tuple(Choice(name, vocabulary()[name].label) for name in relations())
    return (
        Column(
            "From", FROM, "Needed. The thing from which the link starts.", True, targets=kinds, example=_EXAMPLE[:1]
        ),
        Column("Link", RELATION, "Needed. Choose one.", True, choices=chosen, example=_EXAMPLE[1:2]),
        Column("To", TO, "Needed. The thing to which the link leads.", True, targets=targets, example=_EXAMPLE[2:]),
        *_evidence("of this link"),
        Column(
            "Sources",
            SOURCES,
            "The publications on which the link stands. Several: with a bar between them (a | b).",
            many=True,
            targets=("source",),
            example=field_of("feature", "dcterms:source").example[:1],
        ),
        Column(
            "Talk about it from (months)",
            TALK,
            "Only for signs of a need: the age in months from which to talk about it.",
            number=True,
        ),
        Column(
            "Remove",
            REMOVE,
            "Write yes to take the link away; leave it empty otherwise.",
            choices=(Choice("yes", "yes"),),
        ),
    )


_EXAMPLE = ("feature/joins-two-words", "buildsOn", "feature/says-several-words")
