"""What typed changes do to the model: the ground delta of each, worked out on what is stated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from childdev import terms as cd
from childdev.contribution.changes import kinds
from childdev.contribution.changes.drafting import Draft
from childdev.contribution.changes.kinds import Change, Evidence, Value
from childdev.contribution.changes.names import CLAIMED, claim_slug, module_for, term, term_name, thing
from childdev.errors import ChangeError
from childdev.model.iris import KINDS, PREFIXES, iri, kind_and_slug, module_graph
from childdev.model.modules import RDF_TYPE
from childdev.model.stated import PREF_LABEL, Delta, Stated

_XSD = PREFIXES["xsd"]
_DEFINITION, _ALT_LABEL = NamedNode(PREFIXES["skos"] + "definition"), NamedNode(PREFIXES["skos"] + "altLabel")
_NOTE = NamedNode(PREFIXES["skos"] + "note")
_SOURCE, _REPLACED = NamedNode(PREFIXES["dcterms"] + "source"), NamedNode(PREFIXES["dcterms"] + "isReplacedBy")
_DEPRECATED, _STATUS = NamedNode(PREFIXES["owl"] + "deprecated"), NamedNode(PREFIXES["vs"] + "term_status")
#: the parts of a claim that say on what it stands
EVIDENCE_PARTS = (cd.strength, cd.basis, cd.evidence, cd.explanation, cd.locator, cd.talkFromMonths)
#: the parts of a claim that say what it is about
CLAIM_PARTS = (cd.claimSubject, cd.claimProperty, cd.claimObject)
#: links that place a thing, and do not move with a merger
_PLACES = {RDF_TYPE, cd.inDomain, cd.inStage, cd.atLevel, cd.formOf, _REPLACED}


def delta_of(stated: Stated, changes: Iterable[Change]) -> Delta:
    """What changes, made one after the other, add and remove.

    Raises:
        ChangeError: one of them can't be made; says which and why.
    """
    draft = Draft(stated)
    for number, change in enumerate(changes, 1):
        try:
            draft.take(step_of(draft, change))
        except ValueError as e:
            raise ChangeError(number, str(e)) from e
    return draft.made()


def step_of(stated: Stated, change: Change) -> Delta:
    """What one change adds and removes.

    Raises:
        ValueError: it can't be made; says why.
    """
    return stated.real(_MAKERS[type(change)](stated, change))


def term_of(value: Value) -> NamedNode | Literal:
    """The value as a term of RDF.

    Raises:
        ValueError: it is not of the type that it says.
    """
    if value.type == "words":
        return Literal(value.text, language=value.language.lower())
    if value.type == "number":
        try:
            return Literal(int(value.text))
        except ValueError:
            raise ValueError(f"'{value.text}' is not a whole number.") from None
    if value.type == "address":
        return Literal(value.text, datatype=NamedNode(_XSD + "anyURI"))
    if value.type == "truth":
        return Literal(value.text == "true")
    return _node(value.text) if value.type == "thing" else Literal(value.text)


def _node(name: str) -> NamedNode:
    """A thing by its kind and slug, a term of the vocabulary by its short name, anything else by its address."""
    if "://" in name:
        return NamedNode(name)
    return thing(name) if "/" in name else term(name)


def value_of(prop: NamedNode, object_: NamedNode | Literal) -> Value:
    """A term of RDF as the value of a property."""
    name = term_name(prop)
    if isinstance(object_, NamedNode):
        named = kind_and_slug(object_)
        return Value(property=name, text="/".join(named) if named else term_name(object_), type="thing")
    if object_.language:
        return Value(property=name, text=object_.value, language=object_.language)
    local = object_.datatype.value.removeprefix(_XSD)
    types: dict[str, Any] = {"integer": "number", "anyURI": "address", "boolean": "truth"}
    return Value(property=name, text=object_.value, type=types.get(local, "text"))


def evidence_of(stated: Stated, claim: NamedNode) -> Evidence:
    """On what a claim stands."""

    def text(p: NamedNode) -> str:
        found = stated.value(claim, p)
        return found.value if isinstance(found, Literal) else ""

    strength = stated.value(claim, cd.strength)
    given: dict[str, Any] = {
        "strength": term_name(strength) if isinstance(strength, NamedNode) else "workshop-view",
        "basis": text(cd.basis) or "unread",
        "sources": tuple(
            s.value.rpartition("/")[2] for s in stated.objects(claim, cd.evidence) if isinstance(s, NamedNode)
        ),
        "explanation": text(cd.explanation),
        "locator": text(cd.locator),
        "talk_from_months": int(months) if (months := text(cd.talkFromMonths)) else None,
    }
    return Evidence(**given)


# ---------------------------------------------------------------- building blocks


def _there(stated: Stated, name: str) -> NamedNode:
    node = thing(name)
    if not stated.exists(node):
        kind, _, slug = name.partition("/")
        raise ValueError(f"There is no {kind.replace('-', ' ')} '{slug}' in the model. Add it first.")
    return node


def _of(stated: Stated, s: NamedNode, *properties: NamedNode) -> Iterator[Quad]:
    return (q for q in stated.about(s) if q.predicate in properties)


def _evidence(stated: Stated, claim: NamedNode, evidence: Evidence, module: str) -> Iterator[Quad]:
    """What says on what a claim stands."""
    graph = module_graph(module)
    yield Quad(claim, cd.strength, term(evidence.strength), graph)
    yield Quad(claim, cd.basis, Literal(evidence.basis), graph)
    for slug in evidence.sources:
        yield Quad(claim, cd.evidence, _there(stated, f"source/{slug}"), graph)
    for p, words in ((cd.explanation, evidence.explanation), (cd.locator, evidence.locator)):
        if words:
            yield Quad(claim, p, Literal(words, language="en-gb"), graph)
    if evidence.talk_from_months is not None:
        yield Quad(claim, cd.talkFromMonths, Literal(evidence.talk_from_months), graph)


def _claim(
    stated: Stated, s: NamedNode, relation: str, o: NamedNode | None, evidence: Evidence, module: str
) -> Iterator[Quad]:
    """A new claim for a link."""
    claim, graph = iri("claim", claim_slug(s, relation, o)), module_graph(module)
    yield Quad(claim, RDF_TYPE, cd.Claim, graph)
    yield Quad(claim, cd.claimSubject, s, graph)
    yield Quad(claim, cd.claimProperty, term(relation), graph)
    if o is not None:
        yield Quad(claim, cd.claimObject, o, graph)
    yield from _evidence(stated, claim, evidence, module)


def _with_positions(stated: Stated, claim: NamedNode) -> set[Quad]:
    """A claim in full, with the positions that are taken on it."""
    found = set(stated.about(claim))
    for q in _of(stated, claim, cd.hasPosition):
        if isinstance(q.object, NamedNode):
            found |= stated.about(q.object)
    return found


def _claims_about(stated: Stated, node: NamedNode) -> set[NamedNode]:
    """The claims that start from a thing or lead to it."""
    return {
        q.subject
        for q in stated.towards(node)
        if q.predicate in (cd.claimSubject, cd.claimObject) and isinstance(q.subject, NamedNode)
    }


# ---------------------------------------------------------------- the kinds


def _add_thing(stated: Stated, c: kinds.AddThing) -> Delta:
    node = thing(c.thing)
    if stated.exists(node):
        raise ValueError(f"'{stated.label(node)}' is in the model already under this name.")
    kind = c.thing.partition("/")[0]
    places = {v.property: v.text for v in c.values if v.type == "thing"}
    module = module_for(stated, node, places=places)
    graph = module_graph(module)
    added = {Quad(node, RDF_TYPE, term(name), graph) for name in c.classes or (term_name(KINDS[kind]),)}
    added |= {Quad(node, term(v.property), term_of(v), graph) for v in c.values}
    if kind not in {"position", "claim", "term"} and not any(v.property == "vs:term_status" for v in c.values):
        added.add(Quad(node, _STATUS, Literal("testing"), graph))
    if c.ages is not None:
        added |= set(_claim(stated, node, "typicalFromMonths", None, c.ages, module))
    return Delta(frozenset(added))


def _set_value(stated: Stated, c: kinds.SetValue) -> Delta:
    node = _there(stated, c.thing)
    added: set[Quad] = set()
    removed: set[Quad] = set()
    if c.before is not None:
        found = {q for q in _of(stated, node, term(c.before.property)) if q.object == term_of(c.before)}
        if not found:
            raise ValueError(
                f"'{stated.label(node)}' no longer says “{c.before.text}”. Look at what it says now, then change that."
            )
        removed = found
    if c.after is not None:
        graphs = {q.graph_name for q in removed} or {module_graph(module_for(stated, node))}
        for graph in graphs:
            assert isinstance(graph, NamedNode)
            added.add(Quad(node, term(c.after.property), term_of(c.after), graph))
    return Delta(frozenset(added - removed), frozenset(removed - added))


def _set_ages(stated: Stated, c: kinds.SetAges) -> Delta:
    node = _there(stated, c.thing)
    graph = module_graph(module_for(stated, node))
    removed = set(_of(stated, node, cd.typicalFromMonths, cd.typicalToMonths))
    added = {
        Quad(node, cd.typicalFromMonths, Literal(c.first), graph),
        Quad(node, cd.typicalToMonths, Literal(c.last), graph),
    }
    delta = Delta(frozenset(added - removed), frozenset(removed - added))
    if c.evidence is None:
        return delta
    return delta.then(_re_evidenced(stated, node, "typicalFromMonths", None, c.evidence))


def _link(stated: Stated, c: kinds.Link) -> Delta:
    s, o, p = _there(stated, c.subject), _there(stated, c.object), term(c.relation)
    if any(q.object == o for q in _of(stated, s, p)):
        raise ValueError(f"The link from '{stated.label(s)}' to '{stated.label(o)}' is there already.")
    if c.relation not in CLAIMED and c.evidence is not None:
        raise ValueError(f"A link of the kind '{c.relation}' only places a thing; it takes no evidence.")
    module = module_for(stated, s, c.relation)
    added = {Quad(s, p, o, module_graph(module))}
    if c.relation in CLAIMED:
        added |= set(_claim(stated, s, c.relation, o, c.evidence or Evidence(), module))
    return Delta(frozenset(added))


def _unlink(stated: Stated, c: kinds.Unlink) -> Delta:
    s, o, p = thing(c.subject), thing(c.object), term(c.relation)
    found = {q for q in _of(stated, s, p) if q.object == o}
    if not found:
        raise ValueError(f"There is no such link from '{stated.label(s)}' to '{stated.label(o)}'.")
    claim = stated.claim(s, p, o)
    return Delta(removed=frozenset(found | (_with_positions(stated, claim) if claim is not None else set())))


def _re_evidence(stated: Stated, c: kinds.ReEvidence) -> Delta:
    o = thing(c.object) if c.object is not None else None
    return _re_evidenced(stated, thing(c.subject), c.relation, o, c.evidence)


def _re_evidenced(stated: Stated, s: NamedNode, relation: str, o: NamedNode | None, evidence: Evidence) -> Delta:
    claim = stated.claim(s, term(relation), o)
    if claim is None:
        to = f" to '{stated.label(o)}'" if o is not None else ""
        raise ValueError(f"Nothing is claimed of '{stated.label(s)}'{to} in this way, so no evidence can be given.")
    removed = set(_of(stated, claim, *EVIDENCE_PARTS))
    added = set(_evidence(stated, claim, evidence, stated.module(claim) or module_for(stated, s, relation)))
    return Delta(frozenset(added - removed), frozenset(removed - added))


def _retire(stated: Stated, c: kinds.Retire) -> Delta:
    node = _there(stated, c.thing)
    if stated.value(node, RDF_TYPE) == cd.Retired:
        raise ValueError(f"'{stated.label(node)}' is retired already.")
    graph = module_graph(module_for(stated, node))
    kept = set(_of(stated, node, PREF_LABEL, _DEFINITION))
    removed = set(stated.about(node)) - kept
    removed |= {q for q in stated.towards(node) if q.predicate not in (*CLAIM_PARTS, _REPLACED)}
    for claim in _claims_about(stated, node):
        removed |= _with_positions(stated, claim)
    added = {
        Quad(node, RDF_TYPE, cd.Retired, graph),
        Quad(node, _DEPRECATED, Literal(True), graph),
        Quad(node, _STATUS, Literal("archaic"), graph),
        Quad(node, _NOTE, Literal(c.reason, language="en-gb"), graph),
        *(Quad(node, _REPLACED, _there(stated, name), graph) for name in c.successors),
    }
    return Delta(frozenset(added), frozenset(removed))


def _merge(stated: Stated, c: kinds.Merge) -> Delta:
    return _moved(stated, c.thing, c.into, [c.into], c.reason)


def _split(stated: Stated, c: kinds.Split) -> Delta:
    return _moved(stated, c.thing, c.into[0], c.into, c.reason)


def _moved(stated: Stated, name: str, into: str, successors: Sequence[str], reason: str) -> Delta:
    """The links of a thing go to another, with their evidence; then it is retired."""
    old, new = _there(stated, name), _there(stated, into)
    if old == new:
        raise ValueError(f"'{stated.label(old)}' can't become itself. Name another thing.")
    now, moved = stated, Delta()
    for q in sorted(_links(stated, old), key=str):
        s, o = (new if x == old else x for x in (q.subject, q.object))
        assert isinstance(s, NamedNode) and isinstance(o, NamedNode)
        if s == o or any(x.object == o for x in _of(now, s, q.predicate)):
            continue
        relation = term_name(q.predicate)
        module = module_for(stated, s, relation)
        added = {Quad(s, q.predicate, o, module_graph(module))}
        assert isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode)
        if (claim := stated.claim(q.subject, q.predicate, q.object)) is not None:
            added |= set(_claim(stated, s, relation, o, evidence_of(stated, claim), module))
        step = Delta(frozenset(added))
        now, moved = now.after(step), moved.then(step)
    graph = module_graph(module_for(stated, new))
    words = stated.real(Delta(frozenset(Quad(new, _ALT_LABEL, q.object, graph) for q in _of(stated, old, _ALT_LABEL))))
    now, moved = now.after(words), moved.then(words)
    return moved.then(_retire(now, kinds.Retire(thing=name, successors=tuple(successors), reason=reason)))


def _links(stated: Stated, node: NamedNode) -> Iterator[Quad]:
    """The links of a thing that would move with it: from it, and to it."""
    for q in stated.about(node):
        if isinstance(q.object, NamedNode) and kind_and_slug(q.object) and q.predicate not in _PLACES:
            yield q
    for q in stated.towards(node):
        if q.predicate not in (*CLAIM_PARTS, _REPLACED):
            yield q


def _disagree(stated: Stated, c: kinds.Disagree) -> Delta:
    claim = _there(stated, c.claim)
    if stated.value(claim, RDF_TYPE) != cd.Claim:
        raise ValueError("A position can be taken on a claim only. Name the link or the view with which people differ.")
    graph = module_graph(module_for(stated, claim))
    stem = f"{c.claim.partition('/')[2]}--{c.stance}"
    slugs = (stem, *(f"{stem}-{n}" for n in range(2, 1000)))
    position = next(node for slug in slugs if not stated.about(node := iri("position", slug)))
    added = {
        Quad(claim, cd.hasPosition, position, graph),
        Quad(position, RDF_TYPE, cd.Position, graph),
        Quad(position, PREF_LABEL, Literal(c.words, language="en-gb"), graph),
        Quad(position, cd.heldByRole, Literal(c.role, language="en-gb"), graph),
        Quad(position, cd.stance, Literal(c.stance), graph),
    }
    if c.source:
        added.add(Quad(position, _SOURCE, _there(stated, f"source/{c.source}"), graph))
    return Delta(frozenset(added))


def _other(stated: Stated, c: kinds.Other) -> Delta:
    try:
        delta = Delta.of_lines(c.added, c.removed)
    except SyntaxError as e:
        raise ValueError(f"A statement is not N-Quads: {e.msg}.") from e
    if missing := [q for q in delta.removed if q not in stated]:
        subject = missing[0].subject
        name = stated.label(subject) if isinstance(subject, NamedNode) else "a part of the vocabulary"
        raise ValueError(f"A statement about '{name}' that this takes away is not in the model any more.")
    return delta


_MAKERS: dict[type, Callable[[Stated, Any], Delta]] = {
    kinds.AddThing: _add_thing,
    kinds.SetValue: _set_value,
    kinds.SetAges: _set_ages,
    kinds.Link: _link,
    kinds.Unlink: _unlink,
    kinds.ReEvidence: _re_evidence,
    kinds.Retire: _retire,
    kinds.Merge: _merge,
    kinds.Split: _split,
    kinds.Disagree: _disagree,
    kinds.Other: _other,
}
