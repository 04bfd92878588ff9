"""Proposals: reading them, talking about them, approving them, taking them back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.engine import Connection
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams

from childdev.access import accounts
from childdev.access.accounts import Account
from childdev.access.policy import Action
from childdev.contribution.changes.impact import impact
from childdev.errors import ChilddevError, ConflictError, ForbiddenError
from childdev.release import mending, notes, proposals, review
from childdev.release.proposals import ALIVE, Entry, Kind, Proposal, Status
from childdev.release.review import Now, Standing
from childdev.views import history
from childdev.web.forms import form
from childdev.web.installation import Installation, installation
from childdev.web.routes.suggest import day
from childdev.web.signed import person, require
from childdev.web.templating import page

router = APIRouter(include_in_schema=False)

#: how far a proposal is, for people
STATUSES = {
    Status.DRAFT: "Draft",
    Status.OPEN: "Open",
    Status.CHANGES_REQUESTED: "Changes asked for",
    Status.APPROVED: "Approved",
    Status.RELEASED: "Released",
    Status.WITHDRAWN: "Withdrawn",
    Status.DECLINED: "Declined",
}
#: what an entry says was done
DONE = {
    Kind.OPENED: "proposed this",
    Kind.COMMENT: "said",
    Kind.REQUEST: "asked for changes",
    Kind.DOMAIN_APPROVAL: "approved as domain reviewer",
    Kind.MODEL_APPROVAL: "approved as model reviewer",
    Kind.EDITED: "edited it",
    Kind.REBASED: "The model moved on",
    Kind.WITHDRAWN: "withdrew it",
    Kind.DECLINED: "declined it",
    Kind.RELEASED: "Released",
}


@dataclass(frozen=True)
class Shown:
    """An entry as the page shows it; `stale` where it is about an earlier edition and decides nothing any more."""

    who: str
    done: str
    words: str
    day: str
    kind: Kind
    stale: bool


@dataclass(frozen=True)
class Listed:
    """A proposal in a list."""

    proposal: Proposal
    who: str
    day: str
    status: str


@router.get("/proposals")
def listed(request: Request, show: str = "open") -> Response:
    """Proposals: open, approved, released, over, or one's own."""
    here, me = installation(request), person(request)
    sets = {
        "open": (Status.OPEN, Status.CHANGES_REQUESTED),
        "approved": (Status.APPROVED,),
        "released": (Status.RELEASED,),
        "closed": (Status.WITHDRAWN, Status.DECLINED),
        **({"mine": tuple(Status)} if me else {}),
    }
    shown = show if show in sets else "open"
    with here.engine.connect() as connection:
        mine = me.id if me and shown == "mine" else None
        found = proposals.proposals(connection, sets[shown], mine)
        names = _names(connection)
    return page(
        request,
        "proposals.html",
        found=[Listed(p, _who(names, p.author, p.author_role), day(p.made_at), STATUSES[p.status]) for p in found],
        shown=shown,
        sets=tuple(sets),
        may_release=bool(me and me.may(Action.MAKE_RELEASE)),
        signed_in=bool(me),
    )


@router.get("/proposals/{number}")
def one(request: Request, number: int) -> Response:
    """One proposal, with what it would do and all that was said of it."""
    return _page(request, number)


@router.post("/proposals/{number}")
async def act(request: Request, number: int) -> Response:
    """Say something, approve, ask for changes, decline, withdraw, or open a draft."""
    me = require(request, Action.COMMENT)
    fields = await form(request)
    return await run_in_threadpool(_acted, request, me, number, fields)


@router.get("/proposals/{number}/edit")
def edit(request: Request, number: int) -> Response:
    """The form for mending one's own proposal."""
    me = require(request, Action.WITHDRAW_OWN)
    found = _found(installation(request), number, me)
    return _edit_page(request, me, found)


@router.post("/proposals/{number}/edit")
async def mend(request: Request, number: int) -> Response:
    """Put other changes in the place of those of a proposal."""
    me = require(request, Action.WITHDRAW_OWN)
    fields = await form(request, 2 << 20)
    return await run_in_threadpool(_mended, request, me, number, fields)


# ---------------------------------------------------------------- doing


