"""Review: what may be said and done of a proposal, and by whom.

A proposal needs a reason from one domain reviewer and from one model reviewer, two people, neither of whom wrote it.
What it does is looked at on the newest version: where the model has moved on, the proposal moves with it if it does
the same there; if it does something else, it is a new edition, and approvals given before count no more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from childdev.access import accounts, audit
from childdev.access.accounts import Account
from childdev.access.policy import Action
from childdev.contribution.changes.kinds import Change, SetValue
from childdev.contribution.changes.making import delta_of
from childdev.errors import ChangeError, ConflictError, Finding, ForbiddenError, InvalidError
from childdev.model.stated import Delta, Stated
from childdev.release import proposals
from childdev.release.proposals import Entry, Kind, Proposal, Status, add_entry, move
from childdev.validation import personal_data
from childdev.validation.targeted import broken

#: kind of approval → what one must be allowed to do for it
APPROVALS = {
    Kind.DOMAIN_APPROVAL: Action.APPROVE_AS_DOMAIN_REVIEWER,
    Kind.MODEL_APPROVAL: Action.APPROVE_AS_MODEL_REVIEWER,
}


@dataclass(frozen=True)
class Now:
    """The newest version: its number, its name and what it states."""

    number: int
    name: str
    stated: Stated


@dataclass(frozen=True)
class Standing:
    """What a proposal does to the newest version; or why it no longer fits, and which change (from 1) is at fault."""

    delta: Delta = field(default_factory=Delta)
    problem: str = ""
    change: int | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether it could be published now."""
        return not self.problem


@dataclass(frozen=True)
class Verdict:
    """Where the review of an edition stands: the approvals that count, and who still wants changes."""

    domain: tuple[Entry, ...]
    model: tuple[Entry, ...]
    requests: tuple[Entry, ...]

    @property
    def approved(self) -> bool:
        """Whether two people approve, one for each side, and nobody wants changes."""
        return not self.requests and any(d.author != m.author for d in self.domain for m in self.model)

    @property
    def status(self) -> Status:
        """What that makes of the proposal."""
        if self.requests:
            return Status.CHANGES_REQUESTED
        return Status.APPROVED if self.approved else Status.OPEN

    @property
    def missing(self) -> str:
        """What it still waits for, in words."""
        if self.requests:
            return "It waits for the changes that were asked for."
        if self.approved:
            return "It can go into a release."
        if self.domain and self.model:
            return "The same person approved both sides; it waits for a second person."
        sides = [name for name, some in (("domain", self.domain), ("model", self.model)) if not some]
        return f"It waits for {' and '.join(f'a {side} reviewer' for side in sides)}."


def checked(stated: Stated, changes: Iterable[Change]) -> Delta:
    """What changes do to what is stated, if they can be published as they are.

    Raises:
        ChangeError: one of them can't be made; says which and why.
        InvalidError: they change nothing, or break rules of the model.
    """
    made = tuple(changes)
    for number, change in enumerate(made, 1):
        if isinstance(change, SetValue) and change.before == change.after:
            raise ChangeError(number, "It changes nothing: the words are the same as before.")
    delta = stated.real(delta_of(stated, made))
    if not delta:
        raise InvalidError("This changes nothing: the model says all of it already.")
    wrong = [Finding(v.where, v.message) for v in broken(stated, delta) if v.severity == "Violation"]
    if wrong:
        raise InvalidError("This would break rules of the model.", wrong)
    return delta


def standing(stated: Stated, changes: Iterable[Change]) -> Standing:
    """The same, told instead of raised."""
    try:
        return Standing(checked(stated, changes))
    except ChangeError as e:
        return Standing(problem=str(e), change=e.number)
    except InvalidError as e:
        return Standing(problem=e.summary, findings=tuple(e.findings))


def verdict(found: Proposal, said: Sequence[Entry]) -> Verdict:
    """Where the review of the newest edition stands. Of each reviewer, the last word counts."""
    here = [e for e in said if e.edition == found.edition]
    asked = {e.author: e for e in here if e.kind == Kind.REQUEST}
    given = [e for e in here if e.kind in APPROVALS]
    last = {e.author: e.id for e in given}
    counted = [e for e in given if e.author not in asked or asked[e.author].id < e.id]
    return Verdict(
        tuple(e for e in counted if e.kind == Kind.DOMAIN_APPROVAL),
        tuple(e for e in counted if e.kind == Kind.MODEL_APPROVAL),
        tuple(e for author, e in asked.items() if last.get(author, 0) < e.id),
    )


