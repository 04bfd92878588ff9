"""What changed, when, by whom in their role, and why: from the log, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyoxigraph import Literal, NamedNode

from childdev import terms as cd
from childdev.contribution.changes.sentences import Sentence, sentences
from childdev.model.iris import iri
from childdev.model.stated import Delta, Stated
from childdev.store.history import touched
from childdev.store.record import ChangeSet, Entry, Record
from childdev.views.things import Link, url


@dataclass(frozen=True)
class Step:
    """One change set of the log for a page. `day` is a date in words, `made_at` the time (ISO 8601, UTC)."""

    number: int
    version: str
    made_at: str
    day: str
    by: str
    reason: str
    release: str | None
    credit: tuple[str, ...]

    @property
    def url(self) -> str:
        """Its page."""
        return f"/history/{self.version}"


@dataclass(frozen=True)
class Group:
    """The sentences of one thing."""

    thing: Link | None
    sentences: tuple[Sentence, ...]


def steps(record: Record) -> list[Step]:
    """The whole log, the newest first."""
    names = record.names()
    return [_step(entry, names[entry.number]) for entry in record.log()]


def step(record: Record, entry: Entry) -> Step:
    """One line of the log."""
    return _step(entry, record.name(entry.number))


def _step(entry: Entry, version: str) -> Step:
    made = datetime.fromisoformat(entry.made_at)
    return Step(
        entry.number,
        version,
        entry.made_at,
        f"{made.day} {made:%B %Y}",
        entry.made_by,
        entry.reason,
        entry.release,
        tuple(map(str, entry.details.get("credit", ()))),
    )


def delta(change: ChangeSet) -> Delta:
    """What a change set added and removed."""
    return Delta.of_lines(change.added, change.removed)


def before(record: Record, newest: int, stated: Stated, number: int) -> Stated:
    """What was stated before a change set, from what the newest version states, by taking back what came since."""
    for later in range(newest, number - 1, -1):
        stated = stated.after(delta(record.change(later)).inverse)
    return stated


def told(stated_before: Stated, change: ChangeSet) -> list[Group]:
    """What a change set did, by the thing of which it is told."""
    groups: dict[str, list[Sentence]] = {}
    for sentence in sentences(stated_before, delta(change), tense="was"):
        groups.setdefault(sentence.about, []).append(sentence)
    after = stated_before.after(delta(change))
    return [Group(_link(after, name), tuple(some)) for name, some in groups.items()]


def between(record: Record, newest: int, stated: Stated, first: int, last: int) -> list[tuple[str, list[Sentence]]]:
    """What changed between two versions, the earlier first: in sentences, by stage of childhood."""
    start = before(record, newest, stated, first + 1)
    whole = Delta()
    for number in range(first + 1, last + 1):
        whole = whole.then(delta(record.change(number)))
    end = start.after(whole)
    found: dict[tuple[int, str], list[Sentence]] = {}
    for sentence in sentences(start, whole, tense="was"):
        for stage in _stages(end, start, sentence.about):
            found.setdefault(stage, []).append(sentence)
    return [(words, some) for (_, words), some in sorted(found.items())]


def _stages(after: Stated, before: Stated, name: str) -> list[tuple[int, str]]:
    """The stages of the thing of which a sentence tells, with the month in which each begins."""
    if name:
        kind, _, slug = name.partition("/")
        node = iri(kind, slug)
        for side in (after, before):
            subject = side.value(node, cd.claimSubject) or node
            if isinstance(subject, NamedNode) and (stages := side.objects(subject, cd.inStage)):
                return [(_begins(side, s), side.label(s)) for s in stages if isinstance(s, NamedNode)]
    return [(1000, "All ages, and the vocabulary")]


def _begins(stated: Stated, stage: NamedNode) -> int:
    found = stated.value(stage, cd.fromMonths)
    return int(found.value) if isinstance(found, Literal) else 0


def of_thing(record: Record, thing: NamedNode) -> list[tuple[Step, ChangeSet]]:
    """The change sets that say something otherwise of a thing, the newest first."""
    found = []
    for entry in record.log():
        change = record.change(entry.number)
        if thing in touched(change):
            found.append((step(record, entry), change))
    return found


def about(groups: Sequence[Group], thing: str) -> list[Sentence]:
    """The sentences that tell of a thing, named as "kind/slug"."""
    return [s for g in groups for s in g.sentences if thing in s.things]


def as_data(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps as plain data."""
    return [
        {
            "version": s.version,
            "made_at": s.made_at,
            "by": s.by,
            "reason": s.reason,
            "release": s.release,
            "credit": list(s.credit),
        }
        for s in steps
    ]


def _link(stated: Stated, name: str) -> Link | None:
    if not name:
        return None
    kind, _, slug = name.partition("/")
    node = iri(kind, slug)
    return Link(node.value, stated.label(node), url(node))
