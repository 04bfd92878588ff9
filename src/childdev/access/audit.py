"""The audit: who did what on what, and when. Only names of things go in, never what somebody wrote."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from childdev.access.tables import ACCOUNTS, AUDIT


@dataclass(frozen=True)
class Noted:
    """One line of the audit. `at` is in seconds since 1970; `who` is None for what no account did."""

    at: int
    who: str | None
    action: str
    subject: str


def note(connection: Connection, account: int | None, action: str, subject: str) -> None:
    """Write a line: the id of an account, an action (one of the policy, or a few plain words), the name of a thing.

    It is part of the caller's transaction, so that it stands exactly when what it tells of stands.
    """
    connection.execute(insert(AUDIT).values(at=int(time.time()), account=account, action=action, subject=subject[:200]))


def newest(connection: Connection, most: int = 100) -> list[Noted]:
    """The last lines, newest first."""
    rows = connection.execute(
        select(AUDIT.c.at, ACCOUNTS.c.name, AUDIT.c.action, AUDIT.c.subject)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == AUDIT.c.account)
        .order_by(AUDIT.c.id.desc())
        .limit(most)
    )
    return [Noted(*row) for row in rows]
