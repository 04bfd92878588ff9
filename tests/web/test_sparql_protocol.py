"""The endpoint against the letter of the SPARQL 1.1 Protocol, read with the tools that people use."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import rdflib
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, TURTLE, XML, SPARQLWrapper

from childdev.config import Settings
from tests.web.sparql_server import graphs_of, serving

STAGES = (
    "PREFIX cd: <https://w3id.org/childdev/def/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    "SELECT ?label ?from { ?s a cd:Stage ; skos:prefLabel ?label ; cd:fromMonths ?from } ORDER BY ?from"
)
LABELS = ["Perinatal", "Early childhood", "Primary", "Secondary"]
ASK = "ASK { ?s a <https://w3id.org/childdev/def/Stage> }"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a <https://w3id.org/childdev/def/Stage> ; ?p ?o }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
INFERRED = "https://w3id.org/childdev/graph/inferred"
FRAME = "https://w3id.org/childdev/graph/model/frame"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.fixture(scope="module")
def client(dataset: Path) -> Iterator[httpx.Client]:
    with serving(dataset, Settings(query_length=200_000)) as client:
        yield client


def ask(client: httpx.Client, query: str, accept: str = "*/*", **parameters: str | list[str]) -> httpx.Response:
    return client.get("/sparql", params={"query": query, **parameters}, headers={"Accept": accept})


def problem(response: httpx.Response, status: int, words: str) -> None:
    """A problem document of RFC 9457 that says these words, and nothing of the code's inside."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    assert set(document) >= {"type", "title", "status", "detail"}
    assert document["status"] == status
    assert re.search(words, document["detail"]), document["detail"]
    assert "Traceback" not in response.text
    assert response.headers["access-control-allow-origin"] == "*"


def number(response: httpx.Response) -> int:
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


# ---------------------------------------------------------------- the three ways to ask


def test_get_form_and_direct_post_give_the_same(client: httpx.Client) -> None:
    answers = [
        ask(client, STAGES),
        client.post("/sparql", data={"query": STAGES}),
        client.post("/sparql", content=STAGES, headers=DIRECT),
        client.post("/sparql", content=STAGES, headers={"Content-Type": "Application/SPARQL-query; Charset=UTF-8"}),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/sparql-results+json"
        assert [row["label"]["value"] for row in answer.json()["results"]["bindings"]] == LABELS


def test_head_says_what_get_would(client: httpx.Client) -> None:
    got = ask(client, STAGES)
    head = client.head("/sparql", params={"query": STAGES})
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "etag", "vary"):
        assert head.headers[name] == got.headers[name]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(client: httpx.Client, method: str) -> None:
    response = client.request(method, "/sparql", params={"query": ASK})
    problem(response, 405, "takes GET and POST")
    assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_a_query_is_given_exactly_once(client: httpx.Client) -> None:
    twice = f"query={quote(ASK)}&query={quote(ASK)}"
    problem(client.get(f"/sparql?{twice}"), 400, "more than one query")
    problem(client.post("/sparql", content=twice, headers=FORM), 400, "more than one query")
    problem(client.post("/sparql", params={"query": ASK}, content=ASK, headers=DIRECT), 400, "more than one query")
    problem(client.get("/sparql?default-graph-uri=" + quote(FRAME)), 400, "no query")
    problem(client.get("/sparql?query="), 400, "no query")
    problem(client.post("/sparql", content="", headers=FORM), 400, "no query")
    problem(client.post("/sparql", content="", headers=DIRECT), 400, "no query")
    problem(client.get("/sparql", headers={"Accept": "application/sparql-results+json"}), 400, "no query")


