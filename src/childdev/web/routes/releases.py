"""Releases: what has been released, and putting approved proposals together into the next one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from childdev.access.accounts import Account
from childdev.access.policy import Action
from childdev.contribution.changes.wording import Tense
from childdev.errors import ChilddevError, ConflictError, InvalidError, NotFoundError
from childdev.release import notes, proposals, releasing
from childdev.release.proposals import Status
from childdev.release.settling import finish
from childdev.store.record import Entry
from childdev.web.forms import form, whole_number
from childdev.web.installation import Installation, installation
from childdev.web.routes.proposals import now
from childdev.web.signed import person, require
from childdev.web.templating import page

router = APIRouter(include_in_schema=False)

_STEPS = ("Putting the proposals together", "Checking every rule, and proving that nothing contradicts", "Publishing")


@dataclass(frozen=True)
class Released:
    """A release in the list. `former` is the one before it, if there is one."""

    name: str
    day: str
    step: str
    reason: str
    former: str


@dataclass
class Making:
    """A release that is being made: how far it is, and how it ended."""

    step: int = 0
    name: str = ""
    wrong: ChilddevError | None = None
    chosen: list[int] = field(default_factory=list)
    task: asyncio.Task[None] | None = None

    @property
    def over(self) -> bool:
        """Whether it ended, well or not."""
        return bool(self.name or self.wrong)


@router.get("/releases")
def listed(request: Request) -> Response:
    """All releases, the newest first."""
    me = person(request)
    return page(request, "releases.html", releases=_all(request), may_release=bool(me and me.may(Action.MAKE_RELEASE)))


@router.get("/releases/new")
async def new(request: Request) -> Response:
    """Which proposals to release; with some chosen, what that comes to."""
    require(request, Action.MAKE_RELEASE)
    numbers = request.query_params.getlist("proposals")
    chosen = [n for text in numbers if (n := whole_number(text)) is not None]
    asked = "proposals" in request.query_params or "look" in request.query_params
    return await run_in_threadpool(_new, request, chosen, asked)


@router.post("/releases")
async def make(request: Request) -> Response:
    """Begin to make a release; the page of its progress tells the rest."""
    me = require(request, Action.MAKE_RELEASE)
    fields = await form(request)
    going = _going(request)
    if going is None or going.over:
        chosen = [n for text in fields.getlist("proposals") if (n := whole_number(text)) is not None]
        going = Making(chosen=chosen)
        request.app.state.making_release = going
        going.task = asyncio.create_task(_make(installation(request), going, me, fields.get("number", "")))
    return RedirectResponse("/releases/progress", 303)


@router.get("/releases/progress")
def progress(request: Request) -> Response:
    """How far the release is that is being made."""
    require(request, Action.MAKE_RELEASE)
    going = _going(request)
    if going is not None and going.name:
        return RedirectResponse(f"/releases/{going.name}?done=1", 303)
    response = page(
        request,
        "release-progress.html",
        going=going,
        steps=_STEPS,
        wrong=going.wrong if going else None,
        again="&".join(f"proposals={n}" for n in going.chosen) if going else "",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@router.get("/releases/progress.json")
def progress_data(request: Request) -> Response:
    """The same for the script that follows it."""
    require(request, Action.MAKE_RELEASE)
    going = _going(request)
    answer = {"step": going.step if going else 0, "over": going is None or going.over}
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


@router.get("/releases/{name}.md")
def as_markdown(request: Request, name: str) -> Response:
    """The notes of a release as a file."""
    entry, _ = _entry(request, name)
    if "notes" not in entry.details:
        raise NotFoundError(f"There are no notes for release {name} here.", [("All releases", "/releases")])
    return Response(notes.markdown(entry.details), media_type="text/markdown; charset=utf-8")


@router.get("/releases/{name}")
def one(request: Request, name: str, done: str = "") -> Response:
    """The notes of a release."""
    entry, found = _entry(request, name)
    details = entry.details
    return page(
        request,
        "release.html",
        r=found,
        notes=details.get("notes"),
        proposals=details.get("proposals", ()),
        votes=proposals.lines(details, "votes"),
        dissent=proposals.lines(details, "dissent"),
        credit=proposals.lines(details, "credit"),
        done=bool(done),
    )


# ---------------------------------------------------------------- making one


async def _make(here: Installation, going: Making, me: Account, number: str) -> None:
    """Make a release, step by step."""
    try:
        at, record = now(here), here.publication.record
        made = await run_in_threadpool(_bundle, here, going.chosen)
        going.step = 1
        change = await run_in_threadpool(releasing.prepared, made, number, me.role)
        change = await run_in_threadpool(releasing.complete, record.engine, made, change)
        going.step = 2
        await here.publish(at.number, change)
        assert change.release is not None
        await run_in_threadpool(_finish, here, going.chosen, change.release, me)
        going.name = change.release
    except ChilddevError as e:
        going.wrong = e
    except Exception:
        going.wrong = ConflictError("Something went wrong on our side, and nothing was released. Please try again.")
        raise


def _bundle(here: Installation, chosen: list[int], tense: Tense = "was") -> releasing.Bundle:
    with here.engine.connect() as connection:
        found = [proposals.proposal(connection, n) for n in dict.fromkeys(chosen)]
    return releasing.bundle(here.publication.record, now(here), found, tense)


def _finish(here: Installation, chosen: list[int], name: str, me: Account) -> None:
    with here.engine.begin() as connection:
        finish(connection, chosen, name, me.id)


def _new(request: Request, chosen: list[int], asked: bool) -> Response:
    here = installation(request)
    with here.engine.connect() as connection:
        approved = proposals.proposals(connection, (Status.APPROVED,))
    made, wrong = None, None
    if asked:
        try:
            made = _bundle(here, chosen, "will")
        except InvalidError as e:
            wrong = e
    return page(
        request,
        "release-new.html",
        422 if wrong else 200,
        approved=approved,
        chosen=chosen if asked else [p.id for p in approved],
        made=made,
        wrong=wrong,
        last=max(here.publication.record.releases().items())[1],
        at=here.newest.version,
    )


def _going(request: Request) -> Making | None:
    found: Making | None = getattr(request.app.state, "making_release", None)
    return found


# ---------------------------------------------------------------- what was released


def _all(request: Request) -> list[Released]:
    record = installation(request).publication.record
    entries = {e.number: e for e in record.log()}
    found: list[Released] = []
    for number, name in record.releases().items():
        entry = entries[number]
        made: dict[str, Any] = entry.details.get("notes", {})
        day = date.fromisoformat(made["day"]) if made else datetime.fromisoformat(entry.made_at).date()
        former = found[-1].name if found else ""
        found.append(Released(name, notes.day_in_words(day), made.get("step", ""), entry.reason, former))
    return found[::-1]


def _entry(request: Request, name: str) -> tuple[Entry, Released]:
    record = installation(request).publication.record
    number = next((n for n, release in record.releases().items() if release == name), None)
    entry = record.entry(number) if number is not None else None
    if entry is None:
        raise NotFoundError(f"There is no release '{name}' here.", [("All releases", "/releases")])
    return entry, next(r for r in _all(request) if r.name == name)
