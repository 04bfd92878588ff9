"""What "Not there yet?" asks about at an age: the features that are usual then, by family of domains."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.ages import age
from childdev.pathways import not_yet
from childdev.pathways.not_yet import Age
from childdev.store.reader import Reader
from childdev.views.things import by_age, family, link, retired
from childdev.views.words import FAMILIES, Family

#: how many features of a family are asked about at once; the rest stands under "more"
_ASKED = 5


@dataclass(frozen=True)
class Row:
    """A feature to tick: its slug, the words for it, and whether it is one of several ways."""

    slug: str
    words: str
    ages: str
    other_way: bool


@dataclass(frozen=True)
class Asked:
    """The features of a family of domains that are asked about: some at once, the rest under "more"."""

    family: Family
    first: tuple[Row, ...]
    more: tuple[Row, ...]


def slug(iri: str) -> str:
    """The last part of the name of a thing, as it stands in forms."""
    return iri.rsplit("/", 1)[-1]


def age_words(child: Age) -> str:
    """The age to go by as people say it, counted from the due day for a baby born early."""
    return age(child.counted)


def asked(reader: Reader, counted: int, aspects: Iterable[str] = ()) -> list[Asked]:
    """What to ask about at an age (counted from the due day for a baby born early), by family of domains."""
    wanted = set(aspects) or {f.key for f in FAMILIES}
    found: dict[str, list[NamedNode]] = {f.key: [] for f in FAMILIES if f.key in wanted}
    for f in not_yet.around(reader, counted):
        known = family(reader, f)
        if known and known.key in found:
            found[known.key].append(f)
    others = not_yet.other_ways(reader)
    asked = []
    for fam in FAMILIES:
        if some := found.get(fam.key):
            usual = [f for f in some if f.value not in others]
            first = by_age(reader, usual[:_ASKED])
            rest = [*by_age(reader, usual[_ASKED:]), *by_age(reader, [f for f in some if f.value in others])]
            asked.append(Asked(fam, tuple(_row(reader, f) for f in first), tuple(_row(reader, f) for f in rest)))
    return asked


@lru_cache(maxsize=2)
def features(reader: Reader) -> frozenset[str]:
    """The slugs of all features in use."""
    return frozenset(slug(f.value) for f in reader.of_kind("feature") if f not in retired(reader))


def _row(reader: Reader, f: NamedNode) -> Row:
    words = reader.text(f, cd.everydayWords) or reader.label(f)
    return Row(slug(f.value), words, link(reader, f).ages, f.value in not_yet.other_ways(reader))
