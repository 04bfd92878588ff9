"""From a suggestion to a release, over HTTP: who may do what, what people are told, and what is published."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from childdev.access.policy import Role
from childdev.contribution.changes.kinds import Change, Disagree, SetValue, Value
from childdev.release.proposals import open_proposal
from childdev.resources import folder
from childdev.store.database import connect
from tests.access.people import account, signed_in
from tests.counts import released
from tests.server import served

pytestmark = pytest.mark.slow
FEATURE = "/feature/joins-two-words"


@pytest.fixture(scope="module")
def data(fresh_data: Path) -> Path:
    return fresh_data


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    with served(data) as address:
        yield address


@pytest.fixture
def anyone(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=address, trust_env=False, timeout=120, headers={"Accept": "text/html"}, follow_redirects=True
    ) as client:
        yield client


def person(address: str, data: Path, name: str, role: Role) -> httpx.Client:
    client = signed_in(address, data, name, role)
    client.headers["Accept"] = "text/html"
    client.follow_redirects = True
    client.timeout = httpx.Timeout(120)
    return client


def propose(data: Path, title: str, *changes: Change) -> int:
    """A proposal by a facilitator."""
    author = account(data, "Ada", Role.FACILITATOR)
    engine = connect(f"sqlite:///{data / 'record.sqlite'}")
    with engine.begin() as connection:
        number = open_proposal(
            connection, author.id, title, "Parents asked.", 0, changes, {"dissent": ["A nurse: leave it."]}
        )
    engine.dispose()
    return number


def renamed(after: str, before: str = "Joins two words") -> SetValue:
    return SetValue(
        thing="feature/joins-two-words",
        before=Value(property="skos:prefLabel", text=before),
        after=Value(property="skos:prefLabel", text=after),
    )


def hidden(page: httpx.Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, page.text
    return found[1]


def act(client: httpx.Client, number: int, act: str, words: str) -> httpx.Response:
    """Fill in the form of a proposal's page."""
    page = client.get(f"/proposals/{number}")
    assert page.status_code == 200
    fields = {"edition": hidden(page, "edition"), "delta": hidden(page, "delta"), "act": act, "words": words}
    return client.post(f"/proposals/{number}", data=fields)


# ---------------------------------------------------------------- suggestions


def test_anyone_suggests_and_follows_what_became_of_it(anyone: httpx.Client, address: str, data: Path) -> None:
    page = anyone.get(FEATURE)
    assert f'href="/suggest?about={FEATURE[1:]}"' in page.text
    sent = anyone.post(
        "/suggest", data={"about": FEATURE[1:], "words": "Signs count too.\nSay so.", "role": "parent", "website": ""}
    )
    assert sent.status_code == 200 and "Thank you" in sent.text
    link = re.search(r'href="(http[^"]*/suggest/[^"]*)"', sent.text)
    assert link
    waiting = anyone.get(httpx.URL(link[1]).path)
    assert "Nobody has answered yet" in waiting.text and "Signs count too." in waiting.text

    with person(address, data, "Ada", Role.FACILITATOR) as ada:
        listed = ada.get("/suggestions")
        number = re.search(r'id="suggestion-(\d+)"', listed.text)
        assert number and "Signs count too." in listed.text
        unanswered = ada.post(f"/suggestions/{number[1]}", data={"status": "declined", "answer": ""})
        assert unanswered.status_code == 422 and "Say why" in unanswered.text
        assert ada.post(f"/suggestions/{number[1]}", data={"status": "declined", "answer": "It says so."}).is_success
        assert ada.post(f"/suggestions/{number[1]}", data={"status": "noted"}).status_code == 409
    answered = anyone.get(httpx.URL(link[1]).path)
    assert "It says so." in answered.text and "will not be taken up" in answered.text


def test_a_suggestion_that_tells_of_one_child_is_refused_and_not_kept(
    anyone: httpx.Client, address: str, data: Path
) -> None:
    sent = anyone.post("/suggest", data={"about": "", "words": "My son Sam can do it.", "role": "parent"})
    assert sent.status_code == 422 and "name" in sent.text
    assert "My son Sam can do it." in sent.text  # still in the box, to be mended
    with person(address, data, "Ada", Role.FACILITATOR) as ada:
        assert "Sam" not in ada.get("/suggestions").text


