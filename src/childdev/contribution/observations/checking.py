"""Check figures row by row, and make safe what can be taken in. Of small numbers nothing is kept or told."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import isfinite

from childdev.contribution.observations import cube, rows
from childdev.contribution.observations.rows import COLUMNS, RawRow, RawTable
from childdev.contribution.observations.suppression import LEAST, protect
from childdev.errors import Finding, TableError
from childdev.store.observations import Area, Figures, Observation
from childdev.validation import personal_data

#: what publishers write where a figure is left out, and where there is none
LEFT_OUT = frozenset(
    {"c", "[c]", "*", "(c)", "left out", "suppressed", "supp", "under 6", "<6", "< 6", "<5", "under 5"}
)
NONE_THERE = frozenset({"x", "[x]", "z", "[z]", "b", "u", "[u]", ":", "..", "-", "n/a", "na", "no data"})
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")
_PERIOD = re.compile(r"(\d{4})(?:\s*[/–-]\s*(\d{2}|\d{4}))?")
#: how many faults are told; all are in the table that comes back
_TOLD = 1_000
_HEADINGS = {c.name: c.heading for c in COLUMNS}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: where it is, the heading of its column (empty where it is the row), how to mend it."""

    place: str
    column: str
    message: str


@dataclass
class Checked:
    """Figures that were checked. `observations` are safe to store; nothing else of the file is kept.

    `answer` is the table with what to mend, without its small numbers, as packed rows.
    """

    kind: str
    observations: list[Observation] = field(default_factory=list)
    areas: dict[str, Area] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    faulty: int = 0
    empty: int = 0
    answer: bytes = b""

    @property
    def left_out(self) -> int:
        """How many figures are left out."""
        return sum(o.left_out for o in self.observations)

    @property
    def is_good(self) -> bool:
        """Whether it can be taken in."""
        return bool(self.observations) and not self.faulty

    def sentence(self) -> str:
        """What came of it, in a sentence or two."""
        good = len(self.observations)
        if self.faulty:
            some = "1 row has" if self.faulty == 1 else f"{self.faulty:,} rows have"
            return f"{some} something to mend; {good:,} would be taken in. Mend them, then send the table again."
        told = f"{good:,} figure{'s' if good != 1 else ''} of {len(self.areas):,} areas can be taken in."
        if self.left_out:
            told += f" {self.left_out:,} of them are left out, because they are small or would give a small one away."
        return told

    def findings(self) -> list[Finding]:
        """What is to be mended, for the command line."""
        return [Finding(f"{f.place}, {f.column}" if f.column else f.place, f.message) for f in self.faults]

    def answer_rows(self) -> Iterable[list[str]]:
        """The table with what to mend."""
        return csv.reader(io.StringIO(zlib.decompress(self.answer).decode(), newline=""))


def check(
    data: bytes,
    name: str,
    indicators: Mapping[str, str],
    known: Figures,
    progress: Callable[[int], None] | None = None,
) -> Checked:
    """Check figures from a table or a cube. `indicators` are the names by slug, `known` is what stands in the record.

    Raises:
        TableError: it can't be read at all, or holds no figure.
    """
    table: RawTable = cube.read(data, name) if cube.is_cube(data, name) else rows.read(data)
    found = _Check(table.kind, indicators, known)
    for number, row in enumerate(table.rows, 1):
        found.take(row)
        if progress is not None and number % 2_000 == 0:
            progress(number)
    return found.done()


