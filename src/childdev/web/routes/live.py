"""The live side of a workshop: commands by POST, events by SSE. What is said here is in docs/workshop-protocol.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from childdev import terms as cd
from childdev.contribution.changes.names import thing
from childdev.contribution.changes.wording import called
from childdev.errors import ChilddevError, WorkshopError
from childdev.model.modules import RDF_TYPE
from childdev.model.stated import Stated
from childdev.web.installation import installation
from childdev.web.problems import problem
from childdev.web.signed import csrf_token, person
from childdev.workshop.agreement import agreement
from childdev.workshop.commands import COMMAND, Command
from childdev.workshop.conflicts import conflicts, plain
from childdev.workshop.near import near, statements, things
from childdev.workshop.room import Room
from childdev.workshop.rooms import Rooms, code_of, known
from childdev.workshop.throttle import Throttle

router = APIRouter(include_in_schema=False)

#: the cookie that lets a browser into one workshop
COOKIE = "workshop"
_MOST = 64 << 10


def rooms(request: Request) -> Rooms:
    """The workshops of the installation that answers a request."""
    state = request.app.state
    if getattr(state, "rooms", None) is None:
        state.rooms = Rooms(installation(request).engine)
        state.guesses = Throttle(burst=30, per_second=0.2)
    found: Rooms = state.rooms
    return found


async def room_of(request: Request, code: str) -> Room:
    """The workshop of a code, as typed. Wrong codes are counted, so that guessing takes for ever.

    Raises:
        NotFoundError: there is none.
        WorkshopError: too many wrong ones came from there.
    """
    known_rooms = rooms(request)
    guesses: Throttle = request.app.state.guesses
    address = request.client.host if request.client else ""
    spent = guesses.left(address) < 1
    if not spent or COOKIE in request.cookies:
        try:
            room = await known_rooms.get(code_of(code))
        except ChilddevError:
            guesses.take(address)
            raise
        # a hall has one address: who is in goes on, whatever others there try
        if not spent or known(room, request.cookies[COOKIE]) is not None:
            return room
    raise waiting(guesses.wait(address), "There were too many wrong codes. Wait a minute, then try again.")


def waiting(seconds: int, message: str) -> WorkshopError:
    """A refusal that says when to try again."""
    error = WorkshopError(429, message)
    error.headers = {"Retry-After": str(seconds)}
    return error


def number_in(request: Request, room: Room) -> int | None:
    """The number of who sends a request, or None if they are not in the workshop. A facilitator is signed in too."""
    number = known(room, request.cookies.get(COOKIE, ""))
    if number and room.participant(number)["part"] == "facilitator":
        account = person(request)
        return number if account is not None and str(account.id) == room.opened.opened_by else None
    return number


def inside(request: Request, room: Room) -> int:
    """The number of who sends a request.

    Raises:
        WorkshopError: they are not in the workshop.
    """
    number = number_in(request, room)
    if number is None:
        raise WorkshopError(401, "You are not in this workshop, or your link has run out. Join with its code.")
    return number


def label_of(stated: Stated, name: str) -> str | None:
    """What a thing of the model is called, or a claim says; None where there is none of this name (any more)."""
    try:
        node = thing(name)
    except ValueError:
        return None
    found = stated.value(node, RDF_TYPE)
    if found == cd.Claim:
        return called(stated, node)
    return stated.label(node) if found is not None and found != cd.Retired else None


async def stated_of(request: Request) -> Stated:
    """What is stated. It is indexed when it is first asked for, which takes seconds: not while others wait."""
    return await run_in_threadpool(lambda: installation(request).stated)


def clash_of(room: Room, stated: Stated, key: str) -> Mapping[str, Any] | None:
    """A clash of meaning by its key."""
    return next((plain(c, room.state) for c in conflicts(room.state, stated) if c.key == key), None)


@router.post("/workshops/{code}/commands")
async def command(request: Request, code: str) -> Response:
    """Do what one command asks."""
    sent = ""
    try:
        room = await room_of(request, code)
        number = inside(request, room)
        given = await _command(request)
        sent = given.id
        stated = await stated_of(request)
        event = await room.act(number, given, lambda n: label_of(stated, n), lambda key: clash_of(room, stated, key))
    except ChilddevError as error:
        return _refused(error, sent)
    done = {"id": given.id, "sequence": event.sequence if event else len(room.events)}
    return JSONResponse({**done, "event": event.plain() if event else None})


async def _command(request: Request) -> Command:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise WorkshopError(415, "Send commands as application/json.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST:
            raise WorkshopError(413, "This is too long for one command.")
    try:
        return COMMAND.validate_json(body)
    except ValidationError as e:
        told = [f"{'.'.join(str(p) for p in x['loc'])}: {x['msg']}" for x in e.errors(include_input=False)[:5]]
        raise WorkshopError(422, f"The command can't be taken. {'; '.join(told)}.") from None


def _refused(error: ChilddevError, sent: str = "") -> Response:
    extra = error.extra if isinstance(error, WorkshopError) else {}
    document = {**problem(error), **extra, **({"id": sent} if sent else {})}
    headers = {"Cache-Control": "no-store", **getattr(error, "headers", {})}
    return JSONResponse(document, error.status, headers, media_type="application/problem+json")


@router.get("/workshops/{code}/events")
async def events(request: Request, code: str, after: int = 0) -> Response:
    """What happened after an event, and then what happens."""
    try:
        room = await room_of(request, code)
        number = inside(request, room)
    except ChilddevError as error:
        return _refused(error)
    last = request.headers.get("last-event-id", "")
    lines = room.follow(number, int(last) if last.isdecimal() else after)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(lines, headers=headers, media_type="text/event-stream")


@router.get("/workshops/{code}/state")
async def state(request: Request, code: str) -> Response:
    """The state as it is now, and who asks."""
    try:
        room = await room_of(request, code)
        number = inside(request, room)
    except ChilddevError as error:
        return _refused(error)
    return JSONResponse(snapshot(request, room, number), headers={"Cache-Control": "no-store"})


def snapshot(request: Request, room: Room, number: int) -> dict[str, Any]:
    """The state as it is now, who asks, who is here, and the secret that a facilitator's commands carry."""
    you = dict(room.participant(number))
    return {
        "sequence": len(room.events),
        "state": room.state,
        "you": you,
        "presence": room.presence(),
        "csrf": csrf_token(request) if you["part"] == "facilitator" else "",
    }


