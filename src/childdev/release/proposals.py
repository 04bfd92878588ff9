"""Proposals: typed changes that somebody wants in the model, with why, and all that was said of them.

A proposal has editions: each time its changes are edited, the number goes up, and approvals of an earlier edition
count no more. Entries are only ever added. Times are whole seconds since 1970.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text, insert, select, update
from sqlalchemy.engine import Connection

from childdev.access import accounts
from childdev.contribution.changes.kinds import CHANGES, Change, Evidence, Value
from childdev.errors import ConflictError, Finding, InvalidError, NotFoundError
from childdev.store.database import METADATA
from childdev.validation import personal_data

PROPOSALS = Table(
    "proposal",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("title", String(200), nullable=False),
    Column("why", Text, nullable=False),
    Column("author", Integer, ForeignKey("account.id"), nullable=True),
    Column("author_role", String(200), nullable=False),
    Column("credit", String(200), nullable=False),
    Column("base", Integer, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("changes", Text, nullable=False),
    Column("status", String(20), nullable=False, index=True),
    Column("made_at", BigInteger, nullable=False),
    Column("release", String(32), nullable=True),
    Column("details", Text, nullable=False),
)
ENTRIES = Table(
    "proposal_entry",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("proposal", Integer, ForeignKey("proposal.id"), nullable=False, index=True),
    Column("edition", Integer, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("author", Integer, ForeignKey("account.id"), nullable=True),
    Column("role", String(200), nullable=False),
    Column("credit", String(200), nullable=False),
    Column("words", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
#: lengths that people meet
TITLE, WORDS = 200, 4000


class Status(StrEnum):
    """How far a proposal is."""

    DRAFT = "draft"
    OPEN = "open"
    CHANGES_REQUESTED = "changes-requested"
    APPROVED = "approved"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


#: in these, it can still become something
ALIVE = (Status.OPEN, Status.CHANGES_REQUESTED, Status.APPROVED)


class Kind(StrEnum):
    """What an entry is."""

    OPENED = "opened"
    COMMENT = "comment"
    REQUEST = "request"
    DOMAIN_APPROVAL = "domain-approval"
    MODEL_APPROVAL = "model-approval"
    EDITED = "edited"
    REBASED = "rebased"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    RELEASED = "released"


@dataclass(frozen=True)
class Proposal:
    """A proposal as it stands. `base` is the number of the version on which its changes were made.

    `details` is plain data: `workshop` (its title or id), `votes` and `dissent` (lists of lines to read),
    `clashes` (where a newer package and the model here differ), `package` (its fingerprint), `delta` (a digest of
    what it did when it was last looked at on the newest version).
    """

    id: int
    title: str
    why: str
    author: int | None
    author_role: str
    credit: str
    base: int
    edition: int
    changes: tuple[Change, ...]
    status: Status
    made_at: int
    release: str | None
    details: Mapping[str, Any]

    @property
    def alive(self) -> bool:
        """Whether it can still become something."""
        return self.status in ALIVE


@dataclass(frozen=True)
class Entry:
    """One thing that was said or done. `credit` is how its author wants to be named, at that time."""

    id: int
    edition: int
    kind: Kind
    author: int | None
    role: str
    credit: str
    words: str
    at: int


def open_proposal(
    connection: Connection,
    author: int | None,
    title: str,
    why: str,
    base: int,
    changes: Iterable[Change],
    details: Mapping[str, Any] | None = None,
    *,
    role: str = "",
    draft: bool = False,
    screened: bool = False,
) -> int:
    """Write down a proposal, open for review; a draft is seen by its author alone. Returns its number.

    `author` is an account, or None for a workshop or a package; `role` says who it is from in words, the
    account's roles if not given. Whether the changes can be made is for `review.checked` to say beforehand.
    `screened` says that no person wrote the texts, so that they need not be screened.

    Raises:
        InvalidError: title, why or changes are missing.
        PersonalDataError: some text seems to tell of one person. Nothing was stored.
    """
    made = tuple(changes)
    title, why = " ".join(title.split()), why.strip()
    _complete(title, why, made)
    if not screened:
        personal_data.refuse([title, why, *texts(made)])
    if not role:
        role = accounts.get(connection, author).role if author is not None else "maintainers"
    now = int(time.time())
    values = {
        "title": title,
        "why": why,
        "author": author,
        "author_role": role,
        "credit": "",
        "base": base,
        "edition": 1,
        "changes": as_json(made),
        "status": Status.DRAFT if draft else Status.OPEN,
        "made_at": now,
        "release": None,
        "details": details_json(details or {}),
    }
    number = connection.execute(insert(PROPOSALS).values(values)).inserted_primary_key
    assert number is not None
    if not draft:
        add_entry(connection, proposal(connection, int(number[0])), Kind.OPENED, author, role, why)
    return int(number[0])


def proposal(connection: Connection, number: int, *, lock: bool = False) -> Proposal:
    """One proposal; locked for those who are going to change it, where the database can do that.

    Raises:
        NotFoundError: there is none of this number.
    """
    query = select(PROPOSALS).where(PROPOSALS.c.id == number)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no proposal {number}.", [("All proposals", "/proposals")])
    return _proposal(row)


def proposals(
    connection: Connection, statuses: Sequence[Status] = tuple(Status), author: int | None = None
) -> list[Proposal]:
    """Proposals of some statuses, and of one author if given; the newest first."""
    c = PROPOSALS.c
    query = select(PROPOSALS).where(c.status.in_([str(s) for s in statuses])).order_by(c.id.desc())
    if author is not None:
        query = query.where(c.author == author)
    return [_proposal(row) for row in connection.execute(query)]


def entries(connection: Connection, number: int) -> list[Entry]:
    """All that was said of a proposal, in order."""
    c = ENTRIES.c
    rows = connection.execute(select(ENTRIES).where(c.proposal == number).order_by(c.id))
    return [Entry(r.id, r.edition, Kind(r.kind), r.author, r.role, r.credit, r.words, r.at) for r in rows]


def add_entry(
    connection: Connection, found: Proposal, kind: Kind, author: int | None, role: str, words: str, credit: str = ""
) -> None:
    """Add what somebody said or did to a proposal."""
    values = {
        "proposal": found.id,
        "edition": found.edition,
        "kind": kind,
        "author": author,
        "role": role,
        "credit": credit,
        "words": words,
        "at": int(time.time()),
    }
    connection.execute(insert(ENTRIES).values(values))


def move(connection: Connection, found: Proposal, **values: Any) -> Proposal:
    """Set columns of a proposal, if nobody else moved it on meanwhile.

    Raises:
        ConflictError: somebody did. Nothing was stored.
    """
    c = PROPOSALS.c
    same = (c.id == found.id) & (c.edition == found.edition) & (c.status == str(found.status))
    if connection.execute(update(PROPOSALS).where(same).values(**values)).rowcount != 1:
        raise ConflictError("Somebody else has just changed this proposal. Look at it anew, then try again.")
    return proposal(connection, found.id)


def as_json(changes: Sequence[Change]) -> str:
    """Typed changes as JSON."""
    return CHANGES.dump_json(tuple(changes)).decode()


def details_json(details: Mapping[str, Any]) -> str:
    """Details as JSON."""
    return json.dumps(dict(details), ensure_ascii=False)


def lines(details: Mapping[str, Any], key: str) -> list[str]:
    """A list in the details, each line as text: votes, or dissent."""
    found = details.get(key) or []
    rows = found.values() if isinstance(found, Mapping) else found
    return [line if isinstance(line, str) else ": ".join(str(v) for v in _parts(line)) for line in rows]


def _parts(line: Any) -> Iterable[Any]:
    return line.values() if isinstance(line, Mapping) else line if isinstance(line, list | tuple) else (line,)


def texts(changes: Iterable[Change]) -> Iterator[str]:
    """Every free text that changes would bring in."""
    for change in changes:
        for name, field in change:
            if name != "before":
                yield from _texts(field)


def _texts(field: Any) -> Iterator[str]:
    if isinstance(field, Value):
        if field.type in ("words", "text"):
            yield field.text
    elif isinstance(field, Evidence):
        yield from (field.explanation, field.locator)
    elif isinstance(field, tuple):
        for part in field:
            yield from _texts(part)
    elif isinstance(field, str) and " " in field:  # names of things have no spaces
        yield field


def _complete(title: str, why: str, changes: Sequence[Change]) -> None:
    wanting = [
        Finding(where, message)
        for where, message, wrong in (
            ("Title", "Say in a few words what changes.", not title),
            ("Title", f"Make it shorter: {TITLE} characters at most.", len(title) > TITLE),
            ("Why", "Say why, so that reviewers can weigh it.", not why),
            ("Why", f"Make it shorter: {WORDS:,} characters at most.", len(why) > WORDS),
            ("Changes", "There is no change in this yet.", not changes),
        )
        if wrong
    ]
    if wanting:
        raise InvalidError("The proposal is not complete yet.", wanting)


def _proposal(row: Any) -> Proposal:
    values = dict(row._mapping)
    values |= {
        "changes": CHANGES.validate_json(values["changes"]),
        "status": Status(values["status"]),
        "details": json.loads(values["details"]),
    }
    return Proposal(**values)
