"""What a change breaks, as it is judged while somebody writes, beside pySHACL and beside the whole model.

    python -m benchmarks.changes

Random changes of the packaged model, good and bad, those of stages and other hubs among them. pySHACL is given the
same context, ready in memory, and the same rules, ready in memory; our time is from the change to the sentences.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pyshacl
import rdflib
from pyoxigraph import RdfFormat, Triple
from tests.validation.edits import Edits

from childdev.model.modules import encode, load
from childdev.model.stated import Delta, Stated
from childdev.resources import folder
from childdev.validation import shapes, targeted
from childdev.validation.context import View, concerned

COUNT = 300
#: pySHACL judges every so manieth change, as it is slow
EVERY = 11


def main() -> None:
    """Measure and print."""
    model = load(folder("ontology"))
    stated = Stated.of(model)
    edits = Edits(stated, seed=1).draw(COUNT)
    targeted.broken(stated, Delta())  # so that the rules are read
    ours = [_timed(lambda delta=delta: targeted.broken(stated, delta)) for _, delta in edits]
    rules = _graph(targeted.marked_rules())
    contexts = [_context(stated, delta) for _, delta in edits[::EVERY]]
    theirs = [_timed(lambda data=data: pyshacl.validate(data, shacl_graph=rules, advanced=True)) for data in contexts]
    whole = [_timed(lambda: shapes.validate(model)) for _ in range(3)]
    print(f"{'what a change breaks':38} median ms    p95 ms     ratio   ({COUNT} changes)")
    _line("childdev, from the change", ours, 1)
    _line(
        "pySHACL on the same context",
        theirs,
        statistics.median(b / a for a, b in zip(ours[::EVERY], theirs, strict=True)),
    )
    _line("the whole model by the same engine", whole, statistics.median(whole) / statistics.median(ours))
    slowest = max(range(COUNT), key=ours.__getitem__)
    print(f"slowest: {edits[slowest][0]}, {ours[slowest]:.0f} ms")


def _line(name: str, times: list[float], ratio: float) -> None:
    print(f"{name:38} {statistics.median(times):9.2f} {_p95(times):9.2f} {ratio:9.1f}")


def _context(stated: Stated, delta: Delta) -> rdflib.Graph:
    view = View(stated.after(delta))
    return _graph(targeted.context(view, concerned(view, [*delta.added, *delta.removed])))


def _graph(triples: set[Triple] | list[Triple]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=encode(triples, RdfFormat.N_TRIPLES), format="nt")


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
