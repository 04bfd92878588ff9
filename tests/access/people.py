"""People for tests: accounts in the data folder of a server that runs, each with a client that is signed in.

The client sends what a browser would send from these pages (Origin, and the session's secret as X-CSRF), so that
tests of other things need not fill it into forms.
"""

from __future__ import annotations

from pathlib import Path

import httpx

from childdev.access import accounts, sessions, tokens
from childdev.access.accounts import Account
from childdev.access.policy import Action, Role
from childdev.store.database import connect
from childdev.web.signed import secret_of

COOKIE = "childdev-session"


def account(data: Path, name: str, *roles: Role) -> Account:
    """An account of the server over this data folder, made if there is none of this name."""
    engine = connect(f"sqlite:///{data / 'record.sqlite'}")
    with engine.begin() as connection:
        known = [a for a in accounts.everyone(connection) if a.name == name]
        made = known[0] if known else accounts.create(connection, name, roles)
    engine.dispose()
    return made


def cookie(data: Path, name: str, *roles: Role) -> str:
    """The cookie of a session, for instance for a browser: `context.add_cookies([{"name": COOKIE, …}])`."""
    person = account(data, name, *roles)
    engine = connect(f"sqlite:///{data / 'record.sqlite'}")
    with engine.begin() as connection:
        secret = sessions.start(connection, person.id)
    engine.dispose()
    return secret


def signed_in(address: str, data: Path, name: str, *roles: Role) -> httpx.Client:
    """A client that is signed in."""
    secret = cookie(data, name, *roles)
    headers = {"Origin": address, "X-CSRF": secret_of(secret)}
    return httpx.Client(base_url=address, cookies={COOKIE: secret}, headers=headers, trust_env=False, timeout=60)


def token(data: Path, name: str, *actions: Action) -> str:
    """A token of an account that is there, for `Authorization: Bearer`."""
    person = account(data, name)
    engine = connect(f"sqlite:///{data / 'record.sqlite'}")
    with engine.begin() as connection:
        secret = tokens.create(connection, person, "a test", actions, 1)
    engine.dispose()
    return secret
