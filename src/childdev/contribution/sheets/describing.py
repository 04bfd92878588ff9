"""Read the rows of a table of things: each adds one, or changes the one that its code names."""

from __future__ import annotations

from collections.abc import Mapping

from childdev.contribution import editing
from childdev.contribution.sheets.cells import Cells, evidence
from childdev.contribution.sheets.plans import CODE
from childdev.contribution.sheets.rows import Row
from childdev.model.stated import Stated
from childdev.validation import fields

_NAME = "skos:prefLabel"
_AGES = {"typicalFromMonths", "typicalToMonths"}


def name(rows: list[Row], kind: str, cells: Cells, stated: Stated) -> None:
    """Say of each row which thing it is about, and let rows name the new things of others."""
    taken: dict[str, int] = {}
    for row in rows:
        code = cells.sheet.cell(row.number, CODE).text
        row.label = cells.sheet.cell(row.number, _NAME).text
        if code:
            _name_known(row, kind, code, cells)
        else:
            _name_new(row, kind, cells, stated, taken)
        if row.name in taken:
            row.tell(CODE, f"This is in row {taken[row.name]} already. Keep one of the two rows.")
        elif row.name:
            taken[row.name] = row.number
    for row in rows:
        if row.is_new:
            cells.naming.add(row.name, row.label)


def _name_known(row: Row, kind: str, code: str, cells: Cells) -> None:
    found = cells.naming.find(code, (kind,))
    if len(found) == 1:
        row.name = found[0]
        row.label = row.label or cells.naming.label(row.name)
    else:
        hint = cells.meant(code, (kind,))
        row.tell(CODE, f"Nothing in the model has this code. {hint}For something new, leave the code empty.")


def _name_new(row: Row, kind: str, cells: Cells, stated: Stated, taken: Mapping[str, int]) -> None:
    row.is_new = True
    # two publications may well have the same title
    if row.label and kind != "source" and (known := cells.naming.find(row.label, (kind,))):
        slug = known[0].partition("/")[2]
        row.tell(
            _NAME,
            f"Something of this name is in the model already. To change it, write its code ({slug}) in the column "
            "“Code”; or give this another name.",
        )
    row.name = f"{kind}/{editing.slug_for(stated, kind, row.label, taken)}"


def read(row: Row, kind: str, cells: Cells, stated: Stated) -> None:
    """Make the cells of a row to changes, or to faults."""
    values = cells.read(row)
    if not row.name:
        return
    known = {f.property for f in fields.fields(kind)}
    wanted = {column: given for column, given in values.items() if column in known}
    _judge(row, kind, wanted, stated)
    sources = tuple(source.partition("/")[2] for source in values.get("dcterms:source", ()))
    grounds = evidence(row, values, sources)
    if not row.faults:
        row.changes = editing.changes_for(stated, row.name, wanted, otherwise=grounds)


def _judge(row: Row, kind: str, wanted: Mapping[str, list[str]], stated: Stated) -> None:
    """What the rules on single fields say of a row; of a thing that is there, only what is given is looked at."""
    told = {f.column for f in row.faults}
    looked_at: dict[str, list[str]] = dict(wanted)
    if not row.is_new:
        beside = {"rdf:type", *(_AGES if wanted.keys() & _AGES else ())} - wanted.keys()
        looked_at |= {column: list(v) for column, v in editing.values_of(stated, row.name, beside).items()}
    for column, messages in fields.faults(kind, looked_at, whole=row.is_new).items():
        for message in messages if column not in told else ():
            row.tell(column, message)