class _Check:
    def __init__(self, kind: str, indicators: Mapping[str, str], known: Figures) -> None:
        self._found = Checked(kind)
        self._slugs = {words.casefold(): slug for slug, words in indicators.items()} | {s: s for s in indicators}
        self._names = dict(indicators)
        self._known = known
        self._seen: dict[tuple[str, str, int], str] = {}
        self._screened: dict[str, str] = {}
        self._text = io.StringIO()
        self._packer = zlib.compressobj(6)
        self._packed = bytearray()
        self._out = csv.writer(self._text, lineterminator="\n")
        self._rows: list[tuple[RawRow, str]] = []
        self._row_of: list[int] = []

    def take(self, row: RawRow) -> None:
        """Check one row."""
        faults: list[Fault] = []

        def tell(column: str, message: str) -> None:
            faults.append(Fault(row.place, _HEADINGS.get(column, ""), message))

        if row.fault:
            column, _, message = row.fault.rpartition("|")
            tell(column, message)
        observation = self._observation(row, tell)
        if faults:
            self._found.faulty += 1
            self._found.faults += faults[: max(0, _TOLD - len(self._found.faults))]
        elif observation is None:
            self._found.empty += 1
        else:
            self._found.observations.append(observation)
            self._row_of.append(len(self._rows))
        told = "; ".join(f"{f.column}: {f.message}" if f.column else f.message for f in faults)
        self._rows.append((row, told))

    def _observation(self, row: RawRow, tell: Callable[[str, str], None]) -> Observation | None:
        cells = row.cells
        indicator = self._indicator(cells.get("indicator", ""), tell)
        area = self._area(cells, tell)
        year, period = _period(cells.get("period", ""), tell)
        numbers = _numbers(cells, tell)
        if not indicator or not area or not period or numbers is None:
            return None
        key = (indicator, area, year)
        if key in self._seen:
            tell(
                "", f"This indicator, area and period stand in {self._seen[key].lower()} already. Keep one of the two."
            )
            return None
        self._seen[key] = row.place
        if key in self._known.set_of:
            title = self._known.sets[self._known.set_of[key]].about.title
            tell("", f"This figure is in “{title}” already. Say that this table replaces that one, or leave it out.")
            return None
        count, denominator, percent, left_out = numbers
        if count is None and percent is None and not left_out:
            return None
        return Observation(indicator, area, year, period, count, denominator, percent, left_out)

    def _indicator(self, text: str, tell: Callable[[str, str], None]) -> str:
        if not text:
            tell("indicator", "Write which indicator this is.")
            return ""
        slug = self._slugs.get(text.casefold().strip())
        if slug is None:
            near = get_close_matches(text.casefold(), self._slugs, 1, 0.6)
            hint = f" Did you mean “{self._names[self._slugs[near[0]]]}” ({self._slugs[near[0]]})?" if near else ""
            tell("indicator", f"This is no indicator of the model. The page of indicators lists them.{hint}")
        return slug or ""

    def _area(self, cells: Mapping[str, str], tell: Callable[[str, str], None]) -> str:
        code, part_of = _code(cells.get("area", "")), _code(cells.get("part_of", ""))
        name = cells.get("name", "")
        if not _CODE.fullmatch(code) or len(code) > 40:
            told = "Write the code of the area." if not code else "An area's code has letters, digits and hyphens only."
            tell("area", told)
            return ""
        if part_of and (not _CODE.fullmatch(part_of) or len(part_of) > 40 or part_of == code):
            tell("part_of", "Write the code of the larger area around this one, or leave it empty.")
            return ""
        for column, text in (("area", code), ("name", name)):
            if text and (wrong := self._screen(text)):
                tell(column, wrong)
                return ""
        known = self._found.areas.get(code) or self._known.areas.get(code)
        if not name and known is None:
            tell("name", "Write what this area is called; nothing is known of it yet.")
            return ""
        if known is not None and part_of and known.part_of and part_of != known.part_of:
            tell("part_of", f"This area is said to be part of {known.part_of} elsewhere. Let all rows say the same.")
            return ""
        self._found.areas[code] = Area(code, known.name if known else name, part_of or (known.part_of if known else ""))
        return code

    def _screen(self, text: str) -> str:
        if text not in self._screened:
            found = personal_data.screen(text)
            self._screened[text] = found[0].message if found else ""
        return self._screened[text]

    def done(self) -> Checked:
        """Make safe what can be taken in, and pack the table that comes back."""
        found = self._found
        if not self._rows:
            raise TableError(
                "There is no filled row below the headings. Rows that begin with # are notes and are not read."
            )
        if not found.observations and not found.faulty:
            raise TableError("No row holds a figure. Fill in Count and Out of, or Per cent.")
        _refuse_rings(found.areas)
        safe = protect(found.observations, self._known.observations, {**self._known.areas, **found.areas})
        gone = {self._row_of[i] for i, o in enumerate(safe) if o.left_out}
        self._write(["Place", *(c.heading for c in COLUMNS), "What to mend"])
        for number, (row, told) in enumerate(self._rows):
            self._write([row.place, *_shown(row, number in gone), told])
        self._packed += self._packer.compress(self._text.getvalue().encode())
        found.answer = bytes(self._packed + self._packer.flush())
        found.observations = [_rounded(o) for o in safe]
        return found

    def _write(self, cells: list[str]) -> None:
        self._out.writerow(cells)
        if self._text.tell() > 1 << 20:
            self._packed += self._packer.compress(self._text.getvalue().encode())
            self._text.seek(0)
            self._text.truncate()


