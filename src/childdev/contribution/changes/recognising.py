"""Recognising: any difference between two versions, said in typed changes.

A kind of change is taken for what happened only where making it would do exactly a part of the
difference; so the changes, made one after the other, always give the same difference again. What
fits no kind is left as single statements, thing by thing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat
from rapidfuzz import fuzz

from childdev import terms as cd
from childdev.contribution.changes import kinds
from childdev.contribution.changes.drafting import Draft
from childdev.contribution.changes.kinds import Change, Value
from childdev.contribution.changes.making import (
    CLAIM_PARTS,
    EVIDENCE_PARTS,
    evidence_of,
    step_of,
    term_of,
    value_of,
)
from childdev.contribution.changes.names import CLAIMED, term_name, thing, thing_name
from childdev.model.iris import KINDS, PREFIXES, kind_and_slug
from childdev.model.modules import RDF_TYPE, encode
from childdev.model.stated import PREF_LABEL, Delta, Stated

_NOTE, _REPLACED = NamedNode(PREFIXES["skos"] + "note"), NamedNode(PREFIXES["dcterms"] + "isReplacedBy")
_SOURCE = NamedNode(PREFIXES["dcterms"] + "source")
_MANY = frozenset(
    NamedNode(PREFIXES["skos"] + name) for name in ("altLabel", "hiddenLabel", "note", "scopeNote", "example")
)
_OF_CLAIMS = frozenset({"claim", "position"})
_AGES = (cd.typicalFromMonths, cd.typicalToMonths)
#: two values of a property that may have many are one reworded if they are at least this alike (per cent)
_ALIKE = 60


@dataclass(frozen=True)
class Recognised:
    """A typed change and the part of the difference that it makes."""

    change: Change
    delta: Delta


def recognise(stated_before: Stated, delta: Delta) -> tuple[Recognised, ...]:
    """A difference as typed changes, in an order in which they can be made.

    Each statement of the difference is in exactly one of them.
    """
    return tuple(_Recogniser(stated_before, delta).found)


def inverse(stated_after: Stated, delta: Delta) -> tuple[Change, ...]:
    """The typed changes that take a difference back, on what is stated after it."""
    return tuple(r.change for r in recognise(stated_after, delta.inverse))


class _Recogniser:
    """What is left of a difference while changes are found in it."""

    def __init__(self, before: Stated, delta: Delta) -> None:
        self.before, self.after, self.draft = before, Draft(before).after(delta), Draft(before)
        self.added, self.removed = set(delta.added), set(delta.removed)
        self.plus, self.minus = Stated(delta.added), Stated(delta.removed)
        self.found: list[Recognised] = []
        for look in (
            self._things,
            self._retirements,
            self._returns,
            self._unlinks,
            self._links,
            self._ages,
            self._evidence,
            self._claims,
            self._positions,
            self._gone,
            self._values,
            self._rest,
        ):
            look()

    # ------------------------------------------------------------ taking

    def _take(self, make: Callable[..., Change], *given: Any, **named: Any) -> bool:
        """Take a change, made of what is given, for found if it does exactly a part of what is left."""
        try:
            change = make(*given, **named)
            step = step_of(self.draft, change)
        except ValueError:  # it is no such change
            return False
        if not step or not (step.added <= self.added and step.removed <= self.removed):
            return False
        self._keep(change, step)
        return True

    def _other(self, added: Iterable[Quad], removed: Iterable[Quad]) -> None:
        """Take statements as they are."""
        step = Delta(frozenset(added), frozenset(removed))
        if step:
            self._keep(kinds.Other(added=_lines(step.added), removed=_lines(step.removed)), step)

    def _keep(self, change: Change, step: Delta) -> None:
        self.draft.take(self.draft.real(step))
        self.added -= step.added
        self.removed -= step.removed
        self.found.append(Recognised(change, step))

    # ------------------------------------------------------------ looking

    def _named(self, quads: Iterable[Quad]) -> Iterator[tuple[Quad, NamedNode, NamedNode]]:
        """Links between things of the model that are no part of a claim, in a fixed order."""
        for q in _ordered(quads):
            s, o = q.subject, q.object
            if isinstance(s, NamedNode) and isinstance(o, NamedNode) and kind_and_slug(o) and q.predicate != RDF_TYPE:
                named = kind_and_slug(s)
                if named is not None and named[0] not in _OF_CLAIMS:
                    yield q, s, o

    def _new(self, of_claims: bool) -> list[NamedNode]:
        """Things that are new, sources first as evidence leans on them."""
        found = []
        for q in self.added:
            if q.predicate == RDF_TYPE and isinstance(q.subject, NamedNode) and not self.draft.exists(q.subject):
                named = kind_and_slug(q.subject)
                if named is not None and (named[0] in _OF_CLAIMS) == of_claims:
                    found.append(((named[0] != "source", named[0] == "position", _place(q.subject)), q.subject))
        return [node for _, node in sorted({n.value: (k, n) for k, n in found}.values(), key=lambda x: x[0])]

    def _things(self) -> None:
        for s in self._new(of_claims=False):
            ages = self._stands(self.after.claim(s, cd.typicalFromMonths, None))
            if not (ages is not None and self._take(self._addition, s, ages)) and not self._take(self._addition, s):
                self._other(self._said(s), ())

    def _stands(self, claim: NamedNode | None) -> kinds.Evidence | None:
        """On what a claim stands afterwards, or None where no evidence can say it."""
        try:
            return None if claim is None else evidence_of(self.after, claim)
        except ValueError:
            return None

    def _said(self, s: NamedNode) -> list[Quad]:
        """What is newly said of a new thing, without the links that come as changes of their own."""
        of_claim = {cd.hasPosition}
        return [
            q
            for q in _ordered(self.plus.about(s) & self.added)
            if q.predicate not in of_claim and term_name(q.predicate) not in CLAIMED
        ]

    def _addition(self, s: NamedNode, ages: kinds.Evidence | None = None) -> Change:
        name, said = thing_name(s), self._said(s)
        types = [q.object for q in said if q.predicate == RDF_TYPE]
        classes = tuple(sorted(term_name(t) for t in types if isinstance(t, NamedNode)))
        usual = (term_name(KINDS[name.partition("/")[0]]),)
        values = [v for q in said if q.predicate != RDF_TYPE and (v := _value(q)) is not None]
        return kinds.AddThing(thing=name, classes=() if classes == usual else classes, values=tuple(values), ages=ages)

    def _retirements(self) -> None:
        for q in _ordered(q for q in self.added if q.predicate == RDF_TYPE and q.object == cd.Retired):
            if isinstance(q.subject, NamedNode) and kind_and_slug(q.subject):
                self._retirement(q.subject)

    def _retirement(self, s: NamedNode) -> None:
        notes = [q.object for q in self.plus.about(s) if q.predicate == _NOTE and isinstance(q.object, Literal)]
        if len(notes) != 1:
            return
        name, reason = thing_name(s), notes[0].value
        successors = tuple(thing_name(o) for o in self.after.objects(s, _REPLACED) if isinstance(o, NamedNode))
        for into in successors:
            others = tuple(x for x in successors if x != into)
            kind, to = (kinds.Split, (into, *others)) if others else (kinds.Merge, into)
            if self._moves(s, into) and self._take(kind, thing=name, into=to, reason=reason):
                return
        self._take(kinds.Retire, thing=name, successors=successors, reason=reason)

    def _moves(self, old: NamedNode, into: str) -> bool:
        """Whether anything of a retired thing came over to another."""
        new = thing(into)
        return any(q.predicate != _REPLACED for q in self.plus.about(new) | self.plus.towards(new))

    def _returns(self) -> None:
        """Things that were retired and are in use again, each with its own words and the claim for its ages."""
        for q in _ordered(q for q in self.removed if q.predicate == RDF_TYPE and q.object == cd.Retired):
            s = q.subject
            if not isinstance(s, NamedNode) or not kind_and_slug(s) or not self.after.exists(s):
                continue
            claim = self.after.claim(s, cd.typicalFromMonths, None)
            own = [s, *([claim] if claim is not None and not self.before.about(claim) else [])]
            self._other(
                (x for n in own for x in self.plus.about(n) & self.added if term_name(x.predicate) not in CLAIMED),
                (x for n in own for x in self.minus.about(n) & self.removed if term_name(x.predicate) not in CLAIMED),
            )

    def _unlinks(self) -> None:
        for q, s, o in self._named(self.removed):
            relation = term_name(q.predicate)
            if relation not in CLAIMED and (not self.after.about(s) or self._replaced(q)):
                continue
            if q in self.removed:
                self._take(kinds.Unlink, subject=thing_name(s), relation=relation, object=thing_name(o))

    def _links(self) -> None:
        for q, s, o in self._named(self.added):
            relation = term_name(q.predicate)
            if relation not in CLAIMED and self._replaced(q):
                continue
            evidence = self._stands(self.after.claim(s, q.predicate, o)) if relation in CLAIMED else None
            if q in self.added and (evidence is not None or relation not in CLAIMED):
                names = {"subject": thing_name(s), "object": thing_name(o)}
                self._take(kinds.Link, relation=relation, evidence=evidence, **names)

    def _replaced(self, q: Quad) -> bool:
        """Whether a link of one thing gives way to one other of the same relation."""
        left = [x for x in self.minus.about(_key(q)) if x.predicate == q.predicate]
        new = [x for x in self.plus.about(_key(q)) if x.predicate == q.predicate]
        return len(left) == len(new) == 1

    def _ages(self) -> None:
        for s in _subjects(q for q in (*self.added, *self.removed) if q.predicate in _AGES):
            first, last = (self.after.value(s, p) for p in _AGES)
            if isinstance(first, Literal) and isinstance(last, Literal) and kind_and_slug(s):
                given = {"thing": thing_name(s), "first": first.value, "last": last.value}
                claim = self.after.claim(s, cd.typicalFromMonths, None)
                if not self._reweighed(claim) or not self._take(kinds.SetAges, evidence=self._stands(claim), **given):
                    self._take(kinds.SetAges, **given)

    def _reweighed(self, claim: NamedNode | None) -> bool:
        """Whether the evidence of a claim is part of what is left."""
        if claim is None:
            return False
        left = (self.plus.about(claim) & self.added) | (self.minus.about(claim) & self.removed)
        return any(q.predicate in EVIDENCE_PARTS for q in left)

    def _evidence(self) -> None:
        for claim in _subjects(q for q in (*self.added, *self.removed) if q.predicate in EVIDENCE_PARTS):
            s, p, o = (self.draft.value(claim, part) for part in CLAIM_PARTS)
            if isinstance(s, NamedNode) and isinstance(p, NamedNode):
                to = thing_name(o) if isinstance(o, NamedNode) else None
                evidence = self._stands(claim)
                self._take(kinds.ReEvidence, subject=thing_name(s), relation=term_name(p), object=to, evidence=evidence)

    def _claims(self) -> None:
        for s in self._new(of_claims=True):
            if not s.value.startswith(PREFIXES["position"]):
                self._take(self._addition, s)

    def _positions(self) -> None:
        held = [
            (q.subject, q.object)
            for q in sorted(self.added, key=lambda q: _place(q.object))
            if q.predicate == cd.hasPosition and isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode)
        ]
        for claim, position in held:
            self._take(self._disagreement, claim, position)
        for s in self._new(of_claims=True):
            self._take(self._addition, s)

    def _disagreement(self, claim: NamedNode, position: NamedNode) -> Change:
        said = {p: self.after.value(position, p) for p in (cd.stance, PREF_LABEL, cd.heldByRole, _SOURCE)}
        text = {p: o.value if o is not None else "" for p, o in said.items()}
        return kinds.Disagree(
            claim=thing_name(claim),
            stance=text[cd.stance],  # type: ignore[arg-type]  # checked when it is made
            words=text[PREF_LABEL],
            role=text[cd.heldByRole],
            source=text[_SOURCE].rpartition("/")[2],
        )

    def _gone(self) -> None:
        """Things that go wholly, each with the claims that were only about it."""
        whole = [s for s in _subjects(self.removed) if not self.after.about(s)]
        own: defaultdict[NamedNode, set[Quad]] = defaultdict(set)
        for s in whole:
            own[self._owner(s)] |= self.minus.about(s) & self.removed
        for s in sorted(own, key=lambda n: n.value):
            self._other((), own[s])

    def _owner(self, s: NamedNode) -> NamedNode:
        """The thing to which a claim or position that goes with it belongs; any other thing itself."""
        up = {"claim": cd.claimSubject, "position": cd.hasPosition}
        named = kind_and_slug(s)
        if named is None or named[0] not in up:
            return s
        owner: object
        if named[0] == "claim":
            owner = self.before.value(s, cd.claimSubject)
        else:
            owner = next((q.subject for q in _ordered(self.before.towards(s)) if q.predicate == cd.hasPosition), None)
        if not isinstance(owner, NamedNode) or self.after.about(owner) or owner == s:
            return s
        return self._owner(owner)

    def _values(self) -> None:
        groups: defaultdict[tuple[NamedNode, NamedNode], tuple[list[Value], list[Value]]]
        groups = defaultdict(lambda: ([], []))
        for side, quads in enumerate((self.removed, self.added)):
            for q in _ordered(quads):
                if isinstance(q.subject, NamedNode) and kind_and_slug(q.subject) and (v := _value(q)) is not None:
                    groups[(q.subject, q.predicate)][side].append(v)
        for (s, p), (gone, new) in groups.items():
            for before, after in _pairs(gone, new, p in _MANY):
                self._take(kinds.SetValue, thing=thing_name(s), before=before, after=after)

    def _rest(self) -> None:
        """What is left, thing by thing. A nameless part belongs to the thing that leads to it."""
        whole = (*self.added, *self.removed)
        above = {q.object: q.subject for q in _ordered(whole) if isinstance(q.object, BlankNode)}
        groups: defaultdict[str, tuple[set[Quad], set[Quad]]] = defaultdict(lambda: (set(), set()))
        for side, quads in enumerate((self.added, self.removed)):
            for q in quads:
                node, seen = q.subject, set()
                while isinstance(node, BlankNode) and node in above and node not in seen:
                    seen.add(node)
                    node = above[node]
                groups["" if isinstance(node, BlankNode) else str(node)][side].add(q)
        for _, (added, removed) in sorted(groups.items()):
            self._other(added, removed)


# ---------------------------------------------------------------- building blocks


def _value(q: Quad) -> Value | None:
    """What a statement says as a value, or None where a value can't say it exactly."""
    if not isinstance(q.object, NamedNode | Literal):
        return None
    try:
        value = value_of(q.predicate, q.object)
        return value if term_of(value) == q.object else None
    except ValueError:
        return None


