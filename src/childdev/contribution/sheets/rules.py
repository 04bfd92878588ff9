"""Try rows against the rules of the model, all together: what breaks a rule becomes a fault of its row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad

from childdev.contribution.changes.kinds import AddThing, Link
from childdev.contribution.changes.making import delta_of
from childdev.contribution.sheets.plans import LOCATOR, SOURCES, STRENGTH, TALK, WHY
from childdev.contribution.sheets.rows import Fault, Row
from childdev.errors import ChangeError, Finding
from childdev.model.iris import kind_and_slug
from childdev.model.short_names import term_name
from childdev.model.stated import Delta, Stated
from childdev.validation import targeted
from childdev.validation.shapes import Violation

#: where to tell of what the claim of a link lacks
_OF_CLAIMS = {"strength": STRENGTH, "explanation": WHY, "evidence": SOURCES, "locator": LOCATOR, "talkFromMonths": TALK}
_Rows = defaultdict[str, dict[int, Row]]


def keep_rules(rows: list[Row], stated: Stated) -> list[Finding]:
    """Try all good rows; those that break a rule get a fault. Gives what can be laid at the door of no row."""
    _without_needed(rows)
    _make([r for r in rows if r.is_good], stated)
    good = [r for r in rows if r.is_good]
    saying, leading = _owners(good)
    stray: dict[Finding, None] = {}
    for violation in targeted.broken(stated, delta_of_rows(good)) if good else ():
        concerned = saying.get(violation.focus) or leading.get(violation.focus) or {}
        _lay(violation, concerned.values())
        if not concerned:
            stray[Finding(violation.where[:1].upper() + violation.where[1:], violation.message)] = None
    _without_needed(rows)
    return list(stray)


def _without_needed(rows: list[Row]) -> None:
    """A row that leads to the new thing of another row can't be taken in while that one has something to mend."""
    held_up = {r.name: r for r in rows if r.is_new and r.faults}
    leading = [(r, c.object) for r in rows for c in r.changes if isinstance(c, Link)]
    while held_up:
        found: dict[str, Row] = {}
        for row, name in leading:
            if name in held_up and not row.faults:
                other = held_up[name]
                row.tell("", f"This leads to “{other.label}” in row {other.number}, where something is to be mended.")
                found[row.name] = row
        held_up = found


def verify(rows: Iterable[Row], stated: Stated) -> list[Finding]:
    """What the rules say of some rows by themselves: a row may need another one that is left out."""
    chosen = [Row(r.number, r.name, r.label, r.is_new, r.changes) for r in rows]
    stray = keep_rules(chosen, stated)
    return [*(Finding(f"Row {r.number}", f.message) for r in chosen for f in r.faults), *stray]


def delta_of_rows(rows: Iterable[Row]) -> Delta:
    """What rows that were tried do together."""
    tried = list(rows)
    added = frozenset[Quad]().union(*(r.delta.added for r in tried))
    removed = frozenset[Quad]().union(*(r.delta.removed for r in tried))
    return Delta(added - removed, removed - added)


def _make(rows: list[Row], stated: Stated) -> None:
    """Work out what each row does, on its own and beside the new things of all rows, to which it may lead."""
    for row in rows:
        try:
            row.delta = delta_of(stated, [c for c in row.changes if isinstance(c, AddThing)])
        except ChangeError as e:
            row.tell("", str(e))
    beside = stated.after(delta_of_rows(rows))
    for row in rows:
        rest = [c for c in row.changes if not isinstance(c, AddThing)]
        if not rest or row.faults:
            continue
        try:
            made = delta_of(beside, rest)
            row.delta = Delta(row.delta.added | made.added, made.removed)
        except ChangeError as e:
            row.tell("", str(e))


def _owners(rows: list[Row]) -> tuple[_Rows, _Rows]:
    """For each thing the rows that say something of it, and those that lead to it or away from it."""
    saying: _Rows = defaultdict(dict)
    leading: _Rows = defaultdict(dict)
    for row in rows:
        for q in (*row.delta.added, *row.delta.removed):
            for of, node in ((saying, q.subject), (leading, q.object)):
                if isinstance(node, NamedNode):
                    of[node.value][row.number] = row
    return saying, leading


def _lay(violation: Violation, concerned: Iterable[Row]) -> None:
    """Tell rows of a rule that they break; what a rule only reminds of becomes a note."""
    for row in concerned:
        fault = Fault(_column_of(violation, row), violation.message)
        if violation.severity == "Violation":
            row.tell(fault.column, fault.message)
        elif fault not in row.notes:
            row.notes.append(fault)


def _column_of(violation: Violation, row: Row) -> str:
    """The column in which to tell of a broken rule."""
    named = kind_and_slug(violation.focus)
    name = term_name(violation.property) if violation.property else ""
    if named and named[0] == "claim":
        return _OF_CLAIMS.get(name, "")
    return name if "/".join(named or ()) == row.name else ""
