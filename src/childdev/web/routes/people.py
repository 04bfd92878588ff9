"""The people who may do more than read: for maintainers, who invite them, give roles and tokens, and see the audit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.engine import Connection
from starlette.datastructures import QueryParams

from childdev.access import accounts, audit, links, sessions, tokens
from childdev.access.accounts import Account, AccountError
from childdev.access.links import HOURS, Purpose
from childdev.access.policy import ACCOUNT_ROLES, Action, Role
from childdev.web.forms import whole_number
from childdev.web.installation import installation
from childdev.web.routes.signin import Fields, asked
from childdev.web.signed import require

router = APIRouter(include_in_schema=False)

#: what each role may do, in a line
ROLES = {
    Role.FACILITATOR: ("Facilitator", "opens workshops, changes drafts, uploads tables, opens proposals"),
    Role.DOMAIN_REVIEWER: ("Domain reviewer", "reads proposals for whether they are true and well put, and approves"),
    Role.MODEL_REVIEWER: ("Model reviewer", "reads proposals for whether they fit the rest, and approves"),
    Role.MAINTAINER: ("Maintainer", "makes releases, undoes changes, invites people and gives roles"),
}


@router.get("/people")
def people(request: Request) -> Response:
    """Everybody, with their roles."""
    require(request, Action.MANAGE_PEOPLE)
    with installation(request).engine.connect() as connection:
        return asked(request, "people.html", people=accounts.everyone(connection), roles=ROLES)


@router.get("/people/audit")
def see_audit(request: Request) -> Response:
    """Who did what, newest first."""
    require(request, Action.SEE_AUDIT)
    with installation(request).engine.connect() as connection:
        return asked(request, "people-audit.html", lines=audit.newest(connection), when=when)


@router.get("/people/invite")
def invite_page(request: Request) -> Response:
    """First the name, then the roles."""
    require(request, Action.MANAGE_PEOPLE)
    name = request.query_params.get("name")
    if name is None:
        return asked(request, "people-invite.html", name="")
    try:
        with installation(request).engine.connect() as connection:
            name = accounts.free_name(connection, name)
    except AccountError as wrong:
        return asked(request, "people-invite.html", wrong, name=name)
    return asked(request, "people-roles.html", name=name, person=None, roles=ROLES, chosen=[])


@router.post("/people/invite")
def invite(request: Request, given: Fields) -> Response:
    """Make the account, and show its link once."""
    maintainer = require(request, Action.MANAGE_PEOPLE)
    name, chosen = given.get("name", ""), _roles(given)
    try:
        with installation(request).engine.begin() as connection:
            person = accounts.create(connection, name, chosen)
            path = links.make(connection, Purpose.INVITATION, person.id)
            audit.note(connection, maintainer.id, Action.MANAGE_PEOPLE, f"invited account {person.id}")
    except AccountError as wrong:
        if wrong.field == "name":
            return asked(request, "people-invite.html", wrong, name=name)
        return asked(request, "people-roles.html", wrong, name=name, person=None, roles=ROLES, chosen=chosen)
    return _link_page(request, person, path, Purpose.INVITATION)


@router.get("/people/{number}")
def one(request: Request, number: int) -> Response:
    """One person: roles, ways in, tokens."""
    require(request, Action.MANAGE_PEOPLE)
    with installation(request).engine.connect() as connection:
        person = accounts.get(connection, number)
        held = tokens.of(connection, number)
    return asked(request, "people-one.html", person=person, roles=ROLES, tokens=held, when=when)


@router.get("/people/{number}/roles")
def roles_page(request: Request, number: int) -> Response:
    """The form for other roles."""
    require(request, Action.MANAGE_PEOPLE)
    person = _person(request, number)
    return asked(request, "people-roles.html", person=person, name=person.name, roles=ROLES, chosen=person.roles)


@router.post("/people/{number}/roles")
def set_roles(request: Request, number: int, given: Fields) -> Response:
    """Give these roles and no others."""
    maintainer, person, chosen = require(request, Action.MANAGE_PEOPLE), _person(request, number), _roles(given)
    names = ", ".join(sorted(chosen))

    def change(connection: Connection) -> None:
        accounts.set_roles(connection, number, chosen)
        audit.note(connection, maintainer.id, Action.MANAGE_PEOPLE, f"roles of account {number}: {names}")

    def again(wrong: AccountError) -> Response:
        return asked(request, "people-roles.html", wrong, person=person, name=person.name, roles=ROLES, chosen=chosen)

    return _changed(request, number, change, again)


@router.post("/people/{number}/out")
def keep_out(request: Request, number: int) -> Response:
    """Keep somebody out."""
    return _let(request, number, False)


@router.post("/people/{number}/in")
def let_in(request: Request, number: int) -> Response:
    """Let somebody in again."""
    return _let(request, number, True)


@router.post("/people/{number}/link")
def new_link(request: Request, number: int) -> Response:
    """A new link for a first or a new password, shown once."""
    maintainer, person = require(request, Action.MANAGE_PEOPLE), _person(request, number)
    purpose = Purpose.RESET if person.has_password else Purpose.INVITATION
    with installation(request).engine.begin() as connection:
        path = links.make(connection, purpose, number)
        audit.note(connection, maintainer.id, Action.MANAGE_PEOPLE, f"link for account {number}")
    return _link_page(request, person, path, purpose)


@router.post("/people/{number}/sign-out")
def sign_out(request: Request, number: int) -> Response:
    """End all sessions of somebody."""
    maintainer, person = require(request, Action.MANAGE_PEOPLE), _person(request, number)
    with installation(request).engine.begin() as connection:
        sessions.end_all(connection, person.id)
        audit.note(connection, maintainer.id, Action.MANAGE_PEOPLE, f"signed out account {number}")
    return RedirectResponse(f"/people/{number}", 303)


@router.get("/people/{number}/token")
def token_page(request: Request, number: int) -> Response:
    """The form for a token."""
    require(request, Action.MANAGE_PEOPLE)
    return _token_form(request, _person(request, number), QueryParams("days=90"))


@router.post("/people/{number}/token")
def token(request: Request, number: int, given: Fields) -> Response:
    """Make a token, and show it once."""
    maintainer, person = require(request, Action.MANAGE_PEOPLE), _person(request, number)
    actions = [Action(a) for a in given.getlist("actions") if a in set(Action)]
    try:
        with installation(request).engine.begin() as connection:
            days = whole_number(given.get("days")) or 0
            secret = tokens.create(connection, person, given.get("label", ""), actions, days)
            audit.note(connection, maintainer.id, Action.MANAGE_PEOPLE, f"token for account {number}")
    except AccountError as wrong:
        return _token_form(request, person, given, wrong)
    return asked(request, "people-token-made.html", person=person, secret=secret)


@router.post("/people/{number}/token/{which}/revoke")
def revoke(request: Request, number: int, which: int) -> Response:
    """Take a token back."""
    maintainer, person = require(request, Action.MANAGE_PEOPLE), _person(request, number)
    with installation(request).engine.begin() as connection:
        tokens.revoke(connection, person.id, which)
        audit.note(connection, maintainer.id, Action.MANAGE_PEOPLE, f"took back a token of account {number}")
    return RedirectResponse(f"/people/{number}", 303)


def when(seconds: int, time: bool = False) -> str:
    """A day as people write it, with the time (UTC) if wanted."""
    at = datetime.fromtimestamp(seconds, UTC)
    return f"{at.day} {at:%B %Y}" + (f", {at:%H:%M}" if time else "")


def _let(request: Request, number: int, active: bool) -> Response:
    maintainer, person = require(request, Action.MANAGE_PEOPLE), _person(request, number)

    def change(connection: Connection) -> None:
        accounts.set_active(connection, person.id, active)
        done = "let in" if active else "kept out"
        audit.note(connection, maintainer.id, Action.MANAGE_PEOPLE, f"{done} account {number}")

    def again(wrong: AccountError) -> Response:
        return asked(request, "people-one.html", wrong, person=person, roles=ROLES, tokens=[], when=when)

    return _changed(request, number, change, again)


def _changed(
    request: Request, number: int, change: Callable[[Connection], None], again: Callable[[AccountError], Response]
) -> Response:
    try:
        with installation(request).engine.begin() as connection:
            change(connection)
    except AccountError as wrong:
        return again(wrong)
    return RedirectResponse(f"/people/{number}", 303)


def _link_page(request: Request, person: Account, path: str, purpose: Purpose) -> Response:
    address = installation(request).newest.base_url.rstrip("/") + path
    hours = HOURS[purpose]
    lasts = f"{hours // 24} days" if hours > 24 else f"{hours} hours"
    return asked(request, "people-link.html", person=person, address=address, lasts=lasts)


def _token_form(request: Request, person: Account, given: QueryParams, wrong: AccountError | None = None) -> Response:
    actions = [(a.value, a.value.replace("-", " ").capitalize(), "") for a in tokens.grantable(person)]
    return asked(request, "people-token.html", wrong, person=person, actions=actions, given=given)


def _person(request: Request, number: int) -> Account:
    with installation(request).engine.connect() as connection:
        return accounts.get(connection, number)


def _roles(given: QueryParams) -> list[Role]:
    return [Role(r) for r in given.getlist("roles") if r in set(ACCOUNT_ROLES)]
