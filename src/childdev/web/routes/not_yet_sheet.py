"""The dialogue sheet of "Not there yet?": to print, as a document, as a day in a calendar, and the next cycle's."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams, UploadFile

from childdev.errors import TicksError
from childdev.pathways.not_yet import Age
from childdev.store.reader import Reader
from childdev.views import sheet as view
from childdev.views import sheet_files
from childdev.web.forms import form
from childdev.web.installation import served_soon
from childdev.web.templating import page
from childdev.web.ticks import (
    TicksRoute,
    age_of,
    features_of,
    known_feature,
    private,
    review_dates,
    review_of,
    start_page,
)
from childdev.web.uploads import Upload

router = APIRouter(route_class=TicksRoute, include_in_schema=False)


class _Kept(Upload):
    """The form with a sheet that a team kept."""

    beside, fields = 16 << 10, 4
    refusal = TicksError
    nothing = "No file was sent. Choose the sheet that your team kept."
    damaged = "The file came through damaged. Send it again."

    def too_large(self) -> TicksError:
        return sheet_files.too_large()


@router.post("/not-yet/sheet")
async def show(request: Request) -> Response:
    """The sheet, to be printed or kept."""
    fields = await form(request)
    return _page(request, await _sheet(request, fields), fields.get("months", ""))


@router.post("/not-yet/sheet.docx")
async def document(request: Request) -> Response:
    """The sheet as a document."""
    fields = await form(request)
    data = await run_in_threadpool(sheet_files.document, await _sheet(request, fields))
    return _download(data, sheet_files.DOCX, "sheet-for-our-conversation.docx")


@router.post("/not-yet/sheet.ics")
async def calendar(request: Request) -> Response:
    """The day of the review for a calendar."""
    data = sheet_files.calendar(review_of(await form(request)))
    return _download(data, "text/calendar; charset=utf-8", "look-again-together.ics")


@router.post("/not-yet/sheet/next")
async def following(request: Request) -> Response:
    """The sheet of the next cycle, from the codes on the one that a team kept."""
    reader = (await served_soon(request)).reader
    try:
        data = await _kept(request)
        named = await run_in_threadpool(sheet_files.codes, data)
        features = [f for slug in named if (f := known_feature(reader, slug))]
        if not features:
            raise TicksError("The features on this sheet are no longer described here; start from an age instead.")
    except TicksError as e:
        return start_page(request, sheet_wrong=str(e))
    made = await run_in_threadpool(view.sheet, reader, features, review_of(QueryParams()), None, True)
    return _page(request, made, "")


async def _sheet(request: Request, fields: QueryParams) -> view.Sheet:
    reader: Reader = (await served_soon(request)).reader
    features = features_of(reader, fields)
    if not features:
        raise TicksError("No feature is named for the sheet. Start again from “Not there yet?”.")
    child: Age | None = age_of(fields) if fields.get("months") else None
    review, again = review_of(fields), fields.get("again") == "yes"
    return await run_in_threadpool(view.sheet, reader, features, review, child.counted if child else None, again)


def _page(request: Request, made: view.Sheet, months: str) -> Response:
    months = months if months.isdecimal() else ""
    return private(page(request, "not-yet-sheet.html", sheet=made, months=months, dates=review_dates()))


def _download(data: bytes, media: str, name: str) -> Response:
    return private(Response(data, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'}))


async def _kept(request: Request) -> bytes:
    """The file that was sent, read no further than may be."""
    async with _Kept(request, sheet_files.LARGEST, in_memory=True) as found:
        file = found.get("kept")
        if not isinstance(file, UploadFile) or not file.filename:
            raise TicksError(_Kept.nothing)
        return await file.read()
