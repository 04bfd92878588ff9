"""One workshop at work: commands in, events out, to everyone who looks on.

Commands are decided at once, one after another, on the state ahead: what is stored and what is on its way. Whatever
has been decided while the last batch was being stored is stored together, in one transaction; only then is it told,
to who sent it and to everyone. So nobody ever sees what a crash could take back. Followers read from one list of
events that is serialised once; a slow one just reads later, and nothing waits for it.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from childdev.errors import ChilddevError, WorkshopError
from childdev.validation import personal_data
from childdev.workshop import acts_cards, acts_steering  # noqa: F401  (they register what commands do)
from childdev.workshop.commands import Command, Undo
from childdev.workshop.deciding import Asking, Clash, Label, decide, texts
from childdev.workshop.log import Log, Opened, Token
from childdev.workshop.permissions import may
from childdev.workshop.roles import ROLES, mark
from childdev.workshop.state import Change, Event, State, applied, compact, replay
from childdev.workshop.throttle import Throttle
from childdev.workshop.undoing import undo

#: seconds between two signs of life on a silent stream
BEAT = 15.0
_TOLD = 2000
_CHUNK = 400
_PRESENCE_PAUSE = 0.3
#: who only looks on
PROJECTOR: Mapping[str, Any] = {"number": 0, "part": "projector"}


def now() -> str:
    """The time, as events tell it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class _Waiting:
    """An event on its way to the log, and who waits for it."""

    def __init__(self, event: Event, token: Token | None) -> None:
        self.event, self.token = event, token
        self.stored: asyncio.Future[Event] = asyncio.get_running_loop().create_future()


