"""The fields say what the shapes and the vocabulary say, no more and no less."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode

from childdev.errors import NotFoundError
from childdev.model.iris import KINDS, kind_and_slug
from childdev.model.modules import Model
from childdev.model.short_names import term, term_name
from childdev.model.stated import Stated
from childdev.validation import shapes
from childdev.validation.constraints import constraints, subclasses, vocabulary, worked_out
from childdev.validation.field_words import NOT_BY_HAND
from childdev.validation.fields import EDITABLE, Field, faults, field_of, fields
from tests.validation.corpus import Case, broken

#: rules on a single property that no field can break: what they ask for is done by the change itself
ELSEWHERE = {
    ("Retired", "skos:note"),
    ("Retired", "owl:deprecated"),
    ("Retired", "skos:prefLabel"),
    ("", "rdf:type"),
    ("", "claimProperty"),
    ("", "claimSubject"),
    ("", "claimObject"),
}
#: parts of a rule that always hold in what a field makes
BY_MAKING = {"datatype": {"rdf:langString"}, "qualifiedMinCount": {1}}


def _faults(stated: Stated, thing: NamedNode) -> list[str]:
    """What the fields find wrong with what is stated of a thing."""
    kind = (kind_and_slug(thing) or ("", ""))[0]
    classes = {term_name(c) for c in stated.objects(thing, term("rdf:type")) if isinstance(c, NamedNode)}
    found: list[str] = []
    values = {f.property: _values(stated, thing, f) for f in fields(kind)}
    for one in fields(kind):
        of_class = next((c for c in classes if c in {one.when}), "")
        found += one.faults(values[one.property], of_class)
    return found


def _values(stated: Stated, thing: NamedNode, field: Field) -> list[str]:
    found = stated.objects(thing, term(field.property))
    if field.property == "rdf:type":
        return [term_name(o) for o in found if term_name(str(o.value)) in {c.value for c in field.choices}]
    return [
        "/".join(kind_and_slug(o) or (term_name(o),)) if isinstance(o, NamedNode) else o.value
        for o in found
        if isinstance(o, NamedNode) or not o.language or o.language.startswith("en")
    ]


def test_everything_in_the_model_fits_its_fields(model: Model) -> None:
    stated = Stated.of(model)
    for kind in EDITABLE:
        for thing in stated.of_kind(kind):
            if stated.value(thing, term("rdf:type")) == term("Retired") or stated.value(thing, term("claimSubject")):
                continue
            assert _faults(stated, thing) == [], thing


def test_everything_said_in_the_model_has_a_field(model: Model) -> None:
    stated = Stated.of(model)
    for kind in EDITABLE:
        known = {f.property for f in fields(kind)} | NOT_BY_HAND | {"rdf:type", "vs:term_status"}
        known |= {f"skos:{m}Match" for m in ("exact", "close", "broad", "narrow", "related")}
        for thing in stated.of_kind(kind):
            if stated.value(thing, term("rdf:type")) != term("Retired"):
                assert {term_name(q.predicate) for q in stated.about(thing)} <= known, thing


def test_every_field_is_declared_and_can_be_filled_in() -> None:
    for kind in EDITABLE:
        family = subclasses()[term_name(KINDS[kind])]
        for one in fields(kind):
            known = one.property == "rdf:type" or one.property in vocabulary()
            assert known and one.property not in worked_out(), one
            declared = vocabulary()[one.property].domain if one.property in vocabulary() else ""
            assert declared in ("", *family), one
            assert one.label and one.help, (kind, one.property)
            assert ":" not in one.label and one.label[0].isupper()
            assert one.type != "thing" or one.targets
            if one.example:
                assert one.faults(one.example, one.when) == []


def test_every_rule_on_one_property_is_in_a_field() -> None:
    for rule in constraints():
        kinds = [k for k in EDITABLE if rule.scope in subclasses()[term_name(KINDS[k])]] if rule.scope else EDITABLE
        found = [f for k in kinds for f in fields(k) if f.property == rule.property]
        if not found:
            assert (rule.scope, rule.property) in ELSEWHERE or rule.property in NOT_BY_HAND, rule
            continue
        if rule.scope == "Retired" or rule.value in BY_MAKING.get(rule.component, set()):
            continue
        if rule.component == "maxCount" and rule.value == 0:
            assert all(f.when not in ("", rule.scope) for f in found)
            continue
        for one in found:
            told = set(one.messages.values()) | {w.message for w in one.wordings}
            assert rule.message in told or rule.scope == "", rule


#: what fields tell: of retired things nothing is filled in, and a blank name counts as none
TOLD = {
    rule.message
    for rule in constraints()
    if rule.component in ("minCount", "maxCount", "minInclusive", "maxInclusive", "in", "pattern", "not")
    and not rule.warning
    and rule.value != 0
    and rule.scope != "Retired"
    and rule.property not in NOT_BY_HAND | {"rdf:type"}
}
CASES = [c for c in broken() if any(f.endswith(tuple(TOLD)) for f in c.findings) and "an empty name" not in c.name]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_a_broken_rule_on_one_property_is_told_of_by_its_field(case: Case) -> None:
    """What the engine finds in the corpus of broken models, the fields find where it is about one property."""
    model = case.model()
    stated = Stated.of(model)
    for violation in shapes.validate(model):
        thing = NamedNode(violation.focus)
        kind = (kind_and_slug(thing) or ("", ""))[0]
        if violation.message in TOLD and kind in EDITABLE:
            assert violation.message in _faults(stated, thing)


def test_a_person_reads_what_to_mend() -> None:
    ages = field_of("feature", "typicalFromMonths")
    assert ages.faults(["four"]) == ages.faults(["-10"]) == ages.faults(["301"])
    assert ages.faults(["301"])[0].endswith("Give a whole number of months between -9 and 300.")
    assert ages.faults([])[0].startswith("This feature does not say from what age")
    assert ages.no_later_than == "typicalToMonths"
    name = field_of("feature", "skos:prefLabel")
    assert name.faults(["Cannot sit still"]) == [
        "Its name says what is missing or wrong. Say what the child has, does or experiences, or what people offer."
    ]
    assert name.faults(["Solves problems by trying"]) == []
    sector = field_of("agency", "sector")
    assert [c.words for c in sector.choices][-1] == "local authority"
    assert "Choose one: education" in sector.faults(["sport"])[0]
    weakens = field_of("factor", "weakens")
    assert weakens.when == "RiskFactor"
    assert weakens.faults([], "RiskFactor") and not weakens.faults([], "ProtectiveFactor")
    assert field_of("asset", "supports").targets == ("feature", "environment", "factor")
    assert field_of("feature", "relatesToNeedArea").target == "NeedArea"
    with pytest.raises(NotFoundError):
        fields("observation")
    with pytest.raises(NotFoundError):
        field_of("feature", "sector")


def test_fields_are_judged_together() -> None:
    late = {"typicalFromMonths": ["40"], "typicalToMonths": ["36"]}
    assert list(faults("feature", late, whole=False)) == ["typicalFromMonths"]
    assert "comes after the age" in faults("feature", late, whole=False)["typicalFromMonths"][0]
    assert {"skos:prefLabel", "skos:definition", "inDomain"} <= faults("feature", late).keys()
    risk = {"rdf:type": ["RiskFactor"], "strengthens": ["feature/babbles"], "weakens": []}
    assert list(faults("factor", risk, whole=False)) == ["strengthens", "weakens"]
