"""Figures that were checked come into the record, whole or not at all; and the template to fill in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import openpyxl
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from childdev.contribution.observations.checking import Checked
from childdev.contribution.observations.rows import COLUMNS
from childdev.errors import ConflictError, Finding, TableError
from childdev.queries.answers import no_formula
from childdev.store import observations as kept
from childdev.store.database import alone
from childdev.store.observations import About
from childdev.validation import personal_data

_HEAD = PatternFill("solid", fgColor="0B5C6B")
_QUIET = PatternFill("solid", fgColor="F6F4EF")


def about(values: Mapping[str, str], is_example: bool = False) -> About:
    """What a set is, from what somebody wrote of it.

    Raises:
        TableError: something is missing or can't be; names the field.
        PersonalDataError: some text seems to tell of one person.
    """
    text = {k: " ".join(str(v).split()) for k, v in values.items()}
    faults = [
        Finding(words, "Write it, so that others can find it again.")
        for name, words in (("title", "Title"), ("publisher", "Publisher"), ("licence", "Licence"))
        if not text.get(name)
    ]
    faults += [Finding("Title", "Write it in 200 characters at most.")] * (len(text.get("title", "")) > 200)
    if text.get("link") and not re.fullmatch(r"https?://\S{3,400}", text["link"]):
        faults.append(Finding("Address", "Write a web address that begins with https://, or leave it empty."))
    if text.get("year") and not re.fullmatch(r"(19|20)\d\d", text["year"]):
        faults.append(Finding("Year", "Write the year of the publication, such as 2025, or leave it empty."))
    if text.get("basis", "read") not in ("read", "named"):
        faults.append(Finding("How checked", "Choose read or named."))
    if faults:
        raise TableError("Something is missing about where these figures are from. Nothing was stored.", faults)
    personal_data.refuse(text.get(n, "") for n in ("title", "publisher", "licence", "note"))
    year = int(text["year"]) if text.get("year") else None
    told = (text["title"], text["publisher"], text["licence"], year, text.get("link", ""))
    return About(*told, text.get("basis") or "read", text.get("note", "")[:1_000], is_example)


def base(engine: Engine) -> str:
    """What tells the figures against which a table is checked from others."""
    with engine.connect() as connection:
        return kept.fingerprint(connection)


def take_in(engine: Engine, checked: Checked, told: About, made_by: str, on: str, replaces: int | None = None) -> int:
    """Store figures that were checked `on` (see `base`); gives the number of the set.

    Raises:
        ConflictError: other figures came since they were checked, beside which these may not be safe.
        TableError: something is to be mended yet.
    """
    with engine.begin() as connection:
        return store(connection, checked, told, made_by, on, replaces)


def store(
    connection: Connection, checked: Checked, told: About, made_by: str, on: str, replaces: int | None = None
) -> int:
    """`take_in`, as part of the caller's transaction, which has to be new."""
    if not checked.is_good:
        raise TableError(checked.sentence(), checked.findings())
    alone(connection)
    if kept.fingerprint(connection) != on:
        raise ConflictError("Other figures came since this table was checked. Send it again; nothing was stored.")
    return kept.add(connection, told, made_by, checked.areas.values(), checked.observations, replaces)


# ---------------------------------------------------------------- sheets


def template(as_: str) -> bytes:
    """The table to fill in: headings, a line of notes, and an example, which are not read."""
    notes = [f"# {COLUMNS[0].note}", *(c.note for c in COLUMNS[1:])]
    example = [f"# an example: {COLUMNS[0].example}", *(c.example for c in COLUMNS[1:])]
    return sheet([[c.heading for c in COLUMNS], notes, example], as_)


def answer(checked: Checked, as_: str) -> bytes:
    """The table that was sent, without small numbers, with a column that says what to mend."""
    return sheet(checked.answer_rows(), as_)


def sheet(rows: Iterable[Sequence[str]], as_: str) -> bytes:
    """Rows as csv or xlsx, no cell of which a spreadsheet takes for a formula."""
    if as_ == "csv":
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows([no_formula(c) for c in row] for row in rows)
        return text.getvalue().encode("utf-8-sig")
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Figures")
    assert isinstance(page, WriteOnlyWorksheet)
    page.freeze_panes = "A2"
    sizes: Any = page
    for letter in "ABCDEFGHIJ":
        sizes.column_dimensions[letter].width = 22
    for number, row in enumerate(rows):
        page.append([_cell(page, text, number, place, row[0].startswith("#")) for place, text in enumerate(row)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(page: WriteOnlyWorksheet, text: str, number: int, place: int, is_note: bool) -> Cell:
    """A cell of a workbook; numbers are numbers only where they are plain."""
    is_number = number > 0 and re.fullmatch(r"\d{1,9}(\.\d{1,4})?", text) is not None
    cell = WriteOnlyCell(page, (float(text) if "." in text else int(text)) if is_number else text)
    if not is_number:
        cell.data_type = "s"
    if number == 0:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
        if place < len(COLUMNS) and text == COLUMNS[place].heading:
            cell.comment = Comment(COLUMNS[place].note, "childdev", width=320, height=90)
    elif is_note:
        cell.font, cell.fill = Font(italic=True, color="4C5760"), _QUIET
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
