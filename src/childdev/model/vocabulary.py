"""`terms.py`: the vocabulary of `ontology/core.ttl` as Python names."""

from __future__ import annotations

import keyword
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

_DEF = "https://w3id.org/childdev/def/"
_DEFINED_BY = NamedNode("http://www.w3.org/2000/01/rdf-schema#isDefinedBy")
_LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")

_HEAD = '''"""The vocabulary as Python names. Made from ontology/core.ttl by `childdev terms`; do not edit."""
# ruff: noqa: N816

from typing import Final

from pyoxigraph import NamedNode

NAMESPACE: Final = "https://w3id.org/childdev/def/"

'''


def terms_module(core: Iterable[Triple]) -> str:
    """The text of `terms.py` for the triples of the core module."""
    triples = list(core)
    labels = {t.subject: t.object.value for t in triples if t.predicate == _LABEL and isinstance(t.object, Literal)}
    defined = sorted(
        t.subject.value[len(_DEF) :] for t in triples if t.predicate == _DEFINED_BY and isinstance(t.subject, NamedNode)
    )
    lines = []
    for name in defined:
        python = name.replace("-", "_")
        python += "_" if keyword.iskeyword(python) else ""
        lines.append(f'{python}: Final = NamedNode(NAMESPACE + "{name}")  # {labels[NamedNode(_DEF + name)]}')
    return _HEAD + "\n".join(lines) + "\n"
