"""Everything that childdev can refuse, and why.

::

    ChilddevError                 a sentence for a person: what is wrong, where, how to mend it
    ├── ModelError                the files of the model do not make a whole
    │   ├── ParseError            a file is not Turtle
    │   └── InconsistentError     the model contradicts itself
    ├── InvalidError              something breaks the rules of the model; carries the findings
    ├── PersonalDataError         a text seems to tell of one person; carries what kind of thing, never the text
    ├── TableError                rows of a table can't be taken; carries the findings
    │   └── TableTooLargeError    the file of a table is larger than may be sent
    ├── ChangeError               a change can't be made; says which and why
    ├── NotFoundError             there is no such thing; carries near matches
    ├── ParameterError            a value for a question's blank is missing or of the wrong kind
    ├── TicksError                what was ticked or sent about features can't be taken
    ├── ConflictError             the model has moved on since this change was made
    ├── CannotUndoError           what a change did can't be taken back by itself any more
    ├── SignInNeededError         one has to sign in for this
    ├── ForbiddenError            one may not do this
    ├── WorkshopError             a workshop does not allow this, or not now; carries what the browser needs
    ├── StoreError                the store on disk can't be used
    ├── SiteError                 the pages can't be copied as files
    └── QueryError                a SPARQL query can't be answered
        ├── QuerySyntaxError      it is not SPARQL
        ├── ForbiddenQueryError   it asks for what this endpoint does not do
        ├── QueryTimeoutError     it took too long
        ├── QueryTooLargeError    it needs too much memory or gives too many rows
        └── BusyError             too many queries are running
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: where it is, what is wrong, and how to mend it."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


class ChilddevError(Exception):
    """Base of every error that a user may meet. Its text is a sentence for that user."""

    status = 500
    title = "Something went wrong"


class FindingsError(ChilddevError):
    """An error made of findings, all of which are shown."""

    status = 422

    def __init__(self, summary: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(summary)
        self.summary = summary
        self.findings = list(findings)

    def __str__(self) -> str:
        return "\n".join([self.summary, *(f"  {f}" for f in self.findings)])


class ModelError(FindingsError):
    """The files of the model do not make a whole."""

    title = "The model can't be built"


class ParseError(ModelError):
    """A file is not Turtle."""


class InconsistentError(ModelError):
    """The model contradicts itself."""


class InvalidError(FindingsError):
    """Something breaks the rules of the model."""

    title = "The rules of the model are not met"


class PersonalDataError(FindingsError):
    """A text seems to tell of one person. The findings say what kind of thing was found, and never quote it."""

    title = "This seems to tell of one person"


class TableError(FindingsError):
    """Rows of a table can't be taken."""

    title = "The table can't be taken as it is"


class TableTooLargeError(TableError):
    """The file of a table is larger than may be sent. It was not read."""

    status = 413


class ChangeError(ChilddevError):
    """A typed change can't be made; `number` counts from 1."""

    status = 422
    title = "The change can't be made"

    def __init__(self, number: int, message: str) -> None:
        super().__init__(message)
        self.number = number


class NotFoundError(ChilddevError):
    """There is no such thing; `near` holds pairs of label and address that come close."""

    status = 404
    title = "There is no such thing here"

    def __init__(self, message: str, near: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(message)
        self.near = list(near)


class ParameterError(ChilddevError):
    """A value for a question's blank is missing or of the wrong kind."""

    status = 400
    title = "A blank of the question can't be filled with this"


class TicksError(ChilddevError):
    """What was ticked or sent about features can't be taken. Its text never repeats what was sent."""

    status = 400
    title = "This can't be taken as it is"


class ConflictError(ChilddevError):
    """The model has moved on since this change was made."""

    status = 409
    title = "The model has changed meanwhile"


class CannotUndoError(ChilddevError):
    """What a change did can't be taken back by itself any more, as later changes lean on it."""

    status = 409
    title = "This can't be taken back by itself"


class SignInNeededError(ChilddevError):
    """One has to sign in for this, or send a token that holds."""

    status = 401
    title = "Please sign in"
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": 'Bearer realm="childdev"'}


class ForbiddenError(ChilddevError):
    """One may not do this: the roles or the token do not allow it, or the form is not from these pages."""

    status = 403
    title = "You can't do this"


class WorkshopError(ChilddevError):
    """A workshop does not allow this, or not now; `extra` is plain data that helps the browser to go on."""

    title = "The workshop can't do this"

    def __init__(self, status: int, message: str, extra: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.extra = dict(extra or {})
        self.headers: dict[str, str] = {}


class StoreError(ChilddevError):
    """The store on disk can't be used."""

    title = "The store can't be used"


class SiteError(ChilddevError):
    """The pages can't be copied as files."""


class QueryError(ChilddevError):
    """A SPARQL query can't be answered."""

    status = 400
    title = "The query can't be answered"


class QuerySyntaxError(QueryError):
    """It is not SPARQL."""

    title = "The query is not SPARQL"


class ForbiddenQueryError(QueryError):
    """It asks for what this endpoint does not do."""

    status = 403
    title = "The query asks for something that this endpoint does not do"


class QueryTimeoutError(QueryError):
    """It took too long."""

    status = 504
    title = "The query took too long"


class QueryTooLargeError(QueryError):
    """It needs too much memory or gives too many rows."""

    status = 413
    title = "The answer is too large"


class BusyError(QueryError):
    """Too many queries are running."""

    status = 503
    title = "Too many queries are running"
