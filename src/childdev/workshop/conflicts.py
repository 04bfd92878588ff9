"""Where meanings clash, in the cards or between the cards and the model: put to the room as a choice."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.contribution.changes.names import term, thing, thing_name
from childdev.model.stated import Stated
from childdev.workshop.meaning import HELPING, HINDERING, Line, end, lines, name, relation, said, words_now
from childdev.workshop.state import State, cards


@dataclass(frozen=True)
class Choice:
    """What the room may choose. Cards and lines in `without` are then not put forward."""

    key: str
    label: str
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conflict:
    """A clash of meaning: its kind, what it is in plain words, and what can be chosen. The key stays while it does."""

    kind: str
    what: str
    choices: tuple[Choice, ...]
    about: tuple[str, ...]

    @property
    def key(self) -> str:
        """Made of the kind and of the lines and cards in it."""
        return f"{self.kind}-{hashlib.sha256(' '.join(sorted(self.about)).encode()).hexdigest()[:10]}"


_OPEN = Choice("open", "Leave it open and keep both views")


def conflicts(state: State, stated: Stated) -> list[Conflict]:
    """All clashes, in a fixed order."""
    drawn = sorted(lines(state), key=lambda line: line.id)
    found = [
        *_same(state, stated, drawn),
        *_rings(state, stated, drawn),
        *_contradictions(state, stated, drawn),
        *_used(state, stated),
        *_wordings(state, stated),
    ]
    return list({conflict.key: conflict for conflict in found}.values())


def plain(conflict: Conflict, state: State) -> dict[str, Any]:
    """A clash as JSON carries it, with what was chosen."""
    return {
        "key": conflict.key,
        "kind": conflict.kind,
        "what": conflict.what,
        "choices": [{**asdict(choice), "without": list(choice.without)} for choice in conflict.choices],
        "cards": [i for i in conflict.about if i in state.get("cards", {})],
        "connections": [i for i in conflict.about if i in state.get("connections", {})],
        "resolved": state.get("resolutions", {}).get(conflict.key),
    }


# ---------------------------------------------------------------- the same twice


def _same(state: State, stated: Stated, drawn: Sequence[Line]) -> Iterator[Conflict]:
    by_meaning: defaultdict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for line in drawn:
        by_meaning[line.start, line.relation, line.end].append(line)
    for same in by_meaning.values():
        if _in_model(state, stated, same[0]):
            yield Conflict(
                "same-link",
                f"The model already says that {said(state, same[0])}. What do we do with ours?",
                (
                    Choice("leave", "Leave ours out: the model says it already", tuple(x.id for x in same)),
                    Choice("reason", "Keep ours as one more reason for it"),
                ),
                tuple(x.id for x in same),
            )
        elif len(same) > 1:
            rest = tuple(x.id for x in same[1:])
            yield Conflict(
                "same-link",
                f"{len(same)} people say that {said(state, same[0])}. Is it the same line?",
                (Choice("one", "Yes: keep one, with all the reasons", rest), _OPEN),
                tuple(x.id for x in same),
            )


def _in_model(state: State, stated: Stated, line: Line) -> bool:
    meant = relation(state, line)
    return meant is not None and meant in _between(stated, line.start, line.end)


def _between(stated: Stated, start: str, to: str) -> set[str]:
    """The relations that the model states from one thing to another."""
    if start.startswith("card/") or to.startswith("card/"):
        return set()
    o = thing(to)
    names = (*HELPING, *HINDERING, "buildsOn", "canAlsoGrowFrom", "heldBy")
    by_node = {term(n): n for n in names}
    return {by_node[q.predicate] for q in stated.about(thing(start)) if q.object == o and q.predicate in by_node}


# ---------------------------------------------------------------- rings


def _rings(state: State, stated: Stated, drawn: Sequence[Line]) -> Iterator[Conflict]:
    """A grows from B, and B (over others) from A."""
    growing = [line for line in drawn if line.relation == "grows-from"]
    by_start: defaultdict[str, list[Line]] = defaultdict(list)
    for line in growing:
        by_start[line.start].append(line)
    seen: set[frozenset[str]] = set()
    for line in growing:
        way = _way(stated, by_start, line.end, line.start)
        if way is None:
            continue
        inside = {
            line.id,
            *(x.id for pair in pairwise(way) for x in by_start[pair[0]] if x.end == pair[1]),
        }
        if frozenset(inside) in seen:
            continue
        seen.add(frozenset(inside))
        told = " → ".join(
            f"“{name(state, r) if r in _known(state, r) else stated.label(thing(r))}”" for r in (line.start, *way)
        )
        ours = [x for x in growing if x.id in inside]
        yield Conflict(
            "both-ways" if len(way) == 2 else "ring",
            f"These go round in a ring, each growing from the next: {told}. Which line does not hold?",
            (
                *(Choice(f"without-{n}", f"Leave out: {said(state, x)}", (x.id,)) for n, x in enumerate(ours, 1)),
                Choice("open", "Leave it open and put none of ours forward", tuple(x.id for x in ours)),
            ),
            tuple(sorted(inside)),
        )


def _known(state: State, reference: str) -> Iterable[str]:
    return (reference,) if reference.startswith("card/") or reference in state.get("labels", {}) else ()


def _way(stated: Stated, drawn: Mapping[str, list[Line]], start: str, goal: str) -> list[str] | None:
    """The shortest way from one to another along what grows from what, in the model and the room."""
    came: dict[str, str] = {start: ""}
    edge = [start]
    while edge:
        following = []
        for at in edge:
            if at == goal:
                return _back(came, at)
            for to in (*_grows_from(stated, at), *(line.end for line in drawn.get(at, ()))):
                if to not in came:
                    came[to] = at
                    following.append(to)
        edge = following
    return None


def _back(came: Mapping[str, str], at: str) -> list[str]:
    way = [at]
    while came[way[0]]:
        way.insert(0, came[way[0]])
    return way


def _grows_from(stated: Stated, reference: str) -> list[str]:
    if not reference.startswith("feature/"):
        return []
    objects = stated.objects(thing(reference), cd.buildsOn)
    return [thing_name(o) for o in objects if isinstance(o, NamedNode)]


# ---------------------------------------------------------------- helps, and gets in the way


def _contradictions(state: State, stated: Stated, drawn: Sequence[Line]) -> Iterator[Conflict]:
    for hindering in (line for line in drawn if line.relation == "gets-in-the-way"):
        pair = (hindering.start, hindering.end)
        helping = [line for line in drawn if line.relation == "helps" and (line.start, line.end) == pair]
        in_model = bool(_between(stated, *pair) & set(HELPING))
        if helping or in_model:
            yield _contradiction(state, [hindering], helping, "the model says that it helps" if in_model else "")
    for helping_one in (line for line in drawn if line.relation == "helps"):
        if _between(stated, helping_one.start, helping_one.end) & set(HINDERING):
            yield _contradiction(state, [], [helping_one], "the model says that it may get in the way")


def _contradiction(state: State, hindering: list[Line], helping: list[Line], model: str) -> Conflict:
    one = (hindering or helping)[0]
    sides = [said(state, x) for x in (*helping[:1], *hindering[:1])]
    told = " But also: ".join([*sides, *([model] if model else [])])
    return Conflict(
        "contradiction",
        f"Two views of “{name(state, one.start)}” and “{name(state, one.end)}”: {told}. Which holds here?",
        (
            Choice("helps", "It helps", tuple(x.id for x in hindering)),
            Choice("hinders", "It may get in the way", tuple(x.id for x in helping)),
            Choice("depends", "It depends: put both forward, with what it depends on"),
        ),
        tuple(x.id for x in (*hindering, *helping)),
    )


# ---------------------------------------------------------------- taking out, and two wordings


def _used(state: State, stated: Stated) -> Iterator[Conflict]:
    for card in cards(state):
        for about in card.get("about", ()) if card.get("part") == "retire" else ():
            users = _users(stated, about) if not about.startswith("card/") else []
            if users:
                told = ", ".join(f"“{u}”" for u in users[:5]) + (
                    f" and {len(users) - 5} more" if len(users) > 5 else ""
                )
                yield Conflict(
                    "used-by-others",
                    f"“{name(state, end(state, about))}” should go, but {told} lead to it. What then?",
                    (
                        Choice("keep", "Keep it", (card["id"],)),
                        Choice("retire", "Let it go, with those links"),
                        Choice("open", "Leave it open", (card["id"],)),
                    ),
                    (card["id"], about),
                )


def _users(stated: Stated, reference: str) -> list[str]:
    parts = {cd.claimSubject, cd.claimObject, cd.claimProperty}
    found = {q.subject for q in stated.towards(thing(reference)) if q.predicate not in parts}
    return sorted(stated.label(s) for s in found if isinstance(s, NamedNode))


def _wordings(state: State, stated: Stated) -> Iterator[Conflict]:
    by_place: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for card in cards(state):
        if card["kind"] == "wording" and card.get("part") not in (None, "retire") and len(card.get("about", ())) == 1:
            by_place[card["about"][0], card["part"]].append(card)
    for (about, part), some in by_place.items():
        if len({card["text"] for card in some}) < 2:
            continue
        ids = [card["id"] for card in some]
        now = words_now(stated, end(state, about), part)
        told = f"There are {len(some)} wordings for the {part.replace('-', ' ')} of “{name(state, about)}”."
        yield Conflict(
            "two-wordings",
            f"{told} Now it says “{now}” Which one?" if now else f"{told} Which one?",
            (
                *(
                    Choice(f"card-{card['number']}", f"“{card['text']}”", tuple(i for i in ids if i != card["id"]))
                    for card in some
                ),
                Choice("open", "None yet: leave it open", tuple(ids)),
            ),
            tuple(ids),
        )
