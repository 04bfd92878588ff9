"""Pages answer for every kind of thing, in plain words, with links that lead somewhere."""

from __future__ import annotations

import re
from collections import deque

import httpx
import pytest

pytestmark = pytest.mark.slow  # the server builds the model first

ONE_OF_EACH = [
    "/",
    "/search?q=sleep",
    "/search",
    "/map",
    "/map?domain=motor&stage=primary",
    "/ages",
    "/ages?months=30",
    "/needs",
    "/helps",
    "/who",
    "/factors",
    "/capital",
    "/system",
    "/ways-of-working",
    "/indicators",
    "/sources",
    "/evidence",
    "/radar",
    "/about",
    "/developers",
    "/style",
    "/questions",
    "/questions/what-it-rests-on",
    "/feature/joins-two-words",
    "/feature/joins-two-words?lens=health",
    "/environment/talk-rich-home",
    "/need/slcn",
    "/need/semh",
    "/agency/health-visiting",
    "/asset/early-language-pathway",
    "/factor/absence-from-school",
    "/system-feature/positive-experience",
    "/measure/positive-experience-task-numbers",
    "/indicator/review-at-2",
    "/step/assess",
    "/principle/mutuality",
    "/participation/inform",
    "/accountability/networked",
    "/source/send-code-2015",
    "/claim/joins-two-words--may-indicate--slcn",
    "/claim/ace-screening",
    "/claim/joins-two-words--typical-age",
    "/term/icf-d1331",
    "/agency/integrated-care-board",
    "/stage/primary",
    "/domain/motor",
    "/domain/numeracy",
    "/tier/universal",
    "/level/family",
    "/capital/social",
    "/graph/neighbourhood/feature/joins-two-words",
    "/why?subject=agency/health-visiting&relation=canHelpWith&object=feature/joins-two-words",
    "/feature/takes-first-steps",
    "/a-z",
    "/about-this-copy",
    "/vocabulary",
    "/vocabulary/buildsOn",
    "/dump/",
    "/graphs",
    "/graph/lineage/feature/joins-two-words",
    "/graph/stages",
    "/not-yet",
    "/not-yet/group",
    "/areas",
    "/leverage",
    "/leverage/gaps",
    "/leverage/what-if",
]
HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("path", ONE_OF_EACH)
def test_each_page_answers_with_one_heading_and_no_jargon(client: httpx.Client, path: str) -> None:
    response = client.get(path, headers=HTML)
    assert response.status_code == 200
    assert response.text.count("<h1") == 1
    assert "{{" not in response.text and "None" not in re.sub(r"<[^>]*>", "", response.text)
    if not path.startswith(("/developers", "/vocabulary", "/dump", "/about")):
        body = response.text.split("<main")[1].split("</main>")[0]
        body = re.sub(r'<a href="/source/[^>]*>[^<]*</a>', "", body)  # a publication keeps its name
        words = re.sub(
            r"<[^>]*>", " ", re.sub(r'(?s)<div class="technical.*', "", re.sub(r"(?s)<script.*?</script>", "", body))
        )
        assert not re.search(r"\b(RDF|IRI|triple|ontology|OWL|SHACL)\b", words), "no page of a team speaks of RDF"


def test_every_link_on_these_pages_leads_somewhere(client: httpx.Client) -> None:
    seen: set[str] = set()
    todo = deque(ONE_OF_EACH)
    found: set[str] = set()
    while todo:
        for link in re.findall(r'href="(/[^"#]*)', client.get(todo.popleft(), headers=HTML).text):
            found.add(link.replace("&amp;", "&"))
    assert len(found) > 800
    for link in sorted(found):
        if link in seen or link.startswith("/sparql?"):
            continue
        seen.add(link)
        assert client.get(link, headers=HTML).status_code in (200, 303), link


def test_a_feature_answers_the_seven_questions_in_order(client: httpx.Client) -> None:
    text = client.get("/feature/joins-two-words", headers=HTML).text
    questions = [
        "When is it usually seen?",
        "What does it grow from?",
        "What does it open?",
        "What helps?",
        "Who can help?",
        "Not there yet? What to talk about",
        "How do we know?",
    ]
    places = [text.index(f"<h2>{q}</h2>") for q in questions]
    assert places == sorted(places)
    assert "Your child puts two words or signs together" in text
    assert "never a diagnosis" in text
    assert "Usually seen between 16 and 30 months" in text


