"""The vocabulary for people: every term with its definition, what holds of it in words, and examples from the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nsmallest

from pyoxigraph import BlankNode, Literal, NamedNode

from childdev import terms as cd
from childdev.model.iris import INFERRED, PREFIXES, kind_and_slug
from childdev.model.modules import RDF_TYPE
from childdev.store.reader import DEFINITION, Reader
from childdev.views.things import Link, link

_RDF, _RDFS, _OWL, _SKOS = PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["owl"], PREFIXES["skos"]
#: heading of a group, and the class of OWL of its terms
GROUPS = (
    ("Classes", "Class"),
    ("Relations", "ObjectProperty"),
    ("Values", "DatatypeProperty"),
    ("Words", "AnnotationProperty"),
    ("Individuals", "NamedIndividual"),
)
_CHARACTERISTICS = {
    "FunctionalProperty": "Each thing has one at most.",
    "AsymmetricProperty": "It never holds both ways between two things.",
    "IrreflexiveProperty": "It never holds of a thing and itself.",
    "TransitiveProperty": "It carries on: what holds from a first thing to a second, and from the second to a third, "
    "holds from the first to the third.",
}
_MATCHES = {
    "exactMatch": "The same as",
    "closeMatch": "Close to",
    "broadMatch": "Part of what is meant by",
    "narrowMatch": "Takes in",
    "relatedMatch": "Related to",
}
_MOST_EXAMPLES = 3


@dataclass(frozen=True)
class Fact:
    """Something that holds of a term: words, and the terms or outside names that they speak of."""

    words: str
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Term:
    """A term: its name after `cd:`, words about it, what holds of it, and examples (thing, relation, thing)."""

    name: str
    iri: str
    label: str
    definition: str
    note: str
    facts: tuple[Fact, ...]
    used: int
    examples: tuple[tuple[Link, str, Link | None], ...]


def terms(reader: Reader) -> list[tuple[str, list[Term]]]:
    """All terms in groups, by label."""
    return [
        (
            heading,
            [
                term(reader, t)
                for t in reader.subjects(RDF_TYPE, NamedNode(_OWL + name))
                if t.value.startswith(cd.NAMESPACE)
            ],
        )
        for heading, name in GROUPS
    ]


def term(reader: Reader, node: NamedNode) -> Term:
    """One term."""
    used, examples = _examples(reader, node)
    return Term(
        node.value.removeprefix(cd.NAMESPACE),
        node.value,
        reader.label(node),
        reader.text(node, DEFINITION),
        reader.text(node, NamedNode(_SKOS + "scopeNote")),
        tuple(_facts(reader, node)),
        used,
        examples,
    )


def _facts(reader: Reader, node: NamedNode) -> Iterator[Fact]:
    def named(p: str, *, of: NamedNode | None = None) -> tuple[str, ...]:
        # the axioms as they were written, and not what follows from them
        found = {
            q.object for q in reader.store.quads_for_pattern(of or node, NamedNode(p), None) if q.graph_name != INFERRED
        }
        return tuple(sorted(o.value for o in found if isinstance(o, NamedNode)))

    kinds = [k.removeprefix(_OWL) for k in named(_RDF + "type")]
    if first := named(_RDFS + "domain"):
        yield Fact("Leads from" if "ObjectProperty" in kinds else "Belongs to", first)
    if last := named(_RDFS + "range"):
        yield Fact("Leads to" if "ObjectProperty" in kinds else "Values are of the type", last)
    for p, words in (
        (_RDFS + "subClassOf", "Is a kind of"),
        (_RDFS + "subPropertyOf", "Where it holds, this holds too"),
        (_OWL + "inverseOf", "The other way round it is"),
        (_OWL + "disjointWith", "Nothing is also"),
    ):
        if found := named(p):
            yield Fact(words, found)
    if others := _never_also(reader, node):
        yield Fact("Nothing is also", others)
    yield from (Fact(words) for kind, words in _CHARACTERISTICS.items() if kind in kinds)
    for q in reader.store.quads_for_pattern(node, NamedNode(_OWL + "propertyChainAxiom"), None):
        yield Fact("Follows where these hold one after the other", tuple(_items(reader, q.object)))
    for p, words in _MATCHES.items():
        if found := named(_SKOS + p):
            yield Fact(f"{words}, in another vocabulary", found)


def _never_also(reader: Reader, node: NamedNode) -> tuple[str, ...]:
    for q in reader.store.quads_for_pattern(None, NamedNode(_OWL + "members"), None):
        members = list(_items(reader, q.object))
        if node.value in members:
            return tuple(sorted(set(members) - {node.value}))
    return ()


def _items(reader: Reader, head: object) -> Iterator[str]:
    """The members of an RDF list."""
    while isinstance(head, BlankNode):
        cell = {q.predicate.value: q.object for q in reader.store.quads_for_pattern(head, None, None)}
        item = cell[_RDF + "first"]
        assert isinstance(item, NamedNode)
        yield item.value
        head = cell[_RDF + "rest"]


def _examples(reader: Reader, node: NamedNode) -> tuple[int, tuple[tuple[Link, str, Link | None], ...]]:
    """How often a term is stated of things of the model, and a few of those uses.

    For a relation that is never stated but worked out: 0, and a few uses of one thing.
    """
    members = {s.value for s in reader.subjects(RDF_TYPE, node) if _ours(s)}
    if members:
        return len(members), tuple((link(reader, NamedNode(s)), "", None) for s in nsmallest(_MOST_EXAMPLES, members))
    found = list(reader.store.quads_for_pattern(None, node, None))
    stated = [q for q in found if q.graph_name != INFERRED]
    first = min((q.subject.value for q in found if isinstance(q.subject, NamedNode)), default="")
    uses = {
        (q.subject.value, q.object)
        for q in stated or (q for q in found if isinstance(q.subject, NamedNode) and q.subject.value == first)
        if isinstance(q.subject, NamedNode) and _ours(q.subject)
    }
    return len(stated), tuple(
        (
            link(reader, NamedNode(s)),
            o.value if isinstance(o, Literal) else "",
            link(reader, o) if isinstance(o, NamedNode) and _ours(o) else None,
        )
        for s, o in nsmallest(_MOST_EXAMPLES, uses, key=lambda use: (use[0], str(use[1])))
    )


def _ours(node: object) -> bool:
    return isinstance(node, NamedNode) and kind_and_slug(node) is not None
