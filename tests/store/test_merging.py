"""A newer package over what was agreed here: nothing local is lost, nothing is left hanging, every clash is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, Triple

from childdev import terms as cd
from childdev.config import Settings
from childdev.errors import ChilddevError, InvalidError
from childdev.model.iris import iri
from childdev.model.modules import CORE, Model
from childdev.store.merging import merge
from childdev.store.publication import Publication
from childdev.store.reader import PREF_LABEL, Reader
from childdev.store.record import ChangeSet, Lines, model_lines
from tests.counts import released
from tests.store.test_publication import A, B, fine, infer, start

SHORT = {
    "type": "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
    "label": "<http://www.w3.org/2004/02/skos/core#prefLabel>",
    "alt": "<http://www.w3.org/2004/02/skos/core#altLabel>",
    "Feature": str(cd.Feature),
    "Retired": str(cd.Retired),
    "Claim": str(cd.Claim),
    "buildsOn": str(cd.buildsOn),
    "inStage": str(cd.inStage),
    "from": str(cd.typicalFromMonths),
    "strength": str(cd.strength),
    "about": str(cd.claimSubject),
    "says": str(cd.claimProperty),
    "to": str(cd.claimObject),
}


def _term(word: str) -> str:
    if word.startswith('"'):
        return word.replace("~", " ")
    return SHORT.get(word) or f"<{iri('claim' if word.startswith('c-') else 'feature', word).value}>"


def lines(*rows: str) -> Lines:
    """Rows such as `a label "A"@en-gb`, as lines of the record."""
    return frozenset(" ".join(map(_term, row.split())) + " <https://w3id.org/childdev/graph/model/x> ." for row in rows)


def claim(name: str, *, strength: str = "weak") -> tuple[str, ...]:
    """A claim `c-a-b` that a builds on b, and its parts."""
    _, a, b = name.split("-")
    return (
        f"{name} type Claim",
        f"{name} about {a}",
        f"{name} says buildsOn",
        f"{name} to {b}",
        f"{name} strength {strength}",
    )


#: in every package: a, b and d are features, b has other names and leads to several
BASE = (
    "a type Feature", 'a label "A"@en-gb', 'a label "A-cy"@cy', 'a from "3"', "a inStage s1",
    "b type Feature", 'b label "B"@en-gb', 'b alt "B1"@en-gb', 'b alt "B2"@en-gb', "b buildsOn a", "b buildsOn d",
    *claim("c-b-a"), *claim("c-b-d"), "d type Feature", 'd label "D"@en-gb',
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """What each side adds to and takes from the last package, what must come of it, and of what a clash is told."""

    theirs: tuple[tuple[str, ...], tuple[str, ...]]
    ours: tuple[tuple[str, ...], tuple[str, ...]]
    end: tuple[tuple[str, ...], tuple[str, ...]]
    clashes: tuple[str, ...] = field(default=())


NONE: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
RETIRED = (("a type Retired",), ("a type Feature", 'a from "3"', "a inStage s1", "b buildsOn a", *claim("c-b-a")))
DROPPED = ((), tuple(x for x in BASE if x.startswith("a ") or x == "b buildsOn a") + claim("c-b-a"))
WORD = (('a label "Ours"@en-gb',), ('a label "A"@en-gb',))
LINK = (("d buildsOn a", *claim("c-d-a")), ())

CASES = {
    "only theirs": Case(WORD, NONE, WORD),
    "only ours": Case(NONE, WORD, WORD),
    "both the same": Case(WORD, WORD, WORD),
    "different words of one thing": Case(
        (('a from "4"',), ('a from "3"',)),
        WORD,
        (('a label "Ours"@en-gb', 'a from "4"'), ('a label "A"@en-gb', 'a from "3"')),
    ),
    "the same word in different ways": Case((('a label "Theirs"@en-gb',), ('a label "A"@en-gb',)), WORD, WORD, ("a",)),
    "the same word in different languages": Case(
        (('a label "T"@cy',), ('a label "A-cy"@cy',)),
        WORD,
        (('a label "Ours"@en-gb', 'a label "T"@cy'), ('a label "A"@en-gb', 'a label "A-cy"@cy')),
    ),
    "both languages there, both changed one": Case(
        (('a label "T"@en-gb',), ('a label "A"@en-gb',)), WORD, WORD, ("a",)
    ),
    "the same age in different ways": Case(
        (('a from "4"',), ('a from "3"',)),
        (('a from "5"',), ('a from "3"',)),
        (('a from "5"',), ('a from "3"',)),
        ("a",),
    ),
    "they change what we took away": Case(
        (('a from "4"',), ('a from "3"',)), ((), ('a from "3"',)), ((), ('a from "3"',)), ("a",)
    ),
    "they take away what we changed": Case(
        ((), ('a from "3"',)), (('a from "4"',), ('a from "3"',)), (('a from "4"',), ('a from "3"',)), ("a",)
    ),
    "another stage on each side": Case(
        (("a inStage s2",), ("a inStage s1",)),
        (("a inStage s3",), ("a inStage s1",)),
        (("a inStage s3",), ("a inStage s1",)),
        ("a",),
    ),
    "first links from both sides": Case(
        (("a buildsOn d", *claim("c-a-d")), ()),
        (("a buildsOn b", *claim("c-a-b")), ()),
        (("a buildsOn d", *claim("c-a-d"), "a buildsOn b", *claim("c-a-b")), ()),
    ),
    "other names from both sides": Case(
        (('a alt "T"@en-gb',), ()), (('a alt "O"@en-gb',), ()), (('a alt "T"@en-gb', 'a alt "O"@en-gb'), ())
    ),
    "a link gone on each side": Case(
        ((), ("b buildsOn a", *claim("c-b-a"))),
        ((), ("b buildsOn d", *claim("c-b-d"))),
        ((), ("b buildsOn a", *claim("c-b-a"), "b buildsOn d", *claim("c-b-d"))),
    ),
    "a claim changed on both sides": Case(
        (("c-b-a strength good",), ("c-b-a strength weak",)),
        (("c-b-a strength view",), ("c-b-a strength weak",)),
        (("c-b-a strength view",), ("c-b-a strength weak",)),
        ("c-b-a",),
    ),
    "they unlink where we changed the claim": Case(
        ((), ("b buildsOn a", *claim("c-b-a"))),
        (("c-b-a strength good",), ("c-b-a strength weak",)),
        (("c-b-a strength good",), ("c-b-a strength weak",)),
        ("b", "c-b-a"),
    ),
    "we unlinked where they change the claim": Case(
        (("c-b-a strength good",), ("c-b-a strength weak",)),
        ((), ("b buildsOn a", *claim("c-b-a"))),
        ((), ("b buildsOn a", *claim("c-b-a"))),
        ("c-b-a",),
    ),
    "both unlinked": Case(
        ((), ("b buildsOn a", *claim("c-b-a"))),
        ((), ("b buildsOn a", *claim("c-b-a"))),
        ((), ("b buildsOn a", *claim("c-b-a"))),
    ),
    "they retire what nobody touched": Case(RETIRED, NONE, RETIRED),
    "they retire what we edited": Case(RETIRED, WORD, WORD, ("a",)),
    "they retire what we linked to": Case(RETIRED, LINK, LINK, ("a",)),
    "they drop what we edited": Case(DROPPED, WORD, WORD, ("a",)),
    "they drop what we linked to": Case(DROPPED, LINK, LINK, ("a",)),
    "we retired what they edit": Case(WORD, RETIRED, RETIRED, ("a",)),
    "we retired what they link to": Case(LINK, RETIRED, RETIRED, ("c-d-a", "d")),
    "we dropped what they edit": Case(WORD, DROPPED, DROPPED, ("a",)),
    "they link to what we dropped": Case(LINK, DROPPED, DROPPED, ("c-d-a", "d")),
    "both retired it alike": Case(RETIRED, RETIRED, RETIRED),
    "they add what was added here": Case(
        (("e type Feature", 'e label "E"@en-gb'), ()),
        (("e type Feature", 'e label "E"@en-gb'), ()),
        (("e type Feature", 'e label "E"@en-gb'), ()),
    ),
    "they add another of the same name": Case(
        (("e type Feature", 'e label "Theirs"@en-gb'), ()),
        (("e type Feature", 'e label "E"@en-gb'), ()),
        (("e type Feature", 'e label "E"@en-gb'), ()),
        ("e",),
    ),
    "they add a thing that leads to ours": Case(
        (("e type Feature", "e buildsOn b", *claim("c-e-b")), ()),
        WORD,
        (("e type Feature", "e buildsOn b", *claim("c-e-b"), *WORD[0]), WORD[1]),
    ),
}


def changed(state: Lines, by: tuple[tuple[str, ...], tuple[str, ...]]) -> Lines:
    removed = lines(*by[1])
    assert removed <= state
    return (state - removed) | lines(*by[0])


def applied(state: Lines, step: ChangeSet) -> Lines:
    assert not step.added & state and step.removed <= state, "a step holds what it does and no more"
    return (state - step.removed) | step.added


@pytest.mark.parametrize("name", CASES)
def test_a_package_over_local_changes(name: str) -> None:
    case, last = CASES[name], lines(*BASE)
    now, incoming = changed(last, case.ours), changed(last, case.theirs)
    step, clashes = merge(last, now, incoming)
    expected = changed(last, case.end)
    if name.startswith(("they retire what we", "they drop what we")):
        # the link of the package that only it took away goes, as nobody here spoke for it
        expected -= lines("b buildsOn a", *claim("c-b-a"))
    assert applied(now, step) == expected
    assert sorted(c.thing.rpartition("/")[2] for c in clashes) == sorted(case.clashes)
    for clash in clashes:
        assert set(clash.kept) <= now - incoming and set(clash.offered) <= incoming - now
        assert clash.details()["thing"] == clash.thing


def test_axioms_are_taken_or_left_as_one() -> None:
    def axioms(*names: str) -> Lines:
        return frozenset(f"_:c14n{n} <urn:first> <urn:{x}> <urn:g> ." for n, x in enumerate(names))

    last, new, ours = axioms("a", "b"), axioms("b", "c"), axioms("a", "d")
    assert applied(last, merge(last, last, new)[0]) == new
    step, clashes = merge(last, ours, new)
    assert applied(ours, step) == ours and len(clashes) == 1


# -------------------------------------------------------------------- whatever the three states are

WORDS = ["a", "b", "d", "e"]
ROWS = [
    *(f"{s} type {k}" for s in WORDS for k in ("Feature", "Retired")),
    *(f'{s} label "{x}"@{tag}' for s in WORDS for x in "xyz" for tag in ("en-gb", "cy")),
    *(f'{s} alt "{x}"@en-gb' for s in WORDS for x in "xy"),
    *(f"{s} buildsOn {o}" for s in WORDS for o in WORDS),
    *(row for s in WORDS[:2] for o in WORDS[:2] for row in claim(f"c-{s}-{o}")),
    *(f"c-{s}-{o} strength good" for s in WORDS[:2] for o in WORDS[:2]),
]
states = st.frozensets(st.sampled_from(ROWS), max_size=30).map(lambda rows: lines(*rows))


@settings(max_examples=150, deadline=None)
@given(states, states, states)
def test_nothing_local_is_ever_lost(last: Lines, now: Lines, incoming: Lines) -> None:
    step, clashes = merge(last, now, incoming)
    after = applied(now, step)
    assert now - last <= after, "what was added here is there still"
    assert not (last - now) & after, "what was taken away here stays away"
    assert after <= now | incoming, "nothing comes from nowhere"
    told = {line for c in clashes for line in (*c.kept, *c.offered)}
    left = {x for x in last ^ incoming if (x in incoming) != (x in now)} - step.added - step.removed
    assert left <= told, "what is not taken is told"


@settings(max_examples=80, deadline=None)
@given(states, states)
def test_without_local_changes_the_result_is_the_package(last: Lines, incoming: Lines) -> None:
    step, clashes = merge(last, last, incoming)
    assert applied(last, step) == incoming and clashes == []
    step, clashes = merge(last, incoming, incoming)
    assert not (step.added or step.removed or clashes)


@settings(max_examples=80, deadline=None)
@given(states, states, states)
def test_the_same_package_again_gives_nothing(last: Lines, now: Lines, incoming: Lines) -> None:
    after = applied(now, merge(last, now, incoming)[0])
    step, clashes = merge(incoming, after, incoming)
    assert not (step.added or step.removed or clashes)


@settings(max_examples=150, deadline=None)
@given(states, states, states)
def test_nothing_is_left_hanging(last: Lines, now: Lines, incoming: Lines) -> None:
    """Where all three states hold together, so does what comes of them."""
    last, now, incoming = whole(last), whole(now), whole(incoming)
    after = applied(now, merge(last, now, incoming)[0])
    assert after == whole(after)


def whole(state: Lines) -> Lines:
    """A state without links that lead to no feature, and without claims that lack a part or a link."""
    spo = {tuple(x.split(" ")[:3]) for x in state}
    features = {s for s, p, o in spo if (p, o) == (SHORT["type"], SHORT["Feature"])}
    links = {(s, p, o) for s, p, o in spo if p == SHORT["buildsOn"] and s in features and o in features}
    parts = {s: {p: o for t, p, o in spo if t == s} for s, _, _ in spo if "/claim/" in s}
    claims = {
        c
        for c, held in parts.items()
        if (held.get(SHORT["about"]), held.get(SHORT["says"]), held.get(SHORT["to"])) in links and SHORT["type"] in held
    }
    return frozenset(
        x
        for x in state
        if (s := x.split(" ")[0], p := x.split(" ")[1], x.split(" ")[2]) in links
        or (p != SHORT["buildsOn"] and "/claim/" not in s)
        or s in claims
    )


# -------------------------------------------------------------------- at the start of a server


@pytest.fixture
def package(model: Model) -> Model:
    words = [Triple(thing, PREF_LABEL, Literal(thing.value[-1], language="en-gb")) for thing in (A, B)]
    return Model({CORE: model.modules[CORE], "x": frozenset([Triple(B, cd.buildsOn, A), *words])})


def reworded(package: Model, label: str, version: str = released()) -> Model:
    old = next(t for t in package.modules["x"] if t.subject == B and t.predicate == PREF_LABEL)
    core = frozenset(
        Triple(t.subject, t.predicate, Literal(version)) if t.predicate.value.endswith("#versionInfo") else t
        for t in package.modules[CORE]
    )
    words = package.modules["x"] - {old} | {Triple(B, PREF_LABEL, Literal(label, language="en-gb"))}
    return Model({CORE: core, "x": words})


def agree(
    settings: Settings, package: Model, label: str, version: str = released(), release: str | None = None
) -> None:
    publication, _ = start(settings, package)
    old, new = model_lines(publication.model), model_lines(reworded(package, label, version))
    publication.publish(0, ChangeSet(new - old, old - new, "facilitator", "as the room said", None, release))
    publication.close()


def test_a_clash_keeps_what_was_agreed_and_stands_in_the_log(tmp_path: Path, package: Model) -> None:
    settings = Settings(data=tmp_path / "var")
    agree(settings, package, "Ours")
    publication, problem = start(settings, reworded(package, "Theirs", "9.0.0"))
    assert problem is None and publication.version.number == 2
    assert Reader("2", publication.version.dataset).label(B) == "Ours"
    entry = publication.record.log()[0]
    (clash,) = entry.details["clashes"]
    assert clash["thing"] == B.value
    assert [line.split('"')[1] for line in (*clash["kept"], *clash["offered"])] == ["Ours", "Theirs"]
    assert (entry.release, entry.reason) == (None, "The packaged model 9.0.0")
    assert publication.version.name == f"{released()}.2", "not the release, as it is not all of it"
    publication.close()
    publication, _ = start(settings, reworded(package, "Theirs", "9.0.0"))
    assert publication.version.number == 2, "the same package is not taken in again"
    publication.close()


def test_a_package_without_local_changes_is_its_release(tmp_path: Path, package: Model) -> None:
    settings = Settings(data=tmp_path / "var")
    start(settings, package)[0].close()
    newer = reworded(package, "Theirs", "9.0.0")
    publication, problem = start(settings, newer)
    assert problem is None and publication.version.name == "9.0.0"
    assert publication.record.state(1) == model_lines(newer)
    assert [publication.record.number(x) for x in (released(), "9.0.0", "9.0.0.1")] == [0, 1, None]
    publication.close()


def test_a_package_equal_to_what_was_released_here_is_only_noted(tmp_path: Path, package: Model) -> None:
    settings = Settings(data=tmp_path / "var")
    agree(settings, package, "Ours", "9.0.0", release="9.0.0")
    same = reworded(package, "Ours", "9.0.0")
    publication, problem = start(settings, same)
    assert problem is None and (publication.version.number, publication.version.name) == (1, "9.0.0")
    assert publication.record.package_state() == model_lines(same)
    publication.close()
    publication, problem = start(settings, reworded(same, "Later", "9.1.0"))
    assert problem is None and publication.version.name == "9.1.0", (
        "the noted package is what the next is compared with"
    )
    assert Reader("2", publication.version.dataset).label(B) == "Later"
    publication.close()


def test_a_package_that_does_not_fit_what_was_agreed_leaves_it_as_it_is(tmp_path: Path, package: Model) -> None:
    settings = Settings(data=tmp_path / "var")
    agree(settings, package, "Ours")
    c = iri("feature", "c")
    newer = Model({**package.modules, "x": package.modules["x"] | {Triple(c, cd.buildsOn, B)}})
    seen: list[Lines] = []

    def strict(model: Model) -> None:
        seen.append(model_lines(model))
        if len(seen) == 2:
            raise InvalidError("One rule of the model is not met.")

    publication = Publication(settings, infer)
    problem: ChilddevError | None = publication.open(lambda: newer, strict, "newer")
    assert str(problem) == "One rule of the model is not met."
    assert seen[0] == model_lines(newer), "the package by itself is right"
    assert seen[1] == model_lines(reworded(newer, "Ours")), "together with what was agreed it is not"
    assert publication.version.number == 1
    publication.close()
    publication = Publication(settings, infer)
    assert publication.open(lambda: newer, fine, "newer") is None and publication.version.number == 2
    publication.close()
