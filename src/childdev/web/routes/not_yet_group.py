"""“Not there yet?” for a group of children: what would help most of the room."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams

from childdev.errors import TicksError
from childdev.pathways import group
from childdev.pathways.not_yet import Age
from childdev.store.reader import Reader
from childdev.views import asked as asking
from childdev.views import room as view
from childdev.views.words import FAMILIES
from childdev.web.forms import form, whole_number
from childdev.web.installation import served_soon
from childdev.web.templating import page
from childdev.web.ticks import ASPECTS, MOST, TicksRoute, age_of, aspects_of, known_feature, private, typed_age

router = APIRouter(route_class=TicksRoute, include_in_schema=False)


@router.get("/not-yet/group")
async def start(request: Request) -> Response:
    """What it is, and the questions for age and size."""
    return _start(request)


def _start(request: Request, wrong: str = "") -> Response:
    values = {"wrong": wrong, "families": FAMILIES, "aspects": ASPECTS, "smallest": group.SMALLEST}
    return private(page(request, "not-yet-group.html", 422 if wrong else 200, **values))


@router.post("/not-yet/group/features")
async def features(request: Request) -> Response:
    """How many of the group are not yet seen to have each feature of an age."""
    fields = await form(request)
    try:
        child, size = typed_age(fields), _size(fields)
    except TicksError as e:
        return _start(request, str(e))
    return await _ask(request, fields, child, size)


async def _ask(request: Request, fields: QueryParams, child: Age, size: int, wrong: str = "") -> Response:
    reader, aspects = (await served_soon(request)).reader, aspects_of(fields)
    asked = await run_in_threadpool(asking.asked, reader, child.counted, aspects)
    values = {"asked": asked, "child": child, "size": size, "aspects": aspects, "wrong": wrong}
    words = asking.age_words(child)
    return private(page(request, "not-yet-group-ask.html", 422 if wrong else 200, age_words=words, **values))


@router.post("/not-yet/group/answer")
async def answer(request: Request) -> Response:
    """What would help most of the room."""
    fields = await form(request)
    reader = (await served_soon(request)).reader
    try:
        child, size = age_of(fields), _size(fields)
    except TicksError as e:
        return _start(request, str(e))
    try:
        counts = _counts(reader, fields)
        found = await run_in_threadpool(view.room, reader, child.counted, counts, size)
    except TicksError as e:
        return await _ask(request, fields, child, size, str(e))
    return private(page(request, "not-yet-group-answer.html", answer=found, age_words=asking.age_words(child)))


def _size(fields: QueryParams) -> int:
    size = whole_number(fields.get("size"))
    if size is None:
        raise TicksError("Say how many children are in the group, as a number.")
    group.share(0, size)
    return size


def _counts(reader: Reader, fields: QueryParams) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, value in fields.multi_items()[:MOST]:
        if name.startswith("n.") and value.strip() and (f := known_feature(reader, name[2:])):
            count = whole_number(value)
            if count is None:
                raise TicksError("Write numbers of children as whole numbers, and leave the rest empty.")
            found[f] = count
    return found
