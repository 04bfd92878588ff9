"""Filled tables while their owners look at them: in memory, for the one who sent them, and gone after an hour."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from starlette.concurrency import run_in_threadpool

from childdev.errors import BusyError, ChilddevError, NotFoundError

#: seconds for which a table is kept
_KEPT = 3600
#: seconds to wait for a check before showing how far it is
_PATIENCE = 2.5
C = TypeVar("C")


@dataclass
class Job(Generic[C]):
    """A table that is being checked, or was: `checked` says what came of it, `done` and `total` how far it is."""

    owner: int
    name: str
    expires: float = field(default_factory=lambda: time.monotonic() + _KEPT, kw_only=True)
    done: int = field(default=0, kw_only=True)
    total: int = field(default=0, kw_only=True)
    checked: C | None = field(default=None, kw_only=True)
    error: ChilddevError | None = field(default=None, kw_only=True)
    is_over: asyncio.Event = field(default_factory=asyncio.Event, kw_only=True)

    def progress(self, done: int, total: int = 0) -> None:
        """Tell how far the check is."""
        self.done, self.total = done, total

    async def a_while(self) -> None:
        """Wait until the check is over, but not for long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.is_over.wait(), _PATIENCE)


J = TypeVar("J", bound=Job)  # type: ignore[type-arg]  # a shelf holds jobs of one kind, whatever comes of them


class Shelf(Generic[J]):
    """The tables of one kind that a server holds: so many of all, and of one person where that is given.

    `back` is where somebody can send a table anew: words and address.
    """

    def __init__(self, back: tuple[str, str], of_all: int, of_one: int | None = None) -> None:
        self._back, self._of_all, self._of_one = back, of_all, of_one
        self._jobs: dict[str, J] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, job: J, work: Callable[[], object]) -> str:
        """Begin to check a table; gives the key by which its owner finds it again.

        Raises:
            BusyError: too many tables are being looked at.
        """
        self._tidy(job.owner)
        if len(self._jobs) >= self._of_all:
            raise BusyError("Too many tables are being looked at just now. Try again in some minutes.")
        key = secrets.token_urlsafe(16)
        self._jobs[key] = job
        task = asyncio.create_task(self._run(job, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return key

    async def _run(self, job: J, work: Callable[[], object]) -> None:
        try:
            job.checked = await run_in_threadpool(work)
        except ChilddevError as e:
            job.error = e
        finally:
            job.is_over.set()

    def of(self, key: str, owner: int) -> J:
        """A table of somebody, by its key.

        Raises:
            NotFoundError: there is none, it was let go, or it is somebody else's.
        """
        self._tidy()
        job = self._jobs.get(key)
        if job is None or job.owner != owner:
            raise NotFoundError(
                "This table is not kept any more, or was sent by somebody else. Nothing was stored; send it again.",
                [self._back],
            )
        return job

    def let_go(self, key: str) -> None:
        """Forget a table."""
        self._jobs.pop(key, None)

    def _tidy(self, owner: int | None = None) -> None:
        now = time.monotonic()
        for key in [k for k, job in self._jobs.items() if job.expires < now]:
            self.let_go(key)
        if self._of_one is None:
            return
        own = [k for k, job in self._jobs.items() if job.owner == owner]
        for key in own[: max(0, len(own) - self._of_one + 1)]:
            self.let_go(key)