def _acted(request: Request, me: Account, number: int, fields: QueryParams) -> Response:
    here = installation(request)
    try:
        with here.engine.begin() as connection:
            found = proposals.proposal(connection, number, lock=True)
            _seen(found, me)
            if fields.get("edition") != str(found.edition):
                raise ConflictError("The proposal was edited while you were reading. Look at it anew, then try again.")
            _do(connection, now(here), me, found, fields)
    except ForbiddenError:
        raise
    except ChilddevError as e:
        return _page(request, number, e, fields)
    return RedirectResponse(f"/proposals/{number}#said", 303)


def _do(connection: Connection, at: Now, me: Account, found: Proposal, fields: QueryParams) -> None:
    words, wanted = fields.get("words", ""), fields.get("act", "comment")
    acts: Mapping[str, Callable[[], object]] = {
        "comment": lambda: review.comment(connection, me, found, words),
        "request": lambda: review.ask_for_changes(connection, me, found, words),
        "decline": lambda: review.decline(connection, me, found, words),
        "withdraw": lambda: review.withdraw(connection, me, found, words),
        "open": lambda: review.submit(connection, me, found),
    }
    needed = {"request": (Action.ASK_FOR_CHANGES,), "decline": _decliners(found)}.get(wanted)
    if needed and not any(me.may(action) for action in needed):
        raise ForbiddenError("Your role can't do this. Ask a reviewer.")
    if wanted in acts:
        acts[wanted]()
    elif wanted in set(review.APPROVALS):
        review.approve(connection, at, me, found, Kind(wanted), words, fields.get("delta", ""))
    else:
        raise ConflictError("Choose what you want to do.")


def _mended(request: Request, me: Account, number: int, fields: QueryParams) -> Response:
    here = installation(request)
    found = _found(here, number, me)
    keep = [int(n) for n in fields.getlist("keep") if n.isdecimal()]
    try:
        if fields.get("edition") != str(found.edition):
            raise ConflictError("The proposal was edited meanwhile. Look at it anew, then try again.")
        at = now(here)
        changes = mending.mended(at.stated, found.changes, keep, fields)
        with here.engine.begin() as connection:
            review.edit(connection, at, me, found, changes, fields.get("words", ""))
    except ForbiddenError:
        raise
    except ChilddevError as e:
        return _edit_page(request, me, found, e, fields)
    return RedirectResponse(f"/proposals/{number}", 303)


def _decliners(found: Proposal) -> tuple[Action, ...]:
    """What one must be allowed to do for declining a proposal."""
    clash = "clashes" in found.details
    return (Action.ASK_FOR_CHANGES, Action.SETTLE_CLASH) if clash else (Action.ASK_FOR_CHANGES,)


def _seen(found: Proposal, me: Account | None) -> None:
    """A draft is seen by its author alone."""
    if found.status == Status.DRAFT and (me is None or me.id != found.author):
        raise ForbiddenError("This is a draft, which only its author sees.")


# ---------------------------------------------------------------- showing


def now(here: Installation) -> Now:
    """The newest version, for review."""
    newest = here.newest
    return Now(newest.published.number, newest.version, newest.stated)


def _found(here: Installation, number: int, me: Account) -> Proposal:
    with here.engine.connect() as connection:
        found = proposals.proposal(connection, number)
    if not review.may_edit(found, me) or not (found.alive or found.status == Status.DRAFT):
        raise ForbiddenError("Only who wrote a proposal can edit it, and only while it is open.")
    return found


