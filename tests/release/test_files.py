"""What can be downloaded says the same as the model, in each of its forms."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import rdflib
import yaml
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, VOID

from childdev import terms as cd
from childdev.model.iris import DATASET
from childdev.model.modules import Model, nquads
from childdev.reasoning.inference import Inference
from childdev.release.description import describe
from childdev.release.dumps import FILES, TEXTS, dumps
from childdev.release.jsonld import compact, context
from childdev.release.mappings import CONFIDENCE, sssom
from childdev.store.publication import Version


def made(model: Model, inference: Inference, folder: Path) -> Version:
    """A version on disk without a store: what the dumps are made from."""
    folder.mkdir()
    version = Version(1, "1.2.3", "2026-11-24T12:00:00Z", 1, tuple(model.modules), folder)
    version.dataset.write_text("\n".join(nquads([*model.quads(), *inference.quads()])) + "\n", encoding="utf-8")
    return version


def test_compact_json_ld_is_the_model(model: Model) -> None:
    dataset = Dataset(parse(compact(model), format=RdfFormat.JSON_LD))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    assert {q.triple for q in dataset} == model.triples


@pytest.mark.slow
def test_another_parser_reads_the_same(model: Model) -> None:
    graph = rdflib.Graph().parse(data=compact(model), format="json-ld")
    assert len(graph) == len(model.triples)


def test_a_person_can_write_with_the_context(model: Model) -> None:
    document = {
        "@context": context(model)["@context"],
        "id": "cdid:feature/hops",
        "type": "Feature",
        "prefLabel": "Hops",
        "buildsOn": "cdid:feature/walks-alone",
        "typicalFromMonths": 36,
    }
    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    hops = rdflib.URIRef("https://w3id.org/childdev/id/feature/hops")
    assert graph.value(hops, rdflib.URIRef(cd.buildsOn.value)) == rdflib.URIRef(
        "https://w3id.org/childdev/id/feature/walks-alone"
    )
    assert graph.value(hops, rdflib.URIRef(cd.typicalFromMonths.value)).toPython() == 36
    assert graph.value(hops, rdflib.URIRef("http://www.w3.org/2004/02/skos/core#prefLabel")).language == "en-gb"


def test_every_match_is_a_row_of_the_sssom_table(model: Model) -> None:
    text = sssom(model, "1.2.3")
    head = yaml.safe_load("\n".join(line[1:] for line in text.splitlines() if line.startswith("#")))
    rows = list(csv.DictReader((r for r in text.splitlines() if not r.startswith("#")), delimiter="\t"))
    matches = {
        t
        for t in model.triples
        if t.predicate.value.startswith("http://www.w3.org/2004/02/skos/core#") and "Match" in t.predicate.value
    }
    assert len(rows) == len(matches) >= 351
    assert head["license"].startswith("https://") and head["mapping_set_version"] == "1.2.3"
    for row in rows:
        assert row["predicate_id"].removeprefix("skos:").endswith("Match")
        assert row["mapping_justification"] == "semapv:ManualMappingCuration"
        assert row["subject_label"] and row["object_label"]
        assert float(row["confidence"]) in CONFIDENCE.values()
        assert all(row[c].split(":")[0] in {*head["curie_map"], "http", "https"} for c in ("subject_id", "object_id"))


def test_the_description_uses_dcat_and_void_as_they_are_published(
    model: Model, inference: Inference, tmp_path: Path
) -> None:
    _, files = dumps(model, made(model, inference, tmp_path / "1"))
    triples = describe(model, "1.2.3", 1, "https://example.org", files)
    graph = rdflib.Graph()
    for t in triples:
        graph.parse(data=f"{t} .", format="nt")
    for vocabulary in (DCAT, VOID, FOAF):
        for term in {x for t in graph for x in t[1:] if str(x).startswith(str(vocabulary))}:
            # a closed namespace: it knows its own terms, those of DCAT 2; one is new in DCAT 3
            assert term in vocabulary or term == rdflib.URIRef(str(DCAT) + "version"), term
    me = rdflib.URIRef(DATASET.value)
    assert {DCAT.Dataset, VOID.Dataset} <= set(graph.objects(me, RDF.type))
    for needed in (
        DCTERMS.title,
        DCTERMS.description,
        DCTERMS.license,
        DCTERMS.publisher,
        DCTERMS.issued,
        DCTERMS.identifier,
        DCAT.keyword,
    ):
        assert graph.value(me, needed), needed
    distributions = set(graph.objects(me, DCAT.distribution))
    assert len(distributions) == len(FILES) + len(TEXTS)
    for d in distributions:
        assert graph.value(d, RDF.type) == DCAT.Distribution
        assert str(graph.value(d, DCAT.downloadURL)).startswith("https://example.org/dump/")
        assert int(graph.value(d, DCAT.byteSize)) > 100


@pytest.mark.slow
def test_two_builds_give_the_same_bytes(model: Model, inference: Inference, tmp_path: Path) -> None:
    first, _ = dumps(model, made(model, inference, tmp_path / "1"))
    again = Model(dict(reversed(list(model.modules.items()))))
    second, _ = dumps(again, made(again, Inference(again), tmp_path / "2"))
    assert (first / "SHA256SUMS").read_text() == (second / "SHA256SUMS").read_text()
