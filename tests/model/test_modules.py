"""Modules are read with errors that name the place, and written the same way every time."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode

from childdev import terms
from childdev.contribution.imports import banner
from childdev.errors import ModelError, ParseError
from childdev.model.modules import CORE, Model, fingerprint, load, read, turtle
from childdev.model.vocabulary import terms_module
from childdev.resources import folder


def test_every_module_but_core_is_exactly_what_the_writer_writes() -> None:
    files = [f for f in folder("ontology").glob("*.ttl") if f.stem != CORE]
    assert len(files) >= 30
    for file in files:
        assert file.read_text("utf-8") == turtle(read(file), banner(file.stem)), (
            f"{file.name} is not in the order of the writer"
        )


def test_rdflib_reads_the_same_triples(model: Model) -> None:
    for name in ("core", "features-motor", "alignments"):
        graph = rdflib.Graph().parse(folder("ontology") / f"{name}.ttl")
        assert len(graph) == len(model.modules[name])


def test_terms_are_those_of_core() -> None:
    text = terms_module(read(folder("ontology") / "core.ttl"))
    assert Path(terms.__file__).read_text("utf-8") == text, "run `childdev terms`"


def test_every_term_has_label_definition_and_status(model: Model) -> None:
    core = model.modules[CORE]
    defined = {t.subject for t in core if t.predicate.value.endswith("isDefinedBy")}
    assert len(defined) > 100
    for ending in ("rdf-schema#label", "core#definition", "ns#term_status"):
        assert defined <= {t.subject for t in core if t.predicate.value.endswith(ending)}


def test_the_fingerprint_tells_an_edit(tmp_path: Path) -> None:
    (tmp_path / "core.ttl").write_text("# a")
    before = fingerprint(tmp_path)
    assert fingerprint(tmp_path) == before
    (tmp_path / "core.ttl").write_text("# b")
    assert fingerprint(tmp_path) != before


def test_a_file_that_is_not_turtle_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "core.ttl").write_text("@prefix cd: <https://w3id.org/childdev/def/> .\ncd:Feature a .\n")
    with pytest.raises(ParseError) as raised:
        load(tmp_path)
    assert "core.ttl, line 2" in str(raised.value)


def test_blank_nodes_are_refused_outside_core(tmp_path: Path) -> None:
    (tmp_path / "core.ttl").write_text("")
    (tmp_path / "more.ttl").write_text("<https://example.org/a> <https://example.org/p> [] .")
    with pytest.raises(ParseError, match=r"more\.ttl: a blank node stands at https://example\.org/p"):
        load(tmp_path)


def test_a_folder_without_core_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"holds no core\.ttl"):
        load(tmp_path)


def test_no_name_is_used_for_two_things(model: Model) -> None:
    assert NamedNode("https://w3id.org/childdev/id/feature/walks-alone") in {t.subject for t in model.triples}


def test_no_statement_stands_in_two_modules(model: Model) -> None:
    """The engine would count it twice."""
    assert sum(len(triples) for triples in model.modules.values()) == len(model.triples)
