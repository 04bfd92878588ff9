"""A newer packaged model and what was agreed here since the last one, brought together line by line.

Three states are compared: the last package, the present, and the new package. What only one side changed is
taken. Where both changed the same thing in different ways, the present stays and the clash is told. A claim
goes with its link, and nothing is left that leads to a thing which the other side took away: what would be so
left is not taken, and is told too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from childdev import terms as cd
from childdev.model.iris import GRAPH, ID
from childdev.store.record import ChangeSet, Lines

_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_CLAIM = f"<{ID}claim/"
_LINK = (str(cd.claimSubject), str(cd.claimProperty), str(cd.claimObject))
#: stands for all lines with blank nodes: their names hang together, so they are taken or left as one
_AXIOMS = f"<{GRAPH}model/core>"
_LANGUAGE = re.compile(r'"@([A-Za-z0-9-]+)$')

#: subject, predicate, and the language of the object where it has one
Part = tuple[str, str, str]
Parts = dict[Part, frozenset[str]]
Link = tuple[str, ...]


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
    merging = _Merging(last, now, incoming)
    while merging.settle():
        pass
    taken = merging.step - merging.left()
    return ChangeSet(taken & incoming, taken - incoming, "", ""), merging.clashes()


class _Merging:
    """What the package asks for, and what of it is left: whole things, parts of things, single lines."""

    def __init__(self, last: Lines, now: Lines, incoming: Lines) -> None:
        self._now, self._incoming = now, incoming
        theirs, ours = _by_part(last ^ incoming), _by_part(last ^ now)
        #: what is to be added that is not here, and to be removed that is
        self.step = frozenset(x for x in last ^ incoming if (x in incoming) != (x in now))
        self._asked = _by_part(self.step)
        self._things = {s for s, _, _ in self._asked}
        changed = {s for s, _, _ in theirs}
        self._before, self._present, self._offered = (
            _by_part(x for x in state if _place(x) in changed) for state in (last, now, incoming)
        )
        self._many = {p for (_, p, _), some in _by_part(incoming).items() if len(some) > 1}
        self._parts = {part for part in theirs if part in ours and self._contradict(part)}
        both = changed & {s for s, _, _ in ours}
        retyped = {s for s, p, _ in (*theirs, *ours) if p == _TYPE}
        self._whole = {s for s in both if s.startswith(_CLAIM) or s == _AXIOMS or s in retyped}
        self._single: set[str] = set()
        self._kinds = [x for x in incoming if _predicate(x) == _TYPE]
        self._claims_here, self._claims_there = _claims(now), _claims(incoming)
        self._claims_of: defaultdict[Link, set[str]] = defaultdict(set)
        for claim, link in (*self._claims_here.items(), *self._claims_there.items()):
            self._claims_of[link].add(claim)

    def _contradict(self, part: Part) -> bool:
        """Whether what both sides changed can't stand side by side: one value became two different ones."""
        states = [state.get(part, frozenset()) for state in (self._before, self._present, self._offered)]
        if states[1] == states[2] or any(len(some) > 1 for some in states):
            return False
        return all(states) or part[1] not in self._many

    def left(self) -> frozenset[str]:
        """The lines of the step that are not taken."""
        return frozenset(x for part, some in self._asked.items() for x in some if self._is_left(part, x))

    def _is_left(self, part: Part, line: str) -> bool:
        return part[0] in self._whole or part in self._parts or line in self._single

    def settle(self) -> bool:
        """Leave also what can't stand without what is left already; whether there was any such thing."""
        size = len(self._whole) + len(self._single)
        left = self.left()
        taken = self.step - left
        removed, added = taken - self._incoming, taken & self._incoming
        after = (self._now - removed) | added
        # what leads somewhere from here keeps its end, as it is
        lost = {_subject(x) for x in removed if _predicate(x) == _TYPE}
        self._whole |= lost & {_object(x) for x in after - self._incoming}
        # what would lead to a thing that is gone here, or is of another kind here, is not added
        other = {_subject(x) for x in self._kinds if x not in after}
        for line in added:
            if _object(line) in other:
                self._leave(line)
        # where a link stays as it is, so do its claims
        for line in left:
            self._whole |= self._claims_of.get(_spo(line), set()) & self._things
        self._keep_links_of_claims(after, removed, added)
        return size != len(self._whole) + len(self._single)

    def _keep_links_of_claims(self, after: Lines, removed: Lines, added: Lines) -> None:
        """A claim made or changed here keeps its link; a claim of the package comes only where its link is."""
        ended: defaultdict[Link, set[str]] = defaultdict(set)
        for line in removed:
            ended[_spo(line)].add(line)
        touched = {_subject(x) for x in added if x.startswith(_CLAIM)}
        touched |= {c for link in ended for c in self._claims_of.get(link, ())}
        standing = {_spo(x) for x in after} if touched else set()
        offered = {_spo(x) for x in self._incoming} if touched else set()
        for claim in touched:
            theirs = claim in self._things and claim not in self._whole
            link = (self._claims_there if theirs else self._claims_here).get(claim)
            if link is None or link in standing:
                continue
            if link not in offered and self._claims_there.get(claim) == link:
                continue  # it hangs in the package itself
            if link in ended:
                self._single |= ended[link]
            elif theirs:
                self._whole.add(claim)

    def _leave(self, line: str) -> None:
        if line.startswith(_CLAIM):
            self._whole.add(_subject(line))
        else:
            self._single.add(line)

    def clashes(self) -> list[Clash]:
        """What is left of the package, by thing."""
        found = []
        for s in sorted(self._whole):
            mine, other = _of(self._present, s), _of(self._offered, s)
            if mine != other:
                found.append(_clash(s, mine, other))
        for part in sorted(self._parts):
            if part[0] not in self._whole:
                found.append(_clash(part[0], self._present.get(part, ()), self._offered.get(part, ())))
        for part, some in sorted(self._asked.items()):
            if part[0] not in self._whole and part not in self._parts and (left := some & self._single):
                found.append(_clash(part[0], left - self._incoming, left & self._incoming))
        return found


