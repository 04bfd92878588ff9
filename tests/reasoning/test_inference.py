"""What is inferred is what OWL says, and can be explained down to stated triples."""

from __future__ import annotations

import io
import random

import owlready2
import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from childdev import terms as cd
from childdev.errors import InconsistentError
from childdev.model.iris import iri
from childdev.model.modules import CORE, RDF_TYPE, Model
from childdev.reasoning.consistency import java, prove
from childdev.reasoning.inference import Inference, leaves_inferred
from childdev.reasoning.words import explain

F, E = iri("feature", "a"), iri("environment", "e")


def small(model: Model, *links: tuple[NamedNode, NamedNode, NamedNode]) -> Inference:
    return Inference(Model({CORE: model.modules[CORE], "x": frozenset(Triple(*link) for link in links)}))


def test_every_rule_of_the_vocabulary(model: Model) -> None:
    a, b, c = (iri("feature", x) for x in "abc")
    need, area = iri("need", "n"), iri("need", "area")
    asset, agency = iri("asset", "x"), iri("agency", "y")
    found = set(
        small(
            model,
            (c, cd.buildsOn, b),
            (b, cd.buildsOn, a),
            (E, cd.enables, a),
            (a, cd.mayIndicate, need),
            (need, cd.broaderNeed, area),
            (asset, cd.heldBy, agency),
            (asset, cd.supports, E),
        ).triples()
    )
    for triple in [
        (c, cd.restsOn, a),
        (a, cd.underpins, c),
        (a, cd.isBuiltOnBy, b),
        (E, cd.preparesFor, c),
        (E, cd.preparesFor, b),
        (a, cd.enabledBy, E),
        (a, cd.mayIndicate, area),
        (agency, cd.holds, asset),
        (asset, cd.contributesTo, a),
        (agency, cd.canHelpWith, a),
        (agency, cd.canHelpWith, E),
    ]:
        assert Triple(*triple) in found
    assert Triple(E, cd.preparesFor, a) not in found, "what it enables directly is not prepared for"
    assert Triple(asset, cd.contributesTo, b) not in found, "contributing does not run on along development"


def test_only_links_types_names_and_axioms_are_inferred_from(model: Model, inference: Inference) -> None:
    """All that may be changed without inferring anew is taken out of the real model, and what is inferred is the same."""
    rest = {
        name: frozenset(q.triple for q in Model({name: ts}).quads() if not leaves_inferred([q]))
        for name, ts in model.modules.items()
    }
    assert sum(map(len, rest.values())) < len(model.triples) * 0.7
    assert set(Inference(Model(rest)).triples()) == set(inference.triples())


def test_a_sample_of_the_real_inferences_can_be_explained(inference: Inference) -> None:
    inferred = sorted(inference.triples(), key=str)
    assert len(inferred) > 100_000
    for t in random.Random(7).sample(inferred, 150):
        step = inference.why(t)
        assert step is not None
        reasons = list(step.stated())
        assert reasons and all(r in inference.stated for r in reasons)


def test_what_does_not_hold_has_no_why(inference: Inference) -> None:
    assert inference.why(Triple(iri("feature", "walks-alone"), cd.restsOn, iri("feature", "reads-for-meaning"))) is None


def test_an_explanation_reads_as_sentences(inference: Inference) -> None:
    step = inference.why(Triple(iri("agency", "health-visiting"), cd.canHelpWith, iri("feature", "joins-two-words")))
    assert step is not None
    lines = explain(step, inference.stated)
    assert lines[0] == "Health visiting can help with Joins two words (because the one leads to the other)"
    assert all("https://" not in line for line in lines)


@pytest.mark.slow
def test_hermit_finds_the_same_links_on_a_part_of_the_model(model: Model, inference: Inference) -> None:
    """HermiT's property values on a sample that holds every kind of link, against ours."""
    kept = {"core", "needs", "features-sensory", "capital-assets", "agencies", "environments-individual"}
    part = Model({name: triples for name, triples in model.modules.items() if name in kept})
    ours = Inference(part)
    world = owlready2.World()
    ontology = world.get_ontology("https://w3id.org/childdev/def/")
    ontology.load(fileobj=io.BytesIO(serialize(part.triples, format=RdfFormat.N_TRIPLES)))
    owlready2.JAVA_EXE = java()
    with ontology:
        owlready2.sync_reasoner_hermit(world, infer_property_values=True, debug=0)
    compared = 0
    for p in (cd.restsOn, cd.preparesFor, cd.contributesTo, cd.canHelpWith, cd.mayIndicate):
        theirs = {(x.iri, y.iri) for x, y in world[p.value].get_relations()}
        mine = {(s.value, o.value) for s, os in ours.relations[p].items() for o in os}
        assert theirs <= mine, f"HermiT finds more of {p}"
        compared += len(theirs)
    assert compared > 100


@pytest.mark.slow
def test_the_model_is_consistent_and_a_contradiction_is_found(model: Model) -> None:
    prove(model)
    both = Triple(iri("feature", "walks-alone"), RDF_TYPE, cd.Agency)
    with pytest.raises(InconsistentError) as raised:
        prove(Model({**model.modules, "x": frozenset([both])}))
    assert "Walks alone" in str(raised.value)
    assert "'Agency' and 'Feature" in str(raised.value)
