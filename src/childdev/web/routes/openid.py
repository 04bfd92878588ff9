"""Signing in through an outside provider, and connecting an identity there with an account here.

Nobody gets an account by this: an identity opens what its person has connected it with, by the link of an invitation
or while signed in. All three ways set out by a form, since a mere link could be followed unawares, and end in `back`.
The browser is sent on by a page of its own: a form may lead to nowhere but here (form-action of the guard).
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from childdev.access import accounts, audit, links, passwords, sessions
from childdev.access.accounts import AccountError
from childdev.access.attempts import LASTING, Attempt, Attempts
from childdev.access.openid import OutsideError, Provider
from childdev.access.policy import Action
from childdev.access.throttle import PER_ACCOUNT, PER_ADDRESS
from childdev.errors import ChilddevError, NotFoundError
from childdev.web import signed
from childdev.web.installation import installation
from childdev.web.routes.signin import Fields, address, asked, begin, from_here, inside, invited, throttle_of

router = APIRouter(include_in_schema=False)
_BACK = "/sign-in/outside"


@router.post("/sign-in/outside")
def sign_in(request: Request, given: Fields) -> Response:
    """Set out to sign in."""
    from_here(request)
    return _set_out(request, Attempt("sign-in", onward=given.get("next", "")))


@router.post("/invitation/{secret}/outside")
def accept(request: Request, secret: str) -> Response:
    """Set out to accept an invitation with an identity there, in place of a password."""
    from_here(request)
    if not invited(request, secret)["new"]:
        raise NotFoundError("There is nothing at this address.")
    return _set_out(request, Attempt("accept", invitation=secret))


@router.get("/account/outside")
def connect_page(request: Request) -> Response:
    """The form to connect the own account, or to end that."""
    person = signed.require(request, Action.USE_ACCOUNT)
    _provider(request)
    return asked(request, "sign-in-connect.html", person=person)


@router.post("/account/outside")
def connect(request: Request, given: Fields) -> Response:
    """Set out to connect the own account; who has a password shows first that it is them."""
    person = signed.require(request, Action.USE_ACCOUNT)
    throttle, key = throttle_of(request), f"account {accounts.key(person.name)}"
    throttle.enter({key: PER_ACCOUNT})
    with installation(request).engine.begin() as connection:
        right = not person.has_password or passwords.check(connection, person.name, given.get("current", ""))
    if not right:
        wrong = AccountError("current", "This is not your password here.")
        return asked(request, "sign-in-connect.html", wrong, person=person)
    throttle.forgive(key)
    return _set_out(request, Attempt("connect", account=person.id))


@router.post("/account/outside/end")
def disconnect(request: Request) -> Response:
    """End the connection of the own account."""
    person = signed.require(request, Action.USE_ACCOUNT)
    try:
        with installation(request).engine.begin() as connection:
            accounts.disconnect_outside(connection, person)
            audit.note(connection, person.id, "disconnected outside sign-in", f"account {person.id}")
    except AccountError as wrong:
        return asked(request, "sign-in-connect.html", wrong, person=person)
    return RedirectResponse("/account", 303)


@router.get("/sign-in/outside")
def back(request: Request) -> Response:
    """Where the provider sends the browser back to: see who it is, and do what was set out for."""
    provider, given = _provider(request), request.query_params
    attempts: Attempts = request.app.state.attempts
    attempt = attempts.take(request.cookies.get(_cookie(request), ""), given.get("state", ""))
    try:
        if attempt is None:
            raise OutsideError("This was not begun in this browser just now, or it took too long. Please start again.")
        if "error" in given or not given.get("code") or not provider.came_from(given.get("iss")):
            raise OutsideError(f"You were not signed in by {provider.label}. Nothing was changed.")
        identity = provider.identity(attempt, given["code"], _back(request))
        response = _ENDS[attempt.purpose](request, attempt, identity)
        throttle_of(request).forgive(_tries(request))
    except ChilddevError as e:
        response = _refused(request, e)
    name = _cookie(request)
    response.delete_cookie(name, path="/", secure=name.startswith("__Host-"), httponly=True, samesite="lax")
    return response


def _signed_in(request: Request, attempt: Attempt, identity: str) -> Response:
    with installation(request).engine.connect() as connection:
        person = accounts.of_outside(connection, identity)
    if person is None:
        raise _UnknownError(
            f"You have signed in with {_provider(request).label}, but nobody here is connected with that. Ask a "
            "maintainer of these pages for an invitation. If you have an account already, sign in with its name and "
            "password, and connect the two under “Your account”."
        )
    return begin(request, person, inside(attempt.onward))


def _connected(request: Request, attempt: Attempt, identity: str) -> Response:
    person = signed.person(request)
    if person is None or person.id != attempt.account or person.scope is not None:
        raise OutsideError("You are not signed in any more as the one who began this. Sign in, and start again.")
    with installation(request).engine.begin() as connection:
        accounts.connect_outside(connection, person.id, identity)
        audit.note(connection, person.id, "connected outside sign-in", f"account {person.id}")
    return RedirectResponse("/account", 303)


def _accepted(request: Request, attempt: Attempt, identity: str) -> Response:
    person = invited(request, attempt.invitation)["person"]
    with installation(request).engine.begin() as connection:
        links.use(connection, attempt.invitation)
        accounts.connect_outside(connection, person.id, identity)
        sessions.end_all(connection, person.id)
        audit.note(connection, person.id, "connected outside sign-in", f"account {person.id}")
    return begin(request, person, "/account")


_ENDS = {"sign-in": _signed_in, "connect": _connected, "accept": _accepted}


class _UnknownError(OutsideError):
    """An identity that opens no account here."""

    status = 403
    title = "This opens no account here"


def _set_out(request: Request, attempt: Attempt) -> Response:
    """The page that leads on to the provider. Those who never come back are counted like failed tries."""
    provider = _provider(request)
    throttle_of(request).enter({_tries(request): PER_ADDRESS})
    try:
        onward = provider.address(attempt, _back(request))
    except OutsideError as e:
        return _refused(request, e)
    attempts: Attempts = request.app.state.attempts
    attempts.begin(attempt)
    response = asked(request, "sign-in-onward.html", onward=onward)
    name = _cookie(request)
    secure = name.startswith("__Host-")
    response.set_cookie(name, attempt.browser, max_age=LASTING, path="/", secure=secure, httponly=True, samesite="lax")
    return response


def _refused(request: Request, error: ChilddevError) -> Response:
    response = asked(request, "sign-in-refused.html", title=error.title, detail=str(error))
    response.status_code = error.status
    return response


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.openid
    if provider is None or installation(request).read_only:
        raise NotFoundError("There is nothing at this address. One signs in by name and password here.")
    return provider


def _back(request: Request) -> str:
    return installation(request).newest.base_url + _BACK


def _cookie(request: Request) -> str:
    return f"{signed.cookie_name(installation(request).settings)}-outside"


def _tries(request: Request) -> str:
    return f"outside {address(request)}"
