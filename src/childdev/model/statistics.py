"""Counts of what the model holds, for `childdev stats` and the page on evidence."""

from __future__ import annotations

from collections import Counter

from pyoxigraph import Literal, NamedNode

from childdev import terms as cd
from childdev.model.iris import kind_and_slug
from childdev.model.modules import RDF_TYPE, Model

_LINKS = {
    cd.buildsOn: "links: usually builds on",
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
            kinds[f"things: {named[0]}"] += 1
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
