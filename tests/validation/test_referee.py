"""The engine and pySHACL find the same, on the real model, on every broken case, and in the context of each change."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pyshacl
import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple
from rdflib.namespace import SH

from childdev.model.iris import ID
from childdev.model.modules import Model, encode
from childdev.model.stated import Delta, Stated
from childdev.validation import shapes, targeted
from childdev.validation.context import View, concerned
from tests.parts import part
from tests.validation.corpus import Case, broken, cases

Found = set[tuple[str, str, str]]


def engine(model: Model) -> Found:
    return {(v.focus, v.message, v.severity) for v in shapes.validate(model)}


def referee(data: Iterable[Triple], rules: Callable[[], rdflib.Graph]) -> Found:
    """pySHACL's findings: by rdflib for the core of SHACL, and by pyoxigraph for SPARQL, where rdflib takes minutes.

    pySHACL over pyoxigraph takes no plain string for a member of a list, so the core can't be left to it.
    """
    data = list(data)
    triples = encode(data, RdfFormat.N_TRIPLES)
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
    store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in data)
    return found | findings(store, sparql)


def rules() -> rdflib.Graph:
    graph = rdflib.Graph()
    for file in shapes.shape_files():
        graph.parse(file)
    return graph


def marked() -> rdflib.Graph:
    """The rules as they are for changes: each for the things that are marked with it."""
    return rdflib.Graph().parse(data=encode(targeted.marked_rules(), RdfFormat.N_TRIPLES), format="nt")


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
    """On a part of it: pySHACL takes minutes over the whole. What points out of the part is broken, and found by both."""
    some = part(model)
    found = engine(some)
    assert len(some.triples) >= 20_000 and len(found) >= 200
    assert found == referee(some.triples, rules)


@pytest.mark.slow
def test_engine_and_referee_agree_on_every_case() -> None:
    corpus = [*broken(), *cases("allowed")]
    assert len(corpus) >= 190
    found = engine(together(c.model() for c in corpus))
    assert len(found) >= len(broken())
    assert found == referee(together(c.model() for c in corpus).triples, rules)


@pytest.mark.slow
def test_engine_and_referee_agree_on_the_context_of_every_change() -> None:
    corpus = [*broken(), *cases("allowed")]
    unchanged = together([Case("unchanged", "", ()).model()] * len(corpus))
    changed = together(c.model() for c in corpus)
    before, after = frozenset(unchanged.quads()), frozenset(changed.quads())
    view = View(Stated.of(changed))
    data = targeted.context(view, concerned(view, before ^ after))
    assert len(data) < len(after) / 2
    found = {
        (v.focus, v.message, v.severity) for v in targeted.broken(Stated(before), Delta(after - before, before - after))
    }
    assert found == engine(changed)
    assert found == referee(data, marked)
