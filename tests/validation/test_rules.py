"""Each rule of the model, by what a person reads when it is broken, and by what it leaves in peace."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from childdev import terms
from childdev.model.iris import PREFIXES
from childdev.model.modules import RDF_TYPE, Model
from childdev.validation import shapes
from tests.validation.corpus import Case, broken, cases

SH = "http://www.w3.org/ns/shacl#"
BROKEN = broken()
ALLOWED = cases("allowed")
RULES = [
    t.object.value
    for file in shapes.shape_files()
    for q in parse(path=str(file), format=RdfFormat.TURTLE, rename_blank_nodes=True)
    if (t := q.triple).predicate.value == SH + "message" and isinstance(t.object, Literal)
]


def read(model: Model) -> list[str]:
    """The findings as a person reads them; those that are only to be noted say so."""
    return sorted(
        f"{'' if v.severity == 'Violation' else f'{v.severity}: '}{v.where}: {v.message}"
        for v in shapes.validate(model)
    )


def test_the_whole_corpus_is_there() -> None:
    assert len(shapes.shape_files()) >= 15
    assert len(RULES) >= 130
    assert len(BROKEN) >= 180
    assert len(ALLOWED) >= 16
    assert max(Counter(c.update for c in BROKEN + ALLOWED).values()) == 1


def test_the_small_model_keeps_every_rule() -> None:
    assert read(Case("unchanged", "", ()).model()) == []


@pytest.mark.parametrize("case", ALLOWED, ids=lambda c: c.name)
def test_what_is_allowed(case: Case) -> None:
    assert case.findings == ()
    assert read(case.model()) == []


@pytest.mark.parametrize("case", BROKEN, ids=lambda c: c.name)
def test_what_is_broken(case: Case) -> None:
    assert case.findings
    assert read(case.model()) == sorted(case.findings)


@pytest.mark.parametrize("message", sorted(set(RULES)))
def test_every_rule_is_seen_to_work(message: str) -> None:
    pattern = re.compile(r"(Warning: )?[^']+'.*': " + re.sub(r"\\\{\\\?\w+\\\}", ".+", re.escape(message)))
    assert any(pattern.fullmatch(f) for c in BROKEN for f in c.findings)


@pytest.mark.parametrize("message", sorted(set(RULES)))
def test_messages_are_for_people(message: str) -> None:
    fixed = re.sub(r"\{\?\w+\}", "", message)
    assert re.fullmatch(r".+[.]", fixed)
    assert len(re.findall(r"[.;](?= |$)", fixed)) >= 2, "says what is wrong and how to mend it"
    assert not re.search(
        r"://|[a-z]+:[A-Za-z]|[a-z][A-Z]|\b(shape|property|triple|literal|node|class|IRI|SHACL)\b", fixed
    )


def test_every_relation_of_the_vocabulary_has_a_rule_for_its_ends(model: Model) -> None:
    """A relation is checked by the rules for links, told in a claim, or worked out and never written down."""
    targets = {
        q.triple.object
        for file in shapes.shape_files()
        if file.stem == "links"
        for q in parse(path=str(file), format=RdfFormat.TURTLE)
        if q.triple.predicate.value == SH + "targetSubjectsOf"
    }
    told_in_claims = {terms.evidence, terms.hasPosition, terms.strength, terms.touches}
    relations = {
        t.subject
        for t in model.modules["core"]
        if t.predicate == RDF_TYPE and t.object == NamedNode(PREFIXES["owl"] + "ObjectProperty")
    }
    assert len(relations) >= 40
    assert relations - told_in_claims <= targets


def test_the_model_keeps_every_rule(model: Model) -> None:
    found = shapes.validate(model)
    assert [v for v in found if v.severity == "Violation"] == []
    assert {v.message for v in found} <= {
        "This agency holds no asset yet. Name something it knows, has or can bring together."
    }
