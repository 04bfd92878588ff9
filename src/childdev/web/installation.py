"""An installation at work: the newest version for most requests, older ones for those that name one, and publishing.

`?version=` on any page, question, dump or SPARQL request asks for the model as it was: a release (`1.0.0`) or a
version between releases (`1.0.0.3`).
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import OrderedDict

from fastapi import Request
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool

from childdev.config import Settings
from childdev.errors import NotFoundError, StoreError
from childdev.model.stated import Stated
from childdev.store.publication import Publication, Version
from childdev.store.record import ChangeSet, lines_model
from childdev.web.service import Service

#: versions of the past that are kept open
_PAST = 2


class Installation:
    """The newest version and, where this is the writer of a data folder, how it comes to the next."""

    def __init__(self, newest: Service, publication: Publication | None = None) -> None:
        self.newest = newest
        self.settings: Settings = newest.settings
        self._publication = publication
        self._past: OrderedDict[str, Service] = OrderedDict()
        self._opening = threading.Lock()
        self._publishing = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed here, and nobody signs in."""
        return self._publication is None

    @property
    def publication(self) -> Publication:
        """The writer.

        Raises:
            StoreError: this is a copy for reading only.
        """
        if self._publication is None:
            raise StoreError("These pages are a copy for reading only.")
        return self._publication

    @property
    def engine(self) -> Engine:
        """The database of private things: accounts, drafts, workshops."""
        return self.publication.record.engine

    @property
    def stated(self) -> Stated:
        """The stated quads of the newest version, for those who change them."""
        return self.newest.stated

    def at(self, name: str) -> Service:
        """A version by its name. May take seconds when it is not open yet.

        Raises:
            NotFoundError: there is none of this name.
        """
        if name == self.newest.version:
            return self.newest
        with self._opening:
            if name in self._past:
                self._past.move_to_end(name)
                return self._past[name]
            number = self.publication.record.number(name) if self._publication is not None else None
            if number is None:
                raise NotFoundError(f"There is no version '{name}' of the model.", [("All versions", "/history")])
            record = self.publication.record
            service = Service(self.settings, self.publication.at(number), lambda: lines_model(record.state(number)))
            service.base_url = self.newest.base_url
            self._past[name] = service
            if len(self._past) > _PAST:
                self._let_go(self._past.popitem(last=False)[1])
            return service

    async def publish(self, base: int, change: ChangeSet) -> Version:
        """Publish a validated change set made on version `base`; from then on every request sees the new version.

        Raises:
            ConflictError: the model has moved on. Nothing was stored.
        """
        async with self._publishing:
            fresh = await run_in_threadpool(self._publish, base, change)
            old = self.newest
            await old.pool.switch(fresh.source, fresh.public_graphs, fresh.published.history)
            fresh.pool = old.pool
            self.newest = fresh
            return fresh.published

    def _publish(self, base: int, change: ChangeSet) -> Service:
        publication = self.publication
        version = publication.publish(base, change)
        model = publication.model
        fresh = Service(self.settings, version, lambda: model)
        fresh.base_url = self.newest.base_url
        return fresh

    def _let_go(self, service: Service) -> None:
        if self._loop is not None:
            asyncio.run_coroutine_threadsafe(service.pool.close(), self._loop)

    async def start(self) -> None:
        """Make the newest version ready for queries."""
        self._loop = asyncio.get_running_loop()
        await self.newest.pool.start()

    async def close(self) -> None:
        """Stop the processes that answer queries."""
        for service in (*self._past.values(), self.newest):
            with contextlib.suppress(StoreError):
                await service.pool.close()


def installation(request: Request) -> Installation:
    """The installation that answers a request."""
    found: Installation = request.app.state.installation
    return found


def served(request: Request) -> Service:
    """The version that a request asks for: the newest, or the one that it names."""
    name = request.query_params.get("version")
    return installation(request).at(name) if name else installation(request).newest


async def served_soon(request: Request) -> Service:
    """`served`, for those who await: an old version may take seconds to open."""
    return await run_in_threadpool(served, request) if "version" in request.query_params else served(request)
