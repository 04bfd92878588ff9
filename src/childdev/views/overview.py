"""Pages that gather many things: the map, ages, needs, what helps, who can help, evidence."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from childdev import terms as cd
from childdev.model.iris import PREFIXES, iri
from childdev.model.modules import RDF_TYPE
from childdev.store.reader import ALT_LABEL, DEFINITION, Reader
from childdev.views.things import Link, by_age, link, retired
from childdev.views.words import FAMILIES, STRENGTHS, Family

THIN = 6


@dataclass(frozen=True)
class StageColumn:
    """A stage as the column of a map. Ages in months."""

    slug: str
    label: str
    short: str
    first: int
    last: int


@dataclass(frozen=True)
class Cell:
    """One cell of the map: how many features, how well their ages are evidenced, whether it is thin, and, where it
    is empty for a reason, why the aspect starts later."""

    domain: str
    stage: str
    stage_label: str
    count: int
    dots: str
    evidence: str
    thin: bool
    later: str = ""


def stages(reader: Reader) -> list[StageColumn]:
    """The stages in the order of age."""
    found = [
        StageColumn(
            s.value.rsplit("/", 1)[-1],
            reader.label(s),
            reader.label(s).removesuffix(" childhood"),
            reader.number(s, cd.fromMonths) or 0,
            reader.number(s, cd.toMonths) or 0,
        )
        for s in reader.of_kind("stage")
    ]
    return sorted(found, key=lambda s: s.first)


@lru_cache(maxsize=2)
def the_map(reader: Reader) -> list[tuple[Family, list[tuple[Link, list[Cell]]]]]:
    """Families of domains, their domains, and a cell for each stage; gathered once for each version."""
    columns = stages(reader)
    rows = []
    for family in FAMILIES:
        domains = []
        for slug in family.domains:
            domain = iri("domain", slug)
            features = set(reader.subjects(cd.inDomain, domain))
            domains.append((link(reader, domain), [_cell(reader, slug, c, features) for c in columns]))
        rows.append((family, domains))
    return rows


def _cell(reader: Reader, domain: str, column: StageColumn, features: set[NamedNode]) -> Cell:
    some = [f for f in features if reader.holds(f, cd.inStage, iri("stage", column.slug))]
    strengths: Counter[str] = Counter()
    for f in some:
        claim = reader.claim(f, cd.typicalFromMonths, None)
        strength = reader.value(claim, cd.strength) if claim else None
        strengths[strength.value.rsplit("/", 1)[-1] if strength else "workshop-view"] += 1
    usual = max(strengths, key=lambda s: (strengths[s], s)) if strengths else "workshop-view"
    dots, words = STRENGTHS[usual]
    later = "" if some or column.slug != "perinatal" else reader.text(iri("domain", domain), cd.startsLater)
    return Cell(domain, column.slug, column.label, len(some), dots, f"mostly {words}", 0 < len(some) < THIN, later)


def starting_later(reader: Reader) -> list[tuple[Link, str]]:
    """Aspects with nothing in the perinatal stage, and why, where it is said."""
    return [
        (domain, cell.later)
        for _, domains in the_map(reader)
        for domain, cells in domains
        for cell in cells
        if cell.later
    ]


def in_cell(reader: Reader, domain: str | None, stage: str | None) -> list[Link]:
    """The features of a domain and a stage (either may be left out), by age."""
    found = set(reader.of_kind("feature"))
    if domain:
        found &= set(reader.subjects(cd.inDomain, iri("domain", domain)))
    if stage:
        found &= set(reader.subjects(cd.inStage, iri("stage", stage)))
    return [link(reader, f) for f in by_age(reader, found)]


def around_age(reader: Reader, months: int) -> list[tuple[Family, list[tuple[str, list[Link]]]]]:
    """Features whose usual range holds an age, by family and domain, those that begin latest first.

    What began long ago and goes on is left out: its range is open at the end, and it began more than
    two years (or half a lifetime, where that is longer) before.
    """
    fresh = max(24, (months + 9) // 2)
    grouped = []
    for family in FAMILIES:
        domains = []
        for slug in family.domains:
            some = []
            for f in reader.subjects(cd.inDomain, iri("domain", slug)):
                first, last = reader.number(f, cd.typicalFromMonths) or 0, reader.number(f, cd.typicalToMonths) or 0
                if first <= months <= last and months - first <= fresh:
                    some.append((-(first), last, reader.label(f), f))
            if some:
                domains.append(
                    (
                        reader.label(iri("domain", slug)),
                        [link(reader, f) for *_, f in sorted(some, key=lambda x: x[:3])],
                    )
                )
        if domains:
            grouped.append((family, domains))
    return grouped


def environments_by_level(reader: Reader) -> list[tuple[Link, str, list[Link]]]:
    """What helps, from the child outwards: level, its definition, its environments with their mechanism."""
    gone = retired(reader)
    return [
        (
            link(reader, level),
            reader.text(level, DEFINITION),
            [
                link(reader, e, reader.text(e, cd.mechanism))
                for e in reader.subjects(cd.atLevel, level)
                if "/environment/" in e.value and e not in gone
            ],
        )
        for level in reader.of_kind("level")
    ]


def needs(reader: Reader) -> list[tuple[Link, str, list[tuple[Link, str]]]]:
    """The four areas with the types under each; types under no area come last, under an empty area."""
    areas = reader.subjects(RDF_TYPE, cd.NeedArea)
    grouped = []
    for area in areas:
        types = [(link(reader, t), reader.text(t, cd.dfeCode)) for t in reader.subjects(cd.broaderNeed, area)]
        grouped.append((link(reader, area), reader.text(area, DEFINITION), types))
    other = [t for t in reader.subjects(RDF_TYPE, cd.NeedType) if not reader.objects(t, cd.broaderNeed)]
    if other:
        grouped.append(
            (
                Link("", "Other entries of the census", ""),
                "",
                [(link(reader, t), reader.text(t, cd.dfeCode)) for t in other],
            )
        )
    return grouped


@dataclass(frozen=True)
class Standing:
    """The claims about one relation: how many there are, of each strength, and how each came to stand."""

    words: str
    all: int
    strengths: dict[str, int]
    bases: dict[str, int]

    def percent(self, some: int) -> int:
        """A share in whole per cent, rounded down, so that it never says more than there is."""
        return 100 * some // self.all if self.all else 0


_MATCHES = tuple(NamedNode(f"{PREFIXES['skos']}{m}Match") for m in ("exact", "close", "broad", "narrow", "related"))
_RELATIONS: dict[str, tuple[NamedNode, ...]] = {
    "When features are usually seen": (cd.typicalFromMonths,),
    "What features grow from": (cd.buildsOn,),
    "Other routes": (cd.canAlsoGrowFrom,),
    "What helps": (cd.enables,),
    "What strengthens": (cd.strengthens,),
    "What weakens": (cd.weakens,),
    "What a feature not yet seen may point to": (cd.mayIndicate,),
    "What assets support": (cd.supports,),
    "What indicators tell of": (cd.measures,),
    "What the local system shapes": (cd.shapes,),
    "What the local system depends on": (cd.dependsOnCapital,),
    "Matches to other schemes": _MATCHES,
}


@lru_cache(maxsize=2)
def standings(reader: Reader) -> list[Standing]:
    """For all statements together, then for each relation with claims: on what they stand."""
    about = {words: {c for p in ps for c in reader.subjects(cd.claimProperty, p)} for words, ps in _RELATIONS.items()}
    strength, basis = _values(reader, cd.strength), _values(reader, cd.basis)
    return [
        Standing(
            words,
            len(claims),
            dict(Counter(strength[c] for c in claims if c in strength)),
            dict(Counter(basis.get(c, "unread") for c in claims)),
        )
        for words, claims in (("All statements", set().union(*about.values())), *about.items())
        if claims or words == "All statements"
    ]


def _values(reader: Reader, p: NamedNode) -> dict[NamedNode, str]:
    """For each thing with a relation: its value, of a thing the last part of its name."""
    return {
        q.subject: q.object.value.rsplit("/", 1)[-1]
        for q in reader.store.quads_for_pattern(None, p, None, None)
        if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode | Literal)
    }


#: what stands in the list from A to Z, and what it is called there
_NAMED = {
    "feature": "Feature",
    "environment": "What helps",
    "agency": "Who can help",
    "asset": "What can be drawn on",
    "need": "Need",
    "factor": "What strengthens or weakens",
    "domain": "Aspect of development",
    "stage": "Stage",
}


@lru_cache(maxsize=2)
def a_to_z(reader: Reader) -> list[tuple[str, list[tuple[Link, str, str]]]]:
    """Letters, and under each the things whose name begins with it: the thing, its kind, its other names."""
    letters: defaultdict[str, list[tuple[Link, str, str]]] = defaultdict(list)
    for kind, words in _NAMED.items():
        for thing in reader.of_kind(kind):
            others = ", ".join(o.value for o in reader.objects(thing, ALT_LABEL))
            letters[_sorted_as(reader.label(thing))[0].upper()].append((link(reader, thing), words, others))
    return [(letter, sorted(items, key=lambda i: _sorted_as(i[0].label))) for letter, items in sorted(letters.items())]


def _sorted_as(name: str) -> str:
    """A name as it stands in an alphabet: without its article."""
    return re.sub(r"^(an?|the) ", "", name.casefold())


def contested(reader: Reader) -> list[Link]:
    """The claims on which evidence or people differ."""
    return [link(reader, c) for c in reader.subjects(cd.strength, cd.contested)]
