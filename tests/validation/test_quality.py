"""The rules of upkeep: each finds its fault in a small model, and none finds any in the model itself."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from childdev.model.modules import Model
from childdev.validation import quality
from childdev.validation.places import Places
from tests.validation.corpus import Case

CASES = tomllib.loads((Path(__file__).parent / "upkeep.toml").read_text("utf-8"))


def told(rule: quality.Rule, model: Model) -> set[str]:
    places = Places(model)
    return {f"{places.of(thing)} {sentence}" for thing, sentence in quality.found(rule, quality.store_of(model))}


@pytest.mark.parametrize("rule", quality.rules(), ids=lambda rule: rule.name)
def test_a_rule_finds_its_fault(rule: quality.Rule) -> None:
    case = CASES[rule.name]
    assert case["finding"] in told(rule, Case(rule.name, case["update"], ()).model())
    assert rule.mend.endswith(".")


def test_every_case_has_a_rule() -> None:
    assert sorted(CASES) == [rule.name for rule in quality.rules()]


def test_the_model_is_well_kept(model: Model) -> None:
    assert [str(finding) for finding in quality.findings(model)] == []


def test_everyday_words_can_be_read_at_eleven(model: Model) -> None:
    """A single short sentence is measured roughly, so a few may be over; they are listed by `childdev check`."""
    hard = quality.hard_to_read(model)
    features = sum(1 for t in model.triples if t.predicate.value.endswith("/everydayWords"))
    assert len(hard) / features < 0.03, hard
