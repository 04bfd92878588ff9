"""Backup and restore of an installation in one file, from either kind of database into either kind.

A backup is a gzipped tar: `manifest.json`, then for each table of the database one file of JSON lines, a row a line.
Store and versions are made anew from the record, so the file holds their digests only. It is read in one transaction
that keeps nobody from writing, and needs no lock on the data folder: the server goes on.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version as release_of
from itertools import islice
from pathlib import Path
from typing import IO, Any

from alembic.migration import MigrationContext
from pyoxigraph import Quad
from sqlalchemy import Engine, MetaData, Table, delete, func, insert, inspect, select
from sqlalchemy.engine import Connection

from childdev.config import Settings
from childdev.errors import StoreError
from childdev.model.modules import Model, nquads
from childdev.store.database import alone, migrate, reach, told
from childdev.store.publication import Publication, Version, read_version
from childdev.store.record import Lines, lines_model, replay

Infer = Callable[[Model], Iterable[Quad]]
_FORMAT = 1
_MANIFEST = "manifest.json"
_ROWS = 500  # at once


@dataclass(frozen=True)
class Content:
    """One table in a backup: how many rows, and the SHA-256 of its file."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. `number` is the newest version in it; digests are SHA-256, hexadecimal."""

    format: int
    childdev: str
    made_at: str
    database: str
    revision: str
    number: int
    stated_sha256: str
    dataset_sha256: str
    tables: dict[str, Content]

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(t.rows for t in self.tables.values())


@dataclass(frozen=True)
class Restored:
    """What came of a restore: the newest version, and whether it is the same to the byte as when it was backed up."""

    manifest: Manifest
    version: Version
    same: bool


# -------------------------------------------------------------------- backup


def backup(file: Path, settings: Settings, infer: Infer) -> Manifest:
    """Write everything that can't be made anew into one new file that only its owner may read.

    Raises:
        StoreError: there is nothing to back up, or the file can't be written. No file is left.
    """
    if file.exists():
        raise StoreError(f"{file} is there already; name a new file for the backup.")
    partial = file.with_name(f"{file.name}.part")
    engine = reach(settings.database_url)
    try:
        with told(engine), _snapshot(engine) as connection, _private(partial) as out:
            manifest = _dump(connection, out, settings, infer)
        partial.rename(file)
    except OSError as e:
        raise StoreError(f"{file} can't be written: {e.strerror}. Choose another place.") from e
    finally:
        engine.dispose()
        partial.unlink(missing_ok=True)
    return manifest


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment of the database, whoever writes meanwhile."""
    if engine.dialect.name == "sqlite":
        if not Path(engine.url.database or "").is_file():
            raise StoreError(f"There is no record at {engine.url.database}. Name its folder with --data.")
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection
        return
    with engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as connection:
        yield connection


@contextmanager
def _private(file: Path) -> Iterator[IO[bytes]]:
    """A new file that only its owner may read, safe on disk when the block ends."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())


def _dump(connection: Connection, out: IO[bytes], settings: Settings, infer: Infer) -> Manifest:
    revision = MigrationContext.configure(connection).get_current_revision()
    tables = _tables(connection)
    number = connection.execute(select(tables["head"].c.number)).scalar() if "head" in tables else None
    if revision is None or number is None:
        raise StoreError("The record holds no version of this childdev yet; run `childdev serve` once, then back up.")
    with tempfile.TemporaryDirectory(prefix="childdev-") as folder:
        contents = {name: _write(connection, table, Path(folder) / name) for name, table in tables.items()}
        c = tables["change_set"].c
        log = connection.execute(select(c.added, c.removed).order_by(c.number))
        stated = replay(log)
        manifest = Manifest(
            _FORMAT,
            release_of("childdev"),
            datetime.now(UTC).isoformat(timespec="seconds"),
            connection.dialect.name,
            revision,
            number,
            _digest(stated),
            _dataset_digest(settings, number, stated, infer),
            contents,
        )
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            text = json.dumps(asdict(manifest), indent=1).encode()
            _add(archive, _MANIFEST, io.BytesIO(text), len(text))
            for name in contents:
                with (Path(folder) / name).open("rb") as rows:
                    _add(archive, f"{name}.jsonl", rows, os.fstat(rows.fileno()).st_size)
    return manifest


def _tables(connection: Connection) -> dict[str, Table]:
    """The tables that are there, as they are, those that others lean on first."""
    found = MetaData()
    found.reflect(connection)
    return {t.name: t for t in found.sorted_tables if t.name != "alembic_version"}


def _write(connection: Connection, table: Table, file: Path) -> Content:
    rows, digest = 0, hashlib.sha256()
    query = select(table).order_by(*table.primary_key.columns)
    with file.open("wb") as out:
        for row in connection.execute(query, execution_options={"yield_per": _ROWS}).mappings():
            line = json.dumps({k: _plain(v) for k, v in row.items()}, ensure_ascii=False).encode() + b"\n"
            out.write(line)
            digest.update(line)
            rows += 1
    return Content(rows, digest.hexdigest())


