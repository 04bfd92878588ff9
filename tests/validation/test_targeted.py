"""What a change breaks, seen from its context only, is what the whole model shows."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from childdev import terms as cd
from childdev.model.iris import PREFIXES, iri
from childdev.model.modules import Model
from childdev.model.stated import PREF_LABEL, Delta, Stated
from childdev.validation import shapes
from childdev.validation.looks import looks
from childdev.validation.shapes import Violation
from childdev.validation.targeted import broken
from tests.validation import corpus
from tests.validation.edits import Edits, together

SMALL = corpus.Case("unchanged", "", ()).model()
CASES = [*corpus.broken(), *corpus.cases("allowed")]
WALKS = iri("feature", "walks")
#: how many random changes are made at a time, so that small ones are judged alone and large ones are there too
SIZES = [1, 1, 1, 3, 6] * 2 + [10] * 4


@pytest.fixture(scope="module")
def small() -> Stated:
    return Stated.of(SMALL)


def change(case: corpus.Case) -> Delta:
    before, after = frozenset(SMALL.quads()), frozenset(case.model().quads())
    return Delta(after - before, before - after)


def read(violations: Iterable[Violation]) -> list[str]:
    return sorted(f"{'' if v.severity == 'Violation' else f'{v.severity}: '}{v.where}: {v.message}" for v in violations)


def whole(stated: Stated) -> list[Violation]:
    return shapes.validate(Model({"all": frozenset(q.triple for q in stated)}))


def keys(violations: Iterable[Violation]) -> list[tuple[str, str, str]]:
    """Without the place: of a claim that starts from two things, that depends on the order in which they are read."""
    return [(v.focus, v.message, v.severity) for v in violations]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_every_case_is_judged_alike_and_can_be_taken_back(case: corpus.Case, small: Stated) -> None:
    delta = change(case)
    assert read(broken(small, delta)) == sorted(case.findings)
    assert broken(small.after(delta), delta.inverse) == []


@pytest.mark.slow
def test_random_changes_of_the_model_are_judged_alike(model: Model) -> None:
    """What is new in the whole model after a change, thing by thing and sentence by sentence."""
    stated = Stated.of(model)
    known = set(keys(whole(stated)))
    drawn = iter(Edits(stated, seed=6).draw(sum(SIZES)))
    seen = 0
    for size in SIZES:
        edits = [next(drawn) for _ in range(size)]
        delta = together(edit for _, edit in edits)
        new = [v for v in keys(whole(stated.after(delta))) if v not in known]
        assert keys(broken(stated, delta)) == new, [name for name, _ in edits]
        seen += bool(new)
    assert sum(SIZES) >= 60
    assert seen >= len(SIZES) / 2


def test_a_standing_fault_is_not_laid_at_the_door_of_a_later_change(small: Stated) -> None:
    nameless = small.after(Delta(removed=frozenset(q for q in small.about(WALKS) if q.predicate == PREF_LABEL)))
    note = Quad(WALKS, NamedNode(PREFIXES["skos"] + "altLabel"), Literal("Walking", language="en-gb"))
    assert broken(nameless, Delta(added=frozenset([note]))) == []
    stray = Quad(WALKS, note.predicate, Literal("Walking ", language="en-gb"))
    assert [v.message.split(" is ")[0] for v in broken(nameless, Delta(added=frozenset([stray])))] == [
        "One of its other names"
    ]


def test_a_fault_says_at_which_property_it_is_mended(small: Stated) -> None:
    ages = {q for q in small.about(WALKS) if q.predicate == cd.typicalToMonths}
    link = Quad(WALKS, cd.canAlsoGrowFrom, iri("feature", "stands"))
    found = broken(small, Delta(added=frozenset([link]), removed=frozenset(ages)))
    assert {v.property for v in found} == {cd.typicalToMonths.value, cd.canAlsoGrowFrom.value}


def test_what_is_at_fault_elsewhere_than_in_what_is_edited_is_found(small: Stated) -> None:
    """A stage that ends earlier is too short for a feature in it, whose own words nobody touched."""
    early = iri("stage", "early")
    (end,) = (q for q in small.about(early) if q.predicate == cd.toMonths)
    sooner = Quad(early, cd.toMonths, Literal(10), end.graph_name)
    found = broken(small, Delta(frozenset([sooner]), frozenset([end])))
    assert read(found) == [
        "feature 'Walks': This feature begins after one of its stages is over. Correct its ages, or choose another stage."
    ]


def test_a_change_of_the_vocabulary_concerns_everything(small: Stated) -> None:
    subclass = NamedNode(PREFIXES["rdfs"] + "subClassOf")
    axioms = {q for q in small.about(cd.RiskFactor) if (q.predicate, q.object) == (subclass, cd.Factor)}
    delta = Delta(removed=frozenset(axioms))
    assert axioms
    assert broken(small, delta) == whole(small.after(delta)) != []


def test_to_move_words_to_another_module_breaks_nothing(small: Stated) -> None:
    words = small.about(WALKS)
    moved = frozenset(Quad(q.subject, q.predicate, q.object, NamedNode("https://example.org/elsewhere")) for q in words)
    assert broken(small, Delta(moved, words)) == []


def test_no_query_follows_a_relation_that_is_not_looked_at() -> None:
    """The paths of queries are written by hand: each relation that a query names is on one of them."""
    named = re.compile(r"(?<![?\w])(cd|skos|dcterms):([a-z]\w+)")
    select = NamedNode("http://www.w3.org/ns/shacl#select")
    text = {q.subject: q.object.value for q in shapes.rules() if q.predicate == select}
    checked = 0
    for rule in looks():
        seen = {relation for path in rule.paths for relation, _ in path}
        for t in rule.written:
            if t.object in text:
                asked = {PREFIXES[prefix] + name for prefix, name in named.findall(text[t.object])}
                # a feature of the system has any property looked at, and its place in the order is let pass
                assert asked - {cd.position.value} <= seen, rule
                checked += 1
    assert checked == len(text)
