"""Editing at a desk, over real HTTP: a form made from the rules, its effect, its messages, and the proposal it becomes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from childdev.access.policy import Action, Role
from tests.access.people import account, signed_in, token
from tests.server import served

pytestmark = pytest.mark.slow

WALKS = "/edit/feature/walks-alone"


@pytest.fixture(scope="module")
def address(fresh_data: Path) -> Iterator[str]:
    with served(fresh_data) as address:
        yield address


@pytest.fixture(scope="module")
def facilitator(address: str, fresh_data: Path) -> Iterator[httpx.Client]:
    with signed_in(address, fresh_data, "Rowan", Role.FACILITATOR) as client:
        yield client


def filled(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form as it is."""
    form = page[page.index('id="form"') :]
    form = form[: form.index("</form>")]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        attributes = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if attributes.get("type") in ("checkbox", "radio") and " checked" not in tag:
            continue
        found.setdefault(attributes["name"], []).append(attributes.get("value", ""))
    for name, text in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', form):
        found.setdefault(name, []).append(text.replace("&#39;", "'"))
    return found


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(address: str) -> None:
    answer = httpx.get(address + WALKS, headers={"Accept": "text/html"}, trust_env=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fedit%2Ffeature%2Fwalks-alone"


def test_the_form_left_as_it_is_changes_nothing(facilitator: httpx.Client) -> None:
    given = filled(facilitator.get(WALKS).text)
    assert "Your child takes steps and walks without holding on." in given["everydayWords"]
    assert "Nothing yet." in facilitator.post(WALKS + "/check", data=given).text
    refused = facilitator.post(WALKS, data={**given, "why": ["No reason."]})
    assert refused.status_code == 422
    assert "Nothing differs" in refused.text


def test_what_would_change_is_told_while_one_types(facilitator: httpx.Client) -> None:
    given = filled(facilitator.get(WALKS).text)
    told = facilitator.post(WALKS + "/check", data={**given, "everydayWords": ["Your child walks with joy."]}).text
    assert "<ins>" in told and "joy" in told
    assert "What it touches" in told


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("typicalFromMonths", "400", "is not an age of childhood"),
        ("typicalFromMonths", "soon", "is not an age of childhood"),
        ("typicalToMonths", "2", "comes after the age by which"),
        ("skos:prefLabel", "", "has no name"),
        ("everydayWords", "Ring Ann on 07700 900123.", "phone"),
        ("add:buildsOn", "Flies to the moon", "There is nothing called"),
        ("buildsOn", "feature/begins-to-run-and-kick", "ring"),
    ],
)
def test_a_fault_is_told_at_its_field_and_nothing_is_put_forward(
    facilitator: httpx.Client, field: str, value: str, told: str
) -> None:
    given = {**filled(facilitator.get(WALKS).text), field: [value], "why": ["To try."]}
    answer = facilitator.post(WALKS, data=given)
    assert answer.status_code == 422, answer.text
    assert told in answer.text
    if field != "add:buildsOn" and value:
        assert value in answer.text, "what was filled in is still there"


def test_a_link_is_found_by_name_and_its_evidence_is_kept(facilitator: httpx.Client) -> None:
    given = filled(facilitator.get(WALKS).text)
    found = facilitator.post(f"{WALKS}/find?field=buildsOn", data={**given, "add:buildsOn": ["sits without"]}).text
    assert "Sits without support" in found and "Stands alone" in found
    linked = {
        **given,
        "add:buildsOn": ["Sits without support"],
        "evidence-why": ["Balance comes first in sitting."],
        "why": ["The link is missing."],
    }
    told = facilitator.post(WALKS + "/check", data=linked).text
    assert "Sits without support" in told and "Balance comes first in sitting." in told


