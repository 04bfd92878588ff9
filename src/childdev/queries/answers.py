"""An answer: a sentence that says what it means, a table, and the same as data."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from childdev.ages import OPEN_END, age
from childdev.store.reader import Reader, Term

#: kinds of column
COLUMN_KINDS = ("thing", "text", "number", "months", "evidence")
#: what makes a spreadsheet take a cell for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """A column: the variable of the query, its heading in plain words, and what its cells hold."""

    name: str
    heading: str
    kind: str


@dataclass(frozen=True)
class Cell:
    """A cell: its term (None where empty), its words, and for a thing its address."""

    term: Term | None
    text: str
    iri: str | None = None

    def data(self, kind: str) -> Any:
        """Its value for JSON."""
        if self.term is None:
            return None
        if self.iri is not None:
            return {"iri": self.iri, "label": self.text}
        return _numeric(self.term.value) if kind in {"number", "months"} else self.text


@dataclass(frozen=True)
class Answer:
    """The answer to a question with its blanks filled."""

    question: str
    sentence: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def to_json(self) -> list[dict[str, Any]]:
        """One object a row: things with their address and label, ages in months, words as text."""
        return [{c.name: cell.data(c.kind) for c, cell in zip(self.columns, row, strict=True)} for row in self.rows]

    def to_csv(self) -> str:
        """CSV (RFC 4180) with a heading line; a thing takes two columns, its label and its address."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([no_formula(h) for c in self.columns for h in _headings(c)])
        for row in self.rows:
            writer.writerow([x for c, cell in zip(self.columns, row, strict=True) for x in _csv_cells(c, cell)])
        return out.getvalue()

    def to_sparql_json(self) -> dict[str, Any]:
        """The table as SPARQL 1.1 Query Results JSON."""
        names = [c.name for c in self.columns]
        bindings = [
            {name: _sparql_term(cell.term) for name, cell in zip(names, row, strict=True) if cell.term is not None}
            for row in self.rows
        ]
        return {"head": {"vars": names}, "results": {"bindings": bindings}}


def rows(
    columns: tuple[Column, ...], solutions: Iterable[Mapping[str, Term]], reader: Reader
) -> tuple[tuple[Cell, ...], ...]:
    """The cells of the solutions, in the order of the columns."""
    return tuple(tuple(_cell(c, solution, reader) for c in columns) for solution in solutions)


def _cell(column: Column, solution: Mapping[str, Term], reader: Reader) -> Cell:
    term = solution.get(column.name)
    if term is None:
        return Cell(None, "")
    if isinstance(term, NamedNode):
        label = solution.get(f"{column.name}Label")
        return Cell(term, label.value if label is not None else reader.label(term), term.value)
    if column.kind == "months":
        number = int(term.value)
        return Cell(term, "18 years and on" if number >= OPEN_END else age(number))
    return Cell(term, str(_numeric(term.value)) if column.kind == "number" else term.value)


def _numeric(value: str) -> int | float:
    number = float(value)
    return int(number) if number.is_integer() else number


def _headings(column: Column) -> list[str]:
    if column.kind in {"thing", "evidence"}:
        return [column.heading, f"{column.heading} (address)"]
    return [f"{column.heading} (months)" if column.kind == "months" else column.heading]


def _csv_cells(column: Column, cell: Cell) -> list[str]:
    if column.kind in {"thing", "evidence"}:
        return [no_formula(cell.text), cell.iri or ""]
    if column.kind in {"number", "months"}:
        return ["" if cell.term is None else str(_numeric(cell.term.value))]
    return [no_formula(cell.text)]


def no_formula(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _sparql_term(term: Term) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, Literal):
        if term.language:
            return {"type": "literal", "value": term.value, "xml:lang": term.language}
        plain = term.datatype.value.endswith("#string")
        return {"type": "literal", "value": term.value, **({} if plain else {"datatype": term.datatype.value})}
    return {"type": "bnode", "value": term.value}
