"""What the pages of "Not there yet?" say of what is not yet seen: where to look, what helps and who can help.

Words come from the model and from the templates. What hangs on a feature alone is gathered once for each version and
shared by everyone; nothing here keeps what was ticked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.model.iris import iri
from childdev.pathways import not_yet
from childdev.pathways.not_yet import Age, Looked, Ticks
from childdev.store.reader import DEFINITION, Reader
from childdev.views.asked import slug
from childdev.views.people import TIERS, Helper, helper
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

#: where help happens → its levels in the model
PLACES = {
    "At home": ("individual", "family"),
    "In the setting": ("setting",),
    "In the community": ("community", "system"),
}
#: from how much that rests on a feature (see `pathways.not_yet.carries`) it is said how
_MUCH, _SOME = 6.0, 1.5
#: the position of the question that the answer itself takes up: what is here, what is not yet, what those rest on
_ANSWERED = 3
#: in which groups those who can help stand
TIER_WORDS = {
    "universal": "There for everyone",
    "targeted": "When more is needed",
    "specialist": "Specialist",
}


@dataclass(frozen=True)
class Root:
    """What features usually rest on: the link, everyday words, and for each of those features the evidence."""

    slug: str
    link: Link
    words: str
    under: tuple[Link, ...]


@dataclass(frozen=True)
class Known:
    """What is said of a feature whatever the child's age."""

    slug: str
    link: Link
    words: str
    definition: str
    family: Family | None
    first: int
    last: int
    usual: str
    carries: str
    sure: str
    later: tuple[Link, ...]
    other_ways: tuple[Link, ...]
    signs: tuple[Link, ...]
    differ: tuple[Link, ...]
    gets_in_the_way: tuple[Link, ...]
    needs: tuple[Link, ...]
    indicators: tuple[Link, ...]


@dataclass(frozen=True)
class Part:
    """What is said of a feature not yet seen at an age, which is "before", "within" or "after" its usual ages."""

    known: Known
    when: str
    roots: tuple[Root, ...]
    helps: tuple[tuple[str, tuple[Link, ...]], ...]
    signs: tuple[Link, ...]
    talk_from: int | None


@dataclass(frozen=True)
class CanHelp:
    """Somebody who can help, and with which of the features."""

    helper: Helper
    features: tuple[Link, ...]


@dataclass(frozen=True)
class Answer:
    """The whole answer. `state` says of a feature whether it is ticked as "seen", "not-yet" or "not-sure"."""

    age: Age
    shared: tuple[Root, ...]
    parts: tuple[Part, ...]
    helpers: tuple[tuple[str, tuple[CanHelp, ...]], ...]
    unsure: tuple[Link, ...]
    state: dict[str, str]


def answer(reader: Reader, child: Age, ticks: Ticks) -> Answer:
    """The answer for what was ticked."""
    looked = not_yet.look(reader, ticks)
    state = {
        slug(f): word
        for word, some in (("seen", ticks.seen), ("not-yet", ticks.not_yet), ("not-sure", ticks.not_sure))
        for f in some
    }
    return _answer(reader, child, looked, state)


def every_answer(reader: Reader, child: Age, features: Iterable[str]) -> Answer:
    """All that an answer could say for any ticks of these features, from which a browser takes what was ticked."""
    every = not_yet.in_order(reader, list(features))
    looked = not_yet.look(reader, Ticks(not_yet=frozenset(every)))
    whole = Looked(
        looked.shared,
        tuple(not_yet.Found(f, tuple(not_yet.rests_on(reader, f))) for f in every),
        tuple(every),
    )
    return _answer(reader, child, whole, {})


def _answer(reader: Reader, child: Age, looked: Looked, state: dict[str, str]) -> Answer:
    stages = stages_at(reader, child.counted)
    return Answer(
        age=child,
        shared=tuple(_root(reader, root, some) for root, some in looked.shared),
        parts=tuple(_part(reader, f.feature, f.rests_on, child.counted, stages) for f in looked.each),
        helpers=_helpers(reader, [f.feature for f in looked.each], child.counted, stages),
        unsure=tuple(link(reader, NamedNode(f)) for f in looked.unsure),
        state=state,
    )


def _root(reader: Reader, root: str, features: Iterable[str]) -> Root:
    node = NamedNode(root)
    under = tuple(
        explained(link(reader, NamedNode(f), evidence=evidence(reader, NamedNode(f), cd.buildsOn, node)))
        for f in features
    )
    return Root(slug(root), link(reader, node), reader.text(node, cd.everydayWords), under)


def _part(reader: Reader, f: str, roots: Iterable[str], months: int, stages: frozenset[NamedNode]) -> Part:
    known = _known(reader).get(f) or _known(reader).setdefault(f, known_of(reader, NamedNode(f)))
    told = [s for s in known.signs if s.evidence and s.evidence.talk_from is not None]
    later = [s.evidence.talk_from for s in told if s.evidence and (s.evidence.talk_from or 0) > months]
    return Part(
        known,
        when="before" if months < known.first else "within" if months <= known.last else "after",
        roots=tuple(_root(reader, root, [f]) for root in roots),
        helps=helps_at(reader, NamedNode(f), stages),
        signs=tuple(s for s in told if s.evidence and (s.evidence.talk_from or 0) <= months),
        talk_from=min((m for m in later if m is not None), default=None),
    )


@lru_cache(maxsize=2)
def _known(reader: Reader) -> dict[str, Known]:
    """What was gathered of features of a version so far."""
    return {}


