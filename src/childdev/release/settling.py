"""What is written down beside a publication: which proposals are released, and clashes with a newer package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from childdev.access import audit
from childdev.contribution.changes.recognising import recognise
from childdev.model.stated import Delta, Stated
from childdev.release import proposals
from childdev.release.proposals import Kind, Status
from childdev.store.record import Entry, Record, lines_model

_WHY = (
    "A newer model came with the software. Where it and what was agreed here say different things, what was agreed "
    "here was kept. Approve this to take what the newer model says instead, take single changes out of it first, or "
    "decline it."
)


def finish(connection: Connection, ids: Sequence[int], release: str, account: int | None = None) -> None:
    """Write down that proposals are released. Doing it again changes nothing."""
    for number in ids:
        found = proposals.proposal(connection, number, lock=True)
        if found.status != Status.RELEASED:
            moved = proposals.move(connection, found, status=str(Status.RELEASED), release=release)
            proposals.add_entry(connection, moved, Kind.RELEASED, None, "", f"In release {release}.")
    audit.note(connection, account, "make-release", f"release/{release}")


def settle(record: Record) -> None:
    """Finish what a crash left between publishing a release and writing down which proposals are in it."""
    with record.engine.begin() as connection:
        waiting = {p.id for p in proposals.proposals(connection, (Status.APPROVED,))}
        for entry in record.log() if waiting else ():
            ids = [p["id"] for p in entry.details.get("proposals", ()) if p["id"] in waiting]
            if entry.release and ids:
                finish(connection, ids, entry.release)


def clashes(record: Record) -> list[int]:
    """Open a proposal for each packaged model that clashed with what was agreed here, once; returns their numbers."""
    clashed = [e for e in record.log() if e.package and e.details.get("clashes")]
    if not clashed:
        return []
    with record.engine.begin() as connection:
        known = {p.details.get("package") for p in proposals.proposals(connection)}
        new = [e for e in reversed(clashed) if e.package not in known]
        return [n for entry in new if (n := _clash(connection, record, entry)) is not None]


def _clash(connection: Connection, record: Record, entry: Entry) -> int | None:
    """A proposal that would put what a package says in the place of what was kept, unless that is so already."""
    head = record.head()
    assert head is not None
    stated = Stated.of(lines_model(record.state(head)))
    found: Sequence[Mapping[str, Any]] = entry.details["clashes"]
    offered, kept = ([line for clash in found for line in clash[side]] for side in ("offered", "kept"))
    delta = stated.real(Delta.of_lines(offered, kept))
    if not delta:
        return None
    return proposals.open_proposal(
        connection,
        None,
        f"{entry.reason}: what it says otherwise",
        _WHY,
        head,
        [r.change for r in recognise(stated, delta)],
        {"package": entry.package, "clashes": list(found)},
        role="the packaged model",
        screened=True,
    )
