"""The model as compact JSON-LD 1.1, with a context made from the vocabulary.

Names are those of the vocabulary without their prefix (`buildsOn`, `prefLabel`), things are written as
`cdid:feature/walks-alone` (as in the SSSOM table), and text is in British English unless it says otherwise.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from childdev import terms as cd
from childdev.model.iris import ID, PREFIXES
from childdev.model.modules import CORE, RDF_TYPE, Model

_XSD = PREFIXES["xsd"]
_LANGUAGE = "en-gb"
#: terms of other vocabularies whose values are things, and those whose values are text with a language
_THINGS = ("broadMatch", "closeMatch", "exactMatch", "narrowMatch", "relatedMatch", "source", "isReplacedBy")
_TEXTS = ("prefLabel", "altLabel", "hiddenLabel", "definition", "scopeNote", "example", "note")
_PLAIN = {"status": PREFIXES["vs"] + "term_status", "deprecated": PREFIXES["owl"] + "deprecated"}
_OUTSIDE = {name: PREFIXES["skos"] + name for name in (*_THINGS, *_TEXTS)} | {
    "source": PREFIXES["dcterms"] + "source",
    "isReplacedBy": PREFIXES["dcterms"] + "isReplacedBy",
}


def context(model: Model) -> dict[str, Any]:
    """The context: each term of the model as a name, with the kind of its values."""
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for t in model.modules[CORE]:
        if t.predicate == RDF_TYPE and isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode):
            kinds[t.subject.value].add(t.object.value.rsplit("#", 1)[-1])
    linking = {t.predicate.value for t in model.triples if isinstance(t.object, NamedNode)}
    worded = {t.predicate.value for t in model.triples if isinstance(t.object, Literal) and t.object.language}
    terms: dict[str, Any] = {}
    for iri, kind in sorted(kinds.items()):
        if not iri.startswith(cd.NAMESPACE) or iri == cd.NAMESPACE:
            continue
        name = iri.removeprefix(cd.NAMESPACE)
        if "Class" in kind or "NamedIndividual" in kind:
            terms[name] = iri
        elif iri in linking or "ObjectProperty" in kind:
            terms[name] = {"@id": iri, "@type": "@id"}
        else:
            terms[name] = {"@id": iri, "@language": _LANGUAGE} if iri in worded else {"@id": iri}
    for name in _THINGS:
        terms[name] = {"@id": _OUTSIDE[name], "@type": "@id"}
    for name in _TEXTS:
        terms[name] = {"@id": _OUTSIDE[name], "@language": _LANGUAGE}
    return {
        # a prefix and no @base, which a context fetched from elsewhere may not set
        "@context": {"@version": 1.1, "cdid": ID, "cd": cd.NAMESPACE, "id": "@id", "type": "@type", **terms, **_PLAIN}
    }


def compact(model: Model) -> str:
    """Everything stated, in one document that carries its context."""
    shape = context(model)["@context"]
    return json.dumps({"@context": shape, "@graph": _nodes(model.triples, shape)}, ensure_ascii=False, indent=1)


def _nodes(triples: Iterable[Triple], shape: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = {(v["@id"] if isinstance(v, dict) else v): k for k, v in shape.items() if isinstance(v, dict | str)}
    found: defaultdict[str, defaultdict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for t in triples:
        name = "type" if t.predicate == RDF_TYPE else names.get(t.predicate.value, t.predicate.value)
        found[_id(t.subject)][name].append(_value(t.object, name, shape, names))
    return [
        {"id": subject, **{n: _one(values) for n, values in sorted(found[subject].items())}}
        for subject in sorted(found)
    ]


def _one(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else sorted(values, key=str)


def _id(node: NamedNode | BlankNode | Triple) -> str:
    assert not isinstance(node, Triple)
    if isinstance(node, BlankNode):
        return f"_:{node.value}"
    return f"cdid:{node.value.removeprefix(ID)}" if node.value.startswith(ID) else node.value


def _value(
    o: NamedNode | BlankNode | Literal | Triple, name: str, shape: Mapping[str, Any], names: Mapping[str, str]
) -> Any:
    term = shape.get(name)
    if not isinstance(o, Literal):
        if name == "type":
            return names.get(_id(o), _id(o))
        return _id(o) if isinstance(term, dict) and term.get("@type") == "@id" else {"id": _id(o)}
    if o.language:
        usual = isinstance(term, dict) and term.get("@language") == o.language
        return o.value if usual else {"@value": o.value, "@language": o.language}
    plain = not (isinstance(term, dict) and {"@language", "@type"} & term.keys())
    if plain and o.datatype.value == _XSD + "integer" and str(int(o.value)) == o.value:
        return int(o.value)
    if plain and o.datatype.value == _XSD + "boolean":
        return o.value in ("true", "1")
    if plain and o.datatype.value == _XSD + "string":
        return o.value
    return (
        {"@value": o.value} if o.datatype.value == _XSD + "string" else {"@value": o.value, "@type": o.datatype.value}
    )