def test_updates_are_refused(client: httpx.Client) -> None:
    update = "INSERT DATA { <http://example.org/s> <http://example.org/p> 1 }"
    problem(ask(client, update), 400, "INSERT changes data")
    problem(ask(client, "LOAD <http://example.org/data>"), 400, "LOAD changes data")
    problem(client.post("/sparql", data={"update": update}), 400, "takes no updates")
    problem(
        client.post("/sparql", content=update, headers={"Content-Type": "application/sparql-update"}),
        415,
        "sparql-query",
    )


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/json",
        "multipart/form-data; boundary=x",
        "application/sparql-query; charset=utf-16",
        None,
    ],
)
def test_other_content_types_are_refused(client: httpx.Client, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    response = client.post("/sparql", content=ASK.encode(), headers=headers)
    problem(response, 415, "application/sparql-query or application/x-www-form-urlencoded")
    assert response.headers["accept-post"] == "application/sparql-query, application/x-www-form-urlencoded"


# ---------------------------------------------------------------- the dataset


def test_the_default_graph_is_the_union_and_named_graphs_have_names(client: httpx.Client) -> None:
    everything = number(ask(client, COUNT))
    assert everything > 100_000
    by_graph = ask(client, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g").json()["results"][
        "bindings"
    ]
    assert {INFERRED, FRAME} < {row["g"]["value"] for row in by_graph}
    assert sum(int(row["n"]["value"]) for row in by_graph) == everything


def test_the_request_may_say_which_graphs(client: httpx.Client) -> None:
    inferred, frame = (
        number(ask(client, f"SELECT (COUNT(*) AS ?n) FROM <{g}> {{ ?s ?p ?o }}")) for g in (INFERRED, FRAME)
    )
    assert number(ask(client, COUNT, **{"default-graph-uri": FRAME})) == frame
    assert number(ask(client, COUNT, **{"default-graph-uri": [FRAME, INFERRED]})) == frame + inferred
    in_names = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert number(ask(client, in_names, **{"named-graph-uri": [FRAME, INFERRED]})) == frame + inferred
    assert number(ask(client, in_names, **{"default-graph-uri": FRAME})) == 0
    assert number(ask(client, COUNT, **{"named-graph-uri": FRAME})) == 0
    both = "SELECT (COUNT(*) AS ?n) { ?a a ?b . GRAPH ?g { ?s ?p ?o } FILTER(?a = ?s) }"
    assert number(ask(client, both, **{"default-graph-uri": FRAME, "named-graph-uri": FRAME})) > 0
    # It goes before FROM, in every way to ask.
    other = f"SELECT (COUNT(*) AS ?n) FROM <{INFERRED}> {{ ?s ?p ?o }}"
    assert number(ask(client, other, **{"default-graph-uri": FRAME})) == frame
    assert number(client.post("/sparql", data={"query": other, "default-graph-uri": FRAME})) == frame
    assert number(client.post("/sparql", params={"default-graph-uri": FRAME}, content=other, headers=DIRECT)) == frame


def test_unknown_graphs_are_refused(client: httpx.Client) -> None:
    for parameter in ("default-graph-uri", "named-graph-uri"):
        problem(ask(client, COUNT, **{parameter: "http://example.org/x"}), 403, "no graph <http://example.org/x> here")
    problem(ask(client, f"SELECT * FROM <{FRAME}s> {{}}"), 403, f"Did you mean <{FRAME}>")


# ---------------------------------------------------------------- formats


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("application/json", "application/json"),
        ("application/xml", "application/xml"),
        ("text/xml", "text/xml; charset=utf-8"),
        ("*/*", "application/sparql-results+json"),
        ("application/*", "application/sparql-results+json"),
        ("text/*", "text/csv; charset=utf-8"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9, */*;q=0.1", "application/sparql-results+xml"),
        ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
        ("TEXT/CSV ; q=1.0", "text/csv; charset=utf-8"),
        ("text/turtle, */*;q=0.1", "application/sparql-results+json"),
    ],
)
def test_rows_come_in_the_form_that_the_client_likes_best(client: httpx.Client, accept: str, content_type: str) -> None:
    response = ask(client, STAGES, accept)
    assert response.headers["content-type"] == content_type
    assert response.headers["vary"] == "Accept"
    if "json" in content_type or "xml" in content_type:
        form = QueryResultsFormat.JSON if "json" in content_type else QueryResultsFormat.XML
        rows = parse_query_results(response.content, form)
        assert isinstance(rows, QuerySolutions)
        assert [row["label"].value for row in rows] == LABELS
    else:
        reader = csv.reader(io.StringIO(response.text), dialect="excel-tab" if "tab" in content_type else "excel")
        labels = [row[0] for row in reader][1:]
        assert [label.split("@")[0].strip('"') for label in labels] == LABELS


