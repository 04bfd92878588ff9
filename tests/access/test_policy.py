"""Every role and every action, as it is written out in may.tsv: nothing more is allowed, and nothing less."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from childdev.access.accounts import Account
from childdev.access.policy import Action, Role, may

with (Path(__file__).parent / "may.tsv").open(encoding="utf-8") as file:
    TABLE = list(csv.DictReader(file, delimiter="\t"))


def test_the_table_has_every_action_and_every_role_once() -> None:
    assert [row["action"] for row in TABLE] == [a.value for a in Action]
    assert [*TABLE[0]] == ["action", "nobody", *(r.value for r in Role)]
    assert {row[column] for row in TABLE for column in [*row][1:]} == {"yes", "no"}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["action"])
def test_who_may(row: dict[str, str]) -> None:
    action = Action(row["action"])
    assert may((), action) is (row["nobody"] == "yes")
    for role in Role:
        assert may((role,), action) is (row[role.value] == "yes"), role
    assert may(Role, action)


def test_nobody_may_do_what_is_not_in_the_table() -> None:
    assert not may(Role, "burn-the-house")  # type: ignore[arg-type]
    assert not may(["king"], Action.MAKE_RELEASE)  # type: ignore[list-item]


def test_a_token_narrows_and_never_widens() -> None:
    facilitator = Account(
        1, "Kim", frozenset({Role.FACILITATOR}), scope=frozenset({Action.COMMENT, Action.MAKE_RELEASE})
    )
    assert facilitator.may(Action.COMMENT)
    assert not facilitator.may(Action.EDIT_DRAFT), "the role allows it, the token does not"
    assert not facilitator.may(Action.MAKE_RELEASE), "the token allows it, the role does not"


def test_who_is_kept_out_may_nothing() -> None:
    assert not Account(1, "Kim", frozenset(Role), active=False).may(Action.COMMENT)
