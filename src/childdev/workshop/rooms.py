"""All workshops of an installation: opening one, finding one by its code, and letting people in."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from childdev.errors import NotFoundError
from childdev.validation import personal_data
from childdev.workshop.log import Log, Opened, Token, digest
from childdev.workshop.room import Room, now
from childdev.workshop.run_sheets import Template
from childdev.workshop.state import Change, Event

#: letters of a code: no vowels, so that no words arise, and none that look or sound like another's digit
LETTERS = "BCDFGHJKMNPRSTVWXZ"
_LENGTH = 6
_KEPT = 64


def code_of(typed: str) -> str:
    """A code as it is kept, from how people type it."""
    return "".join(c for c in typed.upper() if c.isalpha())


class Rooms:
    """The workshops of an installation; those at work are held in memory, made again from their log when needed."""

    def __init__(self, engine: Engine) -> None:
        self.log = Log(engine)
        self._rooms: dict[str, Room] = {}
        self._opening = asyncio.Lock()
        self._stopped = False

    async def open(
        self,
        template: Template,
        title: str,
        question: str,
        hours: int,
        account: str,
        model: str,
        labels: dict[str, str],
    ) -> tuple[Room, int]:
        """Open a workshop from a template; returns its room, and the number of its facilitator.

        Raises:
            PersonalDataError: the title or the question seems to tell of one person.
        """
        personal_data.refuse([title, question])
        at = now()
        expires = (datetime.now(UTC) + timedelta(hours=hours)).isoformat(timespec="milliseconds")
        for _ in range(20):
            code = "".join(secrets.choice(LETTERS) for _ in range(_LENGTH))
            events = _first(template, code, title, question, at, expires, model, labels)
            try:
                await asyncio.to_thread(self.log.open, code, title, account, at, expires, events)
            except IntegrityError:
                continue  # the code is taken
            room = await self.get(code)
            return room, await room.join("facilitator", "facilitator")
        raise RuntimeError("no code is free")

    async def get(self, code: str) -> Room:
        """The room of a code.

        Raises:
            NotFoundError: there is none.
        """
        if (room := self._rooms.get(code)) is not None:
            return room
        async with self._opening:
            if code not in self._rooms:
                opened = await asyncio.to_thread(self.log.find, code)
                if opened is None:
                    raise NotFoundError(
                        "There is no workshop with this code. Look at the letters again, or ask the facilitator.",
                        [("Enter a code", "/workshops")],
                    )
                events, tokens = await asyncio.to_thread(self._read, opened)
                self._make_way()
                self._rooms[code] = Room(self.log, opened, events, tokens)
            return self._rooms[code]

    def _read(self, opened: Opened) -> tuple[Sequence[Event], dict[str, Token]]:
        return self.log.events(opened.id), self.log.tokens(opened.id)

    def _make_way(self) -> None:
        """Let go of rooms in which nobody is; they are made again from their log."""
        for code in list(self._rooms)[: max(0, len(self._rooms) - _KEPT)]:
            if not self._rooms[code].followed:
                del self._rooms[code]

    def stop(self) -> None:
        """End all streams, so that the server can stop."""
        for room in self._rooms.values():
            room.stop()


def new_secret(participant: int, expires_at: str) -> tuple[str, Token]:
    """A secret for a browser, and the token that is kept of it."""
    secret = secrets.token_urlsafe(32)
    return secret, Token(digest(secret), participant, expires_at)


def known(room: Room, secret: str) -> int | None:
    """The number of whom a secret lets in, or None where it does not hold."""
    token = room.tokens.get(digest(secret)) if secret else None
    return token.participant if token is not None and token.expires_at > now() else None


def _first(
    template: Template,
    code: str,
    title: str,
    question: str,
    at: str,
    expires: str,
    model: str,
    labels: dict[str, str],
) -> list[Event]:
    setup = {
        "code": code,
        "title": title,
        "question": question,
        "template": template.key,
        "about": list(template.about),
        "phases": [vars(phase) for phase in template.phases],
        "kinds": list(template.kinds),
        "roles": list(template.roles),
        "dots": template.dots,
        "opened_at": at,
        "expires_at": expires,
        "model": model,
    }
    patch = [Change(("setup",), None, setup), Change(("phase",), None, template.phases[0].key)]
    if labels:
        patch.append(Change(("labels",), None, labels))
    return [Event(1, str(uuid4()), at, 0, "opened", tuple(patch))]
