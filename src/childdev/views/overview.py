"""Pages that gather many things: the map, ages, needs, what helps, who can help, evidence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.model.iris import iri
from childdev.model.modules import RDF_TYPE
from childdev.store.reader import DEFINITION, Reader
from childdev.views.things import Link, by_age, link
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
    """One cell of the map: how many features, how well their links are evidenced, and whether it is thin."""

    domain: str
    stage: str
    stage_label: str
    count: int
    dots: str
    evidence: str
    thin: bool


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
    return Cell(domain, column.slug, column.label, len(some), dots, f"mostly {words}", 0 < len(some) < THIN)


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
    return [
        (
            link(reader, level),
            reader.text(level, DEFINITION),
            [
                link(reader, e, reader.text(e, cd.mechanism))
                for e in reader.subjects(cd.atLevel, level)
                if "/environment/" in e.value
            ],
        )
        for level in reader.of_kind("level")
    ]


def agencies_by_tier(reader: Reader) -> list[tuple[Link, str, str, list[Link]]]:
    """Who can help, each at the most open tier at which they work: tier, definition, how reached, agencies."""
    left = reader.of_kind("agency")
    grouped = []
    for tier in reader.of_kind("tier"):
        some = [a for a in left if reader.holds(a, cd.providesAt, tier)]
        left = [a for a in left if a not in some]
        grouped.append(
            (
                link(reader, tier),
                reader.text(tier, DEFINITION),
                reader.text(tier, cd.howReached),
                [link(reader, a, reader.text(a, DEFINITION)) for a in some],
            )
        )
    return grouped


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


def evidence_shares(reader: Reader) -> list[tuple[str, dict[str, int]]]:
    """For each relation that carries claims: how many claims of each strength."""
    relations = {
        cd.typicalFromMonths: "When features are usually seen",
        cd.buildsOn: "What features grow from",
        cd.enables: "What helps",
        cd.strengthens: "What strengthens",
        cd.weakens: "What weakens",
        cd.mayIndicate: "What a feature not yet seen may point to",
        cd.supports: "What assets support",
        cd.measures: "What indicators tell of",
        cd.shapes: "What the local system shapes",
        cd.dependsOnCapital: "What the local system depends on",
    }
    rows = []
    for p, words in relations.items():
        counts: Counter[str] = Counter()
        for claim in reader.subjects(cd.claimProperty, p):
            strength = reader.value(claim, cd.strength)
            counts[strength.value.rsplit("/", 1)[-1]] += 1
        rows.append((words, dict(counts)))
    return rows


def contested(reader: Reader) -> list[Link]:
    """The claims on which evidence or people differ."""
    return [link(reader, c) for c in reader.subjects(cd.strength, cd.contested)]
