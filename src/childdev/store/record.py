"""The record: the log of change sets in SQL, of which everything else is a projection.

A change set holds the quads that it adds and removes as sorted N-Quads, and the number of the
version on which it was made. It is committed together with the head that it moves, and only where
the head is still that version.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, parse
from sqlalchemy import (
    Column,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from childdev.errors import ConflictError
from childdev.model.iris import GRAPH
from childdev.model.modules import Model, lines, nquads
from childdev.store.database import METADATA, connect

_CHANGE_SETS = Table(
    "change_set",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("base", Integer, nullable=True),
    Column("made_at", String(32), nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("package", String(64), nullable=True),
    Column("release", String(32), nullable=True),
    Column("details", Text, nullable=True),
    Column("added", LargeBinary, nullable=False),
    Column("removed", LargeBinary, nullable=False),
)
#: what is told of a change set without its quads
_TOLD = [_CHANGE_SETS.c[name] for name in ("number", "made_at", "made_by", "reason", "package", "release", "details")]
_PACKAGES = Table(
    "package",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("added", LargeBinary, nullable=False),
    Column("removed", LargeBinary, nullable=False),
)
_HEAD = Table("head", METADATA, Column("id", Integer, primary_key=True), Column("number", Integer, nullable=False))

Lines = frozenset[str]
_VERSION_INFO = NamedNode("http://www.w3.org/2002/07/owl#versionInfo")


@dataclass(frozen=True)
class ChangeSet:
    """Quads added and removed (as lines of N-Quads), by whom (a role) and why.

    `package` is the fingerprint of the packaged model that it brings, where it brings one; `release` is the
    name of the release that it completes, where it does. `details` is plain data for people to read back: the
    typed changes, the proposals, credit, votes and dissent behind it.
    """

    added: Lines
    removed: Lines
    made_by: str
    reason: str
    package: str | None = None
    release: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

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


@dataclass(frozen=True)
class Entry:
    """One line of the log: what is told of a change set without its quads."""

    number: int
    made_at: str
    made_by: str
    reason: str
    package: str | None
    release: str | None
    details: Mapping[str, Any]


class Record:
    """The log of change sets and its head."""

    def __init__(self, url: str) -> None:
        self.engine = connect(url)

    def head(self) -> int | None:
        """The number of the newest version, or None while there is none."""
        with self.engine.connect() as connection:
            return connection.execute(select(_HEAD.c.number)).scalar()

    def package(self) -> str | None:
        """The fingerprint of the packaged model that came in last."""
        c = _PACKAGES.c
        with self.engine.connect() as connection:
            return connection.execute(select(c.fingerprint).order_by(c.id.desc()).limit(1)).scalar()

    def package_state(self) -> Lines:
        """The stated quads of the packaged model that came in last, whatever was kept of it."""
        with self.engine.connect() as connection:
            return replay(connection.execute(select(_PACKAGES.c.added, _PACKAGES.c.removed).order_by(_PACKAGES.c.id)))

    def note_package(self, fingerprint: str, number: int, incoming: Lines) -> None:
        """Write down a packaged model that brought nothing that was not there already."""
        last = self.package_state()
        with self.engine.begin() as connection:
            _insert_package(connection, fingerprint, number, last, incoming)

    def append(self, base: int | None, change: ChangeSet, incoming: Lines | None = None) -> int:
        """Commit a change set and move the head, in one transaction; returns the new version's number.

        `incoming` is the packaged model that it takes in, if it takes one in.

        Raises:
            ConflictError: the head is no longer `base`. Nothing was stored.
        """
        number = 0 if base is None else base + 1
        last = self.package_state() if incoming is not None else frozenset()
        try:
            with self.engine.begin() as connection:
                self._move(connection, base, number)
                connection.execute(
                    insert(_CHANGE_SETS).values(
                        number=number,
                        base=base,
                        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
                        made_by=change.made_by,
                        reason=change.reason,
                        package=change.package,
                        release=change.release,
                        details=json.dumps(change.details, ensure_ascii=False) if change.details else None,
                        added=_pack(change.added),
                        removed=_pack(change.removed),
                    )
                )
                if incoming is not None:
                    assert change.package is not None
                    _insert_package(connection, change.package, number, last, incoming)
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
        with self.engine.connect() as connection:
            row = connection.execute(select(_CHANGE_SETS).where(_CHANGE_SETS.c.number == number)).one()
        return ChangeSet(
            _unpack(row.added),
            _unpack(row.removed),
            row.made_by,
            row.reason,
            row.package,
            row.release,
            _details(row.details),
        )

    def log(self) -> list[Entry]:
        """The whole log, the newest first, without the quads."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(*_TOLD).order_by(_CHANGE_SETS.c.number.desc())).all()
        return [_entry(row) for row in rows]

    def entry(self, number: int) -> Entry | None:
        """One line of the log, or None."""
        with self.engine.connect() as connection:
            row = connection.execute(select(*_TOLD).where(_CHANGE_SETS.c.number == number)).one_or_none()
        return _entry(row) if row is not None else None

    def releases(self) -> dict[int, str]:
        """The releases by the number of the version that completed each, in order."""
        c = _CHANGE_SETS.c
        with self.engine.connect() as connection:
            rows = connection.execute(
                select(c.number, c.release).where(c.release.is_not(None)).order_by(c.number)
            ).all()
        found = {row.number: str(row.release) for row in rows}
        if 0 not in found and self.head() is not None:  # made before releases were written down
            found = {0: version_info(self.state(0)), **found}
        return found

    def name(self, number: int) -> str:
        """A version for people: its release, with a fourth part that counts the changes since."""
        return _name(number, self.releases())

    def names(self) -> dict[int, str]:
        """Every version for people, by number."""
        head, releases = self.head(), self.releases()
        return {} if head is None else {number: _name(number, releases) for number in range(head + 1)}

    def number(self, name: str) -> int | None:
        """The version of a name, or None."""
        head = self.head()
        if head is None:
            return None
        bases = sorted(self.releases().items())
        for at, (base, release) in enumerate(bases):
            last = bases[at + 1][0] - 1 if at + 1 < len(bases) else head
            if name == release:
                return base
            step = name.removeprefix(f"{release}.")
            if name.startswith(f"{release}.") and step.isdecimal() and 0 < int(step) <= last - base:
                return base + int(step)
        return None

    def state(self, number: int) -> Lines:
        """The stated quads of a version."""
        c = _CHANGE_SETS.c
        query = select(c.added, c.removed).where(c.number <= number).order_by(c.number)
        with self.engine.connect() as connection:
            return replay(connection.execute(query))

    def close(self) -> None:
        """Give back the connections."""
        self.engine.dispose()


