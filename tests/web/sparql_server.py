"""The endpoint alone, over a real dataset, under a real server on a free port."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import uvicorn
from fastapi import FastAPI

from childdev.config import Settings
from childdev.queries.pool import Pool
from childdev.web import problems
from childdev.web.routes import sparql


def graphs_of(dataset: Path) -> frozenset[str]:
    """The names of the graphs in a file of N-Quads."""
    return frozenset(re.findall(r"<([^<>]*)> \.$", dataset.read_text(encoding="utf-8"), re.MULTILINE))


@contextlib.contextmanager
def serving(dataset: Path, settings: Settings) -> Iterator[httpx.Client]:
    """A client of the server, whose endpoint is `/sparql`."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    graphs = graphs_of(dataset)
    pool = Pool(dataset, settings, graphs)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await pool.start()
        yield
        await pool.close()

    app = FastAPI(lifespan=lifespan)
    newest = SimpleNamespace(
        settings=settings, version="1.2.3", pool=pool, public_graphs=graphs, base_url=address, in_memory=False, stages=[],
        published=SimpleNamespace(made_at="2026-11-24T12:00:00Z"),
    )  # fmt: skip
    app.state.installation, app.state.code = SimpleNamespace(newest=newest, settings=settings), ""
    app.include_router(sparql.router)
    problems.install(app)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server has not started"
            time.sleep(0.01)
        with httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
