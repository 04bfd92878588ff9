"""Answers kept by version: the same version and address give the same bytes, so they are made once."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

from fastapi import Request

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


def etag(*parts: str) -> str:
    """A weak entity tag for what hangs on these parts alone."""
    return f'W/"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:24]}"'


def unchanged(request: Request, tag: str) -> bool:
    """Whether the client has this answer already (RFC 9110, If-None-Match)."""
    given = request.headers.get("if-none-match", "").split(",")
    return any(t.strip().removeprefix("W/") == tag.removeprefix("W/") for t in given)
