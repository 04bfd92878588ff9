"""The rules of the vocabulary, read from the axioms of the core module."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import networkx as nx
from pyoxigraph import BlankNode, NamedNode, Triple

from childdev.model.iris import PREFIXES

_RDF, _RDFS, _OWL = PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["owl"]
_TYPE = NamedNode(_RDF + "type")


@dataclass
class Axioms:
    """The rules that inference uses. Property names are those of the properties' IRIs."""

    super_properties: dict[NamedNode, set[NamedNode]] = field(default_factory=lambda: defaultdict(set))
    inverses: dict[NamedNode, NamedNode] = field(default_factory=dict)
    transitive: set[NamedNode] = field(default_factory=set)
    chains: dict[NamedNode, list[tuple[NamedNode, NamedNode]]] = field(default_factory=lambda: defaultdict(list))
    super_classes: dict[NamedNode, set[NamedNode]] = field(default_factory=lambda: defaultdict(set))
    domains: dict[NamedNode, set[NamedNode]] = field(default_factory=lambda: defaultdict(set))
    ranges: dict[NamedNode, set[NamedNode]] = field(default_factory=lambda: defaultdict(set))
    disjoint: dict[NamedNode, set[NamedNode]] = field(default_factory=lambda: defaultdict(set))
    object_properties: set[NamedNode] = field(default_factory=set)

    def order(self) -> list[NamedNode]:
        """Object properties so that each comes after those from which it follows.

        OWL 2 DL's rule of regularity makes this possible: apart from a property's own recursion,
        and inverses, no property follows from itself.
        """
        graph: nx.DiGraph[NamedNode] = nx.DiGraph()
        graph.add_nodes_from(sorted(self.object_properties, key=str))
        for sub, supers in self.super_properties.items():
            graph.add_edges_from((sub, p) for p in supers if p in self.object_properties)
        for p, chains in self.chains.items():
            graph.add_edges_from((part, p) for chain in chains for part in chain if part != p)
        graph.add_edges_from((q, p) for p, q in self.inverses.items())
        return list(nx.lexicographical_topological_sort(graph, key=str))


def read(core: Iterable[Triple]) -> Axioms:
    """Read the axioms of the core module's triples."""
    triples = list(core)
    by_subject: defaultdict[object, dict[NamedNode, object]] = defaultdict(dict)
    for t in triples:
        if isinstance(t.subject, BlankNode):
            by_subject[t.subject][t.predicate] = t.object
    axioms = Axioms()
    for t in triples:
        s, p, o = t.subject, t.predicate, t.object
        if p.value == _OWL + "members":
            members = list(_items(o, by_subject))
            for member in members:
                axioms.disjoint[member] |= set(members) - {member}
        if not isinstance(s, NamedNode):
            continue
        if p == _TYPE and isinstance(o, NamedNode):
            if o.value == _OWL + "ObjectProperty":
                axioms.object_properties.add(s)
            elif o.value == _OWL + "TransitiveProperty":
                axioms.transitive.add(s)
        elif p.value == _RDFS + "subPropertyOf" and isinstance(o, NamedNode):
            axioms.super_properties[s].add(o)
        elif p.value == _RDFS + "subClassOf" and isinstance(o, NamedNode):
            axioms.super_classes[s].add(o)
        elif p.value == _RDFS + "domain" and isinstance(o, NamedNode):
            axioms.domains[s].add(o)
        elif p.value == _RDFS + "range" and isinstance(o, NamedNode):
            axioms.ranges[s].add(o)
        elif p.value == _OWL + "disjointWith" and isinstance(o, NamedNode):
            axioms.disjoint[s].add(o)
            axioms.disjoint[o].add(s)
        elif p.value == _OWL + "inverseOf" and isinstance(o, NamedNode):
            axioms.inverses[s] = o
        elif p.value == _OWL + "propertyChainAxiom":
            first, second = _items(o, by_subject)
            axioms.chains[s].append((first, second))
    return axioms


def _items(head: object, by_subject: Mapping[object, Mapping[NamedNode, object]]) -> Iterator[NamedNode]:
    """The members of an RDF list."""
    while isinstance(head, BlankNode):
        item = by_subject[head][NamedNode(_RDF + "first")]
        assert isinstance(item, NamedNode)
        yield item
        head = by_subject[head][NamedNode(_RDF + "rest")]
