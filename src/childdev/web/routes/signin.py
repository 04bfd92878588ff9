"""Signing in and out, and the links that work once: the first account, an invitation, a new password.

These forms are sent by people who are not signed in yet, so they carry no secret of a session; that they come from
these pages is all that is asked. They can change nothing but for who knows a password or holds a link.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import QueryParams

from childdev.access import accounts, audit, links, passwords, sessions
from childdev.access.accounts import Account, AccountError
from childdev.access.links import Purpose
from childdev.access.openid import Provider
from childdev.access.policy import Role
from childdev.access.throttle import PER_ACCOUNT, PER_ADDRESS, Throttle
from childdev.errors import ForbiddenError, NotFoundError
from childdev.web import signed
from childdev.web.forms import form
from childdev.web.installation import installation
from childdev.web.templating import page

router = APIRouter(include_in_schema=False)


async def fields(request: Request) -> QueryParams:
    """The fields of a form, as a dependency."""
    return await form(request)


Fields = Annotated[QueryParams, Depends(fields)]


def asked(request: Request, template: str, wrong: AccountError | None = None, **values: Any) -> Response:
    """A page that asks something; `wrong` is what was wrong with the last answer. Nobody keeps it."""
    provider: Provider | None = request.app.state.openid
    outside = provider.label if provider else ""
    response = page(request, template, 422 if wrong else 200, wrong=wrong, outside=outside, **values)
    response.headers["Cache-Control"] = "no-store"
    return response


@router.get("/sign-in")
def sign_in_page(request: Request) -> Response:
    """The form, or the own account for one who is signed in."""
    if signed.person(request) is not None:
        return RedirectResponse(inside(request.query_params.get("next")), 303)
    return asked(request, "sign-in.html", next=request.query_params.get("next", ""), name="")


@router.post("/sign-in")
def sign_in(request: Request, given: Fields) -> Response:
    """Begin a session, if name and password are right."""
    from_here(request)
    name, password, onward = given.get("name", ""), given.get("password", ""), given.get("next", "")
    engine, throttle = installation(request).engine, throttle_of(request)
    by_account, by_address = f"account {accounts.key(name)}", address(request)
    throttle.enter({by_account: PER_ACCOUNT, by_address: PER_ADDRESS})
    with engine.begin() as connection:
        person = passwords.check(connection, name, password)
    if person is None:
        wrong = AccountError("name", "The name or the password is not right. Try again, or ask a maintainer for help.")
        return asked(request, "sign-in.html", wrong, next=onward, name=name)
    throttle.forgive(by_account, by_address)
    return begin(request, person, inside(onward))


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End this session."""
    response = RedirectResponse("/sign-in", 303)
    if signed.person(request) is not None:
        with installation(request).engine.begin() as connection:
            sessions.end(connection, signed.cookie_of(request))
    signed.sign_out(request, response)
    return response


@router.get("/set-up/{secret}")
def set_up_page(request: Request, secret: str) -> Response:
    """The form for the first account."""
    _link(request, secret, Purpose.SET_UP)
    return asked(request, "set-up.html", name="")


@router.post("/set-up/{secret}")
def set_up(request: Request, secret: str, given: Fields) -> Response:
    """Make the first account, a maintainer."""
    from_here(request)
    _link(request, secret, Purpose.SET_UP)
    name = given.get("name", "")
    try:
        with installation(request).engine.begin() as connection:
            links.use(connection, secret)
            person = accounts.create(connection, name, [Role.MAINTAINER])
            passwords.set_password(connection, person, given.get("password", ""))
            audit.note(connection, person.id, "set up", f"account {person.id}")
    except AccountError as wrong:
        return asked(request, "set-up.html", wrong, name=name)
    return begin(request, person, "/account")


@router.get("/invitation/{secret}")
def invitation_page(request: Request, secret: str) -> Response:
    """The form for a first or a new password."""
    return asked(request, "sign-in-invitation.html", **invited(request, secret))


@router.post("/invitation/{secret}")
def invitation(request: Request, secret: str, given: Fields) -> Response:
    """Give the invited account its password, and end its other sessions."""
    from_here(request)
    known = invited(request, secret)
    person: Account = known["person"]
    try:
        with installation(request).engine.begin() as connection:
            links.use(connection, secret)
            passwords.set_password(connection, person, given.get("password", ""))
            sessions.end_all(connection, person.id)
            audit.note(connection, person.id, "chose a password", f"account {person.id}")
    except AccountError as wrong:
        return asked(request, "sign-in-invitation.html", wrong, **known)
    return begin(request, person, "/account")


def begin(request: Request, person: Account, onward: str) -> Response:
    """Begin a session in place of the one there was, and go on."""
    settings = installation(request).settings
    with installation(request).engine.begin() as connection:
        sessions.tidy(connection, signed.lasting(settings))
        if before := signed.cookie_of(request):
            sessions.end(connection, before)
        secret = sessions.start(connection, person.id)
    response = RedirectResponse(onward, 303)
    signed.sign_in(request, response, secret)
    return response


def from_here(request: Request) -> None:
    """See that a form of one who is not signed in yet comes from these pages.

    Raises:
        ForbiddenError: it does not, or the browser does not tell.
    """
    if not signed.same_origin(request):
        raise ForbiddenError("This was not sent from these pages, so nothing was changed.")


def inside(onward: str | None) -> str:
    """Where to go on, if it is an address on this server; else the own account."""
    if not onward or not onward.startswith("/") or onward[1:2] in ("/", "\\") or any(c < " " for c in onward):
        return "/account"
    return onward


def address(request: Request) -> str:
    """The network address of a client, for counting its tries."""
    return f"address {request.client.host if request.client else ''}"


def throttle_of(request: Request) -> Throttle:
    """The counter of failed tries."""
    found: Throttle = request.app.state.throttle
    return found


def _link(request: Request, secret: str, *purposes: Purpose) -> links.Link:
    """A link that works. Wrong ones are counted like wrong passwords."""
    where, throttle = address(request), throttle_of(request)
    throttle.enter({where: PER_ADDRESS})
    with installation(request).engine.connect() as connection:
        found = links.find(connection, secret)
    throttle.forgive(where)
    if found.purpose not in purposes:
        raise NotFoundError("There is nothing at this address.")
    return found


def invited(request: Request, secret: str) -> dict[str, Any]:
    """What is known by a link for a first or a new password: `person`, whether `new`, and the `secret` itself."""
    link = _link(request, secret, Purpose.INVITATION, Purpose.RESET)
    with installation(request).engine.connect() as connection:
        person = accounts.get(connection, link.account or 0)
    if not person.active:
        raise NotFoundError("This link has been used or has expired. Ask a maintainer for a new one.")
    return {"person": person, "new": link.purpose is Purpose.INVITATION, "secret": secret}
