"""The picture of an area over HTTP: pages, data, SPARQL, and bringing figures in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from childdev.access.policy import Role
from tests.access.people import signed_in
from tests.server import served

pytestmark = pytest.mark.slow
HEAD = "Indicator,Area code,Area name,Part of,Period,Count,Out of,Per cent\n"
TABLE = HEAD + (
    "gld-at-5,X90000001,Our City,E92000001,2022/23,3990,6050,\n"
    "gld-at-5,X90000001,Our City,E92000001,2023/24,3950,6020,\n"
    "gld-at-5,X90000001,Our City,E92000001,2024/25,3613,5891,\n"
    "gld-at-5,X90000002,North,X90000001,2024/25,1803,2909,\n"
    "gld-at-5,X90000003,South,X90000001,2024/25,1807,2905,\n"
    "gld-at-5,X90000004,Old Dock,X90000001,2024/25,3,77,\n"
)


@pytest.fixture(scope="module")
def address(fresh_data: Path) -> Iterator[str]:
    with served(fresh_data) as address:
        yield address


@pytest.fixture(scope="module")
def reviewer(address: str, fresh_data: Path) -> Iterator[httpx.Client]:
    with signed_in(address, fresh_data, "Mina", Role.MODEL_REVIEWER) as client:
        client.headers["Accept"] = "text/html"
        client.follow_redirects = True
        client.timeout = httpx.Timeout(60)
        yield client


@pytest.fixture(scope="module")
def stored(reviewer: httpx.Client) -> str:
    csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', reviewer.get("/areas/observe").text)
    assert csrf
    files = {"file": ("ours.csv", TABLE.encode())}
    page = reviewer.post("/areas/observe/check", data={"csrf": csrf[1]}, files=files)
    assert "6 figures of 4 areas can be taken in. 2 of them are left out" in page.text
    assert "Our City" not in reviewer.get("/areas").text
    sheet = reviewer.get(f"{page.url}/sheet").text
    assert "Old Dock" in sheet and ",77," not in sheet
    form = {"csrf": csrf[1], "title": "Ours", "publisher": "Us", "licence": "OGL"}
    missing = reviewer.post(str(page.url), data=form | {"publisher": ""})
    assert missing.status_code == 422 and "Publisher" in missing.text
    done = reviewer.post(str(page.url), data=form)
    assert "stored as set 6" in done.text
    return "6"


def get(client: httpx.Client, path: str, accept: str = "text/html") -> str:
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_first_page_opens_with_the_manifesto_and_the_worked_example(address: str) -> None:
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as anyone:
        page = get(anyone, "/areas")
        said = [
            "Almost 4 in 10",
            "7 in 10",
            "1 in 10",
            "Twice as likely",
            "Learn Sheffield",
            "England",
            "Worked example",
        ]
        assert [s for s in said if s not in page] == []
        england = get(anyone, "/area/E92000001")
        assert "68.3 % in 2024/25" in england and " style=" not in england
        asq = get(anyone, "/area/E92000001/asq-communication-2y")
        assert "It looks worse" in asq and "Joins two words" in asq and "Joins three or more words" in asq
        assert "A home full of talk" in asq
        assert anyone.get("/area/nowhere").status_code == 404


def test_without_the_right_role_nothing_comes_in(address: str, fresh_data: Path) -> None:
    files = {"file": ("a.csv", TABLE.encode())}
    with httpx.Client(base_url=address, trust_env=False, headers={"Accept": "text/html"}) as anyone:
        assert "/sign-in?next=/areas/observe" in anyone.get("/areas/observe").text
        assert anyone.post("/areas/observe/check", files=files).headers["location"].startswith("/sign-in")
    with signed_in(address, fresh_data, "Ada", Role.FACILITATOR) as facilitator:
        assert facilitator.post("/areas/observe/check", files=files).status_code == 403


def test_an_adverse_trend_lights_what_grows_from_it_and_the_table_says_what_the_chart_says(
    reviewer: httpx.Client, stored: str
) -> None:
    page = get(reviewer, "/area/X90000001/gld-at-5")
    assert "Worse: " in page and "2,278 children" in page and "What usually grows from these later?" in page
    title = re.search(r'aria-label="(Good level[^"]+)"', page)
    assert title
    table = re.findall(r'<th scope="row">(20[^<]+)</th><td class="number">([^<]+)</td>', page)
    assert len(table) == 4 and [f"{p} {s}" for p, s in table if s != "no figure" and f"{p} {s}" not in title[1]] == []
    curve = get(reviewer, "/area/X90000001/gld-at-5/turn-the-curve")
    assert all(
        w in curve for w in ("The story behind it", "Partners", "What would work", "Task and process", "Outcome")
    )
    said = re.sub(r"\b(no|not|never|without)( a)? ranking", "", (page + curve).lower())  # as measures of the model say
    assert re.findall(r"\b(?:league|rank\w*|worst|best area)\b", said) == []


def test_what_is_small_is_in_no_download(reviewer: httpx.Client, stored: str) -> None:
    csv = get(reviewer, "/api/v1/areas.csv")
    assert "X90000004,Old Dock,X90000001,2024/25,c,c,c,Ours" in csv
    ttl = get(reviewer, "/api/v1/areas/X90000004.ttl")
    assert "cd:isSuppressed true" in ttl and "cd:count" not in ttl.replace("qb:measure cd:count", "").replace(
        "cd:count a", ""
    )
    data = reviewer.get("/api/v1/areas/X90000004/gld-at-5").json()["data"]
    assert data["points"][0]["left_out"] and data["children"] == {"children": None, "more": None, "total": None}
    assert "is left out" in get(reviewer, "/area/X90000004/gld-at-5")


def test_sparql_asks_the_figures_by_name_only(reviewer: httpx.Client, stored: str) -> None:
    def ask(query: str) -> str:
        answer = reviewer.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
        assert answer.status_code == 200, answer.text
        return answer.text.split()[1]

    cd = "PREFIX cd: <https://w3id.org/childdev/def/> "
    graph = "<https://w3id.org/childdev/graph/observations>"
    everywhere = "SELECT (COUNT(DISTINCT ?o) AS ?n) "
    assert ask(f"{cd}{everywhere}{{ ?o a cd:Observation }}") == "0"
    inside = f"GRAPH {graph} {{ ?o cd:ofIndicator ?i ; cd:inArea <https://w3id.org/childdev/id/area/X90000001> }}"
    assert ask(f"{cd}{everywhere}{{ {inside} ?i cd:measures ?f }}") == "3"
    assert int(ask(f"{cd}{everywhere}FROM {graph} {{ ?o a cd:Observation }}")) > 40


def test_names_of_areas_and_observations_lead_somewhere(reviewer: httpx.Client, stored: str) -> None:
    for name, accept, end in (
        ("area/X90000001", "text/html", "/area/X90000001"),
        ("area/X90000001", "text/turtle", "/data/area/X90000001.ttl"),
        ("observation/X90000001--gld-at-5--2024", "text/html", "/area/X90000001/gld-at-5"),
    ):
        answer = reviewer.get(f"/id/{name}", headers={"Accept": accept})
        assert answer.status_code == 200 and answer.url.path == end
