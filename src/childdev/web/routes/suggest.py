"""Suggest a change from any page, without an account; follow what became of it; answer suggestions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pyoxigraph import NamedNode
from starlette.concurrency import run_in_threadpool

from childdev import terms as cd
from childdev.access.accounts import Account
from childdev.access.policy import Action
from childdev.errors import FindingsError, InvalidError
from childdev.model.iris import KINDS, iri
from childdev.release import suggestions
from childdev.release.suggestions import Status, Suggestion
from childdev.web.forms import form, whole_number
from childdev.web.installation import Installation, installation
from childdev.web.problems import RequestError
from childdev.web.signed import require
from childdev.web.templating import page
from childdev.workshop.throttle import Throttle

router = APIRouter(include_in_schema=False)

#: suggestions from one network address, and from all together: at once, and in a second
_ONE, _ALL = Throttle(6, 1 / 120), Throttle(120, 1 / 10)
_ANSWERED = {
    Status.NEW: "Nobody has answered yet. Somebody who tends the model will read it.",
    Status.ACCEPTED: "It was taken up.",
    Status.DECLINED: "It was read, and will not be taken up.",
    Status.NOTED: "It was read, and is noted for later.",
}


@dataclass(frozen=True)
class Shown:
    """A suggestion as pages show it."""

    suggestion: Suggestion
    label: str
    url: str
    made: str
    answered: str
    became: str


@router.get("/suggest")
def suggest(request: Request, about: str = "") -> Response:
    """One box in plain words."""
    _writable(request)
    return _asked(request, about[:200], "", "")


@router.post("/suggest")
async def send(request: Request) -> Response:
    """Keep a suggestion, or say what to take out of it."""
    here = _writable(request)
    fields = await form(request)
    about, words, role = (fields.get(name, "") for name in ("about", "words", "role"))
    if fields.get("website"):  # a field that people do not see; only a machine fills it in
        return RedirectResponse("/suggest", 303)
    _allowed(request)

    def keep() -> str:
        with here.engine.begin() as connection:
            return suggestions.suggest(connection, about if _named(here, about) else "", words, role)

    try:
        secret = await run_in_threadpool(keep)
    except FindingsError as e:
        return _asked(request, about[:200], words[:5000], role[:200], e)
    return RedirectResponse(f"/suggest/{secret}?sent=1", 303)


@router.get("/suggest/{secret}")
def follow(request: Request, secret: str, sent: str = "") -> Response:
    """What became of a suggestion, for whoever has its link."""
    here = _writable(request)
    with here.engine.connect() as connection:
        found = suggestions.followed(connection, secret)
    address = f"{here.newest.base_url}/suggest/{secret}"
    response = page(request, "suggest-followed.html", s=_shown(here, found), sent=bool(sent), address=address)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@router.get("/suggestions")
def listed(request: Request) -> Response:
    """All suggestions, those without an answer first."""
    person = require(request, Action.SEE_SUGGESTIONS)
    return _list(request, person)


@router.post("/suggestions/{number}")
async def answer(request: Request, number: int) -> Response:
    """Say what becomes of one."""
    person = require(request, Action.ANSWER_SUGGESTION)
    here, fields = installation(request), await form(request)
    try:
        await run_in_threadpool(_answer, here, person, number, fields.get("status", ""), fields)
    except FindingsError as e:
        return await run_in_threadpool(_list, request, person, number, e, fields.get("answer", ""))
    return RedirectResponse(f"/suggestions#suggestion-{number}", 303)


def _answer(here: Installation, person: Account, number: int, status: str, fields: object) -> None:
    get = getattr(fields, "get")  # noqa: B009
    if status not in set(Status):
        raise InvalidError("Choose what becomes of it.")
    typed = get("proposal", "").strip()
    proposal = whole_number(typed)
    if typed and proposal is None:
        raise InvalidError("The number of the proposal is a whole number, for instance 12.")
    with here.engine.begin() as connection:
        suggestions.answer(connection, person, number, Status(status), get("answer", ""), proposal)


def _list(
    request: Request,
    person: Account,
    wrong_at: int | None = None,
    wrong: FindingsError | None = None,
    typed: str = "",
) -> Response:
    here = installation(request)
    with here.engine.connect() as connection:
        waiting = suggestions.suggestions(connection, (Status.NEW,))
        done = suggestions.suggestions(connection, (Status.ACCEPTED, Status.DECLINED, Status.NOTED), 50)
    return page(
        request,
        "suggestions.html",
        422 if wrong else 200,
        waiting=[_shown(here, s) for s in waiting],
        done=[_shown(here, s) for s in done],
        may_answer=person.may(Action.ANSWER_SUGGESTION),
        wrong_at=wrong_at,
        wrong=wrong,
        typed=typed,
    )


def _asked(request: Request, about: str, words: str, role: str, wrong: FindingsError | None = None) -> Response:
    named = _named(installation(request), about)
    return page(
        request,
        "suggest.html",
        422 if wrong else 200,
        about=about if named else "",
        label=named[0] if named else "",
        url=named[1] if named else "",
        words=words,
        role=role,
        wrong=wrong,
        most=suggestions.WORDS,
    )


def _shown(here: Installation, found: Suggestion) -> Shown:
    label, url = _named(here, found.about) or ("", "")
    return Shown(
        found,
        label,
        url,
        day(found.made_at),
        day(found.answered_at) if found.answered_at else "",
        _ANSWERED[found.status],
    )


def day(at: int) -> str:
    """A moment (seconds since 1970) as a day in words: 24 November 2026."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment.day} {moment:%B %Y}"


def _named(here: Installation, about: str) -> tuple[str, str] | None:
    """What a thing is called, and its page; None where there is no such thing."""
    kind, _, slug = about.partition("/")
    if kind == "vocabulary":
        node = NamedNode(cd.NAMESPACE + slug) if slug.isidentifier() else None
    else:
        node = iri(kind, slug) if kind in KINDS and slug.replace("-", "").isalnum() else None
    if node is None or not here.stated.exists(node):
        return None
    return here.stated.label(node), f"/{kind}/{slug}"


def _allowed(request: Request) -> None:
    client = request.client.host if request.client else ""
    if not (_ONE.take(client) and _ALL.take("")):
        wait = max(_ONE.wait(client), _ALL.wait(""))
        raise RequestError(
            429,
            "Many suggestions came from where you are. Nothing was sent. Please wait two minutes, go back, and send it "
            "again.",
            {"Retry-After": str(wait)},
        )


def _writable(request: Request) -> Installation:
    """The installation.

    Raises:
        StoreError: this is a copy for reading only.
    """
    here = installation(request)
    assert here.publication is not None
    return here