def _insert_package(connection: Connection, fingerprint: str, number: int, last: Lines, incoming: Lines) -> None:
    values = {"added": _pack(incoming - last), "removed": _pack(last - incoming)}
    connection.execute(insert(_PACKAGES).values(fingerprint=fingerprint, number=number, **values))


def replay(deltas: Iterable[Any]) -> Lines:
    """The state to which packed pairs of added and removed lead from nothing."""
    lines: set[str] = set()
    for added, removed in deltas:
        lines -= _unpack(removed)
        lines |= _unpack(added)
    return frozenset(lines)


def _entry(row: Any) -> Entry:
    return Entry(row.number, row.made_at, row.made_by, row.reason, row.package, row.release, _details(row.details))


def _name(number: int, releases: Mapping[int, str]) -> str:
    base, release = max((n, r) for n, r in releases.items() if n <= number)
    return release if base == number else f"{release}.{number - base}"


def _details(text: str | None) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(text) if text else {}
    return found


def version_info(lines: Lines) -> str:
    """What the model calls its own version."""
    line = next(x for x in lines if f" {_VERSION_INFO} " in x)
    return line.split('"')[1]


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
    return frozenset(lines(zlib.decompress(packed).decode()))


def _has_blank_node(line: str) -> bool:
    return line.startswith("_:") or " _:c14n" in line


def _moved_on() -> ConflictError:
    return ConflictError("The model has moved on since this change was made. Look at what changed, then try again.")
