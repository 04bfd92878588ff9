"""Tables: templates to fill in, and filled ones checked, returned with their messages, and taken in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated, Literal

from fastapi import APIRouter, FastAPI, Request
from fastapi import Path as InPath
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from childdev.access.policy import Action
from childdev.contribution.sheets import checking, plans, reading, rules, safety, writing
from childdev.errors import ChilddevError, TableError
from childdev.release import proposals
from childdev.web.installation import installation, served
from childdev.web.shelf import Job, Shelf
from childdev.web.signed import person, require
from childdev.web.templating import page
from childdev.web.uploads import attachment, private, sent

router = APIRouter(include_in_schema=False)
_SHOWN = 200
#: the most fields of the form in which rows are chosen: one for each row that a table may have, and a few more
_FIELDS = safety.MOST_ROWS + 1_000
#: how many tables are kept: of all, and of one person
_OF_ALL, _OF_ONE = 24, 3


@dataclass
class FilledTable(Job[checking.Checked]):
    """A table that was filled in. `base` is the number of the version against which it is checked."""

    data: bytes
    base: int


def _shelf(app: FastAPI) -> Shelf[FilledTable]:
    if not hasattr(app.state, "tables"):
        app.state.tables = Shelf[FilledTable](("Tables", "/tables"), _OF_ALL, _OF_ONE)
    found: Shelf[FilledTable] = app.state.tables
    return found


@router.get("/tables")
async def tables(request: Request) -> Response:
    """Templates to download, and the form to send a filled one."""
    return _start(request)


@router.get("/tables/{name}.{as_}")
async def template(
    request: Request, name: str, as_: Annotated[Literal["xlsx", "csv"], InPath()], filled: bool = False
) -> Response:
    """A template, with the present rows of the model if asked for."""
    plan, stated = plans.plan(name), served(request).stated
    data = await run_in_threadpool(writing.template, plan, stated, as_, filled)
    return attachment(data, f"{name}{'-as-they-are' if filled else ''}.{as_}", writing.TYPES[as_])


@router.post("/tables/check")
async def check(request: Request) -> Response:
    """Take a filled table to be checked. It is kept in memory only, for the one who sent it."""
    account = require(request, Action.UPLOAD_TABLES)
    here = installation(request)
    try:
        file = await sent(request, here.settings.upload_bytes)
    except TableError as e:
        return _start(request, e)
    which = file.fields.get("which", "")
    if which:
        plans.plan(which)
    job = FilledTable(account.id, file.name, file.data, here.newest.published.number)

    def work() -> checking.Checked:
        return checking.check(reading.read(file.data, file.name, which), here.stated, job.progress)

    key = _shelf(request.app).start(job, work)
    await job.a_while()
    if job.error is not None:
        _shelf(request.app).let_go(key)
        return _start(request, job.error)
    return RedirectResponse(f"/tables/checked/{key}", 303)


@router.get("/tables/checked/{key}")
async def checked(request: Request, key: str) -> Response:
    """What came of a table, or how far its check is."""
    job = _job(request, key)
    if job.error is not None:
        _shelf(request.app).let_go(key)
        return _start(request, job.error)
    if job.checked is None:
        response = page(request, "tables-wait.html", job=job, key=key)
        response.headers["Refresh"] = "1"
        return private(response)
    return _result(request, key, job)


@router.get("/tables/checked/{key}/sheet")
async def sheet(request: Request, key: str) -> Response:
    """The table as it was sent, with what to mend."""
    job = _job(request, key)
    if job.checked is None:
        return RedirectResponse(f"/tables/checked/{key}", 303)
    data = await run_in_threadpool(writing.answer, job.data, job.checked)
    stem = PurePath(job.name).stem or "table"
    as_ = job.checked.sheet.format
    return private(attachment(data, f"{stem} - to mend.{as_}", writing.TYPES[as_]))


@router.post("/tables/checked/{key}")
async def take_in(request: Request, key: str) -> Response:
    """Make the chosen rows a proposal, a draft that its author can still look at and open for review."""
    account = require(request, Action.UPLOAD_TABLES)
    job = _job(request, key)
    if job.checked is None:
        return RedirectResponse(f"/tables/checked/{key}", 303)
    form = await request.form(max_fields=_FIELDS)
    chosen = {int(n) for n in form.getlist("row") if isinstance(n, str) and n.isdigit()}
    title, why = str(form.get("title") or ""), str(form.get("why") or "")
    here = installation(request)
    rows = [r for r in job.checked.good if r.number in chosen]
    if not rows:
        return _result(request, key, job, "No row is chosen. Tick the rows to take in.")
    # rows that were good together may need one that is left out; all of them have been tried already
    if len(rows) < len(job.checked.good):
        broken = await run_in_threadpool(rules.verify, rows, here.stated)
        if broken:
            return _result(request, key, job, " ".join(str(f) for f in broken[:5]), chosen)
    changes = job.checked.changes(chosen)

    def store() -> int:
        with here.engine.begin() as connection:
            return proposals.open_proposal(connection, account.id, title, why, job.base, changes, draft=True)

    try:
        number = await run_in_threadpool(store)
    except ChilddevError as e:
        return _result(request, key, job, str(e), chosen)
    _shelf(request.app).let_go(key)
    return RedirectResponse(f"/proposals/{number}", 303)


def _start(request: Request, problem: ChilddevError | None = None) -> Response:
    here = installation(request)
    account = None if here.read_only else person(request)
    response = page(
        request,
        "tables.html",
        problem.status if problem is not None else 200,
        plans=plans.plans(),
        may=account is not None and account.may(Action.UPLOAD_TABLES),
        signed_in=account is not None,
        most=here.settings.upload_bytes >> 20,
        problem=problem,
    )
    return private(response)


def _result(
    request: Request, key: str, job: FilledTable, problem: str = "", chosen: set[int] | None = None
) -> Response:
    assert job.checked is not None
    found = job.checked
    headings = {c.name if c is not None else str(i): found.sheet.headings[i] for i, c in enumerate(found.sheet.columns)}
    response = page(
        request,
        "tables-checked.html",
        422 if problem else 200,
        key=key,
        job=job,
        checked=found,
        headings=headings,
        bad=found.bad[:_SHOWN],
        bad_more=max(0, len(found.bad) - _SHOWN),
        chosen=chosen,
        problem=problem,
    )
    return private(response)


def _job(request: Request, key: str) -> FilledTable:
    account = require(request, Action.UPLOAD_TABLES)
    return _shelf(request.app).of(key, account.id)
