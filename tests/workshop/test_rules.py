"""What each part may do, and what commands do: tried without a server."""

from __future__ import annotations

from typing import get_args

import pytest

from childdev.errors import PersonalDataError, WorkshopError
from childdev.validation import personal_data
from childdev.workshop.commands import COMMAND, AddCard, Command
from childdev.workshop.deciding import RULES, texts
from childdev.workshop.permissions import OWN, PARTS, may
from childdev.workshop.state import cards, replay
from tests.workshop.rooms import Table

STEERING = {
    "set-phase",
    "start-timer",
    "stop-timer",
    "extend-timer",
    "focus",
    "freeze",
    "unfreeze",
    "merge-cards",
    "decide",
    "resolve-conflict",
    "fill-in",
    "close",
}
EVERYONE = {
    "add-card",
    "edit-card",
    "move-card",
    "withdraw-card",
    "park",
    "unpark",
    "group-cards",
    "name-group",
    "ungroup",
    "connect",
    "disconnect",
    "vote",
    "stance",
    "undo",
}


def commands() -> dict[str, type]:
    return {kind.model_fields["command"].default: kind for kind in get_args(get_args(Command)[0])}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("command", sorted(EVERYONE | STEERING))
def test_who_may_send_what(part: str, command: str) -> None:
    allowed = {"participant": EVERYONE, "facilitator": EVERYONE | STEERING, "projector": set()}[part]
    assert may(part, command) is (command in allowed)


def test_every_command_is_in_the_table_and_has_a_rule() -> None:
    assert set(commands()) == EVERYONE | STEERING
    assert {kind for name, kind in commands().items() if name != "undo"} == set(RULES)
    assert not may("participant", "make-tea") and not may("visitor", "add-card")


def test_steering_is_refused_to_participants_and_everything_to_a_projector() -> None:
    table = Table()
    assert table.refused(2, "freeze").status == 403  # type: ignore[attr-defined]
    assert table.refused(0, "add-card", card={"kind": "help", "text": "x"}).status == 403  # type: ignore[attr-defined]


def test_what_is_someone_elses_stays_theirs() -> None:
    table = Table()
    card = table.card(2, "Sing every day")
    other = table.card(3, "Read together")
    line = table.act(2, "connect", tie={"start": f"card/{card}", "relation": "helps", "end": f"card/{other}"})
    for command, fields in {
        "edit-card": {"card": card, "base": 0, "text": "Mine now"},
        "withdraw-card": {"card": card},
        "disconnect": {"connection": line},
        "undo": {"participant": 2},
    }.items():
        assert command in OWN
        assert table.refused(3, command, **fields).status in (403, 409)
    table.act(1, "withdraw-card", card=card)
    assert [c["text"] for c in cards(table.state)] == ["Read together"]
    assert not table.state.get("connections")


def test_a_stale_edit_is_refused_with_both_wordings() -> None:
    table = Table()
    card = table.card(2, "Sing")
    seen = table.state["cards"][card]["revision"]
    table.act(1, "fill-in", card=card, base=seen, details={"definition": "Songs in the family."})
    refused = table.refused(2, "edit-card", card=card, base=seen, text="Sing every day")
    assert isinstance(refused, WorkshopError)
    assert refused.status == 409
    assert refused.extra["current"]["text"] == "Sing" and refused.extra["yours"] == {"text": "Sing every day"}


def test_an_outbox_edits_what_it_added_before_it_knows_the_revision() -> None:
    table = Table()
    card = table.card(2, "Sing")
    table.act(2, "edit-card", card=card, base=0, text="Sing every day")
    table.act(2, "edit-card", card=card, base=0, text="Sing at bedtime")
    assert table.state["cards"][card]["text"] == "Sing at bedtime"


def test_frozen_and_closed() -> None:
    table = Table()
    card = table.card(2, "Sing")
    table.act(1, "freeze")
    assert table.refused(2, "vote", card=card).status == 423
    table.act(1, "move-card", card=card, x=5, y=5)
    table.act(1, "close", words="Thank you")
    assert table.refused(1, "vote", card=card).status == 410
    assert not table.state.get("frozen")


def test_dots_are_counted_and_come_back() -> None:
    table = Table()
    one, two = table.card(2, "Sing"), table.card(3, "Read")
    for _ in range(5):
        table.act(2, "vote", card=one)
    assert table.refused(2, "vote", card=two).status == 409
    table.act(2, "vote", card=one, dots=-1)
    table.act(2, "vote", card=two)
    table.act(3, "withdraw-card", card=two)
    table.act(2, "vote", card=one)
    assert table.state["votes"] == {one: {"2": 5}}


