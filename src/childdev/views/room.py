"""What the answer for a group says: the conditions that would help most of the room, never children."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.pathways import group, not_yet
from childdev.store.reader import Reader
from childdev.views.not_yet import is_at, stages_at
from childdev.views.things import Link, evidence, explained, link


@dataclass(frozen=True)
class Share:
    """A feature and the share of the group of which it is not yet seen, as a word; what it usually rests on."""

    link: Link
    words: str
    share: str
    rests_on: tuple[Link, ...]


@dataclass(frozen=True)
class Condition:
    """What would help, with the features that it helps and how, each with its evidence."""

    link: Link
    features: tuple[Link, ...]


@dataclass(frozen=True)
class RoomAnswer:
    """What is not yet seen of more than a few, what would help them by place, and what is not yet seen of a few."""

    common: tuple[Share, ...]
    few: tuple[Link, ...]
    helps: tuple[tuple[str, tuple[Condition, ...]], ...]


def room(reader: Reader, months: int, counts: Mapping[str, int], size: int) -> RoomAnswer:
    """The answer for a group of an age in months, with the number of children not yet seen to have each feature.

    Raises:
        TicksError: the group is too small, or a number is not within it.
    """
    found = group.room(reader, counts, size)
    stages = stages_at(reader, months)
    helps = [e for e, _ in found.helps if stages & set(reader.objects(NamedNode(e), cd.inStage))]
    with_what = dict(found.helps)
    by_place = []
    for place in ("In the setting", "At home", "In the community"):
        some = tuple(_condition(reader, e, with_what[e]) for e in helps if is_at(reader, e, place))
        if some:
            by_place.append((place, some))
    return RoomAnswer(
        common=tuple(_share(reader, f, word) for f, word in found.shares if word != "a few"),
        few=tuple(link(reader, NamedNode(f)) for f, word in found.shares if word == "a few"),
        helps=tuple(by_place),
    )


def _share(reader: Reader, f: str, word: str) -> Share:
    node = NamedNode(f)
    rests_on = tuple(
        link(reader, NamedNode(r), evidence=evidence(reader, node, cd.buildsOn, NamedNode(r)))
        for r in not_yet.rests_on(reader, f)
    )
    return Share(link(reader, node), reader.text(node, cd.everydayWords), word, rests_on)


def _condition(reader: Reader, environment: str, features: tuple[str, ...]) -> Condition:
    e = NamedNode(environment)
    helped = tuple(
        explained(link(reader, NamedNode(f), evidence=evidence(reader, e, cd.enables, NamedNode(f)))) for f in features
    )
    return Condition(link(reader, e, reader.text(e, cd.mechanism)), helped)
