"""The log in SQL, and rooms over it: what is stored is what is told, whoever writes."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from childdev.errors import WorkshopError
from childdev.store.database import connect
from childdev.workshop.commands import COMMAND
from childdev.workshop.log import Log
from childdev.workshop.room import Room
from childdev.workshop.rooms import Rooms, known, new_secret
from childdev.workshop.run_sheets import template, templates
from childdev.workshop.state import Event, replay


def card(text: str) -> Any:
    return COMMAND.validate_python({"id": str(uuid4()), "command": "add-card", "card": {"kind": "help", "text": text}})


async def opened(rooms: Rooms) -> Room:
    room, number = await rooms.open(template("language-0-3"), "Trying", "What helps?", 2, "7", "1.0.0", {})
    assert number == 1
    return room


def test_a_room_is_made_again_from_its_log(database_url: str) -> None:
    engine = connect(database_url)

    async def play() -> tuple[Room, str]:
        room = await opened(Rooms(engine))
        secret, token = new_secret(0, room.opened.expires_at)
        number = await room.join("participant", "teacher", token)
        events = await asyncio.gather(*(room.act(number, card(f"Card {n}"), lambda _: None) for n in range(30)))
        assert [e.sequence for e in events if e] == list(range(4, 34))
        return room, secret

    async def again(code: str) -> Room:
        return await Rooms(engine).get(code)

    room, secret = asyncio.run(play())
    anew = asyncio.run(again(room.opened.code))
    assert anew.state == room.state == replay(anew.events)
    assert known(anew, secret) == 2 and known(anew, secret + "x") is None
    assert secret not in str(Log(engine).tokens(anew.opened.id))
    assert [w.code for w in Log(engine).opened_by("7")] == [room.opened.code]
    engine.dispose()


def test_two_processes_never_write_the_same_number(database_url: str) -> None:
    engine = connect(database_url)

    async def play() -> None:
        one = await opened(Rooms(engine))
        number = await one.join("participant", "teacher")
        two = await Rooms(engine).get(one.opened.code)
        await one.act(number, card("First"), lambda _: None)
        late = card("Second")
        with pytest.raises(WorkshopError) as refused:
            await two.act(number, late, lambda _: None)
        assert refused.value.status == 503
        event = await two.act(number, late, lambda _: None)  # sent again under the same id
        assert isinstance(event, Event) and event.sequence == 5
        assert [c["text"] for c in two.state["cards"].values()] == ["First", "Second"]

    asyncio.run(play())
    engine.dispose()


def test_the_code_of_a_workshop_runs_out(database_url: str) -> None:
    engine = connect(database_url)

    async def play() -> None:
        rooms = Rooms(engine)
        room, _ = await rooms.open(template("language-0-3"), "Trying", "What helps?", 0, "7", "1.0.0", {})
        with pytest.raises(WorkshopError, match="run out"):
            await room.join("participant", "teacher")
        secret, token = new_secret(1, room.opened.expires_at)
        await room.admit(token)
        assert known(room, secret) is None

    asyncio.run(play())
    engine.dispose()


def test_every_template_can_be_opened() -> None:
    assert len(templates()) >= 4
    for found in templates().values():
        assert [p.key for p in found.phases] == ["gather", "group", "connect", "weigh", "agree"]
        assert found.minutes <= 90 and found.question.endswith("?") and all(p.say for p in found.phases)
