"""What the cells of a row mean: words for values, names for things, and nothing that tells of one person."""

from __future__ import annotations

import re
from collections.abc import Mapping

from childdev.contribution.changes.kinds import Evidence
from childdev.contribution.sheets.naming import Naming
from childdev.contribution.sheets.plans import LOCATOR, NOTHING, STRENGTH, WHY, Column
from childdev.contribution.sheets.reading import Sheet
from childdev.contribution.sheets.rows import Row
from childdev.errors import Finding
from childdev.validation import personal_data

#: the most characters in one cell
LONGEST = 5_000


class Cells:
    """Reads the cells of a table, one row at a time, and tells the row what is wrong with them."""

    def __init__(self, sheet: Sheet, naming: Naming) -> None:
        self.sheet, self.naming = sheet, naming
        self._places = {i: c for i, c in enumerate(sheet.columns) if c is not None}
        self.names = [c.name for c in self._places.values()]
        self._chosen = {c.name: _words(c) for c in self._places.values() if c.choices}
        self._screened: dict[str, list[Finding]] = {}

    def read(self, row: Row) -> dict[str, list[str]]:
        """The values of the cells of a row, by column; none for a cell that is empty or at fault.

        A cell whose value is to be taken away has an empty list.
        """
        found: dict[str, list[str]] = {}
        for place, cell in enumerate(self.sheet.rows[row.number]):
            column = self._places.get(place)
            name = column.name if column is not None else str(place)
            is_free = column is None or not (column.targets or column.choices or column.number)
            if is_free and self._is_private(row, name, cell.text):
                continue
            if column is None:
                continue
            if cell.fault:
                row.tell(name, cell.fault)
            elif len(cell.text) > LONGEST:
                row.tell(name, f"This is too long. Write {LONGEST:,} characters at most.")
            elif cell.text and (values := self._values(row, column, cell.text)) is not None:
                found[name] = values
        return found

    def _is_private(self, row: Row, name: str, text: str) -> bool:
        """Whether a text would tell of one person; the row is told, and never what was found."""
        if text not in self._screened:
            self._screened[text] = personal_data.screen(text) if text else []
        for finding in self._screened[text]:
            row.tell(name, finding.message)
        return bool(self._screened[text])

    def meant(self, text: str, kinds: tuple[str, ...]) -> str:
        """A hint at what comes nearest to a name that is not known."""
        near = self.naming.near(text, kinds)
        return f"Did you mean “{near}”? " if near else ""

    def _values(self, row: Row, column: Column, text: str) -> list[str] | None:
        if text == NOTHING:
            return []
        parts = re.split(r"[|\n]", text) if column.many else [text]
        texts = [tidy for part in parts if (tidy := " ".join(part.split()))]
        if column.targets:
            return self._things(row, column, texts)
        if not column.choices:
            return texts
        known = self._chosen[column.name]
        if any(t.casefold() not in known for t in texts):
            row.tell(column.name, f"Choose one: {', '.join(c.words for c in column.choices)}.")
            return None
        return [known[t.casefold()] for t in texts]

    def _things(self, row: Row, column: Column, texts: list[str]) -> list[str] | None:
        found: list[str] = []
        for text in texts:
            names = self.naming.find(text, column.targets)
            if len(names) == 1:
                found.append(names[0])
            elif names:
                ways = " or ".join(f"“{text} ({name.partition('/')[2]})”" for name in names[:3])
                row.tell(column.name, f"Several things are called “{text}”. Write {ways}.")
            elif not self._is_private(row, column.name, text):
                hint = self.meant(text, column.targets)
                row.tell(column.name, f"“{text}” is not in the model. {hint}Choose from the list, or add it first.")
        return found if len(found) == len(texts) else None


def _words(column: Column) -> dict[str, str]:
    """The values of a column with choices, by what people write for them."""
    return {words.casefold(): c.value for c in column.choices for words in (c.value, c.words)}


def evidence(row: Row, values: Mapping[str, list[str]], sources: tuple[str, ...], talk: int | None = None) -> Evidence:
    """The evidence that the cells of a row give: a workshop view, where they give none."""

    def text(name: str) -> str:
        return next(iter(values.get(name, ())), "")

    strength = text(STRENGTH) or "workshop-view"
    if strength != "workshop-view" and not sources:
        row.tell(
            STRENGTH, "Evidence of this strength needs a source. Name one in “Sources”, or call it a workshop view."
        )
        strength = "workshop-view"
    locator = text(LOCATOR) or text("locator")
    return Evidence.model_validate(
        {
            "strength": strength,
            "basis": "read" if sources and locator else "named" if sources else "reasoned",
            "sources": sources,
            "explanation": text(WHY),
            "locator": locator,
            "talk_from_months": talk,
        }
    )
