"""Files that are sent in a form, read no further than may be, and files that are sent back."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote

from fastapi import Request, Response
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from childdev.errors import ChilddevError, TableError, TableTooLargeError


@dataclass(frozen=True)
class Sent:
    """A file that was sent, its name, and what else the form holds."""

    data: bytes
    name: str
    fields: dict[str, str]


async def sent(request: Request, most: int, in_memory: bool = False) -> Sent:
    """The `file` of the form of a request, of `most` bytes at most.

    Raises:
        TableError: there is none, it is too large, or it came through damaged.
    """
    async with Upload(request, most, in_memory) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise TableError("No file was chosen. Choose the table that you filled in.")
        data, name = await file.read(), PurePath(file.filename.replace("\\", "/")).name[:120]
        fields = {key: value for key, value in form.items() if isinstance(value, str)}
    if len(data) > most:
        raise too_large(most)
    return Sent(data, name, fields)


def attachment(data: bytes, name: str, media: str) -> Response:
    """A file to be saved under a name."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(data, media_type=media, headers=headers)


def private(response: Response) -> Response:
    """Let an answer be kept by nobody: it is for one person only."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


class Upload:
    """The form of an upload, read no further than may be; its file is let go at the end.

    `in_memory` keeps the file from ever being written to disk, even for a moment.
    """

    #: what a form may hold beside its file, in bytes, and how many fields
    beside, fields = 64 << 10, 8
    refusal: type[ChilddevError] = TableError
    nothing = "No file was sent. Choose the table that you filled in."
    damaged = "The form came through damaged. Send it again."

    def __init__(self, request: Request, most: int, in_memory: bool = False) -> None:
        self._request, self._most, self._in_memory = request, most, in_memory
        self._found: FormData | None = None

    async def __aenter__(self) -> FormData:
        if int(self._request.headers.get("content-length") or 0) > self._most + self.beside:
            raise self.too_large()
        if not self._request.headers.get("content-type", "").startswith("multipart/form-data"):
            raise self.refusal(self.nothing)
        bounds = {"max_files": 1, "max_fields": self.fields, "max_part_size": self.beside}
        parser = MultiPartParser(self._request.headers, self._stream(), **bounds)
        if self._in_memory:
            parser.spool_max_size = self._most + self.beside
        try:
            self._found = await parser.parse()
        except MultiPartException as e:
            raise self.refusal(self.damaged) from e
        return self._found

    async def _stream(self) -> AsyncGenerator[bytes, None]:
        seen = 0
        async for piece in self._request.stream():
            seen += len(piece)
            if seen > self._most + self.beside:
                raise self.too_large()
            yield piece

    def too_large(self) -> ChilddevError:
        """What to say when more is sent than may be."""
        return too_large(self._most)

    async def __aexit__(self, *_: object) -> None:
        if self._found is not None:
            await self._found.close()


def too_large(most: int) -> TableTooLargeError:
    """What to say of a file that is larger than `most` bytes."""
    return TableTooLargeError(
        f"This file is larger than {most >> 20} MB, so it was not read. Take out pictures and empty rows, or cut it up."
    )
