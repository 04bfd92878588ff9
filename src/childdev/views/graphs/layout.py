"""Where boxes stand, computed here so that every screen and paper shows the same.

Time runs from left to right, so that every line leads to the right; lanes are families of aspects, from top to bottom.
No two boxes share a place, so labels never overlap. Units are those of SVG.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import ceil, sqrt
from statistics import fmean

import networkx as nx

from childdev.ages import OPEN_END, age, age_range
from childdev.views.graphs.boxes import FAMILY_WORDS, Box, Edge
from childdev.views.graphs.facts import Facts
from childdev.views.graphs.spec import Spec
from childdev.views.words import FAMILY_OF

WIDTH, HEIGHT, GAP_X, GAP_Y, LANE_GAP, TOP = 190, 54, 60, 14, 18, 40
STEP, ROW = WIDTH + GAP_X, HEIGHT + GAP_Y
#: the months at which columns of age begin
BANDS = (-9, 0, 3, 6, 12, 18, 24, 36, 48, 60, 84, 108, 132, 168)
#: boxes of a column in layers that stand under each other
_TALL = 20
_FOOT = "What helps, and more"


@dataclass
class Places:
    """What a picture's boxes take up, with its lanes (y, height, family, words) and columns (x, words)."""

    width: int = 0
    height: int = 0
    lanes: list[tuple[int, int, str, str]] = field(default_factory=list)
    columns: list[tuple[int, str]] = field(default_factory=list)


def place(facts: Facts, spec: Spec, boxes: list[Box], edges: list[Edge]) -> Places:
    """Give every box its place."""
    if not boxes:
        return Places(STEP * 2, ROW)
    if spec.layout == "layers":
        return _in_layers(facts, spec, boxes, edges)
    if spec.layout == "grid" or any(b.cluster and b.of == "feature" for b in boxes):
        return _in_grid(facts, spec, boxes)
    return _in_time(spec, boxes, edges)


# ---------------------------------------------------------------- by time


