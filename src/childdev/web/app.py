"""The application: routes, static files, headers that keep visitors safe."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

from childdev.access.attempts import Attempts
from childdev.access.openid import provider_of
from childdev.access.throttle import Throttle
from childdev.store.publication import Publication
from childdev.web import problems, signed
from childdev.web.guard import Guard
from childdev.web.installation import Installation
from childdev.web.kept_route import KeptRoute
from childdev.web.presence import Presence
from childdev.web.routes import (
    account,
    api,
    areas,
    changes,
    dumps,
    edit,
    graphs,
    history,
    leverage,
    linked_data,
    live,
    not_yet,
    openid,
    pages,
    people,
    proposals,
    releases,
    signin,
    sparql,
    suggest,
    tables,
    things,
    workshops,
    writes,
)
from childdev.web.service import Service
from childdev.web.templating import error_page

_HERE = Path(__file__).parent
DESCRIPTION = """The model of healthy child development, read-only. Every answer is `{"data": …, "version": …}`, with
`"next"` where there are more pages; every error is a problem document (RFC 9457). Ages are in months after birth."""


def create_app(service: Service, publication: Publication | None = None) -> FastAPI:
    """The application over a version; with a publication, people can change the model."""
    here = Installation(service, publication)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await here.start()
        yield
        await here.close()

    app = FastAPI(
        title="childdev",
        version=service.version,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.installation = here
    app.state.code = _code_digest()
    app.state.throttle = Throttle()
    app.state.openid, app.state.attempts = provider_of(service.settings), Attempts()
    app.state.presence = Presence()
    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")
    questions = APIRouter(route_class=KeptRoute)
    api.add_questions(questions, service.catalogue.questions)
    app.include_router(questions)
    for module in (
        *(signin, openid, account, people, suggest, edit, tables, proposals, releases, history, writes, workshops),
        *(live, changes, api, sparql, dumps, areas, linked_data, graphs, not_yet),
        *(leverage, pages, things),
    ):
        app.include_router(module.router)
    app.include_router(history.undoing)
    app.include_router(history.data)
    problems.install(app, error_page)

    @app.get("/healthz", include_in_schema=False)
    def healthz() -> dict[str, str]:
        """Whether the service is well, and which version it serves."""
        return {"status": "well", "version": here.newest.version}

    signed.install(app)
    app.add_middleware(Guard)
    return app


def _code_digest() -> str:
    """What the look of pages hangs on besides the model: templates and code, so that an update shows at once."""
    files = sorted([*(_HERE / "templates").iterdir(), *_HERE.parent.rglob("*.py")])
    return hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()[:12]
