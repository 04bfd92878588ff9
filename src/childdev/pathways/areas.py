"""From a figure that gets worse to what may follow and what helps: the features it tells of, and what grows there."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.model.iris import iri
from childdev.pathways.network import SURE, Development, development
from childdev.store.reader import Reader

#: how a tie is called whose surest line is at least so sure
WORDS = ((0.6, "close"), (0.3, "looser"), (0.0, "distant"))


@dataclass(frozen=True)
class Later:
    """A feature that rests on those measured: by how many steps at least, and how sure the surest line is (0 to 1)."""

    feature: str
    steps: int
    sure: float
    by_way_of: str

    @property
    def words(self) -> str:
        """How sure, in a word."""
        return next(words for least, words in WORDS if self.sure >= least)


@dataclass(frozen=True)
class Reach:
    """What an indicator tells of, what grows from that (the surest and soonest first), and what enables it.

    `helps` gives, for each environment that enables features it tells of, those features.
    """

    measured: tuple[str, ...]
    later: tuple[Later, ...]
    helps: dict[str, tuple[str, ...]]


def reach(reader: Reader, indicator: str) -> Reach:
    """What may follow where the share of an indicator (its slug) gets worse."""
    network = development(reader)
    measured = tuple(
        f.value
        for f in reader.objects(iri("indicator", indicator), cd.measures)
        if isinstance(f, NamedNode) and f.value in network.growth
    )
    return Reach(measured, tuple(_later(network, measured)), _helps(network, measured))


def _later(network: Development, measured: tuple[str, ...]) -> list[Later]:
    """All that grows from these, each by its surest line (the product of its steps' weights)."""
    graph = network.growth
    best = {f: (1.0, 0, f) for f in measured}
    below = set(measured).union(*(nx.descendants(graph, f) for f in measured))
    for f in nx.topological_sort(graph.subgraph(below)):
        if f not in best:
            continue
        sure, steps, _ = best[f]
        for later in graph.successors(f):
            step = sure * SURE[graph.edges[f, later]["strength"]]
            if later not in measured and step > best.get(later, (0.0, 0, ""))[0]:
                best[later] = (step, steps + 1, f)
    found = [Later(f, steps, sure, way) for f, (sure, steps, way) in best.items() if f not in measured]
    return sorted(found, key=lambda x: (-x.sure, graph.nodes[x.feature]["first"] or 0, x.feature))


def _helps(network: Development, measured: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for f in measured:
        for environment in network.helps.get(f, {}):
            found.setdefault(environment, []).append(f)
    return {e: tuple(some) for e, some in sorted(found.items(), key=lambda x: (-len(x[1]), x[0]))}
