"""What is wrong, as sentences with a place: the file of the model and the name of the thing."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

from childdev.errors import Finding
from childdev.model.modules import RDF_TYPE, Model
from childdev.validation.shapes import Violation


def findings(model: Model, violations: Iterable[Violation]) -> list[Finding]:
    """The violations with the module in which each thing stands."""
    wanted = list(violations)
    subjects = {v.focus for v in wanted}
    module = {
        t.subject.value: f"{name}.ttl"
        for name, triples in model.modules.items()
        for t in triples
        if t.predicate == RDF_TYPE and isinstance(t.subject, NamedNode) and t.subject.value in subjects
    }
    return [Finding(", ".join(filter(None, (module.get(v.focus), v.where))), v.message) for v in wanted]
