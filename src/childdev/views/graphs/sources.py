"""What belongs to a view: its things, those to be kept first coming first, and the lines between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log

import networkx as nx
from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.errors import NotFoundError
from childdev.model.iris import ID
from childdev.pathways.network import SURE, best_lines
from childdev.views.graphs.facts import Bond, Facts, Thing
from childdev.views.graphs.spec import Spec, relations
from childdev.views.things import claim_evidence
from childdev.views.words import BASES


@dataclass
class Gathered:
    """What belongs to a view. `things` stand in the order in which they are kept where there is room for few.

    `notes` says more of things and `sentences` of lines, by their ids, where the view has words of its own; `marks`
    says it in a word. `ways` are the lines of a path, from first to last, step by step, and `standing` tells on what
    each step stands. `missing` says why there is nothing.
    """

    things: dict[str, Thing]
    bonds: list[Bond]
    title: str
    centre: frozenset[str] = frozenset()
    notes: dict[str, str] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    sentences: dict[str, str] = field(default_factory=dict)
    ways: list[list[Bond]] = field(default_factory=list)
    standing: dict[str, str] = field(default_factory=dict)
    missing: str = ""


def about_thing(facts: Facts, spec: Spec, kind: str, slug: str) -> Gathered:
    """What belongs to a view about a thing.

    Raises:
        NotFoundError: the view can't be about it.
    """
    if kind not in spec.about:
        kinds = " or a ".join(k.replace("-", " ") for k in spec.about) or "thing at all"
        raise NotFoundError(f"The view '{spec.slug}' is about a {kinds} and not about a {kind.replace('-', ' ')}.")
    name = f"{kind}/{slug}"
    label = facts.reader.label(ID + name)
    title = (spec.about_title or spec.title).format(label=label)
    if kind != "level" and name not in facts.things:
        raise NotFoundError(f"“{label}” is no longer part of the model.", [(label, f"/{name}")])
    if spec.source == "query":
        return _asked(facts, spec, name, title)
    if spec.source == "lineage":
        return _lineage(facts, spec, name, title)
    starts = [t.id for t in facts.things.values() if _at_level(t, slug)] if kind == "level" else [name]
    return _along(facts, spec, starts, title, name)


def everything(facts: Facts, spec: Spec) -> Gathered:
    """What belongs to a view that is about nothing in particular: those with the most lines first."""
    bonds = _bonds(facts, spec)
    ends = Counter(end for b in bonds for end in (b.first, b.last))
    names = {*ends, *(t.id for t in facts.things.values() if t.kind in spec.everything)}
    order = sorted(names, key=lambda n: (-ends[n], facts.things[n].label.casefold(), n))
    return Gathered({n: facts.things[n] for n in order}, bonds, spec.title)


def between(facts: Facts, spec: Spec, first: str, last: str) -> Gathered:
    """The surest lines from one thing to another."""
    ends = [facts.things[n] for n in (first, last)]
    graph = facts.growth
    if ends[0].kind != "feature":
        graph = graph.copy()
        for name in spec.relations:
            found = (b for b in facts.around[name].get(first, ()) if b.first == first)
            graph.add_edges_from((b.first, b.last, {"strength": b.strength or "workshop-view"}) for b in found)
    known = {(b.first, b.last): b for name in spec.relations for b in facts.bonds[name]}
    found_lines = best_lines(graph, first, last, spec.ways)
    ways = [[known[step] for step in zip(line.things, line.things[1:], strict=False)] for line in found_lines]
    things = {n: facts.things[n] for line in found_lines for n in line.things} or {t.id: t for t in ends}
    title = spec.title.format(first=ends[0].label, last=ends[1].label)
    bonds = list({b.id: b for way in ways for b in way}.values())
    missing = ""
    if not ways:
        missing = f"The model knows no line that leads from “{ends[0].label}” to “{ends[1].label}”."
        if best_lines(facts.growth, last, first, 1):
            missing += " It knows one the other way round."
    return Gathered(
        things, bonds, title, frozenset((first, last)), ways=ways, standing=_standing(facts, bonds), missing=missing
    )


def _standing(facts: Facts, bonds: list[Bond]) -> dict[str, str]:
    """On what each line stands, in words: how it came to stand, by which sources, and what they say of it."""
    found = {}
    for b in bonds:
        if b.claim:
            claim = NamedNode(ID + b.claim)
            said = claim_evidence(facts.reader, claim)
            sources = "; ".join(facts.reader.label(s) for s in facts.reader.objects(claim, cd.evidence))
            parts = (BASES.get(said.basis, ""), f"Source: {sources}." if sources else "", said.explanation)
            found[b.id] = " ".join(part for part in parts if part)
    return found


def _bonds(facts: Facts, spec: Spec) -> list[Bond]:
    some = [b for name in spec.relations for b in facts.bonds[name]]
    if not spec.only:
        return some
    reached = {b.last for b in facts.bonds[spec.only]}
    return [b for b in some if b.relation == spec.only or b.first in reached]


def _at_level(thing: Thing, level: str) -> bool:
    return thing.kind == "environment" and level in thing.facets.get("level", ())


def _along(facts: Facts, spec: Spec, starts: list[str], title: str, about: str) -> Gathered:
    """All from which lines lead to a thing, and all to which lines lead from it."""
    bonds = [b for name in spec.relations for b in facts.bonds[name]] if len(starts) == 1 else _bonds(facts, spec)
    graph: nx.DiGraph[str] = nx.DiGraph((b.first, b.last) for b in bonds)
    graph.add_nodes_from(starts)
    up = {n for s in starts for n in (s, *nx.ancestors(graph, s))}
    down = {n for s in starts for n in (s, *nx.descendants(graph, s))}
    kept = up | down
    kind = about.partition("/")[0]
    if kind in spec.across:  # what stands beside it counts too, but for others of its kind
        beside = {n for u in list(graph.predecessors(about)) for n in graph.successors(u)}
        kept |= {n for n in beside if facts.things[n].kind != kind}
    steps = _steps(graph, starts)
    order = sorted(kept, key=lambda n: (steps.get(n, 9), -graph.degree(n), facts.things[n].label.casefold(), n))
    centre = frozenset(starts) if len(starts) == 1 else frozenset()
    between = [b for b in bonds if b.first in kept and b.last in kept]
    return Gathered({n: facts.things[n] for n in order}, between, title, centre)


def _steps(graph: nx.DiGraph[str], starts: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for distance, layer in enumerate(nx.bfs_layers(graph.to_undirected(as_view=True), list(starts))):
        found.update(dict.fromkeys(layer, distance))
    return found


def _asked(facts: Facts, spec: Spec, about: str, title: str) -> Gathered:
    """What the view's query gives: nearest first, then those with the most lines."""
    steps: dict[str, int] = {about: 0}
    known = {b.id: b for name in spec.relations for b in facts.bonds[name]}
    bonds: dict[str, Bond] = {}
    for row in facts.reader.query(spec.query, {"about": NamedNode(ID + about)}):
        first, last = (row[v].value[len(ID) :] for v in ("source", "target"))
        bond = known.get(f"{row['relation'].value.rsplit('/', 1)[-1]}:{first}>{last}")
        if bond is None:  # an end was retired
            continue
        bonds[bond.id] = bond
        for end in (first, last):
            steps[end] = min(steps.get(end, 99), int(row["steps"].value))
    degree = Counter(end for b in bonds.values() for end in (b.first, b.last))
    order = sorted(steps, key=lambda n: (steps[n], -degree[n], facts.things[n].label))
    return Gathered({n: facts.things[n] for n in order}, list(bonds.values()), title, frozenset([about]))


