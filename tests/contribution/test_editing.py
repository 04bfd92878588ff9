"""What is filled in becomes the fewest changes, and the changes make what was filled in."""

from __future__ import annotations

import pytest

from childdev.contribution.changes.kinds import (
    AddThing,
    Change,
    Evidence,
    Link,
    ReEvidence,
    SetAges,
    SetValue,
    Unlink,
    Value,
)
from childdev.contribution.changes.making import delta_of
from childdev.contribution.changes.names import thing
from childdev.contribution.editing import changes_for, slug_for, values_of
from childdev.errors import NotFoundError
from childdev.model.modules import RDF_TYPE, Model
from childdev.model.short_names import term
from childdev.model.stated import Stated
from childdev.validation.fields import EDITABLE
from childdev.validation.targeted import broken

JOINS = "feature/joins-two-words"


@pytest.fixture(scope="module")
def stated(model: Model) -> Stated:
    return Stated.of(model)


def after(stated: Stated, changes: tuple[Change, ...]) -> Stated:
    return stated.after(delta_of(stated, changes))


def test_what_is_left_as_it_is_changes_nothing(stated: Stated) -> None:
    for kind in EDITABLE:
        for node in stated.of_kind(kind)[:40]:
            if stated.value(node, RDF_TYPE) != term("Retired"):
                name = f"{kind}/{node.value.rpartition('/')[2]}"
                assert changes_for(stated, name, values_of(stated, name)) == ()


def test_a_word_is_mended_by_one_change(stated: Stated) -> None:
    changes = changes_for(stated, JOINS, {"skos:prefLabel": ["  Puts two  words together "]})
    assert changes == (
        SetValue(
            thing=JOINS,
            before=Value(property="skos:prefLabel", text="Joins two words", language="en-gb"),
            after=Value(property="skos:prefLabel", text="Puts two words together"),
        ),
    )
    assert values_of(after(stated, changes), JOINS)["skos:prefLabel"] == ("Puts two words together",)


def test_of_several_values_only_those_that_differ_change(stated: Stated) -> None:
    now = values_of(stated, JOINS)["skos:altLabel"]
    changes = changes_for(stated, JOINS, {"skos:altLabel": [*now[1:], "first word pairs", "first word pairs"]})
    assert len(changes) == 1
    assert set(values_of(after(stated, changes), JOINS)["skos:altLabel"]) == {*now[1:], "first word pairs"}
    emptied = changes_for(stated, JOINS, {"skos:altLabel": []})
    assert [c.after for c in emptied if isinstance(c, SetValue)] == [None] * len(now)


def test_ages_change_together(stated: Stated) -> None:
    evidence = Evidence(strength="emerging", basis="read", sources=("cdc-milestones-2022",), explanation="Read.")
    assert changes_for(stated, JOINS, {"typicalFromMonths": ["15"]}) == (SetAges(thing=JOINS, first=15, last=30),)
    key = ("typicalFromMonths", "")
    changes = changes_for(stated, JOINS, {"typicalFromMonths": ["15"], "typicalToMonths": ["33"]}, {key: evidence})
    assert changes == (SetAges(thing=JOINS, first=15, last=33, evidence=evidence),)
    assert changes_for(after(stated, changes), JOINS, {"typicalFromMonths": ["15"]}, {key: evidence}) == ()
    only = changes_for(stated, JOINS, {"typicalFromMonths": ["16"]}, {key: evidence})
    assert only == (ReEvidence(subject=JOINS, relation="typicalFromMonths", evidence=evidence),)