def authors(found: Proposal, said: Iterable[Entry]) -> set[int]:
    """The accounts that wrote a proposal or edited it."""
    edited = {e.author for e in said if e.kind in (Kind.OPENED, Kind.EDITED)}
    return {a for a in {found.author, *edited} if a is not None}


def may_approve(found: Proposal, said: Iterable[Entry], person: Account) -> list[Kind]:
    """The sides for which somebody may approve a proposal, and has not done so yet."""
    entries = list(said)
    if not found.alive or person.id in authors(found, entries):
        return []
    done: set[Kind] = set()
    for e in entries:
        if e.edition == found.edition and e.author == person.id:
            done = set() if e.kind == Kind.REQUEST else done | {e.kind}
    return [kind for kind, action in APPROVALS.items() if person.may(action) and kind not in done]


def may_edit(found: Proposal, person: Account) -> bool:
    """Whether somebody may mend or withdraw a proposal: its author, or a maintainer where it has none."""
    own = found.author == person.id and person.may(Action.WITHDRAW_OWN)
    return own or (found.author is None and person.may(Action.SETTLE_CLASH))


def comment(connection: Connection, person: Account, found: Proposal, words: str) -> None:
    """Say something."""
    add_entry(connection, found, Kind.COMMENT, person.id, person.role, _words(words, "comment"), credit_words(person))


def ask_for_changes(connection: Connection, person: Account, found: Proposal, words: str) -> None:
    """Say what is to change before this can be approved."""
    _alive(found)
    _not_own(connection, found, person, "ask yourself for changes; edit the proposal")
    words = _words(words, "what is to change")
    add_entry(connection, found, Kind.REQUEST, person.id, person.role, words, credit_words(person))
    _settle(connection, found)


def approve(
    connection: Connection, now: Now, person: Account, found: Proposal, side: Kind, reason: str, shown: str
) -> Proposal:
    """Approve for one side, with a reason. `shown` is the digest of what the reviewer saw that it does.

    Raises:
        ForbiddenError: it is their own, or they are no reviewer of this side.
        InvalidError: there is no reason, or the proposal no longer fits the newest version.
        ConflictError: the proposal is over, or does something else on the newest version than was shown.
    """
    _alive(found)
    if side not in APPROVALS or not person.may(APPROVALS[side]):
        raise ForbiddenError("Your role does not review this side of a proposal.")
    _not_own(connection, found, person, "approve what you wrote. Two others have to")
    reason = _words(reason, "the reason for which you approve")
    looked = standing(now.stated, found.changes)
    _fits(looked)
    if digest(looked.delta) != shown:
        raise ConflictError(
            "The model or the proposal has changed meanwhile, so that it does something else now. Look at it anew."
        )
    current = rebase(connection, now, found)
    add_entry(connection, current, side, person.id, person.role, reason, credit_words(person))
    audit.note(connection, person.id, APPROVALS[side], f"proposal/{found.id}")
    return _settle(connection, current)


def rebase(connection: Connection, now: Now, found: Proposal) -> Proposal:
    """Move a proposal that fits to the newest version. Where it does something else there, approvals fall."""
    shown = digest(standing(now.stated, found.changes).delta)
    before = found.details.get("delta", "")
    if found.base == now.number and before == shown:
        return found
    details = proposals.details_json({**found.details, "delta": shown})
    if before in ("", shown):
        moved = move(connection, found, base=now.number, details=details)
        if found.base != now.number:
            add_entry(connection, moved, Kind.REBASED, None, "", f"It fits version {now.name} as it is.")
        return moved
    moved = move(
        connection, found, base=now.number, details=details, edition=found.edition + 1, status=str(Status.OPEN)
    )
    words = f"On version {now.name} it does something else than before, so earlier approvals count no more."
    add_entry(connection, moved, Kind.REBASED, None, "", words)
    return moved


