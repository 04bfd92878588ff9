"""Read the rows of the table of links: from what, which link, to what, and on what it stands."""

from __future__ import annotations

from collections.abc import Mapping

from childdev.contribution.changes.kinds import Evidence, Link, ReEvidence, Unlink
from childdev.contribution.changes.making import evidence_of
from childdev.contribution.changes.names import thing
from childdev.contribution.sheets.cells import Cells, evidence
from childdev.contribution.sheets.plans import (
    FROM,
    LOCATOR,
    RELATION,
    REMOVE,
    SOURCES,
    STRENGTH,
    TALK,
    TO,
    WHY,
    relations,
)
from childdev.contribution.sheets.rows import Row
from childdev.model.short_names import term
from childdev.model.stated import Stated
from childdev.validation.fields import field_of

_EVIDENCE = (STRENGTH, WHY, LOCATOR, SOURCES, TALK)


def read(row: Row, cells: Cells, stated: Stated) -> None:
    """Make the cells of a row to changes, or to faults."""
    values = cells.read(row)
    given = [next(iter(values.get(name, ())), "") for name in (FROM, RELATION, TO)]
    for name, value in zip((FROM, RELATION, TO), given, strict=True):
        if not value and not row.is_told(name):
            row.tell(name, "This is empty. Fill it in.")
    talk = _months(row, values)
    sources = tuple(source.partition("/")[2] for source in values.get(SOURCES, ()))
    grounds = evidence(row, values, sources, talk)
    if all(given):
        _fits(row, *given)
    if row.faults:
        return
    row.name, row.label = given[0], f"{cells.naming.label(given[0])} – {cells.naming.label(given[2])}"
    is_said = any(values.get(name) for name in _EVIDENCE)
    _change(row, stated, given, grounds, is_said, remove=values.get(REMOVE) == ["yes"])


def _change(row: Row, stated: Stated, link: list[str], grounds: Evidence, is_said: bool, remove: bool) -> None:
    """The change that a row asks for; evidence of a link that is there stays unless the row says some."""
    subject, relation, other = link
    node, p, o = thing(subject), term(relation), thing(other)
    is_there = o in stated.objects(node, p)
    if remove and not is_there:
        row.tell(REMOVE, "There is no such link in the model, so it can't be removed.")
    elif remove:
        row.changes = (Unlink(subject=subject, relation=relation, object=other),)
    elif not is_there:
        row.is_new = True
        row.changes = (Link(subject=subject, relation=relation, object=other, evidence=grounds),)
    elif is_said:
        claim = stated.claim(node, p, o)
        known = evidence_of(stated, claim) if claim is not None else None
        # how it came to stand is no column of the table, so it alone is no difference
        if known is None or known.model_copy(update={"basis": grounds.basis}) != grounds:
            row.changes = (ReEvidence(subject=subject, relation=relation, object=other, evidence=grounds),)


def _fits(row: Row, subject: str, relation: str, other: str) -> None:
    """Whether the link may start and end there."""
    starts = relations()[relation]
    ends = field_of(starts[0], relation).targets
    if subject.partition("/")[0] not in starts:
        row.tell(FROM, f"This link starts from {_kinds(starts)}. Choose one, or another link.")
    if other.partition("/")[0] not in ends:
        row.tell(TO, f"This link leads to {_kinds(ends)}. Choose one, or another link.")


def _kinds(kinds: tuple[str, ...]) -> str:
    return " or ".join(f"{'an' if k[0] in 'aeiou' else 'a'} {k.replace('-', ' ')}" for k in kinds)


def _months(row: Row, values: Mapping[str, list[str]]) -> int | None:
    """The age from which to talk, in months."""
    given = values.get(TALK) or []
    ages = field_of("feature", "typicalFromMonths")
    if given and ages.faults(given):
        row.tell(TALK, f"Write a whole number of months from {ages.minimum} to {ages.maximum}.")
        return None
    return int(given[0]) if given else None
