"""Accounts: the people who may do more than read, by a name that they choose, and their roles."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from childdev.access import policy
from childdev.access.policy import ACCOUNT_ROLES, Action, Role
from childdev.access.tables import ACCOUNTS, LINKS, ROLES, SESSIONS, TOKENS
from childdev.errors import ChilddevError, NotFoundError

#: how one wants to be named in the notes of a release: by name, by role only, or not at all
Credit = Literal["name", "role", "none"]


class AccountError(ChilddevError):
    """Something about an account can't be as wished; `field` is the field of the form at fault."""

    status = 422
    title = "This can't be taken as it is"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Account:
    """A person who may do more than read. `name` is shown to others and may be a pseudonym.

    `connected` says whether an identity at an outside provider opens the account.

    `scope` is None for one who is signed in, and the actions of the token for one who came with a token.
    """

    id: int
    name: str
    roles: frozenset[Role]
    credit: Credit = "role"
    active: bool = True
    has_password: bool = True
    connected: bool = False
    scope: frozenset[Action] | None = None

    def may(self, action: Action) -> bool:
        """Whether the roles, and the token where there is one, allow this."""
        return (
            self.active
            and policy.may(self.roles, action)
            and (self.scope is None or action in self.scope or action in policy.ANYONE)
        )

    @property
    def role(self) -> str:
        """The roles in words, for a record that names nobody."""
        return " and ".join(words(r) for r in ACCOUNT_ROLES if r in self.roles) or "no role"


def words(role: Role) -> str:
    """A role in words."""
    return role.value.replace("-", " ")


def roles_named(names: Iterable[str]) -> list[Role]:
    """Roles by what they are called.

    Raises:
        AccountError: an account can't have one of them.
    """
    names = list(names)
    if unknown := [n for n in names if n not in set(ACCOUNT_ROLES)]:
        raise AccountError("roles", f"There is no role '{unknown[0]}'. Choose of: {', '.join(ACCOUNT_ROLES)}.")
    return [Role(n) for n in names]


def create(connection: Connection, name: str, roles: Iterable[Role]) -> Account:
    """Make an account. It has no password until its person follows a link.

    Raises:
        AccountError: the name is empty, too long or taken, or a role is none that an account can have.
    """
    name, chosen = _name(name), _roles(roles)
    values = {"name": name, "name_key": key(name), "active": True, "credit": "role", "made_at": int(time.time())}
    try:
        with connection.begin_nested():
            number = connection.execute(insert(ACCOUNTS).values(**values).returning(ACCOUNTS.c.id)).scalar_one()
    except IntegrityError as e:
        raise _taken(name) from e
    connection.execute(insert(ROLES), [{"account": number, "role": role.value} for role in sorted(chosen)])
    return Account(number, name, chosen, has_password=False)


def get(connection: Connection, number: int) -> Account:
    """An account by its id.

    Raises:
        NotFoundError: there is none.
    """
    if found := _select(connection, ACCOUNTS.c.id == number):
        return found[0]
    raise NotFoundError("There is no such person here.", [("People", "/people")])


def named(connection: Connection, name: str) -> Account:
    """An account by its name, in small or capital letters.

    Raises:
        NotFoundError: there is none.
    """
    if found := _select(connection, ACCOUNTS.c.name_key == key(name)):
        return found[0]
    raise NotFoundError(f"There is nobody called '{name}' here.", [("People", "/people")])


def of_outside(connection: Connection, identity: str) -> Account | None:
    """The account that an identity at an outside provider opens, by the key of that identity."""
    found = _select(connection, ACCOUNTS.c.outside_key == identity)
    return found[0] if found and found[0].active else None


def connect_outside(connection: Connection, account: int, identity: str) -> None:
    """Let an identity at an outside provider open this account, in place of the one before.

    Raises:
        AccountError: it opens another account.
    """
    try:
        with connection.begin_nested():
            _set(connection, account, outside_key=identity)
    except IntegrityError as e:
        raise AccountError("outside", "This opens somebody else's account here already.") from e


def disconnect_outside(connection: Connection, account: Account) -> None:
    """Let no identity at an outside provider open this account.

    Raises:
        AccountError: nothing else would open it.
    """
    if not account.has_password:
        raise AccountError("outside", "Choose a password first, or you could not sign in any more.")
    _set(connection, account.id, outside_key=None)


