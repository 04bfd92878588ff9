"""Publishing: the record first, then the store; nothing is lost, nothing is half there, whatever happens."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from childdev import terms as cd
from childdev.config import Settings
from childdev.errors import ChilddevError, ConflictError, InvalidError, StoreError
from childdev.model.iris import iri
from childdev.model.modules import CORE, Model
from childdev.reasoning.inference import Inference, leaves_inferred
from childdev.store.publication import Publication, newest
from childdev.store.reader import PREF_LABEL, Reader
from childdev.store.record import ChangeSet, difference, model_lines
from tests.counts import released

A, B = iri("feature", "a"), iri("feature", "b")


def infer(model: Model) -> Iterable[Quad]:
    return Inference(model).quads()


def fine(model: Model) -> None:
    """Every model is right."""


@pytest.fixture
def package(model: Model) -> Model:
    return Model(
        {
            CORE: model.modules[CORE],
            "x": frozenset([Triple(B, cd.buildsOn, A), Triple(A, PREF_LABEL, Literal("A", language="en-gb"))]),
        }
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "var")


def digest(model: Model) -> str:
    return str(hash(model_lines(model)))


def start(settings: Settings, model: Model) -> tuple[Publication, ChilddevError | None]:
    publication = Publication(settings, infer)
    return publication, publication.open(lambda: model, fine, digest(model))


def changed(package: Model, label: str) -> Model:
    return Model(
        {**package.modules, "x": package.modules["x"] | {Triple(B, PREF_LABEL, Literal(label, language="en-gb"))}}
    )


def change(publication: Publication, label: str) -> ChangeSet:
    return difference(
        model_lines(publication.model), model_lines(changed(publication.model, label)), "facilitator", "a label"
    )


def test_the_first_start_publishes_the_package(settings: Settings, package: Model) -> None:
    publication, problem = start(settings, package)
    assert problem is None
    assert (publication.version.number, publication.version.name) == (0, released())
    reader = Reader("0", publication.version.dataset)
    assert reader.holds(B, cd.restsOn, A), "what follows is published too"
    assert not reader.stated(B, cd.restsOn, A)
    held = Store.read_only(str(publication.version.checkpoint))
    assert sum(1 for _ in held) == publication.version.quads
    publication.close()


def test_a_second_start_changes_nothing(settings: Settings, package: Model) -> None:
    first, _ = start(settings, package)
    before = (first.version, first.version.dataset.stat().st_mtime_ns)
    first.close()
    second, _ = start(settings, package)
    assert (second.version, second.version.dataset.stat().st_mtime_ns) == before
    second.close()


def test_a_change_becomes_a_version_that_readers_see(settings: Settings, package: Model) -> None:
    publication, _ = start(settings, package)
    version = publication.publish(0, change(publication, "Bee"))
    assert (version.number, version.name) == (1, f"{released()}.1")
    assert Reader("1", version.dataset).label(B) == "Bee"
    assert newest(settings) == version
    publication.close()


def test_a_change_on_an_older_version_is_refused_and_nothing_is_stored(settings: Settings, package: Model) -> None:
    publication, _ = start(settings, package)
    mine, theirs = change(publication, "Mine"), change(publication, "Theirs")
    publication.publish(0, theirs)
    with pytest.raises(ConflictError, match="has moved on"):
        publication.publish(0, mine)
    assert publication.record.head() == 1
    assert Reader("1", publication.version.dataset).label(B) == "Theirs"
    publication.close()


def test_rebuilding_gives_the_same_bytes(settings: Settings, package: Model) -> None:
    publication, _ = start(settings, package)
    publication.publish(0, change(publication, "Bee"))
    before = publication.version.dataset.read_bytes()
    publication.rebuild()
    assert publication.version.dataset.read_bytes() == before
    publication.close()


def test_words_are_published_without_inferring_anew_and_the_bytes_are_the_same(
    settings: Settings, package: Model
) -> None:
    inferred: list[Model] = []
    publication = Publication(settings, lambda m: inferred.append(m) or infer(m), leaves_inferred)  # type: ignore[func-returns-value]
    publication.open(lambda: package, fine, digest(package))
    note = f'<{A.value}> <http://www.w3.org/2004/02/skos/core#note> "{{}}"@en-gb <https://w3id.org/childdev/graph/model/x> .'
    publication.publish(0, ChangeSet(frozenset([note.format("One")]), frozenset(), "facilitator", "words"))
    both = frozenset([note.format("Two")]), frozenset([note.format("One"), note.format("not there")])
    publication.publish(1, ChangeSet(*both, "facilitator", "other words"))
    assert len(inferred) == 1
    text = publication.version.dataset.read_text("utf-8")
    assert '"Two"' in text and '"One"' not in text
    publication.rebuild()
    assert len(inferred) == 2 and publication.version.dataset.read_text("utf-8") == text
    publication.publish(2, change(publication, "Bee"))
    assert len(inferred) == 3
    publication.close()


def test_a_newer_package_keeps_what_was_agreed_locally(settings: Settings, package: Model) -> None:
    publication, _ = start(settings, package)
    publication.publish(0, change(publication, "Agreed here"))
    publication.close()
    c = iri("feature", "c")
    newer = Model({**package.modules, "x": package.modules["x"] | {Triple(c, cd.buildsOn, B)}})
    publication, problem = start(settings, newer)
    assert problem is None and publication.version.number == 2
    reader = Reader("2", publication.version.dataset)
    assert reader.label(B) == "Agreed here" and reader.holds(c, cd.restsOn, A)
    publication.close()


def test_a_change_to_core_with_its_lists_is_published_whole(settings: Settings, package: Model) -> None:
    publication, _ = start(settings, package)
    publication.close()
    fewer = frozenset(t for t in package.modules[CORE] if not t.predicate.value.endswith("propertyChainAxiom"))
    publication, _ = start(settings, Model({**package.modules, CORE: fewer}))
    before = publication.version.dataset.read_bytes()
    assert publication.version.number == 1
    publication.rebuild()
    assert publication.version.dataset.read_bytes() == before
    publication.close()


def test_a_broken_package_leaves_the_last_good_version(settings: Settings, package: Model) -> None:
    start(settings, package)[0].close()

    def broken(model: Model) -> None:
        raise InvalidError("One rule of the model is not met.")

    publication = Publication(settings, infer)
    problem = publication.open(lambda: changed(package, "Wrong"), broken, "wrong")
    assert str(problem) == "One rule of the model is not met."
    assert publication.version.number == 0
    publication.close()


def test_a_broken_package_on_an_empty_folder_is_an_error(settings: Settings, package: Model) -> None:
    def broken(model: Model) -> None:
        raise InvalidError("One rule of the model is not met.")

    publication = Publication(settings, infer)
    with pytest.raises(InvalidError):
        publication.open(lambda: package, broken, "wrong")
    assert publication.record.head() is None
    publication.close()


def test_two_writers_of_one_folder_are_refused(settings: Settings, package: Model) -> None:
    first, _ = start(settings, package)
    with pytest.raises(StoreError, match="in use by another childdev"):
        Publication(settings, infer)
    first.close()


def test_a_damaged_record_is_told(settings: Settings, package: Model) -> None:
    settings.data.mkdir()
    (settings.data / "record.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError, match=r"can't be read: file is not a database\. Put back a copy of it"):
        Publication(settings, infer)


@pytest.mark.parametrize(
    "what",
    [
        "store deleted",
        "store garbled",
        "dataset cut",
        "dataset deleted",
        "manifest garbled",
        "versions deleted",
        "all but the record deleted",
    ],
)
def test_damage_is_made_good_at_start(settings: Settings, package: Model, what: str) -> None:
    publication, _ = start(settings, package)
    publication.publish(0, change(publication, "Bee"))
    before = publication.version.dataset.read_bytes()
    publication.close()
    version = settings.data / "versions/1"
    match what:
        case "store deleted":
            shutil.rmtree(settings.data / "store")
        case "store garbled":
            for file in (settings.data / "store").iterdir():
                if file.suffix in {".sst", ".log"} or file.name.startswith(("MANIFEST", "CURRENT")):
                    file.write_bytes(os.urandom(max(64, file.stat().st_size)))
        case "dataset cut":
            (version / "dataset.nq").write_bytes(before[: len(before) // 2])
        case "dataset deleted":
            (version / "dataset.nq").unlink()
        case "manifest garbled":
            (version / "version.json").write_text("{")
        case "versions deleted":
            shutil.rmtree(settings.data / "versions")
        case _:
            shutil.rmtree(settings.data / "versions")
            shutil.rmtree(settings.data / "store")
    publication, problem = start(settings, package)
    assert problem is None
    assert publication.version.number == 1
    assert publication.version.dataset.read_bytes() == before
    publication.close()


WRITER = """
import sys
from pathlib import Path
from childdev.config import Settings
from childdev.model.modules import Model, load
from childdev.reasoning.inference import Inference, leaves_inferred
from childdev.resources import folder
from childdev.store.publication import Publication
from childdev.store.reader import PREF_LABEL
from childdev.store.record import difference, model_lines
from childdev.model.iris import iri
from pyoxigraph import Literal, Triple