def _shown(row: RawRow, is_left_out: bool) -> list[str]:
    """A row's cells as they may be shown: no figure that is left out, and none that looks small."""
    cells = [row.cells.get(c.name, "") for c in COLUMNS]
    count, denominator, percent = (_plain_number(row.cells.get(n, "")) for n in ("count", "denominator", "percent"))
    if count is None and percent is not None:
        count = round(percent * (denominator if denominator is not None else 1_000) / 100)
    small = any(n is not None and n < LEAST for n in (count, denominator)) or (
        count is not None and denominator is not None and denominator - count < LEAST
    )
    if is_left_out or small:
        return [*cells[:5], "c", "c", "c"]
    return cells


def _plain_number(text: str) -> float | None:
    try:
        number = float(text.replace(",", "").replace("%", "").strip())
    except ValueError:
        return None
    return number if isfinite(number) else None


def _rounded(o: Observation) -> Observation:
    if o.left_out:
        return o
    if o.count is not None and o.denominator:
        return Observation(*o.key, o.period, o.count, o.denominator, round(100 * o.count / o.denominator, 2))
    assert o.percent is not None
    return Observation(*o.key, o.period, None, o.denominator, round(o.percent, 1))


def _code(text: str) -> str:
    text = text.strip()
    return text.upper() if re.fullmatch(r"[A-Za-z]\d{8}", text) else text


def _period(text: str, tell: Callable[[str, str], None]) -> tuple[int, str]:
    """The year in which a period begins, and its words."""
    text = text.strip()
    if re.fullmatch(r"(19|20)\d{4}", text) and int(text[4:]) == (int(text[:4]) + 1) % 100:  # as the DfE has it: 202425
        text = f"{text[:4]}/{text[4:]}"
    found = _PERIOD.fullmatch(text)
    year, end = (int(found[1]), found[2]) if found else (0, None)
    if not found or not 1990 <= year <= 2100 or (end and int(end[-2:]) != (year + 1) % 100):
        told = (
            "Write when this was." if not text else "This is no period. Write a year or a school year such as 2024/25."
        )
        tell("period", told)
        return 0, ""
    return year, f"{year}/{end[-2:]}" if end else str(year)


def _numbers(
    cells: Mapping[str, str], tell: Callable[[str, str], None]
) -> tuple[int | None, int | None, float | None, bool] | None:
    """Count, denominator, share, and whether they were left out already; None where something is wrong."""
    texts = {n: cells.get(n, "").strip().casefold() for n in ("count", "denominator", "percent")}
    if texts["count"] in LEFT_OUT or texts["percent"] in LEFT_OUT or texts["denominator"] in LEFT_OUT:
        return None, None, None, True
    texts = {n: "" if t in NONE_THERE else t for n, t in texts.items()}
    numbers: dict[str, float | None] = {}
    for name, text in texts.items():
        number = _plain_number(text)
        whole = name == "percent" or number is None or number == int(number)
        if text and (number is None or not whole or not 0 <= number < 1e9):
            told = "Write a number from 0 to 100." if name == "percent" else "Write a whole number, without words."
            tell(name, told)
            return None
        numbers[name] = number
    count, denominator, percent = numbers["count"], numbers["denominator"], numbers["percent"]
    if percent is not None and percent > 100:
        tell("percent", "A share is between 0 and 100. Rates of a thousand or more are not taken.")
    elif count is not None and denominator is None and percent is None:
        tell("denominator", "Write how many children were looked at, so that a share can be told.")
    elif denominator is not None and count is None and percent is None:
        return None if not texts["denominator"] else (None, None, None, False)
    elif denominator is not None and denominator <= 0:
        tell("denominator", "Write how many children were looked at; it is more than none.")
    elif count is not None and denominator is not None and count > denominator:
        tell("count", "There are more counted than were looked at. Look whether the two columns are exchanged.")
    elif (
        None not in (count, denominator, percent)
        and abs(100 * (count or 0) / (denominator or 1) - (percent or 0)) > 0.6
    ):
        tell("percent", "Count and Out of make another share than this. Mend one of the three.")
    else:
        return (
            int(count) if count is not None else None,
            int(denominator) if denominator is not None else None,
            percent,
            False,
        )
    return None


def _refuse_rings(areas: Mapping[str, Area]) -> None:
    for code in areas:
        seen = [code]
        while (area := areas.get(seen[-1])) is not None and area.part_of:
            if area.part_of in seen:
                raise TableError(f"Areas are part of each other in a ring: {' → '.join([*seen, area.part_of])}.")
            seen.append(area.part_of)
