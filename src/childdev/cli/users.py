"""Commands on the people who may do more than read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from childdev.cli.common import DataOption, plainly, settings_of

app = typer.Typer()
user = typer.Typer(help="The people who may do more than read.", no_args_is_help=True)
app.add_typer(user, name="user")
RoleOption = Annotated[
    list[str],
    typer.Option("--role", help="facilitator, domain-reviewer, model-reviewer, maintainer; repeat it"),
]


@contextmanager
def _accounts(data: Path | None) -> Iterator[tuple[Any, Callable[[str], str]]]:
    """A transaction on the accounts of a data folder, and what makes an address of a path."""
    from childdev.store.database import connect

    settings = settings_of(data=data)
    settings.data.mkdir(parents=True, exist_ok=True)
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    engine = connect(settings.database_url)
    try:
        with engine.begin() as connection:
            yield connection, lambda path: base.rstrip("/") + path
    finally:
        engine.dispose()


@user.command(name="list")
@plainly
def user_list(data: DataOption = None) -> None:
    """List everybody, with their roles."""
    from childdev.access import accounts

    with _accounts(data) as (connection, _):
        for person in accounts.everyone(connection):
            state = "" if person.active else "  (kept out)"
            typer.echo(f"{person.name:<32} {', '.join(sorted(person.roles))}{state}")


@user.command(name="add")
@plainly
def user_add(name: str, role: RoleOption, data: DataOption = None) -> None:
    """Invite somebody: prints a link by which they choose their password."""
    from childdev.access import accounts, audit, links
    from childdev.access.policy import Action

    with _accounts(data) as (connection, address):
        person = accounts.create(connection, name, accounts.roles_named(role))
        path = links.make(connection, links.Purpose.INVITATION, person.id)
        audit.note(connection, None, Action.MANAGE_PEOPLE, f"invited account {person.id}")
    typer.echo(f"{person.name} is invited. This link works once, within 7 days:\n  {address(path)}")


@user.command(name="role")
@plainly
def user_role(name: str, role: RoleOption, data: DataOption = None) -> None:
    """Give somebody these roles and no others."""
    from childdev.access import accounts, audit
    from childdev.access.policy import Action

    with _accounts(data) as (connection, _):
        person, roles = accounts.named(connection, name), accounts.roles_named(role)
        accounts.set_roles(connection, person.id, roles)
        audit.note(connection, None, Action.MANAGE_PEOPLE, f"roles of account {person.id}: {', '.join(sorted(roles))}")
    typer.echo(f"{person.name} is now {', '.join(sorted(roles))}.")


@user.command(name="disable")
@plainly
def user_disable(
    name: str,
    again: Annotated[bool, typer.Option("--undo", help="Let them in again")] = False,
    data: DataOption = None,
) -> None:
    """Keep somebody out: sessions, links and tokens end at once."""
    from childdev.access import accounts, audit
    from childdev.access.policy import Action

    with _accounts(data) as (connection, _):
        person = accounts.named(connection, name)
        accounts.set_active(connection, person.id, again)
        done = "let in" if again else "kept out"
        audit.note(connection, None, Action.MANAGE_PEOPLE, f"{done} account {person.id}")
    typer.echo(f"{person.name} is {done}.")


@user.command(name="link")
@plainly
def user_link(name: str, data: DataOption = None) -> None:
    """Print a new link by which somebody chooses a password."""
    from childdev.access import accounts, audit, links
    from childdev.access.policy import Action

    with _accounts(data) as (connection, address):
        person = accounts.named(connection, name)
        path = links.make(connection, links.Purpose.RESET, person.id)
        audit.note(connection, None, Action.MANAGE_PEOPLE, f"link for account {person.id}")
    typer.echo(f"This link works once, within 24 hours:\n  {address(path)}")


@user.command(name="token")
@plainly
def user_token(
    name: str,
    action: Annotated[list[str], typer.Option("--action", help="What it allows, for instance write-by-standards")],
    label: Annotated[str, typer.Option(help="What it is for")],
    days: Annotated[int, typer.Option(min=1, max=365, help="For how many days it holds")] = 90,
    data: DataOption = None,
) -> None:
    """Print a token by which a program acts in somebody's name."""
    from childdev.access import accounts, audit, tokens
    from childdev.access.policy import Action

    with _accounts(data) as (connection, _):
        person = accounts.named(connection, name)
        secret = tokens.create(connection, person, label, tokens.actions_named(person, action), days)
        audit.note(connection, None, Action.MANAGE_PEOPLE, f"token for account {person.id}")
    typer.echo(f"Send it as Authorization: Bearer. It is not shown again:\n  {secret}")
