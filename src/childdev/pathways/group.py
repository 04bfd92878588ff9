"""The same for a group of children, by shares: small groups and small counts are never taken as numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from childdev.errors import TicksError
from childdev.pathways.network import SURE, development
from childdev.pathways.not_yet import in_order
from childdev.store.reader import Reader

#: fewer children than this are no group here
SMALLEST, LARGEST = 10, 500
#: a count of up to so many children, or of all but so many, could point to one of them
FEW = 5
#: the shares that are told, as parts of a group, each with the greatest share that it stands for
_SHARES = ((1 / 3, "some"), (2 / 3, "about half"), (1.0, "most"))


@dataclass(frozen=True)
class Room:
    """What is not yet seen in a group, and what would help most of it.

    `shares` has for each feature not yet seen, by how much rests on it, the share of the group as a word: "a few",
    "some", "about half" or "most". `helps` has environments with the features that they help, those
    first that help most of what is not yet seen, weighed by how sure that is.
    """

    shares: tuple[tuple[str, str], ...]
    helps: tuple[tuple[str, tuple[str, ...]], ...]


def share(count: int, size: int) -> str:
    """How many of a group, as a word. A count of 1 to 5 is "a few", one of all or of all but 1 to 5 "most".

    Raises:
        TicksError: the group is too small or too large, or the count is not within it.
    """
    if not SMALLEST <= size <= LARGEST:
        raise TicksError(
            f"A group here has {SMALLEST} to {LARGEST} children. In a smaller one somebody could tell who is meant."
        )
    if not 0 <= count <= size:
        raise TicksError(f"A number of children can't be below 0 or above the size of the group, which is {size}.")
    if count == 0:
        return "none"
    if count <= FEW:
        return "a few"
    if size - count <= FEW:
        return "most"
    return next(word for most, word in _SHARES if count / size <= most)


def room(reader: Reader, counts: Mapping[str, int], size: int) -> Room:
    """What would help most of a group in which so many children are not yet seen to have each feature.

    Raises:
        TicksError: as in `share`.
    """
    words = {f: share(count, size) for f, count in counts.items()}
    seen_in = [f for f in in_order(reader, set(words)) if words[f] != "none"]
    common = [f for f in seen_in if words[f] != "a few"]
    helps: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for f in common:
        for environment, strength in development(reader).helps.get(f, {}).items():
            helps[environment][f] = SURE[strength]
    order = sorted(helps, key=lambda e: (-sum(helps[e].values()), e))
    return Room(
        tuple((f, words[f]) for f in seen_in),
        tuple((e, tuple(f for f in common if f in helps[e])) for e in order),
    )
