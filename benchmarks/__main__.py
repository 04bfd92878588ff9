"""`make bench`: start-up, pages and `/sparql`, each beside a named peer in the same run. Prints; asserts nothing."""

from __future__ import annotations

import functools
import http.server
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from tests.server import served

from benchmarks import sparql

PAGES = {
    "first page": "/",
    "a feature": "/feature/joins-two-words",
    "the map": "/map?domain=motor&stage=primary",
    "search": "/search?q=not%20talking%20much%20yet",
    "a picture": "/graph/neighbourhood/feature/joins-two-words",
    "a question": "/questions/what-it-rests-on?feature=joins-two-words",
}
ROUNDS = 60


def main() -> None:
    """Measure everything on the packaged model."""
    with tempfile.TemporaryDirectory() as folder, httpx.Client(trust_env=False, timeout=120) as client:
        data = Path(folder) / "var"
        started = time.perf_counter()
        with served(data):
            print(f"first start, model built and checked   {time.perf_counter() - started:6.2f} s")
        started = time.perf_counter()
        with served(data) as address:
            print(f"second start                           {time.perf_counter() - started:6.2f} s\n")
            pages(client, address, Path(folder))
            print()
            with sparql.oxigraph(client, data / "versions/0/dataset.nq", Path(folder)) as peer:
                sparql.compare(client, f"{address}/sparql", f"{peer}/query")


def pages(client: httpx.Client, address: str, folder: Path) -> None:
    """Each page, made anew, beside the same bytes as a file from Python's http.server."""
    print(f"{'':38}  childdev   files    ratio   (p95 ms of {ROUNDS}, in turns)")
    with files(folder / "pages") as peer:
        for name, path in PAGES.items():
            html = client.get(address + path, headers={"Accept": "text/html"}).text
            (folder / "pages" / "page.html").write_text(html, encoding="utf-8")
            ours, theirs = [], []
            for _ in range(ROUNDS):
                ours.append(_timed(client, address + path))
                theirs.append(_timed(client, f"{peer}/page.html"))
            a, b = _p95(ours), _p95(theirs)
            print(f"{name:38} {a:9.2f} {b:9.2f} {a / b:7.2f}   {len(html.encode()) / 1000:.0f} kB")


def _timed(client: httpx.Client, url: str) -> float:
    started = time.perf_counter()
    client.get(url, headers={"Accept": "text/html"}).raise_for_status()
    return (time.perf_counter() - started) * 1000


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def files(folder: Path) -> Iterator[str]:
    """Python's own file server over a folder."""
    folder.mkdir()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


if __name__ == "__main__":
    main()