def _pairs(gone: list[Value], new: list[Value], many: bool) -> Iterator[tuple[Value | None, Value | None]]:
    """Values that gave way to others, the most alike first, those of one language and type before others."""
    least = _ALIKE if many or len(gone) + len(new) > 2 else 0
    marks = sorted(
        (
            ((a.type, a.language) != (b.type, b.language), -fuzz.ratio(a.text, b.text), i, j)
            for i, a in enumerate(gone)
            for j, b in enumerate(new)
        )
        if len(gone) * len(new) <= 10_000
        else ()
    )
    paired: dict[int, int] = {}
    for other, mark, i, j in marks:
        near = -mark >= least or (len(gone) == 1 == len(new) and not many)
        if i not in paired and j not in paired.values() and near and not (other and len(gone) != len(new)):
            paired[i] = j
    yield from ((gone[i], new[j]) for i, j in paired.items())
    yield from ((v, None) for i, v in enumerate(gone) if i not in paired)
    yield from ((None, v) for j, v in enumerate(new) if j not in paired.values())


def _lines(quads: Iterable[Quad]) -> tuple[str, ...]:
    """Each statement as a line of N-Quads; one by one, as a text may hold what looks like the end of a line."""
    return tuple(sorted(encode([q], RdfFormat.N_QUADS).rstrip("\n") for q in quads))


def _subjects(quads: Iterable[Quad]) -> list[NamedNode]:
    found = {q.subject.value: q.subject for q in quads if isinstance(q.subject, NamedNode)}
    return [found[k] for k in sorted(found)]


def _ordered(quads: Iterable[Quad]) -> list[Quad]:
    return sorted(quads, key=str)


def _place(node: object) -> tuple[int, str]:
    """The order of names that may end in a number."""
    value = str(node)
    return (len(value), value)


def _key(q: Quad) -> str:
    return q.subject.value if isinstance(q.subject, NamedNode) else str(q.subject)
