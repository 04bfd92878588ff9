"""Writes by standards over real HTTP: what is right becomes a version of its own, what is wrong is told and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from childdev.access.policy import Action, Role
from childdev.model.iris import GRAPH
from tests.access.people import account, signed_in, token
from tests.server import served

pytestmark = pytest.mark.slow

MOTOR = f"{GRAPH}model/features-motor"
REWORD = """DELETE { feature:walks-alone cd:everydayWords ?old } INSERT { feature:walks-alone cd:everydayWords "%s"@en-gb }
WHERE { feature:walks-alone cd:everydayWords ?old }"""


@pytest.fixture(scope="module")
def writer(fresh_data: Path) -> Iterator[httpx.Client]:
    account(fresh_data, "Keeper", Role.MAINTAINER)
    secret = token(fresh_data, "Keeper", Action.WRITE_BY_STANDARDS)
    with (
        served(fresh_data) as address,
        httpx.Client(
            base_url=address, headers={"Authorization": f"Bearer {secret}"}, trust_env=False, timeout=300
        ) as client,
    ):
        yield client


def version(client: httpx.Client) -> str:
    return str(client.get("/healthz").json()["version"])


def update(client: httpx.Client, text: str, **headers: str) -> httpx.Response:
    return client.post("/update", content=text, headers={"Content-Type": "application/sparql-update", **headers})


def ask(client: httpx.Client, query: str, **parameters: str) -> bool:
    found = client.get("/sparql", params={"query": query, **parameters}, headers={"Accept": "application/json"})
    return bool(found.json()["boolean"])


def test_an_update_shows_on_every_page_and_older_versions_answer_as_before(writer: httpx.Client) -> None:
    before = version(writer)
    assert "in their own way" not in writer.get("/feature/walks-alone").text
    answer = update(writer, REWORD % "Your child moves about in their own way.")
    assert answer.status_code == 200, answer.text
    after = version(writer)
    assert answer.json()["version"] == after != before
    assert "everyday words" in answer.json()["data"]["sentences"][0]
    assert answer.headers["location"] == f"/history/{after}"
    assert "Your child moves about in their own way." in writer.get("/feature/walks-alone").text
    said = (
        "PREFIX cd: <https://w3id.org/childdev/def/> "
        "ASK { <https://w3id.org/childdev/id/feature/walks-alone> cd:everydayWords ?w FILTER(CONTAINS(?w, 'own way')) }"
    )
    assert ask(writer, said)
    assert not ask(writer, said, version=before)
    old = writer.get("/feature/walks-alone", params={"version": before}).text
    assert "in their own way" not in old
    assert f"as it was in version {before}" in old
    assert f'href="/map?version={before}"' in old
    assert writer.get("/api/v1/things/feature/walks-alone", params={"version": before}).json()["version"] == before


def test_history_tells_the_change_in_words_and_in_data(writer: httpx.Client) -> None:
    name = update(writer, REWORD % "Your child walks about with joy.").json()["version"]
    assert "What changed" in writer.get("/history").text
    page = writer.get(f"/history/{name}").text
    assert "<ins>" in page and "joy" in page
    assert "by a program" in page
    of_it = writer.get("/history/of/feature/walks-alone").text
    assert "joy" in of_it and "It came with the packaged model" in of_it
    data = writer.get(f"/api/v1/history/{name}").json()["data"]
    assert [c["change"] for c in data["changes"]] == ["set-value"]
    assert len(data["added"]) == len(data["removed"]) == 1
    feed = writer.get("/feed.atom")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert f"<title>{name}: A change made by a program</title>" in feed.text


def test_history_is_a_graph_that_only_those_queries_see_that_name_it(writer: httpx.Client) -> None:
    name = update(writer, REWORD % "Your child gets about alone.").json()["version"]
    prov = "PREFIX prov: <http://www.w3.org/ns/prov#> "
    made = f"""{prov} ASK {{ GRAPH <{GRAPH}history> {{
        <https://w3id.org/childdev/version/{name}> prov:wasGeneratedBy ?c .
        ?c prov:influenced ?thing }} ?thing a <https://w3id.org/childdev/def/Feature> }}"""
    assert ask(writer, made), "history and the model can be asked together"
    assert not ask(writer, f"{prov} ASK {{ ?a a prov:Activity }}")
    assert ask(writer, f"{prov} ASK FROM <{GRAPH}history> {{ ?a a prov:Activity }}")


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [
        ("INSERT DATA { feature:x ", 400, "can't be read"),
        ("LOAD <http://127.0.0.1/x>", 403, "another server"),
        ("L\\u004fAD <http://127.0.0.1/x>", 403, "another server"),
        ("INSERT { ?s cd:locator ?o } WHERE { SERVICE <http://127.0.0.1/x> { ?s ?p ?o } }", 403, "another server"),
        ("INSERT DATA { GRAPH <http://example.org/g> { feature:x a cd:Feature } }", 403, "graph of a module"),
        ("INSERT DATA { [] a cd:Feature }", 422, "has a name of its own"),
        ("INSERT DATA { feature:walks-alone cd:buildsOn feature:no-such-thing }", 422, "no-such-thing"),
        ("DELETE WHERE { feature:walks-alone skos:prefLabel ?l }", 422, "has no name"),
        ('INSERT DATA { feature:walks-alone skos:scopeNote "Ask Ann on 07700 900123"@en-gb }', 422, "phone"),
        ("", 400, "no update"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_changes(writer: httpx.Client, text: str, status: int, told: str) -> None:
    before = version(writer)
    answer = update(writer, text)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert told in answer.text
    assert version(writer) == before


def test_an_update_without_effect_makes_no_version(writer: httpx.Client) -> None:
    before = version(writer)
    assert update(writer, "DELETE DATA { feature:walks-alone cd:buildsOn feature:nothing }").json()["data"] == {
        "changed": False
    }
    assert version(writer) == before


def test_a_write_can_ask_for_the_version_it_was_made_on(writer: httpx.Client) -> None:
    assert update(writer, REWORD % "x", **{"If-Match": '"0.0.0"'}).status_code == 412
    assert update(writer, REWORD % "Your child is on the move.", **{"If-Match": f'"{version(writer)}"'}).is_success


def test_without_a_token_nothing_can_be_written(writer: httpx.Client) -> None:
    with httpx.Client(base_url=writer.base_url, trust_env=False, timeout=300) as anyone:
        assert update(anyone, REWORD % "x").status_code == 401
        put = anyone.put("/graph-store", params={"graph": MOTOR}, content="", headers={"Content-Type": "text/turtle"})
        assert put.status_code == 401
        assert anyone.get("/graph-store", params={"graph": MOTOR}).status_code == 200


def test_a_graph_is_read_put_back_and_added_to(writer: httpx.Client) -> None:
    read = writer.get("/graph-store", params={"graph": MOTOR}, headers={"Accept": "text/turtle"})
    assert read.headers["content-type"].startswith("text/turtle")
    turtle = {"Content-Type": "text/turtle"}
    same = writer.put("/graph-store", params={"graph": MOTOR}, content=read.content, headers=turtle)
    assert same.json()["data"] == {"changed": False}, "what is read can be put back as it is"
    words = '<https://w3id.org/childdev/id/feature/walks-alone> <http://www.w3.org/2004/02/skos/core#altLabel> "off they go"@en-gb .'
    added = writer.post("/graph-store", params={"graph": MOTOR}, content=words, headers=turtle)
    assert added.status_code == 204, added.text
    assert "off they go" in writer.get("/feature/walks-alone").text
    back = writer.put("/graph-store", params={"graph": MOTOR}, content=read.content, headers=turtle)
    assert back.status_code == 204
    assert "off they go" not in writer.get("/feature/walks-alone").text
    gone = writer.delete("/graph-store", params={"graph": MOTOR})
    assert gone.status_code == 422, "others lead to what is in it"
    assert writer.put("/graph-store", params={"graph": MOTOR}, content="<a", headers=turtle).status_code == 422
    assert writer.get("/graph-store", params={"graph": "http://example.org/g"}).status_code == 404
    assert writer.get("/graph-store").status_code == 400
    odd = writer.post("/graph-store", params={"graph": MOTOR}, content="x", headers={"Content-Type": "image/png"})
    assert odd.status_code == 415


def test_what_changed_between_two_versions_is_told_by_stage(writer: httpx.Client) -> None:
    name = update(writer, REWORD % "Your child goes about by themselves.").json()["version"]
    page = writer.get("/history/between", params={"earlier": "1.0.0", "later": name}).text
    assert "<h2>Early childhood</h2>" in page and "themselves" in page
    told = writer.get("/api/v1/history/between", params={"earlier": "1.0.0", "later": name}).json()["data"]
    assert [t["stage"] for t in told] == ["Early childhood"]
    assert writer.get("/history/between").status_code == 200
    assert writer.get("/history/between", params={"earlier": "9", "later": name}).status_code == 404


def test_one_change_is_taken_back_without_the_later_ones_or_the_reason_is_told(
    writer: httpx.Client, fresh_data: Path
) -> None:
    first = update(writer, 'INSERT DATA { feature:walks-alone skos:altLabel "trots"@en-gb }')
    name = first.json()["version"]
    update(writer, 'INSERT DATA { feature:walks-alone skos:altLabel "strolls"@en-gb }')
    worded = update(writer, REWORD % "Your child wanders.").json()["version"]
    update(writer, REWORD % "Your child wanders far.")
    assert writer.get(f"/history/{name}/undo", headers={"Authorization": ""}).status_code == 401
    with signed_in(str(writer.base_url).rstrip("/"), fresh_data, "Keeper", Role.MAINTAINER) as keeper:
        page = keeper.get(f"/history/{name}/undo").text
        assert "trots" in page and "strolls" not in page
        assert "can&#39;t be taken back by itself" in keeper.get(f"/history/{worded}/undo").text or (
            "can't be taken back" in keeper.get(f"/history/{worded}/undo").text
        )
        answer = keeper.post(f"/history/{name}/undo", data={"why": "Nobody says so."})
        assert answer.status_code == 303, answer.text
        assert "trots" in keeper.get(answer.headers["location"]).text
