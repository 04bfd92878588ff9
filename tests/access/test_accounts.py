"""Accounts, passwords, links, sessions and tokens over a real SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.engine import Connection

from childdev.access import accounts, audit, links, passwords, sessions, tokens
from childdev.access.accounts import Account, AccountError
from childdev.access.links import Purpose
from childdev.access.policy import Action, Role
from childdev.access.sessions import Lasting
from childdev.access.tables import ACCOUNTS, LINKS, SESSIONS, TOKENS
from childdev.access.throttle import PER_ACCOUNT, Throttle, ThrottledError
from childdev.errors import NotFoundError
from childdev.store.database import connect

GOOD = "a quiet river bends"
LASTING = Lasting(idle=3600, most=7200)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = connect(f"sqlite:///{tmp_path / 'record.sqlite'}")
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def robin(connection: Connection) -> Account:
    return accounts.create(connection, "Robin", [Role.MAINTAINER])


def path_secret(path: str) -> str:
    return path.rsplit("/", 1)[1]


def test_names_are_told_apart_as_people_do(connection: Connection, robin: Account) -> None:
    for same in ("robin", " ROBIN ", "Ｒobin"):
        with pytest.raises(AccountError, match="somebody called"):
            accounts.create(connection, same, [Role.FACILITATOR])
    assert accounts.named(connection, "rObIn") == robin
    with pytest.raises(AccountError, match="Enter a name"):
        accounts.create(connection, "  ", [Role.FACILITATOR])
    assert [a.name for a in accounts.everyone(connection)] == ["Robin"]


@pytest.mark.parametrize("role", [[], [Role.PARTICIPANT]])
def test_an_account_has_a_role_and_never_that_of_a_participant(connection: Connection, role: list[Role]) -> None:
    with pytest.raises(AccountError, match="Choose at least one role"):
        accounts.create(connection, "Kim", role)


def test_the_last_maintainer_stays(connection: Connection, robin: Account) -> None:
    for change in (
        lambda: accounts.set_roles(connection, robin.id, [Role.FACILITATOR]),
        lambda: accounts.set_active(connection, robin.id, False),
    ):
        with pytest.raises(AccountError, match="At least one maintainer"), connection.begin_nested():
            change()
    accounts.create(connection, "Kim", [Role.MAINTAINER])
    accounts.set_roles(connection, robin.id, [Role.FACILITATOR])
    assert accounts.get(connection, robin.id).roles == {Role.FACILITATOR}


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password1234",
        "Passw0rd" * 30,
        "123456789012",
        "abcdefghijkl",
        "aaaaaaaaaaaa",
        "letmein!!!!!",
        "robin-robin-2026",
    ],
)
def test_what_is_easily_guessed_is_refused(connection: Connection, robin: Account, password: str) -> None:
    with pytest.raises(AccountError) as refused:
        passwords.set_password(connection, robin, password)
    assert refused.value.field == "password" and password not in str(refused.value)


def test_a_password_opens_its_account_only(connection: Connection, robin: Account) -> None:
    passwords.set_password(connection, robin, GOOD)
    found = passwords.check(connection, "robin", GOOD)
    assert found is not None and found.id == robin.id
    for name, password in (("robin", GOOD + "s"), ("robin", ""), ("kim", GOOD), ("kim", "\0")):
        assert passwords.check(connection, name, password) is None
    kept = connection.execute(select(ACCOUNTS.c.password)).scalar_one()
    assert kept.startswith("$argon2id$") and GOOD not in kept
    accounts.create(connection, "Kim", [Role.MAINTAINER])
    accounts.set_active(connection, robin.id, False)
    assert passwords.check(connection, "robin", GOOD) is None


def test_one_without_a_password_cannot_sign_in(connection: Connection, robin: Account) -> None:
    assert passwords.check(connection, "robin", "") is None
    assert not accounts.any_ready(connection)
    passwords.set_password(connection, robin, GOOD)
    assert accounts.any_ready(connection)


def test_a_link_works_once_and_the_newest_only(connection: Connection, robin: Account) -> None:
    old = path_secret(links.make(connection, Purpose.INVITATION, robin.id))
    new = path_secret(links.make(connection, Purpose.RESET, robin.id))
    with pytest.raises(NotFoundError, match="used or has expired"):
        links.find(connection, old)
    assert links.use(connection, new).account == robin.id
    with pytest.raises(NotFoundError):
        links.use(connection, new)


def test_a_link_expires(connection: Connection, robin: Account) -> None:
    secret = path_secret(links.make(connection, Purpose.INVITATION, robin.id))
    connection.execute(update(LINKS).values(expires_at=1))
    with pytest.raises(NotFoundError):
        links.find(connection, secret)


def test_a_session_ends_when_idle_when_old_and_when_ended(connection: Connection, robin: Account) -> None:
    secret = sessions.start(connection, robin.id)
    assert sessions.find(connection, secret, LASTING) == robin
    for column in ("seen_at", "made_at"):
        other = sessions.start(connection, robin.id)
        connection.execute(update(SESSIONS).where(SESSIONS.c.digest != "").values({column: SESSIONS.c[column] - 7300}))
        assert sessions.find(connection, other, LASTING) is None
    secret = sessions.start(connection, robin.id)
    sessions.end(connection, secret)
    assert sessions.find(connection, secret, LASTING) is None


def test_a_token_holds_for_its_actions_until_it_is_taken_back(connection: Connection, robin: Account) -> None:
    secret = tokens.create(connection, robin, "import", [Action.WRITE_BY_STANDARDS], 1)
    found = tokens.find(connection, secret)
    assert found is not None and found.may(Action.WRITE_BY_STANDARDS) and not found.may(Action.MAKE_RELEASE)
    tokens.revoke(connection, robin.id, tokens.of(connection, robin.id)[0].id)
    assert tokens.find(connection, secret) is None
    late = tokens.create(connection, robin, "import", [Action.WRITE_BY_STANDARDS], 1)
    connection.execute(update(TOKENS).values(expires_at=1))
    assert tokens.find(connection, late) is None


@pytest.mark.parametrize(
    ("action", "days"), [(Action.MANAGE_PEOPLE, 1), (Action.APPROVE_AS_MODEL_REVIEWER, 1), (Action.BACK_UP, 366)]
)
def test_a_token_cannot_manage_people_exceed_its_account_or_last(
    connection: Connection, robin: Account, action: Action, days: int
) -> None:
    with pytest.raises(AccountError):
        tokens.create(connection, robin, "import", [action], days)


def test_keeping_out_ends_sessions_tokens_and_links(connection: Connection, robin: Account) -> None:
    kim = accounts.create(connection, "Kim", [Role.MAINTAINER])
    session, token = sessions.start(connection, kim.id), tokens.create(connection, kim, "import", [Action.BACK_UP], 1)
    link = path_secret(links.make(connection, Purpose.RESET, kim.id))
    accounts.set_active(connection, kim.id, False)
    accounts.set_active(connection, kim.id, True)
    assert sessions.find(connection, session, LASTING) is None and tokens.find(connection, token) is None
    with pytest.raises(NotFoundError):
        links.find(connection, link)


def test_no_secret_is_in_the_database(connection: Connection, robin: Account) -> None:
    secrets = [
        sessions.start(connection, robin.id),
        tokens.create(connection, robin, "import", [Action.BACK_UP], 1),
        path_secret(links.make(connection, Purpose.RESET, robin.id)),
    ]
    tables = ("account", "account_link", "account_session", "account_token", "audit")
    stored = "".join(str(connection.execute(text(f"SELECT * FROM {table}")).all()) for table in tables)
    assert "Robin" in stored and not any(secret in stored for secret in secrets)


def test_the_audit_tells_who_did_what_newest_first(connection: Connection, robin: Account) -> None:
    audit.note(connection, None, "set up", "account 1")
    audit.note(connection, robin.id, Action.MAKE_RELEASE, "1.1.0")
    assert [(n.who, n.action, n.subject) for n in audit.newest(connection)] == [
        ("Robin", "make-release", "1.1.0"),
        (None, "set up", "account 1"),
    ]


def test_failed_tries_are_slowed_for_their_account_alone() -> None:
    throttle = Throttle()
    for _ in range(PER_ACCOUNT):
        throttle.enter({"account robin": PER_ACCOUNT})
    with pytest.raises(ThrottledError) as refused:
        throttle.enter({"account robin": PER_ACCOUNT})
    assert 0 < int(refused.value.headers["Retry-After"]) <= 900
    for _ in range(3 * PER_ACCOUNT):
        throttle.enter({"account kim": PER_ACCOUNT})
        throttle.forgive("account kim")
