"""A workshop over real HTTP: joining, who may what, doing things once, following, and a server that is killed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from childdev.workshop.state import applied, patch_of, replay
from tests.server import free_port
from tests.workshop.crowd import Member, Server
from tests.workshop.rooms import Person, facilitating, joined

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(fresh_data: Path) -> Iterator[Server]:
    running = Server(fresh_data, free_port())
    running.start()
    yield running
    running.stop()


@pytest.fixture
def facilitator(server: Server) -> Iterator[Person]:
    with facilitating(server.address, server.data) as person:
        yield person


@pytest.fixture
def parent(server: Server, facilitator: Person) -> Iterator[Person]:
    with joined(server.address, facilitator.code, "parent-carer") as person:
        yield person


def test_only_who_may_opens_a_workshop(server: Server) -> None:
    answer = httpx.post(f"{server.address}/workshops", data={"template": "language-0-3"}, trust_env=False)
    assert answer.status_code == 401


def test_joining_asks_for_a_role_and_the_code_may_be_typed_as_it_comes(server: Server, facilitator: Person) -> None:
    code = facilitator.code
    typed = f"{code[:3]}-{code[3:]}".lower()
    with httpx.Client(base_url=server.address, trust_env=False) as client:
        assert client.get(f"/workshops/{code}/state").status_code == 401
        assert client.post("/workshops/join", data={"code": typed}).headers["location"] == f"/workshops/{code}/join"
        assert client.post(f"/workshops/{code}/join", data={"role": "facilitator"}).status_code == 422
        answer = client.post(f"/workshops/{code}/join", data={"role": "teacher"})
        cookie = answer.headers["set-cookie"].lower()
        assert f"path=/workshops/{code.lower()}" in cookie and "httponly" in cookie and "samesite=lax" in cookie
        you = client.get(f"/workshops/{code}/state").json()["you"]
        assert you | {"colour": "", "shape": ""} == {
            "number": 2,
            "part": "participant",
            "role": "teacher",
            "label": "Teacher",
            "sector": "education",
            "colour": "",
            "shape": "",
        }
        client.post(f"/workshops/{code}/join", data={"role": "midwife"})  # a second press of the button
        assert len(client.get(f"/workshops/{code}/state").json()["state"]["participants"]) == 2
    qr = facilitator.client.get(f"/workshops/{code}/qr.svg")
    assert qr.headers["content-type"] == "image/svg+xml" and b"<svg" in qr.content


def test_a_command_is_done_once(parent: Person) -> None:
    made = str(uuid4())
    card = {"kind": "help", "text": "Sing every day"}
    first, again = (parent.send("add-card", id=made, card=card) for _ in range(2))
    assert first.json() == again.json() and first.status_code == 200
    assert parent.send("add-card", id=made, card={**card, "text": "Other"}).json() == first.json()
    assert list(parent.state["cards"]) == [made]
    refused, once_more = (parent.send("freeze", id=str(uuid4())) for _ in range(2))
    assert (refused.status_code, once_more.status_code) == (403, 403)


def test_a_facilitator_needs_the_secret_of_the_session(facilitator: Person) -> None:
    del facilitator.client.headers["X-CSRF"]
    assert facilitator.send("freeze").status_code == 403
    facilitator.client.headers["X-CSRF"] = facilitator.get("state")["csrf"]
    assert facilitator.send("freeze").status_code == 200


def test_a_projector_sees_and_does_nothing(server: Server, facilitator: Person) -> None:
    url = facilitator.client.post(f"/workshops/{facilitator.code}/projector").json()["url"]
    with httpx.Client(trust_env=False) as client:
        assert client.get(url).status_code == 303
        wall = Person(server.address, facilitator.code, client)
        assert wall.get("state")["you"] == {"number": 0, "part": "projector"}
        assert wall.send("add-card", card={"kind": "help", "text": "x"}).status_code == 403
    assert httpx.get(url[:-3], trust_env=False).status_code == 401


def test_what_tells_of_a_person_is_refused_and_kept_nowhere(server: Server, parent: Person) -> None:
    answer = parent.send("add-card", card={"kind": "help", "text": "Ring her mother on 07700 900123"})
    assert answer.status_code == 422 and answer.json()["findings"] and "07700" not in answer.text
    kept = b"".join(f.read_bytes() for f in server.data.glob("record.sqlite*"))
    assert b"900123" not in kept


def test_wrong_requests_are_told(parent: Person) -> None:
    url = f"{parent.address}/workshops/{parent.code}/commands"
    assert parent.client.post(url, content=b"{}").status_code == 415
    assert parent.client.post(url, json={"command": "make-tea"}).status_code == 422
    assert parent.client.post(url, json={"x": "y" * 70_000}).status_code == 413
    assert parent.send("add-card", card={"kind": "asset", "text": "Not offered here"}).status_code == 422


def test_close_cards_and_things_are_found_while_typing(parent: Person) -> None:
    parent.does("add-card", card={"kind": "help", "text": "Sing together every day"})
    found = parent.get("near", text="singing together each day", kind="help")
    assert [c["text"] for c in found["cards"]] == ["Sing together every day"]
    assert found["things"] and found["things"][0]["name"].startswith("environment/")


def test_nothing_is_lost_or_doubled_over_cuts_and_a_kill(server: Server) -> None:
    """Six people, connections cut, the server killed while commands are on their way: all have the same in the end."""

    async def play(code: str) -> tuple[list[Member], set[str]]:
        crowd = [Member(server.port, code) for _ in range(6)]
        for member in crowd:
            await member.join("teacher")
            member.follow()
        sent = []
        for n in range(60):
            sent.append(asyncio.create_task(crowd[n % 6].card(f"Thought number {n}")))
            await asyncio.sleep(0.03)
            if n % 7 == 0:
                crowd[(n + 3) % 6].cut()
            if n == 30:
                server.kill()
                starting = asyncio.create_task(asyncio.to_thread(server.start))
        await starting
        ids = {made for made, _ in await asyncio.gather(*sent)}
        last = int((await crowd[0].send("park", card=min(ids)))["sequence"])
        for member in crowd:
            await member.caught_up(last)
            await member.leave()
        return crowd, ids

    with facilitating(server.address, server.data) as facilitator:
        crowd, ids = asyncio.run(play(facilitator.code))
        shown = facilitator.get("state")
    for member in crowd:
        assert member.sequences == list(range(1, shown["sequence"] + 1))
    patches = [
        patch_of(json.dumps([[c["path"], c["before"], c["after"]] for c in e["patch"]])) for e in crowd[0].events()
    ]
    state = replay([])
    for patch in patches:
        state = applied(state, patch)
    assert state == shown["state"] and set(state["cards"]) == ids
    assert any(member.reconnects for member in crowd)


def test_guessing_codes_comes_to_an_end_for_those_who_are_not_in(server: Server, parent: Person) -> None:
    with httpx.Client(base_url=server.address, trust_env=False) as client:
        answers = [client.post("/workshops/join", data={"code": "BBBBBB"}).status_code for _ in range(40)]
        assert client.post("/workshops/join", data={"code": parent.code}).status_code == 429
    assert answers[0] == 404 and answers[-1] == 429
    parent.does("add-card", card={"kind": "help", "text": "Sing every day"})
