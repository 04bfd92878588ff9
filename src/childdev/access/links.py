"""Links that work once: to set up the first account, to accept an invitation, to choose a new password."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from childdev.access.secrets import digest, fresh
from childdev.access.tables import LINKS
from childdev.errors import NotFoundError


class Purpose(StrEnum):
    """What a link is for."""

    SET_UP = "set-up"
    INVITATION = "invitation"
    RESET = "reset"


#: hours for which a link works
HOURS = {Purpose.SET_UP: 24, Purpose.INVITATION: 7 * 24, Purpose.RESET: 24}


@dataclass(frozen=True)
class Link:
    """A link that works: for what and for which account, which is None for the very first one."""

    purpose: Purpose
    account: int | None


def path(purpose: Purpose, secret: str) -> str:
    """The address of a link, below that of the server."""
    return f"/{'set-up' if purpose is Purpose.SET_UP else 'invitation'}/{secret}"


def make(connection: Connection, purpose: Purpose, account: int | None = None) -> str:
    """A new link, in place of all earlier ones of this account; gives its path, which can't be had again."""
    c, secret = LINKS.c, fresh()
    revoke(connection, account)
    connection.execute(delete(LINKS).where(c.expires_at < int(time.time())))
    expires_at = int(time.time()) + HOURS[purpose] * 3600
    connection.execute(
        insert(LINKS).values(digest=digest(secret), account=account, purpose=purpose.value, expires_at=expires_at)
    )
    return path(purpose, secret)


def find(connection: Connection, secret: str) -> Link:
    """The link with this secret, which goes on working.

    Raises:
        NotFoundError: it was used, has expired, or never was.
    """
    c = LINKS.c
    query = select(c.purpose, c.account).where(c.digest == digest(secret), c.expires_at > int(time.time()))
    found = connection.execute(query).one_or_none()
    if found is None:
        raise NotFoundError("This link has been used or has expired. Ask a maintainer for a new one.")
    return Link(Purpose(found.purpose), found.account)


def use(connection: Connection, secret: str) -> Link:
    """The link with this secret, which works no longer once the transaction is committed.

    Raises:
        NotFoundError: it was used, has expired, or never was.
    """
    link = find(connection, secret)
    if connection.execute(delete(LINKS).where(LINKS.c.digest == digest(secret))).rowcount != 1:
        raise NotFoundError("This link has just been used.")
    return link


def revoke(connection: Connection, account: int | None) -> None:
    """Let no link of this account work any longer."""
    connection.execute(delete(LINKS).where(LINKS.c.account == account if account else LINKS.c.account.is_(None)))
