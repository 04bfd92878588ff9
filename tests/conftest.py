"""What all tests share: the real model, read once, and a reader over its published version."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from childdev import memory
from childdev.config import Settings
from childdev.model.modules import Model, load, nquads
from childdev.reasoning.inference import Inference
from childdev.release.build import open_publication
from childdev.resources import folder
from childdev.store.reader import Reader
from tests import postgresql as pg
from tests.server import served


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first, so that of several processes none works alone at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in slow)
    memory.settle()


@pytest.fixture(scope="session")
def model() -> Model:
    found = load(folder("ontology"))
    memory.settle()
    return found


@pytest.fixture(scope="session")
def inference(model: Model) -> Inference:
    return Inference(model)


@pytest.fixture(scope="session")
def dataset(model: Model, inference: Inference, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("dataset") / "dataset.nq"
    file.write_text("\n".join(nquads([*model.quads(), *inference.quads()])) + "\n", encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def reader(dataset: Path) -> Reader:
    return Reader("test", dataset)


@pytest.fixture(scope="session")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the real server over the real model."""
    with served(Path(shutil.copytree(built, tmp_path_factory.mktemp("served") / "var"))) as address:
        yield address


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A data folder over the real model, built once for all workers. Nobody may change it: copy it by `fresh_data`."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    data = shared / "built"
    with (shared / "built.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not data.exists():
            publication, _ = open_publication(Settings(data=shared / "building"))
            publication.close()
            (shared / "building").rename(data)
    return data


@pytest.fixture(scope="module")
def fresh_data(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of a built data folder, for the tests of one module to change; a server over it is up in seconds."""
    return Path(shutil.copytree(built, tmp_path_factory.mktemp("fresh") / "var"))


@pytest.fixture(scope="session")
def client(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, trust_env=False, timeout=60) as c:
        yield c


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of the first database of a real PostgreSQL server."""
    if pg.programs() is None:
        pytest.skip("NOT RUN: PostgreSQL is not installed; run scripts/postgresql.sh")
    with pg.running() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'record.sqlite'}"
    return pg.fresh(request.getfixturevalue("postgresql"))
