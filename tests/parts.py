"""A part of the real model that keeps every kind of thing and of link, for what would take long on the whole."""

from __future__ import annotations

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.model.iris import iri
from childdev.model.modules import Model
from childdev.queries.catalogue import Catalogue
from childdev.resources import folder


def part(model: Model) -> Model:
    """The features of the senses and those of which questions speak, and all else of the model that does not speak of other features."""
    examples = {str(v) for q in Catalogue.load(folder("queries")).questions for v in q.header.example.values()}
    kept = {
        t.subject.value
        for t in model.triples
        if t.predicate == cd.inDomain
        and (t.object == iri("domain", "sensory") or t.subject.value.rsplit("/", 1)[-1] in examples)
    }
    gone = {t.subject.value for t in model.triples if t.predicate == cd.inDomain and t.subject.value not in kept}
    claims = {
        t.subject.value
        for t in model.triples
        if t.predicate in (cd.claimSubject, cd.claimObject)
        and isinstance(t.object, NamedNode)
        and t.object.value in gone
    }
    return Model(
        {
            name: frozenset(
                t
                for t in triples
                if str(getattr(t.subject, "value", "")) not in gone | claims
                and str(getattr(t.object, "value", "")) not in gone | claims
            )
            for name, triples in model.modules.items()
        }
    )
