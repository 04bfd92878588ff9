"""How far what a child does now reaches into what comes later, and where help reaches farthest.

It is about the model: where attention reaches far. It says nothing of any child, and "rests on" means "usually grows
from", never "cannot without".
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from math import log
from random import Random

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from childdev.pathways.links import growth, into, linked, of_kind
from childdev.pathways.network import SURE
from childdev.pathways.surest import Floats, Lines
from childdev.store.reader import Reader

#: bands of reach, and the share of all things (of features, of environments) that reach as far or farther
BANDS = {"very far": 0.1, "far": 0.3, "some way": 0.6, "nearby": 1.0}
#: how well a band holds, and the least share of draws in which it has to
STEADY = {"steady": 0.9, "mostly steady": 0.6, "hangs on a few links": 0.0}
#: draws of each of the two kinds, the share of links that each loses, and the seed
DRAWS, LOST, SEED = 100, 0.1, 7
_START = "the start"


@dataclass(frozen=True)
class Far:
    """How far one thing reaches.

    `reach` is a sum of weights (see `reach`), `later` counts the features that grow from it by any line, `held` is the
    least share of draws, over both kinds of loss, in which it stays in its `band`. `passing` is its betweenness: how
    many of the surest lines between two others pass through it. `gate` names the features to which every line from
    the first stage leads through it, other routes counted. The last two are for features alone.
    """

    thing: str
    reach: float
    later: int
    band: str
    held: float
    passing: float = 0
    gate: tuple[str, ...] = ()

    @property
    def steady(self) -> str:
        """How well its band holds, in words."""
        return next(words for words, least in STEADY.items() if self.held >= least)


def reach(graph: nx.DiGraph[str]) -> dict[str, float]:
    """How far each thing reaches: the sum, over all that grows from it, of how sure the surest line there is.

    A line counts for the product of its steps' weights (`SURE`), so each thing that comes later adds between 0 and 1.
    `graph` has a line from what comes first to what comes later, with its `strength`. What nothing grows from has 0.

    Raises:
        ModelError: the lines go in a circle.
    """
    lines = Lines(graph)
    return dict(zip(lines.nodes, lines.reach(np.ones((1, len(lines.steps)), bool))[0].tolist(), strict=True))


def leverage(graph: nx.MultiDiGraph[str], draws: int = DRAWS, seed: int = SEED) -> dict[str, Far]:
    """How far each feature and each environment reaches, those that reach farthest first; of equals by name.

    `graph` is of the form of `childdev.Model().graph()`. The stability comes from `draws` random losses of a tenth of
    the links, once with all links alike, once with those of weaker evidence lost more often; seeded, so the same
    model gives the same bands.

    Raises:
        ModelError: the lines of growth go in a circle.
    """
    grown = growth(graph)
    lines = Lines(_helped(graph, grown))
    whole = lines.reach(np.ones((1, len(lines.steps)), bool))
    lossy = [lines.reach(kept) for kept in losses(lines, draws, seed)]
    passing, gates = _passing(grown), _gates(graph)
    later = {f: len(nx.descendants(lines.graph, f)) for f in lines.nodes}
    found: list[Far] = []
    for kind in ("feature", "environment"):
        some = [i for i, node in enumerate(lines.nodes) if graph.nodes[node]["kind"] == kind]
        bands = banded(whole[:, some])[0]
        held = np.min([(banded(x[:, some]) == bands).mean(axis=0) for x in lossy], axis=0)
        for i, band, share in zip(some, bands.tolist(), held.tolist(), strict=True):
            name = lines.nodes[i]
            far = round(float(whole[0, i]), 4)
            gate = tuple(gates.get(name, ()))
            found.append(Far(name, far, later[name], list(BANDS)[band], share, round(passing.get(name, 0.0), 2), gate))
    return {f.thing: f for f in sorted(found, key=lambda f: (-f.reach, f.thing))}


@lru_cache(maxsize=2)
def leverage_of(reader: Reader) -> dict[str, Far]:
    """`leverage` of a version; worked out once for each, when it is first asked for (about a second)."""
    return leverage(linked(reader))


def losses(lines: Lines, draws: int, seed: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which lines are kept in each draw where all are alike, and where a weaker line is likelier to be lost.

    A line is lost with a likelihood that grows with what its weight lacks of 1, by the keys of Efraimidis and
    Spirakis (2006). The random numbers are Python's own, whose stream for a seed does not change between versions.
    """
    rng = Random(seed)  # noqa: S311 - nothing is kept secret by it
    count = len(lines.steps)
    drawn = np.array([[rng.random() for _ in range(count)] for _ in range(draws)]).reshape(draws, count)
    lacking = np.array([1 - sure for *_, sure in lines.steps])
    lost = round(LOST * count)
    return _kept(drawn, lost), _kept(drawn ** (1 / lacking) if count else drawn, lost)


