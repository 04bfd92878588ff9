"""The engine and pySHACL find the same, on the real model and on every broken case."""

from __future__ import annotations

from collections.abc import Iterable

import pyshacl
import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple
from rdflib.namespace import SH

from childdev.model.iris import ID
from childdev.model.modules import Model, encode
from childdev.validation import shapes
from tests.validation.corpus import broken, cases

Found = set[tuple[str, str, str]]


def engine(model: Model) -> Found:
    return {(v.focus, v.message, v.severity) for v in shapes.validate(model)}


def referee(model: Model) -> Found:
    """pySHACL's findings: by rdflib for the core of SHACL, and by pyoxigraph for SPARQL, where rdflib takes minutes.

    pySHACL over pyoxigraph takes no plain string for a member of a list, so the core can't be left to it.
    """
    triples = encode(model.triples, RdfFormat.N_TRIPLES)
    found: Found = set()
    core = rules()
    core.remove((None, SH.sparql, None))
    found |= findings(rdflib.Graph().parse(data=triples, format="nt"), core)
    sparql = rules()
    for shape in {*sparql.subjects(SH.targetClass), *sparql.subjects(SH.targetSubjectsOf)}:
        for constraint in (SH.property, SH["or"], SH["not"], SH.node):
            sparql.remove((shape, constraint, None))
    assert len(list(sparql.subject_objects(SH.sparql))) >= 10
    store = Store()
    store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in model.triples)
    return found | findings(store, sparql)


def rules() -> rdflib.Graph:
    graph = rdflib.Graph()
    for file in shapes.shape_files():
        graph.parse(file)
    return graph


def findings(data: rdflib.Graph | Store, rules: rdflib.Graph) -> Found:
    _, report, _ = pyshacl.validate(data, shacl_graph=rules, advanced=True)
    return {
        (
            str(report.value(result, SH.focusNode)),
            str(report.value(result, SH.resultMessage)),
            str(report.value(result, SH.resultSeverity)).rpartition("#")[2],
        )
        for result in report.objects(None, SH.result)
    }


def together(models: Iterable[Model]) -> Model:
    """Small models side by side over one vocabulary, their things kept apart by a number in each name."""

    def apart(term: object, number: int) -> object:
        return (
            NamedNode(f"{term.value}--{number}") if isinstance(term, NamedNode) and term.value.startswith(ID) else term
        )

    modules: dict[str, frozenset[Triple]] = {}
    for number, model in enumerate(models):
        modules["core"] = model.modules["core"]
        modules[f"small-{number}"] = frozenset(
            Triple(apart(t.subject, number), t.predicate, apart(t.object, number)) for t in model.modules["small"]
        )
    return Model(modules)


@pytest.mark.slow
def test_engine_and_referee_agree_on_the_model(model: Model) -> None:
    assert engine(model) == referee(model)


@pytest.mark.slow
def test_engine_and_referee_agree_on_every_case() -> None:
    corpus = [*broken(), *cases("allowed")]
    assert len(corpus) >= 190
    found = engine(together(c.model() for c in corpus))
    assert len(found) >= len(broken())
    assert found == referee(together(c.model() for c in corpus))