def everyone(connection: Connection) -> Sequence[Account]:
    """All accounts by name."""
    return _select(connection, None)


def any_ready(connection: Connection) -> bool:
    """Whether anybody could sign in and manage the others."""
    return any(
        a.active and Role.MAINTAINER in a.roles and (a.has_password or a.connected) for a in everyone(connection)
    )


def free_name(connection: Connection, name: str) -> str:
    """A name as it would be kept, if nobody has it.

    Raises:
        AccountError: it is empty, too long or taken.
    """
    name = _name(name)
    if _select(connection, ACCOUNTS.c.name_key == key(name)):
        raise _taken(name)
    return name


def rename(connection: Connection, account: int, name: str) -> None:
    """Give an account another name.

    Raises:
        AccountError: it is empty, too long or taken.
    """
    name = _name(name)
    try:
        with connection.begin_nested():
            _set(connection, account, name=name, name_key=key(name))
    except IntegrityError as e:
        raise _taken(name) from e


def set_credit(connection: Connection, account: int, credit: str) -> None:
    """Choose how to be named in the notes of a release.

    Raises:
        AccountError: it is none of the choices.
    """
    if credit not in ("name", "role", "none"):
        raise AccountError("credit", "Choose how you want to be named.")
    _set(connection, account, credit=credit)


def set_roles(connection: Connection, account: int, roles: Iterable[Role]) -> None:
    """Give an account these roles and no others.

    Raises:
        AccountError: there are none, or nobody would be left to manage people.
    """
    chosen = _roles(roles)
    connection.execute(delete(ROLES).where(ROLES.c.account == account))
    connection.execute(insert(ROLES), [{"account": account, "role": role.value} for role in sorted(chosen)])
    _somebody_is_left(connection, "roles")


def set_active(connection: Connection, account: int, active: bool) -> None:
    """Let an account in again, or keep it out: its sessions, tokens and links end at once.

    Raises:
        AccountError: nobody would be left to manage people.
    """
    _set(connection, account, active=active)
    if not active:
        connection.execute(delete(SESSIONS).where(SESSIONS.c.account == account))
        connection.execute(delete(TOKENS).where(TOKENS.c.account == account))
        connection.execute(delete(LINKS).where(LINKS.c.account == account))
    _somebody_is_left(connection, "active")


def _somebody_is_left(connection: Connection, field: str) -> None:
    if not any(a.active and Role.MAINTAINER in a.roles for a in everyone(connection)):
        raise AccountError(field, "At least one maintainer has to stay. Make somebody else a maintainer first.")


def _set(connection: Connection, account: int, **values: Any) -> None:
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account).values(**values))


def _taken(name: str) -> AccountError:
    return AccountError("name", f"There is somebody called '{name}' already. Choose another name.")


def _name(name: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name:
        raise AccountError("name", "Enter a name. It may be a made-up one.")
    if len(name) > 80 or any(unicodedata.category(c).startswith("C") for c in name):
        raise AccountError("name", "Enter a name of at most 80 letters.")
    return name


def key(name: str) -> str:
    """What tells names apart: not capitals, spaces or ways to write the same letter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:200]


def _roles(roles: Iterable[Role]) -> frozenset[Role]:
    chosen = frozenset(roles)
    if not chosen or not chosen <= frozenset(ACCOUNT_ROLES):
        raise AccountError("roles", "Choose at least one role.")
    return chosen


def _select(connection: Connection, condition: Any) -> list[Account]:
    query = select(ACCOUNTS, ROLES.c.role).outerjoin(ROLES, ROLES.c.account == ACCOUNTS.c.id)
    if condition is not None:
        query = query.where(condition)
    grouped: dict[int, tuple[Any, set[Role]]] = {}
    for row in connection.execute(query.order_by(ACCOUNTS.c.name_key, ACCOUNTS.c.id)):
        _, roles = grouped.setdefault(row.id, (row, set()))
        if row.role is not None:
            roles.add(Role(row.role))
    return [
        Account(r.id, r.name, frozenset(roles), r.credit, r.active, r.password is not None, r.outside_key is not None)
        for r, roles in grouped.values()
    ]
