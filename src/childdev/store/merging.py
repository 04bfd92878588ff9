"""A newer packaged model and what was agreed here since the last one, brought together line by line.

Three states are compared: the last package, the present, and the new package. What only one side changed is
taken. Where both changed the same thing in different ways, the present stays and the clash is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from childdev.model.iris import ID
from childdev.store.record import ChangeSet, Lines

_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_CLAIM = f"<{ID}claim/"


@dataclass(frozen=True)
class Clash:
    """One thing that both sides changed: what is kept here, and what the package would put in its place."""

    thing: str
    kept: tuple[str, ...]
    offered: tuple[str, ...]

    def details(self) -> dict[str, Any]:
        """As plain data, for the record."""
        return {"thing": self.thing, "kept": list(self.kept), "offered": list(self.offered)}


def merge(last: Lines, now: Lines, incoming: Lines) -> tuple[ChangeSet, list[Clash]]:
    """What to add to and remove from the present so that it takes in the new package, and where the two clash."""
    theirs, ours = _by_part(last ^ incoming), _by_part(last ^ now)
    before, present, offered = _by_part(last), _by_part(now), _by_part(incoming)
    pointed = {_object(line) for line in now - last}
    whole = {
        s
        for s in {s for s, _ in theirs}
        if _both_changed(s, theirs, ours) and (s.startswith(_CLAIM) or _retyped(s, theirs, ours))
    } | {s for s, p in theirs if p == _TYPE and s in pointed and (s, _TYPE) not in offered}
    added, removed, clashes = set(), set(), []
    for part in sorted(theirs):
        s, _ = part
        if s in whole:
            continue
        if part in ours and _single(part, before, present, offered) and present.get(part) != offered.get(part):
            clashes.append(_clash(s, present.get(part, ()), offered.get(part, ())))
            continue
        added |= {x for x in theirs[part] if x in incoming and x not in now}
        removed |= {x for x in theirs[part] if x not in incoming and x in now}
    for s in sorted(whole):
        mine, other = _of(present, s), _of(offered, s)
        if mine != other:
            clashes.append(_clash(s, mine, other))
    return ChangeSet(frozenset(added), frozenset(removed), "", ""), clashes


Parts = dict[tuple[str, str], frozenset[str]]


def _by_part(lines: Iterable[str]) -> Parts:
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for line in lines:
        s, p, _ = line.split(" ", 2)
        found[(s, p)].add(line)
    return {part: frozenset(some) for part, some in found.items()}


def _object(line: str) -> str:
    return line.split(" ", 2)[2].split(" ", 1)[0]


def _of(parts: Parts, s: str) -> frozenset[str]:
    return frozenset().union(*(some for (t, _), some in parts.items() if t == s))


def _both_changed(s: str, theirs: Parts, ours: Parts) -> bool:
    return any(t == s for t, _ in theirs) and any(t == s for t, _ in ours)


def _retyped(s: str, theirs: Parts, ours: Parts) -> bool:
    return (s, _TYPE) in theirs or (s, _TYPE) in ours


def _single(part: tuple[str, str], *states: Parts) -> bool:
    """Whether no side gives this more than one value, so that two values would contradict each other."""
    return all(len(state.get(part, ())) <= 1 for state in states)


def _clash(s: str, kept: Iterable[str], offered: Iterable[str]) -> Clash:
    mine, other = frozenset(kept), frozenset(offered)
    return Clash(s.strip("<>"), tuple(sorted(mine - other)), tuple(sorted(other - mine)))
