"""The figures of areas as a server holds them: read anew when they change, and a store in which SPARQL can ask them.

The figures lie aside from the model: a change of the model does not touch them, and they are no part of its versions.
For queries that name their graph there is a store on disk with the model and the figures, made when it is first needed.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import threading
from collections import defaultdict
from functools import cached_property
from pathlib import Path

from fastapi import FastAPI, Request
from pyoxigraph import NamedNode, RdfFormat, Store
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool

from childdev.contribution.observations import cube
from childdev.errors import QuerySyntaxError
from childdev.model.iris import INFERRED
from childdev.queries.guard import undo_escapes
from childdev.queries.pool import Pool
from childdev.store import observations as kept
from childdev.store.database import reach
from childdev.store.observations import OBSERVATIONS, Figures, Observation
from childdev.web.installation import Installation
from childdev.web.service import Service


class Index:
    """All figures at one moment, by area."""

    def __init__(self, fingerprint: str, figures: Figures) -> None:
        self.fingerprint = fingerprint
        self.figures = figures

    @cached_property
    def by_area(self) -> dict[str, dict[str, list[Observation]]]:
        """The observations by area and indicator, the oldest first."""
        found: defaultdict[str, defaultdict[str, list[Observation]]] = defaultdict(lambda: defaultdict(list))
        for o in sorted(self.figures.observations, key=lambda o: o.year):
            found[o.area][o.indicator].append(o)
        return {area: dict(some) for area, some in found.items()}


class Observed:
    """The figures of an installation."""

    def __init__(self, here: Installation) -> None:
        self._here = here
        self._engine: Engine = here.engine if not here.read_only else reach(here.settings.database_url)
        self._index: Index | None = None
        self._reading = threading.Lock()
        self._pool: tuple[str, Pool] | None = None
        self._opening = asyncio.Lock()

    @property
    def index(self) -> Index:
        """The figures as they are now."""
        fingerprint = self.fingerprint
        with self._reading:
            if self._index is None or self._index.fingerprint != fingerprint:
                self._index = Index(fingerprint, kept.load(self._engine))
            return self._index

    @property
    def fingerprint(self) -> str:
        """What tells these figures from others."""
        with self._engine.connect() as connection:
            return kept.fingerprint(connection)

    async def pool(self, service: Service) -> Pool:
        """What answers queries over the model of a version and the figures, each in its graphs."""
        fingerprint = await run_in_threadpool(lambda: self.fingerprint)
        name = f"{fingerprint}-{service.published.number}-{service.pool.fingerprint}"
        async with self._opening:
            if self._pool is None or self._pool[0] != name:
                folder = self._here.settings.data / "observations"
                source = await run_in_threadpool(self._store, folder, name, service)
                old, fresh = self._pool, Pool(source, service.settings, service.public_graphs, beside=(OBSERVATIONS,))
                self._pool = (name, fresh)
                if old is not None:
                    await old[1].close()
                await run_in_threadpool(_tidy, folder, name)
            return self._pool[1]

    def _store(self, folder: Path, name: str, service: Service) -> Path:
        """A store with the public graphs of a version and the figures; whole, or not there."""
        done = folder / name
        if done.is_dir():
            return done
        partial = folder / f"{name}.part"
        shutil.rmtree(partial, ignore_errors=True)
        partial.parent.mkdir(parents=True, exist_ok=True)
        store = Store(str(partial))
        store.bulk_load(path=str(service.published.dataset), format=RdfFormat.N_QUADS)
        public = service.public_graphs | {INFERRED.value}
        for graph in list(store.named_graphs()):
            if graph.value not in public:
                store.remove_graph(graph)
        store.bulk_extend(cube.quads(self.index.figures, NamedNode(OBSERVATIONS)))
        store.flush()
        del store
        partial.rename(done)
        return done

    async def close(self) -> None:
        """Stop what answers queries."""
        if self._pool is not None:
            await self._pool[1].close()


def _tidy(folder: Path, name: str) -> None:
    for other in folder.iterdir():
        if other.name != name:
            shutil.rmtree(other, ignore_errors=True)


def observed(request: Request) -> Observed:
    """The figures of the installation that answers a request."""
    return _of(request.app)


def _of(app: FastAPI) -> Observed:
    if not hasattr(app.state, "observed"):
        app.state.observed = Observed(app.state.installation)
    found: Observed = app.state.observed
    return found


def names_them(query: str, graphs: tuple[str, ...] | None) -> bool:
    """Whether a query, or what it is asked over, may name the graph of the figures."""
    with contextlib.suppress(QuerySyntaxError):  # of which the endpoint tells
        query = undo_escapes(query)
    return "observations" in query or any(g == OBSERVATIONS for g in graphs or ())


def index(request: Request) -> Index:
    """The figures as they are now."""
    return observed(request).index
