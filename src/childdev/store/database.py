"""The SQL database of an installation: SQLite in the data folder, or PostgreSQL where there are many.

Every table of childdev is declared on `METADATA` by the package that owns it, and made by the migrations beside
this file (Alembic), so that a newer childdev takes over the data of an older one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, MetaData, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError, OperationalError

from childdev.errors import StoreError

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def connect(url: str) -> Engine:
    """The database at an SQLAlchemy address, with all tables as this childdev needs them.

    Raises:
        StoreError: it can't be reached or read.
    """
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if url.startswith("sqlite"):
        event.listen(engine, "connect", _durable)
    try:
        with engine.begin() as connection:
            migrate(connection)
    except (DatabaseError, OperationalError) as e:
        engine.dispose()
        where = engine.url.render_as_string(hide_password=True)
        raise StoreError(f"The record ({where}) can't be read: {e.orig}. Put back a copy of it.") from e
    return engine


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
