"""Rows that were checked, and what was found wrong with their cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from childdev.contribution.changes.kinds import Change
from childdev.model.stated import Delta


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell: the name of its column, empty where it is the row as a whole, and how to mend it.

    A column that the table does not know is named by its place, from 0.
    """

    column: str
    message: str


@dataclass
class Row:
    """A row that was checked. `name` is the thing that it is about; `notes` keep nothing from being taken in.

    `delta` is what its changes do, once they were tried.
    """

    number: int
    name: str = ""
    label: str = ""
    is_new: bool = False
    changes: tuple[Change, ...] = ()
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    delta: Delta = field(default_factory=Delta)

    @property
    def is_good(self) -> bool:
        """Whether it changes something, and can be taken in."""
        return bool(self.changes) and not self.faults

    def tell(self, column: str, message: str) -> None:
        """Write down what is wrong with a cell, once."""
        if Fault(column, message) not in self.faults:
            self.faults.append(Fault(column, message))

    def is_told(self, column: str) -> bool:
        """Whether something is wrong with a cell already."""
        return any(f.column == column for f in self.faults)
