"""Bringing in figures of areas: the template, checking, and taking in by those who may. Nothing small is kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated, Literal

from fastapi import APIRouter, FastAPI, Request
from fastapi import Path as InPath
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from childdev.access import audit
from childdev.access.policy import Action
from childdev.contribution.observations import taking
from childdev.contribution.observations.checking import Checked, check
from childdev.contribution.observations.example import OGL
from childdev.contribution.sheets.writing import TYPES
from childdev.errors import ChilddevError, FindingsError, TableError
from childdev.store import observations as kept
from childdev.web.installation import installation
from childdev.web.shelf import Job, Shelf
from childdev.web.signed import person, require
from childdev.web.templating import page
from childdev.web.uploads import attachment, private, sent

router = APIRouter(include_in_schema=False)
_SHOWN = 200
#: how many tables are kept, of all people together
_OF_ALL = 12


@dataclass
class Figures(Job[Checked]):
    """Figures that are being checked, or were. `on` tells beside which others; the file itself is not kept."""

    on: str
    replaces: int | None


def _shelf(app: FastAPI) -> Shelf[Figures]:
    if not hasattr(app.state, "figures"):
        app.state.figures = Shelf[Figures](("Bring in figures", "/areas/observe"), _OF_ALL)
    found: Shelf[Figures] = app.state.figures
    return found


@router.get("/areas/observe")
def start(request: Request) -> Response:
    """The template, the form to send a filled one, and the sets there are."""
    return _start(request)


@router.get("/areas/observe/template.{as_}")
def template(as_: Annotated[Literal["xlsx", "csv"], InPath()]) -> Response:
    """The table to fill in."""
    return attachment(taking.template(as_), f"figures.{as_}", TYPES[as_])


@router.post("/areas/observe/check")
async def check_figures(request: Request) -> Response:
    """Take a table or cube to be checked. It stays in memory, and goes when it was read."""
    account = require(request, Action.KEEP_FIGURES)
    here = installation(request)
    try:
        file = await sent(request, here.settings.upload_bytes, in_memory=True)
    except TableError as e:
        return _start(request, e)
    replaces = file.fields.get("replaces", "")
    on = await run_in_threadpool(taking.base, here.engine)
    job = Figures(account.id, file.name, on, int(replaces) if replaces.isdecimal() else None)
    reader = here.newest.reader

    def work() -> Checked:
        known = kept.load(here.engine, job.replaces)
        names = {i.value.rpartition("/")[2]: reader.label(i) for i in reader.of_kind("indicator")}
        return check(file.data, job.name, names, known, job.progress)

    key = _shelf(request.app).start(job, work)
    await job.a_while()
    if job.error is not None:
        _shelf(request.app).let_go(key)
        return _start(request, job.error)
    return RedirectResponse(f"/areas/observe/checked/{key}", 303)


@router.get("/areas/observe/checked/{key}")
def checked(request: Request, key: str) -> Response:
    """What came of a check, or how far it is."""
    job = _job(request, key)
    if job.error is not None:
        return _start(request, job.error)
    if job.checked is None:
        response = page(request, "areas-wait.html", job=job, key=key)
        response.headers["Refresh"] = "1"
        return private(response)
    return _result(request, key, job)


@router.get("/areas/observe/checked/{key}/sheet")
def sheet(request: Request, key: str) -> Response:
    """The table as it was sent, with what to mend and without small numbers."""
    job = _job(request, key)
    if job.checked is None:
        return RedirectResponse(f"/areas/observe/checked/{key}", 303)
    as_ = "xlsx" if job.checked.kind == "xlsx" else "csv"
    stem = PurePath(job.name).stem or "figures"
    return private(attachment(taking.answer(job.checked, as_), f"{stem} - to mend.{as_}", TYPES[as_]))


@router.post("/areas/observe/checked/{key}")
async def take_in(request: Request, key: str) -> Response:
    """Store the figures that were checked, as a set with its source."""
    account = require(request, Action.KEEP_FIGURES)
    job = _job(request, key)
    if job.checked is None:
        return RedirectResponse(f"/areas/observe/checked/{key}", 303)
    values = {k: v for k, v in (await request.form()).items() if isinstance(v, str)}
    found, here = job.checked, installation(request)

    def store() -> int:
        told = taking.about(values)
        with here.engine.begin() as connection:
            number = taking.store(connection, found, told, account.role, job.on, job.replaces)
            audit.note(connection, account.id, Action.KEEP_FIGURES.value, f"set of figures {number}")
            return number

    try:
        number = await run_in_threadpool(store)
    except ChilddevError as e:
        return _result(request, key, job, e, values)
    _shelf(request.app).let_go(key)
    return RedirectResponse(f"/areas/observe?taken={number}#sets", 303)


@router.post("/areas/sets/{number}/withdraw")
def withdraw(request: Request, number: int) -> Response:
    """Take a set of figures away; that it was there stays in the record."""
    account = require(request, Action.KEEP_FIGURES)
    with installation(request).engine.begin() as connection:
        kept.end(connection, number, account.role)
        audit.note(connection, account.id, Action.KEEP_FIGURES.value, f"set of figures {number} withdrawn")
    return RedirectResponse("/areas/observe#sets", 303)


def _start(request: Request, problem: ChilddevError | None = None) -> Response:
    here = installation(request)
    account = None if here.read_only else person(request)
    response = page(
        request,
        "areas-observe.html",
        problem.status if problem is not None else 200,
        may=account is not None and account.may(Action.KEEP_FIGURES),
        signed_in=account is not None,
        most=here.settings.upload_bytes >> 20,
        sets=[] if here.read_only else kept.sets(here.engine),
        taken=request.query_params.get("taken", ""),
        problem=problem,
    )
    return private(response)


def _result(
    request: Request, key: str, job: Figures, problem: ChilddevError | None = None, values: dict[str, str] | None = None
) -> Response:
    assert job.checked is not None
    response = page(
        request,
        "areas-checked.html",
        problem.status if problem else 200,
        key=key,
        job=job,
        checked=job.checked,
        faults=job.checked.faults[:_SHOWN],
        more=max(0, job.checked.faulty - _SHOWN),
        problem=problem,
        findings=problem.findings if isinstance(problem, FindingsError) else [],
        values={"licence": OGL, **(values or {})},
    )
    return private(response)


def _job(request: Request, key: str) -> Figures:
    account = require(request, Action.KEEP_FIGURES)
    return _shelf(request.app).of(key, account.id)