@pytest.mark.parametrize(
    ("accept", "content_type", "form"),
    [
        ("*/*", "text/turtle; charset=utf-8", RdfFormat.TURTLE),
        ("text/turtle", "text/turtle; charset=utf-8", RdfFormat.TURTLE),
        ("application/n-triples", "application/n-triples", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", "application/rdf+xml", RdfFormat.RDF_XML),
        ("application/ld+json", "application/ld+json", RdfFormat.JSON_LD),
        ("text/n3", "text/n3; charset=utf-8", RdfFormat.N3),
        ("application/rdf+xml;q=0.2, application/ld+json;q=0.8", "application/ld+json", RdfFormat.JSON_LD),
    ],
)
@pytest.mark.parametrize("query", [CONSTRUCT, "DESCRIBE ?s { ?s a <https://w3id.org/childdev/def/Stage> }"])
def test_graphs_come_in_the_form_that_the_client_likes_best(
    client: httpx.Client, query: str, accept: str, content_type: str, form: RdfFormat
) -> None:
    response = ask(client, query, accept)
    assert response.headers["content-type"] == content_type
    triples = {str(q.triple) for q in parse(response.content, form)}
    assert triples == {
        str(q.triple) for q in parse(ask(client, query, "application/n-triples").content, RdfFormat.N_TRIPLES)
    }
    assert len({t.split()[0] for t in triples}) == 4
    graph = rdflib.Graph().parse(data=response.text, format=content_type.split(";")[0])
    assert len(graph) == len(triples)


def test_ask_in_every_format(client: httpx.Client) -> None:
    assert ask(client, ASK).json()["boolean"] is True
    assert "<boolean>true</boolean>" in ask(client, ASK, "application/sparql-results+xml").text
    assert ask(client, ASK, "text/csv").text.strip() == "true"
    assert ask(client, ASK, "text/tab-separated-values").text.strip() == "true"


def test_what_is_not_offered_is_refused_with_what_is(client: httpx.Client) -> None:
    problem(ask(client, STAGES, "text/turtle"), 406, r"application/sparql-results\+json.*text/csv")
    problem(ask(client, CONSTRUCT, "text/csv"), 406, r"text/turtle.*application/ld\+json")
    problem(ask(client, CONSTRUCT, "image/png"), 406, r"text/csv.*text/turtle")


def test_format_counts_only_where_accept_leaves_it_open(client: httpx.Client) -> None:
    assert ask(client, STAGES, format="csv").headers["content-type"] == "text/csv; charset=utf-8"
    assert ask(client, STAGES, BROWSER, format="text/csv").headers["content-type"] == "text/csv; charset=utf-8"
    assert ask(client, STAGES, "application/json", format="csv").headers["content-type"] == "application/json"
    assert ask(client, STAGES, format="nonsense").headers["content-type"] == "application/sparql-results+json"
    assert ask(client, STAGES, format="turtle").headers["content-type"] == "application/sparql-results+json"
    assert ask(client, CONSTRUCT, format="nt").headers["content-type"] == "application/n-triples"


# ---------------------------------------------------------------- caching and scripts of others


def test_the_same_answer_is_sent_once(client: httpx.Client) -> None:
    first = ask(client, STAGES)
    again = client.get(
        "/sparql", params={"query": STAGES}, headers={"If-None-Match": f'"other", {first.headers["etag"]}'}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["vary"] == "Accept"
    tags = {
        ask(client, STAGES, "text/csv").headers["etag"],
        ask(client, ASK).headers["etag"],
        ask(client, COUNT, **{"default-graph-uri": FRAME}).headers["etag"],
        ask(client, COUNT, **{"named-graph-uri": FRAME}).headers["etag"],
        ask(client, COUNT).headers["etag"],
        first.headers["etag"],
    }
    assert len(tags) == 6


def test_what_changes_by_itself_is_not_kept(client: httpx.Client) -> None:
    response = ask(client, "SELECT (RAND() AS ?x) {}")
    assert "etag" not in response.headers
    assert response.headers["cache-control"] == "no-store"


def test_scripts_of_other_sites_may_ask(client: httpx.Client) -> None:
    preflight = client.options(
        "/sparql", headers={"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "Content-Type" in preflight.headers["access-control-allow-headers"]
    assert ask(client, ASK).headers["access-control-allow-origin"] == "*"


# ---------------------------------------------------------------- what is shown without a query


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples", "*/*"]
)
def test_the_service_describes_itself(client: httpx.Client, dataset: Path, accept: str) -> None:
    response = client.get("/sparql", headers={"Accept": accept})
    assert response.status_code == 200
    graph = rdflib.Graph().parse(data=response.text, format=response.headers["content-type"].split(";")[0])
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    (service,) = graph.subjects(rdflib.RDF.type, sd.Service)
    assert str(graph.value(service, sd.endpoint)) == f"{client.base_url}/sparql"
    assert (service, sd.supportedLanguage, sd.SPARQL11Query) in graph
    assert (service, sd.feature, sd.UnionDefaultGraph) in graph
    assert {str(name) for name in graph.objects(None, sd.name)} == graphs_of(dataset)


def test_a_browser_gets_the_editor_with_its_query(client: httpx.Client) -> None:
    for parameters in ({}, {"query": "SELECT * { ?s ?p '<&>' }"}):
        response = client.get("/sparql", params=parameters, headers={"Accept": BROWSER})
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert response.headers["vary"] == "Accept"
        assert 'src="/static/js/sparql.js"' in response.text
        assert "<script>" not in response.text
        assert ("&lt;&amp;&gt;" in response.text) == bool(parameters)


def test_the_editor_completes_the_models_own_terms(client: httpx.Client) -> None:
    found = client.get("/sparql/completions").json()
    assert found["prefixes"]["cd"] == "https://w3id.org/childdev/def/"
    classes = {c["iri"]: c for c in found["classes"]}
    assert classes["https://w3id.org/childdev/def/Feature"]["label"] == "Feature of healthy development"
    properties = {p["iri"]: p for p in found["properties"]}
    assert properties["https://w3id.org/childdev/def/buildsOn"]["definition"]
    assert "http://www.w3.org/2004/02/skos/core#prefLabel" in properties


# ---------------------------------------------------------------- the tools that people use


def test_sparqlwrapper(client: httpx.Client) -> None:
    wrapper = SPARQLWrapper(f"{client.base_url}/sparql")
    for method in ("GET", "POST"):
        wrapper.setMethod(method)
        wrapper.setQuery(STAGES)
        wrapper.setReturnFormat(JSON)
        rows = wrapper.queryAndConvert()["results"]["bindings"]
        assert [row["label"]["value"] for row in rows] == LABELS
        wrapper.setReturnFormat(XML)
        assert len(wrapper.queryAndConvert().getElementsByTagName("result")) == 4
        wrapper.setReturnFormat(CSV)
        assert wrapper.queryAndConvert().decode().splitlines()[1].startswith("Perinatal,")
        wrapper.setQuery(CONSTRUCT)
        wrapper.setReturnFormat(TURTLE)
        assert b"childdev/def/" in wrapper.queryAndConvert()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_sparqlstore(client: httpx.Client, method: str) -> None:
    store = SPARQLStore(f"{client.base_url}/sparql", method=method)
    graph = rdflib.Graph(store)
    assert [str(row.label) for row in graph.query(STAGES)] == LABELS
    assert bool(graph.query(ASK).askAnswer)
    stage = rdflib.URIRef("https://w3id.org/childdev/def/Stage")
    assert len(list(graph.subjects(rdflib.RDF.type, stage))) == 4


def test_json_is_json_to_the_last_byte(client: httpx.Client) -> None:
    response = ask(client, "SELECT * { ?s ?p ?o } LIMIT 20000")
    assert int(response.headers["content-length"]) == len(response.content) > 1 << 20
    assert len(json.loads(response.content)["results"]["bindings"]) == 20_000