def _plain(value: Any) -> Any:
    """A value as JSON; what JSON has no form for is named by its kind."""
    match value:
        case bytes():
            return {"bytes": base64.b64encode(value).decode()}
        case datetime():
            return {"time": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case dict() | list():
            return {"json": value}
        case _:
            return value


def _value(plain: Any) -> Any:
    match plain:
        case {"bytes": text}:
            return base64.b64decode(text, validate=True)
        case {"time": text}:
            return datetime.fromisoformat(text)
        case {"date": text}:
            return date.fromisoformat(text)
        case {"json": value}:
            return value
        case _:
            return plain


def _add(archive: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(datetime.now(UTC).timestamp())
    archive.addfile(member, content)


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256(("\n".join(sorted(lines)) + "\n").encode()).hexdigest()


def _dataset_digest(settings: Settings, number: int, stated: Lines, infer: Infer) -> str:
    """The digest of a version's dataset: of its file, or of what would be in it where there is none yet."""
    version = read_version(settings.data / "versions" / str(number))
    if version is not None:
        return hashlib.sha256(version.dataset.read_bytes()).hexdigest()
    model = lines_model(stated)
    return _digest(nquads([*model.quads(), *infer(model)]))


# -------------------------------------------------------------------- restore


def restore(file: Path, settings: Settings, infer: Infer) -> Restored:
    """Put a backup into an empty data folder and an empty database, and make store and version anew.

    The whole file is read through before anything is written, and all rows go in by one transaction, after which the
    tables are brought to what this childdev needs.

    Raises:
        StoreError: the file is damaged or no backup, or the place is not empty. Nothing is left there.
    """
    manifest = _verified(file)
    with _emptied_after_failure(settings.data):
        engine = reach(settings.database_url)
        try:
            with told(engine), engine.begin() as connection:
                alone(connection)
                if inspect(connection).get_table_names():
                    raise StoreError("The database is not empty; restore into a new one.")
                migrate(connection, manifest.revision)
                with _told(file):
                    _fill(connection, file, manifest)
                migrate(connection)
        finally:
            engine.dispose()
    publication = Publication(settings, infer)
    try:
        version = publication.rebuild()
    finally:
        publication.close()
    same = hashlib.sha256(version.dataset.read_bytes()).hexdigest() == manifest.dataset_sha256
    return Restored(manifest, version, same)


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """Say in plain words that a file is no whole backup."""
    try:
        yield
    except FileNotFoundError as e:
        raise StoreError(f"There is no file {file}.") from e
    except (OSError, EOFError, ValueError, KeyError, TypeError, tarfile.TarError, zlib.error) as e:
        raise StoreError(
            f"{file} is damaged or is no backup of childdev. Nothing was restored; try an older backup."
        ) from e


@contextmanager
def _members(file: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    with tarfile.open(file, "r:gz") as archive:
        yield ((m.name, content) for m in archive if (content := archive.extractfile(m)) is not None)


def _verified(file: Path) -> Manifest:
    """What a backup says of itself, after its every byte was checked against it."""
    with _told(file), _members(file) as members:
        name, content = next(members, ("", io.BytesIO()))
        if name != _MANIFEST:
            raise ValueError("the manifest does not come first")
        told_ = json.load(content)
        if told_["format"] != _FORMAT:
            raise StoreError(f"{file} was made by a newer childdev ({told_['childdev']}). Install that one.")
        manifest = Manifest(**{**told_, "tables": {n: Content(**c) for n, c in told_["tables"].items()}})
        found = {name: Content(*_rows_and_digest(content)) for name, content in members}
        if found != {f"{n}.jsonl": c for n, c in manifest.tables.items()}:
            raise ValueError("the tables are not those of the manifest")
    return manifest


def _rows_and_digest(content: IO[bytes]) -> tuple[int, str]:
    rows, digest = 0, hashlib.sha256()
    while piece := content.read(1 << 20):
        rows += piece.count(b"\n")
        digest.update(piece)
    return rows, digest.hexdigest()


@contextmanager
def _emptied_after_failure(folder: Path) -> Iterator[None]:
    """A new or empty folder, which is as it was if the block fails."""
    there = folder.exists()
    if there and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreError(f"{folder} is not empty; restore into a new folder with --data.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException as e:
        shutil.rmtree(folder, ignore_errors=True)
        if there:
            folder.mkdir()
        if isinstance(e, OSError):
            raise StoreError(f"{folder} can't be written: {e.strerror}. Choose another with --data.") from e
        raise


def _fill(connection: Connection, file: Path, manifest: Manifest) -> None:
    tables = _tables(connection)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    for table in reversed(tables.values()):  # what migrations put there is in the backup too
        connection.execute(delete(table))
    with _members(file) as members:
        for name, content in members:
            if name != _MANIFEST:
                _insert(connection, tables[name.removesuffix(".jsonl")], content)
    c = tables["change_set"].c
    stated = replay(connection.execute(select(c.added, c.removed).order_by(c.number)))
    if _digest(stated) != manifest.stated_sha256:
        raise ValueError("the rows do not make the state of the newest version")


def _insert(connection: Connection, table: Table, content: IO[bytes]) -> None:
    rows = ({k: _value(v) for k, v in json.loads(line).items()} for line in content)
    while some := list(islice(rows, _ROWS)):
        connection.execute(insert(table), some)
    if connection.dialect.name == "postgresql":
        _count_on(connection, table)


def _count_on(connection: Connection, table: Table) -> None:
    """Let the numbers that PostgreSQL gives to new rows go on after those that were restored."""
    for column in table.primary_key.columns:
        if column.autoincrement is True and connection.execute(select(func.max(column))).scalar() is not None:
            named = connection.dialect.identifier_preparer.format_table(table)
            sequence = func.pg_get_serial_sequence(named, column.name)
            connection.execute(select(func.setval(sequence, select(func.max(column)).scalar_subquery())))