def test_machines_that_fill_in_everything_are_not_heard(anyone: httpx.Client, address: str, data: Path) -> None:
    anyone.post("/suggest", data={"about": "", "words": "Buy this", "role": "", "website": "https://example.org"})
    with person(address, data, "Ada", Role.FACILITATOR) as ada:
        assert "Buy this" not in ada.get("/suggestions").text


def test_suggestions_are_for_those_who_are_signed_in(anyone: httpx.Client) -> None:
    assert anyone.get("/suggestions").url.path == "/sign-in"
    assert anyone.get("/suggest/nobody-has-this").status_code == 404
    assert anyone.get("/suggest?about=feature/no-such-thing").status_code == 200


# ---------------------------------------------------------------- proposals


def test_a_proposal_is_read_by_anyone_but_names_only_who_wants_it(
    anyone: httpx.Client, address: str, data: Path
) -> None:
    number = propose(data, "Say it as parents do", renamed("Puts two words together"))
    page = anyone.get(f"/proposals/{number}")
    assert page.status_code == 200
    assert "<del>" in page.text and "<ins>" in page.text and "Parents asked." in page.text
    assert "Facilitator" in page.text and "Ada" not in page.text
    assert "A nurse: leave it." in page.text
    assert "Say it as parents do" in anyone.get("/proposals").text
    assert 'method="post"' not in page.text
    assert anyone.post(f"/proposals/{number}", data={"act": "comment", "words": "x"}).url.path == "/sign-in"
    assert anyone.get("/proposals/9999").status_code == 404


def test_the_author_edits_and_withdraws_and_reviewers_ask(address: str, data: Path) -> None:
    number = propose(data, "To be withdrawn", renamed("Puts words together"))
    with person(address, data, "Dora", Role.DOMAIN_REVIEWER) as dora:
        assert dora.get(f"/proposals/{number}/edit").status_code == 403
        assert "write" in act(dora, number, "request", "").text.lower()
        asked = act(dora, number, "request", "Which parents?")
        assert "Changes asked for" in asked.text and "Which parents?" in asked.text
        assert act(dora, number, "model-approval", "Fine.").status_code == 403
    with person(address, data, "Ada", Role.FACILITATOR) as ada:
        assert act(ada, number, "domain-approval", "Fine.").status_code == 403
        form = ada.get(f"/proposals/{number}/edit")
        fields = {"edition": hidden(form, "edition"), "keep": "1", "1:after.text": "Joins words"}
        assert ada.post(f"/proposals/{number}/edit", data=fields).status_code == 422
        edited = ada.post(f"/proposals/{number}/edit", data={**fields, "words": "Said which."})
        assert "Said which." in edited.text and "Changes asked for" not in edited.text
        stale = ada.post(f"/proposals/{number}/edit", data={**fields, "words": "Again."})
        assert stale.status_code == 409 and "meanwhile" in stale.text
        page = ada.get(f"/proposals/{number}")
        gone = ada.post(
            f"/proposals/{number}", data={"edition": hidden(page, "edition"), "act": "withdraw", "words": "Not now."}
        )
        assert "Withdrawn" in gone.text


# ---------------------------------------------------------------- a release