def test_a_lens_changes_the_order_and_not_the_facts(client: httpx.Client) -> None:
    def links(text: str) -> set[str]:
        return set(re.findall(r'href="(/(?:feature|environment|agency|claim|need)/[^"]*)"', text.split("<h1")[1]))

    family, health = (
        client.get(f"/feature/joins-two-words?lens={lens}", headers=HTML).text for lens in ("family", "health")
    )
    assert links(family) <= links(health)
    assert health.index("Not there yet?") < health.index("What helps?")


def test_an_unknown_thing_offers_the_nearest(client: httpx.Client) -> None:
    response = client.get("/feature/walks-alon", headers=HTML)
    assert response.status_code == 404
    assert "Walks alone" in response.text and "Did you mean" in response.text
    assert client.get("/no/such", headers=HTML).status_code == 404
    assert client.get("/feature/%3Cscript%3E", headers=HTML).status_code == 404
    assert "<script>alert" not in client.get("/search?q=<script>alert(1)</script>", headers=HTML).text


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("joins two words", "Joins two words"),
        ("JOINS TWO WORDS", "Joins two words"),
        ("SLCN", "Speech, language and communication needs"),
        ("jioned up attension", "Shares attention with another"),
        ("toilet training", "Uses the potty or toilet by day"),
        ("starting secondary", "Settles into secondary school"),
        ("baby not pointing", "Points to show interest"),
    ],
)
def test_search_finds_by_everyday_words_and_misspellings(client: httpx.Client, query: str, wanted: str) -> None:
    found = [hit["label"] for hit in client.get("/api/v1/search", params={"q": query, "limit": 5}).json()["data"]]
    assert wanted in found
    if query.casefold() == wanted.casefold():
        assert found[0] == wanted


def test_a_page_is_not_sent_twice(client: httpx.Client) -> None:
    first = client.get("/feature/joins-two-words", headers=HTML)
    again = client.get("/feature/joins-two-words", headers={**HTML, "If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_pages_allow_no_script_from_elsewhere(client: httpx.Client) -> None:
    headers = client.get("/", headers=HTML).headers
    assert (
        "script-src 'self'" in headers["content-security-policy"]
        and "unsafe-inline" not in headers["content-security-policy"]
    )
    assert headers["x-content-type-options"] == "nosniff"
    text = client.get("/", headers=HTML).text
    assert not re.search(r'(src|href)="https?://(?!creativecommons\.org)', text)
    assert not re.search(r"\sstyle=|\son\w+=", text)


def test_the_first_page_is_light(client: httpx.Client) -> None:
    text = client.get("/", headers=HTML).text
    assets = re.findall(r'(?:href|src)="(/static/[^"]*)"', text)
    fonts = ["/static/vendor/atkinson/700.woff2"]
    assert len(assets) >= 3
    total = len(text.encode()) + sum(len(client.get(a).content) for a in {*assets, *fonts})
    assert total < 100_000


def test_a_question_page_answers_with_its_blanks(client: httpx.Client) -> None:
    response = client.get("/questions/what-it-rests-on", params={"feature": "joins-two-words"}, headers=HTML)
    assert "Uses several words or signs" in response.text
    wrong = client.get("/questions/what-it-rests-on", params={"feature": "joins-too-words"}, headers=HTML)
    assert wrong.status_code == 400 and "Joins two words" in wrong.text


def test_a_page_answers_head_as_get_without_the_body(client: httpx.Client) -> None:
    response = client.head("/feature/joins-two-words", headers=HTML)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["etag"]


def test_the_radar_asks_five_questions_and_leads_to_their_cells(client: httpx.Client) -> None:
    text = client.get("/radar", headers=HTML).text
    questions = re.findall(r"<strong>([^<]*\?)</strong>.*?href=\"(/map\?[^\"]*)\"", text)
    assert len({words for words, _ in questions}) == 5
    for _, cell in questions:
        assert client.get(cell.replace("&amp;", "&"), headers=HTML).status_code == 200
    assert text.count("of ages read") > 40, "every cell says its share in words"
    for page in ("/", "/evidence", "/about", "/map"):
        assert 'href="/radar"' in client.get(page, headers=HTML).text


def test_the_evidence_page_says_how_many_statements_were_read(client: httpx.Client) -> None:
    text = re.sub(r"<[^>]*>", " ", client.get("/evidence", headers=HTML).text)
    read, every, percent = re.search(r"([\d,]+) of ([\d,]+) statements \((\d+) per cent\)", text).groups()  # type: ignore[union-attr]
    counted = [int(n.replace(",", "")) for n in (read, every)]
    assert 100 * counted[0] // counted[1] == int(percent)


def test_sources_name_the_terms_on_which_they_are_used(client: httpx.Client) -> None:
    text = client.get("/sources", headers=HTML).text
    assert "licensed under the Open Government Licence v3.0" in text
    assert "only codes and short titles are given" in text
