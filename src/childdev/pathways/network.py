"""The model as a network of what grows from what, for everything that follows lines through it.

Nodes are named by IRI. A line runs with time: from what comes first to what usually grows from it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from math import log, prod

import networkx as nx
from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.model.modules import RDF_TYPE
from childdev.store.reader import Reader

#: How sure a line is, by the strength of its evidence: an order put into numbers, so that a long line of weak steps
#: counts for less than a short line of strong ones. These are weights and not probabilities.
SURE = {"established": 0.9, "emerging": 0.7, "contested": 0.5, "workshop-view": 0.5}
#: what a link counts as where no claim says how strong its evidence is
WEAKEST = "workshop-view"


@dataclass(frozen=True)
class Development:
    """What the model says of how features hang together and what helps them.

    `growth` has a node for each feature (`first` and `last`: the months between which it is usually seen) and a line
    for each `buildsOn`, from the earlier to the later, with its `strength`. `routes` has in the same way what a
    feature can also grow from. `helps` gives, for each feature, the environments that enable it, each with the
    strength of that link.
    """

    growth: nx.DiGraph[str]
    routes: nx.DiGraph[str]
    helps: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Line:
    """A line through the network: its things from first to last, and how sure it is on the whole."""

    things: tuple[str, ...]
    sure: float


@lru_cache(maxsize=2)
def development(reader: Reader) -> Development:
    """The network of a version; made once for each. What was retired is left out."""
    gone = set(reader.subjects(RDF_TYPE, cd.Retired))
    growth: nx.DiGraph[str] = nx.DiGraph()
    for f in reader.of_kind("feature"):
        if f not in gone:
            first, last = reader.number(f, cd.typicalFromMonths), reader.number(f, cd.typicalToMonths)
            growth.add_node(f.value, first=first, last=last)
    routes: nx.DiGraph[str] = nx.DiGraph()
    for graph, p in ((growth, cd.buildsOn), (routes, cd.canAlsoGrowFrom)):
        for later, earlier in _stated(reader, p):
            if later.value in growth and earlier.value in growth:
                graph.add_edge(earlier.value, later.value, strength=strength_of(reader, later, p, earlier) or WEAKEST)
    return Development(growth, routes, _helps(reader, gone))


def best_lines(graph: nx.DiGraph[str], first: str, last: str, most: int) -> list[Line]:
    """The surest lines from one thing to another that grows from it, surest first; none where there is no way.

    A line is as sure as its steps are together: the product of their weights (Yen 1971, as networkx has it).
    """
    if first not in graph or last not in graph:
        return []
    between = graph.subgraph((nx.descendants(graph, first) | {first}) & (nx.ancestors(graph, last) | {last}))
    if first not in between or last not in between:
        return []

    def cost(_: str, __: str, step: dict[str, str]) -> float:
        return -log(SURE[step["strength"]])

    found = islice(nx.shortest_simple_paths(between, first, last, weight=cost), most)
    return [Line(tuple(line), prod(SURE[between.edges[step]["strength"]] for step in pairwise(line))) for line in found]


def _stated(reader: Reader, p: NamedNode) -> list[tuple[NamedNode, NamedNode]]:
    found = {(q.subject, q.object) for q in reader.store.quads_for_pattern(None, p, None, None)}
    pairs = [(s, o) for s, o in found if isinstance(s, NamedNode) and isinstance(o, NamedNode)]
    return sorted(pairs, key=lambda pair: (pair[0].value, pair[1].value))


def _helps(reader: Reader, gone: set[NamedNode]) -> dict[str, dict[str, str]]:
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for s, o in _stated(reader, cd.enables):
        if s not in gone:
            found[o.value][s.value] = strength_of(reader, s, cd.enables, o) or WEAKEST
    return dict(found)


def strength_of(reader: Reader, s: NamedNode, p: NamedNode, o: NamedNode) -> str:
    """How strong the evidence for a link is; empty where no claim says so."""
    claim = reader.claim(s, p, o)
    strength = reader.value(claim, cd.strength) if claim else None
    return strength.value.rsplit("/", 1)[-1] if isinstance(strength, NamedNode) else ""
