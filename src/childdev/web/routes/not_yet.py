"""“Not there yet?”: from a child's age and what is not yet seen to what helps now.

What is ticked comes in the body of a request and goes into the answer and nowhere else: no address holds it, no answer
may be kept, and a form that is sent is answered at once instead of leading on to another address.
"""

from __future__ import annotations

import gzip
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from childdev.ages import age
from childdev.errors import NotFoundError, TicksError
from childdev.model.iris import iri
from childdev.pathways.not_yet import MOST_WEEKS_EARLY, Age, Ticks
from childdev.store.reader import Reader
from childdev.views import asked as asking
from childdev.views import not_yet as view
from childdev.views.not_yet_data import data
from childdev.web.forms import LARGEST, form
from childdev.web.installation import served_soon
from childdev.web.problems import RequestError
from childdev.web.routes import not_yet_group, not_yet_sheet
from childdev.web.routes.api import Envelope, problems
from childdev.web.templating import environment, page
from childdev.web.ticks import (
    MOST,
    OLDEST,
    TicksRoute,
    age_of,
    aspects_of,
    known_feature,
    private,
    review_dates,
    start_page,
    ticks_of,
    typed_age,
)

#: the steps that are only ever sent to, after `/not-yet/`
_STEPS = frozenset(
    ("features", "answer", "pieces", "sheet", "sheet.docx", "sheet.ics", "sheet/next", "group/features", "group/answer")
)
pages = APIRouter(route_class=TicksRoute, include_in_schema=False)
pages.include_router(not_yet_sheet.router)
pages.include_router(not_yet_group.router)
router = APIRouter()


@pages.get("/not-yet")
async def start(request: Request) -> Response:
    """What this is, where to turn, and the question for the age."""
    return start_page(request)


@pages.post("/not-yet/features")
async def features(request: Request) -> Response:
    """What to tick at an age."""
    fields = await form(request)
    try:
        child = typed_age(fields)
    except TicksError as e:
        typed = {key: value for key in ("years", "months", "early") if (value := fields.get(key, ""))[:3].isdecimal()}
        return start_page(request, str(e), given={key: value[:3] for key, value in typed.items()})
    reader, aspects = (await served_soon(request)).reader, aspects_of(fields)
    asked = await run_in_threadpool(asking.asked, reader, child.counted, aspects)
    words = asking.age_words(child)
    return private(page(request, "not-yet-ask.html", asked=asked, child=child, aspects=aspects, age_words=words))


@pages.post("/not-yet/answer")
async def answer(request: Request) -> Response:
    """The answer for what was ticked."""
    fields = await form(request)
    reader = (await served_soon(request)).reader
    child, ticks = age_of(fields), ticks_of(reader, fields)
    found = await run_in_threadpool(view.answer, reader, child, ticks)
    slugs = [p.known.slug for p in found.parts]
    return private(page(request, "not-yet-answer.html", **_answer_values(reader, found, slugs, whole=False)))


@pages.post("/not-yet/pieces")
async def pieces(request: Request) -> Response:
    """All that the answer could say at an age, so that a browser can answer by itself and without a network."""
    fields = await form(request)
    reader, child = (await served_soon(request)).reader, age_of(fields)
    html = await run_in_threadpool(_pieces, reader, child, aspects_of(fields))
    packed = "gzip" in request.headers.get("accept-encoding", "")
    body = gzip.compress(html.encode(), 5) if packed else html.encode()
    headers = {"Content-Encoding": "gzip"} if packed else {}
    return private(Response(body, headers=headers, media_type="text/html; charset=utf-8"))


def _pieces(reader: Reader, child: Age, aspects: list[str]) -> str:
    asked = asking.asked(reader, child.counted, aspects)
    slugs = [row.slug for a in asked for row in (*a.first, *a.more)]
    every = view.every_answer(reader, child, [iri("feature", s).value for s in slugs])
    values = _answer_values(reader, every, [p.known.slug for p in every.parts], whole=True)
    return environment.get_template("not-yet-whole.html").render(**values)


