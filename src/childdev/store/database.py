"""The SQL database of an installation: SQLite in the data folder, or PostgreSQL where there are many.

Every table of childdev is declared on `METADATA` by the package that owns it, and made by the migrations beside
this file (Alembic), so that a newer childdev takes over the data of an older one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, MetaData, create_engine, event, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, DatabaseError

from childdev.errors import StoreError

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: the number of the lock that those who migrate take on PostgreSQL
_MIGRATING = 6_348_213


def connect(url: str) -> Engine:
    """The database at an SQLAlchemy address, with all tables as this childdev needs them.

    Servers that start at once wait for each other, so that each table is made once.

    Raises:
        StoreError: it can't be reached or read, or was made by a newer childdev.
    """
    engine = reach(url)
    try:
        with told(engine), engine.begin() as connection:
            alone(connection)
            migrate(connection)
    except StoreError:
        engine.dispose()
        raise
    return engine


def reach(url: str) -> Engine:
    """The database at an SQLAlchemy address, its tables left as they are. Nothing is opened yet.

    Raises:
        StoreError: there is no such kind of database here.
    """
    try:
        engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    except ImportError as e:
        raise StoreError(f"For PostgreSQL the package '{e.name}' is needed: pip install 'childdev[postgresql]'.") from e
    except ArgumentError as e:  # its text may hold the address and with it a password
        raise StoreError(
            "CHILDDEV_DATABASE is not the address of a database that childdev knows. Give one such as "
            "postgresql+psycopg://name:password@localhost/childdev, or none for SQLite in the data folder."
        ) from e
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _durable)
    return engine


@contextmanager
def told(engine: Engine) -> Iterator[None]:
    """Say in plain words why the database can't be used.

    Raises:
        StoreError: it can't be reached or read, or was made by a newer childdev.
    """
    where = engine.url.render_as_string(hide_password=True)
    mend = (
        "Put back a copy of it."
        if engine.dialect.name == "sqlite"
        else "Is the server running, and does CHILDDEV_DATABASE name it?"
    )
    try:
        yield
    except DatabaseError as e:
        raise StoreError(f"The record ({where}) can't be read: {str(e.orig).strip()}. {mend}") from e
    except CommandError as e:
        raise StoreError(
            f"The record ({where}) was made by a newer childdev than this one ({e}). Install that one or a later one."
        ) from e


def alone(connection: Connection) -> None:
    """Keep others from writing (SQLite) or migrating (PostgreSQL) until the transaction of this connection ends.

    On SQLite it also makes the migrations one transaction, which the driver would begin only at the first row.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to a revision."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _durable(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()
