"""What a change breaks, found by looking only at what it concerns: fast enough while somebody is writing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import shacl
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from childdev import terms as cd
from childdev.model.iris import PREFIXES
from childdev.model.modules import RDF_TYPE, Model, encode
from childdev.model.stated import PREF_LABEL, Delta, Stated
from childdev.validation import shapes
from childdev.validation.context import VOCABULARY, Judged, View, concerned, statements
from childdev.validation.looks import Rule, looks
from childdev.validation.places import Places
from childdev.validation.shapes import Violation

_SH = "http://www.w3.org/ns/shacl#"
_SUBJECTS_OF = NamedNode(_SH + "targetSubjectsOf")
_TARGETS = frozenset({NamedNode(_SH + "targetClass"), _SUBJECTS_OF})
_NAMES = frozenset({PREF_LABEL.value, PREFIXES["rdfs"] + "label"})
_PARTS = frozenset({cd.claimSubject.value, cd.claimProperty.value, cd.claimObject.value})


def broken(stated: Stated, delta: Delta) -> list[Violation]:
    """The rules that are broken after a change and were not before, in order of thing and message.

    They are those that `shapes.validate` finds after the change less those that it finds before it. A change of the
    vocabulary concerns everything, so that it takes as long as that.
    """
    after = stated.after(delta)
    changed = [*delta.added, *delta.removed]
    if any(_of_vocabulary(q) for q in changed):
        return _less(_whole(after), _whole(stated))
    view = View(after)
    judged = concerned(view, changed)
    found = _judged(view, judged)
    if not found:
        return []
    at_fault = {v.focus for v in found}
    return _less(found, _judged(View(stated), {rule: nodes & at_fault for rule, nodes in judged.items()}))


def _of_vocabulary(q: Quad) -> bool:
    return (
        not isinstance(q.subject, NamedNode)
        or q.subject.value.startswith(cd.NAMESPACE)
        or (q.predicate.value in VOCABULARY and q.predicate != RDF_TYPE)
    )


def _whole(stated: Stated) -> list[Violation]:
    return shapes.validate(Model({"all": frozenset(q.triple for q in stated)}))


def _less(found: Iterable[Violation], known: Iterable[Violation]) -> list[Violation]:
    before = {(v.focus, v.message, v.severity) for v in known}
    return [v for v in found if (v.focus, v.message, v.severity) not in before]


def _judged(view: View, judged: Judged) -> list[Violation]:
    """What rules find of the things that they are for."""
    report = _marked_rules().validate_text(encode(context(view, judged), RdfFormat.N_TRIPLES), "ntriples")
    at_fault = {r.focus_node.strip("<>") for r in report.results}
    places = Places(Model({"names": _names(view, at_fault)}))
    return shapes.violations(report, places, lambda r: shapes.property_of(r) or _linked(view, r))


def context(view: View, judged: Judged) -> set[Triple]:
    """All that is needed to judge things by the rules that are for them, each thing marked with these rules."""
    meant = view.judged(judged)
    return statements(view, meant).union(_marks(meant))


def _marks(judged: Judged) -> Iterator[Triple]:
    """Marks of things: one for all rules with the same aims, where all are to judge a thing; else one for each."""
    for rules in _alike().values():
        by_all = set[str].intersection(*(judged.get(rule, set()) for rule in rules))
        marks = [(by_all, _mark(rules[0], "all-judge"), rules[0].shape)]
        marks += [(judged.get(rule, set()) - by_all, _mark(rule), rule.shape) for rule in rules]
        for nodes, mark, shape in marks:
            yield from (Triple(NamedNode(node), mark, shape) for node in nodes)


@cache
def _alike() -> Mapping[object, list[Rule]]:
    """The rules by what they are for."""
    found: dict[object, list[Rule]] = defaultdict(list)
    for rule in looks():
        found[rule.aims].append(rule)
    return found


def marked_rules() -> list[Triple]:
    """The rules, each for the things that are marked with it or with all of the same aims, and for no others."""
    parts = [q.triple for q in shapes.rules() if q.predicate not in _TARGETS]
    aims = [Triple(rule.shape, _SUBJECTS_OF, _mark(rule)) for rule in looks()]
    for rules in _alike().values():
        aims += [Triple(rule.shape, _SUBJECTS_OF, _mark(rules[0], "all-judge")) for rule in rules]
    return [*parts, *(t for rule in looks() for t in rule.written), *aims]


@cache
def _marked_rules() -> shacl.Shapes:
    return shacl.Shapes.from_text(encode(marked_rules(), RdfFormat.N_TRIPLES), "ntriples")


def _mark(rule: Rule, how: str = "judges") -> NamedNode:
    return NamedNode(f"{rule.shape.value}-{how}")


def _names(view: View, things: Iterable[str]) -> frozenset[Triple]:
    """What is needed to call things, and claims by the parts of their links, by their names."""
    named, ahead, told = set[str](), list(things), set[Triple]()
    while ahead:
        thing = ahead.pop()
        named.add(thing)
        for relation, quads in view.relations(thing).items():
            if relation in _NAMES or relation in _PARTS:
                told.update(q.triple for q in quads)
            if relation in _PARTS:
                ahead += {q.object.value for q in quads if isinstance(q.object, NamedNode)} - named
    return frozenset(told)


def _linked(view: View, result: shacl.Result) -> str | None:
    """The link of which a rule in SPARQL tells: the one that it calls by name, or else one to the value at fault."""
    relations = view.relations(result.focus_node.strip("<>"))
    named = [r for r in relations if f"“{view.label(r)}”" in (result.message or "")]
    leading = [r for r, quads in relations.items() if result.value in {str(q.object) for q in quads}]
    return min(named or leading, default=None)
