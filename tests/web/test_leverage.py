"""Pages, API and command on leverage say the same, in words that rank nobody."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from childdev.cli.leverage import app

HUB = "without=environment/family-hub-nearby"
PAGES = (
    "/leverage",
    "/leverage?stage=primary&domain=literacy",
    "/leverage/gaps",
    "/leverage/what-if",
    f"/leverage/what-if?{HUB}",
)


def text(client: httpx.Client, address: str) -> str:
    response = client.get(address, headers={"Accept": "text/html"})
    assert response.status_code == 200, address
    body = response.text.split("<main", 1)[1].split("</main", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


@pytest.mark.parametrize("address", PAGES)
def test_pages_rank_and_score_nobody_and_speak_plainly(client: httpx.Client, address: str) -> None:
    said = text(client, address)
    assert not re.search(r"\b(rank\w*|scor\w*|league|worst|RDF|IRI|triples?|can.t grow)\b", said, re.IGNORECASE)
    assert "children" not in said or re.search(
        r"Some things that children do|how many children|other children|of children", said
    )


def test_the_page_says_what_it_means_and_does_not_mean(client: httpx.Client) -> None:
    said = text(client, "/leverage")
    assert "never “cannot without”" in said and "says nothing of any child" in said
    assert "Reaches very far" in said and "Shares attention with another" in said and "mostly steady" in said
    assert "Reaches nearby" not in said and "Reaches nearby" in text(client, "/leverage?stage=secondary")


@pytest.mark.slow
def test_page_and_api_and_command_agree(client: httpx.Client, built: Path) -> None:
    api = client.get("/api/v1/leverage?stage=primary&domain=literacy&limit=500").json()["data"]
    run = CliRunner().invoke(
        app, ["leverage", "--stage", "primary", "--domain", "literacy", "--json", "--data", str(built)]
    )
    assert len(api) > 20 and json.loads(run.stdout) == api
    page = text(client, "/leverage?stage=primary&domain=literacy")
    assert all(row["label"] in page for row in api)
    gaps = client.get("/api/v1/gaps?limit=500").json()["data"]
    run = CliRunner().invoke(app, ["gaps", "--json", "--data", str(built)])
    assert json.loads(run.stdout) == gaps and len(gaps) > 40
    page = text(client, "/leverage/gaps").replace("&#39;", "'")
    assert all(gap["sentence"] in page for gap in gaps)
    effect = client.get(f"/api/v1/what-if?{HUB}").json()["data"]
    run = CliRunner().invoke(
        app, ["what-if", "--without", "environment/family-hub-nearby", "--json", "--data", str(built)]
    )
    assert json.loads(run.stdout) == effect
    page = text(client, f"/leverage/what-if?{HUB}")
    assert all(s in page for s in effect["sentences"]) and all(t["label"] in page for t in effect["touched"])


@pytest.mark.slow
def test_the_command_speaks_in_sentences(built: Path) -> None:
    run = CliRunner().invoke(app, ["what-if", "--without", "agency/family-hub", "--data", str(built)])
    assert run.exit_code == 0 and "would have less behind them" in run.stdout and "Could stand in for" in run.stdout
    assert CliRunner().invoke(app, ["leverage", "--stage", "nope", "--data", str(built)]).exit_code == 1


def test_lists_go_on_over_pages(client: httpx.Client) -> None:
    first = client.get("/api/v1/leverage?limit=300").json()
    rows, following = first["data"], first["next"]
    while following:
        answer = client.get(following).json()
        rows, following = rows + answer["data"], answer.get("next")
    assert len(rows) == len({r["thing"] for r in rows}) > 700
    assert [r["reach"] for r in rows] == sorted((r["reach"] for r in rows), reverse=True)
    assert {r["thing"].split("/")[0] for r in client.get("/api/v1/leverage?kind=environment").json()["data"]} == {
        "environment"
    }


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/leverage?stage=nope", 404),
        ("/api/v1/leverage?kind=agency", 422),
        ("/api/v1/what-if?without=feature/nope", 404),
        ("/api/v1/what-if?with=feature/uses-toilet", 400),
        ("/leverage/what-if?without=<script>", 400),
    ],
)
def test_what_can_not_be_answered_is_a_problem(client: httpx.Client, address: str, status: int) -> None:
    response = client.get(address)
    assert response.status_code == status and response.headers["content-type"].startswith("application/problem+json")


def test_something_is_chosen_by_search_and_put_back(client: httpx.Client) -> None:
    found = client.get("/leverage/what-if", params={"q": "family hub"}).text
    assert 'href="/leverage/what-if?without=asset/family-hub-buildings"' in found
    more = client.get(f"/leverage/what-if?{HUB}&q=family+hub").text
    assert f'href="/leverage/what-if?{HUB}&amp;without=agency/family-hub"' in more
    assert (
        'href="/leverage/what-if?without=agency/family-hub">put it back'
        in client.get(f"/leverage/what-if?{HUB}&without=agency/family-hub").text
    )
    assert "Nothing was found for" in client.get("/leverage/what-if?q=qqqqzzzz").text


def test_each_gap_has_a_next_step_that_is_there(client: httpx.Client) -> None:
    steps = {gap["next_url"] for gap in client.get("/api/v1/gaps?limit=500").json()["data"]}
    assert any(s.startswith("/suggest?about=feature/") for s in steps) and any(
        s.startswith("/leverage/what-if") for s in steps
    )
    for step in sorted(steps)[::25]:
        assert client.get(step).status_code == 200


def test_the_api_is_described(client: httpx.Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    for path in ("/api/v1/leverage", "/api/v1/gaps", "/api/v1/what-if"):
        assert set(paths[path]) == {"get"} and paths[path]["get"]["summary"]
    names = {p["name"] for p in paths["/api/v1/what-if"]["get"]["parameters"]}
    assert names == {"without", "with"}
