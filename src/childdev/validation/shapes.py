"""Validate a model against `shapes/` (SHACL). pySHACL is the referee in the tests; the engine here is faster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import shacl
from pyoxigraph import Quad, RdfFormat, parse

from childdev.model.modules import Model, encode
from childdev.resources import folder
from childdev.validation.places import Places


@dataclass(frozen=True)
class Violation:
    """One broken rule: the thing at fault (its IRI), a place for people, what to mend, and how grave it is.

    The severity is Violation for what keeps a model from being published, Warning for what is only to be noted.
    `property` is the IRI of the thing's property at which to mend it, where the rule is about one.
    """

    focus: str
    where: str
    message: str
    severity: str
    property: str | None = None


def shape_files() -> list[Path]:
    """The files of rules, in order."""
    return sorted(folder("shapes").glob("*.ttl"))


@cache
def rules() -> tuple[Quad, ...]:
    """The rules as they are written."""
    return tuple(
        q for file in shape_files() for q in parse(path=str(file), format=RdfFormat.TURTLE, rename_blank_nodes=True)
    )


@cache
def _shapes() -> shacl.Shapes:
    return shacl.Shapes.from_text(encode((q.triple for q in rules()), RdfFormat.N_TRIPLES), "ntriples")


def validate(model: Model) -> list[Violation]:
    """Every rule that the model breaks, in order of thing and message."""
    return violations(_shapes().validate_text(encode(model.triples, RdfFormat.N_TRIPLES), "ntriples"), Places(model))


def property_of(result: shacl.Result) -> str | None:
    """The property with which the path of a result begins, if it leads from the thing to something else."""
    first = (result.path or "").lstrip("(").partition(">")[0]
    return first.removeprefix("<") if first.startswith("<") else None


def violations(
    report: shacl.Report, places: Places, at: Callable[[shacl.Result], str | None] = property_of
) -> list[Violation]:
    """What the engine found, each fault of a thing once, in order of thing and message."""
    found = {(r.focus_node.strip("<>"), r.message or "", r.severity): at(r) for r in report.results}
    return [
        Violation(focus, places.of(focus), message, severity, found[focus, message, severity])
        for focus, message, severity in sorted(found)
    ]
