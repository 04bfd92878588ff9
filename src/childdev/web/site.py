"""A copy of the reading pages as plain files, which any web server, or none, can show.

Every page that can be reached from the first one by links without a question of one's own is asked for from
the application itself and written as `<address>/index.html`, with relative links. What needs the service
(search, SPARQL, the API, why something was inferred) leads to the page that says so.
"""

from __future__ import annotations

import asyncio
import html
import posixpath
import re
import tempfile
from pathlib import Path
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import httpx
from fastapi import FastAPI

from childdev.errors import SiteError

COPY_PAGE = "/about-this-copy"
#: addresses that need the service, with all that is under them
_NEEDS_SERVICE = re.compile(
    "/(search|sparql|api|why|graph|graphs|not-yet|areas|leverage|suggest|edit|proposals|workshops|sign-in|history|releases|tables|people|account"
    "|feed.atom|tend|suggestions|graph-store|update)(?![^/?])"
)
#: formats that a copy leaves to the downloads of the whole model
_LEFT_OUT = (".nt", ".rdf")
_LINK = re.compile(r'(?<=\s)(href|src|action)="([^"]*)"')
_ID = re.compile(r'(?<=\s)id="([^"]*)"')
_INNER = re.compile(r"url\(([^)]+)\)")


async def copy(app: FastAPI, folder: Path) -> int:
    """Copy the reading pages of an application into an empty or new folder, and check every link in the copy.

    Gives the number of files. The folder appears when all is well, so a copy is never half there.

    Raises:
        SiteError: the folder holds something already or can't be written, a page that is linked to can't be
            had, or a link leads to a place that its page does not have.
    """
    folder = free(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as partial:
            whole = Path(partial) / "copy"
            files = await _copy(app, whole)
            if folder.exists():
                folder.rmdir()
            whole.rename(folder)
    except OSError as e:
        raise SiteError(f"{folder} can't be written: {e.strerror}. Choose another folder.") from e
    return files


def free(folder: Path) -> Path:
    """The folder that is named, if a copy may be made there.

    Raises:
        SiteError: it is a file, or holds something already.
    """
    folder = folder.resolve()
    if folder.exists() and not folder.is_dir():
        raise SiteError(f"{folder} is a file; name a new folder.")
    if folder.exists() and any(folder.iterdir()):
        raise SiteError(f"{folder} is not empty; name a new folder, so that nothing of yours is overwritten.")
    return folder


async def _copy(app: FastAPI, folder: Path) -> int:
    anchors: dict[str, set[str]] = {}
    written: dict[str, str] = {}
    wanted: list[tuple[str, str, str]] = []  # page, file that is linked to, fragment
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://copy") as client:
        waiting, seen = ["/", COPY_PAGE], {"/", COPY_PAGE}
        while waiting:
            address = waiting.pop()
            response = await client.get(address, follow_redirects=True)
            if response.status_code != 200:
                raise SiteError(f"{address} can't be copied: it answers with status {response.status_code}.")
            file, body = file_of(address), response.content
            # some file systems do not tell small letters from capitals
            if written.setdefault(file.casefold(), address) != address:
                raise SiteError(f"{address} and {written[file.casefold()]} would be written to one file.")
            if response.headers["content-type"].startswith(("text/html", "text/css")):
                text, found = _rewritten(response.text, address)
                anchors[file] = set(_ID.findall(text))
                wanted += [(address, file_of(target), fragment) for target, fragment in found]
                body = text.encode()
                new = sorted({target for target, _ in found} - seen)
                seen.update(new)
                waiting.extend(new)
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(body)
    for page, file, fragment in wanted:
        if not (folder / file).exists() or (fragment and fragment not in anchors.get(file, set())):
            raise SiteError(f"{page} has a link to {file}{'#' + fragment if fragment else ''}, which is not there.")
    return len(written)


def run(app: FastAPI, folder: Path) -> int:
    """`copy`, for those who do not await."""
    return asyncio.run(copy(app, folder))


def file_of(address: str) -> str:
    """The file of an address: what is asked after the question mark becomes part of the path."""
    parts = urlsplit(address)
    path = parts.path.lstrip("/")
    if (re.search(r"\.[A-Za-z0-9]+$", path) or path.endswith("/SHA256SUMS")) and not parts.query:
        return path
    asked = "-".join(re.sub(r"[^A-Za-z0-9-]", "-", v) for pair in parse_qsl(parts.query) for v in pair)
    return posixpath.join(path, asked, "index.html") if asked else posixpath.join(path, "index.html")


def _rewritten(text: str, address: str) -> tuple[str, list[tuple[str, str]]]:
    """A page with relative links, and the addresses and fragments to which they lead."""
    found: list[tuple[str, str]] = []

    def link(value: str) -> str:
        target, fragment = urldefrag(urljoin(address, html.unescape(value)))
        if urlsplit(target).scheme or urlsplit(target).netloc:
            return value
        if target.startswith("/vocabulary/"):  # the page of all terms holds each in full
            target, fragment = "/vocabulary", target.removeprefix("/vocabulary/")
        if target == urldefrag(address)[0]:
            found.append((target, fragment))
            return f"#{fragment}" if fragment else "index.html"
        if _needs_service(target):
            target, fragment = COPY_PAGE, ""
        found.append((target, fragment))
        relative = posixpath.relpath(file_of(target), posixpath.dirname(file_of(address)) or ".")
        return relative + (f"#{fragment}" if fragment else "")

    def attribute(match: re.Match[str]) -> str:
        return f'{match[1]}="{html.escape(link(match[2]))}"'

    if address.endswith(".css"):
        return _INNER.sub(lambda m: f"url({link(m[1].strip(chr(34) + chr(39)))})", text), found
    return _LINK.sub(attribute, text), found


def _needs_service(target: str) -> bool:
    asked = target.startswith("/questions/") and "?" in target
    return asked or bool(_NEEDS_SERVICE.match(target)) or (target.startswith("/data/") and target.endswith(_LEFT_OUT))
