"""What a table may hold: columns with kinds, and rows read and checked cell by cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from childdev.errors import Finding

Kind = Literal["text", "slug", "ref", "choice", "integer", "url", "pairs"]


@dataclass(frozen=True)
class Column:
    """A column: the kind of its cells; `of` holds the tables a ref may point to, or the choices."""

    name: str
    kind: Kind = "text"
    required: bool = True
    many: bool = False
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table: the kind of thing a row is (as in its IRI), its key column and all its columns."""

    name: str
    kind: str
    columns: tuple[Column, ...]
    key: str | None = "id"


@dataclass
class Row:
    """A row with its line in the file. Cells are text; `values` splits a list at the bars."""

    table: Table
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def values(self, column: str) -> list[str]:
        """The values of a list cell."""
        return [v for v in self.cells[column].split("|") if v]

    def where(self, column: str) -> str:
        """The place of a cell, for a message."""
        key = self.cells.get(self.table.key or "", "")
        return f"{self.table.name}, row {self.line}{f' ({key})' if key else ''}, column {column}"


@dataclass
class Tables:
    """All rows read, and all that was found wrong."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    _keys: dict[str, set[str]] = field(default_factory=dict)

    def keys(self, table: str) -> set[str]:
        """The keys of a table's rows."""
        if table not in self._keys:
            self._keys[table] = {r[r.table.key] for r in self.rows.get(table, []) if r.table.key}
        return self._keys[table]


def read(folder: Path, tables: Sequence[Table]) -> Tables:
    """Read `<table>.tsv` for each table and check every cell. A missing table has no rows."""
    found = Tables()
    for table in tables:
        file = folder / f"{table.name}.tsv"
        found.rows[table.name] = _read_one(file, table, found.findings) if file.exists() else []
    for rows in found.rows.values():
        for row in rows:
            for column in row.table.columns:
                found.findings.extend(_check(row, column, found))
    return found


def _read_one(file: Path, table: Table, findings: list[Finding]) -> list[Row]:
    try:
        lines = file.read_bytes().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as e:
        findings.append(Finding(table.name, f"byte {e.start} is not UTF-8; save the table as UTF-8"))
        return []
    header = lines[0].split("\t") if lines else []
    expected = [c.name for c in table.columns]
    if header != expected:
        missing, extra = [c for c in expected if c not in header], [c for c in header if c not in expected]
        what = "; ".join(
            [f"missing: {', '.join(missing)}"] * bool(missing) + [f"not known: {', '.join(extra)}"] * bool(extra)
        )
        findings.append(
            Finding(f"{table.name}, row 1", f"the columns should be {', '.join(expected)} ({what or 'in this order'})")
        )
        return []
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(header):
            findings.append(
                Finding(
                    f"{table.name}, row {number}",
                    f"has {len(cells)} cells, the header has {len(header)}; look for a stray tab",
                )
            )
            continue
        row = Row(table, number, dict(zip(header, cells, strict=True)))
        if table.key:
            if row[table.key] in seen:
                findings.append(
                    Finding(
                        row.where(table.key),
                        f"stands already in row {seen[row[table.key]]}; give one of them another id, or remove it",
                    )
                )
                continue
            seen[row[table.key]] = number
        rows.append(row)
    return rows


def _check(row: Row, column: Column, tables: Tables) -> list[Finding]:
    cell, where = row[column.name], row.where(column.name)
    if not cell:
        return [Finding(where, "is empty; it is needed")] if column.required else []
    if cell != cell.strip() or "  " in cell:
        return [Finding(where, "has a stray space; remove it")]
    values = row.values(column.name) if column.many else [cell]
    findings = [Finding(where, m) for v in values if (m := _fault(v, column, tables))]
    if len(values) != len(set(values)):
        findings.append(Finding(where, "names something twice; keep one"))
    return findings


def _fault(value: str, column: Column, tables: Tables) -> str | None:
    match column.kind:
        case "slug" if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
            return f"'{value}' is no id; use small letters, digits and single hyphens"
        case "integer" if not re.fullmatch(r"-?\d+", value):
            return f"'{value}' is no whole number"
        case "url" if not re.fullmatch(r"https?://\S+", value):
            return f"'{value}' is no web address"
        case "choice" if value not in column.of:
            return f"'{value}' is not one of {', '.join(column.of)}"
        case "pairs" if not re.fullmatch(r"[a-z-]+: .+", value):
            return f"'{value}' should be an id, a colon and words"
        case "ref":
            if not any(value in tables.keys(t) for t in column.of) and not value.startswith("cd:"):
                near = get_close_matches(value, set().union(*(tables.keys(t) for t in column.of)), 1)
                return f"'{value}' is not in {' or '.join(column.of)}" + (
                    f"; did you mean '{near[0]}'?" if near else ""
                )
    return None
