"""Whatever people do, in whatever order: the log tells the state, undo takes back just what it says."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from childdev.errors import ChilddevError
from childdev.workshop.record import record_of
from childdev.workshop.state import Event, applied, cards, patch_of, patch_text, replay
from tests.workshop.rooms import Table

_ACTS = (
    *("add", "add", "edit", "move", "group", "ungroup", "connect", "disconnect", "vote", "unvote", "stance", "park"),
    *("unpark", "withdraw", "merge", "decide", "undo", "undo-event", "freeze", "unfreeze", "focus", "phase"),
)
_STEPS = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from(_ACTS), st.integers(0, 5), st.integers(0, 5)), max_size=40
)


def step(table: Table, by: int, act: str, a: int, b: int) -> None:
    """Do one thing, if it can be done."""
    ids = list(table.state.get("cards", {})) or ["00000000-0000-0000-0000-000000000000"]
    one, two = ids[a % len(ids)], ids[b % len(ids)]
    groups = [None, *table.state.get("groups", {})]
    lines = list(table.state.get("connections", {})) or [one]
    tie = {"start": f"card/{one}", "relation": "helps", "end": f"card/{two}"}
    fields: dict[str, tuple[str, dict[str, Any]]] = {
        "add": ("add-card", {"card": {"kind": "help", "text": f"Thought {a}", "about": []}}),
        "edit": ("edit-card", {"card": one, "base": 0, "text": f"Thought {b}"}),
        "move": ("move-card", {"card": one, "x": a, "y": b, "group": groups[b % len(groups)]}),
        "group": ("group-cards", {"cards": [one, two], "group": groups[a % len(groups)]}),
        "ungroup": ("ungroup", {"cards": [one]}),
        "connect": ("connect", {"tie": tie}),
        "disconnect": ("disconnect", {"connection": lines[a % len(lines)]}),
        "vote": ("vote", {"card": one}),
        "unvote": ("vote", {"card": one, "dots": -1}),
        "stance": ("stance", {"card": one, "stance": "differ", "reason": "I see it otherwise"}),
        "park": ("park", {"card": one}),
        "unpark": ("unpark", {"card": one}),
        "withdraw": ("withdraw-card", {"card": one}),
        "merge": ("merge-cards", {"into": one, "cards": [two]}),
        "decide": ("decide", {"card": one, "decision": "accept"}),
        "undo": ("undo", {"participant": 1 + a % 3}),
        "undo-event": ("undo", {"event": 1 + (7 * a + b) % len(table.events)}),
        "freeze": ("freeze", {}),
        "unfreeze": ("unfreeze", {}),
        "focus": ("focus", {"card": one}),
        "phase": ("set-phase", {"phase": ("gather", "weigh")[a % 2]}),
    }
    command, given_fields = fields[act]
    try:
        table.act(by, command, **given_fields)
    except ChilddevError as e:
        assert str(e).endswith((".", "?"))


def played(steps: list[tuple[int, str, int, int]]) -> Table:
    table = Table()
    for one in steps:
        step(table, *one)
    return table


@settings(max_examples=120, deadline=None)
@given(_STEPS)
def test_the_log_tells_the_state(steps: list[tuple[int, str, int, int]]) -> None:
    table = played(steps)
    kept = [Event(e.sequence, e.id, e.at, e.by, e.kind, patch_of(patch_text(e.patch))) for e in table.events]
    assert replay(kept) == table.state
    half = len(kept) // 2
    assert replay(kept[half:], replay(kept[:half])) == table.state


@settings(max_examples=120, deadline=None)
@given(_STEPS)
def test_nothing_leads_to_what_is_not_there(steps: list[tuple[int, str, int, int]]) -> None:
    table = played(steps)
    state = table.state
    there = {card["id"] for card in cards(state)}
    for line in state.get("connections", {}).values():
        assert all(end.removeprefix("card/") in there for end in (line["tie"]["start"], line["tie"]["end"]))
    for card in cards(state):
        assert card.get("group") is None or card["group"] in state["groups"]
    for group in state.get("groups", {}):
        assert any(card.get("group") == group for card in cards(state))
    for card, votes in state.get("votes", {}).items():
        assert card in there or not votes
    record_of(state, table.events)


@settings(max_examples=120, deadline=None)
@given(_STEPS, st.integers(1, 3))
def test_undo_takes_back_just_the_last_act_of_one(steps: list[tuple[int, str, int, int]], person: int) -> None:
    table = played(steps)
    before = table.state
    undone = set(before.get("undone", {}))
    mine = [
        e
        for e in table.events
        if e.by == person and e.kind not in {"joined", "undone"} and str(e.sequence) not in undone
    ]
    try:
        table.act(1, "undo", participant=person)
    except ChilddevError:
        assert table.state == before
        return
    last = mine[-1]
    without = replay([e for e in table.events[:-1] if e.sequence != last.sequence])
    if last is table.events[-2]:  # nothing came after: all is as if it had never been, but for revisions
        assert _bare(table.state) == _bare(without)
    assert set(table.state["undone"]) == undone | {str(last.sequence)}
    assert _touched(table.events[-1]) <= _touched(last) | {("undone", str(last.sequence))}


def _touched(event: Event) -> set[tuple[str, ...]]:
    return {c.path for c in event.patch}


def _bare(state: Any) -> Any:
    """Without revisions, what was undone, and what is empty."""
    if isinstance(state, dict):
        hidden = {"revision", "edited_by", "undone", "labels"}
        inner = {k: _bare(v) for k, v in state.items() if k not in hidden}
        return {k: v for k, v in inner.items() if v not in ({}, None)}
    return state


def test_a_patch_is_all_that_an_event_does() -> None:
    table = played([(2, "add", 1, 1), (3, "vote", 0, 0)])
    state = replay(table.events[:-1])
    assert applied(state, table.events[-1].patch) == table.state
