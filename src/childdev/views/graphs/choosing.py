"""What of a view is shown, and why the rest is not: filters, what was closed, focus, and room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import networkx as nx

from childdev.errors import NotFoundError
from childdev.views.graphs.facts import FILTERS, Bond, Facts, Thing
from childdev.views.graphs.sources import Gathered
from childdev.views.graphs.spec import Spec, group_words
from childdev.views.graphs.state import State


@dataclass
class Chosen:
    """Things and lines that are shown, and how many are hidden for which reason."""

    things: dict[str, Thing]
    bonds: list[Bond]
    hidden: Counter[str] = field(default_factory=Counter)


def expanded(facts: Facts, spec: Spec, state: State, gathered: Gathered) -> Gathered:
    """A view with what hangs on the things that were opened, these first after what it is about."""
    opened = [n for n in state.open if n in gathered.things]
    if not opened or spec.source in ("path", "changes"):
        return gathered
    near = [b for n in opened for name in spec.relations for b in facts.around[name].get(n, ())]
    ends = dict.fromkeys([*gathered.centre, *opened, *(end for b in near for end in (b.first, b.last))])
    gathered.things = {n: facts.things[n] for n in [*ends, *gathered.things]}
    known = {b.id: b for b in [*gathered.bonds, *near]}
    for name in spec.relations:
        for n in ends:
            for b in facts.around[name].get(n, ()):
                if b.first in gathered.things and b.last in gathered.things:
                    known[b.id] = b
    gathered.bonds = list(known.values())
    return gathered


def chosen(spec: Spec, state: State, gathered: Gathered) -> Chosen:
    """What is left after filters, what was closed, and focus.

    Raises:
        NotFoundError: the focus is on what is not in this view.
    """
    found = Chosen(dict(gathered.things), list(gathered.bonds))
    _filtered(state, gathered, found)
    _without_closed(state, gathered, found)
    if state.focus and not state.focus.startswith("group/"):
        if state.focus not in gathered.things:
            raise NotFoundError(f"“{state.focus}” is not in this view, so nothing can be shown as linked with it.")
        keep = linked(state.focus, found.bonds, chain=spec.layout == "layers")
        _keep(found, keep, "focus")
    return found


def linked(name: str, bonds: Iterable[Bond], chain: bool) -> set[str]:
    """A thing with what is linked with it: at its lines, or (`chain`) all along its lines, each way."""
    graph: nx.DiGraph[str] = nx.DiGraph((b.first, b.last) for b in bonds)
    if name not in graph:
        return {name}
    if chain:
        return {name, *nx.ancestors(graph, name), *nx.descendants(graph, name)}
    return {name, *graph.predecessors(name), *graph.successors(name)}


def _keep(found: Chosen, keep: set[str], reason: str) -> None:
    found.hidden[reason] += len(found.things.keys() - keep)
    found.things = {n: t for n, t in found.things.items() if n in keep}
    found.bonds = [b for b in found.bonds if b.first in found.things and b.last in found.things]


def _filtered(state: State, gathered: Gathered, found: Chosen) -> None:
    if not state.filters:
        return
    facets = {name: set(some) for name, some in state.filters.items() if name != "evidence"}
    keep = {n for n, t in found.things.items() if n in gathered.centre or _fits(t, facets)}
    strengths = state.filters.get("evidence")
    bonds = [b for b in found.bonds if b.first in keep and b.last in keep]
    bonds = [b for b in bonds if not strengths or not b.strength or b.strength in strengths]
    before = {end for b in found.bonds for end in (b.first, b.last)}
    after = {end for b in bonds for end in (b.first, b.last)}
    # what had lines and has none left says nothing here any more, unless the filter itself speaks of it
    named = {n for n in keep if not strengths and any(f in found.things[n].facets for f in facets)}
    keep = {n for n in keep if n in after or n not in before or n in gathered.centre or n in named}
    found.bonds = bonds
    _keep(found, keep, "filter")


def _fits(thing: Thing, facets: dict[str, set[str]]) -> bool:
    """Whether a thing has one of the values asked for in each facet that things of its kind have."""
    return all(facet not in thing.facets or wanted & set(thing.facets[facet]) for facet, wanted in facets.items())


def _without_closed(state: State, gathered: Gathered, found: Chosen) -> None:
    """Leave out what hangs on closed things alone."""
    closed = {n for n in state.closed if n in found.things}
    if not closed:
        return
    graph: nx.Graph[str] = nx.Graph((b.first, b.last) for b in found.bonds)
    graph.add_nodes_from(found.things)
    if gathered.centre:
        starts = [n for n in gathered.centre if n in graph]
        open_ = graph.subgraph(n for n in graph if n not in closed or n in gathered.centre)
        keep = {n for s in starts if s not in closed for n in nx.node_connected_component(open_, s)} | set(starts)
        keep |= {n for n in closed if n in graph and any(m in keep for m in graph[n])}
    else:
        keep = {n for n in graph if n in closed or not graph[n] or not set(graph[n]) <= closed}
    _keep(found, keep, "closed")


@dataclass(frozen=True)
class Option:
    """A value of a filter: how many things (or lines) have it."""

    value: str
    label: str
    count: int
    on: bool


def filters(facts: Facts, state: State, gathered: Gathered) -> list[tuple[str, str, list[Option]]]:
    """The filters of a view that would make a difference: name, words, values."""
    found = []
    for name in FILTERS:
        if name == "evidence":
            counts = Counter(b.strength for b in gathered.bonds)
        else:
            counts = Counter(v for t in gathered.things.values() for v in t.facets.get(name, ()))
        on = state.filters.get(name, ())
        options = [Option(v, w, counts[v], v in on) for v, w in facts.words[name].items() if counts[v] or v in on]
        if len(options) > 1 or on:
            found.append((name, str(group_words()["filters"][name]), options))
    return found
