"""Headers that keep visitors safe, on every answer; pure ASGI, so that streams flow."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from childdev.web.signed import KEY

_STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
#: pages of libraries that set styles from script
_STYLED = _STRICT.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "font-src 'self'", "font-src 'self' data:"
)
#: it also brings pages that lie beside its own folder
_WORKER = "/static/js/workshop/worker.js"


class Guard:
    """Middleware that adds the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                styled = path.startswith(("/sparql", "/graph/"))
                policy = _framed(_STYLED, scope) if path.startswith("/graph/") else _STYLED if styled else _STRICT
                headers.setdefault("Content-Security-Policy", policy)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                if KEY in scope:  # what is shown to one person is kept for nobody
                    headers.setdefault("Cache-Control", "no-store")
                if path == _WORKER:
                    headers["Service-Worker-Allowed"] = "/workshops/"
                if path.startswith("/static/"):
                    headers["Cache-Control"] = "public, max-age=86400" if "/vendor/" in path else "no-cache"
            await send(message)

        await self.app(scope, receive, guarded)


def _framed(policy: str, scope: Scope) -> str:
    """The policy of graph views, which pages of the hosts that are allowed to may show in a frame."""
    origins = scope["app"].state.installation.settings.embed_origins
    return policy.replace("frame-ancestors 'self'", " ".join(["frame-ancestors 'self'", *origins]))