def _answer_values(reader: Reader, found: view.Answer, slugs: list[str], whole: bool) -> dict[str, Any]:
    return {
        "answer": found,
        "child": found.age,
        "slugs": slugs,
        "whole": whole,
        "age_words": asking.age_words(found.age),
        "talk_age": age,
        "dates": review_dates(),
        "prompts": view.prompts(reader),
    }


@pages.get("/not-yet/{step}")
@pages.get("/not-yet/{step}/{further}")
async def begin_again(step: str, further: str = "") -> Response:
    """Who comes to the address of a later step without what was sent there (by a bookmark, say) begins again.

    Raises:
        NotFoundError: there is no such step.
    """
    if "/".join(filter(None, (step, further))) not in _STEPS:
        raise NotFoundError("There is nothing at this address.", [("Not there yet?", "/not-yet")])
    return private(RedirectResponse("/not-yet/group" if step == "group" else "/not-yet", 303))


router.include_router(pages)


# ---------------------------------------------------------------- REST


class Asking(BaseModel):
    """A child's age and what is seen of it. Features are named by their slug, as in `/feature/joins-two-words`."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    months: Annotated[int, Field(ge=0, le=OLDEST, description="Age in months after birth")]
    weeks_early: Annotated[int, Field(ge=0, le=MOST_WEEKS_EARLY, description="Weeks born before the due day")] = 0
    not_yet: Annotated[list[str], Field(max_length=MOST, description="Features not yet seen")]
    seen: Annotated[list[str], Field(max_length=MOST, description="Features seen")] = []
    not_sure: Annotated[list[str], Field(max_length=MOST, description="Features of which nobody is sure")] = []


@router.post(
    "/api/v1/not-yet",
    response_model=Envelope,
    responses=problems(400, 413, 415, 422),
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/json": {"schema": Asking.model_json_schema()}}}
    },
    summary="Not there yet? Where to look, and what helps",
    tags=["model"],
)
async def ask(request: Request) -> Response:
    """For features not yet seen at an age: what they rest on, what rests on them, what helps now, who can help.

    A reference for conversation: not a screening instrument, not a medical device, never a diagnosis. Nothing that is
    sent is kept or logged.
    """
    wanted = await _asking(request)
    service = await served_soon(request)
    ticks = _named(service.reader, wanted)
    child = Age(wanted.months, wanted.weeks_early)
    found = await run_in_threadpool(view.answer, service.reader, child, ticks)
    body = {"data": data(service.reader, found), "version": service.version}
    return private(JSONResponse(body, headers={"Access-Control-Allow-Origin": "*"}))


async def _asking(request: Request) -> Asking:
    """What is asked, read up to a size; what is wrong with it is told without repeating it."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise RequestError(415, "Send JSON (application/json).")
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > LARGEST:
            raise RequestError(413, "This is more than can be sent at once.")
    try:
        return Asking.model_validate_json(bytes(read))
    except ValidationError as e:
        told = [_wrong(error["loc"], error["msg"]) for error in e.errors(include_input=False, include_url=False)]
        raise RequestError(422, f"The request has values that can't be taken. {'; '.join(told)}.") from None


def _wrong(where: tuple[int | str, ...], message: str) -> str:
    name = str(where[0]) if where else ""
    return f"{name if name in Asking.model_fields else 'request'}: {message}"


def _named(reader: Reader, wanted: Asking) -> Ticks:
    named = [*wanted.not_yet, *wanted.seen, *wanted.not_sure]
    if len(set(named)) != len(named):
        raise TicksError("A feature is named twice. Each is seen, not yet seen or not sure.")
    some = []
    for group in (wanted.seen, wanted.not_yet, wanted.not_sure):
        known = [known_feature(reader, slug) for slug in group]
        if None in known:
            raise TicksError("A name is not that of a feature. Features are listed under /api/v1/things/feature.")
        some.append(frozenset(f for f in known if f))
    return Ticks(*some)
