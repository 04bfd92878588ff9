"""Graph views over HTTP: pages without script, data, files, bad addresses, frames."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import httpx
import networkx as nx
import pytest

from tests.server import served

pytestmark = pytest.mark.slow
HTML = {"Accept": "text/html"}
PAGES = [
    "/graph/neighbourhood/feature/joins-two-words",
    "/graph/lineage/feature/joins-two-words",
    "/graph/path?from=environment/warm-responsive-care&to=feature/reads-for-meaning",
    "/graph/enables",
    "/graph/enables/environment/talk-rich-home",
    "/graph/stages?q=talk&stage=primary&open=group/feature.motor.primary",
    "/graph/whole?stage=perinatal",
    "/graph/needs/need/slcn",
    "/graph/capital",
    "/graph/system",
    "/graph/evidence",
    "/graph/changes",
]


@pytest.fixture(scope="module")
def framed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server whose graph views two hosts may show in a frame."""
    data = Path(shutil.copytree(built, tmp_path_factory.mktemp("framed") / "var"))
    hosts = "https://school.example, https://area.example:8443"
    with served(data, CHILDDEV_EMBED_HOSTS=hosts) as address, httpx.Client(base_url=address, trust_env=False) as c:
        yield c


def with_ending(path: str, ending: str) -> str:
    address, _, query = path.partition("?")
    return f"{address}.{ending}{'?' if query else ''}{query}"


@pytest.mark.parametrize("path", PAGES)
def test_page_data_picture_and_list_say_the_same(client: httpx.Client, path: str) -> None:
    text = client.get(path, headers=HTML).text
    data = client.get(with_ending(path, "json")).json()
    embedded = json.loads(re.findall(r'<script type="application/json" id="graph">(.*?)</script>', text, re.S)[0])
    assert embedded == {part: some for part, some in data.items() if part != "list"}
    assert text.count("<h1") == 1 and unescape(data["hidden"]["sentence"]) in unescape(text)
    svg = re.findall(r"<svg class=\"big\".*?</svg>", text, re.S)[0]
    drawn = {unescape(i) for i in re.findall(r'data-edge="([^"]*)"', svg)}
    listed = text.split('<section id="list"')[1].split("</section>")[0]
    said = {unescape(i) for i in re.findall(r'<li data-edge="([^"]*)"', listed)}
    sentences = {unescape(s) for s in re.findall(r'<span class="name">(.*?)</span>', listed)}
    assert drawn == said == {e["id"] for e in data["edges"]}
    assert sentences == {i["sentence"] for g in data["list"] for i in g["items"]}
    assert not re.search(r"\sstyle=|\son\w+=", text)


@pytest.mark.parametrize("path", PAGES)
def test_its_address_with_its_version_brings_the_picture_back(client: httpx.Client, path: str) -> None:
    data = client.get(with_ending(path, "json")).json()
    assert f"version={data['version']}" in data["url"]
    again = client.get(with_ending(data["url"], "json")).json()
    for part in ("edges", "list", "hidden", "lanes", "columns", "filters", "url", "exports"):
        assert again[part] == data[part]
    places = [[(n["id"], n["x"], n["y"]) for n in some["nodes"]] for some in (data, again)]
    assert places[0] == places[1]
    assert client.get(data["url"], headers=HTML).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_files_can_be_read_by_other_programs(client: httpx.Client, path: str) -> None:
    data = client.get(with_ending(path, "json")).json()
    sentences = {e["sentence"] for e in data["edges"]}
    got = {name: client.get(address) for name, address in data["exports"].items()}
    assert {r.status_code for r in got.values()} == {200}
    assert ElementTree.fromstring(got["svg"].content).tag.endswith("svg")
    graph = nx.read_graphml(io.BytesIO(got["graphml"].content), force_multigraph=True)
    assert {e["sentence"] for *_, e in graph.edges(data=True)} == sentences
    rows = csv.DictReader(io.StringIO(got["csv"].content.decode("utf-8-sig")))
    assert sentences <= {r["sentence"] for r in rows}
    assert "attachment" in got["csv"].headers["content-disposition"]


