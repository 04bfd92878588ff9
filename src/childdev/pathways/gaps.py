"""Gaps worth closing first: where much rests on little. A gap is in the model, and may or may not be in the world."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import networkx as nx

from childdev.ages import OPEN_END
from childdev.pathways.leverage import Far, leverage, leverage_of
from childdev.pathways.links import growth, into, linked, of_kind, out
from childdev.store.reader import Reader

#: the kinds of gap, in the order in which they are told
KINDS = {
    "little-help": "Much rests on it, and little help is named",
    "one-holder": "Held by one agency alone",
    "thin-help": "Little help or little evidence in a whole part of the map",
    "no-indicator": "Long stretches without a published number",
}
#: features that reach far are short of help with so many environments or fewer
FEW = 1
#: a part of the map is thin with fewer environments for each feature, or a greater share of links on views alone
FEWEST_EACH, MOST_VIEWS = 1.0, 0.6
#: parts of the map with fewer features are too small to judge
_JUDGED_FROM = 3
#: a stretch of ages without an indicator is long beyond so many months
LONG = 60
_BEGIN = -9


@dataclass(frozen=True)
class Gap:
    """One gap.

    `about` is the thing that it is about (for a part of the map its domain and stage), `others` the environments or
    the agency there is, `bare` what would have nothing else behind it. `later` counts the features that rest on it,
    `features` those in its part or stretch. `environments` and `views` (a share of the links, in per cent) are for
    parts of the map, `first` and `last` (months) for stretches.
    """

    kind: str
    about: tuple[str, ...]
    others: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    later: int = 0
    features: int = 0
    environments: int = 0
    views: int = 0
    first: int = 0
    last: int = 0


def gaps(graph: nx.MultiDiGraph[str], far: dict[str, Far] | None = None) -> list[Gap]:
    """All gaps, by kind in the order of `KINDS`, within it those on which most rests first.

    `graph` is of the form of `childdev.Model().graph()`; `far` is its `leverage`, if it is known already.
    """
    far = leverage(graph) if far is None else far
    return [*_little_help(graph, far), *_one_holder(graph), *_thin(graph), *_no_indicator(graph)]


@lru_cache(maxsize=2)
def gaps_of(reader: Reader) -> list[Gap]:
    """`gaps` of a version, found once for each."""
    return gaps(linked(reader), leverage_of(reader))


def _little_help(graph: nx.MultiDiGraph[str], far: dict[str, Far]) -> list[Gap]:
    found = []
    for f in far.values():  # those that reach farthest come first
        helps = into(graph, f.thing, "enables")
        if f.thing.startswith("feature/") and f.band in ("very far", "far") and len(helps) <= FEW:
            found.append(Gap("little-help", (f.thing,), tuple(helps), later=f.later))
    return found


def _one_holder(graph: nx.MultiDiGraph[str]) -> list[Gap]:
    grown, found = growth(graph), []
    for asset in of_kind(graph, "asset"):
        holders = out(graph, asset, "heldBy")
        if len(holders) == 1:
            bare = [o for o in out(graph, asset, "supports") if into(graph, o, "supports") == [asset]]
            enabled = {f for o in bare for f in (o, *out(graph, o, "enables"), *out(graph, o, "strengthens"))}
            later = {o for f in enabled if f in grown for o in (f, *nx.descendants(grown, f))}
            found.append(Gap("one-holder", (asset,), tuple(holders), tuple(bare), later=len(later)))
    return sorted(found, key=lambda g: (-g.later, g.about))


def _thin(graph: nx.MultiDiGraph[str]) -> list[Gap]:
    cells: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for f in of_kind(graph, "feature"):
        for domain in out(graph, f, "inDomain"):
            for stage in out(graph, f, "inStage"):
                cells[domain, stage].append(f)
    found = []
    for about, features in cells.items():
        helps = {e for f in features for e in into(graph, f, "enables")}
        strengths = [
            strength or "workshop-view"
            for f in features
            for edges, relation in ((graph.in_edges, "enables"), (graph.out_edges, "buildsOn"))
            for *_, key, strength in edges(f, keys=True, data="strength")
            if key == relation
        ]
        views = round(100 * strengths.count("workshop-view") / len(strengths)) if strengths else 0
        thin = len(helps) < FEWEST_EACH * len(features) or views > 100 * MOST_VIEWS
        if thin and len(features) >= _JUDGED_FROM:
            found.append(Gap("thin-help", about, features=len(features), environments=len(helps), views=views))
    return sorted(found, key=lambda g: (g.environments / g.features, -g.views, g.about))


def _no_indicator(graph: nx.MultiDiGraph[str]) -> list[Gap]:
    found = []
    for domain in of_kind(graph, "domain"):
        features = into(graph, domain, "inDomain")
        ages = {
            age
            for f in features
            for i in into(graph, f, "measures")
            for age in _all(graph.nodes[i].get("collectedAtMonths"))
            if age < OPEN_END
        }
        for first, last in pairwise(sorted({_BEGIN, OPEN_END} | ages)):
            begun = [f for f in features if first <= graph.nodes[f].get("typicalFromMonths", OPEN_END) < last]
            if last - first > LONG and begun:
                found.append(Gap("no-indicator", (domain,), features=len(begun), first=first, last=last))
    return sorted(found, key=lambda g: (-g.features, g.about, g.first))


def _all(ages: object) -> list[int]:
    return ages if isinstance(ages, list) else [ages] if isinstance(ages, int) else []
