"""The table of figures: its columns, and how one comes in, row by row, so that a large one needs little memory."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import openpyxl

from childdev.contribution.sheets import safety
from childdev.contribution.sheets.plans import heading_key
from childdev.contribution.sheets.reading import ANSWER, lines_of
from childdev.errors import TableError

#: the most rows and cells of one table, and the longest cell
MOST_ROWS, MOST_CELLS, _LONGEST = 200_000, 2_600_000, 300


@dataclass(frozen=True)
class Column:
    """A column: its name in the code, its heading, other headings by which it is known, and what to write in it."""

    name: str
    heading: str
    known_as: tuple[str, ...]
    note: str
    example: str


COLUMNS = (
    Column(
        "indicator",
        "Indicator",
        ("indicator name",),
        "By its name or code, as on the page of indicators.",
        "gld-at-5",
    ),
    Column(
        "area",
        "Area code",
        ("area", "code", "ons code", "geography code", "new_la_code"),
        "The nine-character code of the ONS; for a place without one, a code of your own, such as hub-north.",
        "E08000039",
    ),
    Column("name", "Area name", ("la_name", "geography name"), "The name of the place. No person, no address.", "Ours"),
    Column(
        "part_of",
        "Part of",
        ("parent code", "parent"),
        "The code of the larger area around it. It is needed to keep small numbers safe.",
        "E92000001",
    ),
    Column(
        "period",
        "Period",
        ("time period", "year", "time_period"),
        "A year, or a school year such as 2024/25.",
        "2024/25",
    ),
    Column(
        "count",
        "Count",
        ("numerator", "number"),
        "How many children the indicator tells of. Write c where it is left out already.",
        "4210",
    ),
    Column("denominator", "Out of", ("denominator", "cohort", "children_number"), "How many were looked at.", "6120"),
    Column(
        "percent",
        "Per cent",
        ("percentage", "value", "share"),
        "The share in per cent. Not needed where Count and Out of are there.",
        "68.8",
    ),
)
_KNOWN = {heading_key(words): c.name for c in COLUMNS for words in (c.heading, c.name, *c.known_as)}
_NEEDED = ("indicator", "area", "period")


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as text by column. `place` is how people find it: a row number, or the place in a cube."""

    place: str
    cells: dict[str, str]
    fault: str = ""


@dataclass
class RawTable:
    """A table whose rows are read when they are asked for, once. `kind` is csv, xlsx or cube."""

    kind: str
    rows: Iterator[RawRow]


def read(data: bytes) -> RawTable:
    """A table of figures from xlsx or csv.

    Raises:
        TableError: it can't be read as one; says why and what to do. Also while its rows are read.
    """
    if not data.strip():
        raise TableError("The file is empty. Choose the file that you filled in.")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
        safety.check(data, MOST_ROWS, MOST_CELLS)
        return RawTable("xlsx", _named(_workbook(data)))
    return RawTable("csv", _named(_csv(data)))


def _csv(data: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    head = data[:65536].splitlines()[:20]
    delimiter = max(",;\t", key=lambda d: sum(line.count(d.encode()) for line in head))
    try:
        for number, row in enumerate(lines_of(data, delimiter), 1):
            if number > MOST_ROWS:
                raise TableError(_TOO_LONG)
            yield number, row
    except csv.Error as e:
        raise TableError(
            "This file can't be read as a table: a cell has no end. Look for a quotation mark without its pair."
        ) from e


_TOO_LONG = f"This table has more than {MOST_ROWS:,} rows. Cut it up, so that each part is one publication."


def _workbook(data: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
            sheets = [s for s in book.worksheets if s.sheet_state == "visible"]
            for sheet in sheets[:1]:
                for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
                    if number > MOST_ROWS:
                        raise TableError(_TOO_LONG)
                    yield number, [_text(value) for value in row]
            book.close()
    except TableError:
        raise
    except Exception as e:  # openpyxl meets broken workbooks with errors of every kind
        raise TableError(
            "This workbook can't be opened. Open it in your spreadsheet program and save it as .xlsx or CSV (UTF-8)."
        ) from e


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date | time):
        return f"\0date {value:%d %b %Y}" if not isinstance(value, time) else "\0date"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return str(value)


def _named(rows: Iterator[tuple[int, Sequence[str]]]) -> Iterator[RawRow]:
    """Rows below the headings, their cells by column."""
    places: dict[int, str] | None = None
    for number, row in rows:
        if places is None:
            places = _headings(row)
            if places is None and number >= 20:
                break
            continue
        first = next((c for c in row if c.strip()), "")
        if not first or first.lstrip().startswith("#"):
            continue
        cells, fault = {}, ""
        for place, name in places.items():
            text = row[place].strip() if place < len(row) else ""
            text, wrong = _plain(text)
            fault = fault or (f"{name}|{wrong}" if wrong else "")
            cells[name] = text
        yield RawRow(f"Row {number}", cells, fault)
    if places is None:
        wanted = ", ".join(f"“{c.heading}”" for c in COLUMNS[:5])
        raise TableError(f"No row of headings was found, such as {wanted}. Start from the template.")


def _plain(text: str) -> tuple[str, str]:
    """A cell's text, and what is wrong with it if it can't be read."""
    if text.startswith("\0"):
        return "", "The spreadsheet made a date of this. Set the cell to text, then write it again."
    if text.startswith("'") and text[1:2] in tuple("=+-@"):
        text = text[1:]
    if text.startswith("="):
        return "", "This cell holds a formula. Write what it shows: copy it, then paste it as a value."
    if text.startswith("#") and re.fullmatch(r"#[A-Z/0!?]+", text):
        return "", "This cell holds an error of the spreadsheet. Write the value itself."
    if len(text) > _LONGEST:
        return "", f"This cell is longer than {_LONGEST} characters. Write only what belongs there."
    return text, ""


def _headings(row: Sequence[str]) -> dict[int, str] | None:
    """The columns by place, if this is the row of headings."""
    found: dict[int, str] = {}
    for place, text in enumerate(row):
        name = _KNOWN.get(heading_key(text)) if text.strip() and text != ANSWER else None
        if name is not None:
            if name in found.values():
                raise TableError(f"The heading “{text.strip()}” stands twice. Remove one of the two columns.")
            found[place] = name
    return found if all(n in found.values() for n in _NEEDED) else None
