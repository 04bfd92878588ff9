"""The read-only view of one published version: what pages, questions and views read from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, Triple, Variable

from childdev import terms as cd
from childdev.model.iris import INFERRED, KINDS, PREFIXES, kind_and_slug
from childdev.model.modules import RDF_TYPE

_SKOS = PREFIXES["skos"]
PREF_LABEL, ALT_LABEL = NamedNode(_SKOS + "prefLabel"), NamedNode(_SKOS + "altLabel")
HIDDEN_LABEL = NamedNode(_SKOS + "hiddenLabel")
DEFINITION, NOTE = NamedNode(_SKOS + "definition"), NamedNode(_SKOS + "note")
RDFS_LABEL = NamedNode(PREFIXES["rdfs"] + "label")
DCT_SOURCE = NamedNode(PREFIXES["dcterms"] + "source")

Term = NamedNode | Literal | BlankNode


class Reader:
    """One version of the dataset in memory. Nothing here writes; all methods may run in threads."""

    def __init__(self, version: str, dataset: Path) -> None:
        self.version = version
        self.store = Store()
        self.store.bulk_load(path=str(dataset), format=RdfFormat.N_QUADS)

    # ---------------------------------------------------------------- one thing

    def objects(self, s: NamedNode, p: NamedNode) -> list[Any]:
        """The objects of a relation, stated or inferred, each once, ordered by label or value."""
        found = {q.object for q in self.store.quads_for_pattern(s, p, None, None)}
        return sorted(found, key=self._order)

    def subjects(self, p: NamedNode, o: NamedNode | Literal) -> list[NamedNode]:
        """The subjects of a relation, stated or inferred, each once, ordered by label."""
        found = {q.subject for q in self.store.quads_for_pattern(None, p, o, None)}
        return sorted((s for s in found if isinstance(s, NamedNode)), key=self._order)

    def value(self, s: NamedNode, p: NamedNode) -> Any:
        """The one object of a relation, or None."""
        return next((q.object for q in self.store.quads_for_pattern(s, p, None, None)), None)

    def text(self, s: NamedNode, p: NamedNode) -> str:
        """The words of a relation, or an empty text."""
        found = self.value(s, p)
        return found.value if isinstance(found, Literal) else ""

    def number(self, s: NamedNode, p: NamedNode) -> int | None:
        """The whole number of a relation, or None."""
        found = self.value(s, p)
        return int(found.value) if isinstance(found, Literal) else None

    def label(self, s: NamedNode | str) -> str:
        """What a thing is called; its slug where it has no label."""
        node = NamedNode(s) if isinstance(s, str) else s
        known = self._labels.get(node.value)
        return known if known is not None else node.value.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1]

    def exists(self, s: NamedNode) -> bool:
        """Whether anything is said of a thing."""
        return self.value(s, RDF_TYPE) is not None

    def holds(self, s: NamedNode, p: NamedNode, o: NamedNode) -> bool:
        """Whether a statement is in this version, stated or inferred."""
        return next(iter(self.store.quads_for_pattern(s, p, o, None)), None) is not None

    def stated(self, s: NamedNode, p: NamedNode, o: NamedNode) -> bool:
        """Whether a statement was stated, and not only inferred."""
        return any(q.graph_name != INFERRED for q in self.store.quads_for_pattern(s, p, o, None))

    def claim(self, s: NamedNode, p: NamedNode, o: NamedNode | None) -> NamedNode | None:
        """The claim that says on what a link stands, or None."""
        return self._claims.get((s.value, p.value, o.value if o else ""))

    # ---------------------------------------------------------------- many things

    def of_kind(self, kind: str) -> list[NamedNode]:
        """Everything of a kind (as in its IRI), ordered by its position, else by label."""
        found = self.subjects(RDF_TYPE, KINDS[kind])
        return sorted(found, key=lambda s: (self.number(s, cd.position) or 0, self.label(s).casefold()))

    def query(self, text: str, bound: Mapping[str, Term] | None = None) -> Any:
        """Answer a trusted SPARQL query over the union of all graphs; `bound` gives variables values as terms."""
        substitutions: dict[Variable, NamedNode | BlankNode | Literal | Triple] = {
            Variable(name): term for name, term in (bound or {}).items()
        }
        return self.store.query(text, use_default_graph_as_union=True, substitutions=substitutions, prefixes=PREFIXES)

    @cached_property
    def _labels(self) -> dict[str, str]:
        labels: dict[str, str] = {}
        for p in (RDFS_LABEL, PREF_LABEL):
            for q in self.store.quads_for_pattern(None, p, None, None):
                if isinstance(q.subject, NamedNode) and isinstance(q.object, Literal):
                    labels[q.subject.value] = q.object.value
        return labels

    @cached_property
    def _claims(self) -> dict[tuple[str, str, str], NamedNode]:
        parts: dict[NamedNode, list[str]] = {}
        for place, p in enumerate((cd.claimSubject, cd.claimProperty, cd.claimObject)):
            for q in self.store.quads_for_pattern(None, p, None, None):
                if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode):
                    parts.setdefault(q.subject, ["", "", ""])[place] = q.object.value
        return {(s, p, o): claim for claim, (s, p, o) in parts.items()}

    def _order(self, term: Term) -> tuple[int, str, str]:
        if isinstance(term, Literal):
            return (0, term.value.zfill(12) if term.value.isdigit() else term.value, "")
        position = self.number(term, cd.position) if isinstance(term, NamedNode) and _ordered(term) else None
        return (position or 0, self.label(term.value).casefold(), term.value)


def _ordered(node: NamedNode) -> bool:
    named = kind_and_slug(node)
    return named is not None and named[0] not in {
        "feature",
        "claim",
        "environment",
        "factor",
        "asset",
        "agency",
        "source",
    }
