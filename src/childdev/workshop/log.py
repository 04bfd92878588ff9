"""Workshops in SQL: what was opened, the log of what happened, and the tokens by which people are known again.

Of a token only the digest is kept. A whole batch of events is one transaction; the primary key sees to it that
sequence numbers have no double, whoever writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Engine,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Connection

from childdev.store.database import METADATA
from childdev.workshop.state import Event, patch_of, patch_text

_WORKSHOPS = Table(
    "workshop",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("code", String(6), nullable=False, unique=True),
    Column("title", String(200), nullable=False),
    Column("opened_by", String(64), nullable=False),
    Column("opened_at", String(40), nullable=False),
    Column("expires_at", String(40), nullable=False),
    Column("closed_at", String(40), nullable=True),
)
_EVENTS = Table(
    "workshop_event",
    METADATA,
    Column("workshop", Integer, ForeignKey("workshop.id"), primary_key=True, autoincrement=False),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("command", String(36), nullable=False),
    Column("made_at", String(40), nullable=False),
    Column("made_by", Integer, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("patch", Text, nullable=False),
    UniqueConstraint("workshop", "command"),
)
_TOKENS = Table(
    "workshop_token",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("workshop", Integer, ForeignKey("workshop.id"), nullable=False, index=True),
    Column("participant", Integer, nullable=False),
    Column("expires_at", String(40), nullable=False),
)


@dataclass(frozen=True)
class Opened:
    """A workshop as it was opened; `opened_by` is the id of an account, times are ISO in UTC."""

    id: int
    code: str
    title: str
    opened_by: str
    opened_at: str
    expires_at: str
    closed_at: str | None


@dataclass(frozen=True)
class Token:
    """What lets a browser in: the digest of a secret, for whom (0: a projector), and until when."""

    digest: str
    participant: int
    expires_at: str


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Log:
    """The tables of workshops."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, code: str, title: str, opened_by: str, at: str, expires_at: str, events: Sequence[Event]) -> Opened:
        """Write down a new workshop with its first events.

        Raises:
            IntegrityError: the code is taken.
        """
        values = {"code": code, "title": title, "opened_by": opened_by, "opened_at": at, "expires_at": expires_at}
        with self._engine.begin() as connection:
            made = connection.execute(insert(_WORKSHOPS).values(**values)).inserted_primary_key
            assert made is not None
            _insert(connection, made[0], events)
        return Opened(made[0], code, title, opened_by, at, expires_at, None)

    def find(self, code: str) -> Opened | None:
        """A workshop by its code."""
        with self._engine.connect() as connection:
            row = connection.execute(select(_WORKSHOPS).where(_WORKSHOPS.c.code == code)).one_or_none()
        return Opened(**row._mapping) if row is not None else None

    def opened_by(self, account: str) -> list[Opened]:
        """The workshops that an account opened, the newest first."""
        c = _WORKSHOPS.c
        query = select(_WORKSHOPS).where(c.opened_by == account).order_by(c.id.desc()).limit(100)
        with self._engine.connect() as connection:
            return [Opened(**row._mapping) for row in connection.execute(query)]

    def events(self, workshop: int, after: int = 0) -> list[Event]:
        """The log of a workshop."""
        c = _EVENTS.c
        query = select(_EVENTS).where(c.workshop == workshop, c.sequence > after).order_by(c.sequence)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [Event(r.sequence, r.command, r.made_at, r.made_by, r.kind, patch_of(r.patch)) for r in rows]

    def tokens(self, workshop: int) -> dict[str, Token]:
        """The tokens of a workshop by their digest."""
        c = _TOKENS.c
        query = select(c.digest, c.participant, c.expires_at).where(c.workshop == workshop)
        with self._engine.connect() as connection:
            return {row.digest: Token(*row) for row in connection.execute(query)}

    def append(self, workshop: int, events: Sequence[Event], tokens: Iterable[Token] = ()) -> None:
        """Write down events and tokens, all or none.

        Raises:
            IntegrityError: another process wrote events of these numbers.
        """
        with self._engine.begin() as connection:
            _insert(connection, workshop, events)
            given = [{"workshop": workshop, **vars(token)} for token in tokens]
            if given:
                connection.execute(insert(_TOKENS), given)
            closed = [e.at for e in events if e.kind == "closed"]
            if closed:
                connection.execute(update(_WORKSHOPS).where(_WORKSHOPS.c.id == workshop).values(closed_at=closed[-1]))


def _insert(connection: Connection, workshop: int, events: Sequence[Event]) -> None:
    rows = [
        {
            "workshop": workshop,
            "sequence": e.sequence,
            "command": e.id,
            "made_at": e.at,
            "made_by": e.by,
            "kind": e.kind,
            "patch": patch_text(e.patch),
        }
        for e in events
    ]
    if rows:
        connection.execute(insert(_EVENTS), rows)
