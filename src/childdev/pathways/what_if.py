"""What a loss or a gain would touch: which things lose one or the only one of what stands behind them.

Behind an asset stand the agencies that hold it; behind an environment or a protective factor the assets that support
it; behind a feature the environments, factors and assets that help it. What had something behind it and has nothing
left is counted as lost as well, step by step. All of it is about what the model names: plenty may help that nobody
has written down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import networkx as nx

from childdev.errors import NotFoundError, ParameterError
from childdev.pathways.links import growth, into, of_kind, out

#: kinds at the two ends of a link, as `from:to` gives them → its relation, and whether the graph has it the other way
_LINKS = {
    ("agency", "asset"): ("heldBy", True),
    ("asset", "environment"): ("supports", False),
    ("asset", "factor"): ("supports", False),
    ("asset", "feature"): ("supports", False),
    ("environment", "feature"): ("enables", False),
    ("factor", "feature"): ("strengthens", False),
    ("feature", "feature"): ("buildsOn", True),
}
#: kinds that can be left out
KINDS = ("agency", "asset", "environment", "factor", "feature")
_MOST = 20

Behind = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Touch:
    """One thing that is touched: what it would lose and gain of what stands behind it, and what is left."""

    thing: str
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def bare(self) -> bool:
        """Whether nothing named would be left behind it."""
        return bool(self.lost) and not self.left


@dataclass(frozen=True)
class StandIn:
    """What could stand in for something lost: what both help, and the agencies that hold what it rests on."""

    thing: str
    instead_of: str
    shared: tuple[str, ...]
    holders: tuple[str, ...]


@dataclass(frozen=True)
class Effect:
    """What a loss or gain would touch. Things are named as in the graph, all lists by name.

    `help` is about what helps, `routes` about the features from which others usually grow. `gone` is what is left out
    or left bare; `later` all features that grow from a feature which would have less help or fewer ways in, and
    `later_bare` those that grow from one with nothing left.
    """

    without: tuple[str, ...]
    with_: tuple[str, ...]
    help: tuple[Touch, ...]
    routes: tuple[Touch, ...]
    gone: tuple[str, ...]
    later: tuple[str, ...]
    later_bare: tuple[str, ...]
    stand_ins: tuple[StandIn, ...]

    def touched(self, kind: str) -> list[Touch]:
        """The things of a kind that are touched in what helps, those left bare first."""
        return sorted((t for t in self.help if t.thing.startswith(f"{kind}/")), key=lambda t: (not t.bare, t.thing))


def what_if(graph: nx.MultiDiGraph[str], without: Sequence[str] = (), with_: Sequence[str] = ()) -> Effect:
    """What it would touch if some things or links were gone and some links were added.

    A thing is `kind/slug`, a link `kind/slug:kind/slug` from what helps to what is helped (from the earlier to the
    later feature), for instance `asset/x:environment/y`.

    Raises:
        NotFoundError: a thing or a link to leave out is not in the model.
        ParameterError: something is not of these forms, or there are more than twenty.
    """
    other = changed(graph, without, with_)
    before, after = behind(graph, graph), behind(other, graph)
    dropped = {name for name in without if ":" not in name}
    help_ = _touches(before, after, dropped)
    routes = _touches(_ways(graph), _ways(other), dropped)
    less = {t.thing for t in (*help_, *routes) if t.lost and t.thing.startswith("feature/")} | _features(dropped)
    bare = {t.thing for t in (*help_, *routes) if t.bare and t.thing.startswith("feature/")} | _features(dropped)
    grown = growth(graph)
    gone = dropped | {t.thing for t in help_ if t.bare and not t.thing.startswith("feature/")}
    return Effect(
        tuple(without),
        tuple(with_),
        help_,
        routes,
        tuple(sorted(gone)),
        _later(grown, less),
        _later(grown, bare),
        tuple(s for name in sorted(gone) for s in _stand_ins(graph, name, gone)),
    )


def changed(
    graph: nx.MultiDiGraph[str], without: Iterable[str] = (), with_: Iterable[str] = ()
) -> nx.MultiDiGraph[str]:
    """A copy of the graph without some things or links, and with some links more.

    Raises:
        NotFoundError: a thing or a link to leave out is not in the model.
        ParameterError: something is not of the forms of `what_if`, or there are more than twenty.
    """
    without, with_ = list(without), list(with_)
    if len(without) + len(with_) > _MOST:
        raise ParameterError(f"At most {_MOST} things at once.")
    other = graph.copy()
    for name in without:
        if ":" in name:
            s, o, relation = _link(graph, name)
            if not graph.has_edge(s, o, key=relation):
                raise NotFoundError(f"The model has no link '{name}'.")
            other.remove_edges_from([(s, o, relation)])
        else:
            _known(graph, name)
            other.remove_edges_from([*graph.in_edges(name, keys=True), *graph.out_edges(name, keys=True)])
    for name in with_:
        s, o, relation = _link(graph, name)
        other.add_edge(s, o, key=relation)
    other.remove_nodes_from([name for name in without if ":" not in name])
    return other


def behind(graph: nx.MultiDiGraph[str], whole: nx.MultiDiGraph[str]) -> Behind:
    """What stands behind each asset, environment, factor and feature, what had something in `whole` and has nothing
    left not counted."""
    found: Behind = {}

    def stands(name: str) -> bool:
        return name in graph and (bool(found[name]) or not before[name])

    before: dict[str, bool] = {}
    for kind, relations in (
        ("asset", ("heldBy",)),
        ("environment", ("supports",)),
        ("factor", ("supports",)),
        ("feature", ("supports", "enables", "strengthens")),
    ):
        look = out if kind == "asset" else into
        for name in of_kind(whole, kind):
            before[name] = any(look(whole, name, r) for r in relations)
            some = {o for r in relations for o in look(graph, name, r)} if name in graph else set()
            found[name] = frozenset(o for o in some if o.startswith("agency/") or stands(o))
    return found


def _touches(before: Behind, after: Behind, dropped: set[str]) -> tuple[Touch, ...]:
    return tuple(
        Touch(
            name,
            tuple(sorted(before[name] - after[name])),
            tuple(sorted(after[name] - before[name])),
            tuple(sorted(after[name])),
        )
        for name in sorted(after)
        if name not in dropped and name in before and before[name] != after[name]
    )


def _ways(graph: nx.MultiDiGraph[str]) -> Behind:
    """For each feature those from which it usually grows or can also grow."""
    ways = growth(graph, "buildsOn", "canAlsoGrowFrom")
    return {f: frozenset(ways.predecessors(f)) for f in ways}


def _later(grown: nx.DiGraph[str], features: set[str]) -> tuple[str, ...]:
    return tuple(sorted({o for f in features for o in nx.descendants(grown, f)} - features))


def _stand_ins(graph: nx.MultiDiGraph[str], name: str, gone: set[str]) -> list[StandIn]:
    """Others of its kind that help something of what it helps, those that share most first; assets of its own form."""
    relation = {"asset": "supports", "environment": "enables", "factor": "strengthens"}.get(name.partition("/")[0])
    if relation is None:
        return []
    helped, form = set(out(graph, name, relation)), out(graph, name, "formOf")
    others = {o for h in helped for o in into(graph, h, relation)} - gone - {name}
    found = [
        StandIn(o, name, tuple(sorted(helped & set(out(graph, o, relation)))), tuple(sorted(_holders(graph, o) - gone)))
        for o in others
        if out(graph, o, "formOf") == form
    ]
    return sorted(found, key=lambda s: (-len(s.shared), s.thing))


def _holders(graph: nx.MultiDiGraph[str], name: str) -> set[str]:
    assets = [name] if name.startswith("asset/") else into(graph, name, "supports")
    return {holder for a in assets for holder in out(graph, a, "heldBy")}


def _features(names: set[str]) -> set[str]:
    return {name for name in names if name.startswith("feature/")}


def _link(graph: nx.MultiDiGraph[str], name: str) -> tuple[str, str, str]:
    """A link as the graph has it: from, to, relation."""
    first, colon, last = name.partition(":")
    found = _LINKS.get((first.partition("/")[0], last.partition("/")[0])) if colon else None
    if found is None:
        forms = ", ".join(f"{a}/…:{b}/…" for a, b in _LINKS)
        raise ParameterError(f"'{name}' is not a link of one of these forms: {forms}.")
    for end in (first, last):
        _known(graph, end)
    relation, turned = found
    return (last, first, relation) if turned else (first, last, relation)


def _known(graph: nx.MultiDiGraph[str], name: str) -> None:
    if name.partition("/")[0] not in KINDS:
        forms = ", ".join(f"{kind}/…" for kind in KINDS)
        raise ParameterError(f"'{name}' is not of one of these forms: {forms}.")
    if name not in graph:
        raise NotFoundError(f"There is no {name.partition('/')[0]} called '{name.partition('/')[2]}' here.")
