"""The surest lines from everything to everything, for many variants of a network at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from childdev.errors import ModelError
from childdev.pathways.network import SURE, WEAKEST

Floats = NDArray[np.float32]
#: so many variants are worked out at once: enough that numpy's own work is small, few enough for some 60 MB
_AT_ONCE = 16


@dataclass(frozen=True)
class Lines:
    """A network laid out for working out the surest lines from everything to everything, for many variants at once."""

    graph: nx.DiGraph[str]

    @cached_property
    def nodes(self) -> list[str]:
        """All nodes, each before whatever grows from it."""
        try:
            return list(nx.lexicographical_topological_sort(self.graph))
        except nx.NetworkXUnfeasible as e:
            circle = " → ".join(first for first, _ in nx.find_cycle(self.graph))
            raise ModelError(f"What grows from what goes in a circle: {circle}.") from e

    @cached_property
    def steps(self) -> list[tuple[str, str, float]]:
        """Each line with its weight, in an order that hangs on names alone."""
        return sorted((a, b, SURE[strength or WEAKEST]) for a, b, strength in self.graph.edges(data="strength"))

    def surest(self, kept: NDArray[np.bool_]) -> Floats:
        """How sure the surest line is from each node (first axis) to each (last), where only some lines are kept.

        `kept` says for each variant (a row) which of `steps` it has. Nodes are taken from the last to the first:
        the surest line from a node is the surest over its steps of the step times the surest line from there on.
        """
        place = {node: i for i, node in enumerate(self.nodes)}
        onward: list[list[tuple[int, Floats]]] = [[] for _ in place]
        for i, (a, b, sure) in enumerate(self.steps):
            onward[place[a]].append((place[b], (kept[:, i] * np.float32(sure))[:, None]))
        best: Floats = np.zeros((len(place), len(kept), len(place)), np.float32)
        room: Floats = np.empty(best.shape[1:], np.float32)
        for u in reversed(range(len(place))):
            for v, weights in onward[u]:  # what grows from v stands after it
                by_v = np.multiply(best[v, :, v:], weights, out=room[:, v:])
                np.maximum(best[u, :, v:], by_v, out=best[u, :, v:])
            best[u, :, u] = 1
        return best

    def reach(self, kept: NDArray[np.bool_]) -> Floats:
        """The reach of each node (last axis) in each variant (first axis) of `kept`."""
        some = [self.surest(kept[i : i + _AT_ONCE]).sum(axis=2).T - 1 for i in range(0, len(kept), _AT_ONCE)]
        return np.concatenate(some)
