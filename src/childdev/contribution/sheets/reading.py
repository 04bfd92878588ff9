"""Read a filled table, xlsx or csv, whatever the spreadsheet program made of it: rows of cells as text.

What can be understood is, with a notice where it was guessed; what can't is a fault of its cell.
"""

from __future__ import annotations

import codecs
import csv
import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any, Literal

import openpyxl
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from childdev.contribution.sheets import safety
from childdev.contribution.sheets.plans import Column, Plan, heading_key, plan, plans
from childdev.errors import Finding, TableError

Format = Literal["xlsx", "csv"]
#: the heading of the column in which a returned table says what to mend; it is not read again
ANSWER = "What to mend"
#: how far down the headings may stand
_HEADINGS_WITHIN = 20


@dataclass
class Cell:
    """One cell: its text, and why it can't be read if it can't."""

    text: str = ""
    fault: str = ""


@dataclass
class Sheet:
    """A filled table. `columns` holds for each column of the file (from 0) what it is, or None where it is not known.

    Row numbers are those of the file, from 1. `notices` are to be read; they keep nothing from being taken in.
    """

    format: Format
    plan: Plan
    name: str
    columns: list[Column | None]
    headings: list[str]
    heading_row: int
    rows: dict[int, list[Cell]]
    notices: list[Finding] = field(default_factory=list)
    worksheet: str = ""
    delimiter: str = ","

    def cell(self, row: int, name: str) -> Cell:
        """The cell of a row in the column of this name; an empty one where the table has no such column."""
        place = self.place(name)
        cells = self.rows[row]
        return cells[place] if place is not None and place < len(cells) else Cell()

    @property
    def answer_place(self) -> int:
        """Where the column is, from 0, that says what to mend: that of an earlier answer, or a new one."""
        keys = [heading_key(h) for h in self.headings]
        return keys.index(heading_key(ANSWER)) if heading_key(ANSWER) in keys else len(keys)

    def place(self, name: str) -> int | None:
        """Where the column of this name is, from 0."""
        return next((i for i, c in enumerate(self.columns) if c is not None and c.name == name), None)


def read(data: bytes, name: str, which: str = "") -> Sheet:
    """Read a filled table. `which` names the table it is; if not given, that is seen from its headings.

    Raises:
        TableError: it can't be read as a table at all; says why and what to do.
    """
    if not data.strip():
        raise TableError("The file is empty. Choose the file that you filled in.")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
        return _read_workbook(data, name, which)
    return _read_csv(data, name, which)


# ---------------------------------------------------------------- workbooks