def test_links_come_and_go_with_their_evidence(stated: Stated) -> None:
    now = values_of(stated, JOINS)["buildsOn"]
    evidence = Evidence(strength="workshop-view", explanation="Seen by us.")
    wanted = {"buildsOn": [*now[1:], "feature/babbles"], "inStage": ["stage/early-childhood", "stage/primary"]}
    changes = changes_for(stated, JOINS, wanted, {("buildsOn", "feature/babbles"): evidence})
    assert changes == (
        Unlink(subject=JOINS, relation="buildsOn", object=now[0]),
        Link(subject=JOINS, relation="buildsOn", object="feature/babbles", evidence=evidence),
        Link(subject=JOINS, relation="inStage", object="stage/primary"),
    )
    later = after(stated, changes)
    assert set(values_of(later, JOINS)["buildsOn"]) == set(wanted["buildsOn"])
    other = Evidence(strength="contested", explanation="We differ.", sources=("cdc-milestones-2022",), basis="named")
    again = changes_for(later, JOINS, wanted, {("buildsOn", "feature/babbles"): other})
    assert again == (ReEvidence(subject=JOINS, relation="buildsOn", object="feature/babbles", evidence=other),)


def test_a_new_feature_keeps_all_rules(stated: Stated) -> None:
    wanted = {
        "skos:prefLabel": ["Sings along"],
        "skos:definition": ["The child joins in with parts of a song that they know."],
        "everydayWords": ["Your child sings bits of songs with you."],
        "inDomain": ["domain/communication-and-language"],
        "inStage": ["stage/early-childhood"],
        "typicalFromMonths": ["18"],
        "typicalToMonths": ["36"],
        "buildsOn": ["feature/babbles"],
        "skos:altLabel": ["singing"],
    }
    changes = changes_for(stated, "feature/sings-along", wanted, otherwise=Evidence(explanation="Seen by us."))
    assert [type(c) for c in changes] == [AddThing, Link]
    delta = delta_of(stated, changes)
    assert broken(stated, delta) == []
    assert stated.after(delta).module(thing("feature/sings-along")) == "features-communication-and-language"
    found = values_of(stated.after(delta), "feature/sings-along")
    assert {name: list(values) for name, values in found.items() if values} == wanted


@pytest.mark.parametrize("kind", sorted({*EDITABLE} - {"claim", "position"}))
def test_a_thing_of_every_kind_made_anew_says_the_same(stated: Stated, kind: str) -> None:
    node = next(n for n in stated.of_kind(kind) if stated.value(n, RDF_TYPE) != term("Retired"))
    said = values_of(stated, f"{kind}/{node.value.rpartition('/')[2]}")
    made = after(stated, changes_for(stated, f"{kind}/a-new-one", said))
    assert values_of(made, f"{kind}/a-new-one") == said


def test_a_view_in_words_changes_its_strength_and_a_factor_its_side(stated: Stated) -> None:
    claim = "claim/summer-born-delay"
    changed = after(stated, changes_for(stated, claim, {"strength": ["emerging"]}))
    assert values_of(changed, claim)["strength"] == ("emerging",)
    factor = "factor/mentoring-that-lasts"
    changed = after(stated, changes_for(stated, factor, {"rdf:type": ["RiskFactor"]}))
    assert values_of(changed, factor)["rdf:type"] == ("RiskFactor",)


def test_a_field_that_is_not_there_is_refused(stated: Stated) -> None:
    with pytest.raises(NotFoundError):
        changes_for(stated, JOINS, {"sector": ["health"]})
    with pytest.raises(ValueError, match="kind/slug"):
        changes_for(stated, "nothing/here", {})


def test_a_slug_is_made_of_the_label_and_never_used_twice(stated: Stated) -> None:
    assert slug_for(stated, "feature", "Joins two words") == "joins-two-words-2"
    assert slug_for(stated, "feature", "Café & crèche – it’s “new”!") == "cafe-and-creche-its-new"
    assert slug_for(stated, "feature", "¡!") == "feature"
    assert slug_for(stated, "feature", "Sings", taken={"feature/sings", "feature/sings-2"}) == "sings-3"
    long = slug_for(stated, "source", "A title that goes on and on for much longer than anybody would like to read it")
    assert len(long) <= 60 and not long.endswith("-")
    retired = next(n for n in stated.of_kind("feature") if stated.value(n, RDF_TYPE) == term("Retired"))
    slug = retired.value.rpartition("/")[2]
    assert slug_for(stated, "feature", slug.replace("-", " ")) == f"{slug}-2"
