"""A file that is sent in a form: read no further than may be."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from fastapi import Request
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser

from childdev.errors import TableError, TableTooLargeError

#: what a form holds beside its file
_FORM = 64 << 10


class Upload:
    """The form of an upload, read no further than may be; its file is let go at the end.

    `in_memory` keeps the file from ever being written to disk, even for a moment.
    """

    def __init__(self, request: Request, most: int, in_memory: bool = False) -> None:
        self._request, self._most, self._in_memory = request, most, in_memory
        self._found: FormData | None = None

    async def __aenter__(self) -> FormData:
        if int(self._request.headers.get("content-length") or 0) > self._most + _FORM:
            raise too_large(self._most)
        if not self._request.headers.get("content-type", "").startswith("multipart/form-data"):
            raise TableError("No file was sent. Choose the table that you filled in.")
        parser = MultiPartParser(self._request.headers, self._stream(), max_files=1, max_fields=8, max_part_size=_FORM)
        if self._in_memory:
            parser.spool_max_size = self._most + _FORM
        try:
            self._found = await parser.parse()
        except MultiPartException as e:
            raise TableError("The form came through damaged. Send it again.") from e
        return self._found

    async def _stream(self) -> AsyncGenerator[bytes, None]:
        seen = 0
        async for piece in self._request.stream():
            seen += len(piece)
            if seen > self._most + _FORM:
                raise too_large(self._most)
            yield piece

    async def __aexit__(self, *_: object) -> None:
        if self._found is not None:
            await self._found.close()


def too_large(most: int) -> TableTooLargeError:
    """What to say of a file that is larger than `most` bytes."""
    return TableTooLargeError(
        f"This file is larger than {most >> 20} MB, so it was not read. Take out pictures and empty rows, or cut it up."
    )
