"""Clashes of meaning, agreement, what is put forward, and the record: on the real model, without a server."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from childdev import terms as cd
from childdev.contribution.changes.kinds import AddThing, Disagree, Link, SetValue
from childdev.contribution.changes.making import delta_of
from childdev.model.iris import iri
from childdev.model.modules import Model
from childdev.model.stated import Stated
from childdev.workshop.agreement import agreement
from childdev.workshop.conflicts import conflicts, plain
from childdev.workshop.proposing import ProposalDraft, proposal_of
from childdev.workshop.record import record_of
from childdev.workshop.record_data import turtle
from tests.workshop.rooms import Table


@pytest.fixture(scope="module")
def stated(model: Model) -> Stated:
    return Stated.of(model)


@pytest.fixture(scope="module")
def labels(stated: Stated) -> dict[str, str]:
    kinds = ("feature", "environment", "asset", "agency", "factor")
    return {f"{k}/{n.value.rsplit('/', 1)[1]}": stated.label(n) for k in kinds for n in stated.of_kind(k)}


@pytest.fixture
def table(labels: dict[str, str]) -> Table:
    return Table(labels)


def told(table: Table, stated: Stated) -> list[str]:
    return [c.kind for c in conflicts(table.state, stated)]


def growing(stated: Stated) -> tuple[str, str]:
    """A feature, and one from which it grows."""
    for node in stated.of_kind("feature"):
        for other in stated.objects(node, cd.buildsOn):
            assert isinstance(other, NamedNode)
            return f"feature/{node.value.rsplit('/', 1)[1]}", f"feature/{other.value.rsplit('/', 1)[1]}"
    raise AssertionError


def tie(start: str, relation: str, end: str) -> dict[str, str]:
    return {"start": start, "relation": relation, "end": end}


def test_the_same_line_twice_and_one_that_the_model_has(table: Table, stated: Stated) -> None:
    card = table.card(2, "Sing every day")
    for by in (2, 3):
        table.act(by, "connect", tie=tie(f"card/{card}", "helps", "feature/joins-two-words"))
    assert told(table, stated) == ["same-link"]
    above, below = growing(stated)
    table.act(3, "connect", tie=tie(above, "grows-from", below))
    assert told(table, stated) == ["same-link", "same-link"]


def test_a_line_against_the_model_and_a_ring_over_the_room(table: Table, stated: Stated) -> None:
    above, below = growing(stated)
    table.act(2, "connect", tie=tie(below, "grows-from", above))
    assert told(table, stated) == ["both-ways"]
    cards = [table.card(2, text, "feature") for text in ("One", "Two", "Three")]
    for one, two in zip(cards, (*cards[1:], cards[0]), strict=True):
        table.act(2, "connect", tie=tie(f"card/{one}", "grows-from", f"card/{two}"))
    assert told(table, stated).count("ring") == 1
    ring = next(c for c in conflicts(table.state, stated) if c.kind == "ring")
    assert "“One” → “Two” → “Three” → “One”" in ring.what or ring.what.count("→") == 3
    assert len(ring.choices) == 4


def test_a_contradiction_two_wordings_and_what_others_use(table: Table, stated: Stated) -> None:
    card = table.card(2, "Screens at meals")
    table.act(2, "connect", tie=tie(f"card/{card}", "helps", "feature/joins-two-words"))
    table.act(3, "connect", tie=tie(f"card/{card}", "gets-in-the-way", "feature/joins-two-words"))
    table.card(2, "Puts two words together", "wording", about=["feature/joins-two-words"], part="name")
    table.card(3, "Says two words in one go", "wording", about=["feature/joins-two-words"], part="name")
    table.card(3, "This should go", "wording", about=["feature/joins-two-words"], part="retire")
    assert told(table, stated) == ["contradiction", "used-by-others", "two-wordings"]


def test_a_choice_is_kept_with_its_words_and_its_effect(table: Table, stated: Stated) -> None:
    one = table.card(2, "Puts two words together", "wording", about=["feature/joins-two-words"], part="name")
    two = table.card(3, "Says two words in one go", "wording", about=["feature/joins-two-words"], part="name")
    for card in (one, two):
        table.act(1, "decide", card=card, decision="accept")
    assert len(proposal_of(table.state, stated).unfinished) == 2
    found = conflicts(table.state, stated)[0]

    def clash(key: str) -> object:
        return plain(found, table.state) if key == found.key else None

    assert table.refused(1, "resolve-conflict", conflict=found.key, choice="card-1").status == 404
    table.act(1, "resolve-conflict", clash, conflict=found.key, choice="card-1", reason="Shorter")
    kept = plain(found, table.state)["resolved"]
    assert (kept["label"], kept["reason"], kept["without"]) == ("“Puts two words together”", "Shorter", [two])
    changes = proposal_of(table.state, stated).changes
    assert [c.after.text for c in changes if isinstance(c, SetValue) and c.after] == ["Puts two words together"]


def accepted(table: Table) -> str:
    """A help with all that it needs, accepted, with one who differs."""
    card = table.card(
        2,
        "Songs at bedtime",
        details={
            "definition": "Someone sings at bedtime.",
            "everyday_words": "Words come round again.",
            "level": "family",
        },
    )
    table.act(2, "connect", tie=tie(f"card/{card}", "helps", "feature/joins-two-words"), why="We hear it come back")
    table.act(2, "stance", card=card, stance="agree")
    table.act(3, "stance", card=card, stance="differ", reason="Not in every family")
    table.act(3, "vote", card=card)
    table.act(1, "decide", card=card, decision="accept", reason="Most have seen it")
    return card


def test_accepted_cards_become_changes_that_can_be_made(table: Table, stated: Stated) -> None:
    accepted(table)
    half = table.card(3, "Half a thought")
    table.act(1, "decide", card=half, decision="accept")
    table.card(3, "Does it hold for deaf children?", "question")
    table.act(1, "close", words="Thank you")
    draft = proposal_of(table.state, stated)
    assert isinstance(draft, ProposalDraft)
    assert [type(c) for c in draft.changes] == [AddThing, Link, Disagree]
    after = stated.after(delta_of(stated, draft.changes))
    made = iri("environment", "songs-at-bedtime")
    assert after.label(made) == "Songs at bedtime"
    claim = after.claim(made, cd.enables, iri("feature", "joins-two-words"))
    assert claim is not None and after.value(claim, cd.strength) == cd.workshop_view
    position = after.value(claim, cd.hasPosition)
    assert isinstance(position, NamedNode) and after.label(position) == "Not in every family"
    assert [(u.text, "what it helps with" in u.missing) for u in draft.unfinished] == [("Half a thought", True)]
    assert [q["text"] for q in draft.questions] == ["Does it hold for deaf children?"]
    assert draft.details["votes"] == ["Songs at bedtime: 1 dot, 1 agree, 1 differ"]
    assert draft.details["dissent"] == ["Songs at bedtime: Teacher differs, because: Not in every family"]


def test_what_leans_on_an_unfinished_card_is_unfinished(table: Table, stated: Stated) -> None:
    card = accepted(table)
    line = next(iter(table.state["connections"]))
    table.act(1, "disconnect", connection=line)
    feature = table.card(3, "Hums along", "feature")
    table.act(3, "connect", tie=tie(f"card/{card}", "helps", f"card/{feature}"))
    table.act(1, "decide", card=feature, decision="accept")
    draft = proposal_of(table.state, stated)
    assert draft.changes == () and {u.text for u in draft.unfinished} == {"Songs at bedtime", "Hums along"}


def test_who_stands_where_and_who_is_silent(table: Table) -> None:
    card = accepted(table)
    found = agreement(table.state)
    assert found["cards"][0]["id"] == card and found["silent"] == []
    spread = {s["sector"]: (s["agree"], s["unsure"], s["differ"]) for s in found["cards"][0]["spread"]}
    assert spread == {"families": (1, 0, 0), "education": (0, 0, 1)}
    assert found["cards"][0]["differing"] == [{"role": "teacher", "label": "Teacher", "reason": "Not in every family"}]
    assert [s["label"] for s in agreement(Table().state)["silent"]] == ["Parent or carer", "Teacher"]


def test_the_record_tells_roles_and_never_people(table: Table) -> None:
    accepted(table)
    waiting = table.card(3, "Longer library hours")
    table.act(3, "edit-card", card=waiting, base=0, text="Libraries open on Sundays")
    table.act(3, "park", card=waiting)
    table.act(1, "close", words="Thank you all")
    record = record_of(table.state, table.events)
    assert record.people == (("Facilitator", 1), ("Parent or carer", 1), ("Teacher", 1))
    assert [(w.text, w.reason, w.dissent[0]["reason"]) for w in record.accepted] == [
        ("Songs at bedtime", "Most have seen it", "Not in every family")
    ]
    assert [(w.text, w.also) for w in record.parked] == [("Libraries open on Sundays", ("Longer library hours",))]
    text = turtle(record)
    quads = list(parse(input=text, format=RdfFormat.TURTLE))
    assert quads and not any("_:" in str(q.subject) or "_:" in str(q.object) for q in quads)
    assert b"Not in every family" in text and b"Thank you all" in text
