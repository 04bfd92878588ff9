"""`make bench`: start-up, pages and `/sparql`, each beside a named peer in the same run. Prints; asserts nothing."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import httpx
from tests.server import served

from benchmarks import areas, changes, graphs, search, sparql, tables, workshop

PAGES = {
    "first page": "/",
    "a feature": "/feature/joins-two-words",
    "the map": "/map?domain=motor&stage=primary",
    "search": "/search?q=not%20talking%20much%20yet",
    "a picture": "/graph/neighbourhood/feature/joins-two-words",
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
            pages(client, address)
            print()
            with sparql.oxigraph(client, data / "versions/0/dataset.nq", Path(folder)) as peer:
                sparql.compare(client, f"{address}/sparql", f"{peer}/query")
    print()
    search.main()
    print()
    workshop.main()
    print()
    changes.main()
    print()
    tables.main()
    print()
    areas.main()
    print()
    graphs.main()


def pages(client: httpx.Client, address: str) -> None:
    """Each page, made anew each time, beside a file of 20 kB that the same server's Starlette sends."""
    print(f"{'':38}  childdev      file   ratio   (p95 ms of {ROUNDS}, in turns)")
    for name, path in PAGES.items():
        fresh = (
            f"{address}{path}{'&' if '?' in path else '?'}fresh="  # a value not asked for yet, so that nothing is kept
        )
        ours, theirs = [], []
        for n in range(ROUNDS):
            ours.append(_timed(client, f"{fresh}{n}"))
            theirs.append(_timed(client, f"{address}/static/css/childdev.css"))
        a, b = _p95(ours), _p95(theirs)
        print(f"{name:38} {a:9.2f} {b:9.2f} {a / b:7.2f}")


def _timed(client: httpx.Client, url: str) -> float:
    started = time.perf_counter()
    client.get(url, headers={"Accept": "text/html"}).raise_for_status()
    return (time.perf_counter() - started) * 1000


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
