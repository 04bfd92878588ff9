"""Boxes and the lines between them: things that stand alone, and boxes that stand for many."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from childdev.errors import NotFoundError
from childdev.model.iris import ID
from childdev.views.graphs.choosing import Chosen, linked
from childdev.views.graphs.facts import Bond, Facts, Thing
from childdev.views.graphs.sources import Gathered, sentence
from childdev.views.graphs.spec import Spec, group_words, relations
from childdev.views.graphs.state import State
from childdev.views.words import FAMILIES, STRENGTHS

_THIN = 6
_WEAK = ("contested", "workshop-view", "emerging", "established")


@dataclass
class Box:
    """A box of a picture: one thing, or many that stand together (`members`). Places are those of its left upper
    corner, in the picture's own units."""

    id: str
    kind: str
    label: str
    members: Sequence[Thing]
    family: str = ""
    lane: str = ""
    note: str = ""
    mark: str = ""
    centre: bool = False
    match: bool = False
    pinned: bool = False
    more: int = 0
    x: int = 0
    y: int = 0

    @property
    def cluster(self) -> bool:
        """Whether it stands for many."""
        return self.kind == "cluster"

    @property
    def words(self) -> str:
        """What stands in the box: what it is called, behind its mark."""
        return f"{self.mark}: {self.label}" if self.mark else self.label

    @property
    def name(self) -> str:
        """What it is called, without how many it stands for."""
        return self.label.rsplit(" (", 1)[0] if self.cluster else self.label

    @property
    def of(self) -> str:
        """The kind of the things that it stands for."""
        return self.members[0].kind

    @property
    def url(self) -> str:
        """The page of its thing; none where it stands for many."""
        return "" if self.cluster else f"/{self.id}"

    @property
    def first(self) -> int:
        """The month from which the earliest of its things is usually seen."""
        return min((t.first for t in self.members if t.first is not None), default=0)


@dataclass
class Edge:
    """A line between two boxes: one line of the model, or as many as run between what the boxes stand for."""

    id: str
    first: str
    last: str
    relation: str
    sentence: str
    bonds: list[Bond] = field(default_factory=list)

    @property
    def strength(self) -> str:
        """The strength of its evidence; of many lines the one that is most frequent. None where nothing is claimed."""
        if len(self.bonds) == 1:
            return self.bonds[0].strength
        counts = Counter(b.strength for b in self.bonds if b.strength)
        return max(counts, key=lambda s: (counts[s], -_WEAK.index(s))) if counts else ""

    @property
    def strength_words(self) -> str:
        """The same in words."""
        if len(self.bonds) == 1:
            return STRENGTHS[self.strength][1] if self.strength else ""
        counts = Counter(b.strength for b in self.bonds)
        return ", ".join(f"{counts[s]} {STRENGTHS[s][1]}" for s in STRENGTHS if counts[s])

    @property
    def contested(self) -> bool:
        """Whether people or studies differ about it, or about one of many."""
        return any(b.strength == "contested" for b in self.bonds)

    @property
    def claim(self) -> str:
        """The page of its claim, where it is one line."""
        return f"/{self.bonds[0].claim}" if len(self.bonds) == 1 and self.bonds[0].claim else ""


def boxed(facts: Facts, spec: Spec, state: State, gathered: Gathered, found: Chosen) -> tuple[list[Box], list[Edge]]:
    """The boxes and lines of what was chosen; what there is no room for is counted in `found.hidden`."""
    most = state.most or spec.most
    together = spec.groups and (spec.grouped == "always" or (spec.grouped == "many" and len(found.things) > most))
    place = {n: _group(spec, t) if together and t.kind in spec.groups else n for n, t in found.things.items()}
    sizes = Counter(place.values())
    held = {*gathered.centre, *state.open, *state.pins, *state.closed, state.focus}
    for n, group in place.items():
        alone = sizes[group] == 1 and spec.layout != "grid"
        if n in held or group in state.open or alone:
            place[n] = n
    if state.focus.startswith("group/"):
        _focused(state, place, found)
    members: defaultdict[str, list[Thing]] = defaultdict(list)
    for n, t in found.things.items():
        members[place[n]].append(t)
    kept = list(members)
    if len(kept) > most:
        first = [n for n in kept if n in gathered.centre or n.startswith("group/")]
        kept = [*first, *(n for n in kept if n not in set(first))][: max(most, len(first))]
        shown = set(kept)
        found.hidden["room"] += sum(len(some) for n, some in members.items() if n not in shown)
    boxes = {n: _box(facts, spec, n, members[n]) for n in kept}
    for n, box in boxes.items():
        box.centre = n in gathered.centre
        if gathered.notes.get(n):
            box.note, box.mark = gathered.notes[n], gathered.marks.get(n, "")
    return list(boxes.values()), _edges(facts, spec, gathered, found, place, boxes)


def _group(spec: Spec, thing: Thing) -> str:
    parts = [thing.kind if f == "kind" else thing.facets.get(f, ("other",))[0] for f in spec.groups[thing.kind]]
    return f"group/{'.'.join([thing.kind, *parts])}"


