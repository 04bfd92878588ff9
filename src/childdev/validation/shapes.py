"""Validate a model against `shapes/` (SHACL). pySHACL is the referee in the tests; the engine here is faster."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import shacl
from pyoxigraph import RdfFormat, parse

from childdev.model.modules import Model, encode
from childdev.resources import folder
from childdev.validation.places import Places


@dataclass(frozen=True)
class Violation:
    """One broken rule: the thing at fault (its IRI), a place for people, what to mend, and how grave it is.

    The severity is Violation for what keeps a model from being published, Warning for what is only to be noted.
    """

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
    return shacl.Shapes.from_text(encode((q.triple for q in quads), RdfFormat.N_TRIPLES), "ntriples")


def validate(model: Model) -> list[Violation]:
    """Every rule that the model breaks, in order of thing and message."""
    report = _shapes().validate_text(encode(model.triples, RdfFormat.N_TRIPLES), "ntriples")
    places = Places(model)
    found = {(r.focus_node.strip("<>"), r.message or "", r.severity) for r in report.results}
    return [Violation(focus, places.of(focus), message, severity) for focus, message, severity in sorted(found)]
