"""Suggestions: a change in plain words from anyone, without an account, and what became of it.

Whoever sent one gets a link with a random secret, of which only the digest is kept, to follow it. Nothing else is
known of them than the role that they may give. Times are whole seconds since 1970.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text, insert, select, update
from sqlalchemy.engine import Connection

from childdev.access import secrets
from childdev.access.accounts import Account
from childdev.errors import ConflictError, Finding, InvalidError, NotFoundError
from childdev.release import proposals
from childdev.store.database import METADATA
from childdev.validation import personal_data

SUGGESTIONS = Table(
    "suggestion",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("about", String(200), nullable=False),
    Column("words", Text, nullable=False),
    Column("role", String(80), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("made_at", BigInteger, nullable=False),
    Column("status", String(12), nullable=False, index=True),
    Column("answer", Text, nullable=False),
    Column("answered_by", Integer, ForeignKey("account.id"), nullable=True),
    Column("answered_at", BigInteger, nullable=True),
    Column("proposal", Integer, ForeignKey("proposal.id"), nullable=True),
)
#: lengths that people meet
WORDS, ROLE, ANSWER = 2000, 80, 1000


class Status(StrEnum):
    """What became of a suggestion."""

    NEW = "new"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NOTED = "noted"


@dataclass(frozen=True)
class Suggestion:
    """A suggestion; `about` is a thing ("kind/slug") or empty, `proposal` the number of what was made of it."""

    id: int
    about: str
    words: str
    role: str
    made_at: int
    status: Status
    answer: str
    answered_at: int | None
    proposal: int | None


def suggest(connection: Connection, about: str, words: str, role: str) -> str:
    """Keep a suggestion; returns the secret by which to follow it.

    Raises:
        InvalidError: there are no words, or too many.
        PersonalDataError: they seem to tell of one person. Nothing was stored.
    """
    words, role = words.strip(), " ".join(role.split())
    wanting = [
        Finding(where, message)
        for where, message, wrong in (
            ("What should be different", "Write what should be different.", not words),
            ("What should be different", f"Make it shorter: {WORDS:,} characters at most.", len(words) > WORDS),
            ("Your role", f"Make it shorter: {ROLE} characters at most.", len(role) > ROLE),
        )
        if wrong
    ]
    if wanting:
        raise InvalidError("Nothing was sent yet.", wanting)
    personal_data.refuse([words, role])
    secret = secrets.fresh()
    values = {
        "about": about[:200],
        "words": words,
        "role": role,
        "digest": secrets.digest(secret),
        "made_at": int(time.time()),
        "status": Status.NEW,
        "answer": "",
    }
    connection.execute(insert(SUGGESTIONS).values(values))
    return secret


def followed(connection: Connection, secret: str) -> Suggestion:
    """The suggestion of a secret.

    Raises:
        NotFoundError: there is none.
    """
    row = connection.execute(select(SUGGESTIONS).where(SUGGESTIONS.c.digest == secrets.digest(secret))).one_or_none()
    if row is None:
        raise NotFoundError("There is no suggestion at this address. Look whether the whole link was copied.")
    return _suggestion(row)


def suggestions(
    connection: Connection, statuses: Sequence[Status] = tuple(Status), most: int = 200
) -> list[Suggestion]:
    """Suggestions of some statuses, the newest first."""
    c = SUGGESTIONS.c
    wanted = c.status.in_([str(s) for s in statuses])
    rows = connection.execute(select(SUGGESTIONS).where(wanted).order_by(c.id.desc()).limit(most))
    return [_suggestion(row) for row in rows]


def answer(
    connection: Connection, person: Account, number: int, status: Status, words: str, proposal: int | None = None
) -> None:
    """Say what becomes of a suggestion. Its sender reads the words.

    Raises:
        NotFoundError: there is no such suggestion, or no such proposal.
        InvalidError: it is declined without a reason.
        ConflictError: it is answered already.
    """
    words = words.strip()
    if status == Status.NEW:
        raise InvalidError("Choose what becomes of it.")
    if status == Status.DECLINED and not words:
        raise InvalidError("Say why, so that its sender understands.")
    if len(words) > ANSWER:
        raise InvalidError(f"Make the answer shorter: {ANSWER:,} characters at most.")
    personal_data.refuse([words])
    if proposal is not None:
        proposals.proposal(connection, proposal)
    c = SUGGESTIONS.c
    values = {
        "status": status,
        "answer": words,
        "answered_by": person.id,
        "answered_at": int(time.time()),
        "proposal": proposal,
    }
    waiting = (c.id == number) & (c.status == str(Status.NEW))
    if connection.execute(update(SUGGESTIONS).where(waiting).values(values)).rowcount == 1:
        return
    if connection.execute(select(c.id).where(c.id == number)).scalar() is None:
        raise NotFoundError(f"There is no suggestion {number}.", [("All suggestions", "/suggestions")])
    raise ConflictError("Somebody has answered this suggestion already.")


def _suggestion(row: Any) -> Suggestion:
    return Suggestion(
        row.id,
        row.about,
        row.words,
        row.role,
        row.made_at,
        Status(row.status),
        row.answer,
        row.answered_at,
        row.proposal,
    )
