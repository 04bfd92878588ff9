"""The own account: name, credit, password, signing out everywhere."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from childdev.access import accounts, audit, passwords, sessions
from childdev.access.accounts import AccountError
from childdev.access.policy import Action
from childdev.access.throttle import PER_ACCOUNT
from childdev.web import signed
from childdev.web.installation import installation
from childdev.web.routes.signin import Fields, asked, begin, throttle_of

router = APIRouter(include_in_schema=False)

CREDITS = {"name": "By my name", "role": "By my role only", "none": "Not at all"}
#: what one can go on to, each with the action for which it is there
_PLACES = (
    ("/proposals", "Proposals", "what others would change, and your own", Action.COMMENT),
    ("/suggestions", "Suggestions", "what readers have said should be different", Action.SEE_SUGGESTIONS),
    ("/workshops", "Workshops", "open one, or go back to one", Action.OPEN_WORKSHOP),
    ("/people", "People", "invite somebody, change roles, see who did what", Action.MANAGE_PEOPLE),
)


@router.get("/account")
def account(request: Request) -> Response:
    """What there is of the account, and where its roles lead."""
    person = signed.require(request, Action.USE_ACCOUNT)
    places = [place[:3] for place in _PLACES if person.may(place[3])]
    return asked(request, "sign-in-account.html", person=person, credit=CREDITS[person.credit], places=places)


@router.get("/account/name")
def name_page(request: Request) -> Response:
    """The form for another name."""
    person = signed.require(request, Action.USE_ACCOUNT)
    return asked(request, "sign-in-name.html", name=person.name)


@router.post("/account/name")
def name(request: Request, given: Fields) -> Response:
    """Take another name."""
    person = signed.require(request, Action.USE_ACCOUNT)
    wanted = given.get("name", "")
    try:
        with installation(request).engine.begin() as connection:
            accounts.rename(connection, person.id, wanted)
    except AccountError as wrong:
        return asked(request, "sign-in-name.html", wrong, name=wanted)
    return RedirectResponse("/account", 303)


@router.get("/account/credit")
def credit_page(request: Request) -> Response:
    """The form for how to be named in release notes."""
    person = signed.require(request, Action.USE_ACCOUNT)
    return asked(request, "sign-in-credit.html", credits=CREDITS, chosen=person.credit)


@router.post("/account/credit")
def credit(request: Request, given: Fields) -> Response:
    """Choose how to be named."""
    person = signed.require(request, Action.USE_ACCOUNT)
    chosen = given.get("credit", "")
    try:
        with installation(request).engine.begin() as connection:
            accounts.set_credit(connection, person.id, chosen)
    except AccountError as wrong:
        return asked(request, "sign-in-credit.html", wrong, credits=CREDITS, chosen=chosen)
    return RedirectResponse("/account", 303)


@router.get("/account/password")
def password_page(request: Request) -> Response:
    """The form for another password."""
    person = signed.require(request, Action.USE_ACCOUNT)
    return asked(request, "sign-in-password.html", person=person)


@router.post("/account/password")
def password(request: Request, given: Fields) -> Response:
    """Choose another password; all sessions end, and a new one begins here."""
    person = signed.require(request, Action.USE_ACCOUNT)
    throttle, key = throttle_of(request), f"account {accounts.key(person.name)}"
    throttle.enter({key: PER_ACCOUNT})
    try:
        with installation(request).engine.begin() as connection:
            if person.has_password and not passwords.check(connection, person.name, given.get("current", "")):
                raise AccountError("current", "This is not the password that you have now.")
            throttle.forgive(key)
            passwords.set_password(connection, person, given.get("password", ""))
            sessions.end_all(connection, person.id)
            audit.note(connection, person.id, "chose a password", f"account {person.id}")
    except AccountError as wrong:
        return asked(request, "sign-in-password.html", wrong, person=person)
    return begin(request, person, "/account")


@router.post("/account/sign-out-everywhere")
def sign_out_everywhere(request: Request) -> Response:
    """End all sessions of the account."""
    person = signed.require(request, Action.USE_ACCOUNT)
    with installation(request).engine.begin() as connection:
        sessions.end_all(connection, person.id)
    response = RedirectResponse("/sign-in", 303)
    signed.sign_out(request, response)
    return response
