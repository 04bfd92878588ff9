"""Tokens for programs: each belongs to an account, allows some actions, expires, and is shown once."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from childdev.access import accounts
from childdev.access.accounts import Account, AccountError
from childdev.access.policy import ANYONE, Action
from childdev.access.secrets import digest, fresh
from childdev.access.tables import TOKENS

#: so that a token that was published by mistake can be found by a search
PREFIX = "childdev_"
DAY = 86_400


@dataclass(frozen=True)
class Token:
    """What is told of a token; the secret itself is not kept. `expires_at` is in seconds since 1970."""

    id: int
    account: int
    label: str
    actions: tuple[Action, ...]
    expires_at: int


def grantable(account: Account) -> list[Action]:
    """The actions that a token of this account may allow: never to manage people, or it could widen itself.

    What anyone may do needs no token.
    """
    never = ANYONE | {Action.ACT_IN_WORKSHOP, Action.MANAGE_PEOPLE, Action.USE_ACCOUNT}
    return [a for a in Action if account.may(a) and a not in never]


def actions_named(account: Account, names: Iterable[str]) -> list[Action]:
    """Actions by what they are called.

    Raises:
        AccountError: a token of this account can't allow one of them.
    """
    names, known = list(names), grantable(account)
    if unknown := [n for n in names if n not in set(known)]:
        raise AccountError("actions", f"A token can't allow '{unknown[0]}' here. Choose of: {', '.join(known)}.")
    return [Action(n) for n in names]


def create(connection: Connection, account: Account, label: str, actions: Iterable[Action], days: int) -> str:
    """Make a token; gives its secret, which can't be had again.

    Raises:
        AccountError: it has no label, no action, an action that the account may not do, or lasts too long.
    """
    chosen, label = set(actions), " ".join(label.split())
    if not label or len(label) > 80:
        raise AccountError("label", "Say in at most 80 letters what the token is for.")
    if not chosen or not chosen <= set(grantable(account)):
        raise AccountError("actions", f"Choose at least one action, of those that {account.name} may do.")
    if not 1 <= days <= 365:
        raise AccountError("days", "Choose a number of days between 1 and 365.")
    secret, now = PREFIX + fresh(), int(time.time())
    connection.execute(
        insert(TOKENS).values(
            digest=digest(secret),
            account=account.id,
            label=label,
            actions=" ".join(sorted(chosen)),
            made_at=now,
            expires_at=now + days * DAY,
        )
    )
    return secret


def find(connection: Connection, secret: str) -> Account | None:
    """The account of a token that holds, narrowed to what the token allows."""
    c = TOKENS.c
    query = select(TOKENS).where(c.digest == digest(secret), c.expires_at > int(time.time()))
    found = connection.execute(query).one_or_none()
    if found is None:
        return None
    account = accounts.get(connection, found.account)
    return replace(account, scope=frozenset(_actions(found.actions))) if account.active else None


def of(connection: Connection, account: int) -> Sequence[Token]:
    """The tokens of an account that hold, newest first."""
    c = TOKENS.c
    query = select(TOKENS).where(c.account == account, c.expires_at > int(time.time())).order_by(c.id.desc())
    return [
        Token(r.id, r.account, r.label, tuple(_actions(r.actions)), r.expires_at) for r in connection.execute(query)
    ]


def revoke(connection: Connection, account: int, number: int) -> None:
    """Let a token of an account hold no longer."""
    connection.execute(delete(TOKENS).where(TOKENS.c.id == number, TOKENS.c.account == account))


def _actions(stored: str) -> list[Action]:
    """The actions as they were stored; one that is no longer known allows nothing."""
    return [Action(a) for a in stored.split() if a in set(Action)]
