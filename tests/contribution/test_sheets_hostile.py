"""Files that are made to hurt, or are no tables at all: refused with a sentence that says what to do."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from childdev.contribution.sheets import reading, safety
from childdev.errors import TableError


def workbook(columns: int = 2, rows: int = 2) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(["Name", "Definition", *(f"c{n}" for n in range(columns - 2))])
    for n in range(rows):
        sheet.append([f"n{n}", "d"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def changed(part: str, find: bytes, put: bytes, *, more: dict[str, bytes] | None = None) -> bytes:
    """A workbook of which one part is changed, and others are added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == part:
                assert find in data
                data = data.replace(find, put, 1)
            new.writestr(info.filename, data)
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
START = b"<worksheet"
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet'
REFUSED = {
    "entities": (changed(SHEET, START, BOMB), "no spreadsheet program writes"),
    "an outside entity": (
        changed("xl/workbook.xml", b"<workbook", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><workbook'),
        "no spreadsheet program writes",
    ),
    "a swollen part": (changed(SHEET, START, START, more={"xl/media/a.bin": bytes(30 << 20)}), "much larger inside"),
    "too much unpacked": (
        changed(SHEET, START, START, more={f"xl/media/{n}.xml": bytes(3 << 20) for n in range(30)}),
        "much larger inside",
    ),
    "many parts": (changed(SHEET, START, START, more={f"x/{n}": b"" for n in range(500)}), "much larger inside"),
    "macros": (changed(SHEET, START, START, more={"xl/vbaProject.bin": b"x"}), "macros"),
    "a macro workbook": (
        changed("[Content_Types].xml", b"sheet.main+xml", b"sheet.macroEnabled.main+xml"),
        "(macros|can't be opened)",
    ),
    "links to other files": (
        changed(SHEET, START, START, more={"xl/externalLinks/externalLink1.xml": b"<x/>"}),
        "values from other files",
    ),
    "all cells joined": (
        changed(SHEET, b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "joins or links a great many cells",
    ),
    "a row far down": (changed(SHEET, b"</sheetData>", b'<row r="1048576"/></sheetData>'), "more than 5,000 rows"),
    "a cell far out": (
        changed(SHEET, b"</sheetData>", b'<row r="4999"><c r="XFD4999"><v>1</v></c></row></sheetData>'),
        "more than 5,000 rows",
    ),
    "broken XML": (changed(SHEET, START, b"<<"), "damaged"),
    "half a file": (workbook()[:900], "damaged"),
    "another zip": (
        changed("xl/workbook.xml", b"<workbook", b"<workbook")[:0] + b"PK\x05\x06" + bytes(18),
        "not an Excel",
    ),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + bytes(512), "old kind"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "not a table|No row of headings"),
    "nothing": (b"  \n", "empty"),
    "only words": (b"Dear all,\nplease find below", "No row of headings"),
    "a very wide line": (b"Name,Definition\n" + b"x" * 200_000, "can't be read as a table"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_can_hurt_is_refused(name: str) -> None:
    data, why = REFUSED[name]
    with pytest.raises(TableError, match=why):
        reading.read(data, "table")


def test_a_part_longer_than_it_says_is_refused() -> None:
    data = bytearray(changed(SHEET, START, START, more={"xl/extra.xml": b"<x>" + b"a" * 5000 + b"</x>"}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("xl/extra.xml").file_size.to_bytes(4, "little")
    at = data.rfind(size)
    data[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(TableError):
        reading.read(bytes(data), "table")


def test_a_table_with_too_many_rows_is_refused() -> None:
    lines = "Name,Definition\n" + "a,b\n" * (safety.MOST_ROWS + 5)
    with pytest.raises(TableError, match="more than 5,000 rows"):
        reading.read(lines.encode(), "table")
    with pytest.raises(TableError, match="more than 5,000 rows"):
        reading.read(workbook(rows=safety.MOST_ROWS + 1), "table")


def test_an_honest_workbook_is_read() -> None:
    assert len(reading.read(workbook(), "table").rows) == 2
