"""What is wrong, as sentences with a place: the file of the model and the name of the thing."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

from childdev.errors import Finding
from childdev.model.modules import RDF_TYPE, Model
from childdev.validation.shapes import Violation


def findings(model: Model, violations: Iterable[Violation]) -> list[Finding]:
    """The violations with the file of the module in which each thing is described."""
    wanted = list(violations)
    subjects = {v.focus for v in wanted}
    file: dict[str, str] = {}
    for name, triples in model.modules.items():
        for t in triples:
            if not isinstance(t.subject, NamedNode) or t.subject.value not in subjects:
                continue
            # other modules may add links to a thing; its own module is the one that says what it is
            if t.predicate == RDF_TYPE:
                file[t.subject.value] = f"{name}.ttl"
            else:
                file.setdefault(t.subject.value, f"{name}.ttl")
    return [Finding(", ".join(filter(None, (file.get(v.focus), v.where))), v.message) for v in wanted]