def test_approved_proposals_become_a_release_that_everyone_sees(anyone: httpx.Client, address: str, data: Path) -> None:
    position = Disagree(
        claim="claim/joins-two-words--typical-age", stance="against", words="Later in two languages.", role="parent"
    )
    first = propose(data, "Two words, in parents' words", renamed("Puts two words together"), position)
    second = propose(data, "Another name for it", renamed("Says two words"))
    with (
        person(address, data, "Dora", Role.DOMAIN_REVIEWER) as dora,
        person(address, data, "Milo", Role.MODEL_REVIEWER) as milo,
    ):
        for number in (first, second):
            act(dora, number, "domain-approval", "It is what families say.")
            assert "It can go into a release." in act(milo, number, "model-approval", "In its place.").text
        assert milo.get("/releases/new").status_code == 403

    with person(address, data, "Max", Role.MAINTAINER) as max_:
        both = max_.get(f"/releases/new?look=1&proposals={first}&proposals={second}")
        assert "Not all of these" in both.text and f"proposal {first} (“Two words, in parents" in both.text.replace(
            "&#39;", "'"
        )
        look = max_.get(f"/releases/new?look=1&proposals={first}")
        number = released().rsplit(".", 2)[0] + "." + str(int(released().split(".")[1]) + 1) + ".0"
        assert f"It would be release {number}" in look.text and "Later in two languages." in look.text
        csrf = {"proposals": str(first)}
        wrong = made(max_, {**csrf, "number": "9.0.0"})
        assert "This release can&#39;t be 9.0.0" in wrong.text and number in wrong.text
        assert anyone.get("/healthz").json()["version"] == released()
        done = made(max_, {**csrf, "number": number})
        assert done.url.path == f"/releases/{number}" and "It is published" in done.text

    assert anyone.get("/healthz").json()["version"] == number
    assert "Puts two words together" in anyone.get(FEATURE).text
    assert "Puts two words together" not in anyone.get(f"{FEATURE}?version={released()}").text
    notes = anyone.get(f"/releases/{number}.md").text
    assert f"# Release {number} of the model" in notes and "A nurse: leave it." in notes
    assert "domain reviewer" in notes and "Dora" not in notes
    assert f"release {number}" in anyone.get(f"/proposals/{first}").text
    late = anyone.get(f"/proposals/{second}").text
    assert "no longer fits" in late and "no longer says “Joins two words”" in late
    info = "SELECT ?v { <https://w3id.org/childdev/def/> <http://www.w3.org/2002/07/owl#versionInfo> ?v }"
    for version, expected in (("", number), (released(), released())):
        asked = anyone.get(
            "/sparql",
            params={"query": info, **({"version": version} if version else {})},
            headers={"Accept": "application/sparql-results+json"},
        )
        assert asked.json()["results"]["bindings"][0]["v"]["value"] == expected


def made(client: httpx.Client, fields: dict[str, str]) -> httpx.Response:
    """Ask for a release and follow its progress to the end."""
    page = client.post("/releases", data=fields)
    while "See how far it is" in page.text:
        time.sleep(0.5)
        page = client.get("/releases/progress")
    return page


def test_the_packaged_model_is_a_release_of_its_own(anyone: httpx.Client) -> None:
    listed = anyone.get("/releases")
    assert f"Release {released()}" in listed.text
    assert anyone.get(f"/releases/{released()}").status_code == 200
    assert anyone.get("/releases/7.7.7").status_code == 404


# ---------------------------------------------------------------- by hand, beside the server


def childdev(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "childdev", *arguments, "--data", str(data)], capture_output=True, text=True, check=False
    )


def test_what_the_server_holds_is_exported_and_compared_while_it_runs(
    anyone: httpx.Client, address: str, data: Path, tmp_path: Path
) -> None:
    done = childdev(data, "export", "--to", str(tmp_path / "out"), "--version", released())
    assert done.returncode == 0 and "files were written" in done.stdout
    for file in folder("ontology").glob("*.ttl"):
        assert (tmp_path / "out" / file.name).read_bytes() == file.read_bytes()
    same = childdev(data, "diff", str(tmp_path / "out"), released())
    assert (same.returncode, same.stdout) == (0, "They say the same.\n")
    motor = tmp_path / "out" / "features-motor.ttl"
    motor.write_text(motor.read_text("utf-8").replace('"Walks alone"', '"Walks"'), encoding="utf-8")
    other = childdev(data, "diff", released(), str(tmp_path / "out"))
    assert "‘Walks alone’ was renamed ‘Walks’." in other.stdout
    assert "no version '8.8.8'" in childdev(data, "diff", released(), "8.8.8").stderr
    assert "in use by another childdev" in childdev(data, "release").stderr
