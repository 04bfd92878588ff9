"""What a change reaches is told in sentences, and agrees with what follows by all rules."""

from __future__ import annotations

import pytest

from childdev import terms as cd
from childdev.contribution.changes import kinds
from childdev.contribution.changes.impact import Impact, QuestionTerms, entailments, impact
from childdev.contribution.changes.kinds import Change, Value
from childdev.contribution.changes.making import delta_of
from childdev.model.iris import iri
from childdev.model.modules import CORE, Model
from childdev.model.stated import Delta, Stated
from childdev.queries.catalogue import Catalogue
from childdev.resources import folder
from tests.contribution.strategies import small

WALKS, STANDS = "feature/walks-alone", "feature/stands-alone"


@pytest.fixture(scope="module")
def stated(model: Model) -> Stated:
    return Stated.of(model)


@pytest.fixture(scope="module")
def questions(stated: Stated) -> QuestionTerms:
    return QuestionTerms(Catalogue.load(folder("queries")), stated)


def reached(stated: Stated, questions: QuestionTerms, change: Change) -> Impact:
    return impact(stated, delta_of(stated, [change]), questions)


def test_a_link_that_goes_reaches_what_rests_on_it(stated: Stated, questions: QuestionTerms) -> None:
    found = reached(stated, questions, kinds.Unlink(subject=WALKS, relation="buildsOn", object=STANDS))
    things, resting, follows, matches = (found.of(k) for k in ("things", "resting", "follows", "matches"))
    assert things is not None and things.text == "It touches ‘Stands alone’ and ‘Walks alone’."
    assert resting is not None and "feature/begins-to-run-and-kick" in resting.things
    assert resting.text.startswith(f"{resting.number} other features usually rest on what it touches: ")
    assert follows is not None and follows.text.endswith("ways in which one feature usually rests on another go.")
    assert matches is not None and "‘Walking’" in matches.text
    asked = found.of("questions")
    assert asked is not None
    assert {"what-rests-on-it", "what-it-rests-on"} <= set(asked.questions), "by way of what is inferred"
    assert not {"what-is-contested", "what-an-agency-holds", "ways-of-taking-part"} & set(asked.questions)


def test_a_ring_of_links_is_told_too(stated: Stated, questions: QuestionTerms) -> None:
    found = reached(stated, questions, kinds.Link(subject=STANDS, relation="buildsOn", object=WALKS)).of("follows")
    assert found is not None and found.text.endswith("ways in which one feature usually rests on another appear.")


def test_a_new_name_reaches_no_question(stated: Stated, questions: QuestionTerms) -> None:
    names = [Value(property="skos:prefLabel", text=t) for t in ("Walks alone", "Walks")]
    found = reached(stated, questions, kinds.SetValue(thing=WALKS, before=names[0], after=names[1]))
    assert found.of("questions") is None and found.of("follows") is None


def test_a_position_reaches_the_view_and_the_questions_on_dissent(stated: Stated, questions: QuestionTerms) -> None:
    change = kinds.Disagree(claim="claim/ace-screening", stance="against", words="It frightens.", role="parents")
    found = reached(stated, questions, change)
    contested, asked = found.of("contested"), found.of("questions")
    assert contested is not None and contested.things == ("claim/ace-screening",)
    assert asked is not None and "what-is-contested" in asked.questions


def test_retiring_reaches_the_indicators_that_measure_it(stated: Stated, questions: QuestionTerms) -> None:
    indicator = stated.of_kind("indicator")
    measured = next(o for n in indicator for o in stated.objects(n, cd.measures))
    found = reached(stated, questions, kinds.Retire(thing=f"feature/{measured.value.rsplit('/')[-1]}", reason="Gone."))
    indicators = found.of("indicators")
    assert indicators is not None and indicators.number >= 1 and "published indicator" in indicators.text


def test_what_is_told_while_typing_agrees_with_what_follows_by_all_rules(model: Model) -> None:
    before = Stated(small(model))
    change = kinds.Unlink(subject="feature/begins-to-run-and-kick", relation="buildsOn", object=WALKS)
    delta = delta_of(before, [change])

    def whole(delta: Delta) -> Model:
        cut = frozenset(q.triple for q in before.after(delta) if q.triple not in model.modules[CORE])
        return Model({CORE: model.modules[CORE], "cut": cut})

    found = entailments(whole(Delta()), whole(delta))
    gone = {(t.subject, t.object) for t in found.go if t.predicate == cd.restsOn}
    follows = impact(before, delta).of("follows")
    assert follows is not None and follows.number == len(gone)
    assert (iri("feature", "begins-to-run-and-kick"), iri("feature", "walks-alone")) in gone
    assert not found.appear and found
    assert any(
        s == f"What follows of “usually rests on”: {len(gone)} gone." for s in found.sentences(Stated.of(whole(delta)))
    )
