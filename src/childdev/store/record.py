"""The record: the log of change sets in SQL, of which everything else is a projection.

A change set holds the quads that it adds and removes as sorted N-Quads, and the number of the
version on which it was made. It is committed together with the head that it moves, and only where
the head is still that version.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, parse
from sqlalchemy import (
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError, IntegrityError

from childdev.errors import ConflictError, StoreError
from childdev.model.iris import GRAPH
from childdev.model.modules import Model, nquads

_METADATA = MetaData()
_CHANGE_SETS = Table(
    "change_set",
    _METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("base", Integer, nullable=True),
    Column("made_at", String(32), nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("package", String(64), nullable=True),
    Column("added", LargeBinary, nullable=False),
    Column("removed", LargeBinary, nullable=False),
)
_HEAD = Table("head", _METADATA, Column("id", Integer, primary_key=True), Column("number", Integer, nullable=False))

Lines = frozenset[str]


@dataclass(frozen=True)
class ChangeSet:
    """Quads added and removed (as lines of N-Quads), by whom (a role) and why.

    `package` is the fingerprint of the packaged model that it brings, where it brings one.
    """

    added: Lines
    removed: Lines
    made_by: str
    reason: str
    package: str | None = None

    @property
    def ground(self) -> bool:
        """Whether it touches no blank node, so that it can be applied as it stands."""
        return not any(_has_blank_node(line) for line in (*self.added, *self.removed))


def difference(
    old: Iterable[str], new: Iterable[str], made_by: str, reason: str, package: str | None = None
) -> ChangeSet:
    """The change set that leads from one state to another."""
    before, after = frozenset(old), frozenset(new)
    return ChangeSet(after - before, before - after, made_by, reason, package)


class Record:
    """The log of change sets and its head."""

    def __init__(self, url: str) -> None:
        self._engine: Engine = create_engine(url)
        if url.startswith("sqlite"):
            event.listen(self._engine, "connect", _durable)
        try:
            _METADATA.create_all(self._engine)
        except DatabaseError as e:
            where = self._engine.url.render_as_string(hide_password=True)
            raise StoreError(f"The record ({where}) can't be read: {e.orig}. Put back a copy of it.") from e

    def head(self) -> int | None:
        """The number of the newest version, or None while there is none."""
        with self._engine.connect() as connection:
            return connection.execute(select(_HEAD.c.number)).scalar()

    def package(self) -> str | None:
        """The fingerprint of the packaged model that came in last."""
        column = _CHANGE_SETS.c
        with self._engine.connect() as connection:
            return connection.execute(
                select(column.package).where(column.package.is_not(None)).order_by(column.number.desc()).limit(1)
            ).scalar()

    def append(self, base: int | None, change: ChangeSet) -> int:
        """Commit a change set and move the head, in one transaction; returns the new version's number.

        Raises:
            ConflictError: the head is no longer `base`. Nothing was stored.
        """
        number = 0 if base is None else base + 1
        try:
            with self._engine.begin() as connection:
                self._move(connection, base, number)
                connection.execute(
                    insert(_CHANGE_SETS).values(
                        number=number,
                        base=base,
                        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
                        made_by=change.made_by,
                        reason=change.reason,
                        package=change.package,
                        added=_pack(change.added),
                        removed=_pack(change.removed),
                    )
                )
        except IntegrityError as e:
            raise _moved_on() from e
        return number

    def _move(self, connection: Connection, base: int | None, number: int) -> None:
        if base is None:
            connection.execute(insert(_HEAD).values(id=1, number=number))
        elif connection.execute(update(_HEAD).where(_HEAD.c.number == base).values(number=number)).rowcount != 1:
            raise _moved_on()

    def change(self, number: int) -> ChangeSet:
        """One change set of the log."""
        with self._engine.connect() as connection:
            row = connection.execute(select(_CHANGE_SETS).where(_CHANGE_SETS.c.number == number)).one()
        return ChangeSet(_unpack(row.added), _unpack(row.removed), row.made_by, row.reason, row.package)

    def made_at(self, number: int) -> str:
        """When a version was made (ISO 8601, UTC)."""
        with self._engine.connect() as connection:
            return str(
                connection.execute(select(_CHANGE_SETS.c.made_at).where(_CHANGE_SETS.c.number == number)).scalar()
            )

    def state(self, number: int, packages_only: bool = False) -> Lines:
        """The stated quads of a version; with `packages_only`, what the packages alone would give."""
        column = _CHANGE_SETS.c
        query = select(column.added, column.removed).where(column.number <= number).order_by(column.number)
        if packages_only:
            query = query.where(column.package.is_not(None))
        lines: set[str] = set()
        with self._engine.connect() as connection:
            for added, removed in connection.execute(query):
                lines -= _unpack(removed)
                lines |= _unpack(added)
        return frozenset(lines)

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()


def model_lines(model: Model) -> Lines:
    """The state that a model is."""
    return frozenset(nquads(model.quads()))


def lines_model(lines: Iterable[str]) -> Model:
    """The model that a state is."""
    modules: dict[str, set[Any]] = {}
    prefix = f"{GRAPH}model/"
    for quad in parse(input="\n".join(sorted(lines)), format=RdfFormat.N_QUADS):
        assert isinstance(quad.graph_name, NamedNode)
        modules.setdefault(quad.graph_name.value.removeprefix(prefix), set()).add(quad.triple)
    return Model({name: frozenset(triples) for name, triples in modules.items()})


def _pack(lines: Lines) -> bytes:
    return zlib.compress("\n".join(sorted(lines)).encode())


def _unpack(packed: bytes) -> Lines:
    return frozenset(zlib.decompress(packed).decode().splitlines())


def _has_blank_node(line: str) -> bool:
    return line.startswith("_:") or " _:c14n" in line


def _moved_on() -> ConflictError:
    return ConflictError("The model has moved on since this change was made. Look at what changed, then try again.")


def _durable(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()
