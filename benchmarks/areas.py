"""100,000 figures of areas, checked, made safe and stored, beside pySHACL with rdflib on a part of them as a cube.

python -m benchmarks.areas
"""

from __future__ import annotations

import random
import resource
import tempfile
import time
from pathlib import Path

import pyshacl
import rdflib
from pyoxigraph import RdfFormat, serialize

from childdev.contribution.observations import cube, taking
from childdev.contribution.observations.checking import check
from childdev.store import observations as kept
from childdev.store.database import connect
from childdev.store.observations import Figures

INDICATORS = {"gld-at-5": "Good level of development", "phonics-check": "Phonics"}
PART = 2_000
SHAPE = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix cd: <https://w3id.org/childdev/def/> .
[] a sh:NodeShape ; sh:targetClass cd:Observation ;
  sh:property [ sh:path cd:count ; sh:maxCount 1 ; sh:minInclusive 6 ] , [ sh:path cd:ofIndicator ; sh:minCount 1 ] ,
    [ sh:path cd:inArea ; sh:minCount 1 ; sh:class cd:Area ] , [ sh:path cd:periodStart ; sh:minCount 1 ] ."""


def main() -> None:
    """Measure and print."""
    data = table()
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{Path(folder) / 'record.sqlite'}")
        started = time.perf_counter()
        found = check(data, "figures.csv", INDICATORS, Figures())
        read = time.perf_counter() - started
        told = taking.about({"title": "x", "publisher": "x", "licence": "x"})
        taking.take_in(engine, found, told, "maintainers", taking.base(engine))
        ours = time.perf_counter() - started
        figures = kept.load(engine)
        engine.dispose()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    part = serialize(list(cube.triples(figures, figures.observations[:PART])), format=RdfFormat.TURTLE)
    started = time.perf_counter()
    pyshacl.validate(rdflib.Graph().parse(data=part, format="turtle"), shacl_graph=SHAPE, shacl_graph_format="turtle")
    peer = (time.perf_counter() - started) * len(figures.observations) / PART
    print(f"{len(figures.observations):,} figures, {found.left_out:,} left out; at most {memory} MB")
    print(f"{'childdev, checked and made safe':46} {read:7.2f} s")
    print(f"{'childdev, from the bytes to the record':46} {ours:7.2f} s        1")
    print(f"{f'rdflib and pySHACL, from {PART:,} of them':46} {peer:7.2f} s {peer / ours:8.1f}")


def table() -> bytes:
    """Twenty years of two indicators in 2,500 small areas, many of them with few children."""
    random.seed(7)
    lines = ["Indicator,Area code,Area name,Part of,Period,Count,Out of"]
    for year in range(2004, 2024):
        for indicator in INDICATORS:
            lines.append(f"{indicator},E92000001,England,,{year}/{(year + 1) % 100:02},400000,600000")
            for n in range(2_500):
                total = random.randint(5, 90)
                count = random.randint(0, total)
                lines.append(f"{indicator},E05{n:06},Ward {n},E92000001,{year}/{(year + 1) % 100:02},{count},{total}")
    return "\n".join(lines).encode()


if __name__ == "__main__":
    main()
