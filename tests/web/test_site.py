"""The copy of the pages as plain files: whole, linked, and the same each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from childdev.config import Settings
from childdev.errors import SiteError
from childdev.model.modules import Model, nquads
from childdev.reasoning.inference import Inference
from childdev.store.publication import Version
from childdev.web.app import create_app
from childdev.web.service import Service
from childdev.web.site import run
from tests.parts import part


@pytest.fixture(scope="module")
def small(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Service:
    place = tmp_path_factory.mktemp("small")
    less = part(model, claims_in=20, things_in=5)
    version = Version(1, "1.2.3", "2026-11-24T12:00:00Z", 1, tuple(less.modules), place)
    version.dataset.write_text("\n".join(nquads([*less.quads(), *Inference(less).quads()])) + "\n", encoding="utf-8")
    return Service(Settings(data=place / "var"), version, lambda: less)


def bytes_of(copy: Path) -> dict[str, bytes]:
    return {str(f.relative_to(copy)): f.read_bytes() for f in copy.rglob("*") if f.is_file()}


@pytest.mark.slow
def test_a_copy_is_whole_linked_and_the_same_each_time(small: Service, tmp_path: Path) -> None:
    """That every link leads somewhere is checked by the copying itself, which else refuses."""
    assert run(create_app(small), tmp_path / "one") > 1_000
    run(create_app(small), tmp_path / "two")
    one, two = bytes_of(tmp_path / "one"), bytes_of(tmp_path / "two")
    assert one == two
    assert {"index.html", "a-z/index.html", "vocabulary/index.html", "static/css/childdev.css"} <= set(one)
    page = one["feature/hears-well/index.html"].decode()
    assert 'href="../../static/css/childdev.css"' in page and 'href="/' not in page
    assert "data/feature/hears-well.ttl" in one and "dump/childdev.sssom.tsv" in one
    assert sorted(f.name for f in tmp_path.iterdir()) == ["one", "two"]
    assert "dump/SHA256SUMS" in one


def test_what_is_there_is_left_alone(small: Service, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for place, told in (
        (tmp_path, "is not empty"),
        (tmp_path / "mine.txt", "is a file"),
        (Path("/proc/no"), "can't be"),
    ):
        with pytest.raises(SiteError, match=told):
            run(create_app(small), place)
    assert [f.name for f in tmp_path.iterdir()] == ["mine.txt"]