def _page(
    request: Request, number: int, wrong: ChilddevError | None = None, fields: QueryParams | None = None
) -> Response:
    here, me = installation(request), person(request)
    with here.engine.connect() as connection:
        found = proposals.proposal(connection, number)
        said = proposals.entries(connection, number)
        names = _names(connection)
    _seen(found, me)
    at = now(here)
    alive = found.alive or found.status == Status.DRAFT
    looked = review.standing(at.stated, found.changes) if alive else Standing()
    acts = _acts(found, said, me) if me else []
    response = page(
        request,
        "proposal.html",
        wrong.status if wrong else 200,
        p=found,
        who=_who(names, found.author, found.author_role),
        day=day(found.made_at),
        stage=STATUSES[found.status],
        alive=found.status in ALIVE,
        base=here.publication.record.name(found.base),
        now_at=at.name,
        looked=looked,
        digest=review.digest(looked.delta),
        moved=bool(found.details.get("delta")) and found.details["delta"] != review.digest(looked.delta),
        sections=_told(here, found, looked),
        reach=_reach(here, looked),
        verdict=review.verdict(found, said),
        entries=[_entry(names, e, found) for e in said if e.kind != Kind.OPENED],
        votes=proposals.lines(found.details, "votes"),
        dissent=proposals.lines(found.details, "dissent"),
        acts=acts,
        may_edit=bool(me and alive and review.may_edit(found, me)),
        signed_in=bool(me),
        wrong=wrong,
        words=fields.get("words", "") if fields else "",
        chosen=fields.get("act", "") if fields else "",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _told(here: Installation, found: Proposal, looked: Standing) -> list[notes.Section]:
    """What it would do, in sentences; what it did, where it is over, on the version for which it was made."""
    if looked.delta:
        return notes.sections(here.stated, looked.delta, "will")
    if found.status in ALIVE or found.status == Status.DRAFT:
        return []
    stated = history.before(here.publication.record, here.newest.published.number, here.stated, found.base + 1)
    past = review.standing(stated, found.changes)
    return notes.sections(stated, past.delta, "was" if found.status == Status.RELEASED else "will")


def _reach(here: Installation, looked: Standing) -> list[str]:
    """What it reaches beyond itself, in sentences."""
    if not looked.delta:
        return []
    questions = here.newest.question_terms
    return [effect.text for effect in impact(here.stated, looked.delta, questions).effects]


def _acts(found: Proposal, said: list[Entry], me: Account) -> list[tuple[str, str, str]]:
    """What somebody may do with a proposal: key, words, hint."""
    acts = [("comment", "Say something", "")]
    wrote = me.id in review.authors(found, said)
    sides = {
        Kind.DOMAIN_APPROVAL: ("Approve as domain reviewer", "It is right for children, families and practice."),
        Kind.MODEL_APPROVAL: ("Approve as model reviewer", "It is in the right place, and its evidence is told."),
    }
    acts += [(kind.value, *sides[kind]) for kind in review.may_approve(found, said, me)]
    if found.alive and not wrote and me.may(Action.ASK_FOR_CHANGES):
        acts.append(("request", "Ask for changes", "It can be approved when they are made."))
    if found.alive and not wrote and any(me.may(a) for a in _decliners(found)):
        acts.append(("decline", "Decline it", "It will not go into the model. Say why."))
    return acts


def _edit_page(
    request: Request,
    me: Account,
    found: Proposal,
    wrong: ChilddevError | None = None,
    fields: QueryParams | None = None,
) -> Response:
    here = installation(request)
    with here.engine.connect() as connection:
        given = review.verdict(found, proposals.entries(connection, found.id))
    return page(
        request,
        "proposal-edit.html",
        wrong.status if wrong else 200,
        p=found,
        changes=mending.mendable(here.stated, found.changes),
        approvals=len(given.domain) + len(given.model),
        wrong=wrong,
        typed=dict(fields) if fields else {},
        kept=set(fields.getlist("keep")) if fields else None,
    )


def _entry(names: Mapping[int, Account], e: Entry, found: Proposal) -> Shown:
    stale = e.edition < found.edition and e.kind in (*review.APPROVALS, Kind.REQUEST)
    who = "" if e.kind in (Kind.REBASED, Kind.RELEASED) else _who(names, e.author, e.role)
    return Shown(who, DONE[e.kind], e.words, day(e.at), e.kind, stale)


def _names(connection: Connection) -> Mapping[int, Account]:
    """Those who want to be named."""
    return {a.id: a for a in accounts.everyone(connection) if a.credit == "name"}


def _who(names: Mapping[int, Account], author: int | None, role: str) -> str:
    """Whoever wants to be named by name and role, others by their role alone."""
    role = role[:1].upper() + role[1:]
    named = names.get(author) if author is not None else None
    return f"{named.name} ({role[:1].lower()}{role[1:]})" if named else role