def known_of(reader: Reader, f: NamedNode) -> Known:
    """Gather what is said of a feature whatever the age."""
    first, last = reader.number(f, cd.typicalFromMonths) or 0, reader.number(f, cd.typicalToMonths) or 0
    gone = retired(reader)
    later = [
        explained(link(reader, o, evidence=evidence(reader, o, cd.buildsOn, f)))
        for o in by_age(reader, reader.subjects(cd.buildsOn, f))
        if o not in gone
    ]
    signs = [
        link(reader, n, e.explanation, e)
        for n in reader.objects(f, cd.mayIndicate)
        if (e := evidence(reader, f, cd.mayIndicate, n)) and e.strength != "workshop-view"
    ]
    return Known(
        slug=slug(f.value),
        link=link(reader, f),
        words=reader.text(f, cd.everydayWords),
        definition=reader.text(f, DEFINITION),
        family=family(reader, f),
        first=first,
        last=last,
        usual=seen(first, last),
        carries=_carries(reader, f),
        sure=_sure([x.evidence for x in later]),
        later=tuple(later),
        other_ways=tuple(explained(x) for x in links(reader, f, cd.canAlsoGrowFrom)),
        signs=tuple(signs),
        differ=tuple(link(reader, c, evidence=claim_evidence(reader, c)) for c in reader.subjects(cd.touches, f)),
        gets_in_the_way=tuple(explained(x) for x in links(reader, f, cd.weakens, inverse=True, note=cd.mechanism)),
        needs=tuple(links(reader, f, cd.relatesToNeedArea)),
        indicators=tuple(links(reader, f, cd.measures, inverse=True)),
    )


def _carries(reader: Reader, f: NamedNode) -> str:
    """How much of what comes later rests on a feature: "much", "some", "little"."""
    weight = not_yet.carries(reader).get(f.value, 0)
    return "much" if weight >= _MUCH else "some" if weight >= _SOME else "little"


def _sure(found: Iterable[Evidence | None]) -> str:
    """How sure it is that what comes later rests on a feature: "quite", "fairly", "less"; empty where nothing does."""
    strengths = [e.strength for e in found if e]
    if not strengths:
        return ""
    firm = sum(s == "established" for s in strengths) / len(strengths)
    return "quite" if firm >= 2 / 3 else "fairly" if firm or "emerging" in strengths else "less"


@lru_cache(maxsize=256)
def stages_at(reader: Reader, months: int) -> frozenset[NamedNode]:
    """The stages in which a child of an age is; they overlap."""
    return frozenset(
        s
        for s in reader.of_kind("stage")
        if (reader.number(s, cd.fromMonths) or -9) <= months <= (reader.number(s, cd.toMonths) or 0)
    )


def helps_at(reader: Reader, f: NamedNode, stages: frozenset[NamedNode]) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    """What helps at this age, by place; where nothing is described for this age, what helps at any."""
    every = [explained(x) for x in links(reader, f, cd.enables, inverse=True, note=cd.mechanism)]
    now = [x for x in every if stages & set(reader.objects(NamedNode(x.iri), cd.inStage))] or every
    return tuple((place, tuple(some)) for place in PLACES if (some := [x for x in now if is_at(reader, x.iri, place)]))


def is_at(reader: Reader, environment: str, place: str) -> bool:
    """Whether an environment is at a place (see `PLACES`)."""
    return any(slug(level.value) in PLACES[place] for level in reader.objects(NamedNode(environment), cd.atLevel))


def _helpers(
    reader: Reader, features: list[str], months: int, stages: frozenset[NamedNode]
) -> tuple[tuple[str, tuple[CanHelp, ...]], ...]:
    """Who can help at this age: those who are there for everyone first, and of these those whom a family can go to."""
    with_what: dict[NamedNode, list[str]] = {}
    for f in features:
        for agency in reader.subjects(cd.canHelpWith, NamedNode(f)):
            with_what.setdefault(agency, []).append(f)
    gone = retired(reader)
    found = [
        CanHelp(h, tuple(link(reader, NamedNode(f)) for f in some))
        for a, some in with_what.items()
        if a not in gone
        and stages & set(reader.objects(a, cd.worksIn))
        and (h := helper(reader, a)).reached != "planning"
    ]
    brings = _brings(reader, months)
    found.sort(key=lambda c: (c.helper.reached != "families", -brings.get(c.helper.link.iri, 0), c.helper.link.label))
    grouped = []
    for tier in TIERS:
        some = tuple(c for c in found if next((t for t in TIERS if t in c.helper.tiers), "") == tier)
        if some:
            grouped.append((TIER_WORDS[tier], some))
    return tuple(grouped)


@lru_cache(maxsize=256)
def _brings(reader: Reader, months: int) -> dict[str, int]:
    """How much each agency brings at an age: the links from what it holds to features that are usual then."""
    usual = {f.value for f in not_yet.around(reader, months)}
    found: dict[str, int] = {}
    for agency in reader.of_kind("agency"):
        for asset in reader.objects(agency, cd.holds):
            some = sum(f.value in usual for f in reader.objects(asset, cd.contributesTo) if isinstance(f, NamedNode))
            found[agency.value] = found.get(agency.value, 0) + some
    return found


@lru_cache(maxsize=2)
def prompts(reader: Reader) -> tuple[str, ...]:
    """Questions with which a conversation can begin: those of the step in which people come to understand."""
    step = iri("step", "assess")
    found = sorted(reader.objects(step, cd.hasPrompt), key=lambda p: reader.number(p, cd.position) or 0)
    return tuple(reader.label(p) for p in found if reader.number(p, cd.position) != _ANSWERED)
