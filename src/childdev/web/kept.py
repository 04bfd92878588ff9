"""Answers kept by version: the same version and address give the same bytes, so they are made once.

Every answer of a `KeptRoute` carries an ETag made of the version, the address and the code; a client
that has it gets 304. A new version makes new tags, so nothing is ever stale.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

#: how many answers are kept, and how large (in bytes) one may be
MOST, LARGEST = 512, 400_000


class Kept:
    """The answers used last: bodies with their headers."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, tuple[bytes, dict[str, str]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, tag: str) -> tuple[bytes, dict[str, str]] | None:
        """An answer, if it is kept."""
        with self._lock:
            if tag in self._answers:
                self._answers.move_to_end(tag)
            return self._answers.get(tag)

    def put(self, tag: str, body: bytes, headers: dict[str, str]) -> None:
        """Keep an answer; the one used longest ago goes."""
        if len(body) > LARGEST:
            return
        with self._lock:
            self._answers[tag] = (body, headers)
            if len(self._answers) > MOST:
                self._answers.popitem(last=False)


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
            state = request.app.state
            tag = etag(
                state.service.version, state.service.published.made_at, request.url.path, request.url.query, state.code
            )
            headers = {"ETag": tag, "Cache-Control": "no-cache"}
            if unchanged(request, tag):
                return Response(status_code=304, headers=headers)
            if (found := state.service.kept.get(tag)) is not None:
                return Response(found[0], headers={**found[1], **headers})
            response = await make(request)
            body = getattr(response, "body", None)
            if response.status_code == 200 and isinstance(body, bytes):
                response.headers.update(headers)
                state.service.kept.put(tag, body, {k: v for k, v in response.headers.items() if k != "content-length"})
            return response

        return handler


def etag(*parts: str) -> str:
    """A weak entity tag for what hangs on these parts alone."""
    return f'W/"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:24]}"'


def unchanged(request: Request, tag: str) -> bool:
    """Whether the client has this answer already (RFC 9110, If-None-Match)."""
    given = request.headers.get("if-none-match", "").split(",")
    return any(t.strip().removeprefix("W/") == tag.removeprefix("W/") for t in given)
