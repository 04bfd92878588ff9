"""Whether a workbook can be opened at all: it is a zip of XML, and both can be made to hurt who reads them.

Everything is looked at while unpacking in small pieces, before any library reads the whole.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from xml.parsers import expat

from openpyxl.utils import column_index_from_string

from childdev.errors import TableError

#: the most that a workbook may hold, unpacked
MOST_BYTES, MOST_PARTS, MOST_ROWS, MOST_CELLS = 64 << 20, 400, 5_000, 200_000
#: no honest part of this size packs so well
_RATIO, _RATIO_FROM = 400, 4 << 20
_PIECE = 64 << 10


def too_long(rows: int = MOST_ROWS, cells: int = MOST_CELLS) -> str:
    """What to say of a sheet that has more than so many rows or cells."""
    return (
        f"This table has more than {rows:,} rows or {cells:,} cells. Take out rows and columns that are empty or not "
        "needed, or cut it into several."
    )


TOO_LONG = too_long()
_SAVE = "Open it in your spreadsheet program and save it as .xlsx or as CSV (UTF-8)."


@dataclass
class _Counted:
    rows: int = 0
    cells: int = 0
    covered: int = 0


def check(data: bytes, rows: int = MOST_ROWS, cells: int = MOST_CELLS) -> None:
    """Refuse what is no workbook, holds what could run or fetch something, or would not fit when unpacked.

    `rows` and `cells` are the most that a sheet may have.

    Raises:
        TableError: says why, and what to do.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError(f"This workbook is of an old kind (.xls), or is locked with a password. {_SAVE}")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_parts(archive)
            for part in archive.infolist():
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_xml(archive, part, rows, cells)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, OSError, ValueError) as e:
        raise TableError(f"This workbook is damaged and can't be opened. {_SAVE}") from e


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = [p.filename.lower() for p in parts]
    if any(p.flag_bits & 1 for p in parts):
        raise TableError(f"This workbook is locked with a password. Take the password off. {_SAVE}")
    if "xl/workbook.xml" not in names:
        raise TableError(f"This is not an Excel workbook (.xlsx). {_SAVE}")
    if len(set(names)) != len(names):
        raise TableError(f"This workbook is damaged: it holds something twice. {_SAVE}")
    if any("vbaproject" in n or "/macrosheets/" in n or "/activex/" in n for n in names):
        raise TableError("This workbook holds macros, which are not taken. Save it as .xlsx, which has none.")
    if any("/externallinks/" in n or n == "xl/connections.xml" for n in names):
        raise TableError(
            "This workbook takes values from other files. Copy its cells, paste them as values into a new workbook, "
            "and save that."
        )
    packed, whole = sum(p.compress_size for p in parts), sum(p.file_size for p in parts)
    swollen = any(p.file_size > _RATIO_FROM and p.file_size > _RATIO * max(p.compress_size, 1) for p in parts)
    if len(parts) > MOST_PARTS or whole > MOST_BYTES or swollen or packed > whole + (1 << 20):
        raise TableError(
            "This workbook is much larger inside than it seems, so it is not opened. Copy its rows into the template."
        )


def _check_xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo, rows: int, cells: int) -> None:
    """Read one part in pieces: no document type (with which entities swell), not longer than it says, few rows."""
    parser, counted = expat.ParserCreate(), _Counted()
    is_sheet = part.filename.lower().startswith("xl/worksheets/sheet")

    def on_doctype(*_: object) -> None:
        raise TableError(f"This workbook holds what no spreadsheet program writes, so it is not opened. {_SAVE}")

    def on_start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "Override" and "macroEnabled" in attributes.get("ContentType", ""):
            raise TableError("This workbook holds macros, which are not taken. Save it as .xlsx, which has none.")
        counted.rows += local == "row"
        counted.cells += local == "c"
        far = local == "row" and int(attributes.get("r") or 0) > rows
        if is_sheet and (far or counted.rows > rows or counted.cells > cells):
            raise TableError(too_long(rows, cells))
        if local in ("mergeCell", "hyperlink"):
            counted.covered += _size(attributes.get("ref", ""))
        if counted.covered > cells:
            raise TableError("This workbook joins or links a great many cells. Copy its rows into the template.")

    parser.StartDoctypeDeclHandler = on_doctype
    parser.StartElementHandler = on_start
    try:
        for piece in _pieces(archive, part):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as e:
        raise TableError(f"This workbook is damaged and can't be opened. {_SAVE}") from e


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    seen = 0
    with archive.open(part) as file:
        while piece := file.read(_PIECE):
            seen += len(piece)
            if seen > part.file_size:
                raise TableError(f"This workbook is damaged: a part is longer than it says. {_SAVE}")
            yield piece


def _size(area: str) -> int:
    """How many cells an area such as "A1:C9" covers."""
    if not re.fullmatch(r"[A-Z]{1,3}\d{1,7}(:[A-Z]{1,3}\d{1,7})?", area):
        return 0 if not area else MOST_CELLS + 1
    first, last = (re.fullmatch(r"([A-Z]+)(\d+)", corner) for corner in (area.split(":") * 2)[:2])
    assert first is not None and last is not None
    width = column_index_from_string(last[1]) - column_index_from_string(first[1]) + 1
    return int(width * (int(last[2]) - int(first[2]) + 1))
