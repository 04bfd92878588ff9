"""Who is signed in, and the guard against forged requests.

A request says who sends it by the cookie of a session or by `Authorization: Bearer` with a token. `Signed` (pure
ASGI, so that streams flow) looks the sender up once, off the event loop; handlers ask `person` or `require`.

The cookie alone proves nothing on a request that changes something: another site could have made the browser send
it. So there the request must come from these pages (Sec-Fetch-Site or Origin) and carry the session's CSRF secret, as
the header X-CSRF or as the form's field `csrf`. `Signed` only writes down whether it does; `person` and `require`
refuse where it does not. So no handler that asks who somebody is can forget the check, and one that never asks
(`/sparql`) is not hindered by a cookie. In a form the field comes first (`<form method="post">{{ csrf }}…`): of an
upload only the beginning is read to find it, and everything is passed on as it came.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from childdev.access import sessions, tokens
from childdev.access.accounts import Account
from childdev.access.policy import Action
from childdev.access.sessions import Lasting
from childdev.config import Settings
from childdev.errors import ChilddevError, ForbiddenError, SignInNeededError
from childdev.web.installation import Installation, installation
from childdev.web.kept_route import KeptRoute
from childdev.web.negotiation import best
from childdev.web.problems import problem_response

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: how much of a form (in bytes) is read to find the CSRF secret: all of a plain one, the beginning of an upload
_FORM, _UPLOAD = 2 << 20, 64 << 10
_FIELD = re.compile(rb"(?:^|&)csrf=([0-9a-f]{64})(?=&|$)")
_PART = re.compile(rb'name="?csrf"?\r\n(?:[^\r\n]+\r\n)*\r\n([0-9a-f]{64})\r\n')
#: where the scope of a request holds its sender
KEY = "childdev.signed"


class _Sender:
    """What is known of the sender of one request."""

    def __init__(self, person: Account | None = None, cookie: str = "", refused: str = "") -> None:
        self.person = person
        self.cookie = cookie
        self.refused = refused


def person(request: Request) -> Account | None:
    """Who sends a request, or None if nobody is signed in.

    Raises:
        SignInNeededError: it carries a token that does not hold.
        ForbiddenError: it would change something, and may be forged.
    """
    sender = _sender(request)
    if sender.refused:
        raise ForbiddenError(sender.refused) if sender.cookie else SignInNeededError(sender.refused)
    return sender.person


def require(request: Request, action: Action) -> Account:
    """Who sends a request, if they may do this.

    Raises:
        SignInNeededError: nobody is signed in; who wants a page is led to sign in, and back.
        ForbiddenError: they may not, or the request may be forged.
    """
    found = person(request)
    if found is None:
        raise SignInNeededError("Sign in first, or send a token that holds (Authorization: Bearer).")
    if not found.may(action):
        what = action.value.replace("-", " ")
        means = "the token you sent" if found.scope is not None else f"your role ({found.role})"
        raise ForbiddenError(f"With {means} you can't do this ({what}). Ask a maintainer if you should be able to.")
    return found


def csrf_token(request: Request) -> str:
    """The CSRF secret of the session that sends a request, for the header X-CSRF; empty if nobody is signed in."""
    if isinstance(request.scope.get("route"), KeptRoute):
        raise RuntimeError("A page that is kept for everyone can't hold what belongs to one session.")
    sender = _sender(request)
    return secret_of(sender.cookie) if sender.cookie and sender.person is not None else ""


class CsrfField:
    """The hidden field for a form, made when a template writes it."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def __html__(self) -> str:
        secret = csrf_token(self._request)
        return Markup('<input type="hidden" name="csrf" value="{}">').format(secret) if secret else ""

    __str__ = __html__


def secret_of(cookie: str) -> str:
    """The CSRF secret that goes with a session's cookie."""
    return hmac.new(cookie.encode(), b"csrf", hashlib.sha256).hexdigest()


def cookie_name(settings: Settings) -> str:
    """The name of the cookie; over https one that only this very host can set."""
    return "__Host-childdev" if _secure(settings) else "childdev-session"


def sign_in(request: Request, response: Response, secret: str) -> None:
    """Let a response start the session that has this secret."""
    settings = installation(request).settings
    response.set_cookie(
        cookie_name(settings),
        secret,
        max_age=lasting(settings).most,
        path="/",
        secure=_secure(settings),
        httponly=True,
        samesite="lax",
    )


