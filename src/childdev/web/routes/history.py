"""What changed, when and why; the model as it was; a feed; one change taken back."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from childdev.access.policy import Action
from childdev.contribution.changes.recognising import recognise
from childdev.contribution.changes.sentences import Sentence, sentences
from childdev.contribution.changes.undoing import undo
from childdev.errors import CannotUndoError, NotFoundError
from childdev.model.stated import Delta
from childdev.release.proposals import open_proposal
from childdev.store.record import Record
from childdev.views import history as views
from childdev.views.things import link
from childdev.web.installation import installation, served
from childdev.web.kept_route import KeptRoute
from childdev.web.signed import require
from childdev.web.templating import environment, page

router = APIRouter(include_in_schema=False, route_class=KeptRoute)
undoing = APIRouter(include_in_schema=False)
data = APIRouter(prefix="/api/v1", tags=["history"], route_class=KeptRoute)

#: change sets in the feed
_NEWEST = 30


@router.get("/history")
def listing(request: Request) -> Response:
    """All that changed, the newest first."""
    return page(request, "history.html", steps=views.steps(_record(request)))


@router.get("/feed.atom")
def feed(request: Request) -> Response:
    """What changed last, for a feed reader."""
    record = _record(request)
    told = [(s, _sentences(request, s.number)) for s in views.steps(record)[:_NEWEST]]
    text = environment.get_template("feed.xml").render(steps=told, base=installation(request).newest.base_url)
    return Response(text, media_type="application/atom+xml")


@router.get("/history/between")
def between(request: Request, earlier: str = "", later: str = "") -> Response:
    """What changed between two versions, in sentences, by stage."""
    steps = views.steps(_record(request))
    shown = earlier and later
    first, last = sorted((_number(_record(request), earlier), _number(_record(request), later))) if shown else (0, 0)
    names = {s.number: s.version for s in steps}
    return page(
        request,
        "history-between.html",
        steps=steps,
        earlier=names[first] if shown else names[min(names)],
        later=names[last] if shown else names[max(names)],
        told=_between(request, first, last) if shown else None,
    )


@router.get("/history/of/{kind}/{slug}")
def of_thing(request: Request, kind: str, slug: str) -> Response:
    """What changed about one thing."""
    node = served(request).find(kind, slug)
    record, name = _record(request), f"{kind}/{slug}"
    told = []
    for step, change in views.of_thing(record, node):
        groups = [] if step.number == 0 else views.told(_before(request, step.number), change)
        told.append((step, views.about(groups, name)))
    return page(request, "history-thing.html", thing=link(served(request).reader, node), steps=told)


@router.get("/history/{version}")
def one(request: Request, version: str) -> Response:
    """One change set, in sentences."""
    record = _record(request)
    number = _number(record, version)
    entry = record.entry(number)
    assert entry is not None
    change = record.change(number)
    steps = {s.number: s for s in views.steps(record)}
    return page(
        request,
        "history-step.html",
        step=steps[number],
        first=f"{len(change.added):,}" if number == 0 else "",
        groups=[] if number == 0 else views.told(_before(request, number), change),
        clashes=len(entry.details.get("clashes", ())),
        dissent=[str(d) for d in entry.details.get("dissent", ())],
        earlier=steps.get(number - 1),
        later=steps.get(number + 1),
    )


@undoing.get("/history/{version}/undo")
def undo_page(request: Request, version: str) -> Response:
    """What taking one change back would do, or why it can't be."""
    require(request, Action.UNDO_CHANGE)
    number = _number(_record(request), version)
    stated = installation(request).stated
    values: dict[str, Any] = {"reason_not": "", "sentences": []}
    try:
        values["sentences"] = sentences(stated, _taken_back(request, number), tense="will")
    except CannotUndoError as e:
        values["reason_not"] = str(e)
    entry = _record(request).entry(number)
    assert entry is not None
    return page(request, "undo.html", step=views.step(_record(request), entry), **values)


@undoing.post("/history/{version}/undo")
def propose_undo(request: Request, version: str, why: str = Form()) -> Response:
    """Propose to take one change back."""
    account = require(request, Action.UNDO_CHANGE)
    here = installation(request)
    stated, base = here.stated, here.newest.published.number
    delta = _taken_back(request, _number(_record(request), version))
    changes = tuple(r.change for r in recognise(stated, delta))
    with here.engine.begin() as connection:
        number = open_proposal(connection, account.id, f"Take back {version}", why, base, changes, {"undoes": version})
    return RedirectResponse(f"/proposals/{number}", 303)


@data.get("/history", summary="What changed, the newest first")
def listing_data(request: Request) -> Response:
    """The log of change sets."""
    return _answer(request, views.as_data(views.steps(_record(request))))


@data.get("/history/between", summary="What changed between two versions, by stage")
def between_data(request: Request, earlier: str, later: str) -> Response:
    """Sentences by stage of childhood."""
    first, last = sorted((_number(_record(request), earlier), _number(_record(request), later)))
    told = _between(request, first, last)
    return _answer(request, [{"stage": stage, "sentences": [s.text for s in some]} for stage, some in told])


@data.get("/history/{version}", summary="One change set: sentences, typed changes and statements")
def one_data(request: Request, version: str) -> Response:
    """One change set in full. `added` and `removed` are N-Quads."""
    record = _record(request)
    number = _number(record, version)
    entry, change = record.entry(number), record.change(number)
    assert entry is not None
    body = views.as_data([views.step(record, entry)])[0]
    if number > 0:
        before = _before(request, number)
        found = recognise(before, views.delta(change))
        body["sentences"] = [s.text for s in sentences(before, views.delta(change), tense="was")]
        body["changes"] = [r.change.model_dump(mode="json") for r in found]
        body["added"], body["removed"] = sorted(change.added), sorted(change.removed)
    return _answer(request, body)


def _record(request: Request) -> Record:
    return installation(request).publication.record


def _number(record: Record, version: str) -> int:
    number = record.number(version)
    if number is None:
        raise NotFoundError(f"There is no version '{version}' of the model.", [("All that changed", "/history")])
    return number


def _before(request: Request, number: int) -> Any:
    here = installation(request)
    return views.before(_record(request), here.newest.published.number, here.stated, number)


def _sentences(request: Request, number: int) -> list[Any]:
    if number == 0:
        return []
    return list(sentences(_before(request, number), views.delta(_record(request).change(number)), tense="was"))


def _between(request: Request, first: int, last: int) -> list[tuple[str, list[Sentence]]]:
    here = installation(request)
    return views.between(_record(request), here.newest.published.number, here.stated, first, last)


def _taken_back(request: Request, number: int) -> Delta:
    record, newest = _record(request), installation(request).newest.published.number
    later = [(f"version {record.name(n)}", views.delta(record.change(n))) for n in range(number + 1, newest + 1)]
    return undo(installation(request).stated, views.delta(record.change(number)), later)


def _answer(request: Request, body: Any) -> Response:
    version = installation(request).newest.version
    return JSONResponse({"data": body, "version": version}, headers={"Access-Control-Allow-Origin": "*"})