def _place(line: str) -> str:
    return _AXIOMS if line.startswith("_:") or " _:c14n" in line else _subject(line)


def _by_part(lines: Iterable[str]) -> Parts:
    found: defaultdict[Part, set[str]] = defaultdict(set)
    for line in lines:
        s = _place(line)
        if s == _AXIOMS:
            found[(s, "", "")].add(line)
            continue
        _, p, rest = line.split(" ", 2)
        language = _LANGUAGE.search(rest.rsplit(" ", 2)[0]) if "@" in rest else None
        found[(s, p, language[1].lower() if language else "")].add(line)
    return {part: frozenset(some) for part, some in found.items()}


def _claims(lines: Lines) -> dict[str, Link]:
    """The link that each claim is about, for those about a link between things."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for line in lines:
        if line.startswith(_CLAIM) and (p := _predicate(line)) in _LINK:
            found[_subject(line)][p] = _object(line)
    return {claim: tuple(ends[p] for p in _LINK) for claim, ends in found.items() if len(ends) == len(_LINK)}


def _subject(line: str) -> str:
    return line.split(" ", 1)[0]


def _predicate(line: str) -> str:
    return line.split(" ", 2)[1]


def _object(line: str) -> str:
    return line.split(" ", 3)[2]


def _spo(line: str) -> Link:
    return tuple(line.split(" ", 3)[:3])


def _of(parts: Parts, s: str) -> frozenset[str]:
    return frozenset().union(*(some for (t, _, _), some in parts.items() if t == s))


def _clash(s: str, kept: Iterable[str], offered: Iterable[str]) -> Clash:
    mine, other = frozenset(kept), frozenset(offered)
    return Clash(s.strip("<>"), tuple(sorted(mine - other)), tuple(sorted(other - mine)))
