"""Validate a model against `shapes/` (SHACL). pySHACL is the referee in the tests; the engine here is faster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import shacl
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from childdev.model.iris import PREFIXES, kind_and_slug
from childdev.model.modules import Model, encode
from childdev.resources import folder

PREF_LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")


@dataclass(frozen=True)
class Violation:
    """One broken rule: the thing at fault (its IRI), a place for people, and what to mend."""

    focus: str
    where: str
    message: str
    severity: str


def shape_files() -> list[Path]:
    """The files of rules, in order."""
    return sorted(folder("shapes").glob("*.ttl"))


@cache
def _shapes() -> shacl.Shapes:
    quads = [
        q for file in shape_files() for q in parse(path=str(file), format=RdfFormat.TURTLE, rename_blank_nodes=True)
    ]
    return shacl.Shapes.from_turtle(encode((q.triple for q in quads), RdfFormat.N_TRIPLES))


def validate(model: Model) -> list[Violation]:
    """Every rule that the model breaks, in order of thing and message."""
    report = _shapes().validate_turtle(encode(model.triples, RdfFormat.N_TRIPLES))
    if report.conforms and not report.results:
        return []
    labels: dict[object, str] = {
        t.subject: t.object.value for t in model.triples if t.predicate == PREF_LABEL and isinstance(t.object, Literal)
    }
    found = {
        Violation(focus := _plain(r.focus_node), _place(focus, labels), r.message or "breaks a rule", r.severity)
        for r in report.results
    }
    return sorted(found, key=lambda v: (v.focus, v.message))


def _place(focus: str, labels: Mapping[object, str]) -> str:
    """A thing as people know it: its kind and its name."""
    named = kind_and_slug(focus)
    if named is None:
        return focus.rsplit("/", 1)[-1]
    kind, slug = named
    return f"{kind.replace('-', ' ')} '{labels.get(NamedNode(focus), slug)}'"


def _plain(term: str) -> str:
    return term[1:-1] if term.startswith("<") else term
