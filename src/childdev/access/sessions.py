"""Signed-in sessions: a random secret in a cookie, its digest here. They end when idle, when old, or when ended."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from childdev.access import accounts
from childdev.access.accounts import Account
from childdev.access.secrets import digest, fresh
from childdev.access.tables import SESSIONS

#: seconds between two notes of when a session was last used
_NOTED = 300


@dataclass(frozen=True)
class Lasting:
    """How long a session lasts, in seconds: without use, and at most."""

    idle: int
    most: int


def start(connection: Connection, account: int) -> str:
    """Begin a session; gives its secret, for the cookie."""
    secret, now = fresh(), int(time.time())
    connection.execute(insert(SESSIONS).values(digest=digest(secret), account=account, made_at=now, seen_at=now))
    return secret


def find(connection: Connection, secret: str, lasting: Lasting) -> Account | None:
    """The account of a session, if it lasts; its use is noted."""
    c, now = SESSIONS.c, int(time.time())
    found = connection.execute(select(SESSIONS).where(c.digest == digest(secret))).one_or_none()
    if found is None:
        return None
    if now - found.seen_at > lasting.idle or now - found.made_at > lasting.most:
        end(connection, secret)
        return None
    account = accounts.get(connection, found.account)
    if now - found.seen_at > _NOTED:
        connection.execute(update(SESSIONS).where(c.digest == found.digest).values(seen_at=now))
    return account if account.active else None


def end(connection: Connection, secret: str) -> None:
    """Sign out here."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.digest == digest(secret)))


def end_all(connection: Connection, account: int) -> None:
    """Sign out everywhere."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.account == account))


def tidy(connection: Connection, lasting: Lasting) -> None:
    """Let go of sessions that have ended by themselves."""
    c, now = SESSIONS.c, int(time.time())
    connection.execute(delete(SESSIONS).where((c.made_at < now - lasting.most) | (c.seen_at < now - lasting.idle)))
