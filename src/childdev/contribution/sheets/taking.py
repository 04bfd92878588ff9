"""A filled table brought straight into a folder of Turtle, as `childdev import` does."""

from __future__ import annotations

from pathlib import Path

from childdev import memory
from childdev.contribution.imports import banner
from childdev.contribution.sheets import checking, reading, rules
from childdev.contribution.sheets.checking import Checked
from childdev.errors import Finding, InvalidError, TableTooLargeError
from childdev.model.modules import Model, load, write
from childdev.model.stated import Stated
from childdev.validation import reports, shapes


def bytes_of(file: Path, most: int) -> bytes:
    """The bytes of a file.

    Raises:
        TableTooLargeError: it is larger than `most` bytes. It was not read.
    """
    if file.stat().st_size > most:
        raise TableTooLargeError(f"{file.name} is larger than {most >> 20} MB, so it was not read. Cut it up.")
    return file.read_bytes()


def check_file(data: bytes, name: str, folder: Path) -> tuple[Checked, Model]:
    """Check a filled table against the model of a folder.

    Raises:
        TableError: it can't be read as a table at all.
    """
    sheet = reading.read(data, name)
    model = load(folder)
    stated = Stated.of(model)
    memory.settle()
    return checking.check(sheet, stated), model


def findings(checked: Checked) -> list[Finding]:
    """All that was found, by row and column."""
    headings = {
        c.name if c is not None else str(i): checked.sheet.headings[i] for i, c in enumerate(checked.sheet.columns)
    }
    told = [
        Finding(f"Row {row.number}" + (f", {headings[f.column]}" if f.column in headings else ""), f.message)
        for row in checked.rows
        for f in (*row.faults, *row.notes)
    ]
    return [*checked.notices, *told]


def take_in(checked: Checked, model: Model, folder: Path) -> None:
    """Write what the good rows change into the modules of a folder.

    Raises:
        InvalidError: the whole would break the rules of the model. Nothing was written.
    """
    delta = rules.delta_of_rows(checked.good)
    modules = {name: set(triples) for name, triples in model.modules.items()}
    touched: set[str] = set()
    for quads, is_added in ((delta.removed, False), (delta.added, True)):
        for q in quads:
            name = str(q.graph_name.value).rpartition("/")[2]  # type: ignore[union-attr]
            touched.add(name)
            if is_added:
                modules.setdefault(name, set()).add(q.triple)
            else:
                modules[name].discard(q.triple)
    merged = Model({name: frozenset(triples) for name, triples in modules.items()})
    broken = [v for v in shapes.validate(merged) if v.severity == "Violation"]
    if broken:
        raise InvalidError(
            "The rows break rules of the model together; nothing was written.", reports.findings(merged, broken)
        )
    for name in sorted(touched):
        write(folder / f"{name}.ttl", merged.modules[name], banner(name))
