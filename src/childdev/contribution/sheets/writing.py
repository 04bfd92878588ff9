"""Write tables: empty templates, the present rows of the model, and checked tables with what to mend."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterable, Sequence

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from childdev.contribution import editing
from childdev.contribution.changes.making import evidence_of
from childdev.contribution.sheets.checking import Checked
from childdev.contribution.sheets.naming import Naming
from childdev.contribution.sheets.plans import (
    CODE,
    FROM,
    LOCATOR,
    RELATION,
    SOURCES,
    STRENGTH,
    TALK,
    TO,
    UNREAD,
    WHY,
    Column,
    Plan,
    relations,
)
from childdev.contribution.sheets.reading import ANSWER, Format, lines_of
from childdev.contribution.sheets.rows import Row
from childdev.model.iris import iri, kind_and_slug
from childdev.model.modules import RDF_TYPE
from childdev.model.short_names import term
from childdev.model.stated import Stated
from childdev.queries.answers import no_formula

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
#: how far down the drop-downs go
_ROWS = 2_000
_LISTS = "Lists"
_HEAD, _QUIET = PatternFill("solid", fgColor="0B5C6B"), PatternFill("solid", fgColor="F6F4EF")
_STOP, _GOOD = PatternFill("solid", fgColor="F9D9D6"), PatternFill("solid", fgColor="DCEFE4")
_TOP = Alignment(wrap_text=True, vertical="top")
_NUMBER = re.compile(r"^-?\d{1,9}$")


def template(of: Plan, stated: Stated, as_: Format = "xlsx", filled: bool = False) -> bytes:
    """A table to fill in: headings, notes and an example; with the rows of the model as they are, if `filled`."""
    naming = Naming(stated)
    rows = list(_present(of, stated, naming)) if filled else []
    head = [
        [c.heading for c in of.columns],
        _marked(f"{of.name}: leave out rows that begin with {UNREAD}", [c.note for c in of.columns]),
        _marked("an example", [_shown(c, c.example, naming) for c in of.columns]),
    ]
    return _csv([*head, *rows]) if as_ == "csv" else _workbook(of, head, rows, naming)


def answer(data: bytes, checked: Checked) -> bytes:
    """The table as it came, in the same format, with a column that says what to mend and marks at cells at fault."""
    return _answered_csv(checked, data) if checked.sheet.format == "csv" else _answered_workbook(checked, data)


def _marked(mark: str, texts: list[str]) -> list[str]:
    """A row that is not read: its first cell begins with the mark. The note of the first column follows it there."""
    return [f"{UNREAD} {mark}. {texts[0]}".strip(), *texts[1:]]


# ---------------------------------------------------------------- rows of the model


def _present(of: Plan, stated: Stated, naming: Naming) -> Iterable[list[str]]:
    if not of.kind:
        yield from _links(of, stated, naming)
        return
    for node in stated.of_kind(of.kind):
        if stated.value(node, RDF_TYPE) == term("Retired"):
            continue
        name = "/".join(kind_and_slug(node) or ())
        values = editing.values_of(stated, name) | {CODE: (name.partition("/")[2],)}
        yield [_shown(c, values.get(c.name, ()), naming) for c in of.columns]


def _links(of: Plan, stated: Stated, naming: Naming) -> Iterable[list[str]]:
    for relation, kinds in relations().items():
        for kind in kinds:
            for node in stated.of_kind(kind):
                for other in stated.objects(node, term(relation)):
                    named = kind_and_slug(str(other.value))
                    claim = stated.claim(node, term(relation), iri(*named)) if named else None
                    if named is None or claim is None:
                        continue
                    evidence = evidence_of(stated, claim)
                    values = {
                        FROM: ("/".join(kind_and_slug(node) or ()),),
                        RELATION: (relation,),
                        TO: ("/".join(named),),
                        STRENGTH: (evidence.strength,),
                        WHY: (evidence.explanation,),
                        LOCATOR: (evidence.locator,),
                        SOURCES: tuple(f"source/{s}" for s in evidence.sources),
                        TALK: () if evidence.talk_from_months is None else (str(evidence.talk_from_months),),
                    }
                    yield [_shown(c, values.get(c.name, ()), naming) for c in of.columns]


def _shown(column: Column, values: Sequence[str], naming: Naming) -> str:
    """Values as they stand in a cell."""
    words = {c.value: c.words for c in column.choices}
    texts = [naming.written(v) if column.targets else words.get(v, v) for v in values]
    return " | ".join(texts)


# ---------------------------------------------------------------- csv


def _csv(rows: Iterable[Sequence[str]], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows([_harmless(c) for c in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; plain numbers are none."""
    return text if _NUMBER.match(text) else no_formula(text)


