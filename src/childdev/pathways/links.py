"""The things and links of a version as a networkx graph of the same form as a notebook's.

A node is named as in its IRI (`feature/walks-alone`) and has `kind`, `label` and its ages in months; an edge has its
relation as key and, where there is a claim, its `strength`. So what follows works on a version that is served and on
Turtle that was read alike.
"""

from __future__ import annotations

from functools import lru_cache

import networkx as nx
from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.model.iris import KINDS, kind_and_slug
from childdev.model.modules import RDF_TYPE
from childdev.pathways.network import WEAKEST, strength_of
from childdev.store.reader import Reader

#: what development, help and the means for it hang together by
_RELATIONS = (
    *(cd.buildsOn, cd.canAlsoGrowFrom, cd.enables, cd.strengthens, cd.supports, cd.heldBy, cd.measures),
    *(cd.inStage, cd.inDomain, cd.atLevel, cd.formOf),
)
_KINDS = ("feature", "environment", "factor", "asset", "agency", "indicator", "stage", "domain", "level", "capital")
_AGES = (cd.typicalFromMonths, cd.typicalToMonths, cd.fromMonths, cd.collectedAtMonths)


@lru_cache(maxsize=2)
def linked(reader: Reader) -> nx.MultiDiGraph[str]:
    """The graph of a version; made once for each. What was retired is left out. Nobody may change it: copy it."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    gone = set(reader.subjects(RDF_TYPE, cd.Retired))
    for kind in _KINDS:
        for s in reader.subjects(RDF_TYPE, KINDS[kind]):
            if s not in gone:
                ages = {p.value.rsplit("/", 1)[-1]: n for p in _AGES if (n := reader.number(s, p)) is not None}
                graph.add_node(named(s), kind=kind, label=reader.label(s), **ages)
    for p in _RELATIONS:
        for q in reader.store.quads_for_pattern(None, p, None, None):
            if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode):
                first, last = named(q.subject), named(q.object)
                if first in graph and last in graph:
                    strength = strength_of(reader, q.subject, p, q.object)
                    said = {"strength": strength} if strength else {}
                    graph.add_edge(first, last, key=p.value.rsplit("/", 1)[-1], **said)
    return graph


def named(node: NamedNode) -> str:
    """The name of a thing in the graph; empty where it is none of ours."""
    return "/".join(kind_and_slug(node) or ())


def growth(graph: nx.MultiDiGraph[str], *relations: str) -> nx.DiGraph[str]:
    """Features with a line from what comes first to what grows from it: by `buildsOn`, or by the relations named."""
    found: nx.DiGraph[str] = nx.DiGraph()
    found.add_nodes_from(of_kind(graph, "feature"))
    wanted = relations or ("buildsOn",)
    lines = [edge for edge in graph.edges(keys=True, data="strength") if edge[2] in wanted]
    for later, earlier, _, strength in sorted(lines, key=lambda edge: edge[:3]):
        if later in found and earlier in found:
            found.add_edge(earlier, later, strength=strength or WEAKEST)
    return found


def of_kind(graph: nx.MultiDiGraph[str], kind: str) -> list[str]:
    """The things of a kind, by name."""
    return sorted(node for node, k in graph.nodes(data="kind") if k == kind)


def out(graph: nx.MultiDiGraph[str], node: str, relation: str) -> list[str]:
    """What a thing leads to by a relation, by name."""
    return sorted(o for _, o, k in graph.out_edges(node, keys=True) if k == relation)


def into(graph: nx.MultiDiGraph[str], node: str, relation: str) -> list[str]:
    """What leads to a thing by a relation, by name."""
    return sorted(s for s, _, k in graph.in_edges(node, keys=True) if k == relation)
