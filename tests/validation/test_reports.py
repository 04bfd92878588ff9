"""What a person reads of a broken model: the file, the thing and what to mend."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Triple

from childdev import terms
from childdev.model.iris import iri
from childdev.model.modules import Model
from childdev.validation import reports, shapes


def without(model: Model, module: str, subject: NamedNode, predicate: NamedNode) -> Model:
    """The model less one statement."""
    kept = frozenset(t for t in model.modules[module] if (t.subject, t.predicate) != (subject, predicate))
    assert len(kept) == len(model.modules[module]) - 1
    return Model({**model.modules, module: kept})


def violations(model: Model) -> list[shapes.Violation]:
    return [v for v in shapes.validate(model) if v.severity == "Violation"]


def test_a_finding_names_the_file_the_thing_and_what_to_mend(model: Model) -> None:
    walks = iri("feature", "walks-alone")
    broken = without(model, "features-motor", walks, terms.everydayWords)
    found = violations(broken)
    assert [(v.focus, v.severity) for v in found] == [(walks.value, "Violation")]
    (finding,) = reports.findings(broken, found)
    assert finding.where == f"features-motor.ttl, feature '{name_of(model, walks)}'"
    assert finding.message == "This feature has no everyday words. Add one sentence that a family would use."


def test_the_file_is_the_one_that_says_what_the_thing_is(model: Model) -> None:
    """Links to a need stand in another file than the feature itself."""
    walks = iri("feature", "walks-alone")
    assert any(t.subject == walks for t in model.modules["need-signs"])
    added = Triple(walks, terms.typicalToMonths, Literal(400))
    broken = Model({**model.modules, "need-signs": model.modules["need-signs"] | {added}})
    assert {f.where.split(",")[0] for f in reports.findings(broken, violations(broken))} == {"features-motor.ttl"}


def test_a_thing_that_is_not_described_is_called_by_its_slug(model: Model) -> None:
    lost = iri("feature", "wlaks-alone")
    broken = Model({**model.modules, "extra": frozenset([Triple(lost, terms.buildsOn, iri("feature", "walks-alone"))])})
    found = reports.findings(broken, violations(broken))
    assert {f.where for f in found} == {"extra.ttl, feature 'wlaks-alone'"}


def test_the_same_model_gives_the_same_report(model: Model) -> None:
    assert shapes.validate(model) == shapes.validate(Model(dict(reversed(list(model.modules.items())))))


def name_of(model: Model, thing: NamedNode) -> str:
    label = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    return next(t.object.value for t in model.triples if (t.subject, t.predicate) == (thing, label))
