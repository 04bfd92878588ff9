"""A filled table of 1,000 rows, read and checked, beside pySHACL on the whole model with the new rows.

    python -m benchmarks.tables

Each row is a new feature with words, ages, stages, domain and links, some of them to other rows. Ours is from the bytes
of the workbook to what is said of each row; pySHACL is given the statements ready in memory, with what is written in
SPARQL answered by Oxigraph, which is much faster than its own. Seconds of the processor.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import TypeVar

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from tests.validation.test_referee import referee
from tests.validation.test_referee import rules as written_rules

from childdev import memory
from childdev.contribution.sheets import checking, reading, rules, writing
from childdev.model.modules import Model, load
from childdev.model.stated import Delta, Stated
from childdev.resources import folder
from childdev.validation import shapes, targeted

ROWS = 1_000
T = TypeVar("T")


def main() -> None:
    """Measure and print."""
    stated = Stated.of(load(folder("ontology")))
    data = workbook(ROWS)
    targeted.broken(stated, Delta())  # so that the rules are read
    memory.settle()  # as the server does
    print(f"{'a table of ' + format(ROWS, ',') + ' rows':46} seconds     ratio")
    sheet, read = _timed(lambda: reading.read(data, "table"))
    checked, spent = _timed(lambda: checking.check(sheet, stated))
    ours = read + spent
    assert len(checked.good) == ROWS, checked.sentence()
    _, answered = _timed(lambda: writing.answer(data, checked))
    after = stated.after(rules.delta_of_rows(checked.good))
    triples = frozenset(q.triple for q in after)
    _, whole = _timed(lambda: shapes.validate(Model({"all": triples})))
    _line("childdev, read and checked", ours, 1)
    _line("  of that to read it", read, read / ours)
    _line("childdev, returned with its messages", answered, answered / ours)
    _line("the whole model with it by the same engine", whole, whole / ours)
    _, peer = _timed(lambda: referee(triples, written_rules))
    _line("pySHACL on the whole model with it", peer, peer / ours)


def workbook(count: int) -> bytes:
    """A filled table of features."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    words = ("Name", "In everyday words", "Definition", "Domain", "Stages")
    sheet.append([*words, "Usually seen from (months)", "Usually seen by (months)", "Usually builds on", "Why"])
    for n in range(count):
        before = f"Sings song {n - 1} | joins-two-words" if n % 3 == 1 else "joins-two-words"
        said = (f"Sings song {n}", f"Your child sings bits of song {n}.", f"The child joins in with parts of song {n}.")
        place = ("Communication and language", "Early childhood", 18, 36)
        sheet.append([*said, *place, before, f"We see it each day with song {n}."])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _line(name: str, seconds: float, ratio: float) -> None:
    print(f"{name:46} {seconds:7.2f} {ratio:9.1f}", flush=True)


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.process_time()
    found = work()
    return found, time.process_time() - started


if __name__ == "__main__":
    main()