def _in_time(spec: Spec, boxes: list[Box], edges: list[Edge]) -> Places:
    lane_of = {b.id: b.family or "" for b in boxes}
    timed = [b for b in boxes if lane_of[b.id] or spec.helps == "lane"]
    before = _before(timed, edges)
    columns = _by_age(timed, before) if spec.layout == "ages" else _by_steps(timed, before)
    places, y = Places(), TOP
    rows: dict[str, int] = {}
    for column, _ in columns:
        for key in {lane_of[b.id] for b in column}:
            rows[key] = max(rows.get(key, 0), sum(lane_of[b.id] == key for b in column))
    tops: dict[str, int] = {}
    for key in [k for k in (*FAMILY_WORDS, "") if k in rows]:
        tops[key] = y
        band, words = (y - LANE_GAP // 2, rows[key] * ROW + LANE_GAP // 2), FAMILY_WORDS.get(key, "What helps")
        places.lanes.append((*band, key, words))
        y += rows[key] * ROW + LANE_GAP
    heights: dict[str, float] = {}
    for number, (column, words) in enumerate(columns):
        if words:
            places.columns.append((number * STEP, words))
        for key in tops:
            some = [b for b in column if lane_of[b.id] == key]
            some.sort(key=lambda b: (fmean(heights[p] for p in before[b.id]) if before[b.id] else -1, b.first, b.label))
            spare = rows[key] - len(some)
            for row, b in enumerate(some):
                b.x, b.y = number * STEP, tops[key] + row * ROW + spare * ROW // 2
                heights[b.id] = b.y
    places.width = max(1, len(columns)) * STEP - GAP_X
    _foot(places, [b for b in boxes if b.id not in heights], y, len(columns), edges)
    return places


def _before(boxes: list[Box], edges: Iterable[Edge]) -> dict[str, list[str]]:
    """For each box those from which lines lead to it, all such first; lines of a circle are left out."""
    known = {b.id for b in boxes}
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(b.id for b in boxes)
    graph.add_edges_from((e.first, e.last) for e in edges if e.first in known and e.last in known and e.first != e.last)
    if not nx.is_directed_acyclic_graph(graph):
        for some in list(nx.strongly_connected_components(graph)):
            if len(some) > 1:
                graph.remove_edges_from(list(graph.subgraph(some).edges))
    return {n: sorted(graph.predecessors(n)) for n in nx.lexicographical_topological_sort(graph)}


def _by_steps(boxes: list[Box], before: dict[str, list[str]]) -> list[tuple[list[Box], str]]:
    """Each thing one column to the right of all from which it grows, and no further left than it need be."""
    layer: dict[str, int] = {}
    for n, some in before.items():
        layer[n] = 1 + max((layer[p] for p in some), default=-1)
    after: defaultdict[str, list[str]] = defaultdict(list)
    for n, some in before.items():
        for p in some:
            after[p].append(n)
    for n in reversed(list(before)):
        if not before[n] and after[n]:
            layer[n] = min(layer[m] for m in after[n]) - 1
    columns: list[list[Box]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for b in boxes:
        columns[layer[b.id]].append(b)
    return [(column, _starting([b for b in column if b.family])) for column in columns]


def _starting(column: list[Box]) -> str:
    """From which ages the things of a column are usually seen."""
    ages = sorted(b.first for b in column)
    if not ages:
        return ""
    return f"from {age(ages[0])}" if ages[0] == ages[-1] else f"from {age(ages[0])} – {age(ages[-1])}"


def _by_age(boxes: list[Box], before: dict[str, list[str]]) -> list[tuple[list[Box], str]]:
    """Columns by age; within an age, what grows from another stands to its right."""
    known = {b.id: b for b in boxes}
    tall = max(4, round(sqrt(len(boxes) / 8)))
    at: dict[str, tuple[int, int]] = {}
    for n, earlier in before.items():
        band = max(i for i, start in enumerate(BANDS) if i == 0 or start <= known[n].first)
        band = max([band, *(at[p][0] for p in earlier)])
        at[n] = band, 1 + max((at[p][1] for p in earlier if at[p][0] == band), default=-1)
    cells: defaultdict[tuple[int, int], list[Box]] = defaultdict(list)
    for b in boxes:
        cells[at[b.id]].append(b)
    columns: list[tuple[list[Box], str]] = []
    last = -1
    for (band, _), some in sorted(cells.items(), key=lambda c: c[0]):
        for part in _spread(some, tall):
            columns.append((part, _band(band) if band != last else ""))
            last = band
    return columns


def _spread(boxes: list[Box], tall: int) -> list[list[Box]]:
    """Boxes over as many columns as let no lane be higher than `tall`, the earlier first."""
    lanes: defaultdict[str, list[Box]] = defaultdict(list)
    for b in sorted(boxes, key=lambda b: (b.first, b.label)):
        lanes[b.family].append(b)
    parts = max(ceil(len(some) / tall) for some in lanes.values())
    columns: list[list[Box]] = [[] for _ in range(parts)]
    for some in lanes.values():
        size = ceil(len(some) / parts)
        for i, b in enumerate(some):
            columns[i // size].append(b)
    return [c for c in columns if c]


def _band(number: int) -> str:
    if number == 0:
        return "before birth"
    last = BANDS[number + 1] if number + 1 < len(BANDS) else OPEN_END
    return age_range(BANDS[number], last)


def _foot(places: Places, boxes: list[Box], y: int, across: int, edges: list[Edge]) -> None:
    """What has no place in time, in rows at the foot."""
    places.height = y
    if not boxes:
        return
    across = max(across, 3)
    boxes.sort(key=lambda b: (b.kind, b.label.casefold(), b.id))
    for number, b in enumerate(boxes):
        b.x, b.y = number % across * STEP, y + number // across * ROW
    rows = ceil(len(boxes) / across)
    helping = all(b.of in ("environment", "factor") for b in boxes)
    words = "What helps" if helping and not any(e.relation == "weakens" for e in edges) else _FOOT
    places.lanes.append((y - LANE_GAP // 2, rows * ROW + LANE_GAP // 2, "", words))
    places.width = max(places.width, min(across, len(boxes)) * STEP - GAP_X)
    places.height = y + rows * ROW


# ---------------------------------------------------------------- by stage and aspect


def _in_grid(facts: Facts, spec: Spec, boxes: list[Box]) -> Places:
    """A row for each aspect and a column for each stage; a cell holds its box, or its things once it is opened."""
    stages, domains = list(facts.words["stage"]), [*FAMILY_OF, ""]
    cells: defaultdict[tuple[str, str], list[Box]] = defaultdict(list)
    rest = [b for b in boxes if b.of != "feature"]
    for b in boxes:
        if b.of == "feature":
            stage = b.members[0].facets.get("stage", (stages[0],))[0]
            cells[b.lane if b.lane in domains else "", stage].append(b)
    wide = {s: max((_across(len(c)) for (_, at), c in cells.items() if at == s), default=1) for s in stages}
    places, x, lefts = Places(), 0, {}
    for s in stages:
        lefts[s] = x
        places.columns.append((x, facts.words["stage"][s]))
        x += wide[s] * STEP
    places.width, y = x - GAP_X, TOP
    for d in domains:
        tall = max((ceil(len(c) / wide[s]) for (at, s), c in cells.items() if at == d), default=0)
        if not tall:
            continue
        family = FAMILY_OF[d].key if d in FAMILY_OF else ""
        places.lanes.append((y - LANE_GAP // 2, tall * ROW + LANE_GAP // 2, family, facts.words["domain"].get(d, "")))
        for s in stages:
            some = sorted(cells[d, s], key=lambda b: (not b.cluster, b.first, b.label))
            for i, b in enumerate(some):
                b.x, b.y = lefts[s] + i % wide[s] * STEP, y + i // wide[s] * ROW
        y += tall * ROW + LANE_GAP
    _foot(places, rest, y, sum(wide.values()), [])
    return places


def _across(count: int) -> int:
    return min(8, ceil(sqrt(count / 3))) if count > 1 else 1


# ---------------------------------------------------------------- by kind


def _in_layers(facts: Facts, spec: Spec, boxes: list[Box], edges: list[Edge]) -> Places:
    """A column for each kind of thing, each ordered so that lines cross little."""
    columns = [(words, some) for words, some in _columns(spec, boxes, edges) if some]
    order = _natural(facts)
    before: defaultdict[str, list[str]] = defaultdict(list)
    for e in edges:
        before[e.last].append(e.first)
    rank: dict[str, float] = {}
    most = max(ceil(len(some) / ceil(len(some) / _TALL)) for _, some in columns)
    places, x = Places(height=TOP + most * ROW), 0
    for words, some in columns:
        if any(b.cluster for b in some):
            some.sort(key=order)
        else:
            means = {b.id: fmean(r) if (r := [rank[p] for p in before[b.id] if p in rank]) else 1e9 for b in some}
            some.sort(key=lambda b: (means[b.id], *order(b)))
        places.columns.append((x, words))
        parts = ceil(len(some) / _TALL)
        tall = ceil(len(some) / parts)
        for i, b in enumerate(some):
            b.x, b.y = x + i // tall * STEP, TOP + i % tall * ROW + (most - tall) * ROW // 2
            rank[b.id] = b.y
        x += (parts - 1) * STEP + WIDTH + 2 * GAP_X
    places.width = x - 2 * GAP_X
    return places


def _columns(spec: Spec, boxes: list[Box], edges: list[Edge]) -> list[tuple[str, list[Box]]]:
    leads, led = {e.first for e in edges}, {e.last for e in edges}
    left = list(boxes)
    found: list[tuple[str, list[Box]]] = []
    for column in spec.columns:
        some = [b for b in left if b.of in column.kinds]
        if column.first:
            some = [b for b in some if b.id in leads and b.id not in led]
        left = [b for b in left if b not in some]
        found.append((column.heading, some))
    return found


def _natural(facts: Facts) -> Callable[[Box], tuple[int, int, str, str]]:
    """The order in which boxes are usually read: by level, aspect, form or sector, then by name."""
    places = {f: {v: i for i, v in enumerate(facts.words[f])} for f in ("level", "domain", "form", "sector")}

    def key(b: Box) -> tuple[int, int, str, str]:
        facets = b.members[0].facets
        found = [places[f].get(facets[f][0], 99) for f in places if f in facets and b.of != "capital"]
        if b.of == "capital":
            found = [places["form"].get(b.id.partition("/")[2], 99)]
        kinds = ("environment", "factor", "feature")
        return kinds.index(b.of) if b.of in kinds else 0, found[0] if found else 0, b.label.casefold(), b.id

    return key
