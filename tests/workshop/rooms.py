"""A workshop to try things in: a state without a server, and a server with a facilitator signed in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx

from childdev.access.policy import Role
from childdev.errors import ChilddevError
from childdev.workshop import acts_cards, acts_steering  # noqa: F401
from childdev.workshop.commands import COMMAND, Undo
from childdev.workshop.deciding import Asking, decide
from childdev.workshop.roles import ROLES, mark
from childdev.workshop.run_sheets import CARD_KINDS, template
from childdev.workshop.state import Change, Event, State, applied
from childdev.workshop.undoing import undo
from tests.access.people import signed_in

AT = "2026-11-24T09:00:00.000+00:00"
LABELS = {
    "feature/joins-two-words": "Joins two words",
    "feature/uses-single-words": "Uses single words",
    "environment/shared-books": "Shared books",
}


class Table:
    """A workshop in memory, decided by the same rules: the facilitator is 1, a parent 2, a teacher 3."""

    def __init__(self, labels: dict[str, str] | None = None) -> None:
        self.events: list[Event] = []
        self.state: State = {}
        self.labels = LABELS if labels is None else labels
        self._ids = count(1)
        setup = {
            "title": "Trying",
            "question": "What helps?",
            "code": "BCDFGH",
            "kinds": list(CARD_KINDS),
            "phases": [vars(p) for p in template("language-0-3").phases],
            "dots": 5,
            "opened_at": AT,
            "model": "1.0.0",
        }
        self._append(self.id(), 0, "opened", (Change(("setup",), None, setup), Change(("phase",), None, "gather")))
        for role, part in (("facilitator", "facilitator"), ("parent-carer", "participant"), ("teacher", "participant")):
            number = 1 + len(self.state.get("participants", {}))
            who = {"number": number, "part": part, "role": role, "label": ROLES[role].label, **mark(number)}
            self._append(self.id(), number, "joined", (Change(("participants", str(number)), None, who),))

    def id(self) -> str:
        return str(UUID(int=next(self._ids)))

    def act(self, by: int, command: str, clash: Any = None, **fields: Any) -> str:
        """Do something; gives the id of the command."""
        given = {"id": self.id(), "command": command, **fields}
        asked = COMMAND.validate_json(json.dumps(given))
        who = self.state["participants"][str(by)] if by else {"number": 0, "part": "projector"}
        asking = Asking(self.state, who, AT, len(self.events) + 1, self.labels.get, clash or (lambda _: None))
        if isinstance(asked, Undo):
            kind, patch = undo(asking, asked, self.events)
        else:
            kind, patch = decide(asking, asked)
        if patch:
            self._append(asked.id, by, kind, patch)
        return asked.id

    def refused(self, by: int, command: str, **fields: Any) -> ChilddevError:
        """The refusal of something that must not be done, after which all is as before."""
        before = self.state
        try:
            self.act(by, command, **fields)
        except ChilddevError as e:
            assert self.state == before
            return e
        raise AssertionError(f"{command} was not refused")

    def card(self, by: int, text: str, kind: str = "help", **fields: Any) -> str:
        return self.act(by, "add-card", card={"kind": kind, "text": text, **fields})

    def _append(self, command: str, by: int, kind: str, patch: tuple[Change, ...]) -> None:
        self.events.append(Event(len(self.events) + 1, command, AT, by, kind, patch))
        self.state = applied(self.state, patch)


class Person:
    """Somebody with a browser in a workshop."""

    def __init__(self, address: str, code: str, client: httpx.Client) -> None:
        self.address, self.code, self.client = address, code, client

    def send(self, command: str, id: str | None = None, **fields: Any) -> httpx.Response:
        body = {"id": id or str(uuid4()), "command": command, **fields}
        return self.client.post(f"{self.address}/workshops/{self.code}/commands", json=body)

    def does(self, command: str, **fields: Any) -> dict[str, Any]:
        answer = self.send(command, **fields)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def get(self, what: str, **params: Any) -> Any:
        answer = self.client.get(f"{self.address}/workshops/{self.code}/{what}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @property
    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.get("state")["state"]
        return found


@contextmanager
def facilitating(address: str, data: Path, template_key: str = "language-0-3", **form: str) -> Iterator[Person]:
    """A facilitator who has just opened a workshop."""
    with signed_in(address, data, "Facilitator", Role.FACILITATOR) as client:
        answer = client.post("/workshops", data={"template": template_key, **form})
        assert answer.status_code == 303, answer.text
        yield Person(address, answer.headers["location"].rsplit("/", 1)[-1], client)


@contextmanager
def joined(address: str, code: str, role: str) -> Iterator[Person]:
    """Somebody who has joined with a role."""
    with httpx.Client(trust_env=False, timeout=30) as client:
        answer = client.post(f"{address}/workshops/{code}/join", data={"role": role})
        assert answer.status_code == 303, answer.text
        yield Person(address, code, client)
