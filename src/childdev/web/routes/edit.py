"""A form for anything in the model, made from its shape; what a change would do, as one types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pyoxigraph import NamedNode
from starlette.concurrency import run_in_threadpool

from childdev import terms as cd
from childdev.access.policy import Action
from childdev.contribution.changes import kinds
from childdev.contribution.changes.impact import Effect, impact
from childdev.contribution.changes.kinds import Change, Evidence
from childdev.contribution.changes.names import thing, thing_name
from childdev.errors import ChangeError, ChilddevError, InvalidError, NotFoundError
from childdev.model.stated import Stated
from childdev.release import review
from childdev.release.proposals import open_proposal
from childdev.validation.fields import EDITABLE
from childdev.views import form as forms
from childdev.views import history
from childdev.views.words import BASES, STRENGTHS
from childdev.web.installation import Installation, installation
from childdev.web.signed import require
from childdev.web.templating import page

router = APIRouter(include_in_schema=False)

Given = dict[str, list[str]]

#: what people add most
NEW = (
    ("feature", "A feature of development"),
    ("environment", "Something that helps"),
    ("factor", "What strengthens or weakens"),
    ("asset", "An asset"),
    ("agency", "An agency"),
    ("indicator", "An indicator"),
    ("source", "A source"),
    ("claim", "A contested view"),
)


@router.get("/tend")
def tend(request: Request) -> Response:
    """Where everything begins for those who tend the model."""
    kinds = [(kind, words) for kind, words in NEW if kind in EDITABLE]
    return page(request, "tend.html", kinds=kinds)


@router.get("/edit/{kind}")
@router.get("/edit/{kind}/{slug}")
def edit(request: Request, kind: str, slug: str = "") -> Response:
    """The form of a thing, or of a new one."""
    require(request, Action.EDIT_DRAFT)
    here = installation(request)
    name = _name(here, kind, slug)
    values = forms.stated_values(here.stated, name) if name else {}
    return _form(request, kind, name, {k: list(v) for k, v in values.items()}, None)


@router.post("/edit/{kind}/check")
@router.post("/edit/{kind}/{slug}/check")
async def check(request: Request, kind: str, slug: str = "") -> Response:
    """What the form as it stands would do, and what is wrong with it: a part of the page."""
    require(request, Action.EDIT_DRAFT)
    given = await _given(request)
    return await run_in_threadpool(_checked, request, kind, slug, given)


@router.post("/edit/{kind}/find")
@router.post("/edit/{kind}/{slug}/find")
async def find(request: Request, kind: str, slug: str = "") -> Response:
    """The ticks of one field, with what was found for the words typed into it: a part of the page."""
    require(request, Action.EDIT_DRAFT)
    given = await _given(request)
    prop = request.query_params.get("field", "")
    return await run_in_threadpool(_found, request, kind, prop, given)


@router.post("/edit/{kind}/{slug}/here")
def here_now(request: Request, kind: str, slug: str) -> Response:
    """Who else has this form open: a part of the page."""
    account = require(request, Action.EDIT_DRAFT)
    others = request.app.state.presence.others(f"{kind}/{slug}", account)
    return page(request, "edit-here.html", others=others)


@router.post("/edit/{kind}/{slug}/retire")
async def retire(request: Request, kind: str, slug: str) -> Response:
    """Propose that a thing is no longer used: retired, one with another, or several."""
    require(request, Action.OPEN_PROPOSAL)
    given = await _given(request)
    return await run_in_threadpool(_retired, request, kind, slug, given)


@router.post("/edit/claim/{slug}/differ")
async def differ(request: Request, slug: str) -> Response:
    """Propose a position on a claim."""
    require(request, Action.OPEN_PROPOSAL)
    given = await _given(request)
    change = kinds.Disagree(
        claim=f"claim/{slug}",
        stance="for" if _one(given, "stance") == "for" else "against",
        words=_one(given, "words"),
        role=_one(given, "role") or "practitioners",
    )
    return await run_in_threadpool(_proposed, request, "A position on a claim", _one(given, "words"), (change,))


@router.post("/edit/{kind}")
@router.post("/edit/{kind}/{slug}")
async def propose(request: Request, kind: str, slug: str = "") -> Response:
    """Put the form forward as a proposal, if nothing is wrong with it."""
    require(request, Action.OPEN_PROPOSAL)
    given = await _given(request)
    return await run_in_threadpool(_put_forward, request, kind, slug, given)


# ---------------------------------------------------------------- the work, off the event loop


def _put_forward(request: Request, kind: str, slug: str, given: Given) -> Response:
    draft = _draft(request, kind, slug, given)
    why = _one(given, "why")
    if draft.fine and not why:
        draft.messages["why"] = ["Say in a sentence why this is better."]
    if not draft.fine:
        if not draft.delta and not draft.messages:
            draft.messages[""] = ["Nothing differs from what the model says. Change something first."]
        return _form(request, kind, _name(installation(request), kind, slug), given, draft, 422)
    label = installation(request).stated.after(draft.delta).label(thing(draft.name))
    title = _one(given, "title") or (f"Changes to “{label}”" if slug else f"A new {kind}: {label}")
    return _opened(request, title, why, draft.changes)


def _retired(request: Request, kind: str, slug: str, given: Given) -> Response:
    here = installation(request)
    name = _name(here, kind, slug)
    why = _one(given, "why")
    others = []
    for words in given.get("successor", []):
        if words.strip():
            found = forms.named(here.stated, (kind,), words)
            if not found or here.stated.label(found[0]).casefold() != words.strip().casefold():
                raise InvalidError(f"There is nothing called “{words}” here. Go back and write its name in full.")
            others.append(thing_name(found[0]))
    label = here.stated.label(thing(name))
    change: Change
    if not others or _one(given, "how") == "retire":
        change = kinds.Retire(thing=name, successors=tuple(others), reason=why)
    elif len(others) == 1:
        change = kinds.Merge(thing=name, into=others[0], reason=why)
    else:
        change = kinds.Split(thing=name, into=tuple(others), reason=why)
    return _proposed(request, f"“{label}” is no longer used", why, (change,))


def _proposed(request: Request, title: str, why: str, changes: Sequence[Change]) -> Response:
    """A proposal of changes that were not made in the form."""
    review.checked(installation(request).stated, changes)
    return _opened(request, title, why, changes)


def _opened(request: Request, title: str, why: str, changes: Sequence[Change]) -> Response:
    account = require(request, Action.OPEN_PROPOSAL)
    here = installation(request)
    with here.engine.begin() as connection:
        number = open_proposal(connection, account.id, title, why, here.newest.published.number, changes)
    return RedirectResponse(f"/proposals/{number}", 303)


def _checked(request: Request, kind: str, slug: str, given: Given) -> Response:
    here = installation(request)
    draft = _draft(request, kind, slug, given)
    shown = forms.inputs(here.stated, kind, given, draft)
    return page(request, "edit-check.html", draft=draft, inputs=shown, effects=_effects(here, draft))


def _effects(here: Installation, draft: forms.Draft | None) -> Sequence[Effect]:
    """What a draft touches beyond itself, once nothing is wrong with it."""
    if draft is None or not draft.fine:
        return ()
    return impact(here.stated, draft.delta, here.newest.question_terms).effects


def _found(request: Request, kind: str, prop: str, given: Given) -> Response:
    stated = installation(request).stated
    one = next((i for i in forms.inputs(stated, kind, given) if i.field.property == prop), None)
    if one is None:
        raise NotFoundError(f"There is no field '{prop}'.")
    words = _one(given, forms.ADD + prop)
    near = [thing_name(n) for n in forms.named(stated, one.field.targets, words)] if words else []
    draft = forms.Draft("", found={prop: near})
    one = next(i for i in forms.inputs(stated, kind, given, draft) if i.field.property == prop)
    return page(request, "edit-ticks.html", i=one)


def _draft(request: Request, kind: str, slug: str, given: Given) -> forms.Draft:
    here = installation(request)
    name = _name(here, kind, slug)
    base = _base(here, _one(given, "base"))
    try:
        return forms.draft(base, here.stated, kind, name, given, _evidence(here.stated, given))
    except ChilddevError as e:
        return forms.Draft(name, messages={"evidence": [str(e)]})


def _base(here: Installation, number: str) -> Stated:
    """What was stated when the form was opened, so that nobody else's later change is taken back unseen."""
    newest = here.newest.published.number
    opened = int(number) if number.isdecimal() and int(number) <= newest else newest
    return history.before(here.publication.record, newest, here.stated, opened + 1)


