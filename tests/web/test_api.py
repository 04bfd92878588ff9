"""REST and linked data: one success shape, one error shape, standards to the letter."""

from __future__ import annotations

import hashlib
import io

import httpx
import owlready2
import pytest
import rdflib
from rdflib.namespace import DCAT, VOID

from childdev.release.dumps import FILES, TEXTS
from tests.counts import described, released

pytestmark = pytest.mark.slow  # the server builds the model first

FEATURE = "https://w3id.org/childdev/id/feature/joins-two-words"


def test_success_has_one_shape(client: httpx.Client) -> None:
    for path in (
        "/",
        "/things/feature",
        "/things/feature/joins-two-words",
        "/search?q=sleep",
        "/queries",
        "/statistics",
    ):
        body = client.get(f"/api/v1{path}").json()
        assert set(body) - {"next"} == {"data", "version"}
        assert body["version"] == released()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/things/nothing", 404),
        ("/api/v1/things/feature/nothing", 404),
        ("/api/v1/things/feature?limit=0", 422),
        ("/api/v1/search", 422),
        ("/api/v1/queries/nothing", 404),
        ("/api/v1/queries/what-it-rests-on/answer", 400),
        ("/api/v1/queries/what-it-rests-on/answer?feature=nothing-like-it", 400),
        ("/nowhere", 404),
        ("/data/feature/joins-two-words.xyz", 404),
        ("/id/feature/nothing", 404),
        ("/def/nothing", 404),
        ("/dump/nothing", 404),
    ],
)
def test_errors_have_one_shape(client: httpx.Client, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert {"type", "title", "status", "detail"} <= set(body)
    assert body["status"] == status
    assert body["detail"].endswith((".", "?", ")")) and "Traceback" not in response.text


def test_things_come_in_pages_that_join_up(client: httpx.Client) -> None:
    seen, path = [], "/api/v1/things/feature?limit=300"
    while path:
        body = client.get(path).json()
        seen += [x["iri"] for x in body["data"]]
        path = body.get("next")
    assert len(seen) == len(set(seen)) == described("Feature")


def test_a_thing_says_what_is_inferred_and_on_what_links_stand(client: httpx.Client) -> None:
    properties = client.get("/api/v1/things/feature/joins-two-words").json()["data"]["properties"]
    base = next(v for v in properties["buildsOn"]["values"] if v["label"] == "Uses several words or signs")
    assert base["inferred"] is False and base["claim"].endswith("joins-two-words--builds-on--says-several-words")
    assert all(v["inferred"] for v in properties["underpins"]["values"])
    assert properties["typicalFromMonths"]["values"] == [{"inferred": False, "value": 16}]


def test_each_question_is_a_route_with_json_csv_and_sparql_results(client: httpx.Client) -> None:
    questions = client.get("/api/v1/queries").json()["data"]
    assert len(questions) >= 20
    for q in questions:
        body = client.get(q["answer"], params=q["example"]).json()["data"]
        assert body["sentence"], q["name"]
        assert body["rows"] or q["name"] == "nothing-enables-it-yet", q["name"]  # an honest none
        csv = client.get(f"{q['answer']}.csv", params=q["example"])
        assert csv.headers["content-type"].startswith("text/csv")
        assert len(csv.text.strip().splitlines()) >= len(body["rows"])
        srj = client.get(f"{q['answer']}.srj", params=q["example"]).json()
        assert len(srj["results"]["bindings"]) == len(body["rows"])


def test_an_answer_is_not_sent_twice(client: httpx.Client) -> None:
    url = "/api/v1/queries/what-it-rests-on/answer?feature=joins-two-words"
    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_openapi_document_names_every_question(client: httpx.Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    for q in client.get("/api/v1/queries").json()["data"]:
        operation = paths[q["answer"]]["get"]
        assert [p["name"] for p in operation["parameters"]] == [p["name"] for p in q["parameters"]]


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "/feature/joins-two-words"),
        ("text/turtle", "/data/feature/joins-two-words.ttl"),
        ("application/ld+json", "/data/feature/joins-two-words.jsonld"),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.2", "/data/feature/joins-two-words.rdf"),
        ("text/*;q=0.5, application/n-triples", "/data/feature/joins-two-words.nt"),
        ("", "/feature/joins-two-words"),
    ],
)
def test_an_iri_leads_to_page_or_data(client: httpx.Client, accept: str, target: str) -> None:
    response = client.get("/id/feature/joins-two-words", headers={"Accept": accept})
    assert (response.status_code, response.headers["location"]) == (303, target)
    assert "Accept" in response.headers["vary"]


def test_an_iri_that_is_asked_for_in_a_way_we_do_not_have(client: httpx.Client) -> None:
    response = client.get("/id/feature/joins-two-words", headers={"Accept": "image/png"})
    assert response.status_code == 406 and "text/turtle" in response.text


@pytest.mark.parametrize(
    ("extension", "form"), [("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld")]
)
def test_data_of_one_thing_has_the_labels_of_its_neighbours(client: httpx.Client, extension: str, form: str) -> None:
    graph = rdflib.Graph().parse(data=client.get(f"/data/feature/joins-two-words.{extension}").text, format=form)
    me = rdflib.URIRef(FEATURE)
    label = rdflib.URIRef("http://www.w3.org/2004/02/skos/core#prefLabel")
    others = list(graph.objects(me, rdflib.URIRef("https://w3id.org/childdev/def/buildsOn")))
    assert len(others) == 2 and all(graph.value(o, label) for o in others)


def test_a_term_of_the_vocabulary_answers(client: httpx.Client) -> None:
    assert client.get("/def/buildsOn", headers={"Accept": "text/html"}).headers["location"] == "/vocabulary/buildsOn"
    graph = rdflib.Graph().parse(data=client.get("/data/vocabulary/buildsOn.ttl").text, format="turtle")
    assert len(graph) > 5


def test_dumps_are_whole_and_their_checksums_right(client: httpx.Client) -> None:
    sums = dict(reversed(line.split("  ")) for line in client.get("/dump/SHA256SUMS").text.splitlines())
    assert len(sums) == len(FILES) + len(TEXTS)
    for name, digest in sums.items():
        assert hashlib.sha256(client.get(f"/dump/{name}").content).hexdigest() == digest
    turtle = rdflib.Graph().parse(data=client.get("/dump/childdev.ttl").text, format="turtle")
    assert len(turtle) == client.get("/api/v1/statistics").json()["data"]["stated triples"]


def test_owlready_opens_the_published_ontology(client: httpx.Client) -> None:
    world = owlready2.World()
    ontology = world.get_ontology("https://w3id.org/childdev/def/")
    ontology.load(fileobj=io.BytesIO(client.get("/dump/childdev.nt").content))
    assert len(list(ontology.classes())) >= 30
    assert len(world["https://w3id.org/childdev/def/Feature"].instances()) == described("Feature")


def test_the_dataset_describes_itself(client: httpx.Client) -> None:
    graph = rdflib.Graph().parse(data=client.get("/.well-known/void", follow_redirects=True).text, format="turtle")
    me = rdflib.URIRef("https://w3id.org/childdev/dataset")
    assert graph.value(me, VOID.sparqlEndpoint)
    assert len(list(graph.objects(me, DCAT.distribution))) == len(FILES) + len(TEXTS)
    assert not any(isinstance(x, rdflib.BNode) for t in graph for x in t)


def test_healthz(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "well", "version": released()}
