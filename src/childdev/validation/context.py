"""The part of a model that is enough to judge some things by some rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import TypeAlias

import networkx as nx
from pyoxigraph import NamedNode, Quad, Triple

from childdev import terms as cd
from childdev.model.iris import BASE, PREFIXES
from childdev.model.modules import RDF_TYPE
from childdev.model.stated import Stated
from childdev.validation.looks import ANY, Path, Rule, Step, looks

_RDFS = PREFIXES["rdfs"]
_TYPE: Step = (RDF_TYPE.value, False)
_SUBCLASS: Step = (_RDFS + "subClassOf", False)
_BUILDS_ON: Step = (cd.buildsOn.value, False)
_AGAINST_RINGS = BASE + "shape/GrowsFrom"
#: what rules ask of classes and relations
VOCABULARY = frozenset({RDF_TYPE.value, *(_RDFS + p for p in ("subClassOf", "domain", "range", "label"))})

#: rules, each with the things (their IRIs) that it is to judge
Judged: TypeAlias = dict[Rule, set[str]]


class View:
    """The statements of a version, by relation, each looked up once. Paths are walked from many things at a time."""

    def __init__(self, stated: Stated) -> None:
        self._stated = stated
        self._about: dict[str, dict[str, list[Quad]]] = {}
        self._towards: dict[str, dict[str, list[Quad]]] = {}
        self._having: dict[Step, set[str]] = defaultdict(set)
        self._ends: dict[Step, dict[str, Collection[str]]] = defaultdict(dict)
        self._rings: dict[frozenset[str], list[set[str]]] = {}

    def step(self, node: str, step: Step) -> Iterable[Quad]:
        """The statements that lead one step on from a thing."""
        relation, back = step
        found = self._towards.get(node) if back else self._about.get(node)
        if found is None:
            found = self._read(node, back)
        return [q for quads in found.values() for q in quads] if relation == ANY else found.get(relation, ())

    def label(self, node: str) -> str:
        """What a thing is called."""
        return self._stated.label(node)

    def relations(self, node: str) -> Mapping[str, list[Quad]]:
        """What is stated of a thing, by relation."""
        found = self._about.get(node)
        return self._read(node, False) if found is None else found

    def _read(self, node: str, back: bool) -> dict[str, list[Quad]]:
        found: dict[str, list[Quad]] = {}
        for q in self._stated.towards(node) if back else self._stated.about(node):
            found.setdefault(q.predicate.value, []).append(q)
        (self._towards if back else self._about)[node] = found
        for relation in found:
            self._having[relation, back].add(node)
        return found

    def having(self, nodes: set[str], step: Step) -> set[str]:
        """Those of some things from which a step leads on: for most relations they are few."""
        relation, back = step
        known = self._towards if back else self._about
        for node in nodes:
            if node not in known:
                self._read(node, back)
        return nodes if relation == ANY else nodes & self._having[step]

    def ends(self, node: str, step: Step) -> Collection[str]:
        """The things one step on from a thing."""
        known = self._ends[step]
        found = known.get(node)
        if found is None:
            quads = self.step(node, step)
            ends = [q.subject for q in quads] if step[1] else [q.object for q in quads]
            found = known[node] = {end.value for end in ends if isinstance(end, NamedNode)} if ends else ()
        return found

    def reached(self, nodes: Iterable[str], path: Path) -> set[str]:
        """The things at the end of a path from any of some things."""
        found = {*nodes}
        for step in path:
            found = set[str]().union(*(self.ends(node, step) for node in self.having(found, step)))
        return found

    def judged(self, wanted: Judged) -> Judged:
        """Of the things that rules are to judge those that each rule is for."""
        alike: dict[tuple[frozenset[str], frozenset[str]], set[str]] = defaultdict(set)
        for node in set().union(*wanted.values()):
            alike[frozenset(self.relations(node)), frozenset(self.ends(node, _TYPE))].add(node)
        classes = {types: self._closure(types, _SUBCLASS) for _, types in alike}
        aimed: dict[tuple[frozenset[str], frozenset[str]], set[str]] = {}
        for aims in {rule.aims for rule in wanted}:
            groups = (n for (r, c), n in alike.items() if aims[1] & r or aims[0] & classes[c])
            aimed[aims] = set().union(*groups)
        return {rule: meant for rule, nodes in wanted.items() if (meant := nodes & aimed[rule.aims])}

    def rings(self, starts: Iterable[str]) -> list[set[str]]:
        """Every ring of features that build on each other, among all that these build on and themselves."""
        known = frozenset(starts)
        if known not in self._rings:
            nodes = self._closure(known, _BUILDS_ON)
            graph: nx.DiGraph[str] = nx.DiGraph([(n, other) for n in nodes for other in self.ends(n, _BUILDS_ON)])
            self._rings[known] = [ring for ring in nx.strongly_connected_components(graph) if len(ring) > 1]
        return self._rings[known]

    def _closure(self, starts: Iterable[str], step: Step) -> set[str]:
        found, ahead = set[str](), {*starts}
        while ahead:
            found |= ahead
            ahead = self.reached(ahead, (step,)) - found
        return found

    def vocabulary(self, triples: Iterable[Triple]) -> Iterator[Triple]:
        """What rules may ask of the relations and classes in some statements, and of the classes that these name."""
        ahead, known = {t.predicate.value for t in triples}, set[str]()
        ahead |= {t.object.value for t in triples if t.predicate == RDF_TYPE and isinstance(t.object, NamedNode)}
        while ahead:
            term = ahead.pop()
            known.add(term)
            for relation in VOCABULARY & self.relations(term).keys():
                yield from (q.triple for q in self.relations(term)[relation])
                if relation != RDF_TYPE.value:
                    ahead |= {*self.ends(term, (relation, False))} - known


def concerned(view: View, changed: Iterable[Quad]) -> Judged:
    """The rules, with the things they judge, that see any of some changed statements."""
    found: Judged = defaultdict(set)
    for relation, ends in _by_relation(changed).items():
        for (back, path), seeing in _seeing().get(relation, {}).items():
            nodes = view.reached(ends[back], path)
            for rule in seeing:
                found[rule] |= nodes
    for rule, ring in _rings(view, found):
        found[rule] |= ring
    return found


def statements(view: View, judged: Judged) -> set[Triple]:
    """All that rules look at when they judge these things."""
    starts: dict[Path, set[str]] = defaultdict(set)
    for rule, nodes in judged.items():
        for path in rule.paths:
            starts[path] |= nodes
    steps: dict[Step, set[str]] = defaultdict(set)
    for path, nodes in starts.items():
        for n, step in enumerate(path):
            steps[step] |= view.reached(nodes, path[:n])
    for _, ring in _rings(view, judged):
        steps[_BUILDS_ON] |= ring
    seen = (q for step, nodes in steps.items() for node in view.having(nodes, step) for q in view.step(node, step))
    found = {q.triple for q in seen}
    return found.union(view.vocabulary(found))


def _rings(view: View, judged: Judged) -> list[tuple[Rule, set[str]]]:
    """The rings in which things stand that are judged by the rule against rings."""
    rules = [rule for rule in judged if rule.shape.value.startswith(_AGAINST_RINGS)]
    return [(rule, ring) for rule in rules for ring in view.rings(judged[rule]) if judged[rule] & ring]


def _by_relation(changed: Iterable[Quad]) -> dict[str, tuple[set[str], set[str]]]:
    """By relation, and for any: the things from which changed statements start, and those to which they lead."""
    found: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for q in changed:
        starts, leading = found[q.predicate.value]
        if isinstance(start := q.subject, NamedNode):
            starts.add(start.value)
        if isinstance(end := q.object, NamedNode):
            leading.add(end.value)
    by_side = zip(*found.values(), strict=True) if found else ((), ())
    starts, leading = (set[str]().union(*sets) for sets in by_side)
    found[ANY] = starts, leading
    return found


@cache
def _seeing() -> Mapping[str, Mapping[tuple[bool, Path], list[Rule]]]:
    """By relation: the rules that look at it; with the end of the relation that is nearer to what they judge (whether
    the object), and the path back from there."""
    found: dict[str, dict[tuple[bool, Path], list[Rule]]] = defaultdict(lambda: defaultdict(list))
    for rule in looks():
        for path in rule.paths:
            for n, (relation, back) in enumerate(path):
                way = tuple((r, not b) for r, b in reversed(path[:n]))
                found[relation][back, way].append(rule)
    return found
