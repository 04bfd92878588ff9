"""Releases: proposals that are approved, put together, numbered, checked in full, and published as one version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pyoxigraph import Quad
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from childdev.contribution.changes.kinds import CHANGES
from childdev.contribution.changes.wording import Tense
from childdev.errors import ConflictError, Finding, InvalidError
from childdev.model.iris import module_graph
from childdev.model.modules import CORE, Model
from childdev.model.stated import Delta, Stated
from childdev.release import build, notes, numbering, proposals
from childdev.release.export import HEAD, version_triples
from childdev.release.notes import Section
from childdev.release.numbering import ONTOLOGY, Numbering
from childdev.release.proposals import Kind, Proposal, Status
from childdev.release.review import Now, digest, standing
from childdev.release.settling import finish
from childdev.store.record import ChangeSet, Record, lines_model


@dataclass(frozen=True)
class Trouble:
    """Why a proposal can't be in a release, with what is in it already."""

    proposal: Proposal
    words: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Bundle:
    """Proposals put together on the newest version, in the order of their numbers, and what they come to.

    `delta` is what they change, `sections` tells all that changes since the last release, which may be more.
    """

    now: Now
    last: str
    proposals: tuple[Proposal, ...]
    delta: Delta
    sections: tuple[Section, ...]
    numbering: Numbering
    troubles: tuple[Trouble, ...]


def bundle(record: Record, now: Now, chosen: Sequence[Proposal], tense: Tense = "was") -> Bundle:
    """Put proposals together, told as what was done or will be. May take seconds.

    Raises:
        InvalidError: nothing would be in the release.
    """
    state, whole = now.stated, Delta()
    kept: list[Proposal] = []
    troubles: list[Trouble] = []
    for found in sorted(chosen, key=lambda p: p.id):
        trouble = _alone(now, found)
        if trouble is None:
            step = standing(state, found.changes)
            if step.fits:
                kept.append(found)
                state, whole = state.after(step.delta), whole.then(step.delta)
                continue
            trouble = Trouble(found, f"It does not go together with {_names(kept)}: {step.problem}", step.findings)
        troubles.append(trouble)
    at, last = max((n, name) for n, name in record.releases().items() if n <= now.number)
    before = now.stated if at == now.number else Stated.of(lines_model(record.state(at)))
    old, new = model_of(before), model_of(state)
    since = numbering.between(old, new)
    if not since and not troubles:
        raise InvalidError(f"Nothing has changed since release {last}. Choose at least one proposal.")
    told = tuple(notes.sections(before, since, tense))
    return Bundle(now, last, tuple(kept), whole, told, numbering.numbering(last, old, new), tuple(troubles))


def prepared(made: Bundle, number: str = "", made_by: str = "maintainers") -> ChangeSet:
    """The change set of a release, checked in full. May take ten seconds.

    Raises:
        InvalidError: a proposal does not fit, the number is wrong, or rules of the model are broken.
        InconsistentError: the model would contradict itself.
    """
    if made.troubles:
        raise InvalidError(
            "Not all of these can go into one release.",
            [Finding(f"Proposal {t.proposal.id}, {t.proposal.title}", t.words) for t in made.troubles],
        )
    number = numbering.agreed(made.numbering, number)
    moment = datetime.now(UTC)
    delta = made.delta.then(version_delta(made.now.stated, number, made.last, moment.strftime("%Y-%m-%dT00:00:00Z")))
    build.check(model_of(made.now.stated.after(delta)))
    added, removed = delta.lines()
    told = notes.written(number, made.last, moment.date(), made.numbering.step, made.numbering.because, made.sections)
    reason = f"Release {number}" + (f": {'; '.join(p.title for p in made.proposals)}" if made.proposals else "")
    return ChangeSet(added, removed, made_by, reason, release=number, details={"notes": told, **_behind(made)})


