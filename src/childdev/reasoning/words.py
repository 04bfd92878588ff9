"""An explanation as sentences."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from childdev.model.iris import PREFIXES
from childdev.reasoning.inference import LABEL, PREF_LABEL, Step

_RULES = {
    "stated": "as stated",
    "label": "because that is its preferred name",
    "subclass": "because every such thing is one",
    "subproperty": "because the one relation includes the other",
    "inverse": "because it is the same read the other way",
    "transitive": "step by step",
    "chain": "because the one leads to the other",
}


def explain(step: Step, stated: Iterable[Triple]) -> list[str]:
    """One indented line for each step, in the words of the labels."""
    labels: dict[object, str] = {
        t.subject: t.object.value
        for t in stated
        if t.predicate in (LABEL, PREF_LABEL) and isinstance(t.object, Literal)
    }
    labels[NamedNode(PREFIXES["rdf"] + "type")] = "is a"
    lines: list[str] = []

    def tell(step: Step, depth: int) -> None:
        t = step.triple
        words = " ".join(_name(x, labels) for x in (t.subject, t.predicate, t.object))
        lines.append(f"{'  ' * depth}{words} ({_RULES[step.rule]})")
        for premise in step.premises:
            tell(premise, depth + 1)

    tell(step, 0)
    return lines


def _name(term: object, labels: dict[object, str]) -> str:
    if isinstance(term, Literal):
        return f'"{term.value}"'
    return labels.get(term) or str(getattr(term, "value", term)).rsplit("/", 1)[-1]
