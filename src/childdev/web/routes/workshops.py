"""Workshops: opening, joining, steering, and the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Annotated, Any
from uuid import uuid4

import segno
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from childdev.access.policy import Action
from childdev.errors import ChilddevError, NotFoundError, WorkshopError
from childdev.release import proposals
from childdev.release.proposals import Proposal
from childdev.web.installation import Installation, installation
from childdev.web.negotiation import best
from childdev.web.routes.live import COOKIE, inside, label_of, number_in, room_of, rooms, snapshot, stated_of
from childdev.web.signed import person, require
from childdev.web.templating import page
from childdev.workshop import record as records
from childdev.workshop import record_data
from childdev.workshop.commands import COMMAND, RELATIONS
from childdev.workshop.log import digest
from childdev.workshop.proposing import proposal_of
from childdev.workshop.roles import ROLES, by_sector
from childdev.workshop.room import Room
from childdev.workshop.rooms import new_secret
from childdev.workshop.run_sheets import CARD_KINDS, Template, template, templates

router = APIRouter(include_in_schema=False)

_TEMPLATE_HOURS = 12
#: days for which a facilitator can come back to a workshop whose code has run out
_FACILITATOR_DAYS = 60
_PAPER_CARDS = 24


@router.get("/join")
@router.get("/workshops")
async def overview(request: Request) -> Response:
    """Enter a code; for those who may: open a workshop, or go back to one."""
    return await _overview(request)


@router.get("/w/{code}")
async def short(code: str) -> Response:
    """The short address of a workshop, to be typed or read from a QR code."""
    return RedirectResponse(f"/workshops/{code[:40]}", 303)


async def _overview(request: Request, problem: str = "", code: str = "", status: int = 200) -> Response:
    here = installation(request)
    account = person(request) if request.method == "GET" else None
    may_open = account is not None and account.may(Action.OPEN_WORKSHOP)
    mine = await run_in_threadpool(rooms(request).log.opened_by, str(account.id)) if account and may_open else []
    return page(
        request,
        "workshops.html",
        status,
        may_open=may_open and not here.read_only,
        templates=list(templates().values()),
        mine=[
            {"code": w.code, "title": w.title, "opened_at": w.opened_at, "closed": w.closed_at is not None}
            for w in mine
        ],
        problem=problem,
        code=code,
    )


@router.get("/workshops/new")
def new(request: Request, template: str = "language-0-3") -> Response:
    """The form to open a workshop."""
    require(request, Action.OPEN_WORKSHOP)
    return page(request, "workshop-new.html", chosen=_template(template), problem="")


def _template(key: str) -> Template:
    return template(key)


def _timed(chosen: Template, form: FormData) -> Template:
    """A template whose phases take as many minutes as a form says (`minutes-<key of the phase>`)."""
    given = {phase.key: str(form.get(f"minutes-{phase.key}", "")) for phase in chosen.phases}
    minutes = {key: min(240, max(1, int(value))) for key, value in given.items() if value.isdecimal()}
    return replace(chosen, phases=tuple(replace(p, minutes=minutes.get(p.key, p.minutes)) for p in chosen.phases))


@router.post("/workshops")
async def open_workshop(
    request: Request,
    template: Annotated[str, Form()],
    title: Annotated[str, Form()] = "",
    question: Annotated[str, Form()] = "",
    hours: Annotated[int, Form(ge=1, le=168)] = _TEMPLATE_HOURS,
) -> Response:
    """Open a workshop, and go into it as its facilitator."""
    account = require(request, Action.OPEN_WORKSHOP)
    chosen, here = _timed(_template(template), await request.form()), installation(request)
    title, question = " ".join(title.split())[:200], " ".join(question.split())[:500]
    stated = await stated_of(request)
    labels = {name: label for name in chosen.about if (label := label_of(stated, name)) is not None}
    asked = (title or chosen.title, question or chosen.question)
    try:
        room, number = await rooms(request).open(chosen, *asked, hours, str(account.id), here.newest.version, labels)
    except ChilddevError as e:
        if best(request.headers.get("accept"), ("application/problem+json", "text/html")) != "text/html":
            raise
        return page(request, "workshop-new.html", e.status, chosen=chosen, problem=str(e))
    return await _let_in(request, room, number)


@router.post("/workshops/join")
async def enter_code(request: Request, code: Annotated[str, Form()]) -> Response:
    """From a code to where one joins."""
    try:
        room = await room_of(request, code[:40])
    except (NotFoundError, WorkshopError) as e:
        return await _overview(request, str(e), code[:40], e.status)
    return RedirectResponse(f"/workshops/{room.opened.code}/join", 303)


@router.get("/workshops/{code}/join")
async def join_form(request: Request, code: str) -> Response:
    """Choose a role. Who is in already goes on."""
    room = await room_of(request, code)
    if code != room.opened.code or number_in(request, room):
        return RedirectResponse(f"/workshops/{room.opened.code}{'' if number_in(request, room) else '/join'}", 303)
    return _join_page(request, room)


def _join_page(request: Request, room: Room, problem: str = "", status: int = 200) -> Response:
    sectors = by_sector(tuple(room.state["setup"]["roles"]))
    return page(request, "workshop-join.html", status, sectors=sectors, problem=problem, **_about(request, room))


@router.post("/workshops/{code}/join")
async def join(request: Request, code: str, role: Annotated[str, Form()] = "") -> Response:
    """Join with a role: no name, no account."""
    room = await room_of(request, code)
    if number_in(request, room):
        return RedirectResponse(f"/workshops/{room.opened.code}", 303)
    secret, token = new_secret(0, room.opened.expires_at)
    try:
        await room.join("participant", role, token)
    except WorkshopError as e:
        return _join_page(request, room, str(e), e.status)
    return _with_cookie(request, room, secret, RedirectResponse(f"/workshops/{room.opened.code}", 303))


@router.get("/workshops/{code}")
async def enter(request: Request, code: str) -> Response:
    """The room. Its facilitator comes in by being signed in."""
    room = await room_of(request, code)
    if code != room.opened.code:
        return RedirectResponse(f"/workshops/{room.opened.code}", 303)
    number = number_in(request, room)
    account = person(request)
    if account is not None and str(account.id) == room.opened.opened_by and not number:
        return await _let_in(request, room, _facilitator(room))
    if number is None:
        return RedirectResponse(f"/workshops/{code}/join", 303)
    return _room_page(request, room, number, "workshop-projector.html" if number == 0 else "workshop-room.html")


def _facilitator(room: Room) -> int:
    people = room.state["participants"].values()
    return next(int(p["number"]) for p in people if p["part"] == "facilitator")


@router.post("/workshops/{code}/add")
async def add(
    request: Request,
    code: str,
    kind: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    id: Annotated[str, Form()] = "",
) -> Response:
    """Put up a card without script."""
    room = await room_of(request, code)
    number = inside(request, room)
    stated = await stated_of(request)
    try:
        command = COMMAND.validate_python({"command": "add-card", "id": id, "card": {"kind": kind, "text": text}})
        await room.act(number, command, lambda name: label_of(stated, name))
    except ValidationError:
        more = {
            "problem": "A card needs words: at least one, at most 500 letters.",
            "typed": {"kind": kind, "text": text},
        }
        return _room_page(request, room, number, "workshop-room.html", 422, **more)
    except ChilddevError as e:
        more = {"problem": str(e), "typed": {"kind": kind, "text": text}}
        return _room_page(request, room, number, "workshop-room.html", e.status, **more)
    return RedirectResponse(f"/workshops/{room.opened.code}#room", 303)


def _room_page(request: Request, room: Room, number: int, template: str, status: int = 200, **more: Any) -> Response:
    found = snapshot(request, room, number)
    kinds = [{"key": k, "label": CARD_KINDS[k][0], "hint": CARD_KINDS[k][1]} for k in room.state["setup"]["kinds"]]
    known = {
        "you": found["you"],
        "snapshot": found,
        "relations": RELATIONS,
        "card_kinds": kinds,
        "new_id": str(uuid4()),
    }
    known |= {"role_labels": {r.key: r.label for r in ROLES.values()}, "choices": _choices(request), **more}
    return page(request, template, status, **known, **_about(request, room))


def _choices(request: Request) -> dict[str, list[dict[str, str]]]:
    """What a facilitator chooses from when a card gets its details."""
    here = installation(request).newest
    chosen = {
        name: [{"key": t.value.rsplit("/", 1)[-1], "label": here.reader.label(t)} for t in here.reader.of_kind(kind)]
        for name, kind in (("domains", "domain"), ("levels", "level"), ("capitals", "capital"))
    }
    return {**chosen, "stages": [{"key": s.slug, "label": s.label} for s in here.stages]}


def _about(request: Request, room: Room) -> dict[str, Any]:
    setup, code = room.state["setup"], room.opened.code
    about = {
        "code": code,
        "title": setup["title"],
        "question": setup["question"],
        "closed": bool(room.state.get("closed")),
        "open": not room.expired and not room.state.get("closed"),
        "expires": room.opened.expires_at,
        "join_url": f"{installation(request).newest.base_url}/w/{code}",
    }
    return {"workshop": about}


async def _let_in(request: Request, room: Room, number: int, to: str = "") -> Response:
    until = datetime.fromisoformat(room.opened.expires_at) + timedelta(days=_FACILITATOR_DAYS)
    secret, token = new_secret(number, until.isoformat(timespec="milliseconds"))
    await room.admit(token)
    return _with_cookie(request, room, secret, RedirectResponse(f"/workshops/{room.opened.code}{to}", 303))


def _with_cookie(request: Request, room: Room, secret: str, response: Response) -> Response:
    """The cookie lasts as long as the browser is open, or until what it stands for has run out."""
    secure = (installation(request).settings.public_url or "").startswith("https:")
    path = f"/workshops/{room.opened.code}"
    response.set_cookie(COOKIE, secret, max_age=7 * 86400, path=path, httponly=True, samesite="lax", secure=secure)
    return response


def _steering(request: Request, room: Room) -> int:
    """The number of the facilitator who asks.

    Raises:
        WorkshopError: someone else asks.
    """
    number = inside(request, room)
    if room.participant(number)["part"] != "facilitator":
        raise WorkshopError(403, "Only the facilitator can do this.")
    return number


@router.get("/workshops/{code}/projector")
async def projector(request: Request, code: str, key: str = "") -> Response:
    """The wall: all can read it, nobody acts from it."""
    room = await room_of(request, code)
    token = room.tokens.get(digest(key)) if key else None
    if token is not None and token.participant == 0:
        return _with_cookie(request, room, key, RedirectResponse(f"/workshops/{room.opened.code}/projector", 303))
    account = person(request)
    if number_in(request, room) is None and account is not None and str(account.id) == room.opened.opened_by:
        return await _let_in(request, room, _facilitator(room), "/projector")
    inside(request, room)
    return _room_page(request, room, 0, "workshop-projector.html")


@router.post("/workshops/{code}/projector")
async def projector_link(request: Request, code: str) -> Response:
    """A link that only shows, for another machine. It is told once."""
    room = await room_of(request, code)
    _steering(request, room)
    secret, token = new_secret(0, room.opened.expires_at)
    await room.admit(token)
    url = f"{installation(request).newest.base_url}/workshops/{room.opened.code}/projector?key={secret}"
    return JSONResponse({"url": url}, headers={"Cache-Control": "no-store"})


@router.get("/workshops/{code}/qr.svg")
async def qr(request: Request, code: str) -> Response:
    """The address to join as a QR code."""
    room = await room_of(request, code)
    out = BytesIO()
    segno.make(_about(request, room)["workshop"]["join_url"], error="m").save(out, kind="svg", scale=8, border=4)
    return Response(out.getvalue(), media_type="image/svg+xml")


@router.get("/workshops/{code}/cards")
async def paper(request: Request, code: str) -> Response:
    """Printable cards, each with a code by which it is keyed in later."""
    room = await room_of(request, code)
    _steering(request, room)
    qr_url = f"/workshops/{room.opened.code}/qr.svg"
    return page(request, "workshop-cards.html", cards=_printed(room), qr=qr_url, **_about(request, room))


def _printed(room: Room) -> list[dict[str, str]]:
    kinds = room.state["setup"]["kinds"]
    made = [
        {"code": f"{chr(ord('A') + n % len(kinds))}{n // len(kinds) + 1}", "kind": kind}
        for n, kind in enumerate(kinds * (_PAPER_CARDS // len(kinds)))
    ]
    return [{**m, "label": CARD_KINDS[m["kind"]][0], "hint": CARD_KINDS[m["kind"]][1]} for m in made]


@router.get("/workshops/{code}/key-in")
async def key_in(request: Request, code: str) -> Response:
    """Key in cards from paper."""
    room = await room_of(request, code)
    return _room_page(request, room, inside(request, room), "workshop-key-in.html", cards=_printed(room))


@router.get("/workshops/{code}/record")
async def record(request: Request, code: str) -> Response:
    """The record that writes itself: who by role, what was put forward, decided and why, dissent, open questions."""
    room = await room_of(request, code)
    _reading(request, room)
    found = records.record_of(room.state, room.events)
    became = await run_in_threadpool(_became, installation(request), room)
    return page(request, "workshop-record.html", record=found, became=became, **_about(request, room))


def _reading(request: Request, room: Room) -> None:
    """Let in who was there and, once it is closed, who reviews what came of it."""
    account = person(request) if room.state.get("closed") else None
    if account is None or not account.may(Action.COMMENT):
        inside(request, room)


def _became(here: Installation, room: Room) -> list[Proposal]:
    """The proposals that came out of a workshop, the newest first."""
    record = f"/workshops/{room.opened.code}/record"
    with here.engine.connect() as connection:
        return [p for p in proposals.proposals(connection) if p.details.get("record") == record]


@router.get("/workshops/{code}/record.ttl")
async def record_as_data(request: Request, code: str) -> Response:
    """The same as data."""
    room = await room_of(request, code)
    _reading(request, room)
    return Response(record_data.turtle(records.record_of(room.state, room.events)), media_type="text/turtle")


@router.get("/workshops/{code}/proposal")
async def draft(request: Request, code: str) -> Response:
    """What would be put forward."""
    room = await room_of(request, code)
    _steering(request, room)
    found = await run_in_threadpool(proposal_of, room.state, await stated_of(request))
    return JSONResponse(found.plain(), headers={"Cache-Control": "no-store"})


@router.post("/workshops/{code}/proposal")
async def propose(request: Request, code: str) -> Response:
    """Hand what was accepted to review; after closing, and once."""
    account = require(request, Action.OPEN_PROPOSAL)
    room = await room_of(request, code)
    _steering(request, room)
    if not room.state.get("closed"):
        raise WorkshopError(409, "Close the workshop first; then what was accepted can be put forward.")
    here, title = installation(request), f"/workshops/{room.opened.code}/record"
    found = await run_in_threadpool(proposal_of, room.state, await stated_of(request))
    details = {**found.details, "workshop": room.state["setup"]["title"], "record": title}

    def hand_over() -> int:
        with here.engine.begin() as connection:
            for one in proposals.proposals(connection, author=account.id):
                if one.details.get("record") == title and one.alive:
                    return one.id
            base = here.newest.published.number
            return proposals.open_proposal(connection, account.id, found.title, found.why, base, found.changes, details)

    return RedirectResponse(f"/proposals/{await run_in_threadpool(hand_over)}", 303)