def sign_out(request: Request, response: Response) -> None:
    """Let a response forget the session."""
    settings = installation(request).settings
    response.delete_cookie(cookie_name(settings), path="/", secure=_secure(settings), httponly=True, samesite="lax")


def cookie_of(request: Request) -> str:
    """The secret of the session that sends a request; empty if there is none."""
    return _sender(request).cookie


def lasting(settings: Settings) -> Lasting:
    """How long sessions last here."""
    return Lasting(round(settings.session_idle_hours * 3600), round(settings.session_hours * 3600))


def same_origin(request: Request) -> bool:
    """Whether a request comes from these pages, as the browser tells."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = urlsplit(request.headers.get("origin", "")).netloc
    here = {request.headers.get("host", ""), urlsplit(installation(request).newest.base_url).netloc}
    return bool(origin) and origin in here


def install(app: FastAPI) -> None:
    """Look up the sender of every request of `app`, and lead those to sign in who have to."""
    app.add_middleware(Signed)

    async def on_needed(request: Request, error: Exception) -> Response:
        wants = best(request.headers.get("accept"), ("application/problem+json", "text/html"))
        if not isinstance(error, ChilddevError) or wants != "text/html":
            return problem_response(error, request)  # type: ignore[arg-type]
        return RedirectResponse(f"/sign-in?next={quote(_back(request), safe='')}", 303)

    app.add_exception_handler(SignInNeededError, on_needed)


def _back(request: Request) -> str:
    """Where to go after signing in: what was asked for, or the page with the form that was sent."""
    if request.method in _SAFE:
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    sent_from = urlsplit(request.headers.get("referer", ""))
    return sent_from.path if sent_from.netloc == request.headers.get("host") and sent_from.path else "/"


def _sender(request: Request) -> _Sender:
    found: _Sender = request.scope.get(KEY) or _Sender()
    return found


def _secure(settings: Settings) -> bool:
    return (settings.public_url or "").startswith("https:")


class Signed:
    """Middleware that looks up who sends a request, and whether it can be forged."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and not scope["path"].startswith("/static/"):
            request = Request(scope)
            here: Installation = scope["app"].state.installation
            bearer = request.headers.get("authorization", "")
            cookie = request.cookies.get(cookie_name(here.settings), "")
            if bearer[:7].lower() == "bearer ":
                found = await run_in_threadpool(_look_up, here, bearer[7:].strip(), False)
                refused = "" if found else "This token does not hold: it is wrong, has expired or was taken back."
                scope[KEY] = _Sender(found, refused=refused)
            elif cookie and (found := await run_in_threadpool(_look_up, here, cookie, True)) is not None:
                refused = ""
                if scope["method"] not in _SAFE:
                    refused, receive = await _doubt(request, cookie, receive)
                scope[KEY] = _Sender(found, cookie, refused)
        await self.app(scope, receive, send)


def _look_up(here: Installation, secret: str, session: bool) -> Account | None:
    if here.read_only:
        return None
    with here.engine.begin() as connection:
        if session:
            return sessions.find(connection, secret, lasting(here.settings))
        return tokens.find(connection, secret)


async def _doubt(request: Request, cookie: str, receive: Receive) -> tuple[str, Receive]:
    """Why a request with this cookie may be forged, or nothing; and its body, to be read from the beginning."""
    if not same_origin(request):
        return "This was not sent from these pages, so nothing was changed.", receive
    given = [request.headers.get("x-csrf", "").encode()]
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not given[0] and kind == "application/x-www-form-urlencoded":
        begun, receive = await _begin(receive, _FORM, None)
        given = _FIELD.findall(begun)
    elif not given[0] and kind == "multipart/form-data":
        begun, receive = await _begin(receive, _UPLOAD, _PART)
        given = _PART.findall(begun)
    expected = secret_of(cookie).encode()
    if any(hmac.compare_digest(g, expected) for g in given):
        return "", receive
    return "This form is from before you last signed in. Go back, load the page again, and send it once more.", receive


async def _begin(receive: Receive, most: int, until: re.Pattern[bytes] | None) -> tuple[bytes, Receive]:
    """The beginning of a body, and all of it once more to be received."""
    seen: list[Message] = []
    begun = b""
    while len(begun) <= most and not (until and until.search(begun)):
        message = await receive()
        seen.append(message)
        begun += message.get("body", b"")
        if message["type"] != "http.request" or not message.get("more_body"):
            break

    async def again() -> Message:
        return seen.pop(0) if seen else await receive()

    return begun, again
