"""The page of anything that is not a feature: its words, its facts, and its links under plain headings."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from childdev import terms as cd
from childdev.ages import age
from childdev.model.iris import iri
from childdev.store.reader import ALT_LABEL, DCT_SOURCE, DEFINITION, NOTE, PREF_LABEL, Reader
from childdev.views.feature import matches
from childdev.views.overview import stages
from childdev.views.people import REACHED
from childdev.views.things import Evidence, Link, by_age, claim_evidence, explained, link, links
from childdev.views.words import BASES


@dataclass(frozen=True)
class Part:
    """A heading with links under it: by which relation, from this thing or (inverse) to it."""

    heading: str
    relation: NamedNode
    inverse: bool = False
    note: NamedNode | None = None
    aged: bool = False
    empty: str = ""


@dataclass(frozen=True)
class Section:
    """A heading, its links, and what to say where there are none; long lists of features go by stage too."""

    heading: str
    links: list[Link]
    empty: str = ""
    by_stage: tuple[tuple[str, list[Link]], ...] = ()


@dataclass(frozen=True)
class ThingPage:
    """All that a page says of a thing."""

    iri: str
    kind: str
    kind_label: str
    kind_url: str
    label: str
    lead: str
    everyday: str
    other_names: tuple[str, ...]
    reach: str
    reached_by: tuple[str, str] | None
    later: str
    facts: list[tuple[str, str]]
    sections: list[Section]
    matches: list[tuple[str, Link]]
    sources: list[Link]
    external: str


_WHO = Part("Who holds it", cd.heldBy)
PARTS: dict[str, tuple[Part, ...]] = {
    "environment": (
        Part("What does it help?", cd.enables, aged=True),
        Part("What does it prepare for, later on?", cd.preparesFor, aged=True),
        Part(
            "What can be drawn on to bring it about?",
            cd.supports,
            inverse=True,
            note=cd.mechanism,
            empty="No asset is linked to this yet.",
        ),
        Part("Which features of the local system make it more likely?", cd.shapes, inverse=True),
    ),
    "factor": (
        Part("What does it strengthen?", cd.strengthens, aged=True),
        Part("What does it weaken?", cd.weakens, aged=True),
        Part("What can be drawn on?", cd.supports, inverse=True, note=cd.mechanism),
    ),
    "need": (
        Part("Types of need counted under it", cd.broaderNeed, inverse=True, note=DEFINITION),
        Part("The area it is counted under", cd.broaderNeed, note=DEFINITION),
        Part("What may be a reason to talk about it", cd.mayIndicate, inverse=True, aged=True),
        Part("Features of development that relate to it", cd.relatesToNeedArea, inverse=True, aged=True),
    ),
    "capital": (
        Part("What there is of it", cd.formOf, inverse=True, note=DEFINITION),
        Part("Features of the local system that depend on it", cd.dependsOnCapital, inverse=True),
        Part("Steps of the graduated approach that draw on it", cd.mobilises, inverse=True),
    ),
    "asset": (
        Part("What does it support?", cd.supports),
        _WHO,
        Part("What form of capital is it?", cd.formOf, note=DEFINITION),
        Part("Which features of development does it reach?", cd.contributesTo, aged=True),
    ),
    "agency": (
        Part(
            "What does it bring?",
            cd.holds,
            note=cd.mechanism,
            empty="Nothing is linked yet. If you work here, this is a gap to fill.",
        ),
        Part("At which tier does it work?", cd.providesAt),
        Part("With which ages?", cd.worksIn),
        Part("What can it help with?", cd.canHelpWith, aged=True),
    ),
    "tier": (Part("Who works at this tier?", cd.providesAt, inverse=True, note=DEFINITION),),
    "level": (Part("What helps at this level?", cd.atLevel, inverse=True),),
    "stage": (
        Part("Which stage comes next?", cd.followedBy),
        Part("Features of this stage", cd.inStage, inverse=True, aged=True),
    ),
    "domain": (Part("Features of this aspect", cd.inDomain, inverse=True, aged=True),),
    "system-feature": (
        Part("Questions to open a conversation", cd.hasPrompt),
        Part("What does it depend on?", cd.dependsOnCapital),
        Part("What does it make more likely?", cd.shapes),
        Part("How could it be seen?", cd.hasMeasure, note=DEFINITION),
    ),
    "measure": (Part("What does it show?", cd.hasMeasure, inverse=True),),
    "indicator": (
        Part(
            "What does it tell of?",
            cd.measures,
            aged=True,
            empty="It counts a service, a cost or a circumstance, and no feature of development.",
        ),
    ),
    "step": (
        Part("Questions to ask", cd.hasPrompt),
        Part("What it draws on", cd.mobilises),
        Part("Principles that guide it", cd.guidedBy, note=DEFINITION),
        Part("What comes next?", cd.nextStep),
    ),
    "principle": (Part("Steps that it guides", cd.guidedBy, inverse=True),),
    "participation": (),
    "accountability": (),
    "term": (),
    "source": (
        Part("Claims that stand on it", cd.evidence, inverse=True),
        Part("Things that draw on it", DCT_SOURCE, inverse=True),
    ),
}

KIND_LABELS = {
    "environment": ("What helps", "/helps"),
    "factor": ("What strengthens or weakens", "/factors"),
    "need": ("Need", "/needs"),
    "capital": ("Form of capital", "/capital"),
    "asset": ("What can be drawn on", "/capital"),
    "agency": ("Who can help", "/who"),
    "tier": ("Tier of provision", "/who"),
    "level": ("Level", "/helps"),
    "stage": ("Stage of childhood", "/map"),
    "domain": ("Aspect of development", "/map"),
    "system-feature": ("The local system", "/system"),
    "measure": ("Measure", "/system"),
    "indicator": ("Indicator", "/indicators"),
    "step": ("The graduated approach", "/ways-of-working"),
    "principle": ("Principle of dialogue", "/ways-of-working"),
    "participation": ("Level of participation", "/ways-of-working"),
    "accountability": ("Form of accountability", "/ways-of-working"),
    "term": ("Term of another scheme", "/developers"),
    "source": ("Source", "/sources"),
    "claim": ("Evidence for a statement", "/evidence"),
}

_NOT_FACTS = {
    cd.everydayWords,
    cd.locator,
    cd.explanation,
    cd.claimProperty,
    cd.typicalFromMonths,
    cd.typicalToMonths,
    cd.position,
    cd.link,
    cd.reachedBy,
    cd.startsLater,
}
#: features that fit in one list; more are put under their stages
_ONE_LIST = 12
_AGES = {cd.fromMonths, cd.toMonths, cd.collectedAtMonths}


def thing_page(reader: Reader, kind: str, thing: NamedNode) -> ThingPage:
    """Gather what the page of a thing says."""
    label, url = KIND_LABELS[kind]
    lead = reader.text(thing, DEFINITION)
    sections = [_section(reader, thing, part) for part in PARTS[kind]]
    if kind == "term":
        sections.append(Section("What is matched to it?", _matched(reader, thing)))
    if kind == "asset":
        sections = [s for s in sections if s.heading != "Which features of development does it reach?" or s.links]
    return ThingPage(
        iri=thing.value,
        kind=kind,
        kind_label=label,
        kind_url=url,
        label=reader.label(thing),
        lead="" if lead == reader.label(thing) else lead,
        everyday=reader.text(thing, cd.mechanism),
        other_names=tuple(o.value for o in reader.objects(thing, ALT_LABEL)),
        reach=_reach(reader, thing) if kind == "agency" else "",
        reached_by=_reached_by(reader, thing) if kind == "agency" else None,
        later=_later(reader, thing) if kind == "domain" else "",
        facts=facts(reader, thing, {cd.howReached} if kind == "agency" else set()),
        sections=[s for s in sections if s.links or s.empty],
        matches=matches(reader, thing),
        sources=links(reader, thing, DCT_SOURCE),
        external=reader.text(thing, cd.link),
    )


def _section(reader: Reader, thing: NamedNode, part: Part) -> Section:
    found = links(reader, thing, part.relation, part.inverse, part.note)
    if part.aged:
        order = {
            n.value: i for i, n in enumerate(by_age(reader, [NamedNode(x.iri) for x in found if "/feature/" in x.iri]))
        }
        found = sorted((x for x in found if x.iri in order), key=lambda x: order[x.iri])
    if part.relation == cd.worksIn:
        found = sorted(found, key=lambda x: reader.number(NamedNode(x.iri), cd.fromMonths) or 0)
    if part.relation == cd.preparesFor:
        direct = set(reader.objects(thing, cd.enables))
        found = [x for x in found if NamedNode(x.iri) not in direct]
    if part.relation == cd.evidence:
        found = [_claim_link(reader, NamedNode(x.iri)) for x in found]
    told = [explained(x) for x in found]
    return Section(
        part.heading, told, part.empty, _by_stage(reader, told) if part.aged and part.relation != cd.inStage else ()
    )


def _by_stage(reader: Reader, found: list[Link]) -> tuple[tuple[str, list[Link]], ...]:
    """A long list of features under the stages in which each is first seen; nothing where it is short or one stage."""
    if len(found) <= _ONE_LIST:
        return ()
    first = _first_stage(reader)
    grouped: dict[str, list[Link]] = {}
    for x in found:
        grouped.setdefault(first.get(x.iri, ""), []).append(x)
    in_order = [s.label for s in stages(reader) if s.label in grouped]
    rest = (("At other ages", grouped[""]),) if "" in grouped else ()
    return (*((label, grouped[label]) for label in in_order), *rest) if len(grouped) > 1 else ()


@lru_cache(maxsize=2)
def _first_stage(reader: Reader) -> dict[str, str]:
    """For each feature, the label of the first stage in which it is seen; gathered once for each version."""
    found: dict[str, str] = {}
    for stage in stages(reader):
        for q in reader.store.quads_for_pattern(None, cd.inStage, iri("stage", stage.slug), None):
            if isinstance(q.subject, NamedNode):
                found.setdefault(q.subject.value, stage.label)
    return found


def _reach(reader: Reader, agency: NamedNode) -> str:
    """How a family comes to an agency, in its own words or in those for all that are reached alike."""
    by = reader.text(agency, cd.reachedBy)
    return reader.text(agency, cd.howReached) or (REACHED[by][2] if by in REACHED else "")


def _reached_by(reader: Reader, agency: NamedNode) -> tuple[str, str] | None:
    """The group in which an agency stands among those who can help, and its heading."""
    by = reader.text(agency, cd.reachedBy)
    return (by, REACHED[by][0]) if by and by in REACHED else None


def _later(reader: Reader, domain: NamedNode) -> str:
    """Why an aspect has no feature in the perinatal stage; nothing where it has one."""
    perinatal = iri("stage", "perinatal")
    has = any(reader.holds(f, cd.inStage, perinatal) for f in reader.subjects(cd.inDomain, domain))
    return "" if has else reader.text(domain, cd.startsLater)


def _claim_link(reader: Reader, claim: NamedNode) -> Link:
    plain = link(reader, claim)
    return Link(plain.iri, claim_sentence(reader, claim), plain.url, evidence=claim_evidence(reader, claim))


def facts(reader: Reader, thing: NamedNode, told: Set[NamedNode] = frozenset()) -> list[tuple[str, str]]:
    """The texts and numbers that are said of a thing, each under the label of its property, but for those `told`."""
    found = []
    for q in reader.store.quads_for_pattern(thing, None, None, None):
        p, o = q.predicate, q.object
        if (
            not isinstance(o, Literal)
            or p in _NOT_FACTS
            or p in told
            or not (p.value.startswith(cd.NAMESPACE) or p.value.endswith(("#example", "#note")))
        ):
            continue
        if p == cd.mechanism:
            continue
        name = reader.label(p) if p != NOTE else "note"
        value = (
            age(int(o.value)) if p in _AGES else o.value.replace("-", " ") if p in (cd.sector, cd.group) else o.value
        )
        found.append((name.replace(" (months)", ""), value))
    return sorted({(name[:1].upper() + name[1:], value[:1].upper() + value[1:]) for name, value in found})


def _matched(reader: Reader, term: NamedNode) -> list[Link]:
    relations = [
        NamedNode(f"http://www.w3.org/2004/02/skos/core#{m}Match")
        for m in ("exact", "close", "broad", "narrow", "related")
    ]
    return [x for p in relations for x in links(reader, term, p, inverse=True)]


@dataclass(frozen=True)
class Position:
    """A view for or against a claim, the role of those who hold it where it is given, and its sources."""

    stance: str
    words: str
    held_by: str
    sources: list[Link]


@dataclass(frozen=True)
class ClaimPage:
    """Why a statement stands."""

    iri: str
    sentence: str
    subject: Link | None
    object: Link | None
    evidence: Evidence
    basis: str
    locator: str
    sources: list[Link]
    touches: list[Link]
    positions: list[Position]


def claim_sentence(reader: Reader, claim: NamedNode) -> str:
    """What a claim states, as a sentence."""
    if words := reader.text(claim, PREF_LABEL):
        return words
    s, p, o = (reader.value(claim, x) for x in (cd.claimSubject, cd.claimProperty, cd.claimObject))
    if p == cd.typicalFromMonths:
        return f"When “{reader.label(s)}” is usually seen"
    return f"“{reader.label(s)}” {_verb(reader, p)} {f'“{reader.label(o)}”' if o else ''}".strip()


def _verb(reader: Reader, p: NamedNode) -> str:
    words = {cd.mayIndicate: "not yet seen may be a reason to talk about", cd.buildsOn: "usually grows from"}
    if "#" in p.value and p.value.endswith("Match"):
        return "is matched to"
    return words.get(p) or reader.label(p)


def claim_page(reader: Reader, claim: NamedNode) -> ClaimPage:
    """Gather what the page of a claim says."""
    s, o = reader.value(claim, cd.claimSubject), reader.value(claim, cd.claimObject)
    e = claim_evidence(reader, claim)
    return ClaimPage(
        iri=claim.value,
        sentence=claim_sentence(reader, claim),
        subject=link(reader, s) if s else None,
        object=link(reader, o) if o else None,
        evidence=e,
        basis=BASES[e.basis],
        locator=reader.text(claim, cd.locator),
        sources=links(reader, claim, cd.evidence),
        touches=[link(reader, f) for f in by_age(reader, reader.objects(claim, cd.touches))],
        positions=[
            Position(
                reader.text(x, cd.stance), reader.label(x), reader.text(x, cd.heldByRole), links(reader, x, cd.evidence)
            )
            for x in reader.objects(claim, cd.hasPosition)
        ],
    )


def page_of(reader: Reader, kind: str, thing: NamedNode) -> NamedNode:
    """The thing on whose page a part is shown: a position's claim, a question's step; else itself."""
    relation = {"position": cd.hasPosition, "prompt": cd.hasPrompt}.get(kind)
    owners = reader.subjects(relation, thing) if relation else []
    return owners[0] if owners else thing
