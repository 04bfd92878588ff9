"""What a change reaches beyond itself: what rests on it, who matches it, which questions it may answer otherwise."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Literal as OneOf

from pyoxigraph import NamedNode, Quad, Triple

from childdev import terms as cd
from childdev.contribution.changes.making import CLAIM_PARTS
from childdev.contribution.changes.names import term_name, thing_name
from childdev.contribution.changes.wording import called, listed, verb
from childdev.model.iris import PREFIXES, kind_and_slug, module_graph
from childdev.model.modules import CORE, RDF_TYPE, Model
from childdev.model.stated import PREF_LABEL, Delta, Stated
from childdev.queries.catalogue import Catalogue, Question
from childdev.reasoning.axioms import read
from childdev.reasoning.inference import Inference

_MATCHES = tuple(NamedNode(PREFIXES["skos"] + f"{m}Match") for m in ("exact", "close", "broad", "narrow", "related"))
_BUILDS = (cd.buildsOn, cd.isBuiltOnBy)
_TERM = re.compile(r"\b([a-z]+):([A-Za-z_-]+)")
_OF_ANY = re.compile(r"cd:claimProperty \?")
#: names are in every answer, so a question is not counted for showing one
_NAMES = frozenset({PREF_LABEL.value, RDF_TYPE.value})
#: that many are named in a sentence, the rest counted
_NAMED = 5

Kind = OneOf["things", "resting", "follows", "matches", "contested", "indicators", "questions"]


@dataclass(frozen=True)
class Effect:
    """One way in which a change reaches further: a sentence, and what it speaks of (things as "kind/slug").

    Questions are named as in the library. `number` counts what the sentence counts.
    """

    kind: Kind
    text: str
    number: int
    things: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Impact:
    """All that a change reaches, nearest first. Kinds with nothing to say are left out."""

    effects: tuple[Effect, ...]

    def of(self, kind: Kind) -> Effect | None:
        """What there is to say of one kind."""
        return next((e for e in self.effects if e.kind == kind), None)


class QuestionTerms:
    """Which relations and classes each question of the library leans on, inferred ones traced to those stated."""

    def __init__(self, catalogue: Catalogue, stated: Stated) -> None:
        core = [q.triple for q in stated if q.graph_name == module_graph(CORE)]
        leads_to = _leads_to(core)
        self._questions: dict[str, tuple[Question, frozenset[str]]] = {}
        for question in catalogue.questions:
            named = {_iri(*m) for m in _TERM.findall(question.query)}
            self._questions[question.name] = (question, frozenset(named | set().union(*(leads_to[n] for n in named))))

    def touched(self, before: Stated, after: Stated, delta: Delta) -> list[Question]:
        """The questions that may be answered otherwise, in the order of the library.

        What is said of a claim counts for questions that ask it of that relation, or of any.
        """
        terms: set[str] = set()
        of_claims: set[tuple[str, str]] = set()
        for q in (*delta.added, *delta.removed):
            relation = _relation(q, before, after)
            if relation is None:
                terms.add(q.predicate.value)
            elif q.predicate not in CLAIM_PARTS:
                of_claims.add((q.predicate.value, relation))
            if q.predicate == RDF_TYPE and isinstance(q.object, NamedNode) and q.object != cd.Claim:
                terms.add(q.object.value)
        terms -= _NAMES
        return [
            question
            for question, named in self._questions.values()
            if named & terms
            or any(
                p in named and (r in named or _OF_ANY.search(question.query)) for p, r in of_claims if p not in _NAMES
            )
        ]


def _relation(q: Quad, before: Stated, after: Stated) -> str | None:
    """The relation that the claim makes of which a statement speaks, or None for all other statements."""
    if not isinstance(q.subject, NamedNode) or not q.subject.value.startswith(PREFIXES["claim"]):
        return None
    relation = after.value(q.subject, cd.claimProperty) or before.value(q.subject, cd.claimProperty)
    return relation.value if isinstance(relation, NamedNode) else None


def _iri(prefix: str, local: str) -> str:
    return PREFIXES.get(prefix, prefix + ":") + local


def _leads_to(core: Iterable[Triple]) -> defaultdict[str, set[str]]:
    """Relation → all from which it follows by the axioms."""
    axioms = read(core)
    direct: defaultdict[NamedNode, set[NamedNode]] = defaultdict(set)
    for sub, supers in axioms.super_properties.items():
        for p in supers:
            direct[p].add(sub)
    for p, q in axioms.inverses.items():
        direct[p].add(q)
        direct[q].add(p)
    for p, chains in axioms.chains.items():
        direct[p] |= {part for chain in chains for part in chain}
    for sub, classes in axioms.super_classes.items():
        for c in classes:
            direct[c].add(sub)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for p in list(direct):
        found[p.value] = {x.value for x in _closure([p], direct)}
    return found


def impact(stated_before: Stated, delta: Delta, questions: QuestionTerms | None = None) -> Impact:
    """What a change reaches. Quick enough while somebody types; what follows by all rules is for `entailments`."""
    after = stated_before.after(delta)
    touched = touched_things(stated_before, after, delta)
    looks = (
        _things(after, stated_before, touched),
        _resting(stated_before, after, touched),
        _follows(stated_before, after, delta),
        _matches(stated_before, after, touched),
        _contested(stated_before, after, touched),
        _indicators(stated_before, after, touched),
        _questions(stated_before, after, delta, questions),
    )
    return Impact(tuple(e for e in looks if e is not None))


def touched_things(before: Stated, after: Stated, delta: Delta) -> list[NamedNode]:
    """The things that a change is about, and those that it links or no longer links. Claims stand for their ends."""
    found: set[NamedNode] = set()
    for q in (*delta.added, *delta.removed):
        ends = (q.subject, q.object) if _is_link(q) else (q.subject,)
        for node in ends:
            if isinstance(node, NamedNode) and (named := kind_and_slug(node)):
                found |= set(_ends(node, before, after)) if named[0] in ("claim", "position") else {node}
    return sorted(found, key=lambda n: n.value)


def _is_link(q: Quad) -> bool:
    """Whether a statement links two things in a way that has to do with development."""
    named = kind_and_slug(q.object) if isinstance(q.object, NamedNode) else None
    return named is not None and named[0] not in ("source", "stage", "domain", "level", "claim", "position")


def _ends(node: NamedNode, before: Stated, after: Stated) -> Iterable[NamedNode]:
    """What a claim or a position is about; a view that is about no link stands for itself."""
    side = after if after.about(node) else before
    if node.value.startswith(PREFIXES["position"]):
        for q in side.towards(node):
            if q.predicate == cd.hasPosition and isinstance(q.subject, NamedNode):
                yield from _ends(q.subject, before, after)
        return
    ends = [side.value(node, p) for p in (cd.claimSubject, cd.claimObject)]
    things = [e for e in ends if isinstance(e, NamedNode) and kind_and_slug(e)]
    yield from things or [node]


# ---------------------------------------------------------------- what is reached


def _things(after: Stated, before: Stated, touched: list[NamedNode]) -> Effect | None:
    text = f"It touches {_some(before, after, touched)}."
    return Effect("things", text, len(touched), _named(touched)) if touched else None


def _resting(before: Stated, after: Stated, touched: list[NamedNode]) -> Effect | None:
    """The features that usually rest on those touched, now or afterwards."""
    features = [n for n in touched if n.value.startswith(PREFIXES["feature"])]
    above = {n for side in (before, after) for n in _upwards(side, features)} - set(features)
    if not above:
        return None
    what = "feature usually rests" if len(above) == 1 else "features usually rest"
    text = f"{len(above):,} other {what} on what it touches: {_some(before, after, above)}."
    return Effect("resting", text, len(above), _named(above))


def _follows(before: Stated, after: Stated, delta: Delta) -> Effect | None:
    """Which features rest on which others after it that did not before, and the other way round."""
    quads = (*delta.added, *delta.removed)
    later = [q.subject if q.predicate == cd.buildsOn else q.object for q in quads if q.predicate in _BUILDS]
    ends = {n for n in later if isinstance(n, NamedNode)}
    starts = {n for side in (before, after) for n in _upwards(side, ends)}
    old, new = (_rests_on(side, starts) for side in (before, after))
    more, fewer = ({n: a[n] - b[n] for n in starts} for a, b in ((new, old), (old, new)))
    appear, go = (sum(map(len, side.values())) for side in (more, fewer))
    if not appear and not go:
        return None
    ways = "1 way" if (appear or go) == 1 else f"{appear or go:,} ways"
    text = f"{ways} in which one feature usually rests on another"
    text += f" {'appears' if appear == 1 else 'appear'}" if appear else f" {'goes' if go == 1 else 'go'}"
    text += f", and {go:,} {'goes' if go == 1 else 'go'}." if appear and go else "."
    return Effect("follows", text, appear + go, _named(n for n in starts if more[n] or fewer[n]))


def _matches(before: Stated, after: Stated, touched: list[NamedNode]) -> Effect | None:
    found = {
        (n, o)
        for side in (before, after)
        for n in touched
        for q in side.about(n)
        if q.predicate in _MATCHES and isinstance(o := q.object, NamedNode)
    }
    if not found:
        return None
    outside = {o for _, o in found}
    what = "1 term" if len(outside) == 1 else f"{len(outside):,} terms"
    text = f"What it touches is matched with {what} of other schemes: {_some(before, after, outside)}."
    return Effect("matches", text, len(outside), _named({n for n, _ in found} | outside))


def _contested(before: Stated, after: Stated, touched: list[NamedNode]) -> Effect | None:
    """The views on which people differ, of what is touched."""
    about = (cd.claimSubject, cd.claimObject, cd.touches)
    claims = {
        q.subject
        for side in (before, after)
        for n in touched
        for q in side.towards(n)
        if q.predicate in about and isinstance(q.subject, NamedNode) and _differ(side, q.subject)
    }
    claims |= {n for n in touched if any(_differ(side, n) for side in (before, after))}
    if not claims:
        return None
    what = "1 view is" if len(claims) == 1 else f"{len(claims):,} views are"
    text = f"{what} contested in what it touches: {_some(before, after, claims)}."
    return Effect("contested", text, len(claims), _named(claims))


def _differ(side: Stated, claim: NamedNode) -> bool:
    return side.value(claim, cd.strength) == cd.contested or side.value(claim, cd.hasPosition) is not None


def _indicators(before: Stated, after: Stated, touched: list[NamedNode]) -> Effect | None:
    found = {
        q.subject
        for side in (before, after)
        for n in touched
        for q in side.towards(n)
        if q.predicate == cd.measures and isinstance(q.subject, NamedNode)
    }
    if not found:
        return None
    what = "1 published indicator tells" if len(found) == 1 else f"{len(found):,} published indicators tell"
    text = f"{what} of what it touches: {_some(before, after, found)}."
    return Effect("indicators", text, len(found), _named(found))


def _questions(before: Stated, after: Stated, delta: Delta, questions: QuestionTerms | None) -> Effect | None:
    found = questions.touched(before, after, delta) if questions is not None else []
    if not found:
        return None
    what = "1 question" if len(found) == 1 else f"{len(found):,} questions"
    titles = [f"“{q.title}”" for q in found]
    text = f"{what} of the library may be answered otherwise: {_cut(titles)}."
    return Effect("questions", text, len(found), questions=tuple(q.name for q in found))


# ---------------------------------------------------------------- what follows by all rules


@dataclass(frozen=True)
class Entailments:
    """What follows in one version and not in the other, by the rules of the vocabulary."""

    appear: frozenset[Triple]
    go: frozenset[Triple]

    def __bool__(self) -> bool:
        return bool(self.appear or self.go)

    def sentences(self, stated: Stated) -> list[str]:
        """How many of each relation appear and go, the relation with most of them first."""
        told = []
        counts = Counter(t.predicate for t in (*self.appear, *self.go))
        for p, _ in sorted(counts.items(), key=lambda x: (-x[1], x[0].value)):
            new, old = (sum(1 for t in side if t.predicate == p) for side in (self.appear, self.go))
            words = "is of a kind" if p == RDF_TYPE else verb(stated, p).present
            parts = [f"{n:,} {what}" for n, what in ((new, "new"), (old, "gone")) if n]
            told.append(f"What follows of “{words}”: {listed(parts)}.")
        return told


def entailments(before: Model, after: Model) -> Entailments:
    """What follows from two versions of the model and differs. Takes seconds on the full model."""
    old, new = frozenset(Inference(before).triples()), frozenset(Inference(after).triples())
    return Entailments(new - old, old - new)


# ---------------------------------------------------------------- building blocks


def _closure(start: Iterable[NamedNode], onward: defaultdict[NamedNode, set[NamedNode]]) -> set[NamedNode]:
    seen: set[NamedNode] = set()
    todo = list(start)
    while todo:
        for y in onward[todo.pop()] - seen:
            seen.add(y)
            todo.append(y)
    return seen


def _upwards(side: Stated, nodes: Iterable[NamedNode]) -> set[NamedNode]:
    """These features and all that rest on them."""
    seen = set(nodes)
    todo = list(seen)
    while todo:
        for q in side.towards(todo.pop()):
            if q.predicate == cd.buildsOn and isinstance(q.subject, NamedNode) and q.subject not in seen:
                seen.add(q.subject)
                todo.append(q.subject)
    return seen


def _rests_on(side: Stated, starts: Iterable[NamedNode]) -> dict[NamedNode, set[NamedNode]]:
    """What each of the features usually rests on, step by step."""
    below: dict[NamedNode, set[NamedNode]] = {}
    todo = list(starts)
    while todo:
        if (n := todo.pop()) not in below:
            found = {q.object for q in side.about(n) if q.predicate == cd.buildsOn}
            below[n] = {o for o in found if isinstance(o, NamedNode)}
            todo.extend(below[n])
    reach: dict[NamedNode, set[NamedNode]] = {}
    try:
        for n in TopologicalSorter(below).static_order():  # those on which others rest come first
            reach[n] = below[n].union(*(reach[o] for o in below[n]))
    except CycleError:  # a draft may have one, until it is checked
        reach = {n: _closure([n], defaultdict(set, below)) for n in starts}
    return {n: reach[n] for n in starts}


def _named(nodes: Iterable[NamedNode]) -> tuple[str, ...]:
    return tuple(sorted(thing_name(n) if kind_and_slug(n) else term_name(n) for n in nodes))


def _some(before: Stated, after: Stated, nodes: Iterable[NamedNode]) -> str:
    """The names of a few and the number of the rest."""
    return _cut(sorted(called(after if after.about(n) else before, n) for n in nodes))


def _cut(names: list[str]) -> str:
    more = len(names) - _NAMED
    return listed([*names[:_NAMED], f"{more:,} more"] if more > 1 else names)