class Room:
    """The live state of one workshop. Belongs to one event loop."""

    def __init__(self, log: Log, opened: Opened, events: Sequence[Event], tokens: Mapping[str, Token]) -> None:
        self.opened = opened
        self._log = log
        self.events: list[Event] = []
        self._lines: list[bytes] = []
        self._by_id: dict[str, Event] = {}
        self.state: State = {}
        self._take(events)
        self._ahead: State = self.state
        self.tokens = dict(tokens)
        self._queue: list[_Waiting] = []
        self._coming: dict[str, _Waiting] = {}
        self._told: OrderedDict[str, tuple[int, ChilddevError | None]] = OrderedDict()
        self._writing: asyncio.Task[None] | None = None
        self._throttle = Throttle(burst=120, per_second=8)
        self._news = asyncio.Event()
        self._here: Counter[int] = Counter()
        self._presence = 0
        self._presence_due = False
        self._beats = 0
        self._beating: asyncio.Task[None] | None = None
        self._stopped = False

    # ---------------------------------------------------------------- who

    def participant(self, number: int) -> Mapping[str, Any]:
        """Who has a number; 0 is a projector."""
        found: Mapping[str, Any] = self.state["participants"][str(number)] if number else PROJECTOR
        return found

    @property
    def expired(self) -> bool:
        """Whether its code is no longer good."""
        return now() >= self.opened.expires_at

    async def join(self, part: str, role: str, token: Token | None = None) -> int:
        """Let somebody in, with a role and a mark; returns their number, which `token` (made for 0) is given.

        Raises:
            WorkshopError: it is closed, its code has run out, or it has no such role.
        """
        if self._ahead.get("closed"):
            raise WorkshopError(410, "This workshop is closed.")
        if part == "participant" and self.expired:
            raise WorkshopError(410, "The code of this workshop has run out. Ask the facilitator for a new one.")
        if role not in ROLES or (part == "participant" and role not in self._ahead["setup"]["roles"]):
            raise WorkshopError(422, "Choose a role from the list.")
        number = 1 + len(self._ahead.get("participants", {}))
        about = {"label": ROLES[role].label, "sector": ROLES[role].sector, **mark(number - 1)}
        who = {"number": number, "part": part, "role": role, **about}
        bound = Token(token.digest, number, token.expires_at) if token else None
        patch = (Change(("participants", str(number)), None, who),)
        await self._append(str(uuid4()), number, "joined", patch, bound)
        return number

    async def admit(self, token: Token) -> None:
        """Let in another browser of somebody who is here already, or (0) a projector."""
        await asyncio.to_thread(self._log.append, self.opened.id, (), (token,))
        self.tokens[token.digest] = token

    # ---------------------------------------------------------------- commands

    async def act(self, number: int, command: Command, label: Label, clash: Clash = lambda _: None) -> Event | None:
        """Do what a command asks, once; returns its event when it is stored, or None where nothing changed.

        Raises:
            ChilddevError: it is refused; says why. Nothing was done.
        """
        if (known := self._by_id.get(command.id)) is not None:
            return _theirs(known, number)
        if (coming := self._coming.get(command.id)) is not None:
            return _theirs(await asyncio.shield(coming.stored), number)
        if (told := self._told.get(command.id)) is not None and told[0] == number:
            if told[1] is not None:
                raise told[1]
            return None
        if not self._throttle.take(number):
            raise WorkshopError(429, "That was a lot at once. Wait a moment; what you did is kept until then.")
        try:
            kind, patch = self._decide(number, command, label, clash)
        except ChilddevError as e:
            if getattr(e, "status", 0) != 423:  # it may be sent again when the pause is over
                self._remember(command.id, number, e)
            raise
        if not patch:
            self._remember(command.id, number, None)
            return None
        return await self._append(command.id, number, kind, patch)

    def _decide(self, number: int, command: Command, label: Label, clash: Clash) -> tuple[str, tuple[Change, ...]]:
        personal_data.refuse(texts(command))
        asking = Asking(self._ahead, self.participant(number), now(), self._next, label, clash)
        if isinstance(command, Undo):
            if not may(asking.who["part"], command.command) or self._ahead.get("closed"):
                raise WorkshopError(403, "Nothing can be taken back now.")
            return undo(asking, command, [*self.events, *(w.event for w in self._coming.values())])
        return decide(asking, command)

    def _remember(self, command: str, number: int, told: ChilddevError | None) -> None:
        self._told[command] = (number, told)
        if len(self._told) > _TOLD:
            self._told.popitem(last=False)

    @property
    def _next(self) -> int:
        return len(self.events) + len(self._coming) + 1

    # ---------------------------------------------------------------- storing

    async def _append(
        self, command: str, by: int, kind: str, patch: tuple[Change, ...], token: Token | None = None
    ) -> Event:
        event = Event(self._next, command, now(), by, kind, patch)
        waiting = _Waiting(event, token)
        self._ahead = applied(self._ahead, patch)
        self._coming[command] = waiting
        self._queue.append(waiting)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await asyncio.shield(waiting.stored)

    async def _write(self) -> None:
        """Store what waits, batch after batch, until nothing waits."""
        try:
            while self._queue:
                batch, self._queue = self._queue, []
                events, tokens = [w.event for w in batch], [w.token for w in batch if w.token]
                try:
                    await asyncio.to_thread(self._log.append, self.opened.id, events, tokens)
                except SQLAlchemyError:
                    await self._lost(batch)
                    continue
                self._take(events)
                self.tokens.update({token.digest: token for token in tokens})
                for waiting in batch:
                    del self._coming[waiting.event.id]
                    waiting.stored.set_result(waiting.event)
                self._wake()
        finally:
            self._writing = None

    async def _lost(self, batch: Sequence[_Waiting]) -> None:
        """Nothing of a batch was stored: forget it and what was decided after it, and look what is stored."""
        after, self._queue = self._queue, []
        fresh: Sequence[Event] = ()
        try:
            fresh = await asyncio.to_thread(self._log.events, self.opened.id, len(self.events))
        except SQLAlchemyError:
            fresh = ()
        finally:
            lost, self._queue = [*batch, *after, *self._queue], []
            self._take(fresh)
            self._ahead = self.state
            self._coming.clear()
            for waiting in lost:
                waiting.stored.set_exception(
                    WorkshopError(503, "This could not be stored just now. It is sent again by itself.")
                )
                waiting.stored.exception()  # who sent it may have gone
            self._wake()

    def _take(self, events: Sequence[Event]) -> None:
        self.state = replay(events, self.state)
        for event in events:
            self.events.append(event)
            self._by_id[event.id] = event
            line = f"id: {event.sequence}\nevent: change\ndata: {compact(event.plain())}\n\n"
            self._lines.append(line.encode())

    # ---------------------------------------------------------------- following

    async def follow(self, number: int, after: int) -> AsyncIterator[bytes]:
        """What happened after an event, and then what happens, as server-sent events, until the room stops."""
        self._enter(number)
        seen, beats, presence, ready = max(0, after), self._beats, -1, False
        try:
            while not self._stopped:
                news, chunk = self._news, b""
                if seen < len(self._lines):
                    chunk = b"".join(self._lines[seen : seen + _CHUNK])
                    seen = min(seen + _CHUNK, len(self._lines))
                elif not ready:
                    ready = True
                    chunk = f'event: ready\ndata: {{"sequence":{len(self._lines)}}}\n\n'.encode()
                    seen = len(self._lines)
                elif presence != self._presence:
                    presence = self._presence
                    chunk = f"event: presence\ndata: {compact(self.presence())}\n\n".encode()
                elif beats != self._beats:
                    beats, chunk = self._beats, b": still here\n\n"
                if chunk:
                    yield chunk
                else:
                    await news.wait()
        finally:
            self._leave(number)

    def presence(self) -> dict[str, Any]:
        """Who is here, as counts by role. Kept nowhere."""
        here = [self.participant(n) for n, streams in self._here.items() if streams > 0 and n]
        return {"here": dict(sorted(Counter(p["role"] for p in here).items())), "people": len(here)}

    @property
    def followed(self) -> bool:
        """Whether anyone looks on or waits for an answer."""
        return bool(self._here.total() or self._coming)

    def stop(self) -> None:
        """End all streams; browsers come back by themselves."""
        self._stopped = True
        if self._beating is not None:
            self._beating.cancel()
        self._wake()

    def _enter(self, number: int) -> None:
        self._here[number] += 1
        if self._beating is None:
            self._beating = asyncio.create_task(self._beat())
        self._tell_presence()

    def _leave(self, number: int) -> None:
        self._here[number] -= 1
        if not self._here.total() and self._beating is not None:
            self._beating.cancel()
            self._beating = None
        self._tell_presence()

    def _tell_presence(self) -> None:
        """Soon, once for all who come and go together."""
        if not self._presence_due and not self._stopped:
            self._presence_due = True
            asyncio.get_running_loop().call_later(_PRESENCE_PAUSE, self._presence_changed)

    def _presence_changed(self) -> None:
        self._presence_due = False
        self._presence += 1
        self._wake()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            self._beats += 1
            self._wake()

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()


def _theirs(event: Event, number: int) -> Event:
    if event.by != number:
        raise WorkshopError(409, "This id was used by someone else. Make a new one.")
    return event