def _read_workbook(data: bytes, name: str, which: str) -> Sheet:
    safety.check(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl leaves out, such as pictures
            book = openpyxl.load_workbook(io.BytesIO(data))
    except Exception as e:  # openpyxl meets broken workbooks with errors of every kind
        raise TableError(
            "This workbook can't be opened. Open it in your spreadsheet program and save it as .xlsx or CSV (UTF-8)."
        ) from e
    for worksheet in book.worksheets:
        if worksheet.sheet_state != "visible":
            continue
        if worksheet.max_row * worksheet.max_column > safety.MOST_CELLS:
            raise TableError(safety.TOO_LONG)
        rows = {n: [_cell(c) for c in row] for n, row in enumerate(worksheet.iter_rows(), 1)}
        found = _find_headings(rows, which or _named(worksheet.title))
        if found is not None:
            sheet = _sheet("xlsx", name, rows, *found)
            sheet.worksheet = worksheet.title
            sheet.notices += _joined(worksheet, sheet)
            return sheet
    raise _no_headings(which)


def _cell(cell: Any) -> Cell:
    value, type_ = cell.value, cell.data_type
    if value is None:
        return Cell()
    if type_ == "f" or not isinstance(value, str | int | float | bool | date | time | timedelta):
        return Cell("", "This cell holds a formula. Write what it shows: copy it, then paste it as a value.")
    if type_ == "e" or (isinstance(value, str) and value in ERROR_CODES):
        return Cell("", "This cell holds an error of the spreadsheet. Write the value itself.")
    if isinstance(value, date | time | timedelta):
        shown = value.strftime("%d %b %Y") if isinstance(value, datetime | date) else str(value)
        return Cell(
            "",
            f"The spreadsheet made a date or time of this ({shown}). Set the cell to text, then write it again.",
        )
    if isinstance(value, bool):
        return Cell("yes" if value else "no")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return Cell(_unquoted(str(value)))


def _joined(worksheet: Worksheet, sheet: Sheet) -> Iterator[Finding]:
    """Notices of joined cells: only the first of them holds a value."""
    for area in worksheet.merged_cells.ranges:
        if area.max_row > sheet.heading_row and area.min_row in sheet.rows:
            yield Finding(
                f"Cells {area.coord}",
                "They are joined into one; what is written there counts for the first of them only. Split them if it "
                "should count for all.",
            )


# ---------------------------------------------------------------- csv


def _read_csv(data: bytes, name: str, which: str) -> Sheet:
    text, guess = _decoded(data)
    notices = [Finding("The file", guess)] if guess else []
    best: tuple[int, str, dict[int, list[Cell]]] | None = None
    for delimiter in (",", ";", "\t"):
        try:
            rows = _split(text, delimiter)
        except csv.Error as e:
            raise TableError(
                "This file can't be read as a table: a cell has no end. Look for a quotation mark without its pair."
            ) from e
        known = max((_score(plan_, [c.text for c in r]) for r in _first(rows) for plan_ in plans()), default=0)
        if best is None or known > best[0]:
            best = known, delimiter, rows
    assert best is not None
    _, delimiter, rows = best
    if len(rows) > safety.MOST_ROWS:
        raise TableError(safety.TOO_LONG)
    found = _find_headings(rows, which or _marked(rows))
    if found is None:
        raise _no_headings(which)
    sheet = _sheet("csv", name, rows, *found)
    sheet.delimiter = delimiter
    sheet.notices = notices + sheet.notices
    return sheet


def _decoded(data: bytes) -> tuple[str, str]:
    """The text of a file, and what was guessed of its encoding if anything was."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return data.decode(encoding), ""
            except UnicodeDecodeError as e:
                raise TableError("This file is damaged and can't be read. Save it again as CSV (UTF-8).") from e
    if b"\0" in data:
        even, odd = data[:2000:2].count(0), data[1:2000:2].count(0)
        if max(even, odd) > 0.3 * min(len(data), 2000) / 2 and min(even, odd) * 4 < max(even, odd):
            return data.decode("utf-16-le" if odd > even else "utf-16-be", "replace"), ""
        raise TableError("This is not a table. Choose an Excel workbook (.xlsx) or a CSV file.")
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return (
            data.decode("cp1252", "replace"),
            "It is not in UTF-8, so it was read as Windows text. Look whether letters such as é and “ ” came through; "
            "if not, save it again as “CSV UTF-8”.",
        )


def lines_of(data: bytes, delimiter: str) -> Iterator[list[str]]:
    """The rows of a csv file as they are."""
    yield from csv.reader(io.StringIO(_decoded(data)[0], newline=""), delimiter=delimiter)


def _split(text: str, delimiter: str) -> dict[int, list[Cell]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: dict[int, list[Cell]] = {}
    for number, row in enumerate(lines, 1):
        if number > safety.MOST_ROWS + 1 or len(rows) * len(row) > safety.MOST_CELLS:
            break
        rows[number] = [Cell(_unquoted(value)) for value in row]
    return rows


def _unquoted(text: str) -> str:
    """A cell without the quote that keeps a spreadsheet from taking it for a formula."""
    text = text.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@") else text


def _marked(rows: dict[int, list[Cell]]) -> str:
    """The table that a note in the file names: "# features: ..."."""
    for cells in _first(rows):
        first = cells[0].text if cells else ""
        if first.startswith("#"):
            return _named(first[1:].partition(":")[0])
    return ""


# ---------------------------------------------------------------- headings


def _named(title: str) -> str:
    return next((p.name for p in plans() if title.strip().casefold() in (p.name, p.title.casefold())), "")


def _first(rows: dict[int, list[Cell]]) -> list[list[Cell]]:
    return [cells for number, cells in rows.items() if number <= _HEADINGS_WITHIN]


def _score(of: Plan, headings: Sequence[str]) -> int:
    return len({heading_key(c.heading) for c in of.columns} & {heading_key(h) for h in headings if h})


def _find_headings(rows: dict[int, list[Cell]], which: str) -> tuple[int, Plan] | None:
    """The row of the headings, and the table that they are of: where most of them are known."""
    among = [plan(which)] if which else list(plans())
    ranked = [
        (_score(of, [c.text for c in cells]), -number, of)
        for number, cells in rows.items()
        if number <= _HEADINGS_WITHIN
        for of in among
    ]
    score, row, of = max(ranked, key=lambda r: r[:2], default=(0, 0, among[0]))
    return (-row, of) if score >= 2 else None


def _no_headings(which: str) -> TableError:
    wanted = ", ".join(f"“{c.heading}”" for c in plan(which or "features").columns[:4])
    return TableError(
        f"No row of headings was found, such as {wanted}. Start from a template, and leave its headings as they are."
    )


def _sheet(format_: Format, name: str, rows: dict[int, list[Cell]], heading_row: int, of: Plan) -> Sheet:
    headings = [c.text for c in rows[heading_row]]
    while headings and not headings[-1]:
        headings.pop()
    known = {heading_key(c.heading): c for c in of.columns} | {heading_key(c.name): c for c in of.columns}
    columns = [known.get(heading_key(h)) if h else None for h in headings]
    _refuse_twice(columns)
    notices = [
        Finding(f"Column {_letter(i)}", _not_known(h, of, columns))
        for i, (h, column) in enumerate(zip(headings, columns, strict=True))
        if column is None and h and heading_key(h) != heading_key(ANSWER)
    ]
    below = {n: cells for n, cells in rows.items() if n > heading_row and _is_filled(cells)}
    return Sheet(format_, of, name, columns, headings, heading_row, below, notices)


def _is_filled(cells: list[Cell]) -> bool:
    first = next((c.text for c in cells if c.text), "")
    return any(c.text or c.fault for c in cells) and not first.startswith("#")


def _refuse_twice(columns: list[Column | None]) -> None:
    seen: dict[str, int] = {}
    for i, column in enumerate(columns):
        if column is None:
            continue
        if column.name in seen:
            raise TableError(
                f"The heading “{column.heading}” stands twice, in columns {_letter(seen[column.name])} and "
                f"{_letter(i)}. Remove one of the two, or give it another heading."
            )
        seen[column.name] = i


def _not_known(heading: str, of: Plan, columns: list[Column | None]) -> str:
    used = {c.name for c in columns if c is not None}
    free = {heading_key(c.heading): c.heading for c in of.columns if c.name not in used}
    close = get_close_matches(heading_key(heading), list(free), 1, 0.6)
    better = f" Did you mean “{free[close[0]]}”?" if close else ""
    return f"The heading “{heading}” is not one of this table, so the column is not read.{better}"


def _letter(place: int) -> str:
    return str(get_column_letter(place + 1))
