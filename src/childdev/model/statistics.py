"""Counts of what the model holds and how far it reaches, for `childdev stats`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from childdev import terms as cd
from childdev.model.iris import iri, kind_and_slug
from childdev.model.modules import RDF_TYPE, Model

_LINKS = {
    cd.buildsOn: "links: usually builds on",
    cd.canAlsoGrowFrom: "links: can also grow from",
    cd.enables: "links: enables",
    cd.strengthens: "links: strengthens",
    cd.weakens: "links: weakens",
    cd.mayIndicate: "links: if not yet seen, may point to",
    cd.supports: "links: supports",
    cd.measures: "links: measures",
}


def counts(model: Model) -> dict[str, int]:
    """Things by kind, links by relation, and claims by strength and basis, in order."""
    kinds: Counter[str] = Counter()
    links: Counter[str] = Counter()
    domain: dict[object, object] = {}
    strengths: Counter[str] = Counter()
    bases: Counter[str] = Counter()
    for t in model.triples:
        named = kind_and_slug(t.subject) if isinstance(t.subject, NamedNode) else None
        if t.predicate == RDF_TYPE and named:
            kinds["things: retired" if t.object == cd.Retired else f"things: {named[0]}"] += 1
        elif t.predicate in _LINKS:
            links[_LINKS[t.predicate]] += 1
        elif t.predicate == cd.inDomain:
            domain[t.subject] = t.object
        elif t.predicate == cd.strength and isinstance(t.object, NamedNode):
            strengths[f"claims: {t.object.value.rsplit('/', 1)[-1]}"] += 1
        elif t.predicate == cd.basis and isinstance(t.object, Literal):
            bases[f"claims by basis: {t.object.value}"] += 1
    across = sum(
        1 for t in model.triples if t.predicate == cd.buildsOn and domain.get(t.subject) != domain.get(t.object)
    )
    return {
        **dict(sorted(kinds.items())),
        **dict(sorted(links.items())),
        "links: usually builds on, across domains": across,
        **dict(sorted(strengths.items())),
        **dict(sorted(bases.items())),
        "stated triples": len(model.triples),
    }


@dataclass(frozen=True)
class Share:
    """How many of all are as the words say."""

    words: str
    some: int
    all: int

    @property
    def percent(self) -> int:
        """The share in whole per cent, rounded down, so that it never says more than there is."""
        return 100 * self.some // self.all if self.all else 0


def shares(model: Model) -> list[Share]:
    """How much was read in a source, and how far the model reaches."""
    objects: defaultdict[NamedNode, defaultdict[NamedNode, set[NamedNode]]] = defaultdict(lambda: defaultdict(set))
    bases: dict[NamedNode, str] = {}
    for t in model.triples:
        if not isinstance(t.subject, NamedNode):
            continue
        if isinstance(t.object, NamedNode):
            objects[t.predicate][t.subject].add(t.object)
        elif t.predicate == cd.basis:
            bases[t.subject] = t.object.value if isinstance(t.object, Literal) else ""
    return [*_read(objects[cd.claimProperty], bases), *_reach(objects)]


def _read(claims: Mapping[NamedNode, Iterable[NamedNode]], bases: Mapping[NamedNode, str]) -> list[Share]:
    """Of the claims about each relation, how many were read in a source."""
    relations = {
        "when features are usually seen": (cd.typicalFromMonths,),
        "what features build on": (cd.buildsOn, cd.canAlsoGrowFrom),
        "what enables": (cd.enables,),
        "what strengthens or weakens": (cd.strengthens, cd.weakens),
        "what a feature not yet seen may point to": (cd.mayIndicate,),
        "what assets support": (cd.supports,),
        "what indicators measure": (cd.measures,),
    }
    found = []
    for words, properties in relations.items():
        about = [c for c, stated in claims.items() if not set(properties).isdisjoint(stated)]
        found.append(Share(f"read in a source: {words}", sum(bases.get(c) == "read" for c in about), len(about)))
    return found


def _reach(objects: Mapping[NamedNode, Mapping[NamedNode, set[NamedNode]]]) -> list[Share]:
    """Of features and agencies, how many are tied to the rest."""
    stages, builds_on = objects[cd.inStage], objects[cd.buildsOn]
    features = {f for f, kinds in objects[RDF_TYPE].items() if cd.Feature in kinds and f in stages}
    levels: defaultdict[NamedNode, set[NamedNode]] = defaultdict(set)
    for environment, enabled in objects[cd.enables].items():
        for feature in enabled:
            levels[feature] |= objects[cd.atLevel].get(environment, set())
    rooted = {f for f in features if iri("stage", "perinatal") in stages[f]}
    while more := {f for f in features - rooted if not rooted.isdisjoint(builds_on.get(f, ()))}:
        rooted |= more
    secondary = {f for f in features if iri("stage", "secondary") in stages[f]}
    agencies = {a for a, kinds in objects[RDF_TYPE].items() if cd.Agency in kinds}
    holding = set().union(*objects[cd.heldBy].values())
    return [
        Share("features that an environment enables", len(features & set(levels)), len(features)),
        Share(
            "features enabled at two levels or more", sum(len(levels.get(f, ())) > 1 for f in features), len(features)
        ),
        Share("secondary features with a line to the perinatal stage", len(secondary & rooted), len(secondary)),
        Share("agencies that hold an asset", len(agencies & holding), len(agencies)),
    ]