def banded(values: Floats) -> NDArray[np.int_]:
    """The place in `BANDS` of each value among the others of its row; equals share a band, and 0 is in the last."""
    count = values.shape[1]
    ahead = np.array([count - np.searchsorted(np.sort(row), row, side="right") for row in values]).reshape(values.shape)
    bounds = np.array(list(BANDS.values())[:-1]) * count
    found: NDArray[np.int_] = np.where(values > 0, np.searchsorted(bounds, ahead, side="right"), len(bounds))
    return found


def _kept(keys: NDArray[np.float64], lost: int) -> NDArray[np.bool_]:
    """All but the `lost` lines with the greatest keys of each row."""
    kept = np.ones(keys.shape, bool)
    if lost:
        np.put_along_axis(kept, np.argsort(keys, axis=1, kind="stable")[:, -lost:], False, axis=1)
    return kept


def _helped(graph: nx.MultiDiGraph[str], grown: nx.DiGraph[str]) -> nx.DiGraph[str]:
    """What grows from what, with a line from each environment to the features that it enables."""
    helped = grown.copy()
    helped.add_nodes_from(of_kind(graph, "environment"))
    for s, o, relation, strength in graph.edges(keys=True, data="strength"):
        if relation == "enables" and s in helped and o in helped:
            helped.add_edge(s, o, strength=strength or "workshop-view")
    return helped


def _passing(grown: nx.DiGraph[str]) -> dict[str, float]:
    """How many of the surest lines between two others pass through each (betweenness, Brandes 2001, by networkx).

    Costs are whole numbers, so that lines which are equally sure are found equal.
    """
    costed: nx.DiGraph[str] = nx.DiGraph()
    costed.add_nodes_from(grown)
    for a, b, strength in grown.edges(data="strength"):
        costed.add_edge(a, b, cost=round(-1000 * log(SURE[strength])))
    found: dict[str, float] = nx.betweenness_centrality(costed, normalized=False, weight="cost")
    return found


def _gates(graph: nx.MultiDiGraph[str]) -> dict[str, list[str]]:
    """For each feature those to which every line from the first stage leads through it, by name.

    Immediate dominators (Cooper, Harvey and Kennedy 2006, by networkx) from a start before all features of the first
    stage; where no stage is given, before all that grows from nothing. Other routes are lines here too.
    """
    ways = growth(graph, "buildsOn", "canAlsoGrowFrom")
    stages = sorted(of_kind(graph, "stage"), key=lambda s: (graph.nodes[s].get("fromMonths", 0), s))
    first = [f for f in into(graph, stages[0], "inStage") if f in ways] if stages else []
    ways.add_edges_from((_START, f) for f in first or [f for f in ways if not ways.in_degree(f)])
    if _START not in ways:
        return {}
    before = nx.immediate_dominators(ways, _START)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for f in sorted(before):
        gate = before[f]
        while gate is not None and gate != _START:
            found[gate].append(f)
            gate = before.get(gate)
    return dict(found)
