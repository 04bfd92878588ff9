"""What the pool and its worker processes say to each other, and what a caller of the pool gives and gets."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from childdev.errors import (
    BusyError,
    ForbiddenQueryError,
    QueryError,
    QuerySyntaxError,
    QueryTimeoutError,
    QueryTooLargeError,
    StoreError,
)

#: media types of rows and truth values, best first
BINDINGS = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
    "application/json",
    "application/xml",
    "text/xml",
)
#: media types of graphs, best first
GRAPHS = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json", "text/n3")


class NotOfferedError(QueryError):
    """The answer does not come in any form that the client takes; names those that are offered."""

    status = 406
    title = "The answer does not come in this form"

    def __init__(self, gives_graph: bool | None) -> None:
        self.gives_graph = gives_graph
        rows, graph = f"rows and truth values as {', '.join(BINDINGS)}", f"graphs as {', '.join(GRAPHS)}"
        offered = f"{rows}, {graph}" if gives_graph is None else graph if gives_graph else rows
        super().__init__(f"The endpoint gives {offered}. Name one of these in Accept.")


@dataclass(frozen=True)
class Query:
    """A query as it was asked.

    `default_graphs` and `named_graphs` are the dataset that the request gives, which goes before
    FROM in the query; None where it gives none. `bindings` and `graph` are the media types in which
    to write an answer of either kind; None where the client takes none of those.
    """

    text: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    bindings: str | None = BINDINGS[0]
    graph: str | None = GRAPHS[0]


class Spooled:
    """A whole answer in a temporary file, which goes when this is closed. Sizes are in bytes."""

    def __init__(
        self, file: IO[bytes], media_type: str, length: int, volatile: bool, on_close: Callable[[], None]
    ) -> None:
        self._file: IO[bytes] | None = file
        self._on_close = on_close
        self.media_type = media_type
        self.length = length
        #: whether the same query on the same version could give another answer
        self.volatile = volatile

    def chunks(self, size: int = 1 << 18) -> Iterator[bytes]:
        """The answer in pieces; closes it after the last."""
        try:
            at = 0
            while self._file is not None and (piece := os.pread(self._file.fileno(), size, at)):
                at += len(piece)
                yield piece
        finally:
            self.close()

    def read(self) -> bytes:
        """The whole answer; closes it."""
        return b"".join(self.chunks())

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self._on_close()

    def __del__(self) -> None:
        self.close()


_ERRORS = {
    e.__name__: e
    for e in (QuerySyntaxError, ForbiddenQueryError, QueryTimeoutError, QueryTooLargeError, BusyError, StoreError)
}


def encode(message: dict[str, Any]) -> bytes:
    """A message as one line."""
    return json.dumps(message).encode() + b"\n"


def error_to(error: Exception) -> dict[str, Any]:
    """An error as a message."""
    if isinstance(error, NotOfferedError):
        return {"error": "NotOfferedError", "gives_graph": error.gives_graph}
    return {
        "error": type(error).__name__,
        "detail": str(error),
        "line": getattr(error, "line", None),
        "column": getattr(error, "column", None),
    }


def error_from(message: dict[str, Any]) -> Exception:
    """The error that a message tells of; a syntax error carries `line` and `column` where known."""
    if message["error"] == "NotOfferedError":
        return NotOfferedError(message["gives_graph"])
    error = _ERRORS.get(message["error"], QueryError)(message["detail"])
    vars(error).update(line=message.get("line"), column=message.get("column"))
    return error