def edit(
    connection: Connection, now: Now, person: Account, found: Proposal, changes: Iterable[Change], words: str
) -> Proposal:
    """Put other changes in the place of those of a proposal. Approvals given before count no more.

    Raises:
        ChangeError: one of them can't be made on the newest version.
        InvalidError: they change nothing, break rules, or it is not said what was changed.
    """
    _alive(found)
    if not may_edit(found, person):
        raise ForbiddenError("Only who wrote a proposal can edit it.")
    made, words = tuple(changes), _words(words, "what you changed")
    personal_data.refuse(proposals.texts(made))
    delta = checked(now.stated, made)
    given = verdict(found, proposals.entries(connection, found.id))
    moved = move(
        connection,
        found,
        changes=proposals.as_json(made),
        edition=found.edition + 1,
        status=str(Status.OPEN),
        base=now.number,
        details=proposals.details_json({**found.details, "delta": digest(delta)}),
    )
    if given.domain or given.model:
        words += "\n\nApprovals given before this count no more."
    add_entry(connection, moved, Kind.EDITED, person.id, person.role, words, credit_words(person))
    return moved


def submit(connection: Connection, person: Account, found: Proposal) -> Proposal:
    """Open a draft of one's own for review."""
    if found.status != Status.DRAFT or not may_edit(found, person):
        raise ForbiddenError("Only who wrote a draft can open it for review.")
    moved = move(connection, found, status=str(Status.OPEN))
    add_entry(connection, moved, Kind.OPENED, person.id, person.role, found.why, credit_words(person))
    return moved


def withdraw(connection: Connection, person: Account, found: Proposal, words: str) -> None:
    """Take a proposal of one's own back."""
    if not (found.alive or found.status == Status.DRAFT):
        _alive(found)
    if not may_edit(found, person):
        raise ForbiddenError("Only who wrote a proposal can withdraw it.")
    words = words.strip()[: proposals.WORDS]
    personal_data.refuse([words])
    moved = move(connection, found, status=str(Status.WITHDRAWN))
    add_entry(connection, moved, Kind.WITHDRAWN, person.id, person.role, words, credit_words(person))


def decline(connection: Connection, person: Account, found: Proposal, reason: str) -> None:
    """Say that a proposal will not go into the model, and why."""
    _alive(found)
    reason = _words(reason, "the reason, so that its author understands")
    moved = move(connection, found, status=str(Status.DECLINED))
    add_entry(connection, moved, Kind.DECLINED, person.id, person.role, reason, credit_words(person))
    audit.note(connection, person.id, "decline-proposal", f"proposal/{found.id}")


def credit_words(person: Account) -> str:
    """How somebody wants to be named: by name, by role, or not at all."""
    return {"name": person.name, "role": person.role}.get(person.credit, "")


def digest(delta: Delta) -> str:
    """Tells what a delta does from what another does."""
    added, removed = delta.lines()
    return hashlib.sha256("\n".join([*sorted(added), "", *sorted(removed)]).encode()).hexdigest()


def _settle(connection: Connection, found: Proposal) -> Proposal:
    """Let the status say what the entries say; with the last approval, write down the author's credit."""
    settled = verdict(found, proposals.entries(connection, found.id))
    credit = found.credit
    if settled.approved and found.author is not None:
        credit = credit_words(accounts.get(connection, found.author))
    return move(connection, found, status=str(settled.status), credit=credit)


def _alive(found: Proposal) -> None:
    if not found.alive:
        raise ConflictError(f"Nothing more can be done: this proposal is {found.status.value}.")


def _not_own(connection: Connection, found: Proposal, person: Account, what: str) -> None:
    if person.id in authors(found, proposals.entries(connection, found.id)):
        raise ForbiddenError(f"You can't {what}.")


def _fits(looked: Standing) -> None:
    if not looked.fits:
        where = f" (change {looked.change})" if looked.change else ""
        raise InvalidError(
            f"This no longer fits the model as it is now{where}: {looked.problem} Its author can mend it.",
            looked.findings,
        )


def _words(words: str, what: str) -> str:
    words = words.strip()
    if not words:
        raise InvalidError(f"Write {what}.")
    if len(words) > proposals.WORDS:
        raise InvalidError(f"Make it shorter: {proposals.WORDS:,} characters at most.")
    personal_data.refuse([words])
    return words
