"""Requests that mean harm: each gets its clean error while others are answered as usual."""

from __future__ import annotations

import concurrent.futures
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from childdev.config import Settings
from tests.web.sparql_server import serving

pytestmark = pytest.mark.slow

SETTINGS = Settings(
    query_seconds=1.0,
    query_memory=100 << 20,
    query_rows=2000,
    query_bytes=1 << 20,
    query_length=200_000,
    query_workers=2,
    query_queue=2,
)
EASY = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/childdev/def/Stage> }"
ENDLESS = 'SELECT (COUNT(*) AS ?n) { ?a ?b ?c FILTER(REGEX(STR(?a), "(a*)*(b{1,900}){1,900}")) }'
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}


@pytest.fixture(scope="module")
def client(dataset: Path) -> Iterator[httpx.Client]:
    with serving(dataset, SETTINGS) as client:
        yield client


@pytest.fixture(scope="module")
def patient(dataset: Path) -> Iterator[httpx.Client]:
    """The same with time to spare, so that on a busy machine a query is not stopped before its fault is found."""
    with serving(dataset, SETTINGS.model_copy(update={"query_seconds": 25.0})) as client:
        yield client


def easy(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": EASY})
    assert response.status_code == 200
    assert response.json()["results"]["bindings"][0]["n"]["value"] == "4"


def problem(response: httpx.Response, statuses: set[int]) -> str:
    assert response.status_code in statuses, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    assert document["status"] == response.status_code
    assert document["title"]
    assert "Traceback" not in response.text
    assert "pyoxigraph" not in response.text
    detail: str = document["detail"]
    return detail


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        ENDLESS,
        "SELECT * { ?a (!<x:x>|^!<x:x>)* ?b . ?c (!<x:x>)* ?d }",
        "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?a",
        "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
    ],
)
def test_what_would_not_end_is_stopped_while_others_are_answered(client: httpx.Client, query: str) -> None:
    told_while_others_are_answered(client, query, {504} if query == ENDLESS else {504, 413})


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c }", 413),
        ("SELECT ?a { ?a ?b ?c } LIMIT 2001", 413),
        ("SELECT * { VALUES ?x { " + "1 " * 90_000 + "} }", 413),
        ("SELECT * { FILTER(" + "(" * 10_000 + "1" + ")" * 10_000 + ") }", 400),
        ("SELECT * { FILTER(" + "!" * 20_000 + "1) }", 400),
        (r"SELECT * { S\u0045RVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403),
        ("SELECT * { # hidden\nSERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", 403),
        ("LOAD <http://127.0.0.1:9/>", 400),
        ("SELECT * { ?s ?p ?o }\0", 400),
        ("SELECT * { ?s ?p ?o", 400),
    ],
)
def test_each_gets_its_error_while_others_are_answered(patient: httpx.Client, query: str, status: int) -> None:
    told_while_others_are_answered(patient, query, {status})


def told_while_others_are_answered(client: httpx.Client, query: str, statuses: set[int]) -> None:
    with concurrent.futures.ThreadPoolExecutor() as threads:
        asked = threads.submit(client.post, "/sparql", content=query, headers=DIRECT)
        for _ in range(3):
            easy(client)
        detail = problem(asked.result(), statuses)
    assert detail.endswith((".", "?"))
    assert len(detail) < 400


def test_too_long_a_request_hears_why(client: httpx.Client) -> None:
    long = b"SELECT * { ?s ?p '" + b"x" * (2 << 20) + b"' }"
    assert "200000 bytes" in problem(client.post("/sparql", content=long, headers=DIRECT), {413})
    assert "200000 bytes" in problem(client.post("/sparql", content=b"query=" + long, headers=FORM), {413})
    easy(client)


@pytest.mark.parametrize("encoded", ["%FF%FE", "%C3%28", "%ED%A0%80"])
def test_what_is_not_utf_8_is_refused(client: httpx.Client, encoded: str) -> None:
    asked = quote("ASK { ?s ?p '") + encoded + quote("' }")
    problem(client.get(f"/sparql?query={asked}"), {400})
    problem(client.post("/sparql", content=f"query={asked}", headers=FORM), {400})
    direct = b"ASK { ?s ?p '" + bytes.fromhex(encoded.replace("%", "")) + b"' }"
    assert "not UTF-8 at byte 13" in problem(client.post("/sparql", content=direct, headers=DIRECT), {400})


def test_many_parameters_are_refused(client: httpx.Client) -> None:
    many = "&".join(f"a{n}=1" for n in range(2000))
    problem(client.post("/sparql", content=many, headers=FORM), {400})


def test_a_syntax_error_says_where(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": "SELECT * {\n  ?s ?p ?o ; nope:x 1\n}"})
    assert problem(response, {400}).startswith("Line 2, column 14: The prefix nope: is not declared")
    assert (response.json()["line"], response.json()["column"]) == (2, 14)
    response = client.get("/sparql", params={"query": "SELECT *\n{ ?s ?p }"})
    assert problem(response, {400}).startswith("Line 2, column ")
    assert response.json()["line"] == 2
    response = client.get("/sparql", params={"query": "SELECT (COUNT(?s) AS ?n) ?p { ?s ?p ?o }"})
    assert "contains a variable that is unbound" in problem(response, {400})


def test_when_all_is_full_the_rest_are_told_to_come_back(client: httpx.Client) -> None:
    with concurrent.futures.ThreadPoolExecutor(12) as threads:
        asked = [threads.submit(client.get, "/sparql", params={"query": ENDLESS}) for _ in range(10)]
        answers = [a.result() for a in asked]
    refused = [a for a in answers if a.status_code == 503]
    assert {a.status_code for a in answers} == {503, 504}
    assert len(refused) >= 6
    for answer in refused:
        problem(answer, {503})
        assert int(answer.headers["retry-after"]) >= 1
    easy(client)


def test_a_client_that_goes_away_frees_its_worker(dataset: Path) -> None:
    settings = SETTINGS.model_copy(update={"query_seconds": 60.0, "query_workers": 1})
    with serving(dataset, settings) as client:
        easy(client)
        request = f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: {client.base_url.host}\r\n\r\n"
        with socket.create_connection((client.base_url.host, client.base_url.port or 80)) as connection:
            connection.sendall(request.encode())
            time.sleep(0.3)
        easy(client)
