"""Where something stands, in words: "feature 'Walks alone'"."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from childdev import terms
from childdev.model.iris import PREFIXES, kind_and_slug
from childdev.model.modules import Model

_PREF_LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")
_LABEL = NamedNode(PREFIXES["rdfs"] + "label")
_PARTS = (terms.claimSubject, terms.claimProperty, terms.claimObject)


class Places:
    """Names for the things of a model, so that people are never shown an IRI."""

    def __init__(self, model: Model) -> None:
        ranked: dict[str, tuple[bool, str]] = {}
        self._parts: dict[str, dict[NamedNode, str]] = {}
        for t in model.triples:
            if not isinstance(t.subject, NamedNode):
                continue
            subject = t.subject.value
            if t.predicate in (_PREF_LABEL, _LABEL) and isinstance(t.object, Literal):
                # of several names the English one, then the first in order, so that the place is always the same
                rank = (not (t.object.language or "").startswith("en"), t.object.value)
                ranked[subject] = min(rank, ranked.get(subject, rank))
            elif t.predicate in _PARTS and isinstance(t.object, NamedNode):
                parts = self._parts.setdefault(subject, {})
                parts[t.predicate] = min(t.object.value, parts.get(t.predicate, t.object.value))
        self._names = {subject: name for subject, (_, name) in ranked.items() if name.strip()}

    def of(self, iri: str) -> str:
        """The place of a thing: its kind and its name, or the end of its IRI where it has no name."""
        named = kind_and_slug(iri)
        kind = named[0].replace("-", " ") if named else "term of the vocabulary"
        return f"{kind} '{self._name(iri)}'"

    def _name(self, iri: str) -> str:
        if iri in self._names:
            return self._names[iri]
        parts = self._parts.get(iri, {})
        if terms.claimSubject in parts:
            return " – ".join(self._name(parts[part]) for part in _PARTS if part in parts)
        return iri.rstrip("/").rpartition("/")[2]
