"""Numbers of releases, proposals that do not go together, the Turtle that comes out, and a newer package that clashes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from childdev import terms as cd
from childdev.config import Settings
from childdev.contribution.changes.kinds import (
    AddThing,
    Change,
    Evidence,
    Link,
    ReEvidence,
    Retire,
    SetAges,
    SetValue,
    Unlink,
    Value,
)
from childdev.contribution.changes.making import delta_of
from childdev.errors import InvalidError
from childdev.model.iris import iri
from childdev.model.modules import CORE, RDF_TYPE, Model, fingerprint, load
from childdev.model.stated import PREF_LABEL, Stated
from childdev.reasoning.inference import Inference
from childdev.release import numbering, proposals, releasing, review, settling
from childdev.release.export import HEAD, export, version_triples
from childdev.release.proposals import Status
from childdev.release.review import Now
from childdev.resources import folder
from childdev.store.publication import Publication
from childdev.store.record import ChangeSet, Record, lines_model, model_lines

A, B, C = (iri("feature", slug) for slug in ("a", "b", "c"))


def words(text: str) -> Literal:
    return Literal(text, language="en-gb")


@pytest.fixture(scope="module")
def small(model: Model) -> Model:
    """The vocabulary with three features: b builds on a."""
    features = {
        *(Triple(n, RDF_TYPE, cd.Feature) for n in (A, B, C)),
        *(Triple(n, PREF_LABEL, words(n.value[-1].upper())) for n in (A, B, C)),
        *(Triple(n, cd.typicalFromMonths, Literal(6)) for n in (A, B, C)),
        *(Triple(n, cd.typicalToMonths, Literal(12)) for n in (A, B, C)),
    }
    core = Model({CORE: model.modules[CORE], "features-motor": frozenset(features)})
    stated = Stated.of(core)
    link = Link(subject="feature/b", relation="buildsOn", object="feature/a")
    return releasing.model_of(stated.after(delta_of(stated, [link])))


def name(before: str | None, after: str | None, thing: str = "feature/a", prop: str = "skos:prefLabel") -> SetValue:
    old, new = (Value(property=prop, text=t) if t else None for t in (before, after))
    return SetValue(thing=thing, before=old, after=new)


@pytest.mark.parametrize(
    ("changes", "step", "number"),
    [
        ([name("A", "Another")], "patch", "1.2.4"),
        ([name(None, "Also A", prop="skos:altLabel")], "patch", "1.2.4"),
        ([Link(subject="feature/c", relation="buildsOn", object="feature/b")], "minor", "1.3.0"),
        ([AddThing(thing="feature/d", values=(Value(property="skos:prefLabel", text="D"),))], "minor", "1.3.0"),
        (
            [
                ReEvidence(
                    subject="feature/b",
                    relation="buildsOn",
                    object="feature/a",
                    evidence=Evidence(strength="contested"),
                )
            ],
            "minor",
            "1.3.0",
        ),
        ([SetAges(thing="feature/a", first=5, last=12)], "major", "2.0.0"),
        ([Unlink(subject="feature/b", relation="buildsOn", object="feature/a")], "major", "2.0.0"),
        ([Retire(thing="feature/c", reason="Said twice.")], "major", "2.0.0"),
    ],
)
def test_the_number_follows_from_what_changes_and_what_follows_from_it(
    small: Model, changes: list[Change], step: str, number: str
) -> None:
    stated = Stated.of(small)
    after = releasing.model_of(stated.after(delta_of(stated, changes)))
    found = numbering.numbering("1.2.3", small, after)
    assert (found.step, found.number) == (step, number)


def test_a_link_whose_meaning_still_follows_is_told_apart_from_one_that_is_lost(small: Model) -> None:
    """c grows from b, which grows from a. Without the link from b, it is lost that c rests on a."""
    stated = Stated.of(small)
    long = stated.after(delta_of(stated, [Link(subject="feature/c", relation="buildsOn", object="feature/b")]))
    cut = long.after(delta_of(long, [Unlink(subject="feature/b", relation="buildsOn", object="feature/a")]))
    lost = numbering.numbering("1.0.0", releasing.model_of(long), releasing.model_of(cut)).lost
    assert Triple(C, cd.restsOn, A) in lost and Triple(B, cd.buildsOn, A) in lost
    assert Triple(C, cd.buildsOn, B) not in lost


def test_a_wrong_number_is_refused_with_why(small: Model) -> None:
    stated = Stated.of(small)
    after = releasing.model_of(stated.after(delta_of(stated, [name("A", "Another")])))
    found = numbering.numbering("1.0.0", small, after)
    assert numbering.agreed(found, "") == numbering.agreed(found, " 1.0.1 ") == "1.0.1"
    with pytest.raises(InvalidError, match=r"can't be 1\.1\.0\. It is 1\.0\.1, a patch release: Only words change"):
        numbering.agreed(found, "1.1.0")


# ---------------------------------------------------------------- Turtle


def test_an_unchanged_model_is_exported_byte_for_byte(model: Model, tmp_path: Path) -> None:
    packaged = folder("ontology")
    done = export(lines_model(model_lines(model)), tmp_path / "out", packaged)
    files = sorted(f.name for f in packaged.glob("*.ttl"))
    assert list(done.written) == files and not done.kept
    for file in files:
        assert (tmp_path / "out" / file).read_bytes() == (packaged / file).read_bytes(), file
    again = export(model, tmp_path / "out", packaged)
    assert not again.written and fingerprint(tmp_path / "out") == fingerprint(packaged)


@pytest.mark.slow
def test_a_release_edits_the_head_of_the_vocabulary_and_nothing_else_of_it(model: Model, tmp_path: Path) -> None:
    packaged = folder("ontology")
    released = with_version(model, "9.1.0", "9.0.0")
    done = export(released, tmp_path, packaged)
    assert done.core == "edited" and load(tmp_path).modules == released.modules
    before, after = ((f / "core.ttl").read_text("utf-8").splitlines() for f in (packaged, tmp_path))
    different = [line for line in after if line not in before]
    assert len(different) == 4 and [line for line in after if line.startswith("#")] == [
        line for line in before if line.startswith("#")
    ]
    once_more = with_version(model, "9.2.0", "9.1.0")
    export(once_more, tmp_path, packaged)
    assert load(tmp_path).modules == once_more.modules
    assert len((tmp_path / "core.ttl").read_text("utf-8").splitlines()) == len(after)


@pytest.mark.slow
def test_another_vocabulary_is_written_anew_and_said_so(model: Model, tmp_path: Path) -> None:
    other = {**model.modules, CORE: model.modules[CORE] | {Triple(cd.Feature, NamedNode("urn:p"), Literal("x"))}}
    (tmp_path / "mine.ttl").write_text("# mine\n")
    done = export(Model(other), tmp_path, folder("ontology"))
    assert done.core == "rewritten" and "without its comments" in done.words
    assert done.extra == ("mine.ttl",) and "mine.ttl" in done.words and (tmp_path / "mine.ttl").exists()
    (tmp_path / "mine.ttl").unlink()
    assert load(tmp_path).modules == other
    text = (tmp_path / "core.ttl").read_bytes()
    shutil.rmtree(tmp_path)
    export(Model(other), tmp_path, folder("ontology"))
    assert (tmp_path / "core.ttl").read_bytes() == text


def with_version(model: Model, number: str, before: str) -> Model:
    core = {t for t in model.modules[CORE] if t.predicate not in HEAD or t.subject != numbering.ONTOLOGY}
    head = version_triples(number, before, "2027-01-01T00:00:00Z")
    return Model({**model.modules, CORE: frozenset(core | set(head))})


# ---------------------------------------------------------------- a record of one's own


@pytest.fixture(scope="module")
def record(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """The record of an installation with the model as it came."""
    record = Record(f"sqlite:///{tmp_path_factory.mktemp('record') / 'record.sqlite'}")
    record.append(
        None, ChangeSet(model_lines(model), frozenset(), "maintainers", "The packaged model", release="1.0.0")
    )
    yield record
    record.close()


@pytest.fixture(scope="module")
def now(model: Model) -> Now:
    return Now(0, "1.0.0", Stated.of(model))


def put(record: Record, now: Now, title: str, *changes: Change, approved: bool = True) -> int:
    """A proposal, approved as if two people had."""
    with record.engine.begin() as connection:
        details = {"delta": review.digest(review.standing(now.stated, changes).delta)}
        number = proposals.open_proposal(connection, None, title, "Because.", 0, changes, details)
        if approved:
            proposals.move(connection, proposals.proposal(connection, number), status=str(Status.APPROVED))
    return number


def bundled(record: Record, now: Now, *numbers: int) -> releasing.Bundle:
    with record.engine.connect() as connection:
        chosen = [proposals.proposal(connection, n) for n in numbers]
    return releasing.bundle(record, now, chosen)


@pytest.mark.slow
def test_of_two_proposals_that_do_not_go_together_the_later_is_named(record: Record, now: Now) -> None:
    walks, joins = "feature/walks-alone", "feature/joins-two-words"
    first = put(record, now, "One name", name("Walks alone", "First", walks))
    second = put(record, now, "Another name", name("Walks alone", "Second", walks))
    apart = put(record, now, "Elsewhere", name("Joins two words", "Third", joins))
    waiting = put(record, now, "Not yet", name("Joins two words", "Fourth", joins), approved=False)
    made = bundled(record, now, waiting, apart, second, first)
    assert [p.id for p in made.proposals] == [first, apart]
    assert made.numbering.number == "1.0.1" and {s.about for s in made.sections} == {walks, joins}
    told = {t.proposal.id: t.words for t in made.troubles}
    assert f"proposal {first} (“One name”)" in told[second] and "no longer says “Walks alone”" in told[second]
    assert "not approved" in told[waiting]
    with pytest.raises(InvalidError, match="Not all"):
        releasing.prepared(made)


@pytest.mark.slow
def test_what_does_something_else_than_was_approved_is_not_released(record: Record, now: Now) -> None:
    number = put(record, now, "One name", name("Walks alone", "First", "feature/walks-alone"))
    with record.engine.begin() as connection:
        found = proposals.proposal(connection, number)
        proposals.move(connection, found, details=proposals.details_json({"delta": "of another time"}))
    (trouble,) = bundled(record, now, number).troubles
    assert "reviewed again" in trouble.words


@pytest.mark.slow
def test_nothing_at_all_is_no_release(record: Record, now: Now) -> None:
    with pytest.raises(InvalidError, match="Nothing has changed"):
        bundled(record, now)


# ---------------------------------------------------------------- a data folder of one's own


@pytest.fixture
def publication(small: Model, tmp_path: Path) -> Iterator[Publication]:
    publication = Publication(Settings(data=tmp_path / "var"), lambda m: Inference(m).quads())
    publication.open(lambda: small, lambda _: None, "first")
    yield publication
    publication.close()


def published(publication: Publication, *changes: Change, release: str | None = None, **details: object) -> None:
    stated = Stated.of(publication.model)
    delta = delta_of(stated, changes)
    if release:
        delta = delta.then(releasing.version_delta(stated, release, "1.0.0", "2027-01-01T00:00:00Z"))
    change = ChangeSet(*delta.lines(), "maintainers", "A change", release=release, details=details)
    publication.publish(publication.version.number, change)


def test_a_package_made_from_an_export_brings_nothing_new(publication: Publication, tmp_path: Path) -> None:
    published(publication, name("A", "First"), release="1.0.1")
    export(publication.model, tmp_path / "out", folder("ontology"))
    assert publication.open(lambda: load(tmp_path / "out"), lambda _: None, "second") is None
    assert (publication.version.number, publication.version.name) == (1, "1.0.1")
    assert publication.record.package() == "second"


def test_a_crash_before_proposals_are_marked_is_made_good(publication: Publication) -> None:
    with publication.record.engine.begin() as connection:
        number = proposals.open_proposal(connection, None, "A name", "Because.", 0, [name("A", "First")])
        proposals.move(connection, proposals.proposal(connection, number), status=str(Status.APPROVED))
    published(publication, name("A", "First"), release="1.0.1", proposals=[{"id": number}])
    for _ in range(2):
        settling.settle(publication.record)
        with publication.record.engine.connect() as connection:
            found = proposals.proposal(connection, number)
            assert (found.status, found.release) == (Status.RELEASED, "1.0.1")
            assert sum(e.kind == "released" for e in proposals.entries(connection, number)) == 1


def test_what_a_newer_package_says_otherwise_becomes_one_proposal(publication: Publication, small: Model) -> None:
    published(publication, name("A", "Ours"))
    stated = Stated.of(small)
    theirs = releasing.model_of(stated.after(delta_of(stated, [name("A", "Theirs")])))
    publication.open(lambda: theirs, lambda _: None, "newer")
    for _ in range(2):
        settling.clashes(publication.record)
    with publication.record.engine.connect() as connection:
        (found,) = proposals.proposals(connection)
    assert found.changes == (name("Ours", "Theirs"),)
    assert found.author is None and found.status == Status.OPEN and found.details["package"] == "newer"
