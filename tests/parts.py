"""A part of the real model that keeps every kind of thing and of link, for what would take long on the whole."""

from __future__ import annotations

from collections import defaultdict

from pyoxigraph import NamedNode, Triple

from childdev import terms as cd
from childdev.model.iris import iri, kind_and_slug
from childdev.model.modules import Model
from childdev.queries.catalogue import Catalogue
from childdev.resources import folder

#: kinds of which there are many, besides features and what is said of them
MANY = ("environment", "asset", "factor", "measure", "indicator", "prompt", "agency")


def part(model: Model, claims_in: int = 1, things_in: int = 1) -> Model:
    """The features of the senses and those of which questions speak, and all else that does not speak of other features.

    Of the claims left one in `claims_in` stays, of other things (not those of which questions speak) one in `things_in`
    of each kind that has many, and of sources and positions those that are still named.
    """
    examples = {str(v) for q in Catalogue.load(folder("queries")).questions for v in q.header.example.values()}
    of_domain = [t for t in model.triples if t.predicate == cd.inDomain]
    kept = {
        t.subject.value
        for t in of_domain
        if t.object == iri("domain", "sensory") or t.subject.value.rsplit("/", 1)[-1] in examples
    }
    gone = {t.subject.value for t in of_domain} - kept
    of_kind: defaultdict[str, set[str]] = defaultdict(set)
    for t in model.triples:
        of_kind[_kind(t)].add(str(getattr(t.subject, "value", "")))
    for kind in MANY:
        some = enumerate(sorted(of_kind[kind]))
        gone |= {thing for n, thing in some if n % things_in and thing.rsplit("/", 1)[-1] not in examples}
    ends = (cd.claimSubject, cd.claimObject)
    gone |= {t.subject.value for t in model.triples if t.predicate in ends and _object(t) in gone}
    claims = sorted({t.subject.value for t in model.triples if t.predicate == cd.claimProperty} - gone)
    gone |= {claim for n, claim in enumerate(claims) if n % claims_in}
    less = _without(model, gone)
    hanging = {t.subject.value for t in less.triples if _kind(t) in ("source", "position")}
    return _without(less, hanging - {_object(t) for t in less.triples})


def _object(t: Triple) -> str:
    return t.object.value if isinstance(t.object, NamedNode) else ""


def _kind(t: Triple) -> str:
    named = kind_and_slug(t.subject.value) if isinstance(t.subject, NamedNode) else None
    return named[0] if named else ""


def _without(model: Model, gone: set[str]) -> Model:
    def stays(t: Triple) -> bool:
        return str(getattr(t.subject, "value", "")) not in gone and _object(t) not in gone

    return Model({name: frozenset(t for t in triples if stays(t)) for name, triples in model.modules.items()})
