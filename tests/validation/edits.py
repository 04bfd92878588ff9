"""Changes such as people make, good and bad, drawn at random from a model: the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import TypeVar

from pyoxigraph import Literal, NamedNode, Quad

from childdev import terms as cd
from childdev.model.iris import ID, KINDS, PREFIXES, iri, module_graph
from childdev.model.modules import RDF_TYPE
from childdev.model.stated import PREF_LABEL, Delta, Stated

_SKOS, _OWL = PREFIXES["skos"], PREFIXES["owl"]
_LINKS = {
    cd.buildsOn: ("feature", "feature"),
    cd.canAlsoGrowFrom: ("feature", "feature"),
    cd.enables: ("environment", "feature"),
    cd.strengthens: ("factor", "feature"),
    cd.weakens: ("factor", "feature"),
    cd.supports: ("asset", "environment"),
    cd.mayIndicate: ("feature", "need"),
    cd.measures: ("indicator", "feature"),
    cd.inStage: ("feature", "stage"),
    cd.restsOn: ("feature", "feature"),
    NamedNode(PREFIXES["dcterms"] + "source"): ("feature", "source"),
}
T = TypeVar("T")
_HERE = module_graph("edits")


class Edits:
    """Random changes of a version."""

    def __init__(self, stated: Stated, seed: int) -> None:
        self._stated = stated
        self._random = random.Random(seed)
        self._things = {kind: stated.of_kind(kind) for kind in KINDS}
        self._kinds: list[Callable[[], Delta]] = [
            self.a_value_less,
            self.a_value_twice,
            self.another_value,
            self.a_name_changed,
            self.two_names,
            self.a_name_without_language,
            self.other_ages,
            self.other_ages,
            self.a_claim_less,
            self.a_claim_on_other_evidence,
            self.a_link_less,
            self.a_link_without_claim,
            self.a_link_without_claim,
            self.a_link_with_claim,
            self.a_link_to_nowhere,
            self.a_link_to_another_kind,
            self.a_link_to_words,
            self.a_ring,
            self.retired_with_links_left,
            self.a_wrong_class,
            self.a_thing_less,
            self.a_thing_more,
            self.a_stage_moved,
            self.a_score,
            self.another_module,
        ]

    def draw(self, count: int) -> list[tuple[str, Delta]]:
        """So many changes, of each kind in turn."""
        kinds = [self._kinds[n % len(self._kinds)] for n in range(count)]
        return [(make.__name__.replace("_", " "), make()) for make in kinds]

    def a_value_less(self) -> Delta:
        return _removed([self._drawn(lambda q: isinstance(q.object, Literal))])

    def a_value_twice(self) -> Delta:
        q = self._drawn(lambda q: isinstance(q.object, Literal))
        return _added([Quad(q.subject, q.predicate, _like(q.object, " again"), q.graph_name)])

    def another_value(self) -> Delta:
        q = self._drawn(lambda q: isinstance(q.object, Literal))
        return _replaced(q, _like(q.object, self._one([" ", " changed", "  twice", " 12 %"])))

    def a_name_changed(self) -> Delta:
        q = self._drawn(lambda q: q.predicate == PREF_LABEL)
        return _replaced(q, _words(self._one(["Walks slowly", "Lacks words", "Solves problems", "Has problems", ""])))

    def two_names(self) -> Delta:
        return _added([Quad(self._thing(), PREF_LABEL, _words("Another name"), _HERE)])

    def a_name_without_language(self) -> Delta:
        q = self._drawn(lambda q: q.predicate == PREF_LABEL)
        return _replaced(q, self._one([Literal(q.object.value), Literal(q.object.value, language="de")]))

    def other_ages(self) -> Delta:
        feature = self._one(self._things["feature"])
        ages = [q for q in self._about(feature) if q.predicate in (cd.typicalFromMonths, cd.typicalToMonths)]
        spread = self._one([6, 60, 250])
        made = [_replaced(q, Literal(int(q.object.value) + self._random.randint(-spread, spread))) for q in ages]
        return together(made)

    def a_claim_less(self) -> Delta:
        return _removed(self._about(self._one(self._things["claim"])))

    def a_claim_on_other_evidence(self) -> Delta:
        claim = self._one(self._things["claim"])
        told = [q for q in self._about(claim) if q.predicate in (cd.evidence, cd.strength, cd.basis)]
        gone = self._random.sample(told, self._random.randint(1, len(told)))
        strength = self._one([cd.established, cd.contested, cd.workshop_view, iri("source", "nowhere")])
        return together([_removed(gone), _added([Quad(claim, cd.strength, strength, _HERE)])])

    def a_link_less(self) -> Delta:
        return _removed([self._drawn(lambda q: _is_thing(q.object))])

    def a_link_without_claim(self) -> Delta:
        relation, (start, end) = self._one(list(_LINKS.items()))
        return _added([Quad(self._one(self._things[start]), relation, self._one(self._things[end]), _HERE)])

    def a_link_with_claim(self) -> Delta:
        return together([(link := self.a_link_without_claim()), _claims(link)])

    def a_link_to_nowhere(self) -> Delta:
        q = self._drawn(lambda q: _is_thing(q.object))
        return _replaced(q, NamedNode(q.object.value + "-nowhere"))

    def a_link_to_another_kind(self) -> Delta:
        return _replaced(self._drawn(lambda q: _is_thing(q.object)), self._thing())

    def a_link_to_words(self) -> Delta:
        return _replaced(self._drawn(lambda q: _is_thing(q.object)), Literal("words"))

    def a_ring(self) -> Delta:
        """What a feature rests on, one to four steps down, comes to build on it."""
        while True:
            start = end = self._one(self._things["feature"])
            for _ in range(self._random.randint(1, 4)):
                if below := self._stated.objects(end, cd.buildsOn):
                    end = self._one(below)
            if end != start:
                link = _added([Quad(end, cd.buildsOn, start, _HERE)])
                return together([link, _claims(link)])

    def retired_with_links_left(self) -> Delta:
        thing = self._thing()
        types = [q for q in self._about(thing) if q.predicate == RDF_TYPE]
        marks = [
            Quad(thing, RDF_TYPE, cd.Retired, _HERE),
            Quad(thing, NamedNode(_OWL + "deprecated"), Literal(True), _HERE),
            Quad(thing, NamedNode(_SKOS + "note"), _words("No longer used."), _HERE),
        ]
        return together([_removed(types), _added(self._random.sample(marks, self._random.randint(1, 3)))])

    def a_wrong_class(self) -> Delta:
        types = [q for q in self._about(self._thing()) if q.predicate == RDF_TYPE]
        return _replaced(self._one(types), self._one([*KINDS.values(), cd.RiskFactor, cd.NeedType]))

    def a_thing_less(self) -> Delta:
        return _removed(self._about(self._thing()))

    def a_thing_more(self) -> Delta:
        kind = self._one([k for k in KINDS if k not in ("story", "observation")])
        thing = iri(kind, "quite-new")
        said = [Quad(thing, RDF_TYPE, KINDS[kind], _HERE), Quad(thing, PREF_LABEL, _words("Quite new"), _HERE)]
        return _added(said[: self._random.randint(1, 2)])

    def a_stage_moved(self) -> Delta:
        stage = self._one(self._things["stage"])
        q = self._one([q for q in self._about(stage) if q.predicate in (cd.fromMonths, cd.toMonths)])
        return _replaced(q, Literal(int(q.object.value) + self._random.randint(-12, 12)))

    def a_score(self) -> Delta:
        thing = self._one(self._things["system-feature"])
        return _added([Quad(thing, NamedNode(_SKOS + "note"), _words(self._one(["7 out of 10", "In 7 of 10"])), _HERE)])

    def another_module(self) -> Delta:
        q = self._one(self._about(self._thing()))
        return together([_removed([q]), _added([Quad(q.subject, q.predicate, q.object, _HERE)])])

    def _one(self, of: list[T]) -> T:
        return self._random.choice(of)

    def _thing(self) -> NamedNode:
        return self._one(self._one([things for things in self._things.values() if things]))

    def _about(self, thing: NamedNode) -> list[Quad]:
        return sorted(self._stated.about(thing), key=str)

    def _drawn(self, wanted: Callable[[Quad], bool]) -> Quad:
        while True:
            if quads := [q for q in self._about(self._thing()) if wanted(q)]:
                return self._one(quads)


def together(deltas: Iterable[Delta]) -> Delta:
    """Changes as one."""
    made = Delta()
    for delta in deltas:
        made = made.then(delta)
    return made


def _claims(links: Delta) -> Delta:
    """A claim for each link."""
    said = []
    for n, q in enumerate(sorted(links.added, key=str)):
        claim = iri("claim", f"edit-{n}")
        parts = [(cd.claimSubject, q.subject), (cd.claimProperty, q.predicate), (cd.claimObject, q.object)]
        parts += [(RDF_TYPE, cd.Claim), (cd.strength, cd.workshop_view), (cd.basis, Literal("reasoned"))]
        said += [Quad(claim, p, o, _HERE) for p, o in parts]
    return _added(said)


def _added(quads: Iterable[Quad]) -> Delta:
    return Delta(added=frozenset(quads))


def _removed(quads: Iterable[Quad]) -> Delta:
    return Delta(removed=frozenset(quads))


def _replaced(q: Quad, by: NamedNode | Literal) -> Delta:
    return together([_removed([q]), _added([Quad(q.subject, q.predicate, by, q.graph_name)])])


def _words(text: str) -> Literal:
    return Literal(text, language="en-gb")


def _like(literal: Literal, more: str) -> Literal:
    if literal.language:
        return Literal(literal.value + more, language=literal.language)
    return Literal(literal.value + more, datatype=literal.datatype)


def _is_thing(node: object) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith(ID)
