"""Typed changes by REST, for programs: what they would do, and putting them forward as a proposal."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from childdev.access.policy import Action
from childdev.contribution.changes.impact import impact
from childdev.contribution.changes.kinds import Change
from childdev.contribution.changes.making import delta_of
from childdev.contribution.changes.sentences import sentences
from childdev.errors import Finding
from childdev.model.stated import Delta, Stated
from childdev.release import review
from childdev.release.proposals import open_proposal
from childdev.validation.targeted import broken
from childdev.web.installation import Installation, installation
from childdev.web.signed import require

router = APIRouter(prefix="/api/v1", tags=["changes"])


class Changes(BaseModel):
    """Changes that are made one after the other."""

    model_config = ConfigDict(extra="forbid")

    changes: tuple[Change, ...] = Field(min_length=1, max_length=5000)


class NewProposal(Changes):
    """Changes that are put forward, and why."""

    title: str = Field(min_length=1, max_length=200)
    why: str = Field(min_length=1, max_length=10_000)


@router.post("/changes/check", summary="What changes would do, and which rules they would break")
def check(request: Request, given: Changes) -> Response:
    """Nothing is stored. Needs a token that may edit drafts."""
    require(request, Action.EDIT_DRAFT)
    here = installation(request)
    delta = delta_of(here.stated, given.changes)
    return _answer(here, {**_told(here, delta), "findings": [vars(f) for f in _findings(here.stated, delta)]})


@router.post("/proposals", status_code=201, summary="Put changes forward for review")
def propose(request: Request, given: NewProposal) -> Response:
    """Needs a token that may open proposals. Changes that break rules are refused with all findings."""
    account = require(request, Action.OPEN_PROPOSAL)
    here = installation(request)
    delta = review.checked(here.stated, given.changes)
    base = here.newest.published.number
    with here.engine.begin() as connection:
        number = open_proposal(connection, account.id, given.title, given.why, base, given.changes)
    body = {"proposal": number, **_told(here, delta)}
    return _answer(here, body, 201, {"Location": f"/proposals/{number}"})


def _told(here: Installation, delta: Delta) -> dict[str, Any]:
    effects = impact(here.stated, delta, here.newest.question_terms).effects
    added, removed = delta.lines()
    return {
        "sentences": [s.text for s in sentences(here.stated, delta, tense="will")],
        "touches": [{"kind": e.kind, "text": e.text, "number": e.number, "things": list(e.things)} for e in effects],
        "added": sorted(added),
        "removed": sorted(removed),
    }


def _findings(stated: Stated, delta: Delta) -> list[Finding]:
    return [Finding(v.where, v.message) for v in broken(stated, delta)]


def _answer(here: Installation, data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"data": data, "version": here.newest.version}, status, headers)
