"""`/sparql` of a running childdev against `oxigraph serve` on the same data, in turns, in the same run.

    python -m benchmarks.sparql http://127.0.0.1:8000 [--data dataset.nq]

Prints the median of each query at both, and the ratio (below 1: childdev is faster). Without --data
the data come from childdev's own dump. Oxigraph keeps its copy in a temporary folder.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

PREFIXES = """PREFIX cd: <https://w3id.org/childdev/def/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX feature: <https://w3id.org/childdev/id/feature/>
"""
QUERIES = {
    "one thing, all it says": "SELECT ?p ?o { feature:joins-two-words ?p ?o }",
    "features with stage and domain": (
        "SELECT ?label ?stage ?domain { ?f a cd:Feature ; skos:prefLabel ?label ; "
        "cd:inStage/skos:prefLabel ?stage ; cd:inDomain/skos:prefLabel ?domain } ORDER BY ?label"
    ),
    "all that a feature rests on (path)": (
        "SELECT DISTINCT ?label { feature:joins-two-words cd:buildsOn+/skos:prefLabel ?label }"
    ),
    "search in labels": 'SELECT ?f ?label { ?f skos:prefLabel ?label FILTER(CONTAINS(LCASE(?label), "sleep")) }',
    "count everything by graph": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
    "graph of one stage": (
        "CONSTRUCT { ?f ?p ?o } WHERE { ?f cd:inStage <https://w3id.org/childdev/id/stage/perinatal> ; ?p ?o }"
    ),
}  # fmt: skip
ROUNDS = 40


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", help="address of a running childdev")
    parser.add_argument("--data", type=Path, help="the same data as a file (.nq or .trig)")
    given = parser.parse_args()
    with httpx.Client(trust_env=False, timeout=120) as client, tempfile.TemporaryDirectory() as folder:
        data = given.data or _dump(client, given.url, Path(folder))
        with oxigraph(client, data, Path(folder)) as peer:
            compare(client, f"{given.url.rstrip('/')}/sparql", f"{peer}/query")


def compare(client: httpx.Client, ours: str, theirs: str) -> float:
    """Print a line for each query, and give the median of the ratios."""
    print(f"{'':38}  childdev  oxigraph   ratio   (median ms of {ROUNDS}, in turns)")
    ratios = []
    for name, text in QUERIES.items():
        query = PREFIXES + text
        kind = "text/turtle" if "CONSTRUCT" in text else "application/sparql-results+json"
        times: dict[str, list[float]] = {ours: [], theirs: []}
        sizes = {_ask(client, at, query, kind)[1] for at in times for _ in range(3)}
        for _ in range(ROUNDS):
            for at, taken in times.items():
                taken.append(_ask(client, at, query, kind)[0])
        a, b = (statistics.median(taken) * 1000 for taken in times.values())
        ratios.append(a / b)
        print(f"{name:38} {a:9.2f} {b:9.2f} {a / b:7.2f}   {max(sizes) / 1000:.0f} kB")
    overall = statistics.median(ratios)
    print(f"{'median of the ratios':38} {'':9} {'':9} {overall:7.2f}")
    return overall


def _ask(client: httpx.Client, at: str, query: str, accept: str) -> tuple[float, int]:
    started = time.perf_counter()
    response = client.post(at, content=query, headers={"Content-Type": "application/sparql-query", "Accept": accept})
    taken = time.perf_counter() - started
    response.raise_for_status()
    return taken, len(response.content)


def _dump(client: httpx.Client, url: str, folder: Path) -> Path:
    file = folder / "childdev-all.trig"
    file.write_bytes(client.get(f"{url.rstrip('/')}/dump/{file.name}").raise_for_status().content)
    return file


@contextlib.contextmanager
def oxigraph(client: httpx.Client, data: Path, folder: Path) -> Iterator[str]:
    """The address of Oxigraph's own server over this data, its default graph the union as ours is."""
    program = shutil.which("oxigraph") or str(Path(sys.executable).with_name("oxigraph"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{free.getsockname()[1]}"
    store = str(folder / "oxigraph")
    subprocess.run([program, "load", "--location", store, "--file", str(data)], check=True, capture_output=True)
    server = subprocess.Popen(
        [program, "serve", "--location", store, "--bind", bind, "--union-default-graph"], stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            with contextlib.suppress(httpx.TransportError):
                client.get(f"http://{bind}/query", params={"query": "ASK {}"})
                break
            time.sleep(0.05)
        yield f"http://{bind}"
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
