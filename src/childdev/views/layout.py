"""Where things stand in a picture, computed here so that every screen and paper shows the same.

Columns run with time from left to right, so that every line leads to the right; lanes are families of
domains, from top to bottom. No two boxes share a place, so labels never overlap. Units are those of SVG.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from dataclasses import dataclass

import networkx as nx
from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.ages import age
from childdev.store.reader import Reader
from childdev.views.graph import GraphView, Node
from childdev.views.things import Link, by_age, evidence, link
from childdev.views.words import FAMILIES

BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y, LANE_GAP, TOP = 190, 54, 60, 14, 18, 40


def place(view: GraphView) -> None:
    """Give every node of a view its place: features in columns and lanes, what helps them in rows at the foot."""
    columns = _columns(view)
    names = {f.key: f.label for f in FAMILIES}
    most = {key: max(sum(1 for n in column if _lane(n) == key) for column in columns) for key in names}
    row, step = BOX_HEIGHT + GAP_Y, BOX_WIDTH + GAP_X
    tops: dict[str, int] = {}
    y = TOP
    for key, rows in most.items():
        if rows:
            tops[key] = y
            view.lanes.append((y - LANE_GAP // 2, rows * row + LANE_GAP // 2, key, names[key]))
            y += rows * row + LANE_GAP
    for number, column in enumerate(columns):
        view.columns.append((number * step, _heading(column)))
        filled: defaultdict[str, int] = defaultdict(int)
        for node in column:
            key = _lane(node)
            spare = most[key] - sum(1 for n in column if _lane(n) == key)
            node.x, node.y = number * step, tops[key] + filled[key] * row + spare * row // 2
            filled[key] += 1
    across = max(len(columns), 3)
    helps = sorted((n for n in view.nodes.values() if not n.link.family), key=lambda n: n.link.label.casefold())
    for number, node in enumerate(helps):
        node.x, node.y = number % across * step, y + number // across * row
    view.width = max(len(columns), min(across, len(helps))) * step - GAP_X
    view.height = y + -(-len(helps) // across) * row


def _lane(node: Node) -> str:
    return node.link.family.key if node.link.family else ""


def _columns(view: GraphView) -> list[list[Node]]:
    """Each thing one column to the right of all from which it grows, and no further left than it need be."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(v for v, node in view.nodes.items() if node.link.family)
    graph.add_edges_from((e.source, e.target) for e in view.edges if e.source in graph and e.target in graph)
    layer: dict[str, int] = {}
    for v in nx.lexicographical_topological_sort(graph):
        layer[v] = 1 + max((layer[u] for u in graph.predecessors(v)), default=-1)
    for v in reversed(list(nx.lexicographical_topological_sort(graph))):
        if not graph.in_degree(v) and graph.out_degree(v):
            layer[v] = min(layer[w] for w in graph.successors(v)) - 1
    columns: list[list[Node]] = [[] for _ in range(max(layer.values()) + 1)]
    for v, number in layer.items():
        columns[number].append(view.nodes[v])
    for column in columns:
        column.sort(key=lambda n: (n.first or 0, n.last or 0, n.link.label))
    return columns


def _heading(column: list[Node]) -> str:
    """From which ages the things of a column are usually seen."""
    ages = [n.first or 0 for n in column]
    return f"from {age(ages[0])}" if ages[0] == ages[-1] else f"from {age(ages[0])} – {age(ages[-1])}"


def lines(label: str, width: int = 22, most: int = 3) -> list[str]:
    """A label broken into lines that fit a box, shortened by an ellipsis where it must be."""
    broken = textwrap.wrap(label, width)
    if len(broken) > most:
        broken = [*broken[: most - 1], textwrap.shorten(" ".join(broken[most - 1 :]), width, placeholder="…")]
    return broken


@dataclass(frozen=True)
class Box:
    """A box of the small picture on a feature's page."""

    link: Link
    lines: list[str]
    x: int
    y: int
    centre: bool = False
    strength: str = ""


@dataclass(frozen=True)
class SmallPicture:
    """What a feature grows from (left) and opens (right), one step each way."""

    boxes: list[Box]
    curves: list[tuple[str, str]]
    width: int
    height: int
    hidden_left: int
    hidden_right: int


def neighbourhood(reader: Reader, f: NamedNode, most: int) -> SmallPicture:
    """The small picture of a feature, with at most `most` things on each side."""
    left = by_age(reader, reader.objects(f, cd.buildsOn))
    right = by_age(reader, reader.subjects(cd.buildsOn, f))
    rows = max(min(len(left), most), min(len(right), most), 1)
    step, w, h, gap = BOX_HEIGHT + 10, 150, BOX_HEIGHT, 36
    height = rows * step
    middle = height / 2 - step / 2
    xs = [0, w + gap, 2 * (w + gap)]
    boxes = [Box(link(reader, f), lines(reader.label(f), 18), xs[1], round(middle), True)]
    curves = []
    for side, some in ((0, left[:most]), (2, right[:most])):
        offset = (rows - len(some)) * step / 2
        for i, other in enumerate(some):
            e = evidence(reader, f, cd.buildsOn, other) if side == 0 else evidence(reader, other, cd.buildsOn, f)
            y = round(offset + i * step)
            strength = e.strength if e else ""
            boxes.append(Box(link(reader, other), lines(reader.label(other), 18), xs[side], y, False, strength))
            a, b = (
                ((xs[0] + w, y + h // 2), (xs[1], round(middle) + h // 2))
                if side == 0
                else ((xs[1] + w, round(middle) + h // 2), (xs[2], y + h // 2))
            )
            bend = (a[0] + b[0]) // 2
            curves.append((f"M{a[0]} {a[1]}C{bend} {a[1]} {bend} {b[1]} {b[0] - 6} {b[1]}", strength))
    return SmallPicture(boxes, curves, 3 * w + 2 * gap, height, max(0, len(left) - most), max(0, len(right) - most))
