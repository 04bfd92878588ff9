"""From what is not yet seen at an age to where to look first.

Everything here is worked out from what it is given and forgotten: nothing about a child is kept. A feature is named by
its IRI, an age is in months after birth.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.ages import OPEN_END
from childdev.pathways.leverage import reach
from childdev.pathways.network import development
from childdev.store.reader import Reader

#: weeks in a month of 365¼ / 12 days
_WEEKS = 365.25 / 12 / 7
#: up to this age, in months after birth, one counts from the day the baby was due
CORRECTED_UNTIL = 24
#: how many weeks before the due day a baby may be born
MOST_WEEKS_EARLY = 18
#: features whose usual ages ended this long ago (as a share of the age) are asked about too
_BEFORE = 0.6
#: a sign from which to talk within so many months is soon enough to be asked about first
_SOON = 3


@dataclass(frozen=True)
class Age:
    """How old a child is, in months after birth, and how many weeks before the due day it was born."""

    months: int
    weeks_early: int = 0

    @property
    def counted(self) -> int:
        """The age to go by: counted from the due day for a baby born early, up to two years."""
        if self.months >= CORRECTED_UNTIL:
            return self.months
        return max(0, self.months - round(self.weeks_early / _WEEKS))


@dataclass(frozen=True)
class Ticks:
    """What somebody says of features: seen, not yet seen, or not sure."""

    seen: frozenset[str] = frozenset()
    not_yet: frozenset[str] = frozenset()
    not_sure: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Found:
    """One feature not yet seen, and what it usually rests on that was not ticked as seen and is its alone here."""

    feature: str
    rests_on: tuple[str, ...]


@dataclass(frozen=True)
class Looked:
    """Where to look, in order: first what the most of what comes later rests on, weighed by how sure that is.

    `shared` has what several of the features not yet seen rest on, each with those that do; `each` the features not
    yet seen; `unsure` those of which nobody was sure.
    """

    shared: tuple[tuple[str, tuple[str, ...]], ...]
    each: tuple[Found, ...]
    unsure: tuple[str, ...]


def around(reader: Reader, months: int) -> list[NamedNode]:
    """The features that are usually seen around an age and shortly before, those most worth asking about first.

    First come those that guidance says to talk about by now or soon, then those whose usual ages end nearest.
    """
    growth = development(reader).growth
    near = [
        f
        for f, ages in growth.nodes(data=True)
        if ages["first"] is not None and ages["first"] <= months and ages["last"] >= max(0, _BEFORE * months)
    ]
    soon = _talk_from(reader)

    def order(f: str) -> tuple[bool, float, str]:
        far = abs(min(growth.nodes[f]["last"], OPEN_END) - months) / max(months, 6)
        return (soon.get(f, OPEN_END) > months + _SOON, far, f)

    return [NamedNode(f) for f in sorted(near, key=order)]


@lru_cache(maxsize=2)
def other_ways(reader: Reader) -> frozenset[str]:
    """Features that some children have instead of others, so that not seeing them says nothing by itself."""
    known = development(reader)
    return frozenset(f for f in known.routes if known.routes.out_degree(f) and not known.growth.out_degree(f))


@lru_cache(maxsize=2)
def carries(reader: Reader) -> dict[str, float]:
    """How much of what comes later rests on each feature, weighed by how sure the lines are."""
    return reach(development(reader).growth)


def in_order(reader: Reader, features: frozenset[str] | set[str] | list[str]) -> list[str]:
    """Features by how much rests on them, most first."""
    weight = carries(reader)
    return sorted(features, key=lambda f: (-round(weight.get(f, 0), 4), f))


def rests_on(reader: Reader, f: str) -> list[str]:
    """What a feature usually rests on directly, by how much rests on that."""
    growth = development(reader).growth
    return in_order(reader, list(growth.predecessors(f))) if f in growth else []


def look(reader: Reader, ticks: Ticks) -> Looked:
    """Where to look for what was not yet seen; what several of them rest on is said once."""
    each = in_order(reader, ticks.not_yet)
    under: defaultdict[str, list[str]] = defaultdict(list)
    for f in each:
        for root in rests_on(reader, f):
            if root not in ticks.seen:
                under[root].append(f)
    shared = [root for root in in_order(reader, list(under)) if len(under[root]) > 1]
    alone = {root for root, some in under.items() if len(some) == 1}
    return Looked(
        tuple((root, tuple(under[root])) for root in shared),
        tuple(Found(f, tuple(r for r in rests_on(reader, f) if r in alone)) for f in each),
        tuple(in_order(reader, ticks.not_sure)),
    )


@lru_cache(maxsize=2)
def _talk_from(reader: Reader) -> dict[str, int]:
    """For each feature the earliest age from which guidance says to talk about it when it is not yet seen."""
    found: dict[str, int] = {}
    for claim in reader.subjects(cd.claimProperty, cd.mayIndicate):
        f, months = reader.value(claim, cd.claimSubject), reader.number(claim, cd.talkFromMonths)
        strength = reader.value(claim, cd.strength)
        if isinstance(f, NamedNode) and months is not None and strength != cd.workshop_view:
            found[f.value] = min(months, found.get(f.value, months))
    return found
