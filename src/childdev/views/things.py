"""Links from one thing to others, with the claim on which each stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.model.iris import PREFIXES, kind_and_slug
from childdev.store.reader import Reader
from childdev.views.words import FAMILY_OF, Family, age_range


@dataclass(frozen=True)
class Evidence:
    """On what a link stands: how strong, on what basis, and the page of its claim."""

    strength: str
    basis: str
    url: str
    explanation: str
    talk_from: int | None


@dataclass(frozen=True)
class Link:
    """A link to a thing: its name and page, a line of words, and the evidence where the link has a claim."""

    iri: str
    label: str
    url: str
    note: str = ""
    evidence: Evidence | None = None
    family: Family | None = None
    ages: str = ""


def url(thing: NamedNode | str) -> str:
    """The page of a thing; an outside thing is its own page."""
    value = thing if isinstance(thing, str) else thing.value
    named = kind_and_slug(value)
    return f"/{named[0]}/{named[1]}" if named else value


def evidence(reader: Reader, s: NamedNode, p: NamedNode, o: NamedNode | None) -> Evidence | None:
    """The evidence of a link, or None where it has no claim of its own (as inferred links have not)."""
    claim = reader.claim(s, p, o)
    return claim_evidence(reader, claim) if claim else None


def claim_evidence(reader: Reader, claim: NamedNode) -> Evidence:
    """The evidence that a claim states."""
    strength = reader.value(claim, cd.strength)
    return Evidence(
        strength.value.rsplit("/", 1)[-1] if strength else "workshop-view",
        reader.text(claim, cd.basis) or "unread",
        url(claim),
        reader.text(claim, cd.explanation),
        reader.number(claim, cd.talkFromMonths),
    )


def link(reader: Reader, thing: NamedNode, note: str = "", evidence: Evidence | None = None) -> Link:
    """A link to a thing; a feature carries its family and its ages."""
    first, last = reader.number(thing, cd.typicalFromMonths), reader.number(thing, cd.typicalToMonths)
    ages = age_range(first, last) if first is not None and last is not None else ""
    return Link(thing.value, reader.label(thing), url(thing), note, evidence, family(reader, thing), ages)


def links(
    reader: Reader, s: NamedNode, p: NamedNode, inverse: bool = False, note: NamedNode | None = None
) -> list[Link]:
    """All links of a thing by a relation (or, `inverse`, to it), with their evidence and a line from `note`."""
    others: Iterable[NamedNode] = reader.subjects(p, s) if inverse else reader.objects(s, p)
    return [
        link(
            reader,
            o,
            reader.text(o, note) if note else "",
            evidence(reader, o, p, s) if inverse else evidence(reader, s, p, o),
        )
        for o in others
    ]


def successors(reader: Reader, thing: NamedNode) -> list[Link] | None:
    """What replaced a thing that was retired; None where it was not."""
    retired = reader.value(thing, NamedNode(PREFIXES["owl"] + "deprecated"))
    if retired is None or retired.value != "true":
        return None
    return links(reader, thing, NamedNode(PREFIXES["dcterms"] + "isReplacedBy"))


def family(reader: Reader, thing: NamedNode) -> Family | None:
    """The family of domains to which a feature belongs."""
    domain = reader.value(thing, cd.inDomain)
    return FAMILY_OF.get(domain.value.rsplit("/", 1)[-1]) if isinstance(domain, NamedNode) else None


def by_age(reader: Reader, features: Iterable[NamedNode]) -> list[NamedNode]:
    """Features in the order in which they are usually seen."""
    return sorted(
        features,
        key=lambda f: (
            reader.number(f, cd.typicalFromMonths) or 0,
            reader.number(f, cd.typicalToMonths) or 0,
            reader.label(f),
        ),
    )