def _lineage(facts: Facts, spec: Spec, about: str, title: str) -> Gathered:
    """All that a feature rests on and all that rests on it: first the surest lines to both ends of childhood."""
    graph = facts.growth

    def cost(_: str, __: str, step: dict[str, str]) -> float:
        return -log(SURE[step["strength"]])

    sure: dict[str, float] = {about: 0.0}
    chosen: dict[str, None] = {about: None}
    for side in (nx.reverse_view(graph), graph):
        length, way = nx.single_source_dijkstra(side, about, weight=cost)
        sure |= length
        ends = sorted((n for n in length if _at_an_end(facts.things[n], side is graph)), key=lambda n: (length[n], n))
        for end in ends[:3]:
            chosen |= dict.fromkeys(way[end])
    order = [*chosen, *sorted(sure.keys() - chosen.keys(), key=lambda n: (sure[n], n))]
    bonds = [b for b in facts.bonds["buildsOn"] if b.first in sure and b.last in sure]
    return Gathered({n: facts.things[n] for n in order}, bonds, title, frozenset([about]))


def _at_an_end(thing: Thing, later: bool) -> bool:
    if later:
        return "preparation-for-adulthood" in thing.facets.get("domain", ())
    return "perinatal" in thing.facets.get("stage", ())


def sentence(facts: Facts, bond: Bond) -> str:
    """What a line says."""
    first, last = (facts.things[end].label for end in (bond.first, bond.last))
    return relations()[bond.relation].sentence.format(first=first, last=last)
