"""Answers kept by version: the same version and address give the same bytes, so they are made once."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

from fastapi import Request

#: how many bytes of answers are kept, and how large one may be
MOST, LARGEST = 96 << 20, 12 << 20


class Kept:
    """The answers used last: bodies with their headers."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, tuple[bytes, dict[str, str]]] = OrderedDict()
        self._lock = threading.Lock()
        self._size = 0

    def get(self, tag: str) -> tuple[bytes, dict[str, str]] | None:
        """An answer, if it is kept."""
        with self._lock:
            if tag in self._answers:
                self._answers.move_to_end(tag)
            return self._answers.get(tag)

    def put(self, tag: str, body: bytes, headers: dict[str, str]) -> None:
        """Keep an answer; those used longest ago go."""
        if len(body) > LARGEST:
            return
        with self._lock:
            self._size += len(body) - len(self._answers.pop(tag, (b"", {}))[0])
            self._answers[tag] = (body, headers)
            while self._size > MOST:
                self._size -= len(self._answers.popitem(last=False)[1][0])


def etag(*parts: str) -> str:
    """A weak entity tag for what hangs on these parts alone."""
    return f'W/"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:24]}"'


def unchanged(request: Request, tag: str) -> bool:
    """Whether the client has this answer already (RFC 9110, If-None-Match)."""
    given = request.headers.get("if-none-match", "").split(",")
    return any(t.strip().removeprefix("W/") == tag.removeprefix("W/") for t in given)