def test_a_form_becomes_a_proposal_and_a_later_one_does_not_take_back_what_others_changed(
    facilitator: httpx.Client, fresh_data: Path
) -> None:
    given = filled(facilitator.get(WALKS).text)
    words = {**given, "everydayWords": ["Your child walks, or moves about in their own way."], "why": ["For all."]}
    answer = facilitator.post(WALKS, data=words)
    assert answer.status_code == 303, answer.text
    page = facilitator.get(answer.headers["location"]).text
    assert "own way" in page and "For all." in page
    account(fresh_data, "Keeper", Role.MAINTAINER)
    secret = token(fresh_data, "Keeper", Action.WRITE_BY_STANDARDS)
    done = httpx.post(
        f"{str(facilitator.base_url).rstrip(chr(47))}/update",
        content='INSERT DATA { feature:walks-alone skos:altLabel "off they go"@en-gb }',
        headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/sparql-update"},
        trust_env=False,
        timeout=300,
    )
    assert done.status_code == 200, done.text
    told = facilitator.post(WALKS + "/check", data=words).text
    assert "own way" in told
    assert "off they go" not in told, "the form was opened before that was added"


def test_a_new_thing_gets_a_name_of_its_own(facilitator: httpx.Client) -> None:
    new = {
        "skos:prefLabel": "Enjoys puddles",
        "everydayWords": "Your child likes to splash in puddles.",
        "skos:definition": "The child steps and splashes in puddles with joy.",
        "inDomain": "domain/motor",
        "inStage": "stage/early-childhood",
        "typicalFromMonths": "15",
        "typicalToMonths": "48",
        "buildsOn": "feature/walks-alone",
        "why": "It is missing.",
    }
    answer = facilitator.post("/edit/feature", data=new)
    assert answer.status_code == 303, answer.text
    assert "Enjoys puddles" in facilitator.get(answer.headers["location"]).text


def test_to_retire_a_thing_moves_its_links_and_a_claim_takes_a_position(facilitator: httpx.Client) -> None:
    gone = {"successor": ["Begins to run and kick", ""], "how": "move", "why": "They are one."}
    answer = facilitator.post("/edit/feature/walks-alone/retire", data=gone)
    assert answer.status_code == 303 or "rules of the model" in answer.text, answer.text
    claim = "/edit/claim/begins-to-run-and-kick--builds-on--walks-alone"
    assert "Do you see it differently?" in facilitator.get(claim).text
    view = {"stance": "against", "words": "Some children run before they walk with care.", "role": "physiotherapists"}
    answer = facilitator.post(claim + "/differ", data=view)
    assert answer.status_code == 303, answer.text
    assert "physiotherapists" in facilitator.get(answer.headers["location"]).text


def test_others_at_the_same_form_are_named(facilitator: httpx.Client, address: str, fresh_data: Path) -> None:
    facilitator.post(WALKS + "/here")
    with signed_in(address, fresh_data, "Robin", Role.FACILITATOR) as other:
        assert "Rowan" in other.post(WALKS + "/here").text
    assert "Robin" in facilitator.post(WALKS + "/here").text


def test_programs_check_changes_and_put_them_forward(address: str, fresh_data: Path) -> None:
    account(fresh_data, "Rowan", Role.FACILITATOR)
    secret = token(fresh_data, "Rowan", Action.EDIT_DRAFT, Action.OPEN_PROPOSAL)
    headers = {"Authorization": f"Bearer {secret}"}
    with httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=300) as program:
        ages: dict[str, Any] = {"change": "set-ages", "thing": "feature/walks-alone", "first": 9, "last": 19}
        told = program.post("/api/v1/changes/check", json={"changes": [ages]}).json()["data"]
        assert told["findings"] == [] and "19" in told["sentences"][0]
        wrong = program.post("/api/v1/changes/check", json={"changes": [{**ages, "last": 2}]}).json()["data"]
        assert any("comes after" in f["message"] for f in wrong["findings"])
        odd = program.post("/api/v1/changes/check", json={"changes": [{**ages, "thing": "feature/none"}]})
        assert odd.status_code == 422 and "There is no feature" in odd.json()["detail"]
        made = program.post("/api/v1/proposals", json={"title": "Ages", "why": "A study.", "changes": [ages]})
        assert made.status_code == 201 and made.headers["location"].startswith("/proposals/")
    refused = httpx.post(f"{address}/api/v1/changes/check", json={"changes": [ages]}, trust_env=False)
    assert refused.status_code == 401
