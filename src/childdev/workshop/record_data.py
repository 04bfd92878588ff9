"""The record of a workshop as RDF (PROV-O and Dublin Core), in Turtle. Roles are told, people never."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from childdev import terms as cd
from childdev.model.iris import BASE, PREFIXES
from childdev.model.modules import RDF_TYPE
from childdev.workshop.record import Record, Written

PROV = "http://www.w3.org/ns/prov#"
_DCT, _SKOS, _XSD = PREFIXES["dcterms"], PREFIXES["skos"], PREFIXES["xsd"]
_MADE = {"feature": cd.Feature, "help": cd.Environment, "asset": cd.CapitalAsset, "question": cd.Prompt}


def turtle(record: Record) -> bytes:
    """The record in Turtle."""
    prefixes = {"prov": PROV, "dcterms": _DCT, "skos": _SKOS, "xsd": _XSD, "cd": cd.NAMESPACE}
    made = serialize(triples(record), format=RdfFormat.TURTLE, prefixes=prefixes)
    assert made is not None  # there is no file to write to
    return made


def triples(record: Record) -> Iterator[Triple]:
    """The workshop as an activity, its roles as agents, and each card as an entity. All are named."""
    root = f"{BASE}workshop/{record.code}"
    me = NamedNode(root)
    yield Triple(me, RDF_TYPE, NamedNode(PROV + "Activity"))
    yield Triple(me, _p(_DCT, "title"), _words(record.title))
    yield Triple(me, _p(_DCT, "description"), _words(record.question))
    yield Triple(me, _p(PROV, "startedAtTime"), _time(record.opened_at))
    if record.closed_at:
        yield Triple(me, _p(PROV, "endedAtTime"), _time(record.closed_at))
    if record.words:
        yield Triple(me, _p(_SKOS, "note"), _words(record.words))
    for label, count in record.people:
        agent = _role(root, label)
        yield Triple(me, _p(PROV, "wasAssociatedWith"), agent)
        yield Triple(agent, RDF_TYPE, NamedNode(PROV + "Agent"))
        yield Triple(agent, _p(_SKOS, "prefLabel"), _words(label))
        yield Triple(agent, cd.weight, Literal(count))
    seen: set[int] = set()
    for written in (
        *(*record.accepted, *record.not_now, *record.open_questions),
        *(*record.undecided, *record.parked),
    ):
        if written.number not in seen:
            seen.add(written.number)
            yield from _card(root, me, written)
    for n, resolution in enumerate(record.resolutions, 1):
        choice = NamedNode(f"{root}/choice/{n}")
        yield Triple(choice, RDF_TYPE, NamedNode(PROV + "Entity"))
        yield Triple(choice, _p(PROV, "wasGeneratedBy"), me)
        yield Triple(choice, _p(_DCT, "description"), _words(f"{resolution['what']} {resolution['label']}"))
        if resolution["reason"]:
            yield Triple(choice, cd.explanation, _words(resolution["reason"]))


def _card(root: str, me: NamedNode, written: Written) -> Iterator[Triple]:
    card = NamedNode(f"{root}/card/{written.number}")
    yield Triple(card, RDF_TYPE, NamedNode(PROV + "Entity"))
    yield Triple(card, _p(PROV, "wasGeneratedBy"), me)
    yield Triple(card, _p(PROV, "wasAttributedTo"), _role(root, written.role))
    yield Triple(card, _p(_SKOS, "prefLabel"), _words(written.text))
    yield Triple(card, _p(_DCT, "description"), _words(written.says))
    if written.kind in _MADE:
        yield Triple(card, _p(_DCT, "type"), _MADE[written.kind])
    if written.decision:
        yield Triple(card, NamedNode(PREFIXES["vs"] + "term_status"), Literal(written.decision))
    if written.reason:
        yield Triple(card, cd.explanation, _words(written.reason))
    if written.dots:
        yield Triple(card, cd.weight, Literal(written.dots))
    for text in written.also:
        yield Triple(card, _p(_SKOS, "hiddenLabel"), _words(text))
    for n, view in enumerate(written.dissent, 1):
        position = NamedNode(f"{card.value}/position/{n}")
        yield Triple(card, cd.hasPosition, position)
        yield Triple(position, RDF_TYPE, cd.Position)
        yield Triple(position, cd.stance, Literal("against"))
        yield Triple(position, cd.heldByRole, _words(str(view["label"]).lower()))
        if view["reason"]:
            yield Triple(position, _p(_SKOS, "prefLabel"), _words(view["reason"]))


def _role(root: str, label: str) -> NamedNode:
    return NamedNode(f"{root}/role/{re.sub(r'[^a-z]+', '-', label.lower()).strip('-')}")


def _p(namespace: str, local: str) -> NamedNode:
    return NamedNode(namespace + local)


def _words(text: str) -> Literal:
    return Literal(text, language="en-gb")


def _time(at: str) -> Literal:
    return Literal(at, datatype=NamedNode(_XSD + "dateTime"))
