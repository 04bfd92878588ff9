"""Routes whose answers hang on version and address alone.

Every answer carries an ETag made of the version, the address and the code; a client that has it gets 304. A new
version makes new tags, so nothing is ever stale.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from childdev.web.installation import served_soon
from childdev.web.kept import etag, unchanged


class KeptRoute(APIRoute):
    """A route whose answers hang on version and address alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.include_in_schema:  # pages and data; the API says in its schema which methods it has
            self.methods = {*(self.methods or ()), "HEAD"}

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, asked only for what is not kept."""
        make = super().get_route_handler()

        async def handler(request: Request) -> Response:
            service = await served_soon(request)
            tag = etag(
                service.version,
                service.published.made_at,
                request.url.path,
                request.url.query,
                request.app.state.code,
            )
            headers = {"ETag": tag, "Cache-Control": "no-cache"}
            if unchanged(request, tag):
                return Response(status_code=304, headers=headers)
            if (found := service.kept.get(tag)) is not None:
                return Response(found[0], headers={**found[1], **headers})
            response = await make(request)
            body = getattr(response, "body", None)
            if response.status_code == 200 and isinstance(body, bytes):
                response.headers.update(headers)
                service.kept.put(tag, body, {k: v for k, v in response.headers.items() if k != "content-length"})
            return response

        return handler
