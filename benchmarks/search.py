"""Search against plain SQLite full text (FTS5, Porter stems, BM25) over the same texts, in turns, in the same run.

    python -m benchmarks.search

Prints, over the judged queries, the p95 of each and how often a right thing is in the first five.
"""

from __future__ import annotations

import csv
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from childdev import terms as cd
from childdev.model.modules import load, nquads
from childdev.reasoning.inference import Inference
from childdev.resources import folder
from childdev.store.reader import ALT_LABEL, DEFINITION, Reader
from childdev.views.search import KINDS, Search
from childdev.views.search_words import words

JUDGED = Path(__file__).parents[1] / "tests/search/judged.tsv"
ROUNDS = 5


def main() -> None:
    """Measure and print."""
    judged = list(csv.DictReader(JUDGED.read_text("utf-8").splitlines(), delimiter="\t"))
    with tempfile.TemporaryDirectory() as folder_name:
        reader = _reader(Path(folder_name) / "dataset.nq")
        started = time.perf_counter()
        search = Search(reader)
        print(f"making the index                         {(time.perf_counter() - started) * 1000:8.2f} ms")
        asked: dict[str, Callable[[str], list[str]]] = {
            "childdev": lambda query: [hit.link.iri for hit in search.find(query)],
            "plain FTS5": _plain(reader),
        }
        times: dict[str, list[float]] = {name: [] for name in asked}
        right = dict.fromkeys(asked, 0)
        for row in judged * ROUNDS:
            for name, find in asked.items():
                started = time.perf_counter()
                found = find(row["query"])
                times[name].append((time.perf_counter() - started) * 1000)
                right[name] += bool({iri.rsplit("/", 1)[-1] for iri in found[:5]} & set(row["right"].split()))
    for name, taken in times.items():
        share = 100 * right[name] / len(taken)
        p95 = statistics.quantiles(taken, n=20)[-1]
        print(f"{name:38} p95 {p95:8.2f} ms   right in the first five {share:5.1f} %   ({len(judged)} queries)")


def _reader(file: Path) -> Reader:
    model = load(folder("ontology"))
    file.write_text("\n".join(nquads([*model.quads(), *Inference(model).quads()])) + "\n", encoding="utf-8")
    return Reader("benchmark", file)


def _plain(reader: Reader) -> Callable[[str], list[str]]:
    """Any of the words, anywhere, best BM25 first."""
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table things using fts5(text, iri unindexed, tokenize='porter unicode61')")
    for kind in KINDS:
        for s in reader.of_kind(kind):
            others = [o.value for o in reader.objects(s, ALT_LABEL)]
            texts = [reader.label(s), *others, reader.text(s, cd.everydayWords), reader.text(s, DEFINITION)]
            db.execute("insert into things values (?, ?)", (" ".join(texts), s.value))

    def find(query: str) -> list[str]:
        expression = " OR ".join(f'"{w}"' for w in words(query))
        rows = db.execute("select iri from things where things match ? order by rank limit 40", (expression,))
        return [iri for (iri,) in rows]

    return find


if __name__ == "__main__":
    main()