@router.get("/workshops/{code}/near")
async def near_to(request: Request, code: str, text: str, kind: str = "") -> Response:
    """Cards and things close to what somebody is typing."""
    room = await room_of(request, code)
    inside(request, room)
    found = await run_in_threadpool(near, room.state, installation(request).newest.search, text[:500], kind)
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


@router.get("/workshops/{code}/find")
async def find(request: Request, code: str, q: str, kind: str = "") -> Response:
    """Things of the model to refer to."""
    inside(request, await room_of(request, code))
    found = await run_in_threadpool(things, installation(request).newest.search, q, kind)
    return JSONResponse({"things": found}, headers={"Cache-Control": "no-store"})


@router.get("/workshops/{code}/claims")
async def claims(request: Request, code: str, of: str) -> Response:
    """What the model says of a thing, statement by statement, so that one can be seen differently."""
    inside(request, await room_of(request, code))
    found = await run_in_threadpool(statements, await stated_of(request), of)
    return JSONResponse({"claims": found}, headers={"Cache-Control": "no-store"})


@router.get("/workshops/{code}/conflicts")
async def clashes(request: Request, code: str) -> Response:
    """Clashes of meaning as they are now."""
    room = await room_of(request, code)
    inside(request, room)
    now = room.state
    found = await run_in_threadpool(conflicts, now, await stated_of(request))
    return JSONResponse({"conflicts": [plain(c, now) for c in found]}, headers={"Cache-Control": "no-store"})


@router.get("/workshops/{code}/agreement")
async def stances(request: Request, code: str) -> Response:
    """How the room stands, and who has not spoken."""
    room = await room_of(request, code)
    inside(request, room)
    found = agreement(room.state, room.presence()["here"])
    return JSONResponse(found, headers={"Cache-Control": "no-store"})
