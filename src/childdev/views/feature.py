"""The page of a feature: seven questions, answered in order."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.ages import OPEN_END
from childdev.store.reader import ALT_LABEL, DCT_SOURCE, DEFINITION, Reader
from childdev.views.people import Reach, who_can_help
from childdev.views.things import (
    Evidence,
    Link,
    by_age,
    claim_evidence,
    evidence,
    explained,
    family,
    link,
    links,
    retired,
)
from childdev.views.words import Family, seen


@dataclass(frozen=True)
class FeaturePage:
    """All that a page says of a feature. Ages in months."""

    iri: str
    label: str
    everyday: str
    definition: str
    other_names: tuple[str, ...]
    domains: tuple[Link, ...]
    stages: tuple[Link, ...]
    family: Family | None
    first: int
    last: int
    seen: str
    age_evidence: Evidence | None
    age_locator: str
    age_sources: list[Link]
    born_early: bool
    grows_from: list[Link]
    other_routes: list[Link]
    opens: list[Link]
    rests_on: int
    carries: int
    helps: list[tuple[str, list[Link]]]
    helps_what_it_grows_from: list[Link]
    strengthened_by: list[Link]
    weakened_by: list[Link]
    helpers: list[Reach]
    talk_about: list[Link]
    talk_before_end: bool
    views_to_discuss: list[Link]
    need_areas: tuple[Link, ...]
    indicators: list[Link]
    contested: list[Link]
    sources: list[Link]
    matches: list[tuple[str, Link]]


_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
_MATCH_WORDS = {
    "exactMatch": "the same as",
    "closeMatch": "close to",
    "broadMatch": "part of",
    "narrowMatch": "wider than",
    "relatedMatch": "related to",
}


def feature_page(reader: Reader, f: NamedNode) -> FeaturePage:
    """Gather what the page of a feature says."""
    first, last = reader.number(f, cd.typicalFromMonths) or 0, reader.number(f, cd.typicalToMonths) or 0
    age_claim = reader.claim(f, cd.typicalFromMonths, None)
    signs = talk_about(reader, f)
    told = [s for s in signs if s.evidence and s.evidence.strength != "workshop-view"]
    helps = _by_level(reader, [explained(x) for x in links(reader, f, cd.enables, inverse=True, note=cd.mechanism)])
    return FeaturePage(
        iri=f.value,
        label=reader.label(f),
        everyday=reader.text(f, cd.everydayWords),
        definition=reader.text(f, DEFINITION),
        other_names=tuple(o.value for o in reader.objects(f, ALT_LABEL)),
        domains=tuple(links(reader, f, cd.inDomain)),
        stages=tuple(links(reader, f, cd.inStage)),
        family=family(reader, f),
        first=first,
        last=last,
        seen=seen(first, last),
        age_evidence=claim_evidence(reader, age_claim) if age_claim else None,
        age_locator=reader.text(age_claim, cd.locator) if age_claim else "",
        age_sources=links(reader, age_claim, cd.evidence) if age_claim else [],
        born_early=first < 24 and 0 < last < OPEN_END,
        grows_from=_features(reader, f, reader.objects(f, cd.buildsOn), forward=True),
        other_routes=[explained(x) for x in links(reader, f, cd.canAlsoGrowFrom)],
        opens=_features(reader, f, reader.subjects(cd.buildsOn, f), forward=False),
        rests_on=len(reader.objects(f, cd.restsOn)),
        carries=len(reader.objects(f, cd.underpins)),
        helps=helps,
        helps_what_it_grows_from=[] if helps else _indirect(reader, f),
        strengthened_by=[explained(x) for x in links(reader, f, cd.strengthens, inverse=True, note=cd.mechanism)],
        weakened_by=[explained(x) for x in links(reader, f, cd.weakens, inverse=True, note=cd.mechanism)],
        helpers=who_can_help(reader, f),
        talk_about=told,
        talk_before_end=any(_talk_from(s) < last for s in told),
        views_to_discuss=[s for s in signs if s not in told],
        need_areas=tuple(links(reader, f, cd.relatesToNeedArea)),
        indicators=links(reader, f, cd.measures, inverse=True),
        contested=[link(reader, c, evidence=claim_evidence(reader, c)) for c in reader.subjects(cd.touches, f)],
        sources=links(reader, f, DCT_SOURCE),
        matches=matches(reader, f),
    )


def _features(reader: Reader, f: NamedNode, others: list[NamedNode], forward: bool) -> list[Link]:
    gone = retired(reader)
    pairs = [((f, o) if forward else (o, f), o) for o in by_age(reader, others) if o not in gone]
    return [explained(link(reader, o, evidence=evidence(reader, s, cd.buildsOn, to))) for (s, to), o in pairs]


def _by_level(reader: Reader, found: list[Link]) -> list[tuple[str, list[Link]]]:
    grouped: list[tuple[str, list[Link]]] = []
    for level in reader.of_kind("level"):
        some = [e for e in found if reader.holds(NamedNode(e.iri), cd.atLevel, level)]
        if some:
            grouped.append((reader.label(level), some))
    return grouped


def _indirect(reader: Reader, f: NamedNode) -> list[Link]:
    """Where nothing is linked yet: what helps the features that it grows from directly."""
    found = {e for base in reader.objects(f, cd.buildsOn) for e in reader.subjects(cd.enables, base)}
    return [link(reader, e, reader.text(e, cd.mechanism)) for e in sorted(found, key=reader.label)]


def _talk_from(sign: Link) -> int:
    """The age in months from which to talk about a sign; no bound where none is given."""
    months = sign.evidence.talk_from if sign.evidence else None
    return OPEN_END if months is None else months


def talk_about(reader: Reader, f: NamedNode) -> list[Link]:
    """What it may mean that a feature is not yet seen, as stated; never what only follows by rule."""
    found = [
        link(reader, n, evidence=e)
        for n in reader.objects(f, cd.mayIndicate)
        if (e := evidence(reader, f, cd.mayIndicate, n))
    ]
    return sorted(found, key=lambda n: ((n.evidence.talk_from or 0) if n.evidence else 0, n.label))


def matches(reader: Reader, thing: NamedNode) -> list[tuple[str, Link]]:
    """Terms of other schemes to which a thing is matched, with the kind of match in words."""
    base = "http://www.w3.org/2004/02/skos/core#"
    return [(_MATCH_WORDS[m], link(reader, o)) for m in _MATCHES for o in reader.objects(thing, NamedNode(base + m))]