def _answered_csv(checked: Checked, data: bytes) -> bytes:
    sheet = checked.sheet
    told = {row.number: "; ".join(_messages(checked, row)) for row in checked.rows}
    place = sheet.answer_place
    rows: list[list[str]] = []
    for number, cells in enumerate(lines_of(data, sheet.delimiter), 1):
        cells += [""] * (place + 1 - len(cells))
        cells[place] = ANSWER if number == sheet.heading_row else told.get(number, "")
        rows.append(cells)
    return _csv(rows, sheet.delimiter)


def _messages(checked: Checked, row: Row) -> list[str]:
    """What to say of a row: each message with the heading of its column."""
    if not row.faults and not row.notes:
        return []
    headings = dict(zip(_names(checked), checked.sheet.headings, strict=True))
    return [
        f"{headings[f.column]}: {f.message}" if headings.get(f.column) else f.message for f in (*row.faults, *row.notes)
    ]


def _names(checked: Checked) -> list[str]:
    """The columns of the file, by the names by which faults call them."""
    return [c.name if c is not None else str(i) for i, c in enumerate(checked.sheet.columns)]


# ---------------------------------------------------------------- workbooks


def _workbook(of: Plan, head: Sequence[Sequence[str]], rows: Sequence[Sequence[str]], naming: Naming) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = of.title
    for number, cells in enumerate([*head, *rows], 1):
        for place, text in enumerate(cells, 1):
            _write(sheet.cell(number, place), text, number=of.columns[place - 1].number and number > len(head))
    for place, column in enumerate(of.columns, 1):
        title = sheet.cell(1, place)
        title.font, title.fill, title.alignment = Font(bold=True, color="FFFFFF"), _HEAD, _TOP
        title.comment = _comment(column.note)
        for number in range(2, len(head) + 1):
            cell = sheet.cell(number, place)
            cell.font, cell.fill, cell.alignment = Font(italic=True, color="4C5760"), _QUIET, _TOP
        sheet.column_dimensions[get_column_letter(place)].width = (
            14 if column.number else 36 if column.name != CODE else 24
        )
    sheet.freeze_panes = "B2"
    _lists(book, sheet, of, naming)
    return _saved(book)


def _write(cell: Cell | MergedCell, text: str, number: bool = False) -> None:
    """Write text as text, whatever it looks like; whole numbers only where a number is asked for."""
    if isinstance(cell, MergedCell):  # it shows what is in the first of the joined cells
        return
    if number and _NUMBER.match(text):
        cell.value = int(text)
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:32_000] or None
    if cell.value is not None:
        cell.data_type = "s"
        cell.quotePrefix = no_formula(text) != text


def _lists(book: openpyxl.Workbook, sheet: Worksheet, of: Plan, naming: Naming) -> None:
    """Drop-downs for what is chosen from a list, from a hidden sheet that holds the lists."""
    lists = book.create_sheet(_LISTS)
    lists.sheet_state = "hidden"
    written: dict[tuple[str, ...], str] = {}
    for place, column in enumerate(of.columns, 1):
        options = tuple(c.words for c in column.choices) or tuple(naming.options(column.targets, column.target))
        if not options:
            continue
        if options not in written:
            letter = get_column_letter(len(written) + 1)
            for number, option in enumerate(options, 1):
                _write(lists[f"{letter}{number}"], option)
            written[options] = f"{_LISTS}!${letter}$1:${letter}${len(options)}"
        # several values, or a name with its code, can't be in a list: there it helps and does not hinder
        strict = bool(column.choices) and not column.many
        rule = DataValidation("list", written[options], allow_blank=True, showErrorMessage=strict)
        rule.errorTitle, rule.error = column.heading[:30], "Choose one from the list."
        letter = get_column_letter(place)
        rule.add(f"{letter}4:{letter}{_ROWS}")
        sheet.add_data_validation(rule)


def _comment(text: str) -> Comment:
    return Comment(text, "childdev", width=320, height=min(60 + 18 * (len(text) // 44), 400))


def _answered_workbook(checked: Checked, data: bytes) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl leaves out, such as pictures
        book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book[checked.sheet.worksheet]
    place = checked.sheet.answer_place + 1
    title = sheet.cell(checked.sheet.heading_row, place)
    _write(title, ANSWER)
    title.font, title.fill = Font(bold=True, color="FFFFFF"), _HEAD
    sheet.column_dimensions[get_column_letter(place)].width = 60
    names = _names(checked)
    for row in checked.rows:
        cell = sheet.cell(row.number, place)
        _write(cell, "\n".join(_messages(checked, row)))
        cell.alignment = _TOP
        if row.is_good and not row.notes:
            cell.fill = _GOOD
        for fault in (*row.faults, *row.notes):
            if fault.column in names:
                _mark(sheet.cell(row.number, names.index(fault.column) + 1), fault.message)
    return _saved(book)


def _mark(cell: object, message: str) -> None:
    """Mark a cell at fault. Of joined cells only the first can hold a comment."""
    if isinstance(cell, Cell):
        known = cell.comment.text + "\n" if cell.comment is not None and cell.fill == _STOP else ""
        cell.fill = _STOP
        cell.comment = _comment(known + message)


def _saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
