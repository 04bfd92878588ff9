"""Filled tables while their owners look at them: in memory, for the one who sent them, and gone after an hour."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from childdev.contribution.sheets import checking, reading
from childdev.contribution.sheets.checking import Checked
from childdev.errors import BusyError, ChilddevError, NotFoundError
from childdev.model.stated import Stated

#: seconds for which a table is kept, and how many are kept: of one person, and of all
_KEPT, _OF_ONE, _OF_ALL = 3600, 3, 24


@dataclass
class Job:
    """A table that is being checked, or was. `base` is the number of the version against which it is checked."""

    owner: int
    data: bytes
    name: str
    base: int
    expires: float = field(default_factory=lambda: time.monotonic() + _KEPT)
    done: int = 0
    total: int = 0
    checked: Checked | None = None
    error: ChilddevError | None = None
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    def work(self, stated: Stated, which: str) -> None:
        """Read the table and check it, telling how far it is."""
        try:
            self.checked = checking.check(reading.read(self.data, self.name, which), stated, self._progress)
        except ChilddevError as e:
            self.error = e

    def _progress(self, done: int, total: int) -> None:
        self.done, self.total = done, total


class Shelf:
    """The tables of a server."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, job: Job, stated: Callable[[], Stated], which: str) -> str:
        """Begin to check a table; gives the key by which its owner finds it again.

        Raises:
            BusyError: too many tables are being looked at.
        """
        self._tidy(job.owner)
        if len(self._jobs) >= _OF_ALL:
            raise BusyError("Too many tables are being looked at just now. Try again in some minutes.")
        key = secrets.token_urlsafe(16)
        self._jobs[key] = job
        task = asyncio.create_task(self._run(job, stated, which))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return key

    async def _run(self, job: Job, stated: Callable[[], Stated], which: str) -> None:
        try:
            await run_in_threadpool(lambda: job.work(stated(), which))
        finally:
            job.is_over.set()

    def of(self, key: str, owner: int) -> Job:
        """A table of somebody, by its key.

        Raises:
            NotFoundError: there is none, it was let go, or it is somebody else's.
        """
        self._tidy()
        job = self._jobs.get(key)
        if job is None or job.owner != owner:
            raise NotFoundError(
                "This table is not kept any more, or was sent by somebody else. Nothing was stored; send it again.",
                [("Tables", "/tables")],
            )
        return job

    def let_go(self, key: str) -> None:
        """Forget a table."""
        self._jobs.pop(key, None)

    def _tidy(self, owner: int | None = None) -> None:
        now = time.monotonic()
        for key in [k for k, job in self._jobs.items() if job.expires < now]:
            self.let_go(key)
        own = [k for k, job in self._jobs.items() if job.owner == owner]
        for key in own[: max(0, len(own) - _OF_ONE + 1)]:
            self.let_go(key)


def shelf(app: FastAPI) -> Shelf:
    """The tables of an app."""
    if not hasattr(app.state, "shelf"):
        app.state.shelf = Shelf()
    found: Shelf = app.state.shelf
    return found
