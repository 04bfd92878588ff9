"""Links from one thing to others, with the claim on which each stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from childdev import terms as cd
from childdev.ages import age_range
from childdev.model.iris import PREFIXES, kind_and_slug
from childdev.model.modules import RDF_TYPE
from childdev.store.reader import Reader
from childdev.views.words import FAMILY_OF, Family


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
    known = _ages(reader).get(thing)
    return Link(
        thing.value,
        reader.label(thing),
        url(thing),
        note,
        evidence,
        family(reader, thing),
        age_range(*known) if known else "",
    )


def links(
    reader: Reader, s: NamedNode, p: NamedNode, inverse: bool = False, note: NamedNode | None = None
) -> list[Link]:
    """All links of a thing by a relation (or, `inverse`, to it), with their evidence and a line from `note`.

    What was retired is left out.
    """
    gone = retired(reader)
    others = [o for o in (reader.subjects(p, s) if inverse else reader.objects(s, p)) if o not in gone]
    return [
        link(
            reader,
            o,
            reader.text(o, note) if note else "",
            evidence(reader, o, p, s) if inverse else evidence(reader, s, p, o),
        )
        for o in others
    ]


def explained(found: Link) -> Link:
    """A link with what its claim says in words, where it says something; else with the line that it has."""
    said = found.evidence.explanation if found.evidence else ""
    return replace(found, note=said) if said else found


@lru_cache(maxsize=2)
def retired(reader: Reader) -> frozenset[NamedNode]:
    """What is no longer part of the model and so stands in no list."""
    return frozenset(reader.subjects(RDF_TYPE, cd.Retired))


def successors(reader: Reader, thing: NamedNode) -> list[Link] | None:
    """What replaced a thing that was retired; None where it was not."""
    deprecated = reader.value(thing, NamedNode(PREFIXES["owl"] + "deprecated"))
    if deprecated is None or deprecated.value != "true":
        return None
    return [link(reader, o) for o in reader.objects(thing, NamedNode(PREFIXES["dcterms"] + "isReplacedBy"))]


@lru_cache(maxsize=2)
def _ages(reader: Reader) -> dict[NamedNode, tuple[int, int]]:
    """For each feature the months from and by which it is usually seen; gathered once for each version."""
    last = {s: int(o.value) for s, o in _said(reader, cd.typicalToMonths) if isinstance(o, Literal)}
    return {
        s: (int(o.value), last[s])
        for s, o in _said(reader, cd.typicalFromMonths)
        if isinstance(o, Literal) and s in last
    }


@lru_cache(maxsize=2)
def _families(reader: Reader) -> dict[NamedNode, Family]:
    """For each feature the family of its domains; gathered once for each version."""
    known = {s: FAMILY_OF.get(o.value.rsplit("/", 1)[-1]) for s, o in _said(reader, cd.inDomain)}
    return {s: family for s, family in known.items() if family}


def _said(reader: Reader, p: NamedNode) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    for q in reader.store.quads_for_pattern(None, p, None, None):
        if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode | Literal):
            yield q.subject, q.object


def family(reader: Reader, thing: NamedNode) -> Family | None:
    """The family of domains to which a feature belongs."""
    return _families(reader).get(thing)


def by_age(reader: Reader, features: Iterable[NamedNode]) -> list[NamedNode]:
    """Features in the order in which they are usually seen."""
    ages = _ages(reader)
    return sorted(features, key=lambda f: (*ages.get(f, (0, 0)), reader.label(f)))
