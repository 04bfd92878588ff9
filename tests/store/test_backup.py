"""Backup and restore, drilled: while serving, from one kind of database into the other, from files that are damaged."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import stat
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest
from pyoxigraph import Literal, Triple
from sqlalchemy import create_engine, inspect, text

from childdev import terms as cd
from childdev.config import Settings
from childdev.errors import StoreError
from childdev.model.iris import iri
from childdev.model.modules import CORE, Model, fingerprint
from childdev.resources import folder
from childdev.store.backup import backup, restore
from childdev.store.publication import Publication
from childdev.store.reader import PREF_LABEL
from childdev.store.record import ChangeSet, Record
from tests import postgresql as pg
from tests.server import served
from tests.store.test_publication import A, B, change, fine, infer, start
from tests.test_cli import childdev


@pytest.fixture
def package(model: Model) -> Model:
    return Model(
        {
            CORE: model.modules[CORE],
            "x": frozenset([Triple(B, cd.buildsOn, A), Triple(A, PREF_LABEL, Literal("A", language="en-gb"))]),
        }
    )


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(data=tmp_path / "var", database=database_url)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup.tar.gz"


@pytest.fixture
def made(tmp_path: Path, package: Model, file: Path) -> Path:
    """A backup of two versions, made from SQLite."""
    settings = Settings(data=tmp_path / "made")
    publication, _ = start(settings, package)
    publication.publish(0, change(publication, "Bee"))
    publication.close()
    backup(file, settings, infer)
    return file


def all_rows(url: str) -> dict[str, list[object]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            name: sorted(map(repr, connection.execute(text(f'SELECT * FROM "{name}"')).all()))
            for name in inspect(connection).get_table_names()
        }
    engine.dispose()
    return found


def test_what_was_published_comes_back_with_the_same_bytes(
    settings: Settings, package: Model, file: Path, tmp_path: Path
) -> None:
    publication, _ = start(settings, package)
    details = {"votes": {"agree": 3}, "dissent": ["ä", None]}
    publication.publish(0, replace(change(publication, "Bee"), details=details, release="9.0.0"))
    publication.publish(1, change(publication, "Bumble"))
    dataset, log = publication.version.dataset.read_bytes(), publication.record.log()
    manifest = backup(file, settings, infer)  # while the writer holds its folder
    publication.close()
    rows = all_rows(settings.database_url)

    assert (manifest.number, manifest.tables["change_set"].rows, manifest.tables["package"].rows) == (2, 3, 1)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [f.name for f in tmp_path.iterdir() if "backup" in f.name] == ["backup.tar.gz"]

    new = Settings(data=tmp_path / "new")
    restored = restore(file, new, infer)
    assert restored.same and restored.version.name == "9.0.0.1"
    assert restored.version.dataset.read_bytes() == dataset
    if settings.database_url.startswith("sqlite"):
        assert all_rows(new.database_url) == rows
    publication, problem = start(new, package)
    assert problem is None and publication.version.number == 2 and publication.record.log() == log
    publication.publish(2, change(publication, "Later"))
    assert publication.version.name == "9.0.0.2"
    publication.close()


def test_from_sqlite_to_postgresql_and_back_nothing_changes(made: Path, postgresql: str, tmp_path: Path) -> None:
    one = Settings(data=tmp_path / "made")
    other = Settings(data=tmp_path / "other", database=pg.fresh(postgresql))
    there = restore(made, other, infer)
    again = tmp_path / "again.tar.gz"
    backup(again, other, infer)
    back = Settings(data=tmp_path / "back")
    home = restore(again, back, infer)
    assert (there.same, home.same) == (True, True)
    assert all_rows(back.database_url) == all_rows(one.database_url)
    record = Record(other.database_url)
    record.note_package("next", 1, frozenset(["<urn:a> <urn:b> <urn:c> ."]))
    assert record.package() == "next", "new rows get numbers after the restored ones"
    record.close()


def test_a_backup_sees_one_moment_while_others_write(settings: Settings, package: Model, tmp_path: Path) -> None:
    publication, _ = start(settings, package)
    stop = Event()

    def write() -> None:
        record, n = Record(settings.database_url), 0
        while not stop.is_set():
            more = frozenset(f'<urn:{n}> <urn:p> "{k}" <urn:g> .' for k in range(50))
            n = record.append(n, ChangeSet(more, frozenset(), "facilitator", "one more"))
        record.close()

    writer = Thread(target=write)
    writer.start()
    try:
        made = [backup(tmp_path / f"{n}.tar.gz", settings, infer) for n in range(3)]
    finally:
        stop.set()
        writer.join()
        publication.close()
    assert made[0].number <= made[1].number <= made[2].number > 0
    for manifest in made:
        assert manifest.tables["change_set"].rows == manifest.number + 1


# -------------------------------------------------------------------- what may be wrong


def repacked(file: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    with tarfile.open(file) as archive:
        members = [(m.name, archive.extractfile(m).read()) for m in archive]  # type: ignore[union-attr]
    with tarfile.open(file, "w:gz") as archive:
        for name, content in members:
            if (new := change(name, content)) is not None:
                info = tarfile.TarInfo(name)
                info.size = len(new)
                archive.addfile(info, io.BytesIO(new))


def of_manifest(**told: object) -> Callable[[str, bytes], bytes]:
    return lambda name, content: (
        json.dumps({**json.loads(content), **told}).encode() if name == "manifest.json" else content
    )


DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut": lambda f: f.write_bytes(f.read_bytes()[: f.stat().st_size // 2]),
    "cut at the start": lambda f: f.write_bytes(f.read_bytes()[:40]),
    "empty": lambda f: f.write_bytes(b""),
    "a bit turned": lambda f: f.write_bytes(f.read_bytes()[:5000] + b"\0\1\2" + f.read_bytes()[5003:]),
    "some other file": lambda f: f.write_text("this is no backup"),
    "some other gzip": lambda f: f.write_bytes(gzip.compress(b"this is no backup")),
    "a table missing": lambda f: repacked(f, lambda n, c: None if n == "head.jsonl" else c),
    "a row changed": lambda f: repacked(f, lambda n, c: c.replace(b"facilitator", b"participant")),
    "no manifest": lambda f: repacked(f, lambda n, c: None if n == "manifest.json" else c),
    "another state": lambda f: repacked(f, of_manifest(stated_sha256="0" * 64)),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_file_is_told_and_leaves_nothing(made: Path, what: str, tmp_path: Path) -> None:
    DAMAGE[what](made)
    new = tmp_path / "new"
    with pytest.raises(StoreError, match=r"is damaged or is no backup of childdev\. Nothing was restored"):
        restore(made, Settings(data=new), infer)
    assert not new.exists()


def test_a_failure_leaves_postgresql_empty(made: Path, postgresql: str, tmp_path: Path) -> None:
    repacked(made, of_manifest(stated_sha256="0" * 64))
    url = pg.fresh(postgresql)
    with pytest.raises(StoreError, match="Nothing was restored"):
        restore(made, Settings(data=tmp_path / "new", database=url), infer)
    assert all_rows(url) == {}


def test_a_backup_of_a_newer_childdev_is_told(made: Path, tmp_path: Path) -> None:
    repacked(made, of_manifest(revision="9999"))
    with pytest.raises(StoreError, match="was made by a newer childdev"):
        restore(made, Settings(data=tmp_path / "new"), infer)
    repacked(made, of_manifest(format=2, childdev="7.0"))
    with pytest.raises(StoreError, match=r"was made by a newer childdev \(7\.0\)"):
        restore(made, Settings(data=tmp_path / "new"), infer)
    assert not (tmp_path / "new").exists()


def test_what_is_there_is_never_overwritten(made: Path, postgresql: str, tmp_path: Path) -> None:
    full = Settings(data=tmp_path / "made")
    before = {f: f.stat().st_mtime_ns for f in full.data.rglob("*")}
    with pytest.raises(StoreError, match="is not empty; restore into a new folder"):
        restore(made, full, infer)
    assert {f: f.stat().st_mtime_ns for f in full.data.rglob("*")} == before
    with pytest.raises(StoreError, match="is there already; name a new file"):
        backup(made, full, infer)
    url = pg.fresh(postgresql)
    Record(url).close()
    with pytest.raises(StoreError, match="The database is not empty"):
        restore(made, Settings(data=tmp_path / "new", database=url), infer)
    assert not (tmp_path / "new").exists()


def test_an_empty_folder_is_as_good_as_a_new_one(made: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    assert restore(made, Settings(data=tmp_path / "new"), infer).same


def test_a_missing_file_and_a_missing_record_are_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no file"):
        restore(tmp_path / "none.tar.gz", Settings(data=tmp_path / "new"), infer)
    with pytest.raises(StoreError, match=r"There is no record at .*record\.sqlite"):
        backup(tmp_path / "new.tar.gz", Settings(data=tmp_path / "none"), infer)
    assert list(tmp_path.iterdir()) == []


def test_a_record_without_a_version_is_told(settings: Settings, file: Path) -> None:
    Record(settings.database_url).close()
    with pytest.raises(StoreError, match="holds no version of this childdev yet"):
        backup(file, settings, infer)
    assert not file.exists()


def test_a_backup_of_an_older_childdev_is_brought_to_the_present(made: Path, tmp_path: Path) -> None:
    """As if it had been made before there were accounts, proposals and workshops."""
    kept = {"change_set", "head", "package"}
    with tarfile.open(made) as archive:
        member = archive.extractfile("manifest.json")
        assert member is not None
        tables = json.load(member)["tables"]
    older = of_manifest(revision="0001", tables={n: t for n, t in tables.items() if n in kept})
    repacked(
        made,
        lambda n, c: older(n, c) if n == "manifest.json" or n.removesuffix(".jsonl") in kept else None,
    )
    new = Settings(data=tmp_path / "new")
    assert restore(made, new, infer).same
    assert set(all_rows(new.database_url)) == {*tables, "alembic_version"}


# -------------------------------------------------------------------- the drill


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_drill(kind: str, request: pytest.FixtureRequest, model: Model, tmp_path: Path) -> None:
    """Serve, publish, back up while serving, lose the folder, restore, serve: as if nothing had happened."""
    data, file = tmp_path / "var", tmp_path / "backup.tar.gz"
    databases: list[dict[str, str]] = [{}, {}]
    if kind == "postgresql":
        server = request.getfixturevalue("postgresql")
        databases = [{"CHILDDEV_DATABASE": pg.fresh(server)} for _ in range(2)]
    publication = Publication(Settings(data=data, database=databases[0].get("CHILDDEV_DATABASE")), infer)
    publication.open(lambda: model, fine, fingerprint(folder("ontology")))  # as it was checked by other tests
    label = '<{}> <{}> "Says two words together"@en-gb <https://w3id.org/childdev/graph/model/x> .'
    line = label.format(iri("feature", "joins-two-words").value, "http://www.w3.org/2004/02/skos/core#altLabel")
    publication.publish(0, ChangeSet(frozenset([line]), frozenset(), "facilitator", "as parents say it"))
    publication.close()

    with served(data, **databases[0]) as address:
        before = answers(address)
        said = childdev("backup", file, "--data", data, **databases[0])
        assert said.returncode == 0, said.stderr
        assert "holds the record with 2 versions" in said.stdout and "private things" in said.stdout
    dataset = (data / "versions/1/dataset.nq").read_bytes()
    shutil.rmtree(data)

    said = childdev("restore", file, "--data", data, **databases[1])
    assert said.returncode == 0, said.stderr
    assert "is restored into" in said.stdout and "the same to the byte" in said.stdout
    assert (data / "versions/1/dataset.nq").read_bytes() == dataset
    with served(data, **databases[1]) as address:
        after = answers(address)
    assert after == before


PATHS = (
    "/feature/joins-two-words",
    "/api/v1/queries/what-it-rests-on/answer?feature=joins-two-words",
    "/history",
)


def answers(address: str) -> dict[str, str]:
    with httpx.Client(base_url=address, trust_env=False, timeout=60, follow_redirects=True) as client:
        found = {path: client.get(path) for path in PATHS}
    assert all(answer.status_code == 200 for answer in found.values()), found
    assert "Says two words together" in found[PATHS[0]].text
    return {path: answer.text.replace(address, "") for path, answer in found.items()}