def test_the_offline_page_asks_no_host_for_anything_and_holds_the_list(client: httpx.Client) -> None:
    data = client.get("/graph/lineage/feature/joins-two-words.json").json()
    page = client.get(data["exports"]["html"])
    assert "attachment" in page.headers["content-disposition"]
    text = page.text
    frame = re.sub(r"<script>.*?</script>", "", text, flags=re.S)
    assert not re.search(r"https?://|@import|url\(|<link|<img|<iframe| src=", frame)
    assert len(re.findall(r"<script", frame)) == 0 and "<script src" not in text
    for item in (i for g in data["list"] for i in g["items"]):
        assert item["sentence"] in unescape(frame)
    assert '"physics": false' in text and "options.physics = false" in text
    assert "vis.Network" in text and len(text) > 500_000, "the library is inside"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/graph/whole?stage=tall", 400, "is no value of"),
        ("/graph/whole?pin=feature/x", 400, "is no place"),
        ("/graph/whole?most=999999", 400, "whole number"),
        ("/graph/whole?open=%3Cscript%3E", 400, "no name of a thing"),
        ("/graph/whole?focus=feature/none", 404, "is not in this view"),
        ("/graph/none", 404, "no graph view"),
        ("/graph/whole.docx", 404, "can be had as"),
        ("/graph/neighbourhood/need/slcn", 404, "and not about a need"),
        ("/graph/neighbourhood/feature/joins-too-words", 404, "Joins two words"),
        ("/graph/path?from=qqqqzzzz&to=feature/reads-for-meaning", 404, "Nothing is found"),
        ("/graph/changes?from=9.9.9", 404, "no version"),
        ("/graph/path.json", 400, "from what to what"),
    ],
)
def test_a_bad_address_is_answered_in_plain_words(client: httpx.Client, path: str, status: int, words: str) -> None:
    response = client.get(path, headers=HTML)
    assert response.status_code == status and words in unescape(response.text)
    assert "<script>" not in response.text.replace('<script src="', "")


def test_all_views_are_introduced_and_lead_somewhere(client: httpx.Client) -> None:
    text = client.get("/graphs", headers=HTML).text
    links = {unescape(a) for a in re.findall(r'href="(/graph/[^"]*)"', text)}
    assert len(links) >= 14
    for address in links:
        assert client.get(address, headers=HTML).status_code == 200, address
    for view in (
        "neighbourhood",
        "lineage",
        "path",
        "enables",
        "stages",
        "whole",
        "needs",
        "capital",
        "system",
        "evidence",
    ):
        assert any(a.startswith(f"/graph/{view}") for a in links), view


def test_forms_without_script_filter_and_lead_by_words(client: httpx.Client) -> None:
    found = client.get("/graph/path", params={"from": "serve and return", "to": "reads for meaning"}, headers=HTML)
    assert found.status_code == 303
    address = found.headers["location"]
    assert "from=environment/" in address and "to=feature/reads-for-meaning" in address
    assert "The surest line" in client.get(address, headers=HTML).text
    led = client.get("/graph/neighbourhood", params={"about": "Joins two words"}, headers=HTML)
    assert led.headers["location"] == "/graph/neighbourhood/feature/joins-two-words"
    assert "About another feature" in client.get("/graph/lineage", headers=HTML).text
    text = client.get("/graph/whole?stage=perinatal", headers=HTML).text
    assert re.search(r'name="stage" value="perinatal" checked', text) and "hidden, by your filter" in unescape(text)


def test_only_hosts_that_are_allowed_may_show_a_view_in_a_frame(client: httpx.Client, framed: httpx.Client) -> None:
    def ancestors(response: httpx.Response) -> str:
        return re.findall(r"frame-ancestors ([^;]*)", response.headers["content-security-policy"])[0]

    path = "/graph/stages?embed=1"
    assert ancestors(client.get(path, headers=HTML)) == "'self'"
    assert ancestors(framed.get(path, headers=HTML)) == "'self' https://school.example https://area.example:8443"
    assert ancestors(framed.get("/map", headers=HTML)) == "'self'"
    assert ancestors(framed.get("/sparql", headers=HTML)) == "'self'"
    bare = framed.get(path, headers=HTML).text
    assert "<nav" not in bare and 'id="graph"' in bare and 'id="list"' in bare and "See it in childdev" in bare
    assert "&lt;iframe" in framed.get("/graph/stages", headers=HTML).text
    assert "&lt;iframe" not in client.get("/graph/stages", headers=HTML).text