def _evidence(stated: Stated, given: Mapping[str, Sequence[str]]) -> Evidence:
    sources = []
    for words in given.get("evidence-source", ()):
        if words.strip():
            found = forms.named(stated, ("source",), words)
            if len(found) != 1:
                raise ChangeError(1, f"There is no single source called “{words}”. Write its title in full.")
            sources.append(thing_name(found[0]).partition("/")[2])
    values: dict[str, Any] = {
        "strength": _one(given, "evidence-strength") or "workshop-view",
        "basis": _one(given, "evidence-basis") or "reasoned",
        "sources": tuple(sources),
        "explanation": _one(given, "evidence-why"),
        "locator": _one(given, "evidence-place"),
    }
    if values["strength"] not in STRENGTHS or values["basis"] not in BASES:
        raise ChangeError(1, "Choose how strong the evidence is, and how it came to stand.")
    return Evidence(**values)


def _form(
    request: Request, kind: str, name: str, given: Given, draft: forms.Draft | None, status: int = 200
) -> Response:
    here = installation(request)
    stated = here.stated
    return page(
        request,
        "edit.html",
        status,
        kind=kind,
        name=name,
        label=stated.label(thing(name)) if name else "",
        inputs=forms.inputs(stated, kind, given, draft),
        given=given,
        one=lambda key: _one(given, key),
        draft=draft,
        effects=_effects(here, draft),
        base=_one(given, "base") or str(here.newest.published.number),
        positions=_positions(stated, name) if kind == "claim" and name else None,
    )


def _positions(stated: Stated, name: str) -> list[str]:
    return [stated.label(p) for p in stated.objects(thing(name), cd.hasPosition) if isinstance(p, NamedNode)]


def _name(here: Installation, kind: str, slug: str) -> str:
    if kind not in EDITABLE:
        raise NotFoundError(f"There is no form for '{kind}'.")
    if not slug:
        return ""
    here.newest.find(kind, slug)
    return f"{kind}/{slug}"


async def _given(request: Request) -> Given:
    """What was filled in, by field; lines of a text that holds one value a line are parted."""
    found: Given = {}
    async with request.form(max_fields=2000) as given:
        for key, value in given.multi_items():
            if isinstance(value, str):
                lines = value.splitlines() if key.startswith("lines:") else [value]
                found.setdefault(key.removeprefix("lines:"), []).extend(x for x in lines if x.strip())
    return found


def _one(given: Mapping[str, Sequence[str]], key: str) -> str:
    return next(iter(given.get(key, ())), "").strip()
