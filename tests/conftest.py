"""What all tests share: the real model, read once, and a reader over its published version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from childdev.model.modules import Model, load, nquads
from childdev.reasoning.inference import Inference
from childdev.resources import folder
from childdev.store.reader import Reader
from tests.server import served


@pytest.fixture(scope="session")
def model() -> Model:
    return load(folder("ontology"))


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
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the real server over the real model, built from nothing."""
    with served(tmp_path_factory.mktemp("served") / "var") as address:
        yield address


@pytest.fixture(scope="session")
def client(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, trust_env=False, timeout=60) as c:
        yield c
