"""Typed changes: any difference is said in them, and in sentences, with nothing left out and nothing said twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from childdev import terms as cd
from childdev.contribution.changes import kinds
from childdev.contribution.changes.kinds import CHANGES, Change, Evidence, Value
from childdev.contribution.changes.making import delta_of
from childdev.contribution.changes.recognising import Recognised, inverse, recognise
from childdev.contribution.changes.sentences import Sentence, sentences
from childdev.contribution.changes.undoing import undo
from childdev.contribution.changes.wording import word_parts
from childdev.errors import CannotUndoError, ChangeError
from childdev.model.iris import module_graph
from childdev.model.modules import Model
from childdev.model.stated import Delta, Stated
from tests.contribution.strategies import WORDS, changes, deltas, small

WALKS, STANDS = "feature/walks-alone", "feature/stands-alone"
WORDING = "Your child takes steps and walks without holding on."


@pytest.fixture(scope="session")
def stated(model: Model) -> Stated:
    return Stated.of(model)


@pytest.fixture(scope="session")
def cut(model: Model) -> Stated:
    return Stated(small(model))


def words(text: str, prop: str = "everydayWords") -> Value:
    return Value(property=prop, text=text)


def told(stated: Stated, *made: Change) -> list[str]:
    return [s.text for s in sentences(stated, delta_of(stated, made))]


def planned(stated: Stated, *made: Change) -> list[str]:
    return [s.text for s in sentences(stated, delta_of(stated, made), "will")]


def covers(parts: list[Recognised] | list[Sentence], delta: Delta) -> None:
    """Each statement is in one part, and no part says more."""
    for side in ("added", "removed"):
        whole = [q for part in parts for q in getattr(part.delta, side)]
        assert len(whole) == len(set(whole)), "a statement is told twice"
        assert set(whole) == getattr(delta, side)


REWORD = kinds.SetValue(thing=WALKS, before=words(WORDING), after=words("Your child walks without holding on."))
LINK = kinds.Link(
    subject=WALKS,
    relation="buildsOn",
    object="feature/secure-base",
    evidence=Evidence(strength="emerging", basis="read", sources=("who-motor-2006",), explanation="As seen at home."),
)
UNLINK = kinds.Unlink(subject=WALKS, relation="buildsOn", object=STANDS)
NEW = kinds.AddThing(
    thing="feature/new-one",
    values=(
        Value(property="vs:term_status", text="testing", type="text"),
        words("New one", "skos:prefLabel"),
        words("The child does something new.", "skos:definition"),
        Value(property="inDomain", text="domain/motor", type="thing"),
        Value(property="typicalFromMonths", text="3", type="number"),
        Value(property="typicalToMonths", text="5", type="number"),
    ),
    ages=Evidence(),
)
EVERY = (
    REWORD,
    LINK,
    UNLINK,
    NEW,
    kinds.SetValue(thing=WALKS, after=words("pottering about", "skos:altLabel")),
    kinds.SetValue(thing=WALKS, before=words("walking", "skos:altLabel")),
    kinds.SetValue(
        thing=WALKS,
        before=Value(property="inDomain", text="domain/motor", type="thing"),
        after=Value(property="inDomain", text="domain/social", type="thing"),
    ),
    kinds.SetAges(thing=WALKS, first=9, last=18),
    kinds.SetAges(thing=WALKS, first=9, last=18, evidence=Evidence(strength="emerging", sources=("who-motor-2006",))),
    kinds.ReEvidence(subject=WALKS, relation="buildsOn", object=STANDS, evidence=Evidence(strength="established")),
    kinds.ReEvidence(
        subject=WALKS, relation="typicalFromMonths", evidence=Evidence(explanation="As the room sees it.")
    ),
    kinds.Link(subject=WALKS, relation="inStage", object="stage/primary"),
    kinds.Unlink(subject=WALKS, relation="relatesToNeedArea", object="need/physical-and-sensory"),
    kinds.Disagree(claim="claim/ace-screening", stance="against", words="It frightens people.", role="parents"),
    kinds.Disagree(
        claim="claim/walks-alone--builds-on--stands-alone", stance="for", words="So it is.", role="physiotherapists"
    ),
    kinds.Retire(thing=WALKS, successors=("feature/secure-base",), reason="It is too coarse."),
    kinds.Merge(thing=WALKS, into="feature/climbs-with-confidence", reason="They are the same."),
    kinds.Split(thing=WALKS, into=(STANDS, "feature/climbs-with-confidence"), reason="They are two."),
)


# ---------------------------------------------------------------- recognising


@pytest.mark.parametrize("change", EVERY, ids=lambda c: c.change)
def test_a_typed_change_is_recognised_as_itself(stated: Stated, change: Change) -> None:
    delta = delta_of(stated, [change])
    found = recognise(stated, delta)
    assert [ordered(r.change) for r in found] == [ordered(change)]
    covers(list(found), delta)


@pytest.mark.parametrize("change", EVERY, ids=lambda c: c.change)
def test_the_inverse_of_a_typed_change_leads_back(stated: Stated, change: Change) -> None:
    delta = delta_of(stated, [change])
    after = stated.after(delta)
    back = delta_of(after, inverse(after, delta))
    assert back == delta.inverse
    assert CHANGES.validate_json(CHANGES.dump_json(inverse(after, delta))) == inverse(after, delta)


def test_changes_made_together_are_told_apart(stated: Stated) -> None:
    together = (NEW, REWORD, LINK, UNLINK, kinds.SetAges(thing=STANDS, first=8, last=15))
    found = recognise(stated, delta_of(stated, together))
    assert sorted(r.change.change for r in found) == ["add-thing", "link", "set-ages", "set-value", "unlink"]


def test_of_several_reworded_names_those_that_are_alike_belong_together(stated: Stated) -> None:
    made = [
        kinds.SetValue(thing=WALKS, before=words(a, "skos:altLabel"), after=words(b, "skos:altLabel"))
        for a, b in (("toddling", "toddling along"), ("first steps", "very first steps"))
    ]
    found = [r.change for r in recognise(stated, delta_of(stated, made))]
    assert {(c.before.text, c.after.text) for c in found} == {
        ("toddling", "toddling along"),
        ("first steps", "very first steps"),
    }


def test_a_name_that_gives_way_to_quite_another_is_no_rewording(stated: Stated) -> None:
    made = [
        kinds.SetValue(thing=WALKS, before=words("toddling", "skos:altLabel")),
        kinds.SetValue(thing=WALKS, after=words("out and about", "skos:altLabel")),
    ]
    found = [r.change for r in recognise(stated, delta_of(stated, made))]
    assert sorted(found, key=str) == sorted(made, key=str)


def test_what_fits_no_kind_is_left_as_statements_of_one_thing(stated: Stated) -> None:
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    old = next(q for q in stated.about(cd.buildsOn) if q.predicate == label)
    new = Quad(cd.buildsOn, label, Literal("usually grows out of", language="en-gb"), module_graph("core"))
    (found,) = recognise(stated, Delta(frozenset([new]), frozenset([old])))
    assert found.change.change == "other"
    (sentence,) = sentences(stated, found.delta)
    assert "usually builds on" in sentence.text and "usually grows out of" in sentence.text


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_difference_is_covered_once_and_leads_to_the_same(cut: Stated, data: st.DataObject) -> None:
    delta = data.draw(deltas(cut))
    found = recognise(cut, delta)
    covers(list(found), delta)
    assert delta_of(cut, [r.change for r in found]) == delta
    for tense in ("was", "will"):
        said = sentences(cut, delta, tense)
        covers(said, delta)
        for s in said:
            assert s.text.strip() and "w3id.org" not in f"{s.text} {s.details}", "an address of the web is no word"


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_what_typed_changes_do_is_done_again_by_what_is_recognised(cut: Stated, data: st.DataObject) -> None:
    made = []
    for _ in range(data.draw(st.integers(1, 3))):
        now = cut.after(delta_of(cut, made))
        made.append(data.draw(changes(now)))
        try:
            delta_of(cut, made)
        except ChangeError:
            made.pop()
    delta = delta_of(cut, made)
    found = recognise(cut, delta)
    covers(list(found), delta)
    assert delta_of(cut, [r.change for r in found]) == delta
    after = cut.after(delta)
    assert delta_of(after, inverse(after, delta)) == delta.inverse
    covers(sentences(cut, delta), delta)


# ---------------------------------------------------------------- sentences


def test_a_rewording_in_words(stated: Stated) -> None:
    assert told(stated, REWORD) == [
        f"The everyday words of ‘Walks alone’ were reworded: from “{WORDING}” to “Your child walks without holding on.”"
    ]
    assert planned(stated, REWORD)[0].startswith("The everyday words of ‘Walks alone’ will be reworded: from “Your")
    (s,) = sentences(stated, delta_of(stated, [REWORD]))
    assert [(p.mark, p.text) for p in s.parts] == [
        ("kept", "Your child"),
        ("gone", " takes steps and"),
        ("kept", " walks without holding on."),
    ]
    assert (s.about, s.things, s.kind) == (WALKS, (WALKS,), "set-value")


def test_links_in_words(stated: Stated) -> None:
    why = "(emerging, its source was read: ‘WHO Motor Development Study: windows of achievement for six gross motor development milestones’; “As seen at home.”)"
    assert told(stated, LINK) == [f"‘Walks alone’ now usually grows from ‘Uses a trusted adult as a safe base’ {why}."]
    assert planned(stated, LINK) == [
        f"‘Walks alone’ will usually grow from ‘Uses a trusted adult as a safe base’ {why}."
    ]
    (gone,) = sentences(stated, delta_of(stated, [UNLINK]))
    assert gone.headline == "It is no longer said that ‘Walks alone’ usually grows from ‘Stands alone’."
    assert "Balance in standing comes before steps for most children." in gone.text
    sign = kinds.Link(subject=STANDS, relation="mayIndicate", object="need/physical-and-sensory")
    assert told(stated, sign) == [
        "‘Stands alone’, if not yet seen, may now point to ‘Sensory and/or physical’ (workshop view, reasoned)."
    ]


def test_ages_in_words(stated: Stated) -> None:
    ages = kinds.SetAges(thing=WALKS, first=9, last=18)
    assert told(stated, ages) == ["The usual age of ‘Walks alone’ was 8 to 18 months and is now 9 to 18 months."]
    assert planned(stated, ages) == ["The usual age of ‘Walks alone’, 8 to 18 months, will be 9 to 18 months."]


def test_a_new_thing_in_words_comes_before_its_links(stated: Stated) -> None:
    link = kinds.Link(subject="feature/new-one", relation="buildsOn", object=STANDS)
    assert told(stated, NEW, link) == [
        "The feature ‘New one’ was added. Definition: “The child does something new.” It belongs to domain ‘Movement’. "
        "Its usual age: 3 to 5 months (workshop view, reasoned).",
        "‘New one’ now usually grows from ‘Stands alone’ (workshop view, reasoned).",
    ]


def test_positions_and_evidence_in_words(stated: Stated) -> None:
    against = kinds.Disagree(
        claim="claim/ace-screening", stance="against", words="It frightens people.", role="parents"
    )
    assert told(stated, against) == [
        "A position against the view “Services should screen children for a count of adverse experiences.” was added: "
        "“It frightens people.” (parents)."
    ]
    (s,) = sentences(
        stated,
        delta_of(
            stated,
            [kinds.ReEvidence(subject=WALKS, relation="buildsOn", object=STANDS, evidence=Evidence(strength="established", basis="reasoned", sources=("who-motor-2006",), explanation="Balance comes first."))],
        ),
    )  # fmt: skip
    assert s.text == (
        "The evidence for the view that ‘Walks alone’ usually grows from ‘Stands alone’ was changed: its strength from "
        "“emerging” to “established”; its explanation from “Balance in standing comes before steps for most children.” "
        "to “Balance comes first.”"
    )


def test_retiring_and_coming_back_in_words(stated: Stated) -> None:
    delta = delta_of(stated, [kinds.Retire(thing=WALKS, successors=(STANDS,), reason="It is too coarse.")])
    (s,) = sentences(stated, delta)
    assert s.text.startswith(
        "The feature ‘Walks alone’ was retired: “It is too coarse.” Use ‘Stands alone’ instead. 17 links of it went."
    )
    assert any("An active family life’ enables ‘Walks alone’ (emerging" in d for d in s.details)
    back = [x.text for x in sentences(stated.after(delta), delta.inverse)]
    assert "The feature ‘Walks alone’ was taken back into use." in back


def test_what_is_added_and_taken_back_is_said_to_be_taken_out(stated: Stated) -> None:
    delta = delta_of(stated, [NEW])
    (s,) = sentences(stated.after(delta), delta.inverse)
    assert s.text == "The feature ‘New one’ was taken out of the model, with what was said of it."
    assert any("The child does something new." in d for d in s.details)


def test_sentences_stand_together_by_thing(stated: Stated) -> None:
    other = kinds.SetAges(thing="feature/secure-base", first=6, last=18)
    about = [s.about for s in sentences(stated, delta_of(stated, [REWORD, other, UNLINK]))]
    assert about == ["feature/secure-base", WALKS, WALKS]


@settings(max_examples=50, deadline=None)
@given(WORDS, WORDS)
def test_the_parts_of_a_rewording_hold_both_texts(before: str, after: str) -> None:
    parts = word_parts(before, after)
    assert "".join(p.text for p in parts if p.mark != "new") == before
    assert "".join(p.text for p in parts if p.mark != "gone") == after


# ---------------------------------------------------------------- taking back


def after_later(stated: Stated, first: Change, *later: Change) -> tuple[Stated, Delta, list[tuple[str, Delta]]]:
    past = delta_of(stated, [first])
    now, steps = stated.after(past), []
    for number, change in enumerate(later, 2):
        step = delta_of(now, [change])
        now = now.after(step)
        steps.append((f"version 1.0.0.{number}", step))
    return now, past, steps


@pytest.mark.parametrize("change", EVERY, ids=lambda c: c.change)
def test_a_change_is_taken_back_without_a_later_one(stated: Stated, change: Change) -> None:
    later = kinds.SetAges(thing="feature/secure-base", first=6, last=19)
    now, past, steps = after_later(stated, change, later)
    assert now.after(undo(now, past, steps)).delta == delta_of(stated, [later])


@pytest.mark.parametrize(
    ("first", "later", "reason"),
    [
        (
            REWORD,
            kinds.SetValue(thing=WALKS, before=words("Your child walks without holding on."), after=words("Walks.")),
            r"has been changed since \(version 1.0.0.2\): the everyday words of ‘Walks alone’.* Now it says “Walks.”",
        ),
        (
            kinds.SetValue(thing=WALKS, before=words(WORDING)),
            kinds.SetValue(thing=WALKS, after=words("Walks.")),
            r"Another value has been given since \(version 1.0.0.2\): the everyday words of ‘Walks alone’, “Walks.”",
        ),
        (
            NEW,
            kinds.Link(subject=WALKS, relation="buildsOn", object="feature/new-one"),
            r"‘New one’, which it added, is linked with ‘Walks alone’ now \(version 1.0.0.2\)",
        ),
        (
            NEW,
            kinds.SetValue(thing="feature/new-one", after=words("Something.", "skos:scopeNote")),
            r"‘New one’, which it added, has been worked on since \(version 1.0.0.2\)",
        ),
        (
            LINK,
            kinds.Disagree(claim="claim/walks-alone--builds-on--secure-base", stance="against", words="No.", role="us"),
            r"has a position taken on it since \(version 1.0.0.2\): the position against “No.”",
        ),
        (UNLINK, kinds.Retire(thing=STANDS, reason="Gone."), r"‘Stands alone’, which has been retired since"),
        (NEW, kinds.Retire(thing="feature/new-one", reason="Gone."), "has been taken out or retired since"),
    ],
)
def test_a_change_that_later_ones_lean_on_says_why_it_stays(
    stated: Stated, first: Change, later: Change, reason: str
) -> None:
    now, past, steps = after_later(stated, first, later)
    with pytest.raises(CannotUndoError, match=reason):
        undo(now, past, steps)


@pytest.mark.parametrize(("change", "reason"), [(LINK, "put back since"), (UNLINK, "came back and went again since")])
def test_what_was_done_again_is_taken_back_there(stated: Stated, change: Change, reason: str) -> None:
    past = delta_of(stated, [change])
    now, again = stated.after(past), [("version 3", past.inverse), ("version 4", past)]
    with pytest.raises(CannotUndoError, match=rf"{reason} \(version 4\).* Take that back instead\."):
        undo(now, past, again)
    assert undo(now, past, []) == past.inverse


def test_what_was_taken_back_is_not_taken_back_again(stated: Stated) -> None:
    past = delta_of(stated, [LINK])
    with pytest.raises(CannotUndoError, match="has been taken back already"):
        undo(stated, past)


def ordered(change: Change) -> Change:
    """The same with parts whose order means nothing in a fixed order."""
    if isinstance(change, kinds.AddThing):
        return change.model_copy(update={"values": tuple(sorted(change.values, key=str))})
    return change