core = {"core": load(folder("ontology")).modules["core"]}
publication = Publication(Settings(data=Path(sys.argv[1])), lambda m: Inference(m).quads())
publication.open(lambda: Model({**core, "x": frozenset([Triple(iri("feature", "n0"), PREF_LABEL, Literal("n0", language="en-gb"))])}), lambda m: None, "first")
print("ready", publication.version.number, flush=True)
while True:
    n = publication.version.number + 1
    more = Triple(iri("feature", f"n{n}"), PREF_LABEL, Literal(f"n{n}", language="en-gb"))
    after = Model({**publication.model.modules, "x": publication.model.modules["x"] | {more}})
    publication.publish(n - 1, difference(model_lines(publication.model), model_lines(after), "test", "one more"))
    print("published", n, flush=True)
"""


@pytest.mark.slow
def test_kill_9_at_any_moment_leaves_the_old_version_or_the_new_one(tmp_path: Path) -> None:
    """Killed 20 times in the midst of publishing one thing a version; each time all are there, none is half there."""
    data, choose = tmp_path / "var", random.Random(11)
    told = -1
    for _ in range(20):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(data)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        first = writer.stdout.readline().split()
        assert first and first[0] == "ready"
        held = int(first[1])
        assert held >= told, "a version that was told as published is gone"
        time.sleep(choose.uniform(0, 0.35))
        writer.send_signal(signal.SIGKILL)
        rest = writer.communicate()[0].split()
        told = max([held, *(int(x) for x in rest if x.isdigit())])
    publication = Publication(Settings(data=data), infer)
    publication.open(lambda: Model({}), fine, "first")
    number = publication.version.number
    assert number >= told > 10
    reader = Reader("end", publication.version.dataset)
    assert [reader.label(iri("feature", f"n{n}")) for n in range(number + 1)] == [f"n{n}" for n in range(number + 1)]
    before = publication.version.dataset.read_bytes()
    publication.rebuild()
    assert publication.version.dataset.read_bytes() == before
    publication.close()


def test_the_record_alone_tells_every_version(settings: Settings, package: Model) -> None:
    publication, _ = start(settings, package)
    publication.publish(0, change(publication, "One"))
    publication.publish(1, change(publication, "Two"))
    label = '"One"@en-gb'
    assert [any(label in line for line in publication.record.state(n)) for n in range(3)] == [False, True, True]
    assert NamedNode(A.value) in {t.subject for t in publication.model.triples}
    publication.close()