def credited(connection: Connection, made: Bundle) -> list[str]:
    """How those who wrote and reviewed the proposals want to be named, each once."""
    named: dict[str, None] = {}
    for found in made.proposals:
        wrote = found.credit if found.author is not None else found.author_role
        entries = proposals.entries(connection, found.id)
        reviewed = [e.credit for e in entries if e.kind in (Kind.DOMAIN_APPROVAL, Kind.MODEL_APPROVAL)]
        named |= dict.fromkeys(name for name in (wrote, *reviewed) if name)
    return list(named)


def release(
    record: Record,
    now: Now,
    ids: Sequence[int],
    publish: Callable[[int, ChangeSet], Any],
    number: str = "",
    made_by: str = "maintainers",
) -> str:
    """Put proposals together, check, publish and finish, for those who have time; returns the number."""
    with record.engine.connect() as connection:
        made = bundle(record, now, [proposals.proposal(connection, i) for i in ids])
    change = complete(record.engine, made, prepared(made, number, made_by))
    publish(now.number, change)
    assert change.release is not None
    with record.engine.begin() as connection:
        finish(connection, ids, change.release)
    return change.release


def complete(engine: Engine, made: Bundle, change: ChangeSet) -> ChangeSet:
    """The change set with those who want to be named.

    Raises:
        ConflictError: a proposal was changed while the release was being checked.
    """
    with engine.connect() as connection:
        for found in made.proposals:
            if proposals.proposal(connection, found.id) != found:
                raise ConflictError(f"Proposal {found.id} was changed meanwhile. Look at the release anew.")
        details = {**change.details, "credit": credited(connection, made)}
    return ChangeSet(change.added, change.removed, change.made_by, change.reason, None, change.release, details)


def model_of(stated: Stated) -> Model:
    """What is stated, by module."""
    modules: dict[str, set[Any]] = {}
    start = module_graph("").value
    for q in stated:
        modules.setdefault(getattr(q.graph_name, "value", "").removeprefix(start), set()).add(q.triple)
    return Model({name: frozenset(triples) for name, triples in modules.items()})


def version_delta(stated: Stated, number: str, last: str, issued: str) -> Delta:
    """What the vocabulary says of its own version, made anew. `issued` is a moment, as ISO 8601 has it."""
    removed = frozenset(q for q in stated.about(ONTOLOGY) if q.predicate in HEAD)
    graph = module_graph(CORE)
    added = frozenset(Quad(t.subject, t.predicate, t.object, graph) for t in version_triples(number, last, issued))
    return Delta(added - removed, removed - added)


def _alone(now: Now, found: Proposal) -> Trouble | None:
    """What is against releasing a proposal, whatever else goes with it."""
    if found.status != Status.APPROVED:
        return Trouble(found, f"It is not approved ({found.status.value.replace('-', ' ')}).")
    step = standing(now.stated, found.changes)
    if not step.fits:
        return Trouble(found, f"It no longer fits the model as it is now: {step.problem}", step.findings)
    if digest(step.delta) != found.details.get("delta"):
        return Trouble(
            found,
            "The model has changed since it was approved, and it would do something else now. It has to be reviewed "
            "again.",
        )
    return None


def _names(kept: Sequence[Proposal]) -> str:
    """What was put together before."""
    return " and ".join(f"proposal {p.id} (“{p.title}”)" for p in kept) or "the model"


def _told_of(found: Proposal) -> dict[str, Any]:
    """What the history keeps of one proposal."""
    kept = {part: found.details[part] for part in ("workshop", "votes", "dissent") if found.details.get(part)}
    return {"id": found.id, "title": found.title, "why": found.why, "by": found.author_role, **kept}


def _behind(made: Bundle) -> dict[str, Any]:
    """Proposals, typed changes, votes and dissent behind a release, as plain data."""
    found: dict[str, Any] = {
        "proposals": [_told_of(p) for p in made.proposals],
        "changes": [CHANGES.dump_python(p.changes, mode="json") for p in made.proposals],
        "sentences": [s.text for section in made.sections for s in section.sentences],
    }
    for part in ("votes", "dissent"):
        lines = [line for p in made.proposals for line in p.details.get(part, ())]
        if lines:
            found[part] = lines
    return found
