"""Plain forms that are sent: read up to a size, so that nobody fills the memory."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import QueryParams

from childdev.web.problems import RequestError

#: how large (in bytes) a plain form may be
LARGEST = 256 << 10
_PLAIN = "application/x-www-form-urlencoded"


async def form(request: Request, largest: int = LARGEST) -> QueryParams:
    """The fields of a form, with lines ended as everywhere else.

    Raises:
        RequestError: it is larger than `largest`, or no plain form.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _PLAIN:
        raise RequestError(415, f"A form comes as {_PLAIN}.")
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > largest:
            raise RequestError(413, "This is more text than can be sent at once. Make it shorter, and send it again.")
    fields = QueryParams(bytes(read).decode("ascii", "replace"))
    return QueryParams([(name, value.replace("\r\n", "\n")) for name, value in fields.multi_items()])


def whole_number(text: str | None) -> int | None:
    """A whole number that somebody typed, or None where it is none."""
    text = (text or "").strip().removeprefix("#")
    return int(text) if text.isdecimal() and len(text) < 10 else None
