"""The database of the record, of both kinds: made by migrations, raced for by two, told in plain words when it is not there."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pyoxigraph import Literal, Triple
from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, Text, create_engine, inspect, text
from sqlalchemy.engine import Engine

import childdev
from childdev import terms as cd
from childdev.config import Settings
from childdev.errors import ConflictError, StoreError
from childdev.model.iris import iri
from childdev.model.modules import CORE, Model
from childdev.store.database import METADATA, connect
from childdev.store.reader import PREF_LABEL, Reader
from childdev.store.record import ChangeSet, Record, difference, model_lines
from tests.counts import released
from tests.server import free_port
from tests.store.test_publication import A, B, change, start

VERSION = '<urn:m> <http://www.w3.org/2002/07/owl#versionInfo> "{}" <urn:g> .'
FIRST = frozenset([VERSION.format("1.0.0"), '<urn:a> <urn:p> "a" <urn:g> .'])


def all_tables() -> MetaData:
    """What is declared, by whichever module of childdev."""
    for module in pkgutil.walk_packages(childdev.__path__, "childdev."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
    return METADATA


def told(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), all_tables()))


def at_once(number: int, work: Callable[[], Any]) -> list[Any]:
    """What that many threads got that began together, each with its result or error."""
    barrier = Barrier(number)

    def run() -> Any:
        barrier.wait()
        try:
            return work()
        except (ConflictError, StoreError) as e:
            return e

    with ThreadPoolExecutor(number) as pool:
        return [f.result() for f in [pool.submit(run) for _ in range(number)]]


def first(record: Record) -> None:
    assert record.append(None, ChangeSet(FIRST, frozenset(), "maintainers", "x", "f0", "1.0.0"), FIRST) == 0


def step(n: int, release: str | None = None) -> ChangeSet:
    return ChangeSet(frozenset([f'<urn:a> <urn:p> "{n}" <urn:g> .']), frozenset(), "facilitator", "more", None, release)


# -------------------------------------------------------------------- the tables


def test_migrating_an_empty_database_makes_exactly_the_tables_that_are_declared(database_url: str) -> None:
    engine = connect(database_url)
    assert told(engine) == []
    assert set(inspect(engine).get_table_names()) == {*all_tables().tables, "alembic_version"}
    engine.dispose()


def test_connecting_again_changes_nothing(database_url: str) -> None:
    record = Record(database_url)
    first(record)
    record.close()
    again = Record(database_url)
    assert again.state(0) == FIRST
    again.close()


def test_servers_that_start_at_once_do_not_collide(database_url: str) -> None:
    engines = at_once(6, lambda: connect(database_url))
    assert [e for e in engines if isinstance(e, StoreError)] == []
    assert told(engines[0]) == []
    with engines[0].connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
    for engine in engines:
        engine.dispose()


def test_a_migration_that_fails_leaves_nothing(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:  # in the way of a later table
        connection.execute(text("CREATE TABLE head (other INTEGER)"))
    with pytest.raises(StoreError, match="can't be read"):
        connect(database_url)
    assert inspect(engine).get_table_names() == ["head"]
    engine.dispose()


def test_a_record_of_the_former_childdev_is_taken_over(database_url: str, model: Model, tmp_path: Path) -> None:
    core = model.modules[CORE]
    package = Model({CORE: core, "x": frozenset([Triple(A, PREF_LABEL, Literal("A", language="en-gb"))])})
    local = Model({CORE: core, "x": frozenset([Triple(A, PREF_LABEL, Literal("Ours", language="en-gb"))])})
    write_former(database_url, [("first", [], model_lines(package)), (None, model_lines(package), model_lines(local))])
    record = Record(database_url)
    assert told(record.engine) == []
    assert (record.head(), record.package(), record.package_state()) == (1, "first", model_lines(package))
    assert [record.name(n) for n in (0, 1)] == [released(), f"{released()}.1"]
    assert [record.number(released()), record.number(f"{released()}.1"), record.number("9.9.9")] == [0, 1, None]
    assert [(e.number, e.made_by, e.release, e.details) for e in record.log()] == [
        (1, "facilitator", None, {}),
        (0, "maintainers", None, {}),
    ]
    record.close()
    b = Triple(B, cd.buildsOn, A)
    settings = Settings(data=tmp_path / "var", database=database_url)
    newer = Model({CORE: core, "x": package.modules["x"] | {b}})
    publication, problem = start(settings, newer)
    assert problem is None and publication.version.name == f"{released()}.2"
    assert publication.record.state(2) == model_lines(local) | (model_lines(newer) - model_lines(package))
    publication.close()


def write_former(url: str, changes: list[tuple[str | None, Any, Any]]) -> None:
    """A database as the first childdev made it: three parts of each change are its package, the state before, after."""
    tables = MetaData()
    change_set = Table(
        "change_set",
        tables,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("base", Integer, nullable=True),
        Column("made_at", String(32), nullable=False),
        Column("made_by", String(200), nullable=False),
        Column("reason", Text, nullable=False),
        Column("package", String(64), nullable=True),
        Column("added", LargeBinary, nullable=False),
        Column("removed", LargeBinary, nullable=False),
    )
    head = Table("head", tables, Column("id", Integer, primary_key=True), Column("number", Integer, nullable=False))
    engine = create_engine(url)
    tables.create_all(engine)
    with engine.begin() as connection:
        for number, (package, old, new) in enumerate(changes):
            delta = difference(old, new, "", "")
            connection.execute(
                change_set.insert().values(
                    number=number,
                    base=number - 1 if number else None,
                    made_at="2026-11-24T12:00:00+00:00",
                    made_by="maintainers" if package else "facilitator",
                    reason="because",
                    package=package,
                    added=zlib.compress("\n".join(sorted(delta.added)).encode()),
                    removed=zlib.compress("\n".join(sorted(delta.removed)).encode()),
                )
            )
        connection.execute(head.insert().values(id=1, number=len(changes) - 1))
    engine.dispose()


# -------------------------------------------------------------------- the record


def test_the_log_tells_every_version_by_name(database_url: str) -> None:
    record = Record(database_url)
    assert (record.head(), record.package(), record.log(), record.number("1.0.0")) == (None, None, [], None)
    first(record)
    record.append(0, step(1))
    record.append(1, step(2, "1.1.0"))
    record.append(2, ChangeSet(frozenset(), FIRST, "facilitator", "less", details={"vote": ["ü", 1, None]}))
    assert [record.name(n) for n in range(4)] == ["1.0.0", "1.0.0.1", "1.1.0", "1.1.0.1"]
    assert [record.number(record.name(n)) for n in range(4)] == [0, 1, 2, 3]
    assert [record.number(x) for x in ("1.0.0.2", "1.1.0.0", "1.1.0.2", "1.0", "1.1.0.x", "")] == [None] * 6
    assert record.releases() == {0: "1.0.0", 2: "1.1.0"}
    assert [e.number for e in record.log()] == [3, 2, 1, 0]
    newest = record.entry(3)
    assert newest is not None and newest.details == {"vote": ["ü", 1, None]} and newest.made_by == "facilitator"
    assert record.entry(4) is None
    assert record.state(3) == step(1).added | step(2).added
    assert record.change(3).removed == FIRST and record.change(2).release == "1.1.0"
    record.close()


def test_of_two_that_start_a_record_at_once_exactly_one_does(database_url: str) -> None:
    connect(database_url).dispose()
    records = [Record(database_url) for _ in range(4)]
    waiting = iter(records)
    won = at_once(4, lambda: next(waiting).append(None, step(0)))
    assert sorted(map(str, won)) == [
        "0",
        *["The model has moved on since this change was made. Look at what changed, then try again."] * 3,
    ]
    for record in records:
        record.close()


def test_of_two_that_move_the_head_at_once_exactly_one_does(database_url: str) -> None:
    records = [Record(database_url) for _ in range(4)]
    first(records[0])
    for base in range(10):
        waiting = iter(enumerate(records))

        def move(base: int = base, waiting: Any = waiting) -> int:
            n, record = next(waiting)
            return int(record.append(base, step(100 * base + n)))

        won = at_once(4, move)
        assert [w for w in won if not isinstance(w, ConflictError)] == [base + 1]
    assert len(records[0].log()) == 11 and records[0].head() == 10
    assert len(records[0].state(10)) == 12, "one line of each winner, none of a loser"
    for record in records:
        record.close()


def test_a_package_is_noted_once_with_what_it_brought(database_url: str) -> None:
    record = Record(database_url)
    first(record)
    second = frozenset([VERSION.format("1.0.0"), '<urn:b> <urn:p> "b" <urn:g> .'])
    record.note_package("f1", 0, second)
    assert (record.package(), record.package_state(), record.head(), record.state(0)) == ("f1", second, 0, FIRST)
    third = second | {'<urn:c> <urn:p> "c" <urn:g> .'}
    with pytest.raises(ConflictError):
        record.append(5, ChangeSet(third - second, frozenset(), "maintainers", "x", "f2"), third)
    assert record.package() == "f1", "what was refused is not noted either"
    record.append(0, ChangeSet(third - second, frozenset(), "maintainers", "x", "f2"), third)
    assert (record.package(), record.package_state()) == ("f2", third)
    record.close()


def test_a_whole_story_of_publishing(database_url: str, model: Model, tmp_path: Path) -> None:
    package = Model(
        {
            CORE: model.modules[CORE],
            "x": frozenset([Triple(B, cd.buildsOn, A), Triple(A, PREF_LABEL, Literal("A", language="en-gb"))]),
        }
    )
    settings = Settings(data=tmp_path / "var", database=database_url)
    publication, _ = start(settings, package)
    publication.publish(0, change(publication, "Agreed here"))
    with pytest.raises(ConflictError):
        publication.publish(0, change(publication, "Too late"))
    publication.close()
    c = iri("feature", "c")
    newer = Model({**package.modules, "x": package.modules["x"] | {Triple(c, cd.buildsOn, B)}})
    publication, problem = start(settings, newer)
    assert problem is None and publication.version.name == f"{released()}.2"
    reader = Reader("2", publication.version.dataset)
    assert reader.label(B) == "Agreed here" and reader.holds(c, cd.restsOn, A)
    before = publication.version.dataset.read_bytes()
    publication.close()
    publication, _ = start(Settings(data=tmp_path / "elsewhere", database=database_url), newer)
    assert publication.version.number == 2, "a second folder over the same record needs nothing else"
    assert publication.version.dataset.read_bytes() == before
    publication.close()


# -------------------------------------------------------------------- what may be wrong


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(StoreError, match="Is the server running, and does CHILDDEV_DATABASE name it") as e:
        connect(f"postgresql+psycopg://someone:geheim@127.0.0.1:{free_port()}/childdev")
    assert "geheim" not in str(e.value) and "127.0.0.1" in str(e.value)


@pytest.mark.parametrize("url", ["no address", "nosuch://x:geheim@y/z", "postgresql+nosuch://x:geheim@y/z"])
def test_what_is_no_address_is_told(url: str) -> None:
    with pytest.raises(StoreError, match="CHILDDEV_DATABASE is not the address of a database") as e:
        connect(url)
    assert "geheim" not in str(e.value)


def test_the_missing_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install 'childdev\[postgresql\]'"):
        connect("postgresql+psycopg://someone:geheim@127.0.0.1/childdev")


def test_a_database_of_a_newer_childdev_is_told(database_url: str) -> None:
    engine = connect(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreError, match="was made by a newer childdev than this one"):
        connect(database_url)