def _focused(state: State, place: dict[str, str], found: Chosen) -> None:
    """Only what is linked with the things of one box."""
    if state.focus not in place.values():
        raise NotFoundError(f"“{state.focus}” is not in this view, so nothing can be shown as linked with it.")
    lines = [Bond(place[b.first], place[b.last], b.relation, b.strength, "") for b in found.bonds]
    keep = linked(state.focus, lines, chain=False)
    gone = [n for n in found.things if place[n] not in keep]
    found.hidden["focus"] += len(gone)
    for n in gone:
        del found.things[n]
    found.bonds = [
        b
        for b in found.bonds
        if b.first in found.things and b.last in found.things and state.focus in (place[b.first], place[b.last])
    ]


def _box(facts: Facts, spec: Spec, name: str, members: list[Thing]) -> Box:
    families = {t.family for t in members}
    family = families.pop() if len(families) == 1 else ""
    lane = members[0].facets.get("domain", ("",))[0]
    if not name.startswith("group/"):
        return Box(name, members[0].kind, members[0].label, members, family, lane, members[0].note)
    label = _group_label(facts, spec, name)
    note = _told(facts, members) if spec.told == "evidence" else f"It stands for {_count(members)}."
    label = f"{label} ({len(members)})"
    if spec.told == "evidence":
        signs = [
            STRENGTHS[_usual(members)][0],
            "◐" if _contested(facts, members) else "",
            "thin" if len(members) < _THIN else "",
        ]
        label = " ".join([label, *(s for s in signs if s)])
    return Box(name, "cluster", label, members, family, lane, note)


def _group_label(facts: Facts, spec: Spec, name: str) -> str:
    """What the things of a group are called."""
    kind, *values = name.removeprefix("group/").split(".")
    facets = spec.groups[kind]
    many = str(group_words()["kinds"][kind][1])
    words = [facts.words.get(f, {}).get(v, "") for f, v in zip(facets, values, strict=True)]
    said = ", ".join(w[:1].lower() + w[1:] if i else w for i, w in enumerate(w for w in words if w))
    return said or many[:1].upper() + many[1:]


def _count(members: list[Thing]) -> str:
    one, many = group_words()["kinds"][members[0].kind]
    return f"{len(members)} {one if len(members) == 1 else many}"


def _usual(members: list[Thing]) -> str:
    counts = Counter(t.strength or "workshop-view" for t in members)
    return max(counts, key=lambda s: (counts[s], -_WEAK.index(s)))


def _contested(facts: Facts, members: list[Thing]) -> list[str]:
    """The contested statements that touch any of these."""
    return sorted({words for t in members for words in facts.contested.get(t.id, ())})


def _told(facts: Facts, members: list[Thing]) -> str:
    """How well the usual ages in a cell are evidenced, and what is contested about it."""
    counts = Counter(t.strength or "workshop-view" for t in members)
    said = ", ".join(f"{counts[s]} {STRENGTHS[s][1]}" for s in STRENGTHS if counts[s])
    contested = _contested(facts, members)
    differ = f" People or studies differ: {' '.join(f'“{c}”' for c in contested)}" if contested else ""
    thin = " The cell is thin." if len(members) < _THIN else ""
    return f"{_count(members)}. Evidence of their usual ages: {said}.{thin}{differ}"


def _edges(
    facts: Facts, spec: Spec, gathered: Gathered, found: Chosen, place: dict[str, str], boxes: dict[str, Box]
) -> list[Edge]:
    between: dict[tuple[str, str, str], Edge] = {}
    for b in found.bonds:
        first, last = place[b.first], place[b.last]
        if first == last or first not in boxes or last not in boxes:
            continue
        key = (b.relation, first, last)
        if key not in between:
            between[key] = Edge(f"{b.relation}:{first}>{last}", first, last, b.relation, "")
        between[key].bonds.append(b)
    edges = list(between.values())
    if len(edges) > spec.lines and spec.source != "path":
        edges.sort(key=lambda e: (*_weak_first(spec, e), -len(e.bonds), e.id))
        found.hidden["lines"] += len(edges) - spec.lines
        edges = edges[: spec.lines]
    for e in edges:
        e.sentence = _sentence(facts, gathered, e, boxes)
    return sorted(edges, key=lambda e: (spec.relations.index(e.relation), e.sentence.casefold(), e.id))


def _weak_first(spec: Spec, edge: Edge) -> tuple[int, ...]:
    if spec.first != "weakest":
        return ()
    weakest = all(b.strength == "workshop-view" for b in edge.bonds)
    return (0 if edge.contested else 1 if weakest else 2,)


def _sentence(facts: Facts, gathered: Gathered, edge: Edge, boxes: dict[str, Box]) -> str:
    if len(edge.bonds) == 1:
        b = edge.bonds[0]
        return gathered.sentences.get(b.id) or sentence(facts, b)
    first, last = (boxes[n].name for n in (edge.first, edge.last))
    if gathered.sentences:
        how = Counter(gathered.sentences[b.id].partition(":")[0].lower() for b in edge.bonds)
        said = ", ".join(f"{count} {words}" for words, count in sorted(how.items()))
        return f"Lines from “{first}” to “{last}”: {said}"
    return relations()[edge.relation].bundle.format(first=first, last=last, many=len(edge.bonds))


FAMILY_WORDS = {f.key: f.label for f in FAMILIES}


def iri_of(box: Box) -> str:
    """The name of a box's thing in the model; none where it stands for many."""
    return "" if box.cluster else ID + box.id
