"""The graduated approach as a dialogue sheet: assess, plan, do, review, with questions and room to write.

The sheet belongs to the team that writes on it. It has no place for a name, and nothing of it is kept here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.pathways import not_yet
from childdev.store.reader import DEFINITION, Reader
from childdev.views.asked import slug
from childdev.views.not_yet import helps_at, stages_at
from childdev.views.things import Link, link, retired

#: a sheet is for one conversation: so many features at most, those first on which the most rests
MOST_FEATURES = 12
_ASSETS = 3
_HOLDERS = 4


@dataclass(frozen=True)
class Looking:
    """A feature that the conversation is about, with what usually comes before it and a few ideas of what helps."""

    slug: str
    link: Link
    words: str
    rests_on: tuple[Link, ...]
    helps: tuple[tuple[str, Link], ...]


@dataclass(frozen=True)
class Step:
    """A step of the cycle: what it is for, what to ask, who joins, which principles guide it, what it leaves."""

    slug: str
    label: str
    purpose: str
    questions: tuple[str, ...]
    who: str
    principles: tuple[str, ...]
    leaves: str


@dataclass(frozen=True)
class Principle:
    """A principle of dialogue, and the question by which to notice it."""

    label: str
    means: str
    question: str


@dataclass(frozen=True)
class Asset:
    """Something to draw on, and who holds it."""

    link: Link
    holders: tuple[Link, ...]


@dataclass(frozen=True)
class Sheet:
    """All that stands on a sheet. `again` says that it starts another cycle."""

    features: tuple[Looking, ...]
    steps: tuple[Step, ...]
    principles: tuple[Principle, ...]
    capital: tuple[tuple[str, tuple[Asset, ...]], ...]
    review: date
    again: bool
    left_out: int

    @property
    def review_words(self) -> str:
        """The day of the review as people say it."""
        return f"{self.review.day} {self.review:%B %Y}"


def sheet(
    reader: Reader, features: Iterable[str], review: date, months: int | None = None, again: bool = False
) -> Sheet:
    """The sheet for some features not yet seen; with an age in months, the ideas are those for that age."""
    every = not_yet.in_order(reader, set(features))
    chosen = every[:MOST_FEATURES]
    stages = stages_at(reader, months) if months is not None else frozenset(reader.of_kind("stage"))
    return Sheet(
        features=tuple(_looking(reader, f, stages) for f in chosen),
        steps=tuple(_step(reader, s) for s in reader.of_kind("step")),
        principles=tuple(
            Principle(reader.label(p), reader.text(p, DEFINITION), reader.text(p, cd.questionToAsk))
            for p in reader.of_kind("principle")
        ),
        capital=_capital(reader, chosen, stages),
        review=review,
        again=again,
        left_out=len(every) - len(chosen),
    )


def _looking(reader: Reader, f: str, stages: frozenset[NamedNode]) -> Looking:
    node = NamedNode(f)
    helps = tuple((place, some[0]) for place, some in helps_at(reader, node, stages))
    rests_on = tuple(link(reader, NamedNode(root)) for root in not_yet.rests_on(reader, f))
    return Looking(slug(f), link(reader, node), reader.text(node, cd.everydayWords), rests_on, helps)


def _step(reader: Reader, step: NamedNode) -> Step:
    prompts = sorted(reader.objects(step, cd.hasPrompt), key=lambda p: reader.number(p, cd.position) or 0)
    return Step(
        slug(step.value),
        reader.label(step),
        reader.text(step, DEFINITION),
        tuple(reader.label(p) for p in prompts),
        reader.text(step, cd.takesPart),
        tuple(reader.label(p) for p in reader.objects(step, cd.guidedBy)),
        reader.text(step, cd.leavesBehind),
    )


def _capital(
    reader: Reader, features: list[str], stages: frozenset[NamedNode]
) -> tuple[tuple[str, tuple[Asset, ...]], ...]:
    """What can be drawn on for these features, by form of capital: first what serves the most of them."""
    gone = retired(reader)
    serves: dict[NamedNode, int] = {}
    for f in features:
        for asset in reader.subjects(cd.contributesTo, NamedNode(f)):
            if asset not in gone:
                serves[asset] = serves.get(asset, 0) + 1
    order = sorted(serves, key=lambda a: (-serves[a], reader.label(a)))
    found = []
    for form in reader.of_kind("capital"):
        some = tuple(_asset(reader, a, stages) for a in order if reader.holds(a, cd.formOf, form))
        if some:
            found.append((reader.label(form), tuple(a for a in some if a.holders)[:_ASSETS]))
    return tuple((form, some) for form, some in found if some)


def _asset(reader: Reader, asset: NamedNode, stages: frozenset[NamedNode]) -> Asset:
    holders = [a for a in reader.objects(asset, cd.heldBy) if stages & set(reader.objects(a, cd.worksIn))]
    return Asset(link(reader, asset), tuple(link(reader, a) for a in holders[:_HOLDERS]))