def test_merging_keeps_dots_stances_and_lines() -> None:
    table = Table()
    one, two, three = table.card(2, "Sing"), table.card(3, "Singing"), table.card(3, "Books")
    table.act(2, "vote", card=one)
    table.act(3, "vote", card=two)
    table.act(3, "stance", card=two, stance="differ", reason="Not every family sings")
    table.act(3, "connect", tie={"start": f"card/{two}", "relation": "helps", "end": f"card/{three}"})
    table.act(3, "connect", tie={"start": f"card/{two}", "relation": "helps", "end": f"card/{one}"})
    table.act(1, "merge-cards", into=one, cards=[two])
    assert table.state["votes"] == {one: {"2": 1, "3": 1}}
    assert table.state["stances"][one]["3"]["stance"] == "differ"
    assert [x["tie"]["start"] for x in table.state["connections"].values()] == [f"card/{one}"]
    before = table.state
    table.act(1, "undo", event=len(table.events))
    assert [c["text"] for c in cards(table.state)] == ["Sing", "Singing", "Books"]
    assert table.state["votes"] == {one: {"2": 1}, two: {"3": 1}} and len(table.state["connections"]) == 2
    assert before["votes"] == {one: {"2": 1, "3": 1}}  # a state is never changed


def test_undo_touches_only_the_one_person() -> None:
    table = Table()
    one, two = table.card(2, "Sing"), table.card(3, "Read")
    table.act(2, "move-card", card=two, x=9, y=9)
    table.act(3, "stance", card=one, stance="agree")
    table.act(1, "undo", participant=2)
    assert (table.state["cards"][two]["x"], table.state["stances"][one]) == (
        0,
        {"3": {"stance": "agree", "reason": ""}},
    )
    refused = table.refused(1, "undo", participant=2)  # the card itself, on which a stance rests
    assert "people said how they see the card" in str(refused)
    table.act(3, "undo")
    table.act(1, "undo", participant=2)
    assert [c["text"] for c in cards(table.state)] == ["Read"]


def test_undo_is_refused_where_later_changes_rest_on_it() -> None:
    table = Table()
    card = table.card(2, "Sing")
    table.act(2, "edit-card", card=card, base=0, text="Sing daily")
    first = len(table.events)
    table.act(2, "edit-card", card=card, base=0, text="Sing at bedtime")
    assert "changed again" in str(table.refused(1, "undo", event=first))
    group = table.act(2, "group-cards", cards=[card], name="Songs")
    grouped = len(table.events)
    other = table.card(3, "Hum")
    table.act(3, "group-cards", cards=[other], group=group)
    assert "others put cards into the group" in str(table.refused(1, "undo", event=grouped))


def test_an_undone_edit_is_not_written_over_unseen() -> None:
    table = Table()
    card = table.card(2, "Sing")
    table.act(2, "edit-card", card=card, base=0, text="Sing daily")
    seen = table.state["cards"][card]["revision"]
    table.act(1, "undo", participant=2)
    assert table.state["cards"][card]["text"] == "Sing"
    assert table.refused(2, "edit-card", card=card, base=seen, text="Other").status == 409


def test_a_group_without_cards_goes() -> None:
    table = Table()
    one, two = table.card(2, "Sing"), table.card(2, "Read")
    group = table.act(2, "group-cards", cards=[one, two], name="At home")
    table.act(2, "ungroup", cards=[one])
    assert group in table.state["groups"]
    table.act(3, "move-card", card=two, x=1, y=1, group=None)
    assert not table.state["groups"]


def test_references_must_be_there() -> None:
    table = Table()
    assert table.refused(2, "add-card", card={"kind": "help", "text": "x", "about": ["feature/none"]}).status == 404
    gone = table.card(2, "Sing")
    table.act(2, "withdraw-card", card=gone)
    tie = {"start": f"card/{gone}", "relation": "helps", "end": "feature/joins-two-words"}
    assert table.refused(3, "connect", tie=tie).status == 404
    table.card(3, "Books", about=["feature/joins-two-words"])
    assert table.state["labels"] == {"feature/joins-two-words": "Joins two words"}


def test_paper_cards_are_keyed_in_once_and_by_role() -> None:
    table = Table()
    fields = {"card": {"kind": "help", "text": "Sing"}, "paper": "A7", "paper_role": "midwife"}
    assert table.refused(2, "add-card", **fields).status == 403
    card = table.act(1, "add-card", **fields)
    assert table.state["cards"][card]["role"] == "midwife"
    assert table.refused(1, "add-card", **fields).status == 409


def test_all_that_is_written_is_screened() -> None:
    written = {
        "id": "0b3f0c5e-1111-4222-8333-444455556666",
        "command": "add-card",
        "card": {"kind": "help", "text": "One", "details": {"definition": "Two", "everyday_words": "Three"}},
        "paper": "A1",
    }
    command = COMMAND.validate_python(written)
    assert isinstance(command, AddCard)
    assert sorted(texts(command)) == ["A1", "One", "Three", "Two"]
    with pytest.raises(PersonalDataError):
        personal_data.refuse(["Ring 07700 900123"])


def test_replaying_the_log_gives_the_state() -> None:
    table = Table()
    card = table.card(2, "Sing")
    table.act(3, "vote", card=card)
    table.act(1, "undo", participant=3)
    assert replay(table.events) == table.state
    assert [e.sequence for e in table.events] == list(range(1, len(table.events) + 1))
