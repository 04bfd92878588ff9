"""Bringing in figures of areas: the template, checking, and taking in by those who may. Nothing small is kept."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request
from fastapi import Path as InPath
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from childdev.access import audit
from childdev.access.policy import Action
from childdev.contribution.observations import taking
from childdev.contribution.observations.checking import Checked, check
from childdev.contribution.observations.example import OGL
from childdev.errors import BusyError, ChilddevError, FindingsError, NotFoundError, TableError
from childdev.store import observations as kept
from childdev.web.installation import installation
from childdev.web.signed import person, require
from childdev.web.templating import page
from childdev.web.uploads import Upload, too_large

router = APIRouter(include_in_schema=False)
#: seconds to wait for a check before showing how far it is, and for which a checked table is kept; how many are kept
_PATIENCE, _KEPT, _OF_ALL = 1.5, 3600, 12
_SHOWN = 200


@dataclass
class Job:
    """Figures that are being checked, or were. `on` tells beside which others; the file itself is not kept."""

    owner: int
    name: str
    on: str
    replaces: int | None
    expires: float = field(default_factory=lambda: time.monotonic() + _KEPT)
    done: int = 0
    checked: Checked | None = None
    error: ChilddevError | None = None
    is_over: asyncio.Event = field(default_factory=asyncio.Event)


def _jobs(app: FastAPI) -> dict[str, Job]:
    if not hasattr(app.state, "figure_jobs"):
        app.state.figure_jobs = {}
    found: dict[str, Job] = app.state.figure_jobs
    now = time.monotonic()
    for key in [k for k, job in found.items() if job.expires < now]:
        del found[key]
    return found


@router.get("/areas/observe")
def start(request: Request) -> Response:
    """The template, the form to send a filled one, and the sets there are."""
    return _start(request)


@router.get("/areas/observe/template.{as_}")
def template(as_: Annotated[Literal["xlsx", "csv"], InPath()]) -> Response:
    """The table to fill in."""
    return _download(taking.template(as_), f"figures.{as_}", as_)


@router.post("/areas/observe/check")
async def check_figures(request: Request) -> Response:
    """Take a table or cube to be checked. It stays in memory, and goes when it was read."""
    account = require(request, Action.KEEP_FIGURES)
    here = installation(request)
    most = here.settings.upload_bytes
    try:
        async with Upload(request, most, in_memory=True) as form:
            file, replaces = form.get("file"), str(form.get("replaces") or "")
            if not isinstance(file, UploadFile) or not file.filename:
                raise TableError("No file was chosen. Choose the table that you filled in.")
            data, name = await file.read(), PurePath(file.filename.replace("\\", "/")).name[:120]
        if len(data) > most:
            raise too_large(most)
    except TableError as e:
        return _start(request, e)
    jobs = _jobs(request.app)
    if len(jobs) >= _OF_ALL:
        raise BusyError("Too many tables are being looked at just now. Try again in some minutes.")
    on = await run_in_threadpool(taking.base, here.engine)
    job, key = Job(account.id, name, on, int(replaces) if replaces.isdecimal() else None), secrets.token_urlsafe(16)
    jobs[key] = job
    task = asyncio.create_task(_work(request, job, data))
    job_tasks = request.app.state.__dict__.setdefault("figure_tasks", set())
    job_tasks.add(task)
    task.add_done_callback(job_tasks.discard)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(job.is_over.wait(), _PATIENCE)
    if job.error is not None:
        del jobs[key]
        return _start(request, job.error)
    return RedirectResponse(f"/areas/observe/checked/{key}", 303)


async def _work(request: Request, job: Job, data: bytes) -> None:
    here = installation(request)
    reader = here.newest.reader

    def work() -> None:
        known = kept.load(here.engine, job.replaces)
        names = {i.value.rpartition("/")[2]: reader.label(i) for i in reader.of_kind("indicator")}
        job.checked = check(data, job.name, names, known, lambda done: setattr(job, "done", done))

    try:
        await run_in_threadpool(work)
    except ChilddevError as e:
        job.error = e
    finally:
        job.is_over.set()


@router.get("/areas/observe/checked/{key}")
def checked(request: Request, key: str) -> Response:
    """What came of a check, or how far it is."""
    job = _job(request, key)
    if job.error is not None:
        return _start(request, job.error)
    if job.checked is None:
        response = page(request, "areas-wait.html", job=job, key=key)
        response.headers["Refresh"] = "2"
        return _private(response)
    return _result(request, key, job)


@router.get("/areas/observe/checked/{key}/sheet")
def sheet(request: Request, key: str) -> Response:
    """The table as it was sent, with what to mend and without small numbers."""
    job = _job(request, key)
    if job.checked is None:
        return RedirectResponse(f"/areas/observe/checked/{key}", 303)
    as_ = "xlsx" if job.checked.kind == "xlsx" else "csv"
    stem = PurePath(job.name).stem or "figures"
    return _private(_download(taking.answer(job.checked, as_), f"{stem} - to mend.{as_}", as_))


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
    _jobs(request.app).pop(key, None)
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
    return _private(response)


def _result(
    request: Request, key: str, job: Job, problem: ChilddevError | None = None, values: dict[str, str] | None = None
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
    return _private(response)


def _job(request: Request, key: str) -> Job:
    account = require(request, Action.KEEP_FIGURES)
    job = _jobs(request.app).get(key)
    if job is None or job.owner != account.id:
        raise NotFoundError(
            "This table is not kept any more, or was sent by somebody else. Nothing was stored; send it again.",
            [("Bring in figures", "/areas/observe")],
        )
    return job


def _download(data: bytes, name: str, as_: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(data, media_type=taking.TYPES[as_], headers=headers)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response
