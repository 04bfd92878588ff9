"""Errors over HTTP: one shape, the problem document of RFC 9457, for everything that isn't a page."""

from __future__ import annotations

import http
import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from childdev.errors import BusyError, ChilddevError, FindingsError, NotFoundError
from childdev.model.iris import BASE
from childdev.web.negotiation import best

#: makes a page of an error, for people; given to `install`
Page = Callable[[Request, ChilddevError], Response]


class RequestError(ChilddevError):
    """A request that HTTP or the protocol on top of it does not allow; `headers` go into the answer."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.title = http.HTTPStatus(status).phrase
        self.headers = dict(headers or {})


def problem(error: ChilddevError) -> dict[str, Any]:
    """The problem document of an error."""
    kind = re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__.removesuffix("Error")).lower()
    document: dict[str, Any] = {
        "type": "about:blank" if isinstance(error, RequestError) else f"{BASE}problem/{kind}",
        "title": error.title,
        "status": error.status,
        "detail": error.summary if isinstance(error, FindingsError) else str(error),
    }
    if isinstance(error, FindingsError):
        document["findings"] = [{"where": f.where, "message": f.message} for f in error.findings]
    if isinstance(error, NotFoundError) and error.near:
        document["near"] = [{"label": label, "url": url} for label, url in error.near]
    place = {key: value for key in ("line", "column") if (value := getattr(error, key, None)) is not None}
    return document | place


def problem_response(error: ChilddevError, request: Request) -> Response:
    """An error as `application/problem+json`. Anyone's script may read it, as it may read the data."""
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store", **getattr(error, "headers", {})}
    if isinstance(error, BusyError):
        seconds = request.app.state.installation.settings.query_seconds
        headers["Retry-After"] = str(max(1, math.ceil(seconds / 2)))
    body = json.dumps(problem(error), ensure_ascii=False).encode()
    return Response(body, error.status, headers, media_type="application/problem+json")


def install(app: FastAPI, page: Page | None = None) -> None:
    """Let every error of `app` come out as a problem document, or as `page` makes it for those who want HTML."""

    def respond(request: Request, error: ChilddevError) -> Response:
        accept = request.headers.get("accept")
        if page is not None and best(accept, ("application/problem+json", "text/html")) == "text/html":
            return page(request, error)
        return problem_response(error, request)

    async def on_childdev(request: Request, error: Exception) -> Response:
        return respond(request, cast(ChilddevError, error))

    async def on_http(request: Request, error: Exception) -> Response:
        given = cast(HTTPException, error)
        words = _WORDS.get(given.status_code, f"{str(given.detail).rstrip('.')}.")
        return respond(request, RequestError(given.status_code, words, given.headers))

    async def on_validation(request: Request, error: Exception) -> Response:
        wrong = cast(RequestValidationError, error).errors()
        told = [f"{'.'.join(str(part) for part in e['loc'][1:]) or 'request'}: {e['msg']}" for e in wrong]
        return respond(request, RequestError(422, f"The request has values that can't be taken. {'; '.join(told)}."))

    async def on_unexpected(request: Request, error: Exception) -> Response:
        message = "Something went wrong on our side. Nothing was changed. Please try again, and tell us if it stays."
        return respond(request, RequestError(500, message))

    app.add_exception_handler(ChilddevError, on_childdev)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(Exception, on_unexpected)


_WORDS = {
    404: "There is nothing at this address. Look at the spelling, or start from the first page.",
    405: "This address doesn't do that. See the Allow header for what it does.",
}
