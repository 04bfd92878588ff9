"""Who can help, by how a family reaches them: those they can go to themselves first, bodies that plan last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.store.reader import DEFINITION, Reader
from childdev.views.things import Link, link, retired

#: who turns to an agency → heading, what it means, and the same of one agency
REACHED = {
    "families": (
        "You can go to them yourself",
        "No one has to send you. Each says how to begin.",
        "A family can go to it themselves.",
    ),
    "referral": (
        "Through a practitioner",
        "A health visitor, GP, nursery or school usually brings you together. Ask whoever knows the child best.",
        "A practitioner usually brings you together.",
    ),
    "": ("Not sorted yet", "How a family reaches them is not described yet.", ""),
    "planning": (
        "Bodies that plan",
        "They plan for many and are not rung about one child.",
        "It plans for many and is not rung about one child.",
    ),
}
SECTORS = {
    "health": "Health",
    "education": "Nursery, school and college",
    "community": "In the community",
    "family": "Family",
    "care": "Social care",
    "local-authority": "The council",
    "": "Others",
}
#: tier → whom it is for, in a word or two
TIERS = {"universal": "for everyone", "targeted": "when more is needed", "specialist": "specialist"}


@dataclass(frozen=True)
class Helper:
    """An agency that can help: what it does, how it is reached, at which tiers it works, and what it brings."""

    link: Link
    role: str
    how: str
    reached: str
    sector: str
    tiers: tuple[str, ...]
    through: tuple[Link, ...] = ()

    @property
    def for_whom(self) -> str:
        """For whom it is there, the most open tier first."""
        return ", ".join(TIERS[t] for t in TIERS if t in self.tiers)


@dataclass(frozen=True)
class Reach:
    """Agencies that are reached in one way, under a heading."""

    key: str
    heading: str
    words: str
    helpers: tuple[Helper, ...]


def helper(reader: Reader, agency: NamedNode, assets: Iterable[NamedNode] = ()) -> Helper:
    """An agency, with those of some assets that it holds."""
    held = {*reader.objects(agency, cd.holds)}
    return Helper(
        link=link(reader, agency),
        role=reader.text(agency, DEFINITION),
        how=reader.text(agency, cd.howReached),
        reached=reader.text(agency, cd.reachedBy),
        sector=reader.text(agency, cd.sector),
        tiers=tuple(t.value.rsplit("/", 1)[-1] for t in reader.objects(agency, cd.providesAt)),
        through=tuple(link(reader, a) for a in assets if a in held),
    )


def by_reach(helpers: Iterable[Helper]) -> list[Reach]:
    """Helpers in groups, in the order of `REACHED`; groups with none are left out."""
    helpers = list(helpers)
    grouped = []
    for key, (heading, words, _) in REACHED.items():
        some = tuple(h for h in helpers if (h.reached if h.reached in REACHED else "") == key)
        if some:
            grouped.append(Reach(key, heading, words, some))
    return grouped


def everyone(reader: Reader) -> list[tuple[Reach, list[tuple[str, list[Helper]]]]]:
    """All agencies by how they are reached and then by sector, those that are there for everyone first.

    The few that plan stand together, under no sector.
    """
    found = sorted((helper(reader, a) for a in reader.of_kind("agency")), key=_openness)
    return [
        (reach, [("", list(reach.helpers))] if reach.key == "planning" else _by_sector(reach))
        for reach in by_reach(found)
    ]


def _by_sector(reach: Reach) -> list[tuple[str, list[Helper]]]:
    return [
        (words, some)
        for key, words in SECTORS.items()
        if (some := [h for h in reach.helpers if (h.sector if h.sector in SECTORS else "") == key])
    ]


def _openness(h: Helper) -> int:
    """0 for those that are there for everyone, more for those that are not."""
    return min((place for place, tier in enumerate(TIERS) if tier in h.tiers), default=len(TIERS))


def who_can_help(reader: Reader, f: NamedNode) -> list[Reach]:
    """Who can help with a feature: agencies that work in a stage of it and hold something that contributes to it.

    In each group those who are there for everyone come first, and of these those who bring most.
    """
    stages = set(reader.objects(f, cd.inStage))
    assets = reader.subjects(cd.contributesTo, f)
    agencies = [
        helper(reader, a, assets)
        for a in reader.subjects(cd.canHelpWith, f)
        if a not in retired(reader) and stages & set(reader.objects(a, cd.worksIn))
    ]
    return by_reach(sorted(agencies, key=lambda h: (_openness(h), -len(h.through))))
