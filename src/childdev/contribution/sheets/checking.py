"""Check a filled table: each row becomes typed changes, or messages at the cells that are at fault."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from childdev.contribution.changes.kinds import AddThing, Change
from childdev.contribution.sheets import describing, linking
from childdev.contribution.sheets.cells import Cells
from childdev.contribution.sheets.naming import Naming
from childdev.contribution.sheets.reading import Sheet
from childdev.contribution.sheets.rows import Row
from childdev.contribution.sheets.rules import keep_rules
from childdev.errors import Finding, TableError
from childdev.model.stated import Stated


@dataclass
class Checked:
    """A table that was checked. `notices` are of the table as a whole; they keep nothing from being taken in."""

    sheet: Sheet
    rows: list[Row]
    notices: list[Finding]

    @property
    def good(self) -> list[Row]:
        """The rows that can be taken in."""
        return [r for r in self.rows if r.is_good]

    @property
    def bad(self) -> list[Row]:
        """The rows in which something is to be mended."""
        return [r for r in self.rows if r.faults]

    @property
    def same(self) -> list[Row]:
        """The rows that say what the model says already."""
        return [r for r in self.rows if not r.faults and not r.changes]

    def sentence(self) -> str:
        """What came of it, in one sentence."""
        good, bad, same = len(self.good), len(self.bad), len(self.same)
        parts = [
            f"{_rows(good)} can be taken in",
            f"{_rows(bad)} {'has' if bad == 1 else 'have'} something to mend" if bad else "",
            f"{_rows(same)} {'says' if same == 1 else 'say'} what the model says already" if same else "",
        ]
        return _and([p for p in parts if p]) + "."

    def changes(self, numbers: Collection[int]) -> tuple[Change, ...]:
        """The changes of the good rows of these numbers: what is new first, so that links find it."""
        made = [c for r in self.good if r.number in numbers for c in r.changes]
        return tuple(sorted(made, key=lambda c: not isinstance(c, AddThing)))


def check(sheet: Sheet, stated: Stated, progress: Callable[[int, int], None] | None = None) -> Checked:
    """Check every row of a table against what is stated. `progress` is told how many rows are done, and of how many.

    Raises:
        TableError: there is no row to check.
    """
    if not sheet.rows:
        raise TableError(
            "There is no filled row below the headings. Rows that begin with # are notes and are not read."
        )
    cells, kind = Cells(sheet, Naming(stated)), sheet.plan.kind
    rows = [Row(number) for number in sheet.rows]
    if kind:
        describing.name(rows, kind, cells, stated)
    for done, row in enumerate(rows, 1):
        if kind:
            describing.read(row, kind, cells, stated)
        else:
            linking.read(row, cells, stated)
        if progress is not None and (done % 20 == 0 or done == len(rows)):
            progress(done, len(rows))
    stray = keep_rules(rows, stated)
    return Checked(sheet, rows, [*sheet.notices, *stray])


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
